// Package account is what an applicant or account holder sees of the own
// account: status, level, contacts and the activity log.
//
// An account begins pending and simplified when its contacts are confirmed, and
// becomes active and standard only through an approved submission; that write
// belongs to the transaction of the decision.
//
//	profile, err := service.Profile(ctx, actor)
//	log, err := service.Activity(ctx, actor, 50)
package account

import (
	"context"
	"time"

	"okno/review"
)

// Status is where an account stands.
type Status string

// The statuses of an account.
const (
	Pending   Status = "pending" // contacts confirmed, nothing decided yet
	Active    Status = "active"
	Suspended Status = "suspended"
	Closed    Status = "closed"
)

// Level is how much an account is good for.
type Level string

// The levels of an account.
const (
	Simplified Level = "simplified" // the own submission, messages, contacts, security
	Standard   Level = "standard"
)

// Account is one account. It prints as [redacted].
type Account struct {
	ID          review.AccountID
	Status      Status
	Level       Level
	Track       review.Track
	Language    string
	CreatedAt   time.Time
	ActivatedAt time.Time
	Email       string
	Phone       string
}

// String keeps personal data out of logs.
func (Account) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Account) GoString() string { return "[redacted]" }

// Open reports whether the account may be used.
func (a *Account) Open() bool { return a.Status == Pending || a.Status == Active }

// Role is what the account's holder acts as.
func (a *Account) Role() review.Role {
	if a.Status == Active {
		return review.RoleAccountHolder
	}
	return review.RoleApplicant
}

// Store keeps accounts.
type Store interface {
	// Account returns review.ErrNotFound for an unknown one.
	Account(ctx context.Context, id review.AccountID) (*Account, error)
	// Events returns the newest events that concern the account, newest first.
	Events(ctx context.Context, id review.AccountID, limit int) ([]review.Event, error)
	// SetLanguage changes the language in which the holder is written to, about
	// everything from now on, with its event.
	SetLanguage(ctx context.Context, id review.AccountID, language string, e review.Event) error
}

// Service is the use cases of this package.
type Service struct {
	Gate  review.Gate
	Store Store
}

// Actor returns who acts in a session of the account. It reports
// review.ErrUnauthenticated for an account that is suspended, closed or gone.
func (s *Service) Actor(ctx context.Context, id review.AccountID, session string) (review.Actor, error) {
	a, err := s.Store.Account(ctx, id)
	if review.KindOf(err) == review.NotFound {
		return review.Actor{}, review.ErrUnauthenticated
	}
	if err != nil {
		return review.Actor{}, err
	}
	if !a.Open() {
		return review.Actor{}, review.ErrUnauthenticated
	}
	return review.Actor{Account: id, Roles: []review.Role{a.Role()}, Session: session}, nil
}

// Profile returns the actor's own account.
func (s *Service) Profile(ctx context.Context, by review.Actor) (*Account, error) {
	if err := s.Gate.Allow(by, review.ActCabinet); err != nil {
		return nil, err
	}
	if by.Account == "" {
		return nil, review.ErrUnauthenticated
	}
	return s.Store.Account(ctx, by.Account)
}

// WriteIn chooses the language of the messages to the actor. It is no matter of the
// pages, which are read in whatever language somebody turns to.
func (s *Service) WriteIn(ctx context.Context, by review.Actor, language string, at time.Time) error {
	a, err := s.Profile(ctx, by)
	if err != nil || a.Language == language {
		return err
	}
	return s.Store.SetLanguage(ctx, a.ID, language, by.Event(review.EventLanguageChosen, at).With("language", language))
}

// Entry is one line of the activity log.
type Entry struct {
	At   time.Time
	Type review.EventType
	Own  bool        // done by the holder; else by the desk or the system
	Role review.Role // of whoever did it
	// Detail names what it was about: a contact, a section or a document slot.
	Detail string
}

// told are the events that an account's holder is told about, with the detail
// that belongs to the line.
var told = map[review.EventType]string{
	review.EventAccountCreated:      "",
	review.EventAccountActivated:    "",
	review.EventContactConfirmed:    "contact",
	review.EventContactChanged:      "contact",
	review.EventPasswordSet:         "",
	review.EventLanguageChosen:      "",
	review.EventSignedIn:            "",
	review.EventSignInFailed:        "",
	review.EventSignedOut:           "",
	review.EventDraftStarted:        "",
	review.EventSectionSaved:        "section",
	review.EventDocumentUploaded:    "slot",
	review.EventDocumentRemoved:     "slot",
	review.EventConsentGiven:        "purpose",
	review.EventSubmitted:           "",
	review.EventResubmitted:         "",
	review.EventCheckBlocked:        "",
	review.EventScanViewed:          "slot",
	review.EventCorrectionRequested: "",
	review.EventApproved:            "",
	review.EventRejected:            "",
	review.EventWithdrawn:           "",
	review.EventExpired:             "",
	review.EventReminded:            "",
	review.EventExtended:            "",
	review.EventAppealMade:          "",
	review.EventAppealAnswered:      "",
	review.EventDisavowed:           "",
	review.EventReinstated:          "",
}

// Told lists the events of the activity log, so that a test of the catalogues
// can ask for words.
func Told() []review.EventType {
	var list []review.EventType
	for t := range told {
		list = append(list, t)
	}
	return list
}

// Activity returns the newest lines of the actor's own activity log, newest first.
func (s *Service) Activity(ctx context.Context, by review.Actor, limit int) ([]Entry, error) {
	if err := s.Gate.Allow(by, review.ActCabinet); err != nil {
		return nil, err
	}
	if by.Account == "" {
		return nil, review.ErrUnauthenticated
	}
	events, err := s.Store.Events(ctx, by.Account, 4*limit) // some are not told
	if err != nil {
		return nil, err
	}
	var log []Entry
	for _, e := range events {
		key, ok := told[e.Type]
		if !ok {
			continue
		}
		if log = append(log, Entry{At: e.At, Type: e.Type, Own: e.Actor == string(by.Account), Role: e.Role, Detail: e.Detail[key]}); len(log) == limit {
			break
		}
	}
	return log, nil
}
