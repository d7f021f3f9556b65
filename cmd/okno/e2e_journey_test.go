package main

import (
	"sync/atomic"
	"testing"

	"okno/review"
	"okno/views/link"
)

// inspected counts the pages that axe looked at.
var inspected atomic.Int64

// TestTheWholeWay walks from the first form to an active account and to a
// refusal, in real browsers at a desk in service: in both languages, once on a
// wide screen and once on a phone's, and once more with the applicants' scripts
// switched off.
func TestTheWholeWay(t *testing.T) {
	c := launch(t)
	for _, way := range []struct {
		name, lang string
		width      int64
		scripts    bool
	}{
		{"ru", "ru", 1280, true},
		{"en", "en", 360, true},
		{"ru without scripts", "ru", 1280, false},
	} {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			arriving := func(who, email, phone string, track review.Track) *applicant {
				tab := c.open(t, s, who, way.lang, way.width, way.scripts)
				tab.narrow = true
				return &applicant{tab: tab, person: people[who], track: track, email: email, phone: phone}
			}
			appointed := func(name string, role review.Role) *colleague {
				p := &colleague{tab: c.open(t, s, string(role), way.lang, 1366, true), email: "specimen." + string(role) + "@desk.test"}
				p.enrol(s.invite(name, p.email, string(role)))
				return p
			}
			reviewer := appointed(reviewerName, review.RoleReviewer)

			a := arriving(foreigner, "anirajan@example.org", "+998 90 123 45 67", review.ForeignCitizen)
			a.register()
			a.apply()
			reviewer.takeNext(a.number)
			reviewer.reads()
			if way.scripts { // the desk's own pages are the same in all ways
				appointed("Старшова Образина", review.RoleSeniorReviewer).passesBy(a.number)
				reviewer.opensSheets()
			}
			reviewer.asksForCorrections(a)
			a.correct()

			b := arriving(emigrant, "probegaj@example.org", "+7 907 000-00-17", review.FromAbroad)
			b.arrive()
			b.readsAround()
			b.register()
			b.apply()
			reviewer.waitFor(b.number)
			reviewer.picks(a.number)
			reviewer.approves(a)
			reviewer.isOn(b.number)
			reviewer.saved(a.number)
			reviewer.rejects(b, "doc:passport", "doc-damaged")
			a.holds()
			b.isRefused("doc-damaged")

			reviewer.visit(link.MyDecisions())
			reviewer.says(a.number, b.number)
			reviewer.signIn()
			reviewer.visit(link.Queue())
			reviewer.forgets()
			if way.scripts {
				for _, role := range []review.Role{review.RoleSupervisor, review.RoleAuditor, review.RolePrivacyOfficer, review.RoleSupportAgent, review.RoleAdministrator} {
					appointed("Образец "+string(role), role).walksRound(a.number)
				}
			}
		})
	}
	t.Cleanup(func() { t.Logf("axe looked at %d pages", inspected.Load()) })
}
