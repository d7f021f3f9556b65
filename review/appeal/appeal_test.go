package appeal_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"okno/db/desktest"
	"okno/rbac"
	"okno/review"
	"okno/review/appeal"
	"okno/review/reviewtest"
)

type desk struct {
	*desktest.Desk
	appeals *appeal.Service
}

func open(t *testing.T) *desk {
	t.Helper()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	d := desktest.Open(t)
	return &desk{d, &appeal.Service{Gate: gate, Store: d.Store, Clock: d.Clock, Words: func(_ context.Context, n review.Notice) (appeal.Letter, error) {
		return appeal.Letter{Subject: string(n.Kind) + " " + n.Language, Text: n.Params["number"] + ": " + n.Params["answer"]}, nil
	}}}
}

// appealed is a refusal with an appeal against it.
func (d *desk) appealed(t *testing.T, by review.Actor) *review.Submission {
	t.Helper()
	s := d.Decided(t, by, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}})
	d.Clock.Add(time.Hour)
	return d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.MakeAppeal(reviewtest.Applicant(s.Account), "Другой человек.", d.Clock.Now())
	})
}

func TestWhoMayAnswer(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	s := d.appealed(t, reviewtest.Senior)
	for _, c := range []struct {
		by   review.Actor
		want error
	}{
		{reviewtest.Anna, review.ErrForbidden}, {reviewtest.Auditor, review.ErrForbidden}, {review.Anonymous(), review.ErrUnauthenticated},
		{reviewtest.Applicant(s.Account), review.ErrForbidden}, {reviewtest.Senior, review.ErrAppealDecider}, {reviewtest.Supervisor, nil},
	} {
		if _, err := d.appeals.Open(ctx, c.by, s.ID); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s opens: %v, want %v", c.by.FirstRole(), err, c.want)
		}
		if _, err := d.appeals.Letter(ctx, c.by, s.ID, review.AppealUpheld, "", "ru"); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s looks: %v, want %v", c.by.FirstRole(), err, c.want)
		}
		if c.want == nil {
			continue
		}
		if _, err := d.appeals.Answer(ctx, c.by, s.ID, s.Version, review.AppealUpheld, ""); !errors.Is(err, c.want) {
			t.Errorf("%s answers: %v, want %v", c.by.FirstRole(), err, c.want)
		}
	}
	d.appeals.Own = func(_ context.Context, by review.Actor, account review.AccountID) (bool, error) {
		return by.Staff == reviewtest.Supervisor.Staff && account == s.Account, nil
	}
	if _, err := d.appeals.Open(ctx, reviewtest.Supervisor, s.ID); !errors.Is(err, review.ErrInterest) {
		t.Errorf("an application of one's own: %v", err)
	}
	if _, err := d.appeals.Answer(ctx, reviewtest.Supervisor, s.ID, s.Version, review.AppealUpheld, ""); !errors.Is(err, review.ErrInterest) {
		t.Errorf("an application of one's own: %v", err)
	}
	if s, err := d.Store.Submission(ctx, s.ID); err != nil || !s.Appeal.Open() {
		t.Errorf("the appeal was answered: %v", err)
	}
}

func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		outcome review.AppealOutcome
		answer  string
		status  review.Status
	}{
		{review.AppealUpheld, "", review.InReview}, {review.AppealPartly, " Нужен снимок. ", review.InReview}, {review.AppealDismissed, "Данные те же.", review.Rejected},
	} {
		t.Run(string(c.outcome), func(t *testing.T) {
			d := open(t)
			ctx := t.Context()
			s := d.appealed(t, reviewtest.Anna)
			l, err := d.appeals.Letter(ctx, reviewtest.Senior, s.ID, c.outcome, c.answer, "en")
			if err != nil || l.Subject != "appeal-"+string(c.outcome)+" en" || l.Text != s.Number.String()+": "+strings.TrimSpace(c.answer) {
				t.Errorf("%+v, %v", l, err)
			}
			if now, err := d.Store.Submission(ctx, s.ID); err != nil || !now.Appeal.Open() || now.Version != s.Version {
				t.Fatalf("a look changed the case: %v", err)
			}
			if _, err := d.appeals.Answer(ctx, reviewtest.Senior, s.ID, s.Version-1, c.outcome, c.answer); !errors.Is(err, review.ErrStale) {
				t.Errorf("over an old version: %v", err)
			}
			if _, err := d.appeals.Answer(ctx, reviewtest.Senior, s.ID, -1, c.outcome, c.answer); !errors.Is(err, review.ErrStale) {
				t.Errorf("over no version: %v", err)
			}
			for range 2 { // the form is sent twice
				after, err := d.appeals.Answer(ctx, reviewtest.Senior, s.ID, s.Version, c.outcome, c.answer)
				if err != nil {
					t.Fatal(err)
				}
				if after.Status != c.status || after.HeldBy(reviewtest.Senior.Staff, d.Clock.Now()) != (c.status == review.InReview) || after.Appeal.By != reviewtest.Senior.Staff {
					t.Errorf("%s, %+v", after.Status, after.Appeal)
				}
			}
			if n := d.Ledger.Count(review.EventAppealAnswered); n != 1 {
				t.Errorf("%d answers in the history", n)
			}
			notices := d.Ledger.Notices()
			if n := notices[len(notices)-1]; string(n.Kind) != "appeal-"+string(c.outcome) || n.Params["answer"] != strings.TrimSpace(c.answer) {
				t.Errorf("%+v", n)
			}
			if _, err := d.appeals.Answer(ctx, reviewtest.Supervisor, s.ID, s.Version, c.outcome, c.answer); review.KindOf(err) != review.Conflict {
				t.Errorf("a colleague answers, too: %v", err)
			}
		})
	}
}

func TestFaultyAnswers(t *testing.T) {
	d := open(t)
	s := d.appealed(t, reviewtest.Anna)
	for _, c := range []struct {
		outcome review.AppealOutcome
		answer  string
		want    string
	}{
		{"", "Нет.", "outcome unknown"}, {"perhaps", "Нет.", "outcome unknown"}, {review.AppealDismissed, " ", "answer empty"},
		{review.AppealUpheld, strings.Repeat("я", review.MaxAppeal+1), "answer length"},
	} {
		_, looked := d.appeals.Letter(t.Context(), reviewtest.Senior, s.ID, c.outcome, c.answer, "ru")
		_, err := d.appeals.Answer(t.Context(), reviewtest.Senior, s.ID, s.Version, c.outcome, c.answer)
		for _, err := range []error{looked, err} {
			e, ok := errors.AsType[*review.Error](err)
			if !ok || e.Kind != review.Invalid || e.Fields[0].Field+" "+e.Fields[0].Code != c.want {
				t.Errorf("%q %.10q: %v", c.outcome, c.answer, err)
			}
		}
	}
}
