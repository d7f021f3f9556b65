// Package verdict is what a reviewer does with a case in hand: look at it, mark
// fields and documents, write remarks, decide, and take a decision back while
// it has not taken effect.
//
//	c, err := verdicts.Open(ctx, actor, id)            // what the workbench shows
//	r, err := verdicts.Decide(ctx, actor, id, version, decision)
//	s, err := verdicts.Undo(ctx, actor, id)            // within the hold
//	n, err := verdicts.Settle(ctx)                     // a background loop
//
// Which buttons there are comes from [Service.Options]. It tries the commands of
// the domain on a copy, so a button and its command can never disagree.
package verdict

import (
	"context"
	"time"

	"okno/review"
)

// Store is what the workbench needs of the rows. Its errors are those of
// package submissionstore: review.ErrNotFound, review.ErrStale.
type Store interface {
	Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error)
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// Snapshot is what was sent for a round, or review.ErrNotFound.
	Snapshot(ctx context.Context, id review.SubmissionID, round int) (review.Snapshot, error)
	Notes(ctx context.Context, id review.SubmissionID) ([]review.Note, error)
	// DueForSettling lists submissions whose decision takes effect by now.
	DueForSettling(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error)
	// Decisions lists what a person decided before a moment, newest first.
	Decisions(ctx context.Context, staff review.StaffID, before time.Time, limit int) ([]Made, error)
	// DecidedBy counts the decisions of a person that took effect, up to limit.
	DecidedBy(ctx context.Context, staff review.StaffID, limit int) (int, error)
	// Mentions lists the remarks that name a person before a moment, newest first;
	// Unseen counts those that were not seen, Seen marks them as seen.
	Mentions(ctx context.Context, staff review.StaffID, before time.Time, limit int) ([]Mention, error)
	Unseen(ctx context.Context, staff review.StaffID) (int, error)
	Seen(ctx context.Context, staff review.StaffID, at time.Time) error
	// ByNumber finds a submission by its number, or review.ErrNotFound.
	ByNumber(ctx context.Context, number review.CaseNumber) (*review.Submission, error)
	// UpdateBoth changes two submissions in one transaction.
	UpdateBoth(ctx context.Context, one, other review.SubmissionID, change func(s *review.Submission, other review.SubmissionID) (review.Change, error)) error
	// Numbers returns the case numbers of submissions; unknown ids are left out.
	Numbers(ctx context.Context, ids []review.SubmissionID) (map[review.SubmissionID]review.CaseNumber, error)
	// Links lists the cases that belong to a case.
	Links(ctx context.Context, id review.SubmissionID) ([]Link, error)
	// Record appends events that change no submission.
	Record(ctx context.Context, events ...review.Event) error
}

// History reads the timeline of a case.
type History interface {
	// ForSubmission returns the events of a submission, oldest first.
	ForSubmission(ctx context.Context, id review.SubmissionID) ([]review.Event, error)
}

// Contacts tells an account's confirmed contacts.
type Contacts interface {
	Contact(ctx context.Context, account review.AccountID, channel review.Channel) (address, language string, err error)
}

// Messages lists what was sent to the applicant about a submission.
type Messages interface {
	ForSubmission(ctx context.Context, id review.SubmissionID) ([]Sent, error)
}

// Sent is one message about a case. Text is what the recipient read, in Language;
// it is empty for those who may not see the papers.
type Sent struct {
	Kind    review.NoticeKind
	Channel review.Channel
	At      time.Time // sent, or due when it waits
	Status  string    // queued, leased, sent or dead
	Lines   []review.Passage
}

// Service is the work on one case. Hold is how long a decision can be taken
// back. Contacts and Messages may be nil: their parts stay empty then.
type Service struct {
	Gate     review.Gate
	Store    Store
	History  History
	Contacts Contacts
	Messages Messages
	Names    func(ctx context.Context, ids []review.StaffID) (map[review.StaffID]string, error) // display names for the timeline; may be nil
	Clock    review.Clock
	IDs      review.IDs
	Wording  review.Wording
	Hold     time.Duration
	// Colleagues lists whom a remark may name; nil: nobody.
	Colleagues func(ctx context.Context) ([]Colleague, error)
	// Oversight is the desk's rule for second looks; Draw is its random number in
	// [0, 1), nil when nothing is drawn.
	Oversight review.Oversight
	Draw      func() float64
}

// State is how far a decision got.
type State string

// The states of a decision.
const (
	Pending   State = "pending"
	Undone    State = "undone"
	Effective State = "effective"
)

// Made is one decision in somebody's list.
type Made struct {
	Submission  review.SubmissionID
	Number      review.CaseNumber
	Track       review.Track
	Status      review.Status // where the submission stands now
	Outcome     review.Outcome
	At          time.Time
	EffectiveAt time.Time // when it took effect, or will
	State       State
}

// Undoable reports whether the decision can still be taken back.
func (m Made) Undoable(at time.Time) bool { return m.State == Pending && at.Before(m.EffectiveAt) }

// Until is the moment to which the decision can be taken back; zero when that is
// over.
func (m Made) Until(at time.Time) time.Time {
	if m.Undoable(at) {
		return m.EffectiveAt
	}
	return time.Time{}
}

// deciding is what the policy is asked for before a decision about s.
func deciding(s *review.Submission) review.Action {
	switch {
	case s.Status != review.SecondReview:
		return review.ActDecide
	case s.Arbiter:
		return review.ActArbitrate
	default:
		return review.ActSecond
	}
}

func (v *Service) may(actor review.Actor, action review.Action) bool {
	return v.Gate.Allow(actor, action) == nil
}
