package intake

import (
	"context"
	"errors"

	"okno/review"
)

const expiryBatch = 50

// Tick closes drafts that were left and corrections that never came, a bounded
// number at a time, and returns how many it closed.
func (s *Service) Tick(ctx context.Context) (closed int, err error) {
	ids, err := s.Submissions.DueForExpiry(ctx, s.Clock.Now(), expiryBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		_, err := s.Submissions.Update(ctx, id, 0, func(sub *review.Submission) (review.Change, error) {
			return sub.Expire(review.System(), s.Clock.Now())
		})
		switch {
		case err == nil:
			closed++
		case !errors.Is(err, review.ErrTransition): // not any more: somebody came back meanwhile
			return closed, err
		}
	}
	return closed, nil
}
