package queueweb

import (
	"errors"
	"net/url"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/queue"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/queuepage"
	"okno/views/ui"
)

// saved puts the actor's named views above the list, and the form that names the
// present one while filters are in force.
func (h *Handlers) saved(c *web.Ctx, f queue.Filter, name string, fault error, m *queuepage.Model) error {
	ctx := c.Context()
	list, err := h.Queue.SavedViews(ctx, c.Actor())
	if err != nil {
		return err
	}
	here := strings.TrimPrefix(strings.TrimPrefix(address(f, nil), link.Queue()), "?")
	for _, v := range list {
		to := link.Queue()
		if v.Query != "" {
			to += "?" + v.Query
		}
		m.Saved = append(m.Saved, queuepage.Saved{Name: v.Name, URL: to, Current: v.Query == here})
	}
	m.SaveURL, m.DropURL = link.QueueViews(), link.QueueViewDrop()
	m.Query = here
	if len(m.Chips) > 0 || f.Tab != queue.Waiting || fault != nil {
		m.SaveName = &ui.Field{Name: "name", ID: "view-name", Label: i18n.T(ctx, "queue.saveName"), Value: name, Width: "20"}
		if e, ok := errors.AsType[*review.Error](fault); ok && len(e.Fields) > 0 {
			m.SaveName.Error = i18n.T(ctx, "queue.fault."+e.Fields[0].Code)
			m.Faults = []ui.Fault{{Field: m.SaveName.ID, Text: m.SaveName.Error}}
			m.Page.ErrorPrefix = true
		}
	}
	return nil
}

// known reads a query that a form carried and writes it anew from what it says:
// nothing else is ever kept.
func known(raw string) string {
	v, err := url.ParseQuery(raw)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.TrimPrefix(address(filterOf(v.Get), nil), link.Queue()), "?")
}

// saveView names the view that the form carries.
func (h *Handlers) saveView(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	v := queue.Saved{Name: f.Value("name"), Query: known(f.Value("query"))}
	err = h.Queue.SaveView(c.Context(), c.Actor(), v)
	if review.KindOf(err) == review.Invalid {
		return h.show(c, 422, v.Name, err)
	}
	if err != nil {
		return err
	}
	return c.Redirect(back(v.Query))
}

// dropView forgets a named view.
func (h *Handlers) dropView(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if err := h.Queue.DropView(c.Context(), c.Actor(), f.Value("name")); err != nil {
		return err
	}
	return c.Redirect(back(known(f.Value("query"))))
}

func back(query string) string {
	if query == "" {
		return link.Queue()
	}
	return link.Queue() + "?" + query
}
