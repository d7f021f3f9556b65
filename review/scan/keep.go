package scan

import (
	"slices"

	"okno/review"
	"okno/review/scan/ocrb"
)

// kept is what stays of a page's inspection beside its picture, sealed with it.
func kept(p Page, notes []Note) review.PageReport {
	r := review.PageReport{Look: p.DHash[:], Editor: p.Origin.Editor, Taken: p.Origin.Taken, Reading: keptReading(p), Reader: Readers()}
	if p.Portrait != nil {
		r.Portrait = &review.Portrait{Found: p.Portrait.Found, Box: p.Portrait.Box}
	}
	for _, t := range p.Texts {
		r.Texts = append(r.Texts, review.ReadField{Code: t.Code, Value: t.Value, Confidence: t.Confidence, Box: t.Box})
	}
	for _, n := range notes {
		if n.Page == p.Number && !slices.Contains(r.Notes, string(n.Code)) {
			r.Notes = append(r.Notes, string(n.Code))
		}
	}
	return r
}

func keptReading(p Page) *review.Reading {
	if p.Reading == nil {
		return nil
	}
	from := *p.Reading
	r := &review.Reading{
		Verdict: map[ocrb.Verdict]review.ReadVerdict{ocrb.Read: review.LinesRead, ocrb.Unreadable: review.LinesUnreadable}[from.Verdict],
		Format:  string(from.Format), Lines: from.Lines, Confidence: from.Confidence, Repaired: from.Repaired, Turn: from.Turn,
	}
	if r.Verdict == "" {
		return &review.Reading{Verdict: review.LinesNone}
	}
	r.Band = around(from.Band)
	for _, c := range from.CheckDigits {
		r.Digits = append(r.Digits, review.DigitResult{Field: c.Field, OK: c.OK})
	}
	for _, f := range from.Fields {
		r.Fields = append(r.Fields, review.ReadField{Code: f.Code, Value: f.Value, Confidence: f.Confidence, Box: around(f.Box)})
	}
	return r
}

// Keep is what stays of the page's inspection beside its picture.
func (p Page) Keep(notes []Note) review.PageReport { return kept(p, notes) }
