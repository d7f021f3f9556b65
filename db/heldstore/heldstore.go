// Package heldstore keeps the forms that wait for their account to sign in again.
package heldstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/held"
)

// Store keeps rows of held_posts.
type Store struct{ DB *sqlite.DB }

type row struct {
	Hash    []byte `db:"hash"`
	Account string `db:"account"`
	Until   int64  `db:"until_at"`
	Body    []byte `db:"body"`
}

// Put stores a row in place of the account's or the browser's earlier one.
func (s *Store) Put(ctx context.Context, r held.Row, now time.Time, limit int64) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`DELETE FROM held_posts WHERE hash = ? OR account = ?`, r.Hash, r.Account); err != nil {
			return err
		}
		var total int64
		if err := tx.Get(&total, `SELECT COALESCE(SUM(size), 0) FROM held_posts WHERE until_at > ?`, sqlite.Millis(now)); err != nil {
			return err
		}
		if total+int64(len(r.Body)) > limit {
			return review.ErrBusy
		}
		_, err := tx.Exec(`INSERT INTO held_posts (hash, account, until_at, size, body) VALUES (?, ?, ?, ?, ?)`,
			r.Hash, r.Account, sqlite.Millis(r.Until), len(r.Body), r.Body)
		return err
	})
}

// Row returns a row by the hash of the browser's secret.
func (s *Store) Row(ctx context.Context, hash []byte) (held.Row, error) {
	var r row
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&r, `SELECT hash, account, until_at, body FROM held_posts WHERE hash = ?`, hash)
	})
	return held.Row{Hash: r.Hash, Account: review.AccountID(r.Account), Until: sqlite.Moment(r.Until), Body: r.Body}, err
}

// Drop removes a row; an unknown one is no error.
func (s *Store) Drop(ctx context.Context, hash []byte) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`DELETE FROM held_posts WHERE hash = ?`, hash)
		return err
	})
}

// Sweep removes the rows that were kept until now, and tells how many.
func (s *Store) Sweep(ctx context.Context, now time.Time) (n int, err error) {
	err = s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		gone, err := tx.Change(`DELETE FROM held_posts WHERE until_at <= ?`, sqlite.Millis(now))
		n = int(gone)
		return err
	})
	return n, err
}
