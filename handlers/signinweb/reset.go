package signinweb

import (
	"context"
	"errors"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/steppage"
	"okno/views/ui"
)

// finish fills what all questions share.
func finish(c *web.Ctx, m steppage.Model, err error) steppage.Model {
	m.Faults = web.Faults(c.Context(), err, "signin")
	m.Field.Error = web.FaultAt(m.Faults, m.Field.Name)
	m.Page = c.Page(m.Title)
	m.Page.ErrorPrefix = len(m.Faults) > 0
	if m.Work != "" {
		m.WorkBits = strconv.Itoa(signin.WorkBits)
		m.Page.Scripts = append(m.Page.Scripts, "js/work.js")
	}
	if m.Button == "" {
		m.Button = i18n.T(c.Context(), "kit.continue")
	}
	if c.Demo() && m.Kind == steppage.Code {
		m.Others = append(m.Others, ui.Link{Label: i18n.T(c.Context(), "signin.demo-mailbox"), URL: link.DemoMailbox()})
	}
	return m
}

// codeModel asks for a code and says when another one can be had. asked is what
// became of asking for another one, empty if nobody did.
func codeModel(ctx context.Context, title, to, typed, again, asked string, code *signin.Code) steppage.Model {
	m := steppage.Model{Title: title, Kind: steppage.Code, Lead: []string{i18n.T(ctx, "signin.code.sent", "to", to)},
		Field: ui.Field{Name: "code", Label: i18n.T(ctx, "signin.code.label"), Hint: i18n.T(ctx, "signin.code.hint"), Value: typed},
		Again: again, AgainName: i18n.T(ctx, "signin.code.again")}
	if code != nil {
		switch asked {
		case "sent":
			m.Message = &ui.Message{Kind: "success", Text: i18n.T(ctx, "signin.code.resent"), Live: true}
		case "wait":
			m.Message = &ui.Message{Text: i18n.T(ctx, "signin.code.wait", "time", i18n.ClockZone(ctx, code.Again)), Live: true}
		}
		m.AgainText = i18n.T(ctx, "signin.code.again-at", "time", i18n.ClockZone(ctx, code.Again))
	}
	return m
}

// asked tells what became of asking for another code. A page with a fault has
// something else to say.
func asked(c *web.Ctx, err error) string {
	if err != nil {
		return ""
	}
	return c.Query("again")
}

// reset asks for the e-mail address of an account whose password is forgotten.
func (h *Handlers) reset(c *web.Ctx) error {
	return c.OK(steppage.Page(resetPage(c, "", nil)))
}

func resetPage(c *web.Ctx, typed string, err error) steppage.Model {
	ctx := c.Context()
	return finish(c, steppage.Model{
		Title: i18n.T(ctx, "signin.reset.title"), Kind: steppage.Email, Back: link.SignIn(), Post: link.Reset(),
		Lead:  []string{i18n.T(ctx, "signin.reset.lead")},
		Field: ui.Field{Name: "email", Label: i18n.T(ctx, "signin.reset.label"), Value: typed, Autocomplete: "email"},
	}, err)
}

// startReset sends a code, or a note to an address without an account.
func (h *Handlers) startReset(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	_, token, err := h.SignIn.StartReset(c.Context(), c.Actor(), form.Value("email"), c.Lang(), from(c))
	if err != nil {
		if review.KindOf(err) == review.Invalid {
			return c.Unprocessable(steppage.Page(resetPage(c, form.Value("email"), err)))
		}
		return err
	}
	c.StartSession(web.ApplicantCookie, token)
	return c.Redirect(link.ResetCode())
}

// running returns the reset of this browser; ok is false when the answer was
// given already.
func (h *Handlers) running(c *web.Ctx) (f *signin.Flow, ok bool, err error) {
	f, err = h.SignIn.ResetFlow(c.Context(), c.Session().Flow)
	if errors.Is(err, signin.ErrStep) {
		return nil, false, c.Redirect(link.Reset())
	}
	return f, err == nil, err
}

func (h *Handlers) resetCode(c *web.Ctx) error {
	f, ok, err := h.running(c)
	if !ok {
		return err
	}
	if f.EmailConfirmed {
		return c.Redirect(link.ResetPassword())
	}
	return c.OK(steppage.Page(resetCodePage(c, f, "", nil)))
}

func resetCodePage(c *web.Ctx, f *signin.Flow, typed string, err error) steppage.Model {
	ctx := c.Context()
	m := codeModel(ctx, i18n.T(ctx, "signin.reset-code.title"), field.MaskEmail(f.Email), typed, link.ResetResend(), asked(c, err), f.Code)
	m.Back, m.Post = link.Reset(), link.ResetCode()
	return finish(c, m, err)
}

// confirmReset checks the code.
func (h *Handlers) confirmReset(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("code")
	f, err := h.SignIn.ConfirmReset(c.Context(), c.Actor(), c.Session().Flow, typed, from(c))
	if errors.Is(err, signin.ErrCodeExpired) {
		fresh, again := h.SignIn.ResendReset(c.Context(), c.Actor(), c.Session().Flow, from(c))
		f, typed, err = signin.Renewed(f, fresh, typed, again)
	}
	switch {
	case err == nil:
		return c.Redirect(link.ResetPassword())
	case review.KindOf(err) == review.Invalid && f != nil:
		return c.Unprocessable(steppage.Page(resetCodePage(c, f, typed, err)))
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.Reset())
	}
	return err
}

func (h *Handlers) resendReset(c *web.Ctx) error {
	before, ok, err := h.running(c)
	if !ok {
		return err
	}
	f, err := h.SignIn.ResendReset(c.Context(), c.Actor(), c.Session().Flow, from(c))
	switch {
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.ResetCode())
	case err != nil:
		return err
	}
	return c.Redirect(link.CodeResent(link.ResetCode(), f.Code.Replaces(before)))
}

func (h *Handlers) newPassword(c *web.Ctx) error {
	f, ok, err := h.running(c)
	if !ok {
		return err
	}
	if !f.EmailConfirmed {
		return c.Redirect(link.ResetCode())
	}
	return c.OK(steppage.Page(newPasswordPage(c, nil)))
}

func newPasswordPage(c *web.Ctx, err error) steppage.Model {
	ctx := c.Context()
	return finish(c, steppage.Model{
		Title: i18n.T(ctx, "signin.new-password.title"), Kind: steppage.Password, Post: link.ResetPassword(),
		Lead: []string{i18n.T(ctx, "signin.new-password.lead")},
		Rules: []string{i18n.T(ctx, "signin.password.rule-length"), i18n.T(ctx, "signin.password.rule-letters"), i18n.T(ctx, "signin.password.rule-digit"),
			i18n.T(ctx, "signin.password.rule-special"), i18n.T(ctx, "signin.password.rule-common")},
		Field:  ui.Field{Name: "password", Label: i18n.T(ctx, "signin.new-password.label"), Autocomplete: "new-password"},
		Button: i18n.T(ctx, "signin.new-password.submit"),
	}, err)
}

// finishReset sets the new password; signing in with it is the next step.
func (h *Handlers) finishReset(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	err = h.SignIn.FinishReset(c.Context(), c.Actor(), c.Session().Flow, form.Value("password"), from(c))
	switch {
	case err == nil:
		c.EndSession(web.ApplicantCookie)
		return c.Redirect(link.SignInAfterReset())
	case review.KindOf(err) == review.Invalid:
		return c.Unprocessable(steppage.Page(newPasswordPage(c, err)))
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.Reset())
	}
	return err
}
