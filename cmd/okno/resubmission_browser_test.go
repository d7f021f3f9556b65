package main

import (
	"os"
	"path/filepath"
	"testing"

	"okno/review"
	"okno/views/link"
)

// resubmitted is a case that came back with a new passport page and another
// surname, in the same reviewer's hands again.
func (h *house) resubmitted(reviewer review.Actor) *review.Submission {
	h.t.Helper()
	s := h.scanned(reviewer)
	by, now := review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, h.clock.Now()
	do := func(steps ...step) {
		h.t.Helper()
		for _, change := range steps {
			var err error
			s, err = h.submissions.Update(h.t.Context(), s.ID, 0, change)
			h.must(err)
		}
	}
	do(func(s *review.Submission) (review.Change, error) {
		return s.MarkTarget(reviewer, review.Target{Field: review.GivenName}, true, now)
	}, h.decided(reviewer, review.Decision{Outcome: review.RequestCorrection, Note: "SPECIMEN", Items: []review.Item{
		{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}, {Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"},
	}}))
	body, err := os.ReadFile(filepath.Join(specimens, "s002_passport.jpg"))
	h.must(err)
	h.uploads(by, s.ID, review.SlotPassport, "SPECIMEN-2.jpg", body)
	do(func(s *review.Submission) (review.Change, error) {
		return s.Save(by, "person", review.Answers{review.Surname: {Typed: "Образцов", Value: "Образцов"}}, now)
	}, func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) })
	return s
}

// TestWhatChangedIsOneKeyAway opens a case that came back: the old value is struck
// through, the old scan stands beside the new one after one key, and a field that
// was read from the page leads to its place.
func TestWhatChangedIsOneKeyAway(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.resubmitted(reviewer)
	p := launch(t).open(t, h.live(), "reviewer", "ru", 1366, true)
	p.signedIn(h, reviewer)
	p.visit(link.Case(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	if n := eval[float64](p, "document.querySelectorAll('table.pairs del').length"); n != 1 {
		t.Errorf("%v values are struck through, want 1", n)
	}
	if n := eval[float64](p, "document.querySelectorAll('[data-before]').length"); n != 1 {
		t.Errorf("%v documents have an earlier version, want 1", n)
	}
	p.keystroke("KeyD", "в", 0)
	p.until("!document.querySelector('[data-pinned]').hidden")
	old := eval[string](p, "document.querySelector('[data-pick]').value")
	now := eval[string](p, "document.querySelector('a[data-page][aria-current]').dataset.page")
	if doc, _ := s.Document(review.SlotPassport); now != review.PageID(doc.ID, 1) || old == now {
		t.Errorf("%s stands beside %s", old, now)
	}
	x, y := fits(p.stageArea(besideStage), 0, 0) // the first round's sheet carries its dot
	at := p.looks(besideStage)
	near(t, "the old scan", at.x, at.y, x, y, 3)
	p.look()
	p.keystroke("KeyD", "в", 0)
	p.until("document.querySelector('[data-pinned]').hidden")

	p.click(`a[data-row-key="D"]`)
	p.until("!document.querySelector('[data-pinned]').hidden")
	p.keystroke("KeyP", "з", 0)
	p.until("document.querySelector('[data-pinned]').hidden")

	p.keystroke("BracketRight", "ъ", 0) // another document is in view
	p.until("document.querySelector('a[data-page][aria-current]').dataset.page !== " + quote(now))
	row := "tr[data-box]"
	if !p.has(row) {
		t.Fatal("no field knows its place on the page")
	}
	eval[bool](p, "document.activeElement.blur(), document.querySelector('"+row+" button').focus(), true")
	p.until("document.querySelector('a[data-page][aria-current]').dataset.page === " + quote(now) + " && document.querySelector('.spot[data-kind=place]')")
	spot, area := p.place(".spot[data-kind=place]"), p.stageArea(mainStage)
	if spot.X < area.X-1 || spot.Y < area.Y-1 || spot.X+spot.W > area.X+area.W+1 || spot.Y+spot.H > area.Y+area.H+1 || spot.H < 14 {
		t.Errorf("the place %+v is not readable on the stage %+v", spot, area)
	}
	p.photograph("place of a field")
	p.keystroke("KeyR", "к", 0)
	turned := p.place(".spot[data-kind=place]")
	if (turned.W > turned.H) == (spot.W > spot.H) {
		t.Errorf("the place did not turn with the page: %+v, %+v", spot, turned)
	}
	p.keystroke("KeyD", "в", 0)
	p.keystroke("KeyX", "ч", 0)
}

// TestTheSecondWindowFollows opens the window for another monitor and chooses a
// page in each of both.
func TestTheSecondWindowFollows(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.scanned(reviewer)
	p := launch(t).open(t, h.live(), "reviewer", "en", 1366, true)
	p.signedIn(h, reviewer)
	p.visit(link.Case(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	eval[bool](p, `new Promise(r => { window.heard = []; const c = new BroadcastChannel('okno-`+string(s.ID)+`'); c.onmessage = e => window.heard.push(e.data); window.line = c; r(true) })`)
	pages := eval[[]string](p, "[...document.querySelectorAll('a[data-page]')].map(e => e.dataset.page)")
	p.keystroke("PageDown", "PageDown", 0)
	p.until("window.heard.some(m => m.page === " + quote(pages[1]) + ")")
	eval[bool](p, "window.line.postMessage({page: "+quote(pages[4])+"}), true")
	p.until("document.querySelector('a[data-page=\"" + pages[4] + "\"][aria-current]')")
	eval[bool](p, "window.line.postMessage({spot: {x: 0.1, y: 0.1, w: 0.2, h: 0.05}}), true")
	p.until("document.querySelector('.spot[data-kind=place]')")

	p.visit(link.CaseScans(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	if p.has(`[data-view="window"]`) || p.has(".decision") {
		t.Error("the second window holds more than the scans")
	}
	area := p.stageArea(mainStage)
	if area.W < 1100 || area.H < 600 {
		t.Errorf("the scan has %+v of the window", area)
	}
	x, y := fits(area, 0, 0)
	at := p.looks(mainStage)
	near(t, "the scan in its own window", at.x, at.y, x, y, 3)
}
