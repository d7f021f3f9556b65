package sessionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review/signin"
)

type sessionRow struct {
	Hash    []byte `db:"hash"`
	Kind    string `db:"kind"`
	Subject string `db:"subject"`
	Print   string `db:"print"`
	Started int64  `db:"started_at"`
	Seen    int64  `db:"seen_at"`
	Ends    int64  `db:"ends_at"`
}

func (r sessionRow) session() signin.Session {
	return signin.Session{Hash: r.Hash, Kind: signin.Kind(r.Kind), Subject: r.Subject, Print: r.Print,
		Started: sqlite.Moment(r.Started), Seen: sqlite.Moment(r.Seen), Ends: sqlite.Moment(r.Ends)}
}

func insertSession(tx *sqlite.Tx, s signin.Session) error {
	_, err := tx.Exec(`INSERT INTO sessions (hash, kind, subject, print, started_at, seen_at, ends_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		s.Hash, s.Kind, s.Subject, s.Print, sqlite.Millis(s.Started), sqlite.Millis(s.Seen), sqlite.Millis(s.Ends))
	return err
}

func endSession(tx *sqlite.Tx, hash []byte) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE hash = ?`, hash)
	return err
}

func endSessions(tx *sqlite.Tx, kind signin.Kind, subject string) error {
	_, err := tx.Exec(`DELETE FROM sessions WHERE subject = ? AND kind = ?`, subject, kind)
	return err
}

// Session returns a stored session.
func (s *Store) Session(ctx context.Context, hash []byte) (signin.Session, error) {
	var r sessionRow
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&r, `SELECT hash, kind, subject, print, started_at, seen_at, ends_at FROM sessions WHERE hash = ?`, hash)
	})
	return r.session(), err
}

// StartSession stores a session and ends the oldest ones of its kind and subject
// beyond keep.
func (s *Store) StartSession(ctx context.Context, session signin.Session, keep int) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if err := insertSession(tx, session); err != nil || keep == 0 {
			return err
		}
		_, err := tx.Exec(`
			DELETE FROM sessions WHERE subject = ? AND kind = ? AND hash NOT IN (
				SELECT hash FROM sessions WHERE subject = ? AND kind = ? ORDER BY started_at DESC, rowid DESC LIMIT ?)`,
			session.Subject, session.Kind, session.Subject, session.Kind, keep)
		return err
	})
}

// TouchSession notes activity.
func (s *Store) TouchSession(ctx context.Context, hash []byte, at time.Time) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE sessions SET seen_at = ? WHERE hash = ? AND seen_at < ?`, sqlite.Millis(at), hash, sqlite.Millis(at))
		return err
	})
}

// EndSession ends one session.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error { return endSession(tx, hash) })
}

// EndSessions ends all sessions of a kind and subject.
func (s *Store) EndSessions(ctx context.Context, kind signin.Kind, subject string) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error { return endSessions(tx, kind, subject) })
}

// SweepSessions forgets sessions that ended, buckets that are full again, and
// flows that nobody can continue; the keys of the latter are destroyed.
func (s *Store) SweepSessions(ctx context.Context, at time.Time) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`DELETE FROM sessions WHERE ends_at <= ?`, sqlite.Millis(at)); err != nil {
			return err
		}
		for _, kind := range []signin.Kind{signin.ForFlow, signin.ForAccount, signin.ForStaffHalf, signin.ForStaff} {
			if _, err := tx.Exec(`DELETE FROM sessions WHERE kind = ? AND seen_at <= ?`, kind, sqlite.Millis(at.Add(-signin.IdleTerm(kind)))); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(`DELETE FROM limits WHERE full_at <= ?`, at.UnixMicro()); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM sms_codes WHERE sent_at <= ?`, sqlite.Millis(at.Add(-textsKept))); err != nil {
			return err
		}
		var old []string
		if err := tx.Select(&old, `SELECT id FROM flows WHERE started_at < ? ORDER BY started_at LIMIT 500`, sqlite.Millis(at.Add(-signin.FlowTerm))); err != nil {
			return err
		}
		for _, id := range old {
			if err := s.forget(tx, id, at); err != nil {
				return err
			}
		}
		return nil
	})
}
