// Package disavowstore remembers which messages their recipients have disavowed,
// and stops what those were about: in one transaction the flow or the account,
// its sessions, the mark on its submission, the history and the message to the
// holder. Accounts that were closed so may be opened again.
package disavowstore

import (
	"context"
	"errors"
	"time"

	"okno/db/accountstore"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/sessionstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/disavow"
)

// Store fills the port of package disavow.
type Store struct {
	DB          *sqlite.DB
	Outbox      *outboxstore.Store
	Accounts    *accountstore.Store
	Sessions    *sessionstore.Store
	Submissions *submissionstore.Store
	IDs         review.IDs
	Clock       review.Clock
}

var _ disavow.Store = (*Store)(nil)

// Letter returns what is known about a message.
func (s *Store) Letter(ctx context.Context, id string) (disavow.Letter, error) {
	return s.Outbox.Letter(ctx, id)
}

// Used reports whether a message was disavowed.
func (s *Store) Used(ctx context.Context, id string) (used bool, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&used, `SELECT count(*) > 0 FROM disavowals WHERE message = ?`, id)
	})
	return used, err
}

// Disavow stops what a message was about.
func (s *Store) Disavow(ctx context.Context, by review.Actor, l disavow.Letter, at time.Time) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`INSERT INTO disavowals (message, account, at) VALUES (?, ?, ?)`, l.ID, l.Account, sqlite.Millis(at)); err != nil {
			if sqlite.UniqueOn(err, "disavowals.message") {
				return disavow.ErrUsed
			}
			return err
		}
		by.Account = "" // whoever holds the letter need not be signed in
		e := by.Event(review.EventDisavowed, at).With("message", string(l.Kind))
		e.Account = l.Account
		if !l.AboutAccount() {
			if err := s.Sessions.StopFlow(tx, l.Flow, at); err != nil {
				return err
			}
			return historystore.Append(tx, e)
		}
		return s.freeze(tx, by, l, e, at)
	})
}

// freeze suspends the account and marks its submission.
func (s *Store) freeze(tx *sqlite.Tx, by review.Actor, l disavow.Letter, e review.Event, at time.Time) error {
	if err := s.Accounts.Suspend(tx, l.Account); err != nil {
		return err
	}
	if err := s.Sessions.StopAccount(tx, l.Account, at); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM reinstatements WHERE account = ?`, l.Account); err != nil { // the holder objects
		return err
	}
	marked := false
	id, _, err := s.Submissions.NewestOf(tx.Rx, l.Account)
	switch {
	case err == nil:
		_, err = s.Submissions.UpdateTx(tx, id, 0, func(sub *review.Submission) (review.Change, error) {
			c, err := sub.Disavow(by, at)
			marked = len(c.Events) > 0
			return c, err
		})
		if err != nil {
			return err
		}
	case !errors.Is(err, review.ErrNotFound):
		return err
	}
	if !marked {
		if err := historystore.Append(tx, e); err != nil {
			return err
		}
	}
	told := []review.Notice{{Kind: review.NoticeDisavowed, Channel: review.Mail, Account: l.Account}}
	if l.Address != "" && l.Channel == review.Mail { // the address that was replaced
		told = append(told, review.Notice{Kind: review.NoticeDisavowed, Channel: review.Mail, Account: l.Account, Address: l.Address, Language: l.Language})
	}
	return s.Outbox.Enqueue(tx, at, s.IDs, told...)
}
