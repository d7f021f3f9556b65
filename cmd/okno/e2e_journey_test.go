package main

import (
	"sync/atomic"
	"testing"

	"okno/review"
	"okno/views/link"
)

// inspected counts the pages that axe looked at.
var inspected atomic.Int64

// way is how a journey is walked.
type way struct {
	name, lang string
	width      int64
	scripts    bool // whether the applicants' scripts run
	bare       bool // at a desk without outside programs
}

// TestTheWholeWay walks from the first form to an active account and to a
// refusal, in real browsers at a desk in service: in both languages, once on a
// wide screen and once on a phone's, and once more with the applicants' scripts
// switched off; and, with and without scripts, at a desk that finds no program
// beside itself: no renderer, no reader of print, no malware scanner. Its pages are
// those of the others and are not looked at again.
func TestTheWholeWay(t *testing.T) {
	t.Parallel()
	for _, w := range []way{
		{name: "ru", lang: "ru", width: 1280, scripts: true},
		{name: "en", lang: "en", width: 360, scripts: true},
		{name: "ru without scripts", lang: "ru", width: 1280},
		{name: "without programs", lang: "en", width: 1280, scripts: true, bare: true},
		{name: "without programs and scripts", lang: "ru", width: 360, bare: true},
	} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			w.walk(t)
		})
	}
	t.Cleanup(func() { t.Logf("axe looked at %d pages", inspected.Load()) })
}

func (w way) walk(t *testing.T) {
	c, s := launch(t), serveWith(t, w.bare)
	opened := func(who, lang string, width int64, scripts bool) *tab {
		p := c.open(t, s, who, lang, width, scripts)
		p.unlooked = w.bare
		return p
	}
	arriving := func(who, email, phone string, track review.Track) *applicant {
		tab := opened(who, w.lang, w.width, w.scripts)
		tab.narrow = true
		return &applicant{tab: tab, person: people[who], track: track, email: email, phone: phone}
	}
	appointed := func(name string, role review.Role) *colleague {
		p := &colleague{tab: opened(string(role), w.lang, 1366, true), email: "specimen." + string(role) + "@desk.test"}
		p.enrol(s.invite(name, p.email, string(role)))
		return p
	}
	round := w.scripts && !w.bare // the desk's own pages are the same in all ways
	reviewer := appointed(reviewerName, review.RoleReviewer)

	a := arriving(foreigner, "anirajan@example.org", "+998 90 123 45 67", review.ForeignCitizen)
	a.register()
	a.apply()
	reviewer.takeNext(a.number)
	reviewer.reads()
	if round {
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
	if round {
		for _, role := range []review.Role{review.RoleSupervisor, review.RoleAuditor, review.RolePrivacyOfficer, review.RoleSupportAgent, review.RoleAdministrator} {
			appointed("Образец "+string(role), role).walksRound(a.number)
		}
	}
}
