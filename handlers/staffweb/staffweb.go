// Package staffweb is how staff come in and leave: sign-in in two steps,
// enrolment from a one-time link, the start page of the desk, the list of staff.
package staffweb

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/staff"
	"okno/views/i18n"
	"okno/views/layout"
	"okno/views/link"
	"okno/views/staffpage"
	"okno/views/ui"
)

// Handlers serves the staff's own pages.
type Handlers struct {
	Staff *staff.Service
	// Dots draws a text as a QR code.
	Dots func(text string) ([][]bool, error)
}

// Routes returns the routes of the staff's own pages.
func (h *Handlers) Routes() []web.Route {
	const in = review.ActStaffSignIn
	return []web.Route{
		{Method: "GET", Path: link.StaffSignIn(), Action: in, Handler: h.signIn},
		{Method: "POST", Path: link.StaffSignIn(), Action: in, Handler: h.password},
		{Method: "GET", Path: link.StaffCode(), Action: in, Handler: h.code},
		{Method: "POST", Path: link.StaffCode(), Action: in, Handler: h.confirmCode},
		{Method: "POST", Path: link.StaffSignOut(), Action: in, Handler: h.signOut},
		{Method: "GET", Path: link.Enrol(":token"), Action: review.ActEnrol, Handler: h.invitation},
		{Method: "POST", Path: link.Enrol(":token"), Action: review.ActEnrol, Handler: h.enrol},
		{Method: "GET", Path: link.Desk(), Action: review.ActDesk, Handler: h.desk},
		{Method: "GET", Path: link.StaffList(), Action: review.ActStaffList, Handler: h.list},
		{Method: "GET", Path: link.ResetStaff(":staff"), Action: review.ActStaffReset, Handler: h.reset},
		{Method: "POST", Path: link.ResetStaff(":staff"), Action: review.ActStaffReset, Handler: h.askReset},
		{Method: "POST", Path: link.GrantReset(":staff"), Action: review.ActStaffReset, Handler: h.grantReset},
		{Method: "POST", Path: link.RefuseReset(":staff"), Action: review.ActStaffReset, Handler: h.refuseReset},
	}
}

func from(c *web.Ctx) staff.From {
	return staff.From{Address: c.Address(), Session: c.SessionSecret()}
}

// half is the member of staff who has given the password and owes the code.
func half(c *web.Ctx) (review.StaffID, bool) {
	s := c.Session()
	return review.StaffID(s.Flow), s.Stage == "password" && s.Flow != ""
}

func (h *Handlers) signIn(c *web.Ctx) error {
	if c.Actor().IsStaff() {
		return c.Redirect(link.Desk())
	}
	return c.OK(staffpage.SignInPage(signInPage(c, "", nil)))
}

func signInPage(c *web.Ctx, email string, err error) staffpage.SignIn {
	ctx := c.Context()
	faults := web.Faults(ctx, err, "staff")
	m := staffpage.SignIn{
		Page: entrance(c, i18n.T(ctx, "staff.sign-in.title")), Faults: faults, Post: link.StaffSignIn(),
		Email: ui.Field{Name: "email", Label: i18n.T(ctx, "staff.email"), Value: email, Autocomplete: "username", Error: web.FaultAt(faults, "email")},
	}
	m.Page.ErrorPrefix = len(faults) > 0
	return m
}

// password checks the first factor.
func (h *Handlers) password(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	entry, err := h.Staff.SignIn(c.Context(), c.Actor(), form.Value("email"), form.Value("password"), from(c))
	if errors.Is(err, staff.ErrNoMatch) {
		return c.Unprocessable(staffpage.SignInPage(signInPage(c, form.Value("email"), staff.ErrNoMatch)))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.StaffCookie, entry.Token)
	return c.Redirect(link.StaffCode())
}

func (h *Handlers) code(c *web.Ctx) error {
	if c.Actor().IsStaff() {
		return c.Redirect(link.Desk())
	}
	if _, ok := half(c); !ok {
		return c.Redirect(link.StaffSignIn())
	}
	return c.OK(staffpage.CodePage(codePage(c, nil)))
}

func codePage(c *web.Ctx, err error) staffpage.Code {
	ctx := c.Context()
	faults := web.Faults(ctx, err, "staff")
	m := staffpage.Code{
		Page: entrance(c, i18n.T(ctx, "staff.code.title")), Faults: faults, Post: link.StaffCode(), Back: link.StaffSignIn(),
		Field: ui.Field{Name: "code", Label: i18n.T(ctx, "staff.code.label"), Hint: i18n.T(ctx, "staff.code.hint"), Error: web.FaultAt(faults, "code")},
	}
	m.Page.ErrorPrefix = len(faults) > 0
	return m
}

// confirmCode checks the second factor.
func (h *Handlers) confirmCode(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	id, ok := half(c)
	if !ok {
		return c.Redirect(link.StaffSignIn())
	}
	entry, err := h.Staff.ConfirmCode(c.Context(), c.Actor(), id, form.Value("code"), from(c))
	if errors.Is(err, staff.ErrCode) {
		return c.Unprocessable(staffpage.CodePage(codePage(c, staff.ErrCode)))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.StaffCookie, entry.Token)
	return c.Redirect(link.Desk())
}

func (h *Handlers) signOut(c *web.Ctx) error {
	if err := h.Staff.SignOut(c.Context(), c.Actor(), c.SessionSecret()); err != nil {
		return err
	}
	c.EndSession(web.StaffCookie)
	return c.Redirect(link.StaffSignIn())
}

func (h *Handlers) invitation(c *web.Ctx) error {
	m, err := h.Staff.Invitation(c.Context(), c.Actor(), c.Param("token"))
	if err != nil {
		return err
	}
	page, err := h.enrolPage(c, m, nil)
	if err != nil {
		return err
	}
	return c.OK(staffpage.EnrolPage(page))
}

// enrol sets the password and proves the code generator.
func (h *Handlers) enrol(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	token := c.Param("token")
	entry, err := h.Staff.Enrol(c.Context(), c.Actor(), token, form.Value("password"), form.Value("code"), from(c))
	if review.KindOf(err) == review.Invalid && err != nil {
		m, lost := h.Staff.Invitation(c.Context(), c.Actor(), token)
		if lost != nil {
			return lost
		}
		page, lost := h.enrolPage(c, m, err)
		if lost != nil {
			return lost
		}
		return c.Unprocessable(staffpage.EnrolPage(page))
	}
	if err != nil {
		return err
	}
	c.StartSession(web.StaffCookie, entry.Token)
	return c.Redirect(link.Desk())
}

func (h *Handlers) enrolPage(c *web.Ctx, m *staff.Member, err error) (staffpage.Enrol, error) {
	ctx := c.Context()
	dots, drawErr := h.Dots(m.GeneratorURI())
	if drawErr != nil {
		return staffpage.Enrol{}, drawErr
	}
	faults := web.Faults(ctx, err, "staff")
	p := staffpage.Enrol{
		Page: entrance(c, i18n.T(ctx, "staff.enrol.title")), Faults: faults, Name: m.Name, Email: m.Email, Roles: strings.Join(roleNames(ctx, m.Roles), ", "),
		Dots: path(dots), Secret: m.SecretText(), Post: link.Enrol(c.Param("token")),
		Password: ui.Field{Name: "password", Label: i18n.T(ctx, "staff.enrol.password"), Hint: i18n.T(ctx, "staff.enrol.password.hint"), Autocomplete: "new-password", Error: web.FaultAt(faults, "password")},
		Code:     ui.Field{Name: "code", Label: i18n.T(ctx, "staff.code.label"), Hint: i18n.T(ctx, "staff.enrol.code.hint"), Error: web.FaultAt(faults, "code")},
	}
	p.Page.ErrorPrefix = len(faults) > 0
	return p, nil
}

// path draws the dark dots, a stretch of a row at a time.
func path(dots [][]bool) staffpage.Dots {
	var b strings.Builder
	for y, row := range dots {
		for x := 0; x < len(row); {
			n := 0
			for x+n < len(row) && row[x+n] {
				n++
			}
			if n > 0 {
				b.WriteString("M" + strconv.Itoa(x) + " " + strconv.Itoa(y) + "h" + strconv.Itoa(n) + "v1h-" + strconv.Itoa(n) + "z")
			}
			x += max(1, n)
		}
	}
	size := strconv.Itoa(len(dots))
	return staffpage.Dots{Size: size, Box: "0 0 " + size + " " + size, Path: b.String()}
}

func roleNames(ctx context.Context, roles []review.Role) []string {
	var names []string
	for _, r := range roles {
		names = append(names, i18n.T(ctx, "role."+string(r)))
	}
	return names
}

// places are the sections of the desk with the words that explain them.
var places = map[string]string{
	link.Queue():       "staff.desk.queue",
	link.Search():      "staff.desk.search",
	link.MyDecisions(): "staff.desk.decisions",
	link.Mentions():    "staff.desk.mentions",
	link.Report():      "staff.desk.report",
	link.Audit():       "staff.desk.audit",
	link.AccessLog():   "staff.desk.access",
	link.Support():     "staff.desk.support",
	link.StaffList():   "staff.desk.staff",
	link.Suspended():   "staff.desk.suspended",
	link.System():      "staff.desk.system",
}

func (h *Handlers) desk(c *web.Ctx) error {
	ctx := c.Context()
	p := c.Page(i18n.T(ctx, "staff.desk.name"))
	m := staffpage.Desk{Page: p, Name: c.Actor().Name, Roles: strings.Join(roleNames(ctx, c.Actor().Roles), ", ")}
	for _, n := range p.Nav {
		if key, ok := places[n.URL]; ok {
			m.Can = append(m.Can, staffpage.Place{Link: ui.Link{Label: n.Label, URL: n.URL}, Text: i18n.T(ctx, key)})
		}
	}
	return c.OK(staffpage.DeskPage(m))
}

func (h *Handlers) list(c *web.Ctx) error {
	ctx := c.Context()
	members, err := h.Staff.Members(ctx, c.Actor())
	if err != nil {
		return err
	}
	m := staffpage.List{Page: c.Page(i18n.T(ctx, "staff.list.title")), Data: ui.Data{Grid: ui.Grid{
		Caption: i18n.T(ctx, "staff.list.title"), CaptionHidden: true, Rows: true, Wide: true,
		Columns: []ui.Column{{Label: i18n.T(ctx, "staff.list.name")}, {Label: i18n.T(ctx, "staff.email")}, {Label: i18n.T(ctx, "staff.list.roles")},
			{Label: i18n.T(ctx, "staff.list.status")}, {Label: i18n.T(ctx, "staff.list.seen"), Named: true}, {Label: i18n.T(ctx, "staff.list.access")}},
	}}}
	if done := c.Query("done"); i18n.Has("staff.reset.done." + done) {
		m.Page.Flash = &ui.Message{Kind: "success", Text: i18n.T(ctx, "staff.reset.done."+done), Live: true}
	}
	for _, s := range members {
		seen := i18n.T(ctx, "staff.list.never")
		if !s.SeenAt.IsZero() {
			seen = i18n.DateTimeShort(ctx, s.SeenAt)
		}
		m.Data.Body = append(m.Data.Body, []ui.Cell{{Text: s.Name, Head: true}, {Text: s.Email}, {Text: strings.Join(roleNames(ctx, s.Roles), ", ")},
			{Mark: statusMark(ctx, s.Status)}, {Text: seen}, access(c, s)})
	}
	return c.OK(staffpage.ListPage(m))
}

// access leads to the reset of somebody's access; one that waits is marked.
func access(c *web.Ctx, s staff.Member) ui.Cell {
	if s.Status == staff.Disabled || s.ID == c.Actor().Staff {
		return ui.Cell{}
	}
	cell := ui.Cell{Text: i18n.T(c.Context(), "staff.list.reset"), URL: link.ResetStaff(string(s.ID))}
	if s.Reset.Open(c.Now()) {
		cell.Text = i18n.T(c.Context(), "staff.list.resetWaits")
	}
	return cell
}

func statusMark(ctx context.Context, s staff.Status) ui.Mark {
	m := ui.Mark{Kind: "info", Icon: "mail", Text: i18n.T(ctx, "staff.status."+string(s))}
	switch s {
	case staff.Active:
		m.Kind, m.Icon = "success", "circle-check"
	case staff.Disabled:
		m.Kind, m.Icon = "neutral", "ban"
	}
	return m
}

// entrance is the frame of a page before the desk: it needs nothing but the
// script of forms, which shows a password and stops a second press.
func entrance(c *web.Ctx, title string) layout.Page {
	p := c.Page(title)
	p.Scripts = []string{"js/form.js"}
	return p
}
