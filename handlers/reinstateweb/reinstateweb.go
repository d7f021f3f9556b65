// Package reinstateweb is the HTTP side of opening accounts again that "this was
// not me" has closed.
package reinstateweb

import (
	"context"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/reinstate"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
	"okno/views/waybackpage"
)

// Staff knows the names of colleagues, also of those who left.
type Staff interface {
	Names(ctx context.Context) (map[review.StaffID]string, error)
}

// Handlers serves the closed accounts. All fields are needed.
type Handlers struct {
	Reinstate *reinstate.Service
	Staff     Staff
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	const in = review.ActReinstate
	return []web.Route{
		{Method: "GET", Path: link.Suspended(), Action: in, Handler: h.list},
		{Method: "GET", Path: link.SuspendedAccount(":account"), Action: in, Handler: h.show},
		{Method: "POST", Path: link.SuspendedAccount(":account"), Action: in, Handler: h.ask},
		{Method: "POST", Path: link.Reinstate(":account"), Action: in, Handler: h.open},
		{Method: "POST", Path: link.RefuseReinstatement(":account"), Action: in, Handler: h.refuse},
	}
}

func (h *Handlers) list(c *web.Ctx) error {
	ctx := c.Context()
	all, err := h.Reinstate.Suspended(ctx, c.Actor())
	if err != nil {
		return err
	}
	title := i18n.T(ctx, "suspended.title")
	m := waybackpage.List{
		Page: c.Page(title), Hint: i18n.T(ctx, "suspended.hint"),
		None: ui.Empty{Icon: "circle-check", Title: i18n.T(ctx, "suspended.none")},
		Data: ui.Data{Grid: ui.Grid{Caption: title, CaptionHidden: true, Rows: true, Columns: []ui.Column{
			{Label: i18n.T(ctx, "suspended.application")}, {Label: i18n.T(ctx, "suspended.contacts")},
			{Label: i18n.T(ctx, "suspended.since")}, {Label: i18n.T(ctx, "suspended.state")},
		}}},
	}
	if done := c.Query("done"); i18n.Has("suspended.done." + done) {
		m.Page.Flash = &ui.Message{Kind: "success", Text: i18n.T(ctx, "suspended.done."+done), Live: true}
	}
	for _, a := range all {
		m.Data.Body = append(m.Data.Body, []ui.Cell{
			{Text: number(ctx, a), URL: link.SuspendedAccount(string(a.ID)), Head: true},
			{Text: field.MaskEmail(a.Email) + ", " + field.MaskPhone(a.Phone)},
			{Text: since(ctx, a)},
			{Mark: state(c, a.Request)},
		})
	}
	return c.OK(waybackpage.ListPage(m))
}

func number(ctx context.Context, a reinstate.Account) string {
	if a.Submission == "" {
		return i18n.T(ctx, "suspended.noApplication")
	}
	return strings.ReplaceAll(a.Number.String(), " ", "\u00a0")
}

func since(ctx context.Context, a reinstate.Account) string {
	if a.Since.IsZero() {
		return "–"
	}
	return i18n.DateTimeShort(ctx, a.Since)
}

// state is where the request stands.
func state(c *web.Ctx, r reinstate.Request) ui.Mark {
	ctx := c.Context()
	switch {
	case !r.Waits(c.Now()):
		return ui.Mark{Kind: "neutral", Icon: "ban", Text: i18n.T(ctx, "suspended.state.closed")}
	case c.Now().Before(r.From()):
		return ui.Mark{Kind: "info", Icon: "hourglass", Text: i18n.T(ctx, "suspended.state.waits", "time", i18n.DateTimeShort(ctx, r.From()))}
	}
	return ui.Mark{Kind: "warning", Icon: "triangle-alert", Text: i18n.T(ctx, "suspended.state.ready")}
}

func (h *Handlers) show(c *web.Ctx) error {
	m, err := h.page(c, nil)
	if err != nil {
		return err
	}
	return c.OK(waybackpage.Page(m))
}

// page is one closed account with what the reader can do about it.
func (h *Handlers) page(c *web.Ctx, fault error) (waybackpage.Model, error) {
	ctx := c.Context()
	a, err := h.Reinstate.Account(ctx, c.Actor(), review.AccountID(c.Param("account")))
	if err != nil {
		return waybackpage.Model{}, err
	}
	names, err := h.Staff.Names(ctx)
	if err != nil {
		return waybackpage.Model{}, err
	}
	m := waybackpage.Model{
		Page: c.Page(i18n.T(ctx, "suspended.one")), Back: link.Suspended(), Faults: web.Faults(ctx, fault, "suspended"),
		Rows: []ui.Row{
			{Key: i18n.T(ctx, "suspended.application"), Value: number(ctx, a), Mono: a.Submission != ""},
			{Key: i18n.T(ctx, "suspended.email"), Value: field.MaskEmail(a.Email)},
			{Key: i18n.T(ctx, "suspended.phone"), Value: field.MaskPhone(a.Phone)},
			{Key: i18n.T(ctx, "suspended.since"), Value: since(ctx, a)},
		},
		FollowsTitle: i18n.T(ctx, "suspended.follows"),
	}
	if a.Submission != "" {
		m.Rows[0].Actions = []ui.Link{{Label: i18n.T(ctx, "suspended.toCase"), URL: link.Case(string(a.Submission))}}
	}
	m.Page.ErrorPrefix = len(m.Faults) > 0
	id, r, now := string(a.ID), a.Request, c.Now()
	if !r.Waits(now) {
		proofs := ui.Choices{Name: "proof", Legend: i18n.T(ctx, "suspended.proof"), Hint: i18n.T(ctx, "suspended.proofHint"), Error: web.FaultAt(m.Faults, "proof")}
		for _, p := range reinstate.Proofs {
			proofs.Options = append(proofs.Options, ui.Option{Value: string(p), Label: i18n.T(ctx, "suspended.proof."+string(p))})
		}
		m.Follows = []string{i18n.T(ctx, "suspended.follows.told"), i18n.T(ctx, "suspended.follows.second"), i18n.T(ctx, "suspended.follows.password")}
		m.Forms = []waybackpage.Form{{Post: link.SuspendedAccount(id), Choices: &proofs, Act: ui.Action{Label: i18n.T(ctx, "suspended.ask")}}}
		return m, nil
	}
	m.Rows = append(m.Rows,
		ui.Row{Key: i18n.T(ctx, "suspended.asked"), Value: names[r.By] + ", " + i18n.DateTime(ctx, r.At)},
		ui.Row{Key: i18n.T(ctx, "suspended.proof"), Value: i18n.T(ctx, "suspended.proof."+string(r.Proof))})
	refuse := waybackpage.Form{Post: link.RefuseReinstatement(id), Act: ui.Action{Label: i18n.T(ctx, "suspended.refuse"), Kind: "secondary"}}
	switch {
	case r.By == c.Actor().Staff:
		m.Notice = &ui.Message{Kind: "info", Text: i18n.T(ctx, "suspended.mine", "time", i18n.DateTime(ctx, r.From()), "end", i18n.DateTime(ctx, r.At.Add(reinstate.Term)))}
		refuse.Act.Label = i18n.T(ctx, "suspended.takeBack")
	case now.Before(r.From()):
		m.Notice = &ui.Message{Kind: "info", Text: i18n.T(ctx, "suspended.early", "time", i18n.DateTime(ctx, r.From()))}
	default:
		m.Follows = []string{i18n.T(ctx, "suspended.follows.opened"), i18n.T(ctx, "suspended.follows.password")}
		m.Forms = append(m.Forms, waybackpage.Form{Post: link.Reinstate(id), Act: ui.Action{Label: i18n.T(ctx, "suspended.open")}})
	}
	m.Forms = append(m.Forms, refuse)
	return m, nil
}

// ask asks for the account to be opened.
func (h *Handlers) ask(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	err = h.Reinstate.Ask(c.Context(), c.Actor(), review.AccountID(c.Param("account")), reinstate.Proof(f.Value("proof")))
	if err != nil && review.KindOf(err) == review.Invalid {
		m, err := h.page(c, err)
		if err != nil {
			return err
		}
		return c.Unprocessable(waybackpage.Page(m))
	}
	return h.done(c, err, "asked")
}

// open opens the account that a colleague has asked for.
func (h *Handlers) open(c *web.Ctx) error {
	return h.done(c, h.Reinstate.Open(c.Context(), c.Actor(), review.AccountID(c.Param("account"))), "opened")
}

// refuse drops the request.
func (h *Handlers) refuse(c *web.Ctx) error {
	return h.done(c, h.Reinstate.Refuse(c.Context(), c.Actor(), review.AccountID(c.Param("account"))), "refused")
}

func (h *Handlers) done(c *web.Ctx, err error, what string) error {
	if err != nil {
		return err
	}
	return c.Redirect(link.SuspendedDone(what))
}
