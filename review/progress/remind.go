package progress

import (
	"context"
	"errors"

	"okno/review"
)

const remindBatch = 50

// Tick reminds applicants of corrections, a bounded number at a time, and
// returns how many it reminded.
func (s *Service) Tick(ctx context.Context) (reminded int, err error) {
	ids, err := s.Submissions.DueForReminder(ctx, s.Clock.Now(), remindBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		_, err := s.Submissions.Update(ctx, id, 0, func(sub *review.Submission) (review.Change, error) {
			return sub.Remind(review.System(), s.Clock.Now())
		})
		switch {
		case err == nil:
			reminded++
		case !errors.Is(err, review.ErrTransition): // answered meanwhile, or too late to remind
			return reminded, err
		}
	}
	return reminded, nil
}
