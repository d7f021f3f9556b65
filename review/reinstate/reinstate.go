// Package reinstate opens accounts again that "this was not me" has closed.
//
// One member of staff says by what the person proved to be the holder and asks;
// the holder is told and has a day to object through the link in that message;
// then another member of staff opens the account. The old password does not work
// any more, and no browser is known: the holder sets a new password with a code
// sent to the confirmed address.
//
//	list, err := service.Suspended(ctx, actor)
//	err = service.Ask(ctx, actor, account, reinstate.InPerson)
//	err = service.Open(ctx, other, account) // a day later
package reinstate

import (
	"context"
	"slices"
	"time"

	"okno/review"
)

// Delay is how long the holder has to object, and Term how long a request holds.
const (
	Delay = 24 * time.Hour
	Term  = 7 * 24 * time.Hour
)

// Proof is what showed that whoever asks is the holder.
type Proof string

// The proofs.
const (
	InPerson Proof = "in-person" // came with the document
	Video    Proof = "video"     // showed face and document in a call
	Papers   Proof = "papers"    // new scans that fit those of the application
)

// Proofs lists them in display order.
var Proofs = []Proof{InPerson, Video, Papers}

// Refusals.
var (
	// ErrSecond says that somebody else than who asked must open the account.
	ErrSecond = &review.Error{Kind: review.Forbidden, Code: "reinstate-second"}
	// ErrEarly says that the holder still has time to object.
	ErrEarly = &review.Error{Kind: review.Conflict, Code: "reinstate-early"}
	// ErrOver says that no request is waiting: it was answered, or is too old.
	ErrOver = &review.Error{Kind: review.Conflict, Code: "reinstate-over"}
	// ErrWaits says that a request is waiting already.
	ErrWaits = &review.Error{Kind: review.Conflict, Code: "reinstate-waits"}
)

// Request is what one member of staff has asked for.
type Request struct {
	By    review.StaffID
	Proof Proof
	At    time.Time
}

// Waits reports whether the request is to be answered still.
func (r Request) Waits(at time.Time) bool { return r.By != "" && at.Before(r.At.Add(Term)) }

// From is when the account may be opened.
func (r Request) From() time.Time { return r.At.Add(Delay) }

// Account is a closed account as staff see it. It prints as [redacted].
type Account struct {
	ID         review.AccountID
	Submission review.SubmissionID // the newest; empty if there is none
	Number     review.CaseNumber
	Email      string
	Phone      string
	Since      time.Time // zero when nobody knows
	Request    Request
}

// String keeps personal data out of logs.
func (Account) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Account) GoString() string { return "[redacted]" }

// Change is a new request, none, or the opened account, with what goes with it.
type Change struct {
	Request Request
	Open    bool
	Events  []review.Event
	Notices []review.Notice
}

// Store keeps closed accounts and the requests.
type Store interface {
	// Suspended lists closed accounts, those with a request first.
	Suspended(ctx context.Context, limit int) ([]Account, error)
	// SuspendedAccount returns one, or review.ErrNotFound when it is not closed.
	SuspendedAccount(ctx context.Context, id review.AccountID) (Account, error)
	// Reinstate applies change in one transaction.
	Reinstate(ctx context.Context, id review.AccountID, change func(r Request) (Change, error)) error
}

// Service is the use cases of this package. All fields are needed.
type Service struct {
	Gate  review.Gate
	Clock review.Clock
	Store Store
}

const listed = 200

// Suspended lists the closed accounts.
func (s *Service) Suspended(ctx context.Context, by review.Actor) ([]Account, error) {
	if err := s.Gate.Allow(by, review.ActReinstate); err != nil {
		return nil, err
	}
	return s.Store.Suspended(ctx, listed)
}

// Account returns one closed account.
func (s *Service) Account(ctx context.Context, by review.Actor, id review.AccountID) (Account, error) {
	if err := s.Gate.Allow(by, review.ActReinstate); err != nil {
		return Account{}, err
	}
	return s.Store.SuspendedAccount(ctx, id)
}

// Ask asks for an account to be opened again and tells the holder. It reports
// Invalid with field proof.
func (s *Service) Ask(ctx context.Context, by review.Actor, id review.AccountID, proof Proof) error {
	return s.change(ctx, by, id, func(r Request, now time.Time) (Change, error) {
		if !slices.Contains(Proofs, proof) {
			return Change{}, review.Faulty(review.FieldFault{Field: "proof", Code: "empty"})
		}
		if r.Waits(now) {
			return Change{}, ErrWaits
		}
		return Change{Request: Request{By: by.Staff, Proof: proof, At: now},
			Events:  []review.Event{event(by, review.EventReinstateAsked, id, now).With("proof", string(proof))},
			Notices: []review.Notice{{Kind: review.NoticeReinstateAsked, Channel: review.Mail, Account: id}},
		}, nil
	})
}

// Open opens the account: another member of staff, after the delay.
func (s *Service) Open(ctx context.Context, by review.Actor, id review.AccountID) error {
	return s.change(ctx, by, id, func(r Request, now time.Time) (Change, error) {
		switch {
		case !r.Waits(now):
			return Change{}, ErrOver
		case r.By == by.Staff:
			return Change{}, ErrSecond
		case now.Before(r.From()):
			return Change{}, ErrEarly
		}
		return Change{Open: true,
			Events:  []review.Event{event(by, review.EventReinstated, id, now).With("proof", string(r.Proof)).With("asked", string(r.By))},
			Notices: []review.Notice{{Kind: review.NoticeReinstated, Channel: review.Mail, Account: id}},
		}, nil
	})
}

// Refuse drops a request; the account stays closed.
func (s *Service) Refuse(ctx context.Context, by review.Actor, id review.AccountID) error {
	return s.change(ctx, by, id, func(r Request, now time.Time) (Change, error) {
		if !r.Waits(now) {
			return Change{}, ErrOver
		}
		return Change{Events: []review.Event{event(by, review.EventReinstateRefused, id, now)}}, nil
	})
}

func (s *Service) change(ctx context.Context, by review.Actor, id review.AccountID, do func(r Request, now time.Time) (Change, error)) error {
	if err := s.Gate.Allow(by, review.ActReinstate); err != nil {
		return err
	}
	if by.Staff == "" {
		return review.ErrForbidden
	}
	return s.Store.Reinstate(ctx, id, func(r Request) (Change, error) { return do(r, s.Clock.Now()) })
}

func event(by review.Actor, t review.EventType, id review.AccountID, at time.Time) review.Event {
	e := by.Event(t, at)
	e.Account = id
	return e
}
