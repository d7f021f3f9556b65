package statusweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
	"okno/views/ui"
)

// askWithdraw asks before withdrawing and says what will follow.
func (h *Handlers) askWithdraw(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if !sub.Status.MayBecome(review.Withdrawn) {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	ctx := c.Context()
	title := i18n.T(ctx, "progress.withdraw.title")
	m := statuspage.Withdraw{Page: c.Page(title), Confirm: ui.Confirm{
		Title: title, Text: i18n.T(ctx, "progress.withdraw.text", "number", sub.Number.String()),
		Consequences: []string{i18n.T(ctx, "progress.withdraw.one"), i18n.T(ctx, "progress.withdraw.two"), i18n.T(ctx, "progress.withdraw.three")},
		PostURL:      link.Withdraw(), Hidden: [][2]string{{"version", shownVersion(sub)}},
		Act:    ui.Action{Label: i18n.T(ctx, "progress.withdraw.act"), Kind: "danger"},
		Cancel: ui.Link{Label: i18n.T(ctx, "progress.withdraw.cancel"), URL: web.WorkPlace(sub.Status)},
	}}
	if sub.Status == review.Draft {
		title = i18n.T(ctx, "progress.withdraw.draftTitle")
		m.Page.Title, m.Confirm.Title = title, title
		m.Confirm.Text = i18n.T(ctx, "progress.withdraw.draftText", "number", sub.Number.String())
		m.Confirm.Consequences = []string{i18n.T(ctx, "progress.withdraw.draftOne")}
		m.Confirm.Act.Label = i18n.T(ctx, "progress.withdraw.draftAct")
		m.Confirm.Cancel.Label = i18n.T(ctx, "progress.withdraw.draftCancel")
	}
	m.Confirm.CSRF = m.Page.CSRF
	return c.OK(statuspage.WithdrawPage(m))
}

// withdraw closes the submission.
func (h *Handlers) withdraw(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := h.Intake.Withdraw(c.Context(), c.Actor(), f.Version()); err != nil {
		return err
	}
	return c.Redirect(link.Status())
}
