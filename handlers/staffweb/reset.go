package staffweb

import (
	"slices"

	"okno/handlers/web"
	"okno/review"
	"okno/review/staff"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
	"okno/views/waybackpage"
)

// reset shows a member whose access may be reset, and where the request stands.
func (h *Handlers) reset(c *web.Ctx) error {
	ctx := c.Context()
	m, err := h.Staff.ToReset(ctx, c.Actor(), review.StaffID(c.Param("staff")))
	if err != nil {
		return err
	}
	id, now := string(m.ID), c.Now()
	p := waybackpage.Model{
		Page: c.Page(i18n.T(ctx, "staff.reset.title")), Back: link.StaffList(),
		Rows: []ui.Row{
			{Key: i18n.T(ctx, "staff.list.name"), Value: m.Name},
			{Key: i18n.T(ctx, "staff.email"), Value: m.Email},
			{Key: i18n.T(ctx, "staff.list.status"), Value: i18n.T(ctx, "staff.status."+string(m.Status))},
		},
		FollowsTitle: i18n.T(ctx, "staff.reset.follows"),
	}
	if m.Locked(now) {
		p.Rows[2].Note = i18n.T(ctx, "staff.reset.locked")
	}
	refuse := waybackpage.Form{Post: link.RefuseReset(id), Act: ui.Action{Label: i18n.T(ctx, "staff.reset.refuse"), Kind: "secondary"}}
	switch {
	case !m.Reset.Open(now):
		p.Follows = []string{i18n.T(ctx, "staff.reset.follows.second"), i18n.T(ctx, "staff.reset.follows.gone"), i18n.T(ctx, "staff.reset.follows.link")}
		p.Forms = []waybackpage.Form{{Post: link.ResetStaff(id), Act: ui.Action{Label: i18n.T(ctx, "staff.reset.ask")}}}
		return c.OK(waybackpage.Page(p))
	case m.Reset.By == c.Actor().Staff:
		p.Notice = &ui.Message{Kind: "info", Text: i18n.T(ctx, "staff.reset.mine", "time", i18n.DateTime(ctx, m.Reset.At.Add(staff.ResetTerm)))}
	default:
		p.Notice = &ui.Message{Kind: "warning", Text: i18n.T(ctx, "staff.reset.other", "name", h.name(c, m.Reset.By), "time", i18n.DateTime(ctx, m.Reset.At))}
		p.Follows = []string{i18n.T(ctx, "staff.reset.follows.gone"), i18n.T(ctx, "staff.reset.follows.link")}
		p.Forms = []waybackpage.Form{{Post: link.GrantReset(id), Act: ui.Action{Label: i18n.T(ctx, "staff.reset.grant"), Kind: "danger"}}}
	}
	p.Forms = append(p.Forms, refuse)
	return c.OK(waybackpage.Page(p))
}

// name is what a colleague is called.
func (h *Handlers) name(c *web.Ctx, id review.StaffID) string {
	all, err := h.Staff.Members(c.Context(), c.Actor())
	if i := slices.IndexFunc(all, func(m staff.Member) bool { return m.ID == id }); err == nil && i >= 0 {
		return all[i].Name
	}
	return i18n.T(c.Context(), "staff.reset.somebody")
}

func (h *Handlers) askReset(c *web.Ctx) error {
	return doneReset(c, h.Staff.AskReset(c.Context(), c.Actor(), review.StaffID(c.Param("staff"))), "asked")
}

func (h *Handlers) grantReset(c *web.Ctx) error {
	return doneReset(c, h.Staff.GrantReset(c.Context(), c.Actor(), review.StaffID(c.Param("staff"))), "granted")
}

func (h *Handlers) refuseReset(c *web.Ctx) error {
	return doneReset(c, h.Staff.RefuseReset(c.Context(), c.Actor(), review.StaffID(c.Param("staff"))), "refused")
}

func doneReset(c *web.Ctx, err error, what string) error {
	if err != nil {
		return err
	}
	return c.Redirect(link.StaffListDone(what))
}
