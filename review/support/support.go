// Package support answers callers: where a case stands, whom it waits for and
// which messages went out. No names, no documents, no contacts.
package support

import (
	"context"
	"errors"
	"time"

	"okno/review"
)

// Submissions finds a submission by its number.
type Submissions interface {
	// ByNumber returns the submission, or review.ErrNotFound.
	ByNumber(ctx context.Context, number review.CaseNumber) (*review.Submission, error)
}

// Message is a message that was sent or waits to be sent: what it was about, not
// what it said.
type Message struct {
	Kind    review.NoticeKind
	Channel review.Channel
	State   string // queued, leased, sent or dead
	At      time.Time
}

// Messages lists what was sent about a submission, newest first.
type Messages interface {
	SentAbout(ctx context.Context, id review.SubmissionID) ([]Message, error)
}

// History writes down events that belong to no other change.
type History interface {
	Record(ctx context.Context, events ...review.Event) error
}

// Service answers support agents.
type Service struct {
	Gate        review.Gate
	Submissions Submissions
	Messages    Messages
	History     History
	Clock       review.Clock
}

// Case is what a caller may be told.
type Case struct {
	Number        review.CaseNumber
	Track         review.Track
	Status        review.Status
	WaitingOn     review.Party
	StartedAt     time.Time
	SentAt        time.Time // first sending, zero for a draft
	ChangedAt     time.Time
	DueAt         time.Time // while the desk works on it
	CorrectionDue time.Time // while the applicant has to correct something
	OpenItems     int
	ClosedAt      time.Time
	Messages      []Message
}

// Case looks a case up by its number as typed. Every look is written down, also
// one that found nothing.
func (s *Service) Case(ctx context.Context, by review.Actor, typed string) (Case, error) {
	if err := s.Gate.Allow(by, review.ActSupport); err != nil {
		return Case{}, err
	}
	number, ok := review.ParseCaseNumber(typed)
	if !ok {
		return Case{}, review.Faulty(review.FieldFault{Field: "case", Code: "number"})
	}
	e := by.Event(review.EventSearched, s.Clock.Now()).With("by", "number")
	c, err := s.Submissions.ByNumber(ctx, number)
	if errors.Is(err, review.ErrNotFound) {
		if err := s.History.Record(ctx, e.With("found", "no")); err != nil {
			return Case{}, err
		}
		return Case{}, review.Faulty(review.FieldFault{Field: "case", Code: "unknown"})
	}
	if err != nil {
		return Case{}, err
	}
	e.Submission = c.ID
	if err := s.History.Record(ctx, e.With("found", "yes")); err != nil {
		return Case{}, err
	}
	told := Case{
		Number: c.Number, Track: c.Track, Status: c.Status, WaitingOn: c.Status.WaitingOn(),
		StartedAt: c.CreatedAt, SentAt: c.SubmittedAt, ChangedAt: c.ChangedAt, ClosedAt: c.ClosedAt,
	}
	if !c.RunningSince.IsZero() {
		told.DueAt = c.DueAt
	}
	if c.Status == review.CorrectionRequested {
		told.CorrectionDue, told.OpenItems = c.CorrectionDue, c.OpenItems()
	}
	told.Messages, err = s.Messages.SentAbout(ctx, c.ID)
	return told, err
}
