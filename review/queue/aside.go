package queue

import (
	"context"
	"time"

	"okno/review"
)

// Park puts the actor's case aside until a moment, with a reason for colleagues.
// Until then it is not handed out; it may still be picked.
func (s *Service) Park(ctx context.Context, actor review.Actor, id review.SubmissionID, reason string, until time.Time) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActRelease); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	return s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) {
		return x.Park(actor, s.IDs.NewID(), reason, until, now)
	})
}

// Recuse gives the actor's case back for good: the actor knows the applicant.
func (s *Service) Recuse(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActRelease); err != nil {
		return nil, err
	}
	return s.recuse(ctx, actor, id, review.InterestDeclared)
}

func (s *Service) recuse(ctx context.Context, actor review.Actor, id review.SubmissionID, why review.Interest) (*review.Submission, error) {
	now := s.Clock.Now()
	return s.Store.Update(ctx, id, 0, func(x *review.Submission) (review.Change, error) { return x.Recuse(actor, why, now) })
}

// own gives a case back at once that turns out to be the actor's own application,
// and reports whether it did.
func (s *Service) own(ctx context.Context, actor review.Actor, x *review.Submission) (bool, error) {
	if s.Own == nil {
		return false, nil
	}
	own, err := s.Own(ctx, actor, x.Account)
	if err != nil || !own {
		return false, err
	}
	_, err = s.recuse(ctx, actor, x.ID, review.InterestOwn)
	return true, err
}
