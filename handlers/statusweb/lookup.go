package statusweb

import (
	"errors"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
	"okno/views/steppage"
	"okno/views/ui"
)

func from(c *web.Ctx) signin.From {
	return signin.From{Address: c.Address(), Session: c.ApplicantSecret(), Device: c.DeviceToken()}
}

// lookUp asks which application somebody wants to see. Who is signed in has a
// page of one's own.
func (h *Handlers) lookUp(c *web.Ctx) error {
	if c.Actor().IsApplicant() {
		return c.Redirect(link.Status())
	}
	return c.OK(statuspage.LookUpPage(lookUpPage(c, "", "", nil)))
}

func lookUpPage(c *web.Ctx, number, email string, err error) statuspage.LookUp {
	ctx := c.Context()
	m := statuspage.LookUp{
		Page: c.Page(i18n.T(ctx, "receipt.find.title")), Back: link.Start(), Faults: web.Faults(ctx, err, "receipt"), Post: link.LookUp(), SignIn: link.SignIn(),
		Case:  ui.Field{Name: "case", Label: i18n.T(ctx, "receipt.case"), Hint: i18n.T(ctx, "receipt.caseHint"), Value: number, InputMode: "numeric", Width: "20", Mono: true},
		Email: ui.Field{Name: "email", Label: i18n.T(ctx, "receipt.find.email"), Hint: i18n.T(ctx, "receipt.find.emailHint"), Value: email, Autocomplete: "email"},
	}
	m.Case.Error, m.Email.Error = web.FaultAt(m.Faults, "case"), web.FaultAt(m.Faults, "email")
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

// startLookUp sends a code, or a note to an address that did not make the
// application.
func (h *Handlers) startLookUp(c *web.Ctx) error {
	if c.Actor().IsApplicant() {
		return c.Redirect(link.Status())
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	number, email := f.Value("case"), f.Value("email")
	_, token, err := h.SignIn.StartLookUp(c.Context(), c.Actor(), number, email, c.Lang(), from(c))
	if err != nil {
		if review.KindOf(err) == review.Invalid {
			return c.Unprocessable(statuspage.LookUpPage(lookUpPage(c, number, email, err)))
		}
		return err
	}
	c.StartSession(web.ApplicantCookie, token)
	return c.Redirect(link.LookUpCode())
}

// running returns the look-up of this browser; ok is false when the answer was
// given already.
func (h *Handlers) running(c *web.Ctx) (f *signin.Flow, ok bool, err error) {
	f, err = h.SignIn.LookUpFlow(c.Context(), c.Session().Flow)
	if errors.Is(err, signin.ErrStep) {
		return nil, false, c.Redirect(link.LookUp())
	}
	return f, err == nil, err
}

func (h *Handlers) lookUpCode(c *web.Ctx) error {
	f, ok, err := h.running(c)
	if !ok {
		return err
	}
	if f.EmailConfirmed {
		return c.Redirect(link.LookUpCase())
	}
	return c.OK(steppage.Page(lookUpCodePage(c, f, "", nil)))
}

func lookUpCodePage(c *web.Ctx, f *signin.Flow, typed string, err error) steppage.Model {
	ctx := c.Context()
	m := steppage.Model{
		Title: i18n.T(ctx, "receipt.code.title"), Kind: steppage.Code, Back: link.LookUp(), Post: link.LookUpCode(),
		Lead:  []string{i18n.T(ctx, "receipt.code.sent", "to", field.MaskEmail(f.Email))},
		Field: ui.Field{Name: "code", Label: i18n.T(ctx, "signin.code.label"), Hint: i18n.T(ctx, "signin.code.hint"), Value: typed},
		Again: link.LookUpResend(), AgainName: i18n.T(ctx, "signin.code.again"), Button: i18n.T(ctx, "kit.continue"),
		Faults: web.Faults(ctx, err, "signin"),
	}
	if f.Code != nil {
		m.AgainText = i18n.T(ctx, "signin.code.again-at", "time", i18n.ClockZone(ctx, f.Code.Again))
		switch {
		case err != nil:
		case c.Query("again") == "sent":
			m.Message = &ui.Message{Kind: "success", Text: i18n.T(ctx, "signin.code.resent"), Live: true}
		case c.Query("again") == "wait":
			m.Message = &ui.Message{Text: i18n.T(ctx, "signin.code.wait", "time", i18n.ClockZone(ctx, f.Code.Again)), Live: true}
		}
	}
	if c.Demo() {
		m.Others = append(m.Others, ui.Link{Label: i18n.T(ctx, "signin.demo-mailbox"), URL: link.DemoMailbox()})
	}
	m.Field.Error = web.FaultAt(m.Faults, "code")
	m.Page = c.Page(m.Title)
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

// confirmLookUp checks the code.
func (h *Handlers) confirmLookUp(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("code")
	f, err := h.SignIn.ConfirmLookUp(c.Context(), c.Actor(), c.Session().Flow, typed, from(c))
	if errors.Is(err, signin.ErrCodeExpired) {
		fresh, again := h.SignIn.ResendLookUp(c.Context(), c.Actor(), c.Session().Flow, from(c))
		f, typed, err = signin.Renewed(f, fresh, typed, again)
	}
	switch {
	case err == nil:
		return c.Redirect(link.LookUpCase())
	case review.KindOf(err) == review.Invalid && f != nil:
		return c.Unprocessable(steppage.Page(lookUpCodePage(c, f, typed, err)))
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.LookUp())
	}
	return err
}

func (h *Handlers) resendLookUp(c *web.Ctx) error {
	before, ok, err := h.running(c)
	if !ok {
		return err
	}
	f, err := h.SignIn.ResendLookUp(c.Context(), c.Actor(), c.Session().Flow, from(c))
	switch {
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.LookUpCode())
	case err != nil:
		return err
	}
	return c.Redirect(link.CodeResent(link.LookUpCode(), f.Code.Replaces(before)))
}

// found shows where the application stands, without documents and names.
func (h *Handlers) found(c *web.Ctx) error {
	ctx := c.Context()
	number, err := h.SignIn.Found(ctx, c.Actor(), c.Session().Flow)
	if errors.Is(err, signin.ErrStep) {
		return c.Redirect(link.LookUp())
	}
	if err != nil {
		return err
	}
	sub, err := h.Progress.Found(ctx, c.Actor(), number)
	if err != nil {
		return err
	}
	waits, err := h.Progress.Waits(ctx)
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "progress.status.number", "number", strings.ReplaceAll(number.String(), " ", "\u00a0"))
	m := statuspage.Found{Page: c.Page(title), Title: title, Code: string(sub.Status), SignIn: link.SignIn(), Again: link.LookUp(),
		Waiting: i18n.T(ctx, "receipt.waiting."+string(sub.Status.WaitingOn()))}
	if sub.Status.WaitingOn() == review.PartyDesk {
		m.Usual = web.Usual(ctx, waits.Known(), waits.Half, waits.Most)
	}
	row := func(key, value string) { m.Rows = append(m.Rows, ui.Row{Key: i18n.T(ctx, key), Value: value}) }
	if !sub.SubmittedAt.IsZero() {
		row("receipt.sent", i18n.DateTime(ctx, sub.SubmittedAt))
	}
	row("receipt.changed", i18n.DateTime(ctx, sub.ChangedAt))
	if sub.Status == review.CorrectionRequested {
		row("receipt.open", i18n.Number(ctx, int64(sub.OpenItems())))
		row("receipt.deadline", i18n.Date(ctx, sub.CorrectionDue))
	}
	if sub.Appeal.Open() {
		m.Waiting = i18n.T(ctx, "receipt.waiting.desk")
		row("receipt.appeal", i18n.Date(ctx, sub.Appeal.Target))
	}
	return c.OK(statuspage.FoundPage(m))
}
