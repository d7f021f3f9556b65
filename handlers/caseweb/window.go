package caseweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/layout"
	"okno/views/link"
)

// window shows the scans alone, for a second monitor. Who may not see the papers
// is led to the case, which says why.
func (h *Handlers) window(c *web.Ctx) error {
	ctx := c.Context()
	k, err := h.Verdict.Open(ctx, c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	if k.Masked {
		return c.Redirect(link.Case(string(k.ID)))
	}
	m := casepage.Window{Page: c.Page(i18n.T(ctx, "case.windowTitle", "number", k.Number.String())), Number: k.Number.String(), Scans: scans(ctx, k, c.Query("show"))}
	m.Page.Scripts = layout.ViewerScripts
	m.Scans.Window, m.Scans.Alone = "", true
	return c.OK(casepage.WindowPage(m))
}
