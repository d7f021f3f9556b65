// Package sessionstore keeps sessions, token buckets and the unfinished flows of
// package signin, and writes what a step of a flow or a sign-in asks for in one
// transaction: the flow or credential, the account, the session, the history and
// the messages.
//
//	store := &sessionstore.Store{DB: db, Vault: vault, Accounts: accounts, Outbox: outbox, Clock: clock, IDs: ids}
//	service := signin.Service{Flows: store, Accounts: store, Limiter: store, Sessions: &signin.Sessions{Store: store, …}, …}
//
// Of a session only the hash of its token is kept, of a bucket only a keyed hash
// of whom it counts.
package sessionstore

import (
	"context"
	"time"

	"okno/db/accountstore"
	"okno/db/historystore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
)

// Outbox keeps messages to be sent.
type Outbox interface {
	Enqueue(tx *sqlite.Tx, now time.Time, ids review.IDs, notices ...review.Notice) error
}

// Store fills the ports of package signin.
type Store struct {
	DB       *sqlite.DB
	Vault    *seal.Vault
	Accounts *accountstore.Store
	Outbox   Outbox
	Clock    review.Clock
	IDs      review.IDs
}

// apply writes everything that a change asks for beside its flow or credential.
func (s *Store) apply(tx *sqlite.Tx, flowAccount review.AccountID, c signin.Change) error {
	if err := s.Accounts.Apply(tx, flowAccount, c); err != nil {
		return err
	}
	if err := s.text(tx, c); err != nil {
		return err
	}
	if c.EndOthers != "" {
		if err := endSessions(tx, signin.ForAccount, string(c.EndOthers)); err != nil {
			return err
		}
	}
	if c.End != "" {
		if hash := signin.TokenHash(c.End); hash != nil {
			if err := endSession(tx, hash); err != nil {
				return err
			}
		}
	}
	if c.Start != nil {
		if err := insertSession(tx, *c.Start); err != nil {
			return err
		}
	}
	if len(c.Events) > 0 {
		if err := historystore.Append(tx, c.Events...); err != nil {
			return err
		}
	}
	if len(c.Notices) == 0 {
		return nil
	}
	return s.Outbox.Enqueue(tx, s.Clock.Now(), s.IDs, c.Notices...)
}

// Credential finds an account by a confirmed contact.
func (s *Store) Credential(ctx context.Context, channel review.Channel, contact string) (c *signin.Credential, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		c, err = s.Accounts.Credential(rx, channel, contact)
		return err
	})
	return c, err
}

// CredentialOf finds an account by its id.
func (s *Store) CredentialOf(ctx context.Context, id review.AccountID) (c *signin.Credential, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		c, err = s.Accounts.CredentialOf(rx, id)
		return err
	})
	return c, err
}

// UpdateCredential applies change in one transaction.
func (s *Store) UpdateCredential(ctx context.Context, id review.AccountID, change func(c *signin.Credential) (signin.Change, error)) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		c, err := s.Accounts.CredentialOf(tx.Rx, id)
		if err != nil {
			return err
		}
		done, err := change(c)
		if err != nil {
			return err
		}
		if err := s.Accounts.SaveCredential(tx, c); err != nil {
			return err
		}
		return s.apply(tx, "", done)
	})
}

// Device returns the failures of a browser that the account is known to use.
func (s *Store) Device(ctx context.Context, id review.AccountID, device []byte) (f signin.Failures, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		f, err = s.Accounts.Device(rx, id, device)
		return err
	})
	return f, err
}
