package scanweb

import (
	"context"
	"slices"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/scanpage"
	"okno/views/ui"
)

// told is what the applicant may learn about the comparison of a document with the
// answers, while one of the two can be changed.
func told(sub *review.Submission, slot review.Slot, today field.Date) (agree, differ []field.Comparison) {
	list := slices.DeleteFunc(field.Compare(sub, today), func(c field.Comparison) bool {
		return c.Slot != slot || !sub.Open(review.Target{Slot: slot}) && !sub.Open(review.Target{Field: c.Field})
	})
	return field.Told(list)
}

// compared describes on the upload page how the document fits the answers.
func compared(ctx context.Context, sub *review.Submission, d review.Document, today field.Date, s *scanpage.Stored) {
	agree, differ := told(sub, d.Slot, today)
	var names []string
	for _, c := range agree {
		if name := fieldName(ctx, c.Field); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		s.Agree = i18n.T(ctx, "told.agree", "list", strings.Join(names, ", "))
	}
	for _, c := range differ {
		s.Differ = append(s.Differ, difference(ctx, sub, c))
	}
	if r, _ := d.Lines(); r != nil && r.Verdict == review.LinesUnreadable && sub.Open(review.Target{Slot: d.Slot}) && d.Slot == review.SlotPassport {
		s.Noticed = append(s.Noticed, i18n.T(ctx, "told.unreadable"))
	}
}

func fieldName(ctx context.Context, f review.Field) string {
	name := []rune(i18n.T(ctx, "field."+string(f)))
	return strings.ToLower(string(name[:1])) + string(name[1:])
}

func difference(ctx context.Context, sub *review.Submission, c field.Comparison) ui.Difference {
	_, faults := field.ParseDate(c.Read)
	date := faults == nil
	d := ui.Difference{
		What: i18n.T(ctx, "field."+string(c.Field)), Read: value(ctx, c.Field, c.Read), Typed: value(ctx, c.Field, c.Typed),
		Mono: slices.Contains([]review.Field{review.DocumentNumber, review.DivisionCode, review.StayProofNumber}, c.Field),
	}
	if c.Field == review.DocumentNoExpiry {
		d.Typed = ui.Passage{Text: i18n.T(ctx, "told.nothing")}
	}
	if !c.Box.Empty() {
		d.Crop = link.OwnPlace(string(c.Slot), string(c.Field))
	}
	d.Hints = ui.DifferenceHints(ctx, c.Rule, date, d.Crop != "")
	if sec, ok := intake.SectionWith(sub.Track, c.Field); ok && sub.Open(review.Target{Field: c.Field}) {
		id := string(c.Field)
		if slices.ContainsFunc(sec.Inputs, func(in intake.Input) bool { return in.Field == c.Field && in.Kind == intake.Date }) {
			id += "-day"
		}
		d.Fix = ui.Link{Label: i18n.T(ctx, "told.fix"), Hidden: d.What, URL: link.Answer(sec.Code, id)}
	}
	return d
}

// value writes an answer as people read it.
func value(ctx context.Context, f review.Field, v string) ui.Passage {
	switch f {
	case review.Citizenship:
		if c, ok := field.CountryByCode(v); ok {
			return web.Typed(ctx, c.Name(i18n.Lang(ctx)))
		}
	case review.Sex:
		if i18n.Has("sex." + v) {
			return ui.Passage{Text: i18n.T(ctx, "sex."+v)}
		}
	}
	if d, faults := field.ParseDate(v); faults == nil {
		return ui.Passage{Text: d.Dotted()}
	}
	return web.Typed(ctx, v)
}

// place shows the applicant the place on the document that an answer was compared with.
func (h *Handlers) place(c *web.Ctx) error {
	sub, slot, done, err := h.slot(c)
	if done {
		return err
	}
	_, differ := told(sub, slot, intake.Today(c.Now()))
	found, ok := field.Compared(differ, review.Field(c.Param("field")))
	if !ok {
		return review.ErrNotFound
	}
	return picture(c)(h.Scan.OwnPlace(c.Context(), c.Actor(), sub.ID, slot, found.Page, found.Box))
}
