package handlers_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/appeal"
	"okno/review/reviewtest"
	"okno/views/i18n"
	"okno/views/link"
)

// letter stands for the words of a notice.
func letter(_ context.Context, n review.Notice) (appeal.Letter, error) {
	return appeal.Letter{Subject: i18n.Text(n.Language, "notice."+string(n.Kind)+".subject", "number", n.Params["number"]),
		Text: i18n.Text(n.Language, "notice."+string(n.Kind)+".text", "number", n.Params["number"], "answer", n.Params["answer"])}, nil
}

const objection = "Это другой человек.\nФамилии похожи."

// appealed is a refusal by Anna with an appeal against it.
func (o *office) appealed() *review.Submission {
	o.t.Helper()
	s := o.Decided(o.t, reviewtest.Anna, review.Decision{Outcome: review.Reject, Note: "тот же паспорт", Items: []review.Item{{Reason: "duplicate-account"}}})
	o.Clock.Add(time.Hour)
	return o.Do(o.t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.MakeAppeal(reviewtest.Applicant(s.Account), objection, o.Clock.Now())
	})
}

func TestAnAppealIsReadAndAnswered(t *testing.T) {
	for _, lang := range i18n.Languages() {
		for _, c := range []struct {
			outcome review.AppealOutcome
			answer  string
			status  review.Status
		}{{review.AppealUpheld, "", review.InReview}, {review.AppealPartly, "Нужен снимок.", review.InReview}, {review.AppealDismissed, "Паспорт тот же.", review.Rejected}} {
			t.Run(lang+" "+string(c.outcome), func(t *testing.T) {
				o := openOffice(t, holdTime)
				s := o.appealed()
				id, senior := string(s.ID), o.as(reviewtest.Senior)
				senior.lang = lang
				o.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { // a newer scan comes with it
					return s.PutDocument(reviewtest.Applicant(s.Account), o.Document(review.SlotPassport), o.Clock.Now())
				})
				list := senior.page(link.Appeals())
				if list.Find("tbody tr").Length() != 1 || list.Find(`tbody a[href="`+link.Case(id)+`"]`).Length() != 1 || strings.Contains(list.Text(), "ОБРАЗЦОВ") {
					t.Fatalf("the list: %s", words(list.Find("main")))
				}
				if got := words(list.Find(`nav.views [aria-current] .count`)); got != "1" {
					t.Errorf("%s appeals are counted", got)
				}
				bench := senior.page(link.Case(id))
				text := words(bench.Find("[data-appeal]"))
				for _, want := range []string{"Это другой человек.", "Фамилии похожи.", "тот же паспорт", reviewtest.Anna.Name} {
					if !strings.Contains(text, want) {
						t.Errorf("the appeal on the page lacks %q: %s", want, text)
					}
				}
				if bench.Find("[data-viewer]").Length() != 1 || bench.Find(".pages [data-page]").Length() != 3 || bench.Find("tr[data-mark=differs]").Length() != 1 {
					t.Errorf("%d pages are shown, %d rows as new", bench.Find(".pages [data-page]").Length(), bench.Find("tr[data-mark=differs]").Length())
				}
				if bench.Find(".decision [data-key]").Length() != 1 || bench.Find(`.decision a[href="`+link.CaseAppeal(id)+`"]`).Length() != 1 || bench.Find("[data-row-key=V]").Length() != 0 {
					t.Error("something else than an answer is offered")
				}
				if o.Ledger.Count(review.EventCaseOpened) != 1 {
					t.Error("nobody wrote down that the papers were opened")
				}

				form := senior.page(link.CaseAppeal(id))
				check := parse(t, senior.press(form, link.CaseAppeal(id), "outcome", string(c.outcome), "answer", c.answer, "act", "check"), 200)
				if check.Find(".notice li").Length() != 2 || check.Find("[lang=ru] strong").Length() != 1 || check.Find(".decision-preview").Length() != map[string]int{"ru": 1, "en": 2}[lang] || !strings.Contains(check.Text(), c.answer) {
					t.Errorf("the last look: %s", words(check.Find("main")))
				}
				if o.Ledger.Count(review.EventAppealAnswered) != 0 {
					t.Fatal("a look answered")
				}
				again := parse(t, senior.press(check, link.CaseAppeal(id), "act", "edit"), 200)
				if again.Find("#appeal-answer").Text() != c.answer || again.Find("input[name=outcome][checked]").AttrOr("value", "") != string(c.outcome) {
					t.Error("going back loses what was written")
				}
				to := location(t, senior.press(check, link.CaseAppeal(id), "act", "send"))
				if twice := location(t, senior.press(check, link.CaseAppeal(id), "act", "send")); twice != to || o.Ledger.Count(review.EventAppealAnswered) != 1 {
					t.Errorf("sent twice: %s and %s, %d answers", to, twice, o.Ledger.Count(review.EventAppealAnswered))
				}
				after := senior.page(to)
				if after.Find(".notice[data-kind=success]").Length() != 1 {
					t.Errorf("nothing says that the answer was sent: %s", words(after.Find("main")))
				}
				if c.status == review.InReview {
					if to != link.CaseAnswered(id) || after.Find("[data-key=\"2\"]").Length() != 1 || !strings.Contains(words(after.Find("[data-appeal]")), i18n.Text(lang, "appeal.outcome."+string(c.outcome))) {
						t.Errorf("at %s: %s", to, words(after.Find("[data-appeal]")))
					}
				} else if to != link.AppealsAnswered() || after.Find(".empty").Length() != 1 {
					t.Errorf("at %s", to)
				}
				if s, err := o.Store.Submission(t.Context(), s.ID); err != nil || s.Status != c.status || s.Appeal.By != reviewtest.Senior.Staff {
					t.Errorf("%s, %+v, %v", s.Status, s.Appeal, err)
				}
				if events := senior.page(link.CaseHistory(id)); !strings.Contains(words(events.Find(".timeline")), i18n.Text(lang, "appeal.outcome."+string(c.outcome))) {
					t.Error("the timeline does not tell of the answer")
				}
			})
		}
	}
}

func TestWhoReadsAnAppeal(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.appealed()
	id := string(s.ID)
	for _, c := range []struct {
		by           review.Actor
		list, answer int
		reads        bool // the papers
	}{
		{reviewtest.Anna, 403, 403, true}, // she decided
		{reviewtest.Boris, 403, 403, false}, {reviewtest.Senior, 200, 200, true}, {reviewtest.Supervisor, 200, 200, true},
	} {
		p := o.as(c.by)
		if got := p.do("GET", link.Appeals(), nil).StatusCode; got != c.list {
			t.Errorf("%s lists: %d", c.by.Name, got)
		}
		if got := p.do("GET", link.CaseAppeal(id), nil).StatusCode; got != c.answer {
			t.Errorf("%s answers: %d", c.by.Name, got)
		}
		page := p.page(link.Case(id))
		if got := strings.Contains(page.Text(), "Это другой человек"); got != c.reads {
			t.Errorf("%s reads the appeal: %v", c.by.Name, got)
		}
		if got := page.Find(`a[href="`+link.CaseAppeal(id)+`"]`).Length() == 1; got != (c.answer == 200) {
			t.Errorf("%s is offered to answer: %v", c.by.Name, got)
		}
	}
	for _, p := range []person{o.as(reviewtest.Boris), o.as(reviewtest.Anna)} {
		if tabs := p.page(link.Queue()).Find(`nav.views a[href="` + link.Appeals() + `"]`); tabs.Length() != 0 {
			t.Error("a reviewer is offered the appeals")
		}
	}
	answer := o.as(reviewtest.Auditor).do("GET", link.CaseAppeal(id), nil)
	if answer.StatusCode != 403 {
		t.Errorf("an auditor: %d", answer.StatusCode)
	}
	// Whoever decided with them is out, too, though the role would do.
	mine := o.Decided(t, reviewtest.Senior, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}})
	o.Do(t, mine.ID, func(s *review.Submission) (review.Change, error) {
		return s.MakeAppeal(reviewtest.Applicant(s.Account), objection, o.Clock.Now())
	})
	senior := o.as(reviewtest.Senior)
	if got := senior.do("GET", link.CaseAppeal(string(mine.ID)), nil).StatusCode; got != 403 {
		t.Errorf("the decider answers: %d", got)
	}
	if page := senior.page(link.Case(string(mine.ID))); !strings.Contains(words(page.Find(".decision")), i18n.Text("ru", "case.why.appeal-decider")) {
		t.Errorf("the decider is not told why: %s", words(page.Find(".decision")))
	}
}

func TestAFaultyOrLateAnswerKeepsWhatWasWritten(t *testing.T) {
	for _, htmx := range []bool{false, true} {
		o := openOffice(t, holdTime)
		s := o.appealed()
		url := link.CaseAppeal(string(s.ID))
		senior := o.as(reviewtest.Senior)
		form := senior.page(url)
		senior.htmx = htmx
		for _, act := range []string{"check", "send"} {
			for _, c := range []struct {
				outcome, answer, field string
			}{{"", "объяснение", "appeal-outcome"}, {"dismissed", " ", "appeal-answer"}, {"upheld", strings.Repeat("я", review.MaxAppeal+1), "appeal-answer"}} {
				doc := parse(t, senior.press(form, url, "outcome", c.outcome, "answer", c.answer, "act", act), 422)
				if got := doc.Find(".error-summary a").AttrOr("href", ""); got != "#"+c.field || doc.Find("#"+c.field).Length() != 1 || strings.TrimSpace(doc.Find("#appeal-answer").Text()) != strings.TrimSpace(c.answer) {
					t.Errorf("%s %q: the summary leads to %q", act, c.outcome, got)
				}
			}
		}
		if answer := senior.press(form, url, "act", "nonsense"); answer.StatusCode != 422 {
			t.Errorf("nonsense: %d", answer.StatusCode)
		}
		// The applicant adds a paper meanwhile.
		o.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
			return s.PutDocument(reviewtest.Applicant(s.Account), o.Document(review.SlotPassport), o.Clock.Now())
		})
		for _, act := range []string{"check", "send"} {
			doc := parse(t, senior.press(form, url, "outcome", "dismissed", "answer", "объяснение", "act", act), 409)
			if doc.Find("#appeal-answer").Text() != "объяснение" || !strings.Contains(doc.Text(), i18n.Text("ru", "appeal.staleTitle")) || doc.Find("input[name=outcome][checked]").AttrOr("value", "") != "dismissed" {
				t.Errorf("stale, %s: %s", act, words(doc.Selection))
			}
			if doc.Find("#verdict-version").AttrOr("value", "") == form.Find("#verdict-version").AttrOr("value", "-") {
				t.Error("the form keeps the old version")
			}
		}
		// A colleague answers first.
		o.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
			return s.AnswerAppeal(reviewtest.Supervisor, review.AppealDismissed, "Нет.", o.Clock.Now())
		})
		doc := parse(t, senior.press(form, url, "outcome", "upheld", "answer", "объяснение", "act", "send"), 409)
		if doc.Find("#appeal-answer").Text() != "объяснение" || doc.Find("button[value=check]").Length() != 0 || !strings.Contains(doc.Text(), i18n.Text("ru", "appeal.answeredTitle")) {
			t.Errorf("late: %s", words(doc.Selection))
		}
		if o.Ledger.Count(review.EventAppealAnswered) != 1 {
			t.Error("two answers")
		}
	}
}

// An appeal cannot bring a case back while the same person has another one open.
func TestAnAppealBesideANewApplication(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.appealed()
	now := o.Clock.Now()
	other, c := review.NewSubmission(reviewtest.Applicant(s.Account), review.SubmissionID(o.IDs.NewID()), o.IDs.NewNumber(), review.ForeignCitizen, "ru", now)
	if err := o.Store.Create(t.Context(), other, c); err != nil {
		t.Fatal(err)
	}
	url := link.CaseAppeal(string(s.ID))
	senior := o.as(reviewtest.Senior)
	doc := parse(t, senior.press(senior.page(url), url, "outcome", "upheld", "answer", "объяснение", "act", "send"), 409)
	if doc.Find("#appeal-answer").Text() != "объяснение" || !strings.Contains(doc.Text(), i18n.Text("ru", "error.already-open.title")) || doc.Find("button[value=check]").Length() != 1 {
		t.Errorf("%s", words(doc.Find("main")))
	}
	location(t, senior.press(doc, url, "outcome", "dismissed", "answer", "Решайте новое.", "act", "send"))
}
