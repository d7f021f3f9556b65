package intake

import (
	"context"
	"errors"

	"okno/review"
)

const numberTries = 5

// ErrActiveAlready says that the account is active: nothing to apply for.
var ErrActiveAlready = &review.Error{Kind: review.Conflict, Code: "active-already"}

// Start begins a submission for the actor's account. An account has one open
// submission at most: if there is one, it is returned as it is, whatever its
// track. After a rejection, withdrawal or expiry a new one may be started;
// after an approval there is nothing left to apply for.
func (s *Service) Start(ctx context.Context, actor review.Actor, track review.Track, language string) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	if track != review.ForeignCitizen && track != review.FromAbroad {
		return nil, review.Faulty(review.FieldFault{Field: "track", Code: "empty"})
	}
	sub, err := s.own(ctx, actor)
	switch {
	case err == nil && !sub.Status.Final():
		return sub, nil
	case err == nil && sub.Status == review.Approved:
		return nil, ErrActiveAlready
	case err != nil && !errors.Is(err, ErrNoSubmission):
		return nil, err
	}
	for range numberTries {
		var c review.Change
		sub, c = review.NewSubmission(actor, review.SubmissionID(s.IDs.NewID()), s.IDs.NewNumber(), track, language, s.Clock.Now())
		err = s.Submissions.Create(ctx, sub, c)
		if e, ok := errors.AsType[*review.Error](err); !ok || e.Code != "number-taken" {
			break
		}
	}
	if e, ok := errors.AsType[*review.Error](err); ok && e.Code == "already-open" { // started at the same moment in another window
		return s.own(ctx, actor)
	}
	if err != nil {
		return nil, err
	}
	return sub, nil
}
