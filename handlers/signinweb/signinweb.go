// Package signinweb is signing in and out, setting a forgotten password, and the
// change of a confirmed contact.
package signinweb

import (
	"context"
	"errors"

	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/signinpage"
	"okno/views/ui"
)

// Submissions tells where the submission of an account stands.
type Submissions interface {
	// ForAccount returns the latest one, or review.ErrNotFound.
	ForAccount(ctx context.Context, id review.AccountID) (*review.Submission, error)
}

// Contacts hears of a contact that was changed, so that a correction that asked
// for it is answered.
type Contacts interface {
	ContactChanged(ctx context.Context, by review.Actor, contact review.Field) error
}

// Handlers serves sign-in.
type Handlers struct {
	SignIn      *signin.Service
	Submissions Submissions
	Contacts    Contacts // nil: nobody needs to hear
}

// Routes returns the routes of sign-in.
func (h *Handlers) Routes() []web.Route {
	const in, own = review.ActSignIn, review.ActStatus
	return []web.Route{
		{Method: "GET", Path: link.SignIn(), Action: in, Handler: h.show},
		{Method: "POST", Path: link.SignIn(), Action: in, Handler: h.enter},
		{Method: "POST", Path: link.SignOut(), Action: review.ActSignOut, Handler: h.leave},
		{Method: "GET", Path: link.Reset(), Action: in, Handler: h.reset},
		{Method: "POST", Path: link.Reset(), Action: in, Handler: h.startReset},
		{Method: "GET", Path: link.ResetCode(), Action: in, Handler: h.resetCode},
		{Method: "POST", Path: link.ResetCode(), Action: in, Handler: h.confirmReset},
		{Method: "POST", Path: link.ResetResend(), Action: in, Handler: h.resendReset},
		{Method: "GET", Path: link.ResetPassword(), Action: in, Handler: h.newPassword},
		{Method: "POST", Path: link.ResetPassword(), Action: in, Handler: h.finishReset},
		{Method: "GET", Path: link.ChangePassword(), Action: own, Handler: h.password},
		{Method: "POST", Path: link.ChangePassword(), Action: own, Handler: h.changePassword},
		{Method: "GET", Path: link.ChangeContact(":which"), Action: own, Handler: h.contact},
		{Method: "POST", Path: link.ChangeContact(":which"), Action: own, Handler: h.changeContact},
		{Method: "GET", Path: link.ChangeContactCode(":which"), Action: own, Handler: h.contactCode},
		{Method: "POST", Path: link.ChangeContactCode(":which"), Action: own, Handler: h.confirmContact},
		{Method: "POST", Path: link.ChangeContactResend(":which"), Action: own, Handler: h.resendContact},
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

// show asks for login and password; who is in already goes on.
func (h *Handlers) show(c *web.Ctx) error {
	if c.Actor().IsApplicant() {
		return h.onward(c, c.Actor().Account)
	}
	m := h.page(c, "", nil)
	if c.Query("held") != "" {
		m.Message = &ui.Message{Kind: "warning", Title: i18n.T(c.Context(), "signin.held-title"), Text: i18n.T(c.Context(), "signin.held-text"), Live: true}
	}
	if c.Query("done") == "reset" {
		m.Message = &ui.Message{Kind: "success", Text: i18n.T(c.Context(), "signin.reset-done"), Live: true}
	}
	return c.OK(signinpage.Page(m))
}

func (h *Handlers) page(c *web.Ctx, login string, err error) signinpage.Model {
	m := signinpage.Model{
		Page: c.Page(i18n.T(c.Context(), "signin.title")), Login: login, Failed: err != nil, Faults: web.Faults(c.Context(), err, "signin"),
		Post: link.SignIn(), Reset: link.Reset(), Register: link.Tracks(),
	}
	m.Page.ErrorPrefix = err != nil
	return m
}

// enter checks login and password.
func (h *Handlers) enter(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	entry, err := h.SignIn.SignIn(c.Context(), c.Actor(), form.Value("login"), form.Value("password"), from(c))
	if errors.Is(err, signin.ErrNoMatch) {
		return c.Unprocessable(signinpage.Page(h.page(c, form.Value("login"), signin.ErrNoMatch)))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.ApplicantCookie, entry.Token)
	c.RememberDevice(entry.Device)
	return h.onward(c, entry.Account)
}

// onward leads to what the account waits for: the draft, the submission under
// review, or the cabinet.
func (h *Handlers) onward(c *web.Ctx, id review.AccountID) error {
	if c.Held(id) {
		return c.Redirect(link.Resume())
	}
	s, err := h.Submissions.ForAccount(c.Context(), id)
	switch {
	case review.KindOf(err) == review.NotFound && err != nil:
		return c.Redirect(link.Apply())
	case err != nil:
		return err
	case s.Status == review.Draft:
		return c.Redirect(link.Apply())
	case s.Status == review.Approved:
		return c.Redirect(link.Cabinet())
	}
	return c.Redirect(link.Status())
}

// leave ends the session.
func (h *Handlers) leave(c *web.Ctx) error {
	if err := h.SignIn.SignOut(c.Context(), c.Actor(), c.ApplicantSecret()); err != nil {
		return err
	}
	c.EndSession(web.ApplicantCookie)
	return c.Redirect(link.Start())
}
