package verdict

import (
	"context"

	"okno/review"
)

// KeepSketch stores the verdict that the actor is still working on. It stays
// with the case when the lease runs out, for whoever takes it next, and renews
// the lease: writing is work. It returns review.ErrNotClaimed when the lease is
// gone.
func (v *Service) KeepSketch(ctx context.Context, actor review.Actor, id review.SubmissionID, k review.Sketch) (*review.Submission, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	if _, ok := buttonOf[k.Outcome]; !ok {
		return nil, review.ErrNotFound
	}
	k.Items = tidy(k.Items)
	now := v.Clock.Now()
	return v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		if !v.may(actor, deciding(s)) {
			return review.Change{}, review.ErrForbidden
		}
		return s.KeepSketch(actor, k, now)
	})
}
