package signinweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/views/cabinetpage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// password asks for the present and a new password.
func (h *Handlers) password(c *web.Ctx) error {
	return c.OK(cabinetpage.ChangePage(changePage(c, nil)))
}

func changePage(c *web.Ctx, err error) cabinetpage.Change {
	ctx := c.Context()
	m := cabinetpage.Change{
		Page: c.Page(i18n.T(ctx, "cabinet.change.title")), Back: link.Cabinet(), Faults: web.Faults(ctx, err, "signin"), Post: link.ChangePassword(), Forgot: link.Reset(),
		Rules: []string{i18n.T(ctx, "signup.password.rule-length"), i18n.T(ctx, "signup.password.rule-letters"), i18n.T(ctx, "signup.password.rule-digit"),
			i18n.T(ctx, "signup.password.rule-special"), i18n.T(ctx, "signup.password.rule-common")},
		Current: ui.Field{Name: "current", Label: i18n.T(ctx, "cabinet.change.current"), Autocomplete: "current-password"},
		New:     ui.Field{Name: "password", Label: i18n.T(ctx, "cabinet.change.new"), Autocomplete: "new-password"},
	}
	m.Current.Error, m.New.Error = web.FaultAt(m.Faults, "current"), web.FaultAt(m.Faults, "password")
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

// changePassword sets it and goes on with a new session.
func (h *Handlers) changePassword(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	entry, err := h.SignIn.ChangePassword(c.Context(), c.Actor(), form.Value("current"), form.Value("password"), from(c))
	if err != nil && review.KindOf(err) == review.Invalid {
		return c.Unprocessable(cabinetpage.ChangePage(changePage(c, err)))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.ApplicantCookie, entry.Token)
	return c.Redirect(link.CabinetAfterPassword())
}
