package disavowstore

import (
	"context"
	"errors"

	"okno/db/historystore"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/reinstate"
)

var _ reinstate.Store = (*Store)(nil)

type request struct {
	Staff string `db:"staff"`
	Proof string `db:"proof"`
	At    int64  `db:"at"`
}

func asked(rx *sqlite.Rx, id review.AccountID) (r request, err error) {
	err = rx.Get(&r, `SELECT staff, proof, at FROM reinstatements WHERE account = ?`, id)
	if errors.Is(err, review.ErrNotFound) {
		err = nil
	}
	return r, err
}

func (r request) request() reinstate.Request {
	return reinstate.Request{By: review.StaffID(r.Staff), Proof: reinstate.Proof(r.Proof), At: sqlite.Moment(r.At)}
}

// Suspended lists closed accounts, those with a request first.
func (s *Store) Suspended(ctx context.Context, limit int) (list []reinstate.Account, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		var ids []review.AccountID
		if err := rx.Select(&ids, `
			SELECT accounts.id FROM accounts LEFT JOIN reinstatements ON reinstatements.account = accounts.id
			WHERE status = 'suspended' ORDER BY reinstatements.at IS NULL, reinstatements.at, accounts.id LIMIT ?`, limit); err != nil {
			return err
		}
		for _, id := range ids {
			a, err := s.suspended(rx, id)
			if err != nil {
				return err
			}
			list = append(list, a)
		}
		return nil
	})
	return list, err
}

// SuspendedAccount returns a closed account, or [review.ErrNotFound].
func (s *Store) SuspendedAccount(ctx context.Context, id review.AccountID) (a reinstate.Account, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		a, err = s.suspended(rx, id)
		return err
	})
	return a, err
}

func (s *Store) suspended(rx *sqlite.Rx, id review.AccountID) (reinstate.Account, error) {
	a := reinstate.Account{ID: id}
	var err error
	if a.Email, a.Phone, err = s.Accounts.Suspended(rx, id); err != nil {
		return a, err
	}
	var since int64
	if err := rx.Get(&since, `SELECT COALESCE(MAX(at), 0) FROM disavowals WHERE account = ? AND account <> ''`, id); err != nil {
		return a, err
	}
	a.Since = sqlite.Moment(since)
	r, err := asked(rx, id)
	if err != nil {
		return a, err
	}
	a.Request = r.request()
	a.Submission, a.Number, err = s.Submissions.NewestOf(rx, id)
	if errors.Is(err, review.ErrNotFound) {
		err = nil
	}
	return a, err
}

// Reinstate asks for a closed account to be opened again, drops the request, or
// opens the account: active if it had been activated. The old password does not
// work any more and no browser is known.
func (s *Store) Reinstate(ctx context.Context, id review.AccountID, change func(r reinstate.Request) (reinstate.Change, error)) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, _, err := s.Accounts.Suspended(tx.Rx, id); err != nil {
			return err
		}
		r, err := asked(tx.Rx, id)
		if err != nil {
			return err
		}
		c, err := change(r.request())
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM reinstatements WHERE account = ?`, id); err != nil {
			return err
		}
		if c.Open {
			if err := s.Accounts.Reinstate(tx, id); err != nil {
				return err
			}
		} else if c.Request.By != "" {
			if _, err := tx.Exec(`INSERT INTO reinstatements (account, staff, proof, at) VALUES (?, ?, ?, ?)`,
				id, c.Request.By, c.Request.Proof, sqlite.Millis(c.Request.At)); err != nil {
				return err
			}
		}
		if err := historystore.Append(tx, c.Events...); err != nil || len(c.Notices) == 0 {
			return err
		}
		return s.Outbox.Enqueue(tx, s.Clock.Now(), s.IDs, c.Notices...)
	})
}
