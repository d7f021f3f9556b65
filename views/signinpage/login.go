package signinpage

import (
	"context"

	"okno/views/i18n"
	"okno/views/ui"
)

// loginField takes an address or a number in any form.
func loginField(ctx context.Context, m Model) ui.Field {
	f := ui.Field{Name: "login", Label: i18n.T(ctx, "signin.login"), Hint: i18n.T(ctx, "signin.login.hint"),
		Value: m.Login, Autocomplete: "username", InputMode: "email"}
	if m.Failed {
		f.Error = i18n.T(ctx, "signin.no-match")
	}
	return f
}
