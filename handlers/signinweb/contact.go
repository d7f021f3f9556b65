package signinweb

import (
	"errors"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/steppage"
	"okno/views/ui"
)

// which reads the contact from the path.
func which(c *web.Ctx) (review.Field, error) {
	switch f := review.Field(c.Param("which")); f {
	case review.Email, review.Phone:
		return f, nil
	}
	return "", review.ErrNotFound
}

func (h *Handlers) contact(c *web.Ctx) error {
	contact, err := which(c)
	if err != nil {
		return err
	}
	return h.askContact(c, contact, "", nil)
}

// askContact asks for the new contact, again when there was a fault.
func (h *Handlers) askContact(c *web.Ctx, contact review.Field, typed string, fault error) error {
	m := contactModel(c, contact, typed)
	if contact == review.Phone {
		var err error
		if m.Work, err = h.SignIn.ChangeTask(c.Context(), c.Actor()); err != nil {
			return err
		}
	}
	m = finish(c, m, fault)
	if fault != nil {
		return c.Unprocessable(steppage.Page(m))
	}
	return c.OK(steppage.Page(m))
}

func contactModel(c *web.Ctx, contact review.Field, typed string) steppage.Model {
	ctx := c.Context()
	m := steppage.Model{Back: link.Cabinet(), Post: link.ChangeContact(string(contact))}
	if contact == review.Email {
		m.Title, m.Kind = i18n.T(ctx, "signin.change-email.title"), steppage.Email
		m.Lead = []string{i18n.T(ctx, "signin.change-email.lead")}
		m.Field = ui.Field{Name: "email", Label: i18n.T(ctx, "signin.change-email.label"), Value: typed, Autocomplete: "email"}
	} else {
		m.Title, m.Kind = i18n.T(ctx, "signin.change-phone.title"), steppage.Phone
		m.Lead = []string{i18n.T(ctx, "signin.change-phone.lead")}
		m.Field = ui.Field{Name: "phone", Label: i18n.T(ctx, "signin.change-phone.label"), Hint: i18n.T(ctx, "signin.change-phone.hint"), Value: typed, Autocomplete: "tel"}
	}
	return m
}

// changeContact sends a code to the new contact.
func (h *Handlers) changeContact(c *web.Ctx) error {
	contact, err := which(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	track := review.ForeignCitizen
	if s, err := h.Submissions.ForAccount(c.Context(), c.Actor().Account); err == nil {
		track = s.Track
	}
	typed := form.Value(string(contact))
	if _, err := h.SignIn.ChangeContact(c.Context(), c.Actor(), contact, typed, track, worked(c, form)); err != nil {
		if review.KindOf(err) == review.Invalid {
			return h.askContact(c, contact, typed, err)
		}
		return err
	}
	return c.Redirect(link.ChangeContactCode(string(contact)))
}

func (h *Handlers) contactCode(c *web.Ctx) error {
	contact, err := which(c)
	if err != nil {
		return err
	}
	f, err := h.SignIn.ContactChange(c.Context(), c.Actor(), contact)
	if errors.Is(err, signin.ErrStep) {
		return c.Redirect(link.ChangeContact(string(contact)))
	}
	if err != nil {
		return err
	}
	return c.OK(steppage.Page(h.contactCodePage(c, contact, f, "", nil)))
}

func (h *Handlers) contactCodePage(c *web.Ctx, contact review.Field, f *signin.Flow, typed string, err error) steppage.Model {
	ctx := c.Context()
	to := field.MaskPhone(f.Phone)
	if contact == review.Email {
		to = field.MaskEmail(f.Email)
	}
	m := codeModel(ctx, i18n.T(ctx, "signin.contact-code.title"), to, typed, link.ChangeContactResend(string(contact)), asked(c, err), f.Code)
	m.Back, m.Post = link.ChangeContact(string(contact)), link.ChangeContactCode(string(contact))
	if contact == review.Phone {
		m.Work = h.SignIn.Task(f)
	}
	return finish(c, m, err)
}

// confirmContact checks the code; the contact is the new one from then on.
func (h *Handlers) confirmContact(c *web.Ctx) error {
	contact, err := which(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	typed := form.Value("code")
	f, err := h.SignIn.ConfirmContact(c.Context(), c.Actor(), contact, typed, from(c))
	if errors.Is(err, signin.ErrCodeExpired) {
		fresh, again := h.SignIn.ResendContact(c.Context(), c.Actor(), contact, worked(c, form))
		f, typed, err = signin.Renewed(f, fresh, typed, again)
	}
	switch {
	case err == nil:
	case review.KindOf(err) == review.Invalid && f != nil:
		return c.Unprocessable(steppage.Page(h.contactCodePage(c, contact, f, typed, err)))
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.ChangeContact(string(contact)))
	default:
		return err
	}
	return h.contactDone(c, contact)
}

// contactDone answers a correction that asked for the contact, if there is one.
func (h *Handlers) contactDone(c *web.Ctx, contact review.Field) error {
	s, err := h.Submissions.ForAccount(c.Context(), c.Actor().Account)
	if err != nil && review.KindOf(err) != review.NotFound {
		return err
	}
	if s == nil || err != nil || s.Status != review.CorrectionRequested || !s.Open(review.Target{Field: contact}) || h.Contacts == nil {
		return c.Redirect(link.CabinetAfterContact())
	}
	if err := h.Contacts.ContactChanged(c.Context(), c.Actor(), contact); err != nil {
		return err
	}
	return c.Redirect(link.Corrections())
}

func (h *Handlers) resendContact(c *web.Ctx) error {
	contact, err := which(c)
	if err != nil {
		return err
	}
	form, err := c.Form()
	if err != nil {
		return err
	}
	before, err := h.SignIn.ContactChange(c.Context(), c.Actor(), contact)
	if errors.Is(err, signin.ErrStep) {
		return c.Redirect(link.ChangeContact(string(contact)))
	}
	if err != nil {
		return err
	}
	f, err := h.SignIn.ResendContact(c.Context(), c.Actor(), contact, worked(c, form))
	switch {
	case errors.Is(err, signin.ErrStep):
		return c.Redirect(link.ChangeContactCode(string(contact)))
	case err != nil:
		return err
	}
	return c.Redirect(link.CodeResent(link.ChangeContactCode(string(contact)), f.Code.Replaces(before)))
}
