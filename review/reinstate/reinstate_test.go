package reinstate_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"okno/rbac"
	"okno/review"
	"okno/review/reinstate"
	"okno/review/reviewtest"
)

// shelf is one closed account.
type shelf struct {
	request reinstate.Request
	open    bool
	events  []review.EventType
	told    []review.NoticeKind
}

func (s *shelf) Suspended(context.Context, int) ([]reinstate.Account, error) { return nil, nil }

func (s *shelf) SuspendedAccount(context.Context, review.AccountID) (reinstate.Account, error) {
	return reinstate.Account{}, nil
}

func (s *shelf) Reinstate(_ context.Context, _ review.AccountID, change func(reinstate.Request) (reinstate.Change, error)) error {
	c, err := change(s.request)
	if err != nil {
		return err
	}
	s.request, s.open = c.Request, c.Open
	for _, e := range c.Events {
		s.events = append(s.events, e.Type)
	}
	for _, n := range c.Notices {
		s.told = append(s.told, n.Kind)
	}
	return nil
}

func member(id string, role review.Role) review.Actor {
	return review.Actor{Staff: review.StaffID(id), Name: id, Roles: []review.Role{role}}
}

func TestTwoPeopleAndADay(t *testing.T) {
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	anna, boris := member("anna", review.RoleSupervisor), member("boris", review.RoleSeniorReviewer)
	const account = review.AccountID("account")
	for name, c := range map[string]struct {
		by   review.Actor
		wait time.Duration
		want error
	}{
		"at once":             {boris, 0, reinstate.ErrEarly},
		"a moment too early":  {boris, reinstate.Delay - time.Millisecond, reinstate.ErrEarly},
		"a day later":         {boris, reinstate.Delay, nil},
		"by oneself":          {anna, reinstate.Delay, reinstate.ErrSecond},
		"with another role":   {review.Actor{Staff: "anna", Roles: []review.Role{review.RoleSeniorReviewer}}, reinstate.Delay, reinstate.ErrSecond},
		"the last moment":     {boris, reinstate.Term - time.Millisecond, nil},
		"after the term":      {boris, reinstate.Term, reinstate.ErrOver},
		"by a reviewer":       {member("clara", review.RoleReviewer), reinstate.Delay, review.ErrForbidden},
		"by an administrator": {member("dina", review.RoleAdministrator), reinstate.Delay, review.ErrForbidden},
	} {
		clock, store := reviewtest.NewClock(), &shelf{}
		s := reinstate.Service{Gate: gate, Clock: clock, Store: store}
		if err := s.Open(t.Context(), boris, account); !errors.Is(err, reinstate.ErrOver) {
			t.Errorf("%s: without a request: %v", name, err)
		}
		if err := s.Ask(t.Context(), anna, account, reinstate.InPerson); err != nil {
			t.Fatal(err)
		}
		if err := s.Ask(t.Context(), boris, account, reinstate.Video); !errors.Is(err, reinstate.ErrWaits) {
			t.Errorf("%s: asked twice: %v", name, err)
		}
		clock.Add(c.wait)
		if err := s.Open(t.Context(), c.by, account); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if store.open != (c.want == nil) {
			t.Errorf("%s: open %v", name, store.open)
		}
	}
}

func TestARequestNeedsAProofAndCanBeDropped(t *testing.T) {
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	clock, store := reviewtest.NewClock(), &shelf{}
	s := reinstate.Service{Gate: gate, Clock: clock, Store: store}
	anna, boris := member("anna", review.RoleSupervisor), member("boris", review.RoleSupervisor)
	for _, proof := range []reinstate.Proof{"", "trust-me"} {
		if err := s.Ask(t.Context(), anna, "account", proof); review.KindOf(err) != review.Invalid {
			t.Errorf("%q: %v", proof, err)
		}
	}
	for _, p := range reinstate.Proofs {
		if err := s.Ask(t.Context(), anna, "account", p); err != nil {
			t.Error(err)
		}
		if err := s.Refuse(t.Context(), boris, "account"); err != nil {
			t.Error(err)
		}
		clock.Add(reinstate.Delay)
		if err := s.Open(t.Context(), boris, "account"); !errors.Is(err, reinstate.ErrOver) {
			t.Errorf("after a refusal: %v", err)
		}
	}
	if len(store.told) != len(reinstate.Proofs) || len(store.events) != 2*len(reinstate.Proofs) {
		t.Errorf("told %v, events %v", store.told, store.events)
	}
}
