package intake

import (
	"context"

	"okno/review"
)

// ContactChanged answers a correction that asked for another e-mail address or
// phone number, after the new one was confirmed. Errors: [review.ErrNoSubmission],
// review.ErrTransition when no correction asked for it.
func (s *Service) ContactChanged(ctx context.Context, by review.Actor, contact review.Field) error {
	if err := s.Gate.Allow(by, review.ActIntake); err != nil {
		return err
	}
	own, err := s.Submissions.ForAccount(ctx, by.Account)
	if review.KindOf(err) == review.NotFound {
		return review.ErrNoSubmission
	}
	if err != nil {
		return err
	}
	_, err = s.Submissions.Update(ctx, own.ID, 0, func(sub *review.Submission) (review.Change, error) {
		return sub.ContactChanged(by, contact, s.Clock.Now())
	})
	return err
}
