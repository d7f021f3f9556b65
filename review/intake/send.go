package intake

import (
	"context"

	"okno/review"
)

// ErrIncomplete says that something is missing; [Missing] tells what.
var ErrIncomplete = &review.Error{Kind: review.Invalid, Code: "incomplete"}

// Send hands a complete draft, or answered corrections, to the desk. want is the
// version that the person has checked.
func (s *Service) Send(ctx context.Context, actor review.Actor, want int64) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	sent, err := s.Submissions.Update(ctx, own.ID, want, func(sub *review.Submission) (review.Change, error) {
		if sub.Status == review.Draft && len(Missing(sub, s.today())) > 0 {
			return review.Change{}, ErrIncomplete
		}
		return sub.Send(actor, s.Clock.Now())
	})
	if err == nil && s.Sent != nil {
		s.Sent(sent.ID)
	}
	return sent, err
}

// Withdraw closes the actor's submission at their wish.
func (s *Service) Withdraw(ctx context.Context, actor review.Actor, want int64) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	return s.Submissions.Update(ctx, own.ID, want, func(sub *review.Submission) (review.Change, error) {
		return sub.Withdraw(actor, s.Clock.Now())
	})
}
