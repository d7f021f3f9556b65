// Package startweb serves the desk's first page.
package startweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/progress"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/startpage"
)

// Handlers serves the start page.
type Handlers struct {
	Progress *progress.Service
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{{Method: "GET", Path: link.Start(), Action: review.ActPublic, Handler: h.show}}
}

func (h *Handlers) show(c *web.Ctx) error {
	ctx := c.Context()
	waits, err := h.Progress.Waits(ctx)
	if err != nil {
		return err
	}
	m := startpage.Model{Page: c.Page(i18n.T(ctx, "start.title")), Usual: web.Usual(ctx, waits.Known(), waits.Half, waits.Most), Begin: link.Tracks(), SignIn: link.SignIn(), Help: link.Help(), Find: link.LookUp()}
	if c.Actor().IsApplicant() {
		m.Home = link.Cabinet()
		if !c.Actor().Has(review.RoleAccountHolder) {
			m.Home = link.Apply()
		}
	}
	return c.OK(startpage.Page(m))
}
