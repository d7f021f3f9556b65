// Package signupweb leads somebody from the two questions of the start page to
// an account: e-mail address, code, phone number, code, password. Each step is a
// form of its own; what was confirmed stays confirmed.
package signupweb

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

// Handlers serves registration.
type Handlers struct {
	SignIn *signin.Service
}

// Routes returns the routes of registration.
func (h *Handlers) Routes() []web.Route {
	const act = review.ActRegister
	return []web.Route{
		{Method: "GET", Path: link.Tracks(), Action: act, Handler: h.tracks},
		{Method: "POST", Path: link.Tracks(), Action: act, Handler: h.chooseTrack},
		{Method: "GET", Path: link.TrackOutcome(":outcome"), Action: act, Handler: h.outcome},
		{Method: "GET", Path: link.RegisterEmail(), Action: act, Handler: h.show(emailStep)},
		{Method: "POST", Path: link.RegisterEmail(), Action: act, Handler: h.email},
		{Method: "GET", Path: link.RegisterEmailCode(), Action: act, Handler: h.show(emailCodeStep)},
		{Method: "POST", Path: link.RegisterEmailCode(), Action: act, Handler: h.emailCode},
		{Method: "POST", Path: link.RegisterEmailResend(), Action: act, Handler: h.emailResend},
		{Method: "GET", Path: link.RegisterPhone(), Action: act, Handler: h.show(phoneStep)},
		{Method: "POST", Path: link.RegisterPhone(), Action: act, Handler: h.phone},
		{Method: "GET", Path: link.RegisterPhoneCode(), Action: act, Handler: h.show(phoneCodeStep)},
		{Method: "POST", Path: link.RegisterPhoneCode(), Action: act, Handler: h.phoneCode},
		{Method: "POST", Path: link.RegisterPhoneResend(), Action: act, Handler: h.phoneResend},
		{Method: "GET", Path: link.RegisterPassword(), Action: act, Handler: h.show(passwordStep)},
		{Method: "POST", Path: link.RegisterPassword(), Action: act, Handler: h.password},
	}
}

func from(c *web.Ctx) signin.From {
	return signin.From{Address: c.Address(), Session: c.ApplicantSecret(), Device: c.DeviceToken()}
}

// worked is from, with what the browser has found.
func worked(c *web.Ctx, form *web.Form) signin.From {
	f := from(c)
	f.Work = form.Value("work")
	return f
}

// step is one page of a registration.
type step int

const (
	emailStep step = iota + 1
	emailCodeStep
	phoneStep
	phoneCodeStep
	passwordStep
)

const steps = 5

// path is the address of the step's page.
func (s step) path() string {
	switch s {
	case emailStep:
		return link.RegisterEmail()
	case emailCodeStep:
		return link.RegisterEmailCode()
	case phoneStep:
		return link.RegisterPhone()
	case phoneCodeStep:
		return link.RegisterPhoneCode()
	}
	return link.RegisterPassword()
}

// next is the step at which a registration stands.
func next(f *signin.Flow) step {
	switch {
	case f.Email == "":
		return emailStep
	case !f.EmailConfirmed:
		return emailCodeStep
	case f.Phone == "":
		return phoneStep
	case !f.PhoneConfirmed:
		return phoneCodeStep
	}
	return passwordStep
}

// open reports whether the step's page can be shown: the next one, and the
// contact before it, which may be typed again.
func (s step) open(f *signin.Flow) bool {
	n := next(f)
	return s == n || s == emailStep && n == emailCodeStep || s == phoneStep && n == phoneCodeStep
}

// show renders a step, or leads to the one that comes next.
func (h *Handlers) show(s step) web.Handler {
	return func(c *web.Ctx) error {
		f, err := h.SignIn.Registration(c.Context(), c.Session().Flow)
		if err != nil {
			return h.astray(c, nil, err)
		}
		if !s.open(f) {
			return c.Redirect(next(f).path())
		}
		return c.OK(steppage.Page(h.page(c, s, f, "", nil)))
	}
}

// astray answers errors that no page of the step can show: somebody without a
// running registration begins anew, somebody at the wrong step goes on.
func (h *Handlers) astray(c *web.Ctx, f *signin.Flow, err error) error {
	if !errors.Is(err, signin.ErrStep) {
		return err
	}
	switch {
	case c.Actor().IsApplicant():
		return c.Redirect(link.Apply())
	case f != nil:
		return c.Redirect(next(f).path())
	}
	return c.Redirect(link.Tracks())
}

// answered shows the step again when the answer was wrong, else what comes next.
func (h *Handlers) answered(c *web.Ctx, s step, f *signin.Flow, typed string, err error) error {
	switch {
	case err == nil:
		return c.Redirect(next(f).path())
	case review.KindOf(err) == review.Invalid && f != nil:
		return c.Unprocessable(steppage.Page(h.page(c, s, f, typed, err)))
	}
	return h.astray(c, f, err)
}

// page fills the model of a step.
func (h *Handlers) page(c *web.Ctx, s step, f *signin.Flow, typed string, err error) steppage.Model {
	ctx := c.Context()
	m := steppage.Model{Step: int(s), Steps: steps, Post: s.path(), Button: i18n.T(ctx, "kit.continue"), Faults: web.Faults(ctx, err, "signup")}
	switch s {
	case emailStep:
		m.Title, m.Kind, m.Back = i18n.T(ctx, "signup.email.title"), steppage.Email, link.Tracks()
		m.Lead = []string{i18n.T(ctx, "signup.email.lead")}
		m.Field = ui.Field{Name: "email", Label: i18n.T(ctx, "signup.email.label"), Hint: i18n.T(ctx, "signup.email.hint"), Value: or(typed, f.Email), Autocomplete: "email"}
	case emailCodeStep:
		m.Title, m.Kind, m.Back = i18n.T(ctx, "signup.email-code.title"), steppage.Code, link.RegisterEmail()
		m.Lead = []string{i18n.T(ctx, "signup.code.sent", "to", field.MaskEmail(f.Email))}
		m.Again, m.Others = link.RegisterEmailResend(), []ui.Link{{Label: i18n.T(ctx, "signup.email-code.change"), URL: link.RegisterEmail()}}
		codeField(ctx, &m, f.Code, typed)
		spam := i18n.T(ctx, "signup.email-code.spam")
		m.Lead = append(m.Lead, spam)
	case phoneStep:
		m.Title, m.Kind = i18n.T(ctx, "signup.phone.title"), steppage.Phone
		lead := i18n.T(ctx, "signup.phone.lead")
		if f.Track == review.FromAbroad {
			lead = i18n.T(ctx, "signup.phone.lead-abroad")
		}
		m.Lead = []string{lead, i18n.T(ctx, "signup.phone.none")}
		m.Field = ui.Field{Name: "phone", Label: i18n.T(ctx, "signup.phone.label"), Hint: i18n.T(ctx, "signup.phone.hint"), Value: or(typed, f.Phone), Autocomplete: "tel"}
	case phoneCodeStep:
		m.Title, m.Kind, m.Back = i18n.T(ctx, "signup.phone-code.title"), steppage.Code, link.RegisterPhone()
		m.Lead = []string{i18n.T(ctx, "signup.code.sent", "to", field.MaskPhone(f.Phone))}
		m.Again, m.Others = link.RegisterPhoneResend(), []ui.Link{{Label: i18n.T(ctx, "signup.phone-code.change"), URL: link.RegisterPhone()}}
		codeField(ctx, &m, f.Code, typed)
	default:
		m.Title, m.Kind = i18n.T(ctx, "signup.password.title"), steppage.Password
		m.Lead = []string{i18n.T(ctx, "signup.password.lead")}
		m.Rules = PasswordRules(ctx)
		m.Field = ui.Field{Name: "password", Label: i18n.T(ctx, "signup.password.label"), Autocomplete: "new-password"}
		m.Button = i18n.T(ctx, "signup.password.submit")
	}
	if m.Kind == steppage.Code && err == nil && f.Code != nil {
		switch c.Query("again") {
		case "sent":
			m.Message = &ui.Message{Kind: "success", Text: i18n.T(ctx, "signup.code.resent"), Live: true}
		case "wait":
			m.Message = &ui.Message{Text: i18n.T(ctx, "signup.code.wait", "time", i18n.ClockZone(ctx, f.Code.Again)), Live: true}
		}
	}
	if c.Demo() && m.Kind == steppage.Code {
		m.Others = append(m.Others, ui.Link{Label: i18n.T(ctx, "signup.demo-mailbox"), URL: link.DemoMailbox()})
	}
	m.Field.Error = web.FaultAt(m.Faults, m.Field.Name)
	m.Page = c.Page(m.Title)
	m.Page.ErrorPrefix = len(m.Faults) > 0
	if s == phoneStep || s == phoneCodeStep {
		m.Work, m.WorkBits = h.SignIn.Task(f), strconv.Itoa(signin.WorkBits)
		m.Page.Scripts = append(m.Page.Scripts, "js/work.js")
	}
	return m
}

// PasswordRules are the lines that say what a password must hold.
func PasswordRules(ctx context.Context) []string {
	return []string{i18n.T(ctx, "signup.password.rule-length"), i18n.T(ctx, "signup.password.rule-letters"),
		i18n.T(ctx, "signup.password.rule-digit"), i18n.T(ctx, "signup.password.rule-special"), i18n.T(ctx, "signup.password.rule-common")}
}

// codeField asks for a code and says when another one can be had.
func codeField(ctx context.Context, m *steppage.Model, code *signin.Code, typed string) {
	m.Field = ui.Field{Name: "code", Label: i18n.T(ctx, "signup.code.label"), Hint: i18n.T(ctx, "signup.code.hint"), Value: typed}
	m.AgainName = i18n.T(ctx, "signup.code.again")
	if code != nil {
		m.AgainText = i18n.T(ctx, "signup.code.again-at", "time", i18n.ClockZone(ctx, code.Again))
	}
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
