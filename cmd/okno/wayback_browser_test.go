package main

import (
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"okno/handlers/web"
	"okno/review"
	"okno/review/reinstate"
	"okno/views/i18n"
	"okno/views/link"
)

// TestTheWaysBackAreLookedAt opens the pages on which staff let somebody in again,
// in each state, as those who ask and those who agree.
func TestTheWaysBackAreLookedAt(t *testing.T) {
	t.Parallel()
	h, c := openHouse(t), launch(t)
	asks, agrees := h.appoint(review.RoleSupervisor), h.appoint(review.RoleSeniorReviewer)
	admins := []review.Actor{h.appoint(review.RoleAdministrator), h.appoint(review.RoleAdministrator)}
	fresh, early, ready := h.closed().Account, h.closed().Account, h.closed().Account
	locked, waiting := h.appoint(review.RoleReviewer).Staff, h.appoint(review.RoleReviewer).Staff
	for _, id := range []review.AccountID{early, ready} {
		h.must(h.desk.reinstate.Ask(t.Context(), asks, id, reinstate.Video))
	}
	h.age(ready, reinstate.Delay)
	h.must(h.desk.staff.AskReset(t.Context(), admins[0], waiting))
	s := &site{t: t, base: "http://" + h.listening(), post: &post{}, logs: &journal{}}
	for _, lang := range i18n.Languages() {
		p := c.open(t, s, "wayback", lang, 1366, true)
		p.narrow = true
		for _, v := range []struct {
			who   review.Actor
			pages []string
		}{
			{asks, []string{link.Suspended(), link.SuspendedAccount(string(fresh)), link.SuspendedAccount(string(early))}},
			{agrees, []string{link.SuspendedDone("asked"), link.SuspendedAccount(string(early)), link.SuspendedAccount(string(ready))}},
			{admins[0], []string{link.StaffList(), link.ResetStaff(string(locked)), link.ResetStaff(string(waiting))}},
			{admins[1], []string{link.StaffListDone("asked"), link.ResetStaff(string(waiting))}},
		} {
			call(p, network.ClearBrowserCookies, cdp.Empty{})
			for name, value := range map[string]string{web.StaffCookie: h.staffToken(v.who.Staff, false), web.LanguageCookie: lang} {
				call(p, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: s.base, Path: "/", Secure: new(true), HTTPOnly: new(true)})
			}
			for _, path := range v.pages {
				p.visit(path)
			}
		}
	}
}
