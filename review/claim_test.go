package review_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"okno/review"
)

func types(c review.Change) (list []review.EventType) {
	for _, e := range c.Events {
		list = append(list, e.Type)
	}
	return list
}

func TestSecondClaimantIsToldTheHolder(t *testing.T) {
	w := queued(t).take(anna)
	_, err := w.s.Take(boris, w.at.Add(review.LeaseTerm-time.Second))
	e, ok := errors.AsType[*review.Error](err)
	if !ok || !errors.Is(err, review.ErrClaimed) || e.Holder != "Анна" {
		t.Fatalf("%v", err)
	}
	if review.ErrClaimed.Holder != "" {
		t.Error("the shared error was written to")
	}
	if !w.s.HeldBy("anna", w.at) || w.s.HeldBy("boris", w.at) {
		t.Error("the claim moved")
	}
}

func TestOwnClaimIsRenewed(t *testing.T) {
	w := queued(t).take(anna)
	since := w.s.Claim.Since
	w.wait(10 * time.Minute)
	w.take(anna)
	if len(w.c.Events) != 0 || !w.s.Claim.LeaseUntil.Equal(w.at.Add(review.LeaseTerm)) || !w.s.Claim.Since.Equal(since) {
		t.Errorf("%v until %s", w.c.Events, w.s.Claim.LeaseUntil)
	}
	w.wait(10 * time.Minute)
	w.did(w.s.Renew(anna, w.at))
	if len(w.c.Events) != 0 || !w.s.Claim.LeaseUntil.Equal(w.at.Add(review.LeaseTerm)) {
		t.Errorf("renewed until %s", w.s.Claim.LeaseUntil)
	}
	if _, err := w.s.Renew(boris, w.at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("renewed by another: %v", err)
	}
	w.wait(review.LeaseTerm)
	if _, err := w.s.Renew(anna, w.at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("renewed after the end: %v", err)
	}
}

func TestTakeOverAfterTheLease(t *testing.T) {
	w := queued(t).take(anna)
	w.wait(review.LeaseTerm)
	w.take(boris)
	if got := types(w.c); !slices.Equal(got, []review.EventType{review.EventLeaseExpired, review.EventClaimed}) {
		t.Fatalf("the timeline says %v", got)
	}
	if w.c.Events[0].Detail["holder"] != "anna" || w.c.Events[0].Actor != "" || w.c.Events[1].Actor != "boris" {
		t.Errorf("%+v", w.c.Events)
	}
	if !w.s.HeldBy("boris", w.at) || w.s.Status != review.InReview {
		t.Error("boris does not hold it")
	}
	if _, err := w.s.Decide(anna, review.Decision{Outcome: review.Approve}, 0, w.at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("the former holder decides: %v", err)
	}
}

func TestTakeOverOfASecondReview(t *testing.T) {
	w := in(t, review.SecondReview).take(boris)
	w.wait(review.LeaseTerm)
	w.take(senior)
	if got := types(w.c); !slices.Equal(got, []review.EventType{review.EventLeaseExpired, review.EventClaimed}) {
		t.Fatalf("the timeline says %v", got)
	}
	if w.s.Status != review.SecondReview {
		t.Errorf("became %s", w.s.Status)
	}
}

func TestLeaseExpiry(t *testing.T) {
	w := queued(t).take(anna)
	if _, err := w.s.ExpireLease(review.System(), w.s.Claim.LeaseUntil.Add(-time.Millisecond)); !errors.Is(err, review.ErrTransition) {
		t.Errorf("early: %v", err)
	}
	w.at = w.s.Claim.LeaseUntil
	w.did(w.s.ExpireLease(review.System(), w.at))
	if w.s.Status != review.Queued || w.s.Claim != nil {
		t.Errorf("%s, %v", w.s.Status, w.s.Claim)
	}
}

func TestRelease(t *testing.T) {
	w := queued(t).take(anna)
	if _, err := w.s.Release(boris, false, w.at); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("by another: %v", err)
	}
	w.did(w.s.Release(supervisor, true, w.at))
	if w.s.Status != review.Queued || w.c.Events[0].Detail["holder"] != "anna" || w.c.Events[0].Actor != "super" {
		t.Errorf("%s, %+v", w.s.Status, w.c.Events[0])
	}
	w.take(boris)
	w.did(w.s.Release(boris, false, w.at))
	w = in(t, review.SecondReview).take(boris)
	w.did(w.s.Release(boris, false, w.at))
	if w.s.Status != review.SecondReview || w.s.Claim != nil {
		t.Errorf("a second review became %s", w.s.Status)
	}
}

func TestNothingMovesWhileADecisionWaits(t *testing.T) {
	w := queued(t).take(anna)
	w.did(w.s.Decide(anna, review.Decision{Outcome: review.Approve}, 30*time.Minute, w.at))
	for name, do := range map[string]func() (review.Change, error){
		"take":         func() (review.Change, error) { return w.s.Take(boris, w.at) },
		"release":      func() (review.Change, error) { return w.s.Release(anna, false, w.at) },
		"release any":  func() (review.Change, error) { return w.s.Release(supervisor, true, w.at) },
		"expire lease": func() (review.Change, error) { return w.s.ExpireLease(review.System(), w.at.Add(time.Hour)) },
		"withdraw":     func() (review.Change, error) { return w.s.Withdraw(applicant, w.at) },
		"renew":        func() (review.Change, error) { return w.s.Renew(anna, w.at) },
		"mark": func() (review.Change, error) {
			return w.s.MarkTarget(anna, review.Target{Field: review.Surname}, true, w.at)
		},
		"decide": func() (review.Change, error) { return w.s.Decide(anna, blurred(review.SlotPassport), 0, w.at) },
	} {
		if _, err := do(); review.KindOf(err) != review.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.s.Status != review.InReview || w.s.Pending == nil {
		t.Errorf("%s, %v", w.s.Status, w.s.Pending)
	}
}

func TestWhoMayBeTheSecondPairOfEyes(t *testing.T) {
	disagreed := in(t, review.SecondReview).take(boris).decide(boris, review.Decision{Outcome: review.Approve})
	if disagreed.s.Status != review.SecondReview || !disagreed.s.Arbiter || disagreed.s.Claim != nil {
		t.Fatalf("after a disagreement: %s, arbiter %v", disagreed.s.Status, disagreed.s.Arbiter)
	}
	escalated := queued(t).take(anna).decide(anna, review.Decision{Outcome: review.Escalate, Note: "не узнаю документ"})
	both := review.Actor{Staff: "anna", Name: "Анна", Roles: []review.Role{review.RoleReviewer, review.RoleSupervisor}}
	other := review.Actor{Staff: "boris", Name: "Борис", Roles: []review.Role{review.RoleSeniorReviewer, review.RoleSupervisor}}
	for _, c := range []struct {
		name string
		s    *review.Submission
		by   review.Actor
		want error
	}{
		{"four eyes, the first", in(t, review.SecondReview).s, anna, review.ErrFourEyes},
		{"four eyes, the first as supervisor", in(t, review.SecondReview).s, both, review.ErrFourEyes},
		{"four eyes, a colleague", in(t, review.SecondReview).s, boris, nil},
		{"four eyes, a senior", in(t, review.SecondReview).s, senior, nil},
		{"escalated, a colleague", escalated.s, boris, review.ErrSeniorNeeded},
		{"escalated, a senior", escalated.s, senior, nil},
		{"escalated, the first", escalated.s, both, review.ErrFourEyes},
		{"disagreed, a third reviewer", disagreed.s, senior, review.ErrArbiterNeeded},
		{"disagreed, the second as supervisor", disagreed.s, other, review.ErrFourEyes},
		{"disagreed, a supervisor", disagreed.s, supervisor, nil},
	} {
		copied := *c.s
		_, err := copied.Take(c.by, morning.Add(time.Hour))
		if c.want == nil && err != nil || c.want != nil && !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
