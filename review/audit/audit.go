// Package audit lets an auditor read what happened at the desk, who opened the
// papers of a case, and whether the record still holds.
//
//	page, err := service.Read(ctx, actor, audit.Filter{Type: review.EventScanViewed})
//
// Reading is itself an event: it is written down before anything is handed out,
// and nothing is handed out when that fails. The entries hold codes, ids and
// times only.
package audit

import (
	"context"
	"errors"
	"time"

	"okno/review"
)

// PageSize is how many entries a page of the log has.
const PageSize = 50

// Entry is one event with its place in the history.
type Entry struct {
	Seq int64
	review.Event
}

// Filter narrows the log. Zero fields do not narrow.
type Filter struct {
	Type       review.EventType
	Actor      string
	Submission review.SubmissionID
	From       time.Time // included
	To         time.Time // not included
	Before     int64     // only entries with a smaller number: the next page
	Limit      int
}

// Checkpoint is the last signed statement about the history.
type Checkpoint struct {
	Entries int64 // the history reached this far; 0 = nothing signed yet
	At      time.Time
}

// Fault is one place at which the record does not hold.
type Fault struct {
	Seq     int64 // 0 for a statement that names no entry
	Problem string
}

// Outcome is what a verification found.
type Outcome struct {
	Entries     int64
	Checkpoints int
	Faults      []Fault
}

// Log is the history.
type Log interface {
	List(ctx context.Context, f Filter) ([]Entry, error)
	// Views returns who opened a submission or looked at its scans, newest first.
	Views(ctx context.Context, id review.SubmissionID) ([]Entry, error)
	LastCheckpoint(ctx context.Context) (Checkpoint, error)
	Verify(ctx context.Context) (Outcome, error)
}

// Cases tells numbers and ids of submissions apart.
type Cases interface {
	// ByNumber returns the submission, or review.ErrNotFound.
	ByNumber(ctx context.Context, number review.CaseNumber) (*review.Submission, error)
	Numbers(ctx context.Context, ids []review.SubmissionID) (map[review.SubmissionID]review.CaseNumber, error)
}

// History writes down events that belong to no other change.
type History interface {
	Record(ctx context.Context, events ...review.Event) error
}

// Service answers auditors. Make it with New.
type Service struct {
	gate    review.Gate
	log     Log
	cases   Cases
	history History
	clock   review.Clock
	runs    chan struct{} // holds one token while a verification runs
	last    chan Verification
}

// New returns the service.
func New(gate review.Gate, log Log, cases Cases, history History, clock review.Clock) *Service {
	s := &Service{gate: gate, log: log, cases: cases, history: history, clock: clock, runs: make(chan struct{}, 1), last: make(chan Verification, 1)}
	s.last <- Verification{}
	return s
}

// Page is a part of the log, newest first.
type Page struct {
	Entries []Entry
	Numbers map[review.SubmissionID]review.CaseNumber // of the cases named in the entries
	Next    int64                                     // Filter.Before of the next page, 0 if this is the last
	Signed  Checkpoint
}

// Query is what an auditor asks for. Case is a number as typed; From and To are
// the first moment and the moment after the last.
type Query struct {
	Type     review.EventType
	Actor    string
	Case     string
	From, To time.Time
	Before   int64
}

// faultCase says that a case number is mistyped or not known.
func faultCase(code string) error {
	return review.Faulty(review.FieldFault{Field: "case", Code: code})
}

// find turns a number as typed into the submission.
func (s *Service) find(ctx context.Context, typed string) (*review.Submission, error) {
	number, ok := review.ParseCaseNumber(typed)
	if !ok {
		return nil, faultCase("number")
	}
	c, err := s.cases.ByNumber(ctx, number)
	if errors.Is(err, review.ErrNotFound) {
		return nil, faultCase("unknown")
	}
	return c, err
}

// Read returns a page of the log and writes down that it was read.
func (s *Service) Read(ctx context.Context, by review.Actor, q Query) (Page, error) {
	if err := s.gate.Allow(by, review.ActAudit); err != nil {
		return Page{}, err
	}
	f := Filter{Type: q.Type, Actor: q.Actor, From: q.From, To: q.To, Before: q.Before, Limit: PageSize + 1}
	if !q.To.IsZero() && !q.From.Before(q.To) {
		return Page{}, review.Faulty(review.FieldFault{Field: "to", Code: "before-from"})
	}
	e := by.Event(review.EventAuditRead, s.clock.Now())
	if q.Type != "" {
		e = e.With("type", string(q.Type))
	}
	if q.Actor != "" {
		e = e.With("actor", q.Actor)
	}
	if q.Case != "" {
		c, err := s.find(ctx, q.Case)
		if err != nil {
			return Page{}, err
		}
		f.Submission, e.Submission = c.ID, c.ID
	}
	entries, err := s.log.List(ctx, f)
	if err != nil {
		return Page{}, err
	}
	p := Page{Entries: entries}
	if len(entries) > PageSize {
		p.Entries = entries[:PageSize]
		p.Next = p.Entries[PageSize-1].Seq
	}
	if p.Numbers, err = s.numbers(ctx, p.Entries); err != nil {
		return Page{}, err
	}
	if p.Signed, err = s.log.LastCheckpoint(ctx); err != nil {
		return Page{}, err
	}
	return p, s.history.Record(ctx, e)
}

func (s *Service) numbers(ctx context.Context, entries []Entry) (map[review.SubmissionID]review.CaseNumber, error) {
	var ids []review.SubmissionID
	seen := map[review.SubmissionID]bool{}
	for _, e := range entries {
		if e.Submission != "" && !seen[e.Submission] {
			seen[e.Submission] = true
			ids = append(ids, e.Submission)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.cases.Numbers(ctx, ids)
}

// Access tells who opened the papers of one case: role, time and page, newest
// first, and nothing about the person whose papers they are. That somebody
// asked is written down.
func (s *Service) Access(ctx context.Context, by review.Actor, typed string) (number review.CaseNumber, views []Entry, err error) {
	if err := s.gate.Allow(by, review.ActAccessLog); err != nil {
		return "", nil, err
	}
	c, err := s.find(ctx, typed)
	if err != nil {
		return "", nil, err
	}
	if views, err = s.log.Views(ctx, c.ID); err != nil {
		return "", nil, err
	}
	e := by.Event(review.EventAuditRead, s.clock.Now()).With("view", "access")
	e.Submission = c.ID
	return c.Number, views, s.history.Record(ctx, e)
}
