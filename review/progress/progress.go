// Package progress is what an applicant can do after sending: see where the
// submission stands and what was told about it, ask for more time, appeal, prove
// to somebody that it was sent, and look it up without signing in.
//
//	facts, err := service.Verify(ctx, actor, number, code, address)
//	waits, err := service.Waits(ctx)
package progress

import (
	"context"
	"sync"
	"time"

	"okno/review"
)

// Submissions keeps submissions.
type Submissions interface {
	ForAccount(ctx context.Context, account review.AccountID) (*review.Submission, error)
	ByNumber(ctx context.Context, number review.CaseNumber) (*review.Submission, error)
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// DueForReminder lists those whose applicant is to be reminded by now.
	DueForReminder(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error)
}

// Message is a message about a submission, worded as it was sent.
type Message struct {
	Kind    review.NoticeKind
	Channel review.Channel
	At      time.Time
	Sent    bool // false while it waits
	Failed  bool // given up
	Subject review.Passage
	Lines   []review.Passage
}

// Messages reads what was sent.
type Messages interface {
	// About lists the messages about a submission, newest first.
	About(ctx context.Context, id review.SubmissionID) ([]Message, error)
}

// Waits is how long first decisions took lately: half came within Half, nine in
// ten within Most.
type Waits struct {
	Count      int
	Half, Most time.Duration
}

// Enough is the number of decisions from which the desk speaks of its own
// waiting time; before, it says what is usual.
const Enough = 20

// Known reports whether there are enough decisions to speak of.
func (w Waits) Known() bool { return w.Count >= Enough }

// Figures knows how long the desk took.
type Figures interface {
	// Waits looks at first decisions since a moment.
	Waits(ctx context.Context, since time.Time) (Waits, error)
}

// Service is the use cases of this package. All fields are needed.
type Service struct {
	Submissions Submissions
	Messages    Messages
	Figures     Figures
	Gate        review.Gate
	Clock       review.Clock
	Secret      []byte // key of check codes, 32 bytes
	// Allow takes the right to one look from outside at a case number.
	Allow func(ctx context.Context, number review.CaseNumber, address string) (bool, error)

	mu     sync.Mutex
	waits  Waits
	readAt time.Time
}

// The desk looks back so far for its waiting time, and counts anew so often.
const (
	waitsBack  = 30 * 24 * time.Hour
	waitsFresh = 5 * time.Minute
)

// Waits tells how long first decisions took in the last thirty days.
func (s *Service) Waits(ctx context.Context) (Waits, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.Clock.Now()
	if !s.readAt.IsZero() && now.Sub(s.readAt) < waitsFresh {
		return s.waits, nil
	}
	w, err := s.Figures.Waits(ctx, now.Add(-waitsBack))
	if err != nil {
		return Waits{}, err
	}
	s.waits, s.readAt = w, now
	return w, nil
}

// Told lists the messages about the actor's own submission, newest first.
func (s *Service) Told(ctx context.Context, by review.Actor) ([]Message, error) {
	if err := s.Gate.Allow(by, review.ActStatus); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, by)
	if err != nil {
		return nil, err
	}
	return s.Messages.About(ctx, own.ID)
}

// Appeal puts an appeal against the refusal of the actor's own submission. want
// is the version that the person saw. It reports Invalid with field appeal.
func (s *Service) Appeal(ctx context.Context, by review.Actor, want int64, text string) (*review.Submission, error) {
	return s.change(ctx, by, want, func(sub *review.Submission) (review.Change, error) {
		return sub.MakeAppeal(by, text, s.Clock.Now())
	})
}

// Extend moves the deadline of the actor's corrections, once for each request.
func (s *Service) Extend(ctx context.Context, by review.Actor, want int64) (*review.Submission, error) {
	return s.change(ctx, by, want, func(sub *review.Submission) (review.Change, error) {
		return sub.Extend(by, s.Clock.Now())
	})
}

func (s *Service) change(ctx context.Context, by review.Actor, want int64, do func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	if err := s.Gate.Allow(by, review.ActIntake); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, by)
	if err != nil {
		return nil, err
	}
	return s.Submissions.Update(ctx, own.ID, want, do)
}

func (s *Service) own(ctx context.Context, by review.Actor) (*review.Submission, error) {
	if by.Account == "" {
		return nil, review.ErrUnauthenticated
	}
	return s.Submissions.ForAccount(ctx, by.Account)
}

// Found returns a submission that somebody may see who confirmed a look-up.
func (s *Service) Found(ctx context.Context, by review.Actor, number review.CaseNumber) (*review.Submission, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return nil, err
	}
	return s.Submissions.ByNumber(ctx, number)
}
