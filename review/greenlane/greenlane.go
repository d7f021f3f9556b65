// Package greenlane is the policy of approving clean submissions without a
// person. It is off unless the operator switches it on; even then a share that
// nobody can foresee goes to people, so that the checks themselves are checked.
package greenlane

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"

	"okno/review"
)

// SampleShare is how many of a hundred clean submissions go to people.
const SampleShare = 10

// Submissions keeps submissions.
type Submissions interface {
	// Clean lists queued submissions of track A in the green lane that were sent
	// once and that nobody has taken, oldest first, from the one after the given.
	Clean(ctx context.Context, after review.SubmissionID, limit int) ([]review.SubmissionID, error)
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
}

// Service approves clean submissions.
type Service struct {
	Submissions Submissions
	Clock       review.Clock
	Secret      []byte // decides who is in the sample, 32 bytes
	On          bool
}

const batch = 50

// Tick approves what is clean and returns how many it approved.
func (s *Service) Tick(ctx context.Context) (approved int, err error) {
	if !s.On {
		return 0, nil
	}
	after := review.SubmissionID("")
	for {
		ids, err := s.Submissions.Clean(ctx, after, batch)
		if err != nil || len(ids) == 0 {
			return approved, err
		}
		for _, id := range ids {
			after = id
			if s.Sampled(id) {
				continue
			}
			_, err := s.Submissions.Update(ctx, id, 0, func(sub *review.Submission) (review.Change, error) {
				return sub.ApproveClean(review.System(), s.Clock.Now())
			})
			switch {
			case err == nil:
				approved++
			case !errors.Is(err, review.ErrTransition): // not clean enough, or taken meanwhile
				return approved, err
			}
		}
	}
}

// Sampled reports whether a clean submission goes to people nevertheless. It
// follows from a secret, so that nobody can pick a number outside the sample.
func (s *Service) Sampled(id review.SubmissionID) bool {
	h := hmac.New(sha256.New, s.Secret)
	h.Write([]byte("sample\x00" + string(id)))
	return binary.BigEndian.Uint64(h.Sum(nil))%100 < SampleShare
}
