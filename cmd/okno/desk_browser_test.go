package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"okno/review"
	"okno/review/check"
	"okno/review/queue"
	"okno/views/link"
)

// furnished is a desk on which every page beside the workbench has something to show.
type furnished struct {
	*house
	me                      review.Actor
	mine, twin, refused     *review.Submission
	supervisor, admin, audi review.Actor
}

// furnish makes one.
func furnish(t *testing.T) *furnished {
	t.Helper()
	h := openHouse(t)
	f := &furnished{house: h, me: h.appoint(review.RoleSeniorReviewer), supervisor: h.appoint(review.RoleSupervisor), admin: h.appoint(review.RoleAdministrator), audi: h.appoint(review.RoleAuditor)}
	colleague, now, ctx := h.appoint(review.RoleReviewer), h.clock.Now(), t.Context()
	f.mine, f.twin, f.refused = h.scanned(f.me), h.queued(), h.refusedTo(colleague)
	h.taken(colleague, h.decided(colleague, review.Decision{Outcome: review.Escalate, Note: "SPECIMEN"}))
	do := func(id review.SubmissionID, change step) *review.Submission {
		t.Helper()
		s, err := h.submissions.Update(ctx, id, 0, change)
		h.must(err)
		return s
	}
	f.mine = do(f.mine.ID, func(s *review.Submission) (review.Change, error) {
		s.Checks = append(slices.Clone(s.Checks), review.Check{Code: check.DuplicatePerson, Verdict: review.Fail, Effect: review.Hold, Reason: "certain",
			Values: map[string]string{"twin": string(f.twin.ID), "case": f.twin.Number.String()}, Print: "pair"})
		return review.Change{}, nil
	})
	f.refused = do(f.refused.ID, func(s *review.Submission) (review.Change, error) {
		return s.MakeAppeal(review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, "SPECIMEN: на странице видно всё. Посмотрите, пожалуйста, ещё раз.", now)
	})
	for range 2 {
		_, err := h.desk.verdict.AddNote(ctx, colleague, f.mine.ID, "SPECIMEN: посмотрите на подпись, она другая", f.me.Staff)
		h.must(err)
	}
	h.must(h.desk.verdict.Link(ctx, f.me, f.mine.ID, f.twin.Number.String()))
	aside := h.taken(f.me)
	_, err := h.queue.Park(ctx, f.me, aside.ID, "SPECIMEN: жду ответа консульства", now.Add(26*time.Hour))
	h.must(err)
	h.must(h.queue.SaveView(ctx, f.me, queue.Saved{Name: "Срочные", Query: "due=soon"}))
	for _, outcome := range []review.Outcome{review.Approve, review.Reject} {
		s, d := h.taken(f.me), review.Decision{Outcome: outcome, Note: "SPECIMEN"}
		if outcome == review.Reject {
			d.Items = []review.Item{{Reason: "duplicate-account"}}
		}
		do(s.ID, func(s *review.Submission) (review.Change, error) { return s.Decide(f.me, d, time.Hour, now) })
	}
	return f
}

// cutTables names the tables that are wider than their frames; those of figures may be, unless their
// rows fold. A pixel of what scrolls may be rounding; the width of the table itself tells.
const cutTables = `[...document.querySelectorAll('table.table')].filter(t => t.matches('[data-rows]') || !t.querySelector('[data-num]')).map(t => t.closest('.table-wrap'))
  .filter(w => w.scrollWidth > w.clientWidth + 1 ||
    w.querySelector('table').getBoundingClientRect().width > w.getBoundingClientRect().width - (w.offsetWidth - w.clientWidth) + 0.5).map(w => w.getAttribute('aria-label') + ' by ' + (w.scrollWidth - w.clientWidth)).join(', ')`

// TestPagesBesideTheBench runs axe over the desk's other pages with something on
// each, in light, dark and forced colours, and looks whether they fit 320 pixels.
func TestPagesBesideTheBench(t *testing.T) {
	t.Parallel()
	f := furnish(t)
	site, browser := f.live(), launch(t)
	id, appealed := string(f.mine.ID), string(f.refused.ID)
	for _, way := range []struct{ colours, lang string }{{"light", "ru"}, {"dark", "en"}, {"forced", "ru"}} {
		t.Run(way.colours, func(t *testing.T) {
			p := browser.open(t, site, "beside-"+way.colours, way.lang, 1366, true)
			p.narrow = true
			p.looksLike(way.colours)
			p.signedIn(f.house, f.me)
			if way.colours == "light" {
				p.visit(link.Queue())
				if got := p.text(`nav.sections a[href="` + link.Mentions() + `"] .count`); got != "2" {
					t.Errorf("%q remarks are told as new", got)
				}
			}
			fits := func(name string) {
				t.Helper()
				p.photograph(name)
				p.inspect(name)
				p.size(320)
				p.inspect(name + " at 320")
				if wide := eval[float64](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
					t.Errorf("%s scrolls sideways by %v pixels: %s", name, wide, eval[string](p, widest))
				}
				for _, width := range []int64{320, 768} {
					p.size(width)
					if cut := eval[string](p, cutTables); cut != "" {
						t.Errorf("%s at %d: rows that should fold scroll in their frame: %s", name, width, cut)
					}
				}
				p.size(p.width)
			}
			for name, path := range map[string]string{
				"queue": link.Queue(), "mine": link.QueueView("mine", "", "", "", "", ""), "second": link.QueueView("second", "", "", "", "", ""), "filtered": link.QueueView("", "", "", "", "today", ""),
				"nothing": link.QueueView("unreachable", "", "", "", "", ""), "appeals": link.Appeals(), "pair": link.Duplicate(id, string(f.twin.ID)), "history": link.CaseHistory(id),
				"mentions": link.Mentions(), "decisions": link.MyDecisions(), "answer": link.CaseAppeal(appealed), "settings": link.Settings(),
			} {
				p.visit(path)
				fits(name)
			}
			for name, case_ := range map[string]string{"bench": id, "appealed": appealed} {
				p.visit(link.Case(case_))
				p.until("document.querySelector('[data-viewer][data-ready]')")
				if below := eval[float64](p, "document.documentElement.scrollHeight - document.querySelector('.foot').getBoundingClientRect().bottom"); below > 1 {
					t.Errorf("%s: %v pixels of nothing below the foot", name, below)
				}
				fits(name)
			}
			p.visit(link.Search())
			fits("search")
			p.fill("text", "nobody@example.org")
			p.send(link.Search())
			fits("found nobody")
			p.fill("text", strings.ReplaceAll(f.mine.Number.String(), " ", ""))
			p.send(link.Search())
			fits("found")
			p.visit(link.CaseHistory(id))
			p.refused(link.CaseAction(id, "park"))
			p.send(link.CaseAction(id, "park"))
			fits("not parked")
			if way.colours == "light" { // a decision is taken back from the list by key, row by row
				p.visit(link.MyDecisions())
				p.keystroke("KeyJ", "о", 0)
				p.keystroke("KeyJ", "о", 0)
				number := eval[string](p, "document.activeElement.closest('tr').querySelector('th').innerText")
				p.leave(func() { p.keystroke("KeyZ", "я", 0) })
				if !strings.Contains(eval[string](p, "location.search"), "undone") || p.text("h1") != number {
					t.Errorf("after Z in the row of %s: %s", number, p.text("h1"))
				}
			}
			for who, paths := range map[string][]string{"supervisor": {link.Appeals(), link.Report()}, "admin": {link.StaffList(), link.System()}, "auditor": {link.Audit(), link.AccessLog()}} {
				call(p, network.ClearBrowserCookies, cdp.Empty{})
				p.signedIn(f.house, map[string]review.Actor{"supervisor": f.supervisor, "admin": f.admin, "auditor": f.audi}[who])
				for _, path := range paths {
					p.visit(path)
					fits(who + path)
				}
			}
		})
	}
}
