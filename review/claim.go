package review

import "time"

// LeaseTerm is how long a claim lasts without activity.
const LeaseTerm = 15 * time.Minute

// Claim says who works on a submission, and until when without further activity.
type Claim struct {
	Staff      StaffID
	Name       string
	Since      time.Time
	LeaseUntil time.Time
}

// HeldBy reports whether the member of staff holds a live claim.
func (s *Submission) HeldBy(id StaffID, at time.Time) bool {
	return s.Claim != nil && s.Claim.Staff == id && at.Before(s.Claim.LeaseUntil)
}

// Take claims a queued submission, or a second review, for the actor. A live
// claim of somebody else is ErrClaimed with the holder's name; one's own claim
// is renewed.
func (s *Submission) Take(by Actor, at time.Time) (Change, error) {
	if s.Pending != nil {
		return Change{}, ErrDecisionPending
	}
	if s.HeldBy(by.Staff, at) {
		s.Claim.LeaseUntil = at.Add(LeaseTerm)
		return Change{}, nil
	}
	if s.Claim != nil && at.Before(s.Claim.LeaseUntil) {
		e := *ErrClaimed
		e.Holder = s.Claim.Name
		return Change{}, &e
	}
	if err := s.afterAppeal(by); err != nil {
		return Change{}, err
	}
	if s.recused(by.Staff) {
		return Change{}, ErrInterest
	}
	switch s.Status {
	case Queued, InReview:
		if err := s.keptFrom(by, at); err != nil {
			return Change{}, err
		}
	case SecondReview:
		if err := s.SecondPair(by); err != nil {
			return Change{}, err
		}
	default:
		return Change{}, ErrTransition
	}
	var c Change
	if s.Claim != nil { // the lease ran out and the sweep has not come by yet
		var err error
		if c, err = s.ExpireLease(System(), at); err != nil {
			return Change{}, err
		}
	}
	var e Event
	if s.Status == Queued {
		var err error
		if e, err = s.move(by, InReview, EventClaimed, at); err != nil {
			return Change{}, err
		}
	} else {
		e = s.event(by, EventClaimed, at)
	}
	if s.ClaimedAt.IsZero() {
		s.ClaimedAt = at
	}
	s.Claim = &Claim{Staff: by.Staff, Name: by.Name, Since: at, LeaseUntil: at.Add(LeaseTerm)}
	s.Reserved, s.Parked, s.Lapsed = nil, nil, ""
	if k := s.Sketch; k != nil && k.By != by.Staff {
		e = e.With("from", string(k.By)) // what the colleague had prepared is handed over
	}
	return c.Then(Change{Events: []Event{e}}), nil
}

// ErrFreePick says that cases are handed out: taking a particular one is the right
// of some roles.
var ErrFreePick = &Error{Kind: Forbidden, Code: "free-pick"}

// TakesUp reports whether the case is the actor's to go on with, without the right
// to pick: held, kept or put aside by them, or theirs until the lease ran out.
func (s *Submission) TakesUp(by StaffID) bool {
	return by != "" && (s.Claim != nil && s.Claim.Staff == by || s.Reserved != nil && s.Reserved.Staff == by ||
		s.Parked != nil && s.Parked.Staff == by || s.Lapsed == by)
}

// Pick is [Submission.Take] of a particular case; free says that the actor's role
// may take any.
func (s *Submission) Pick(by Actor, free bool, at time.Time) (Change, error) {
	own := s.TakesUp(by.Staff)
	c, err := s.Take(by, at)
	if err == nil && !free && !own {
		return Change{}, ErrFreePick
	}
	return c, err
}

// Appealed reports whether the submission was refused before and is looked at
// anew: only an appeal leads back to the desk from a refusal.
func (s *Submission) Appealed() bool {
	return s.Last != nil && s.Last.Outcome == Reject && (s.Status == Queued || s.Status == InReview || s.Status == SecondReview)
}

// Refusals of a second pair of eyes.
var (
	ErrFourEyes      = &Error{Kind: Forbidden, Code: "four-eyes"}
	ErrArbiterNeeded = &Error{Kind: Forbidden, Code: "arbiter-needed"}
	ErrSeniorNeeded  = &Error{Kind: Forbidden, Code: "senior-needed"}
)

// SecondPair refuses the first reviewer (and the second who disagreed) as next
// pair of eyes, everybody but a supervisor where an arbiter is needed, and a
// plain reviewer for what was escalated.
func (s *Submission) SecondPair(by Actor) error {
	if s.First != nil && (s.First.By == by.Staff || s.First.Against == by.Staff) {
		return ErrFourEyes
	}
	if s.recused(by.Staff) {
		return ErrInterest
	}
	if s.Arbiter && !by.Has(RoleSupervisor) {
		return ErrArbiterNeeded
	}
	if s.First != nil && s.First.Outcome == Escalate && !by.Has(RoleSeniorReviewer) && !by.Has(RoleSupervisor) {
		return ErrSeniorNeeded
	}
	return nil
}

// Renew extends the actor's lease after activity.
func (s *Submission) Renew(by Actor, at time.Time) (Change, error) {
	if !s.HeldBy(by.Staff, at) || s.Pending != nil {
		return Change{}, ErrNotClaimed
	}
	s.Claim.LeaseUntil = at.Add(LeaseTerm)
	return Change{}, nil
}

// Release gives the submission back to the queue (or to the waiting second
// reviews). any allows a supervisor to release somebody else's claim.
func (s *Submission) Release(by Actor, anyClaim bool, at time.Time) (Change, error) {
	if s.Pending != nil {
		return Change{}, ErrDecisionPending
	}
	if s.Claim == nil || !anyClaim && s.Claim.Staff != by.Staff {
		return Change{}, ErrNotClaimed
	}
	return s.unclaim(by, EventReleased, at)
}

// ExpireLease gives back a submission whose lease has run out.
func (s *Submission) ExpireLease(by Actor, at time.Time) (Change, error) {
	if s.Pending != nil || s.Claim == nil || at.Before(s.Claim.LeaseUntil) {
		return Change{}, ErrTransition
	}
	s.Lapsed = s.Claim.Staff
	return s.unclaim(by, EventLeaseExpired, at)
}

func (s *Submission) unclaim(by Actor, t EventType, at time.Time) (Change, error) {
	holder := s.Claim.Staff
	s.Claim = nil
	var e Event
	if s.Status == InReview {
		var err error
		if e, err = s.move(by, Queued, t, at); err != nil {
			return Change{}, err
		}
	} else {
		e = s.event(by, t, at)
	}
	return Change{Events: []Event{e.With("holder", string(holder))}}, nil
}
