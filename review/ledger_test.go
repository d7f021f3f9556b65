package review_test

import (
	"errors"
	"testing"
	"time"

	"okno/review"
)

var holding = review.Check{Code: "mrz-name", Verdict: review.Fail, Effect: review.Hold, Reason: "other", Target: review.Target{Field: review.SurnameLatin}, Print: "p1", FourEyes: true}

// held is a submission in the hands of a reviewer, with a hold.
func held(t *testing.T, checks ...review.Check) (*review.Submission, review.Actor, time.Time) {
	t.Helper()
	at := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	by := review.Actor{Staff: "anna", Name: "Anna", Roles: []review.Role{review.RoleReviewer}}
	s := &review.Submission{ID: "s", Track: review.ForeignCitizen, Status: review.Checking, Round: 1, Answers: review.Answers{review.BirthDate: {Value: "1991-03-14"}}}
	if _, err := s.Checked(review.System(), checks, at); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Take(by, at); err != nil {
		t.Fatal(err)
	}
	return s, by, at
}

func TestAnUnansweredHoldRefusesApproval(t *testing.T) {
	s, by, at := held(t, holding)
	if _, err := s.Decide(by, review.Decision{Outcome: review.Approve}, 0, at); review.KindOf(err) != review.Invalid {
		t.Fatalf("approved over a hold: %v", err)
	}
	if _, err := s.FalseAlarm(by, "p1", " ", at); review.KindOf(err) != review.Invalid {
		t.Errorf("a false alarm without a word: %v", err)
	}
	c, err := s.FalseAlarm(by, "p1", "Отчество в строке паспорта", at)
	if err != nil || len(c.Events) != 1 || c.Events[0].Type != review.EventFalseAlarm {
		t.Fatalf("%v, %v", c.Events, err)
	}
	for k, v := range c.Events[0].Detail {
		if v == "Отчество в строке паспорта" {
			t.Errorf("the history holds free text in %s", k)
		}
	}
	if len(s.Holds()) != 0 || s.Lane != review.LaneGreen {
		t.Errorf("%d holds in lane %s", len(s.Holds()), s.Lane)
	}
	d := review.Decision{Outcome: review.Approve}
	if !s.NeedsSecond(&d) {
		t.Error("one person's word took the second pair of eyes away")
	}
	if _, err := s.Decide(by, d, 0, at); err != nil {
		t.Errorf("not approved: %v", err)
	}
}

func TestAFalseAlarmCanBeTakenBack(t *testing.T) {
	s, by, at := held(t, holding)
	if _, err := s.TrueAlarm(by, "p1", at); !errors.Is(err, review.ErrTransition) {
		t.Errorf("nothing to take back: %v", err)
	}
	if _, err := s.FalseAlarm(by, "p1", "видно и так", at); err != nil {
		t.Fatal(err)
	}
	if _, err := s.TrueAlarm(by, "p1", at); err != nil {
		t.Fatal(err)
	}
	if len(s.Holds()) != 1 || s.Lane != review.LaneAttention {
		t.Errorf("%d holds in lane %s", len(s.Holds()), s.Lane)
	}
}

func TestOnlyTheHolderAnswersChecks(t *testing.T) {
	s, by, at := held(t, holding)
	other := review.Actor{Staff: "boris", Name: "Boris", Roles: []review.Role{review.RoleReviewer}}
	if _, err := s.FalseAlarm(other, "p1", "x", at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a colleague: %v", err)
	}
	if _, err := s.FalseAlarm(by, "p1", "x", at.Add(review.LeaseTerm)); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("after the lease: %v", err)
	}
	if _, err := s.FalseAlarm(by, "p2", "x", at); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("another print: %v", err)
	}
	if _, err := s.FalseAlarm(by, "", "x", at); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("no print: %v", err)
	}
	if _, err := s.Rechecked(other, nil, at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("rechecked by a colleague: %v", err)
	}
	if _, err := s.Rechecked(review.System(), nil, at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("rechecked behind the reviewer's back: %v", err)
	}
}

func TestAFalseAlarmStaysWhileTheInputsStay(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*review.Check)
		stays  bool
	}{
		{"nothing changed", func(*review.Check) {}, true},
		{"another version of the rule", func(c *review.Check) { c.Rule = "2027-01" }, true},
		{"other inputs", func(c *review.Check) { c.Print = "p2" }, false},
		{"another finding", func(c *review.Check) { c.Reason = "similar-spelling" }, false},
		{"nothing found any more", func(c *review.Check) { c.Verdict = review.Pass }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, by, at := held(t, holding)
			if _, err := s.FalseAlarm(by, "p1", "видно и так", at); err != nil {
				t.Fatal(err)
			}
			again := holding
			c.change(&again)
			if _, err := s.Rechecked(by, []review.Check{again}, at.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if got := s.Checks[0].Alarm != nil; got != c.stays {
				t.Errorf("stays: %v", got)
			}
		})
	}
}

func TestRecheckingTellsWhatChanged(t *testing.T) {
	s, by, at := held(t, holding)
	c, err := s.Rechecked(by, []review.Check{holding}, at)
	if err != nil || len(c.Events) != 0 || len(c.Ledger) != 0 {
		t.Errorf("without a difference: %v, %v", c.Events, err)
	}
	blocking := review.Check{Code: "document-expiry", Verdict: review.Fail, Effect: review.Block, Reason: "expired", Print: "p9"}
	c, err = s.Rechecked(by, []review.Check{blocking}, at)
	if err != nil || len(c.Events) != 1 || c.Events[0].Detail["changed"] != "2" || len(c.Ledger) != 1 {
		t.Errorf("%v, %v", c.Events, err)
	}
	if s.Status != review.InReview || s.Checks[0].Effect != review.Hold {
		t.Errorf("a machine closed a case in hand: %s, %s", s.Status, s.Checks[0].Effect)
	}
}
