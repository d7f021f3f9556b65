package verdict

import (
	"context"
	"time"

	"okno/review"
)

// Link is another case that belongs to the one at hand.
type Link struct {
	Case   review.SubmissionID
	Number review.CaseNumber
	Track  review.Track
	Status review.Status
	At     time.Time
}

// Link joins two cases so that each names the other; number is what the actor
// typed. An unknown number, a draft and the case itself are faults of the field
// "number".
func (v *Service) Link(ctx context.Context, actor review.Actor, id review.SubmissionID, number string) error {
	return v.join(ctx, actor, id, number, (*review.Submission).Link)
}

// Unlink takes the two cases apart again.
func (v *Service) Unlink(ctx context.Context, actor review.Actor, id review.SubmissionID, number string) error {
	return v.join(ctx, actor, id, number, (*review.Submission).Unlink)
}

func (v *Service) join(ctx context.Context, actor review.Actor, id review.SubmissionID, number string,
	change func(*review.Submission, review.Actor, review.SubmissionID, time.Time) (review.Change, error),
) error {
	if err := v.Gate.Allow(actor, review.ActNote); err != nil {
		return err
	}
	n, ok := review.ParseCaseNumber(number)
	if !ok {
		return review.Faulty(review.FieldFault{Field: "number", Code: "case-number"})
	}
	other, err := v.Store.ByNumber(ctx, n)
	if review.KindOf(err) == review.NotFound || err == nil && other.Round == 0 {
		return review.Faulty(review.FieldFault{Field: "number", Code: "case-unknown"})
	}
	if err != nil {
		return err
	}
	if other.ID == id {
		return review.Faulty(review.FieldFault{Field: "number", Code: "case-itself"})
	}
	now := v.Clock.Now()
	return v.Store.UpdateBoth(ctx, id, other.ID, func(s *review.Submission, other review.SubmissionID) (review.Change, error) {
		return change(s, actor, other, now)
	})
}
