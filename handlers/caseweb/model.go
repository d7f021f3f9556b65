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
	"okno/views/ui"
)

// pageID names a page of a document for the viewer.
func pageID(d review.Document, p review.Page) string {
	return string(d.ID) + "-" + strconv.Itoa(p.Number)
}

// scans lists the documents for the viewer: the present ones, then those that
// were replaced.
func scans(ctx context.Context, k *verdict.Case, current string) ui.Scans {
	s := ui.Scans{Label: i18n.T(ctx, "case.scans"), Case: string(k.ID), Current: current}
	add := func(d review.Document, label string, mark ui.Mark) {
		doc := ui.ScanDocument{ID: string(d.ID), Label: label, Mark: mark}
		for _, p := range d.Pages {
			n := strconv.Itoa(p.Number)
			doc.Pages = append(doc.Pages, ui.ScanPage{
				ID: pageID(d, p), Label: i18n.T(ctx, "case.page", "n", n), Alt: i18n.T(ctx, "case.pageAlt", "document", label, "n", n),
				URL: link.CasePage(string(k.ID), string(d.ID), n, "page"), Thumb: link.CasePage(string(k.ID), string(d.ID), n, "thumb"),
				Href: link.CaseShowing(string(k.ID), pageID(d, p)),
			})
		}
		s.Documents = append(s.Documents, doc)
	}
	for _, d := range k.Documents {
		var m ui.Mark
		if d.Changed && k.Round > 1 {
			m = ui.Mark{Kind: "info", Icon: "repeat", Text: i18n.T(ctx, "case.new")}
		}
		add(d.Document, slotName(ctx, d.Slot), m)
	}
	for _, d := range k.Documents {
		if d.Before != nil {
			add(*d.Before, i18n.T(ctx, "case.replaced", "document", slotName(ctx, d.Slot)), ui.Mark{Icon: "history", Text: i18n.T(ctx, "case.old")})
		}
	}
	return s
}

func slotName(ctx context.Context, s review.Slot) string { return i18n.T(ctx, "slot."+string(s)) }

func targetName(ctx context.Context, t review.Target) string {
	switch {
	case t.Slot != "":
		return slotName(ctx, t.Slot)
	case t.Field != "":
		return i18n.T(ctx, "field."+string(t.Field))
	default:
		return i18n.T(ctx, "verdict.whole")
	}
}

// rows lists documents and fields of the table; marking is the address of the
// mark buttons, empty when there are none.
func rows(ctx context.Context, k *verdict.Case, marking string) (list []casepage.Row, hasRead bool) {
	for _, f := range k.Fields {
		hasRead = hasRead || f.Read != ""
	}
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
		Value: display(ctx, f.Field, f.Value), Read: display(ctx, f.Field, f.Read), Changed: f.Changed, HasRead: hasRead,
		Mono: slices.Contains(mono, f.Field), Mark: verdictOf(f.Mark), MarkURL: marking,
	}
	if f.Changed {
		r.Was = display(ctx, f.Field, f.Was)
	}
	if len(f.Confirmed) > 0 {
		r.Note = i18n.T(ctx, "case.confirmed")
	}
	return r
}

func documentRow(ctx context.Context, id string, d verdict.DocumentView, marking string, hasRead bool) casepage.Row {
	r := casepage.Row{
		Target: review.Target{Slot: d.Slot}.String(), Label: scanLabel(ctx, d.Slot), Changed: d.Before != nil, HasRead: hasRead,
		Value: i18n.T(ctx, "file-format."+d.Format) + ", " + i18n.T(ctx, "case.pages", "n", len(d.Pages)) + ", " + i18n.Bytes(ctx, int64(d.Bytes)),
		Mark:  verdictOf(d.Mark), MarkURL: marking,
	}
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

func checks(ctx context.Context, list []review.Check) (out []casepage.Check) {
	for _, c := range list {
		row := casepage.Check{Code: string(c.Verdict), Text: c.Code, Hold: c.Raised() && c.Effect == review.Hold}
		if i18n.Has("check." + c.Code) {
			row.Text = i18n.T(ctx, "check."+c.Code)
		}
		if c.Target != (review.Target{}) {
			if name := targetName(ctx, c.Target); name != row.Text {
				row.Text += " · " + name
			}
		}
		if key := "check." + c.Code + "." + c.Reason; c.Reason != "" && i18n.Has(key) {
			row.Detail = i18n.T(ctx, key)
		}
		out = append(out, row)
	}
	return out
}

func askedRows(ctx context.Context, k *verdict.Case) (out []casepage.Asked) {
	for _, i := range k.Asked {
		row := casepage.Asked{Target: targetName(ctx, i.Target), Reason: string(i.Reason), Done: i.Done}
		if r, ok := review.Reasons().Reason(i.Reason); ok {
			row.Reason = r.StaffLabel.In(i18n.Lang(ctx))
		}
		out = append(out, row)
	}
	return out
}

// first words the verdict of the first reviewer.
func first(ctx context.Context, k *verdict.Case) *casepage.First {
	if k.First == nil {
		return nil
	}
	f := &casepage.First{Note: k.First.Note, Title: i18n.T(ctx, "case.first."+string(k.First.Outcome), "name", k.First.Name)}
	if k.Arbiter && k.First.Against != "" {
		f.Title += ". " + i18n.T(ctx, "case.disagreed")
	}
	for _, i := range k.First.Items {
		if r, ok := review.Reasons().Reason(i.Reason); ok {
			f.Reasons = append(f.Reasons, targetName(ctx, i.Target)+" — "+r.StaffLabel.In(i18n.Lang(ctx)))
		}
	}
	return f
}

func notes(ctx context.Context, list []review.Note) (out []casepage.Note) {
	for _, n := range list {
		out = append(out, casepage.Note{Name: n.Name, Time: i18n.DateTimeShort(ctx, n.At), Machine: i18n.Machine(n.At), Text: n.Text})
	}
	return out
}

// bar offers what works now, and says why the rest does not.
func bar(ctx context.Context, k *verdict.Case) *casepage.Bar {
	id := string(k.ID)
	b := &casepage.Bar{Wrong: k.Wrong}
	if k.Pending != nil {
		b.Waiting = i18n.T(ctx, "case.pending", "outcome", i18n.T(ctx, "verdict.made."+string(k.Pending.Outcome)), "time", i18n.Clock(ctx, k.Pending.EffectiveAt)+k.Pending.EffectiveAt.Format(":05"))
		if k.Options[verdict.Undo].Allowed {
			b.UndoURL, b.UndoText = link.CaseAction(id, "undo"), i18n.T(ctx, "verdict.undo")
		}
		return b
	}
	if !k.Mine {
		return nil
	}
	for _, button := range []struct {
		is              verdict.Button
		key, kind, icon string
	}{{verdict.Approve, "1", "primary", "check"}, {verdict.Correct, "2", "secondary", "square-pen"}, {verdict.Reject, "3", "secondary", "ban"}} {
		o := k.Options[button.is]
		d := casepage.Button{Outcome: string(button.is), Label: i18n.T(ctx, "case.button."+string(button.is)), URL: link.Verdict(id, string(button.is)),
			Key: button.key, Kind: button.kind, Icon: button.icon, Count: button.is == verdict.Correct}
		if !o.Allowed {
			d.Why = why(ctx, o.Why)
		}
		b.Decide = append(b.Decide, d)
	}
	if k.Options[verdict.Escalate].Allowed {
		b.Escalate = &casepage.Button{Outcome: string(verdict.Escalate), Label: i18n.T(ctx, "case.button.escalate"), URL: link.Verdict(id, string(verdict.Escalate)), Key: "E", Kind: "quiet", Icon: "flag"}
	}
	if k.Options[verdict.Release].Allowed {
		b.ReleaseURL = link.CaseAction(id, "release")
	}
	return b
}

func why(ctx context.Context, code string) string {
	if i18n.Has("case.why." + code) {
		return i18n.T(ctx, "case.why."+code)
	}
	return i18n.T(ctx, "case.why.other")
}
