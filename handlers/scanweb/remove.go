package scanweb

import (
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/scanpage"
	"okno/views/ui"
)

// askRemove asks before a document is taken out of a draft.
func (h *Handlers) askRemove(c *web.Ctx) error {
	sub, slot, done, err := h.slot(c)
	if done {
		return err
	}
	d, ok := sub.Document(slot)
	if !ok || sub.Status != review.Draft {
		return c.Redirect(link.Upload(string(slot)))
	}
	ctx := c.Context()
	title := i18n.T(ctx, "upload.remove.title")
	m := scanpage.Remove{Page: c.Page(title), Confirm: ui.Confirm{
		Title: title, Text: i18n.T(ctx, "upload.remove.text", "what", d.Name),
		PostURL: link.RemoveDocument(string(slot)), Hidden: [][2]string{{"version", strconv.FormatInt(sub.Version, 10)}},
		Act:    ui.Action{Label: i18n.T(ctx, "upload.remove.act"), Kind: "danger"},
		Cancel: ui.Link{Label: i18n.T(ctx, "upload.remove.cancel"), URL: link.Upload(string(slot))},
	}}
	m.Confirm.CSRF = m.Page.CSRF
	return c.OK(scanpage.RemovePage(m))
}

// remove takes the document out.
func (h *Handlers) remove(c *web.Ctx) error {
	sub, slot, done, err := h.slot(c)
	if done {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := h.Scan.Remove(c.Context(), c.Actor(), sub.ID, slot, f.Version()); err != nil {
		if review.KindOf(err) == review.NotFound { // a second click
			return c.Redirect(link.Upload(string(slot)))
		}
		return err
	}
	return c.Redirect(link.Upload(string(slot)))
}
