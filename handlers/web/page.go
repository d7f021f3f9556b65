package web

import (
	"strings"

	"okno/views/i18n"
	"okno/views/layout"
	"okno/views/link"
)

// Page fills the frame of a page: language switch, banner, token, footer, and
// for staff the sections that the roles may see. title is plain text in the
// page's language.
func (c *Ctx) Page(title string) layout.Page {
	p := layout.Page{
		Lang: c.lang, Title: title, Demo: c.kit.Demo, CSRF: c.CSRF(),
		Languages: layout.Switch(c.languages(), c.lang, func(lang string) string { return link.Language(lang, c.PathAndQuery()) }),
		Help:      link.Help(), Accessibility: link.Accessibility(), Cookies: link.Cookies(), Privacy: link.Privacy(),
		SaveData: c.f.Get("Save-Data") == "on",
	}
	a := c.Actor()
	switch {
	case a.IsStaff():
		p.Home, p.User, p.SignOut = link.Desk(), a.Name, link.StaffSignOut()
		p.Nav = c.sections()
		p.SignIn, p.Renew = link.StaffSignIn(), link.StaffSession()
		own := c.session.Desk
		p.Settings, p.Theme, p.Density, p.Keys = link.Settings(), own.Theme, own.Density, own.Keys
		p.ShortcutsOff, p.ShortcutsPost = own.KeysOff, link.Shortcuts(c.back())
	case a.IsApplicant():
		p.Flash = c.told()
		p.SignOut, p.SignIn, p.Renew = link.SignOut(), link.SignIn(), link.Session()
		path := c.Path()
		p.Nav = []layout.NavItem{
			{Label: i18n.T(c.ctx, "nav.application"), URL: link.Status(), Current: within(path, link.Status()) || within(path, link.Apply())},
			{Label: i18n.T(c.ctx, "nav.cabinet"), URL: link.Cabinet(), Current: path == link.Cabinet()},
		}
	default:
		if path := c.Path(); !Staff(path) && path != link.SignIn() {
			p.Enter = link.SignIn()
		}
	}
	if p.Renew != "" {
		p.SessionSeconds = int(c.session.Until.Sub(c.Now()).Seconds())
	}
	return p
}

// within reports whether the path is the page or below it.
func within(path, page string) bool { return path == page || strings.HasPrefix(path, page+"/") }

// sections lists the staff sections that the policy opens to the actor.
func (c *Ctx) sections() (nav []layout.NavItem) {
	path := c.Path()
	for _, s := range sections {
		if c.kit.Gate.Allow(c.Actor(), s.action) == nil {
			item := layout.NavItem{Label: i18n.T(c.ctx, s.key), URL: s.url, Current: path == s.url, Key: s.press}
			if s.url == link.Mentions() {
				item.Count = c.unread()
			}
			nav = append(nav, item)
		}
	}
	return nav
}

// unread is how many remarks that name the reader are new; empty for none. A page
// is shown without it rather than not at all.
func (c *Ctx) unread() string {
	if c.kit.Unread == nil {
		return ""
	}
	n, err := c.kit.Unread(c.ctx, c.Actor())
	if err != nil || n == 0 {
		return ""
	}
	return i18n.Number(c.ctx, int64(n))
}

// back is where a switch on this page leads: the page itself, or the start page
// of the desk where the page is the answer to a form.
func (c *Ctx) back() string {
	if c.f.Method() != "GET" {
		return link.Desk()
	}
	return c.PathAndQuery()
}
