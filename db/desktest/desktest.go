// Package desktest gives tests a desk with cases on it: the real submission
// store on a real database, a clock to move, and what the store handed on.
package desktest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/reviewtest"
)

// Desk is a desk in a folder that is gone after the test.
type Desk struct {
	*dbtest.Desk
	Store  *submissionstore.Store
	Clock  *reviewtest.Clock
	IDs    review.RandomIDs
	Ledger *Ledger
	cases  int
}

// Ledger keeps what the store handed on inside its transactions.
type Ledger struct {
	mu        sync.Mutex
	events    []review.Event
	notices   []review.Notice
	activated []review.AccountID
}

// Open makes an empty desk.
func Open(t testing.TB) *Desk {
	t.Helper()
	base := dbtest.Open(t)
	d := &Desk{Desk: base, Clock: reviewtest.NewClock(), Ledger: &Ledger{}}
	d.Store = &submissionstore.Store{
		DB: base.DB, Vault: base.Vault, Clock: d.Clock, IDs: d.IDs, Scans: &scanstore.Store{DB: base.DB, Vault: base.Vault},
		History: d.Ledger, Outbox: d.Ledger, Accounts: d.Ledger,
	}
	return d
}

// Append writes events into the real history and collects them.
func (l *Ledger) Append(tx *sqlite.Tx, events ...review.Event) error {
	if err := historystore.Append(tx, events...); err != nil {
		return err
	}
	tx.OnCommit(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.events = append(l.events, events...)
	})
	return nil
}

// Enqueue collects notices.
func (l *Ledger) Enqueue(tx *sqlite.Tx, _ time.Time, _ review.IDs, notices ...review.Notice) error {
	tx.OnCommit(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.notices = append(l.notices, notices...)
	})
	return nil
}

// Activate collects accounts.
func (l *Ledger) Activate(tx *sqlite.Tx, account review.AccountID, _ time.Time) error {
	tx.OnCommit(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.activated = append(l.activated, account)
	})
	return nil
}

// ForSubmission returns the collected events of a submission.
func (l *Ledger) ForSubmission(_ context.Context, id review.SubmissionID) (events []review.Event, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Submission == id {
			events = append(events, e)
		}
	}
	return events, nil
}

// Count tells how many events of a type were collected.
func (l *Ledger) Count(t review.EventType) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Type == t {
			n++
		}
	}
	return n
}

// Events returns the collected events of a type.
func (l *Ledger) Events(t review.EventType) (events []review.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Type == t {
			events = append(events, e)
		}
	}
	return events
}

// Notices returns the collected notices.
func (l *Ledger) Notices() []review.Notice {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]review.Notice(nil), l.notices...)
}

// Activated returns the accounts that were raised.
func (l *Ledger) Activated() []review.AccountID {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]review.AccountID(nil), l.activated...)
}

// Do changes a submission or fails the test.
func (d *Desk) Do(t testing.TB, id review.SubmissionID, change func(*review.Submission) (review.Change, error)) *review.Submission {
	t.Helper()
	s, err := d.Store.Update(t.Context(), id, 0, change)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Document is a one-page scan for a slot. Its blobs are not there.
func (d *Desk) Document(slot review.Slot) review.Document {
	return review.Document{
		ID: review.DocumentID(d.IDs.NewID()), Slot: slot, Name: "SPECIMEN.jpg", Format: "jpeg", Bytes: 1234, Verdict: "accept",
		Print: d.Store.Scans.Print([32]byte{byte(d.cases)}), Original: d.IDs.NewID(),
		Pages: []review.Page{{Number: 1, Width: 1600, Height: 1100, Image: d.IDs.NewID(), Thumb: d.IDs.NewID()}},
	}
}

// Draft starts a submission of track A with answers and two documents.
func (d *Desk) Draft(t testing.TB) *review.Submission {
	t.Helper()
	d.cases++
	by := reviewtest.Applicant(review.AccountID(fmt.Sprintf("account-%d", d.cases)))
	now := d.Clock.Now()
	s, c := review.NewSubmission(by, review.SubmissionID(d.IDs.NewID()), d.IDs.NewNumber(), review.ForeignCitizen, "ru", now)
	if err := d.Store.Create(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Save(by, "person", reviewtest.Answers(), now)
	})
	for _, slot := range []review.Slot{review.SlotPassport, review.SlotStayProof} {
		s = d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.PutDocument(by, d.Document(slot), now) })
	}
	return s
}

// Queued brings a new submission into the queue, with what the automatic checks found.
func (d *Desk) Queued(t testing.TB, checks ...review.Check) *review.Submission {
	t.Helper()
	return d.Send(t, d.Draft(t).ID, checks...)
}

// Send sends a draft or answered corrections and ends the automatic check.
func (d *Desk) Send(t testing.TB, id review.SubmissionID, checks ...review.Check) *review.Submission {
	t.Helper()
	now := d.Clock.Now()
	d.Do(t, id, func(s *review.Submission) (review.Change, error) { return s.Send(reviewtest.Applicant(s.Account), now) })
	return d.Do(t, id, func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), checks, now) })
}

// Taken brings a new submission into somebody's hands.
func (d *Desk) Taken(t testing.TB, by review.Actor, checks ...review.Check) *review.Submission {
	t.Helper()
	return d.Do(t, d.Queued(t, checks...).ID, func(s *review.Submission) (review.Change, error) { return s.Take(by, d.Clock.Now()) })
}

// Decided brings a new submission to a decision in effect.
func (d *Desk) Decided(t testing.TB, by review.Actor, decision review.Decision, checks ...review.Check) *review.Submission {
	t.Helper()
	return d.Do(t, d.Taken(t, by, checks...).ID, func(s *review.Submission) (review.Change, error) {
		now := d.Clock.Now()
		c, err := s.Decide(by, decision, 0, now)
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(now)
		return c.Then(effect), err
	})
}
