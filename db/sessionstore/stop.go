package sessionstore

import (
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
)

// StopFlow forgets a flow with its codes and ends its sessions. An unknown one
// is no error.
func (s *Store) StopFlow(tx *sqlite.Tx, id string, at time.Time) error {
	if err := endSessions(tx, signin.ForFlow, id); err != nil {
		return err
	}
	var n int
	if err := tx.Get(&n, `SELECT count(*) FROM flows WHERE id = ?`, id); err != nil || n == 0 {
		return err
	}
	return s.forget(tx, id, at)
}

// StopAccount ends the sessions of an account and forgets what it has begun.
func (s *Store) StopAccount(tx *sqlite.Tx, id review.AccountID, at time.Time) error {
	if err := endSessions(tx, signin.ForAccount, string(id)); err != nil {
		return err
	}
	var flows []string
	if err := tx.Select(&flows, `SELECT id FROM flows WHERE account = ? AND account <> ''`, id); err != nil {
		return err
	}
	for _, f := range flows {
		if err := s.StopFlow(tx, f, at); err != nil {
			return err
		}
	}
	return nil
}
