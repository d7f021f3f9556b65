package check

import (
	"slices"
	"strconv"

	"okno/review"
)

// leastSide is the long side, in pixels, below which nothing on a page can be read.
const leastSide = 600

// pictureNotes maps what the inspection noticed about a page to checks.
var pictureNotes = []struct {
	code  string
	notes map[string]string // note of the inspection → reason
}{
	{ImageColor, map[string]string{"grayscale": "grayscale"}},
	{ImageBlur, map[string]string{"blur": "blur"}},
	{ImageGlare, map[string]string{"glare": "glare", "bright": "bright", "dark": "dark"}},
}

// files checks the measured quality of the pages and whether a file stands in
// another submission as well.
func (r *run) files() {
	r.perDocument(ImageResolution, func(d review.Document) (review.Effect, finding) {
		for _, p := range d.Pages {
			if long := max(p.Width, p.Height); long > 0 && long < leastSide {
				return review.Block, finding{verdict: review.Fail, reason: "too-small", values: map[string]string{"pixels": strconv.Itoa(long)}}
			}
		}
		if slices.Contains(d.Notes, "resolution") {
			return review.NoteOnly, finding{verdict: review.Warn, reason: "small"}
		}
		return review.NoteOnly, finding{}
	})
	for _, p := range pictureNotes {
		r.perDocument(p.code, func(d review.Document) (review.Effect, finding) {
			for _, note := range d.Notes {
				if reason, ok := p.notes[note]; ok {
					return review.NoteOnly, finding{verdict: review.Warn, reason: reason}
				}
			}
			return review.NoteOnly, finding{}
		})
	}
	r.perDocument(FileReused, func(d review.Document) (review.Effect, finding) {
		if d.SeenBefore {
			return review.Hold, finding{verdict: review.Warn, reason: "seen-before"}
		}
		return review.Hold, finding{}
	})
}

// perDocument writes one entry per document on which something was found, or
// one for all when everything is in order.
func (r *run) perDocument(code string, look func(review.Document) (review.Effect, finding)) {
	clean, effect := true, review.NoteOnly
	for _, d := range r.s.Documents {
		e, f := look(d)
		if effect = e; f.verdict == "" {
			continue
		}
		clean = false
		f.target = slot(d.Slot)
		r.add(code, e, f)
	}
	switch {
	case len(r.s.Documents) == 0:
		r.skip(code, review.NoteOnly, "no-documents", review.Target{})
	case clean:
		r.pass(code, effect, review.Target{}, nil)
	}
}
