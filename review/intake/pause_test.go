package intake_test

import (
	"errors"
	"testing"
	"time"

	"okno/review"
	"okno/review/intake"
)

// refuse sends the applicant's draft and lets the desk reject it at once.
func (d *desk) refuse(t *testing.T) *review.Submission {
	t.Helper()
	s := d.complete(t)
	if _, err := d.intake.Send(t.Context(), applicant, s.Version); err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(s *review.Submission) (review.Change, error){
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, d.now) },
		func(s *review.Submission) (review.Change, error) {
			return s.Decide(reviewer, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}}, 0, d.now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Settle(d.now) },
	} {
		var err error
		if s, err = d.store.Update(t.Context(), s.ID, 0, step); err != nil {
			t.Fatal(err)
		}
	}
	if s.Status != review.Rejected {
		t.Fatalf("the submission is %s", s.Status)
	}
	return s
}

func TestThreeRejectionsWithinThirtyDaysArePausedForSeven(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	for range review.RejectionsAtMost - 1 {
		d.refuse(t)
		if p, err := d.intake.Pause(ctx, applicant); err != nil || p.Reason != "" {
			t.Fatalf("a pause too early: %v, %v", p, err)
		}
		d.now = d.now.Add(5 * 24 * time.Hour)
	}
	last := d.refuse(t)
	until := last.ClosedAt.Add(review.RejectionPause)
	for _, wait := range []time.Duration{0, 24 * time.Hour, review.RejectionPause - time.Second} {
		d.now = last.ClosedAt.Add(wait)
		if p, err := d.intake.Pause(ctx, applicant); err != nil || p.Reason != review.PauseRejections || !p.Until.Equal(until) {
			t.Errorf("after %s: %v, %v", wait, p, err)
		}
		if _, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru"); !errors.Is(err, intake.ErrPaused) {
			t.Errorf("after %s: begun, %v", wait, err)
		}
	}
	if _, err := d.intake.Start(ctx, stranger, review.ForeignCitizen, "ru"); err != nil {
		t.Errorf("somebody else has to wait too: %v", err)
	}
	d.now = until
	if s, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru"); err != nil || s.ID == last.ID {
		t.Errorf("after the pause: %v", err)
	}
}

func TestThreeStartsADay(t *testing.T) {
	d := open(t)
	ctx := t.Context()
	first := d.now
	for range review.StartsAtMost {
		s, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.intake.Withdraw(ctx, applicant, s.Version); err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(time.Hour)
	}
	if _, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru"); !errors.Is(err, intake.ErrPaused) {
		t.Errorf("a fourth within a day: %v", err)
	}
	d.now = first.Add(review.StartWindow)
	if _, err := d.intake.Start(ctx, applicant, review.ForeignCitizen, "ru"); err != nil {
		t.Errorf("the next day: %v", err)
	}
}
