package statusweb

import (
	"errors"

	"okno/handlers/web"
	"okno/review/disavow"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
)

// askDisavow says what "this was not me" would stop. Opening the link, as mail
// programs do, changes nothing.
func (h *Handlers) askDisavow(c *web.Ctx) error {
	ctx := c.Context()
	l, err := h.Disavow.Letter(ctx, c.Actor(), c.Param("token"))
	if errors.Is(err, disavow.ErrUsed) {
		return notAnyMore(c)
	}
	if err != nil {
		return err
	}
	m := statuspage.Disavow{
		Page: c.Page(i18n.T(ctx, "disavow.title")), Title: i18n.T(ctx, "disavow.title"), Help: link.Help(),
		Lead: []string{i18n.T(ctx, "disavow.what", "time", i18n.DateTime(ctx, l.At)), i18n.T(ctx, "disavow.then")},
		Post: link.Disavow(c.Param("token")), Label: i18n.T(ctx, "disavow.act"), After: i18n.T(ctx, "disavow.if"),
		Effects: []string{i18n.T(ctx, "disavow.flow.one"), i18n.T(ctx, "disavow.flow.two")},
	}
	if l.AboutAccount() {
		m.Effects = []string{i18n.T(ctx, "disavow.account.one"), i18n.T(ctx, "disavow.account.two"), i18n.T(ctx, "disavow.account.three")}
	}
	return c.OK(statuspage.DisavowPage(m))
}

// disavow stops what the message was about.
func (h *Handlers) disavow(c *web.Ctx) error {
	ctx := c.Context()
	l, err := h.Disavow.Confirm(ctx, c.Actor(), c.Param("token"))
	if errors.Is(err, disavow.ErrUsed) {
		return notAnyMore(c)
	}
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "disavow.done.title")
	m := statuspage.Disavow{Page: c.Page(title), Title: title, Help: link.Help(), Lead: []string{i18n.T(ctx, "disavow.done.flow")}}
	if l.AboutAccount() {
		m.Lead = []string{i18n.T(ctx, "disavow.done.account")}
	}
	return c.OK(statuspage.DisavowPage(m))
}

// notAnyMore is the one answer to a link that does not work.
func notAnyMore(c *web.Ctx) error {
	ctx := c.Context()
	title := i18n.T(ctx, "disavow.used.title")
	return c.Render(statusGone, statuspage.DisavowPage(statuspage.Disavow{
		Page: c.Page(title), Title: title, Lead: []string{i18n.T(ctx, "disavow.used.text")}, Help: link.Help()}))
}

const statusGone = 404
