package main

import (
	"testing"

	"github.com/chromedp/cdproto/network"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// signedInAs gives the tab the session of an account.
func (p *tab) signedInAs(h *house, account review.AccountID) {
	p.t.Helper()
	for name, value := range map[string]string{web.ApplicantCookie: h.accountToken(account), web.LanguageCookie: p.lang} {
		call(p, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: p.site.base, Path: "/", Secure: new(true), HTTPOnly: new(true)})
	}
}

// refusedTo queues a case with pictures and refuses it.
func (h *house) refusedTo(by review.Actor) *review.Submission {
	h.t.Helper()
	s := h.photographed()
	for _, do := range []step{
		func(s *review.Submission) (review.Change, error) { return s.Take(by, h.clock.Now()) },
		h.decided(by, review.Decision{Outcome: review.Reject, Note: "SPECIMEN", Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-damaged"}}}),
	} {
		var err error
		s, err = h.submissions.Update(h.t.Context(), s.ID, 0, do)
		h.must(err)
	}
	return s
}

// TestAnAppealIsAnsweredAndRead follows an appeal from the applicant who writes it
// to the colleague who answers it beside the papers, and back: once dismissed, by
// keys, on a wide screen, and once upheld, on a telephone.
func TestAnAppealIsAnsweredAndRead(t *testing.T) {
	t.Parallel()
	c := launch(t)
	for _, way := range []struct {
		lang    string
		width   int64
		outcome review.AppealOutcome
		answer  string
	}{
		{"ru", 1366, review.AppealDismissed, "SPECIMEN: на странице нет угла."}, {"en", 360, review.AppealUpheld, "SPECIMEN: the page is whole."},
	} {
		t.Run(way.lang, func(t *testing.T) {
			h := openHouse(t)
			words := func(key string, args ...any) string { return i18n.Text(way.lang, key, args...) }
			reviewer, judge := h.appoint(review.RoleReviewer), h.appoint(review.RoleSeniorReviewer)
			s := h.refusedTo(reviewer)
			id, live := string(s.ID), h.live()

			a := c.open(t, live, "applicant", way.lang, 360, true)
			a.narrow = true
			a.signedInAs(h, s.Account)
			a.visit(link.Status())
			a.link(link.Appeal())
			a.fill("appeal", "SPECIMEN: the page is whole.")
			a.send(link.Appeal())
			a.says(words("progress.appeal.open"))

			p := c.open(t, live, "judge", way.lang, way.width, true)
			p.narrow = true
			p.signedIn(h, judge)
			p.visit(link.Queue())
			p.link(link.Appeals())
			p.says(s.Number.String(), words("queue.appealWaits"))
			p.photograph("appeals")
			p.link(link.Case(id))
			p.until("document.querySelector('[data-viewer][data-ready]')")
			p.says("SPECIMEN: the page is whole.", words("appeal.waits"))
			p.photograph("appeal")
			if way.outcome == review.AppealDismissed {
				p.keystroke("Digit1", "1", 0)
			} else {
				p.click(`.decision a[href="` + link.CaseAppeal(id) + `"]`)
			}
			p.until("document.querySelector('#verdict-form')")
			p.inspect("the form")
			p.refused(link.CaseAppeal(id))
			p.click(`#verdict-form button[value=check]`)
			p.until("document.querySelector('.error-summary')")
			p.inspect("the form with faults")
			p.fill("outcome", string(way.outcome), "answer", way.answer)
			p.photograph("answer")
			p.click(`#verdict-form button[value=check]`)
			p.until("document.querySelector('#decision-panel .decision-preview')")
			p.says(way.answer, i18n.Text("ru", "notice.appeal-"+string(way.outcome)+".subject", "number", s.Number.String()), words("appeal.follows.sent"))
			p.inspect("the last look")
			p.photograph("last-look")
			p.follow(`#verdict-form button[value=send]`)
			if way.outcome == review.AppealDismissed {
				p.at(link.AppealsAnswered())
				p.says(words("appeal.sent"), words("queue.empty.appeals"))
			} else {
				p.at(link.CaseAnswered(id))
				p.says(words("appeal.back"), words("appeal.outcome.upheld"))
				if !p.has(`.decision a[href="` + link.Verdict(id, "approve") + `"]`) {
					t.Error("the case cannot be decided")
				}
			}
			p.photograph("answered")

			a.visit(link.Status())
			a.says(words("progress.appeal."+string(way.outcome)), way.answer, words("progress.event.appeal-answered"))
			a.photograph("appeal-status")
			if a.has(`a[href="` + link.Appeal() + `"]`) {
				t.Error("a second appeal is offered")
			}
		})
	}
}
