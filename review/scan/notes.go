package scan

import (
	"slices"

	"okno/review"
	"okno/review/scan/ocrb"
	"okno/review/scan/quality"
	"okno/review/scan/walk"
)

// pictureNotes says what the markers told. The order decides which of two equally grave notes names the report.
func pictureNotes(page int, info walk.Info) []Note {
	var notes []Note
	if info.MissingEnd {
		notes = append(notes, Note{Code: ReasonDecodeWarning, Level: Attend, Page: page})
	}
	if info.Editor() != "" {
		notes = append(notes, Note{Code: ReasonEditingSoftware, Level: Attend, Page: page})
	}
	if info.Trailing > 0 {
		notes = append(notes, Note{Code: ReasonTrailingData, Level: Stripped, Page: page})
	}
	if info.Metadata > 0 {
		notes = append(notes, Note{Code: ReasonMetadata, Level: Stripped, Page: page})
	}
	if info.Exif.GPS {
		notes = append(notes, Note{Code: ReasonGPS, Level: Stripped, Page: page})
	}
	return notes
}

// qualityNotes judges a photographed page. A poor picture is never refused here: the reviewer may still be
// able to read it, and the applicant is advised at once.
func qualityNotes(paper Paper, page Page) []Note {
	var notes []Note
	for _, f := range page.Quality.Findings(important(page)...) {
		n := Note{Code: Reason(f.Code), Level: Advice, Page: page.Number, Retake: f.Retake}
		if n.Code == ReasonGlare && hidden(paper, page) {
			n.Retake = true
		}
		if n.Retake || n.Code == ReasonGrayscale {
			n.Level = Attend
		}
		notes = append(notes, n)
	}
	return notes
}

// important are the places of the portrait and of the machine-readable lines, as far as they were found.
func important(page Page) (spots []quality.Spot) {
	add := func(a review.Area) {
		if !a.Empty() {
			spots = append(spots, quality.Spot{X: a.X, Y: a.Y, W: a.W, H: a.H})
		}
	}
	if page.Portrait != nil && page.Portrait.Found {
		add(page.Portrait.Box)
	}
	if page.Reading != nil && page.Reading.Verdict != ocrb.None {
		add(around(page.Reading.Band))
	}
	return spots
}

// hidden tells whether something that the page should show was sought and not found.
func hidden(paper Paper, page Page) bool {
	face := page.Portrait != nil && !page.Portrait.Found
	lines := page.Reading != nil && page.Reading.Verdict != ocrb.Read
	return paper == Passport && (face || lines) || paper == RussianPassport && face
}

// wholeNotes says what no page of an accepted file shows although the paper should, and whether a new picture
// should be asked for.
func wholeNotes(paper Paper, out outcome) []Note {
	if out.err != nil {
		return nil
	}
	var notes []Note
	looked := func(p Page) bool { return p.Reading != nil }
	lines := func(p Page) bool { return p.Reading != nil && p.Reading.Verdict != ocrb.None }
	sought := func(p Page) bool { return p.Portrait != nil }
	face := func(p Page) bool { return p.Portrait != nil && p.Portrait.Found }
	if paper == Passport && slices.ContainsFunc(out.pages, looked) && !slices.ContainsFunc(out.pages, lines) {
		notes = append(notes, Note{Code: ReasonNoLines, Level: Advice})
	}
	if (paper == Passport || paper == RussianPassport) && slices.ContainsFunc(out.pages, sought) && !slices.ContainsFunc(out.pages, face) {
		notes = append(notes, Note{Code: ReasonNoPortrait, Level: Advice})
	}
	if slices.ContainsFunc(out.notes, func(n Note) bool { return n.Retake }) {
		notes = append(notes, Note{Code: ReasonRetake, Level: Attend})
	}
	return notes
}
