package signupweb

import (
	"context"
	"errors"

	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
	"okno/views/link"
)

// email takes the e-mail address.
func (h *Handlers) email(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("email")
	f, err := h.SignIn.RegisterEmail(c.Context(), c.Actor(), c.Session().Flow, typed, from(c))
	return h.answered(c, emailStep, f, typed, err)
}

// emailCode takes the code from the mail.
func (h *Handlers) emailCode(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("code")
	f, err := h.SignIn.ConfirmRegistrationEmail(c.Context(), c.Actor(), c.Session().Flow, typed, from(c))
	if errors.Is(err, signin.ErrCodeExpired) {
		fresh, again := h.SignIn.ResendEmail(c.Context(), c.Actor(), c.Session().Flow, from(c))
		f, typed, err = signin.Renewed(f, fresh, typed, again)
	}
	return h.answered(c, emailCodeStep, f, typed, err)
}

// emailResend sends another code.
func (h *Handlers) emailResend(c *web.Ctx) error {
	return h.resend(c, emailCodeStep, h.SignIn.ResendEmail)
}

// phone takes the phone number.
func (h *Handlers) phone(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("phone")
	f, err := h.SignIn.RegisterPhone(c.Context(), c.Actor(), c.Session().Flow, typed, worked(c, form))
	return h.answered(c, phoneStep, f, typed, err)
}

// phoneCode takes the code from the message.
func (h *Handlers) phoneCode(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("code")
	f, err := h.SignIn.ConfirmRegistrationPhone(c.Context(), c.Actor(), c.Session().Flow, typed, from(c))
	if errors.Is(err, signin.ErrCodeExpired) {
		fresh, again := h.SignIn.ResendPhone(c.Context(), c.Actor(), c.Session().Flow, worked(c, form))
		f, typed, err = signin.Renewed(f, fresh, typed, again)
	}
	return h.answered(c, phoneCodeStep, f, typed, err)
}

// phoneResend sends another code.
func (h *Handlers) phoneResend(c *web.Ctx) error {
	return h.resend(c, phoneCodeStep, h.SignIn.ResendPhone)
}

// resend asks for another code and leads back to its page, which says whether
// one was sent.
func (h *Handlers) resend(c *web.Ctx, s step, send func(context.Context, review.Actor, string, signin.From) (*signin.Flow, error)) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	before, err := h.SignIn.Registration(c.Context(), c.Session().Flow)
	if err != nil {
		return h.astray(c, nil, err)
	}
	f, err := send(c.Context(), c.Actor(), c.Session().Flow, worked(c, form))
	if err == nil && next(f) == s {
		return c.Redirect(link.CodeResent(s.path(), f.Code.Replaces(before)))
	}
	return h.answered(c, s, f, "", err)
}

// password opens the account and begins its session.
func (h *Handlers) password(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	entry, err := h.SignIn.FinishRegistration(c.Context(), c.Actor(), c.Session().Flow, form.Value("password"), from(c))
	if err != nil {
		f, lost := h.SignIn.Registration(c.Context(), c.Session().Flow)
		if lost != nil {
			return h.astray(c, nil, lost)
		}
		if review.KindOf(err) == review.Invalid { // the typed password is not sent back
			return h.answered(c, passwordStep, f, "", err)
		}
		return h.astray(c, f, err)
	}
	c.StartSession(web.ApplicantCookie, entry.Token)
	c.RememberDevice(entry.Device)
	return c.Redirect(link.Apply())
}
