package signin

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"io"
	"time"

	"okno/review"
)

// Kind says what a session is good for.
type Kind string

// The kinds of sessions.
const (
	ForFlow      Kind = "flow"       // carries an unfinished registration or reset
	ForAccount   Kind = "account"    // an applicant or account holder
	ForStaffHalf Kind = "staff-half" // password given, second factor awaited
	ForStaff     Kind = "staff"
)

// terms are how long a session lives without activity and in all.
var terms = map[Kind]struct{ Idle, Total time.Duration }{
	ForFlow:      {time.Hour, 24 * time.Hour},
	ForAccount:   {15 * time.Minute, 12 * time.Hour},
	ForStaffHalf: {5 * time.Minute, 10 * time.Minute},
	ForStaff:     {15 * time.Minute, 10 * time.Hour},
}

// staffSessions is how many sessions a member of staff may have at a time.
const staffSessions = 2

// touchEvery is how exactly activity is noted: not every request writes.
const touchEvery = 10 * time.Second

// Session is a browser that has proved something. The token in its cookie is
// not part of it; only the token's hash is kept.
type Session struct {
	Hash    []byte
	Kind    Kind
	Subject string // id of the flow, account or member of staff
	Print   string // keyed fingerprint, safe for the history
	Started time.Time
	Seen    time.Time // last activity
	Ends    time.Time // at the latest
}

// Until is when the session ends if nothing more happens.
func (s Session) Until() time.Time {
	idle := s.Seen.Add(terms[s.Kind].Idle)
	if idle.After(s.Ends) {
		return s.Ends
	}
	return idle
}

// SessionStore keeps sessions.
type SessionStore interface {
	// Session returns review.ErrNotFound for an unknown or ended one.
	Session(ctx context.Context, hash []byte) (Session, error)
	// StartSession stores a session and ends the oldest ones of its kind and
	// subject, so that at most keep remain; 0 keeps all.
	StartSession(ctx context.Context, s Session, keep int) error
	// TouchSession notes activity.
	TouchSession(ctx context.Context, hash []byte, at time.Time) error
	// EndSession ends one session; an unknown one is no error.
	EndSession(ctx context.Context, hash []byte) error
	// EndSessions ends all sessions of a kind and subject.
	EndSessions(ctx context.Context, kind Kind, subject string) error
	// SweepSessions forgets what ended or lay idle before the given moments.
	SweepSessions(ctx context.Context, at time.Time) error
}

// Sessions begins, finds and ends sessions.
type Sessions struct {
	Store  SessionStore
	Clock  review.Clock
	Secret []byte    // key of the fingerprints, 32 bytes
	Random io.Reader // nil: the operating system
}

// New makes a session that is not stored yet, and its token.
func (s *Sessions) New(kind Kind, subject string) (Session, string, error) {
	source := s.Random
	if source == nil {
		source = rand.Reader
	}
	token, err := newToken(source)
	if err != nil {
		return Session{}, "", err
	}
	now := s.Clock.Now()
	hash := TokenHash(token)
	return Session{
		Hash: hash, Kind: kind, Subject: subject, Print: s.print(hash),
		Started: now, Seen: now, Ends: now.Add(terms[kind].Total),
	}, token, nil
}

func (s *Sessions) print(hash []byte) string {
	return hex.EncodeToString(keyed(s.Secret, "session print", string(hash))[:8])
}

// Find returns the live session of a token. A background lookup is no activity.
// It reports review.ErrUnauthenticated for an unknown, idle or ended session.
func (s *Sessions) Find(ctx context.Context, token string, background bool) (Session, error) {
	hash := TokenHash(token)
	if hash == nil {
		return Session{}, review.ErrUnauthenticated
	}
	found, err := s.Store.Session(ctx, hash)
	if review.KindOf(err) == review.NotFound {
		return Session{}, review.ErrUnauthenticated
	}
	if err != nil {
		return Session{}, err
	}
	now := s.Clock.Now()
	if !now.Before(found.Until()) {
		return Session{}, review.ErrUnauthenticated
	}
	if !background && now.Sub(found.Seen) >= touchEvery {
		if err := s.Store.TouchSession(ctx, hash, now); err != nil {
			return Session{}, err
		}
		found.Seen = now
	}
	return found, nil
}

// End ends the session of a token; an unknown one is no error.
func (s *Sessions) End(ctx context.Context, token string) error {
	hash := TokenHash(token)
	if hash == nil {
		return nil
	}
	return s.Store.EndSession(ctx, hash)
}

// EndAll ends every session of a subject.
func (s *Sessions) EndAll(ctx context.Context, kind Kind, subject string) error {
	return s.Store.EndSessions(ctx, kind, subject)
}

// StartStaff begins a session for a member of staff and ends replaced, the one
// that the browser held before. half marks that the second factor is awaited.
// A third complete session ends the oldest.
func (s *Sessions) StartStaff(ctx context.Context, id review.StaffID, half bool, replaced string) (token, fingerprint string, err error) {
	kind, keep := ForStaff, staffSessions
	if half {
		kind, keep = ForStaffHalf, 0
	}
	session, token, err := s.New(kind, string(id))
	if err != nil {
		return "", "", err
	}
	if err := s.End(ctx, replaced); err != nil {
		return "", "", err
	}
	return token, session.Print, s.Store.StartSession(ctx, session, keep)
}

// EndStaff ends every session of a member of staff.
func (s *Sessions) EndStaff(ctx context.Context, id review.StaffID) error {
	if err := s.EndAll(ctx, ForStaffHalf, string(id)); err != nil {
		return err
	}
	return s.EndAll(ctx, ForStaff, string(id))
}

// Tick forgets sessions that are over.
func (s *Sessions) Tick(ctx context.Context) error {
	return s.Store.SweepSessions(ctx, s.Clock.Now())
}

// IdleTerm is how long a session of the kind lives without activity.
func IdleTerm(k Kind) time.Duration { return terms[k].Idle }
