package caseweb

import (
	"context"
	"slices"
	"strconv"
	"time"

	"okno/review"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
)

// rows lists documents and fields of the table; marking is the address of the
// mark buttons, empty when there are none.
func rows(ctx context.Context, k *verdict.Case, marking string) (list []casepage.Row, hasRead bool) {
	hasRead = k.HasRead
	for _, d := range k.Documents {
		list = append(list, documentRow(ctx, string(k.ID), d, marking, hasRead))
	}
	for _, f := range k.Fields {
		list = append(list, fieldRow(ctx, f, marking, hasRead))
	}
	return list, hasRead
}

// mono are the fields whose characters must be told apart one by one.
var mono = []review.Field{
	review.SurnameLatin, review.GivenNameLatin, review.DocumentNumber, review.DivisionCode, review.StayProofNumber,
	review.INN, review.SNILS, review.OMS, review.PostalIndex, review.Phone, review.Email,
}

// fieldLabel is the name of a field in the narrow column of the workbench: one
// line each, so that the whole case stays in view.
func fieldLabel(ctx context.Context, f review.Field) string {
	if short := "case.label." + string(f); i18n.Has(short) {
		return i18n.T(ctx, short)
	}
	return i18n.T(ctx, "field."+string(f))
}

// scanLabel is the name of a document in the same column.
func scanLabel(ctx context.Context, slot review.Slot) string {
	if short := "case.scan." + string(slot); i18n.Has(short) {
		return i18n.T(ctx, short)
	}
	return slotName(ctx, slot)
}

func fieldRow(ctx context.Context, f verdict.FieldView, marking string, hasRead bool) casepage.Row {
	r := casepage.Row{
		Target: review.Target{Field: f.Field}.String(), Label: fieldLabel(ctx, f.Field),
		Value: display(ctx, f.Field, f.Value), Changed: f.Changed, HasRead: hasRead,
		Mono: slices.Contains(mono, f.Field), Mark: verdictOf(f.Mark), MarkURL: marking,
	}
	if f.Changed {
		r.Was = display(ctx, f.Field, f.Was)
	}
	if len(f.Confirmed) > 0 {
		r.Note = i18n.T(ctx, "case.confirmed")
	}
	if c := f.Compared; c != nil {
		r.Match, r.Why, r.Hint, r.Doubt = string(c.Verdict), i18n.T(ctx, "compare."+c.Rule), c.Hint, c.Uncertain && !c.Agrees()
		r.Read = display(ctx, f.Field, c.Read)
		r.Brief = r.Match == "unreadable" && r.Read == ""
		r.Page, r.Box = place(c.Document, c.Page, c.Box)
		if reason, ok := review.Reasons().Reason(f.Proposes); ok {
			r.Reason = reason.StaffLabel.In(i18n.Lang(ctx))
		}
	}
	return r
}

// place names a page and a part of it for the viewer.
func place(d review.DocumentID, page int, box review.Area) (id, area string) {
	if d == "" || page == 0 {
		return "", ""
	}
	id = string(d) + "-" + strconv.Itoa(page)
	if box.Empty() {
		return id, ""
	}
	part := func(f float64) string { return strconv.FormatFloat(min(max(f, 0), 1), 'f', 4, 64) }
	return id, part(box.X) + "," + part(box.Y) + "," + part(box.W) + "," + part(box.H)
}

func documentRow(ctx context.Context, id string, d verdict.DocumentView, marking string, hasRead bool) casepage.Row {
	r := casepage.Row{
		Target: review.Target{Slot: d.Slot}.String(), Label: scanLabel(ctx, d.Slot), Changed: d.Before != nil, HasRead: hasRead,
		Value: i18n.T(ctx, "file-format."+d.Format) + ", " + i18n.T(ctx, "case.pages", "n", len(d.Pages)) + ", " + i18n.Bytes(ctx, int64(d.Bytes)),
		Mark:  verdictOf(d.Mark), MarkURL: marking,
	}
	lines(ctx, d.Document, &r)
	for _, n := range d.Notes {
		if i18n.Has("scan-note." + n) {
			if r.Note != "" {
				r.Note += "; "
			}
			r.Note += i18n.T(ctx, "scan-note."+n)
		}
	}
	if d.SeenBefore {
		if r.Note != "" {
			r.Note += "; "
		}
		r.Note += i18n.T(ctx, "case.seenBefore")
	}
	if d.Before != nil && len(d.Before.Pages) > 0 {
		r.Before = link.CaseShowing(id, pageID(*d.Before, d.Before.Pages[0]))
	}
	return r
}

func verdictOf(m *review.Mark) string {
	switch {
	case m == nil:
		return ""
	case m.Verified:
		return "verified"
	default:
		return "wrong"
	}
}

// listed are the fields whose values are codes with words of their own.
var listed = map[review.Field]string{
	review.DocumentType: "document-type.", review.StayProofType: "stay-proof-type.", review.ResidenceProofType: "residence-proof-type.",
	review.Sex: "sex.", review.AccountType: "account-type.",
}

// display writes a value as people read it.
func display(ctx context.Context, f review.Field, v string) string {
	if v == "" {
		return ""
	}
	switch f {
	case review.Citizenship, review.ResidenceCountry:
		return verdict.Country(i18n.Lang(ctx), v)
	case review.SurnameAbsent, review.GivenNameAbsent, review.DocumentNoExpiry:
		if v == "yes" {
			return i18n.T(ctx, "kit.yes")
		}
		return v
	}
	if prefix, ok := listed[f]; ok && i18n.Has(prefix+v) {
		return i18n.T(ctx, prefix+v)
	}
	if day, err := time.Parse(time.DateOnly, v); err == nil {
		return day.Format("02.01.2006")
	}
	return v
}

// lines says on the row of a document what its machine-readable lines gave.
func lines(ctx context.Context, d review.Document, r *casepage.Row) {
	reading, page := d.Lines()
	if len(d.Pages) > 0 {
		r.Page, _ = place(d.ID, d.Pages[0].Number, review.Area{})
	}
	if reading == nil || d.Slot != review.SlotPassport && reading.Verdict == review.LinesNone {
		return
	}
	r.Page, r.Box = place(d.ID, page, reading.Band)
	switch reading.Verdict {
	case review.LinesRead:
		r.Match, r.Why = "exact", i18n.T(ctx, "case.lines.read")
		if slices.ContainsFunc(reading.Digits, func(d review.DigitResult) bool { return !d.OK }) {
			r.Match, r.Why = "different", i18n.T(ctx, "case.lines.digits")
		}
	case review.LinesUnreadable:
		r.Match, r.Why = "unreadable", i18n.T(ctx, "compare.unreadable")
	default:
		r.Match, r.Why = "unreadable", i18n.T(ctx, "case.lines.none")
	}
}
