package review_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"okno/review"
)

// appealed is a refusal by two pairs of eyes with an appeal against it.
func appealed(t *testing.T) *walk {
	t.Helper()
	w := in(t, review.Rejected)
	w.wait(24 * time.Hour)
	w.did(w.s.MakeAppeal(applicant, "Фото в паспорте моё.", w.at))
	return w
}

func TestAnAppealIsMadeOncePerDecisionAndInTime(t *testing.T) {
	for _, c := range []struct {
		name  string
		after time.Duration
		by    review.Actor
		text  string
		want  error
	}{
		{"at once", 0, applicant, "Нет.", nil},
		{"at the last moment", review.AppealTerm, applicant, "Нет.", nil},
		{"too late", review.AppealTerm + time.Millisecond, applicant, "Нет.", review.ErrAppealLate},
		{"without words", 0, applicant, "  ", review.Faulty()},
		{"too many words", 0, applicant, strings.Repeat("я", review.MaxAppeal+1), review.Faulty()},
		{"somebody else", 0, stranger, "Нет.", review.ErrNotFound},
		{"the desk", 0, anna, "Нет.", review.ErrNotFound},
	} {
		w := in(t, review.Rejected)
		change, err := w.s.MakeAppeal(c.by, c.text, w.at.Add(c.after))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
			continue
		}
		if (err == nil) != (w.s.Appeal != nil) {
			t.Errorf("%s: kept %v", c.name, w.s.Appeal != nil)
		}
		if err == nil && (len(change.Notices) != 1 || change.Notices[0].Kind != review.NoticeAppealMade || w.s.Status != review.Rejected) {
			t.Errorf("%s: %+v", c.name, change)
		}
	}
	for _, status := range review.Statuses {
		if status == review.Rejected {
			continue
		}
		if w := in(t, status); true {
			if _, err := w.s.MakeAppeal(applicant, "Нет.", w.at); !errors.Is(err, review.ErrTransition) {
				t.Errorf("an appeal in %s: %v", status, err)
			}
		}
	}
	w := appealed(t)
	if _, err := w.s.MakeAppeal(applicant, "И ещё.", w.at); !errors.Is(err, review.ErrAppealed) {
		t.Errorf("a second appeal: %v", err)
	}
	w.did(w.s.AnswerAppeal(senior, review.AppealDismissed, "Решение остаётся.", w.at))
	if _, err := w.s.MakeAppeal(applicant, "И ещё.", w.at); !errors.Is(err, review.ErrAppealed) {
		t.Errorf("an appeal against the same decision after the answer: %v", err)
	}
}

func TestWhoDecidedDoesNotJudgeTheAppeal(t *testing.T) {
	w := appealed(t) // anna decided, boris agreed
	for _, by := range []review.Actor{anna, boris} {
		if _, err := w.s.AnswerAppeal(by, review.AppealDismissed, "Нет.", w.at); !errors.Is(err, review.ErrAppealDecider) {
			t.Errorf("%s judges: %v", by.Staff, err)
		}
	}
	w.s.Recused = []review.StaffID{senior.Staff}
	if _, err := w.s.AnswerAppeal(senior, review.AppealDismissed, "Нет.", w.at); !errors.Is(err, review.ErrInterest) {
		t.Errorf("with an interest in the case: %v", err)
	}
	w.s.Recused = nil
	if _, err := w.s.AnswerAppeal(applicant, review.AppealUpheld, "", w.at); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("the applicant judges: %v", err)
	}
	if _, err := w.s.AnswerAppeal(senior, "perhaps", "", w.at); review.KindOf(err) != review.Invalid {
		t.Errorf("an outcome that does not exist: %v", err)
	}
	if _, err := w.s.AnswerAppeal(senior, review.AppealDismissed, " ", w.at); review.KindOf(err) != review.Invalid {
		t.Errorf("a dismissal without a word: %v", err)
	}
	w.did(w.s.AnswerAppeal(senior, review.AppealUpheld, "", w.at))
	if w.s.Status != review.InReview || !w.s.HeldBy(senior.Staff, w.at) || !w.s.ClosedAt.IsZero() || w.s.DueAt.Before(w.at.Add(review.ServiceFloor)) {
		t.Fatalf("after an upheld appeal: %s, due %s", w.s.Status, w.s.DueAt)
	}
	w.did(w.s.Release(senior, false, w.at))
	for _, by := range []review.Actor{anna, boris} {
		if _, err := w.s.Take(by, w.at); !errors.Is(err, review.ErrAppealDecider) {
			t.Errorf("%s decides again: %v", by.Staff, err)
		}
	}
	// A new refusal can be appealed against, and by then the new decider is out, too.
	w.take(supervisor).decide(supervisor, review.Decision{Outcome: review.Reject, Note: "нет", Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-damaged"}}})
	if w.s.Status != review.Rejected {
		t.Fatalf("it is %s", w.s.Status)
	}
	w.did(w.s.MakeAppeal(applicant, "Снова нет.", w.at))
	if _, err := w.s.AnswerAppeal(supervisor, review.AppealUpheld, "", w.at); !errors.Is(err, review.ErrAppealDecider) {
		t.Errorf("the last decider judges: %v", err)
	}
}

func TestAPartlyUpheldAppealLeadsToCorrections(t *testing.T) {
	w := appealed(t)
	w.s.Requests = review.MaxRounds // used up before
	w.did(w.s.AnswerAppeal(senior, review.AppealPartly, "Нужен другой снимок.", w.at))
	if n := w.c.Notices[0]; n.Kind != review.NoticeAppealPartly || n.Params["answer"] == "" {
		t.Errorf("told %+v", n)
	}
	w.decide(senior, blurred(review.SlotPassport))
	if w.s.Status != review.CorrectionRequested {
		t.Fatalf("it is %s", w.s.Status)
	}
}

func TestNewPapersGoWithAnOpenAppealOnly(t *testing.T) {
	w := in(t, review.Rejected)
	paper := review.Document{ID: "doc-9", Slot: review.SlotPassport}
	if _, err := w.s.PutDocument(applicant, paper, w.at); !errors.Is(err, review.ErrTransition) {
		t.Errorf("without an appeal: %v", err)
	}
	w = appealed(t)
	w.did(w.s.PutDocument(applicant, paper, w.at))
	if len(w.c.Retired) != 1 || w.c.Added[0].Round != w.s.Round {
		t.Errorf("put %+v", w.c)
	}
	if _, err := w.s.Save(applicant, "person", review.Answers{review.Surname: {Typed: "X", Value: "X"}}, w.at); err == nil {
		t.Error("an answer was changed beside an appeal")
	}
	w.did(w.s.AnswerAppeal(senior, review.AppealDismissed, "Нет.", w.at))
	if _, err := w.s.PutDocument(applicant, paper, w.at); !errors.Is(err, review.ErrTransition) {
		t.Errorf("after the answer: %v", err)
	}
}

func TestTheAnswerIsDueInWorkingDays(t *testing.T) {
	w := in(t, review.Rejected)
	w.at = time.Date(2026, 12, 4, 15, 0, 0, 0, time.UTC) // a Friday
	w.did(w.s.MakeAppeal(applicant, "Нет.", w.at))
	if got := w.s.Appeal.Target.Format(time.DateOnly); got != "2026-12-11" {
		t.Errorf("target %s", got)
	}
	if got := w.s.Appeal.Limit.Format(time.DateOnly); got != "2026-12-25" {
		t.Errorf("limit %s", got)
	}
}
