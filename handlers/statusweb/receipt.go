package statusweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
	"okno/views/ui"
)

// receipt confirms the last sending.
func (h *Handlers) receipt(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if sub.Round == 0 || sub.Status.Editable() {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	ctx := c.Context()
	title, sent := i18n.T(ctx, "apply.receipt.title"), sub.SubmittedAt
	if sub.Round > 1 {
		title = i18n.T(ctx, "apply.receipt.resent")
		events, err := h.Intake.History(ctx, c.Actor())
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Type == review.EventResubmitted {
				sent = e.At
			}
		}
	}
	waits, err := h.Progress.Waits(ctx)
	if err != nil {
		return err
	}
	m := statuspage.Receipt{
		Usual: web.Usual(ctx, waits.Known(), waits.Half, waits.Most),
		Page:  c.Page(title), Title: title, Number: sub.Number.String(),
		Time: i18n.T(ctx, "apply.receipt.time", "time", i18n.DateTime(ctx, sent)), Status: link.Status(),
		Code: h.Progress.Code(sub.Number), Verify: h.Base + link.VerifyReceipt(),
	}
	m.Page.Printed = i18n.T(ctx, "kit.printed", "time", i18n.DateTime(ctx, c.Now()))
	email, phone, err := h.Contacts(ctx, c.Actor())
	if err != nil {
		return err
	}
	row := func(key, value string) ui.Row { return ui.Row{Key: i18n.T(ctx, key), Value: value} }
	var person []ui.Row
	for _, f := range []review.Field{review.Surname, review.GivenName, review.Patronymic} {
		if v := sub.Answers.Value(f); v != "" {
			r := row("field."+string(f), v)
			if i18n.Lang(ctx) != i18n.Russian {
				r.Lang = i18n.Russian // names in Cyrillic letters
			}
			person = append(person, r)
		}
	}
	person = append(person, row("field.document-number", field.MaskDocument(sub.Answers.Value(review.DocumentNumber))),
		row("field.email", field.MaskEmail(email)), row("field.phone", field.MaskPhone(phone)))
	var papers []ui.Row
	for _, slot := range review.Slots(sub.Track) {
		if d, ok := sub.Document(slot); ok {
			papers = append(papers, row("slot."+string(slot), i18n.T(ctx, "apply.check.pages", "name", d.Name, "n", len(d.Pages))))
		}
	}
	m.Groups = []statuspage.Group{{Title: i18n.T(ctx, "apply.receipt.applicant"), Rows: person}, {Title: i18n.T(ctx, "apply.list.documents"), Rows: papers}}
	return c.OK(statuspage.ReceiptPage(m))
}

// askVerify asks for a receipt's number and code.
func (h *Handlers) askVerify(c *web.Ctx) error {
	return c.OK(statuspage.VerifyPage(h.verifyPage(c, "", "", nil)))
}

func (h *Handlers) verifyPage(c *web.Ctx, number, code string, err error) statuspage.Verify {
	ctx := c.Context()
	m := statuspage.Verify{
		Page: c.Page(i18n.T(ctx, "receipt.verify.title")), Faults: web.Faults(ctx, err, "receipt"), Post: link.VerifyReceipt(),
		Case: ui.Field{Name: "case", Label: i18n.T(ctx, "receipt.case"), Hint: i18n.T(ctx, "receipt.caseHint"), Value: number, InputMode: "numeric", Width: "20", Mono: true},
		Code: ui.Field{Name: "code", Label: i18n.T(ctx, "receipt.code"), Hint: i18n.T(ctx, "receipt.codeHint"), Value: code, Autocomplete: "off", Width: "20", Mono: true},
	}
	m.Case.Error, m.Code.Error = web.FaultAt(m.Faults, "case"), web.FaultAt(m.Faults, "code")
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

// verify tells what a receipt proves. Whatever is wrong, the answer is the same.
func (h *Handlers) verify(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx := c.Context()
	number, code := f.Value("case"), f.Value("code")
	facts, err := h.Progress.Verify(ctx, c.Actor(), number, code, c.Address())
	if err != nil && review.KindOf(err) == review.Invalid {
		return c.Unprocessable(statuspage.VerifyPage(h.verifyPage(c, number, code, err)))
	}
	if err != nil {
		return err
	}
	m := h.verifyPage(c, "", "", nil)
	m.Proved = []ui.Row{
		{Key: i18n.T(ctx, "receipt.case"), Value: facts.Number.String(), Mono: true},
		{Key: i18n.T(ctx, "receipt.sent"), Value: i18n.DateTime(ctx, facts.SentAt)},
		{Key: i18n.T(ctx, "receipt.kind"), Value: i18n.T(ctx, "track."+string(facts.Track))},
		{Key: i18n.T(ctx, "receipt.initials"), Value: facts.Initials, Lang: i18n.Russian},
		{Key: i18n.T(ctx, "field.document-number"), Value: facts.Document, Mono: true},
	}
	return c.OK(statuspage.VerifyPage(m))
}
