package accountstore

import (
	"okno/db/sqlite"
	"okno/review"
	"okno/review/account"
)

// Suspend closes an account for signing in. One that is suspended or closed
// already stays so.
func (s *Store) Suspend(tx *sqlite.Tx, id review.AccountID) error {
	_, err := tx.Exec(`UPDATE accounts SET status = 'suspended' WHERE id = ? AND status IN ('pending', 'active')`, id)
	return err
}

// Reinstate opens a suspended account again, as it was: active if it had been
// activated. The password is gone and the known browsers are forgotten. It reports review.ErrTransition
// for an account that is not suspended.
func (s *Store) Reinstate(tx *sqlite.Tx, id review.AccountID) error {
	n, err := tx.Change(`UPDATE accounts SET status = CASE WHEN activated_at > 0 THEN 'active' ELSE 'pending' END, password = '', failures = 0, blocked_until = 0, code_failures = 0 WHERE id = ? AND status = 'suspended'`, id)
	if err != nil {
		return err
	}
	if n == 0 {
		return review.ErrTransition
	}
	_, err = tx.Exec(`DELETE FROM devices WHERE account = ?`, id)
	return err
}

// Suspended returns the contacts of a suspended account, or review.ErrNotFound for
// one that is not suspended.
func (s *Store) Suspended(rx *sqlite.Rx, id review.AccountID) (email, phone string, err error) {
	r, email, phone, err := s.load(rx, "id", string(id))
	if err == nil && r.Status != string(account.Suspended) {
		err = review.ErrNotFound
	}
	return email, phone, err
}
