package sessionstore

import (
	"context"
	"encoding/json"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
)

type flowRow struct {
	ID             string `db:"id"`
	Kind           string `db:"kind"`
	Account        string `db:"account"`
	Track          string `db:"track"`
	Language       string `db:"language"`
	Subject        string `db:"subject"`
	Started        int64  `db:"started_at"`
	Body           []byte `db:"body"`
	EmailConfirmed bool   `db:"email_confirmed"`
	PhoneConfirmed bool   `db:"phone_confirmed"`
	Failures       int    `db:"failures"`
	Version        int64  `db:"version"`
	CodeID         string `db:"code_id"`
	CodePurpose    string `db:"code_purpose"`
	CodeHash       []byte `db:"code_hash"`
	CodeSent       int64  `db:"code_sent_at"`
	CodeExpires    int64  `db:"code_expires_at"`
	CodeAgain      int64  `db:"code_again_at"`
	CodeTries      int    `db:"code_tries"`
	CodeUsed       bool   `db:"code_used"`
}

// contacts is what lies sealed in a flow's body.
type contacts struct {
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

func flowOwner(id string) seal.Owner { return seal.Owner{Kind: seal.Flow, ID: id} }

func flowPlace(id string, version int64) seal.Place {
	return seal.Place{Table: "flows", Column: "body", Row: id, Version: version}
}

func (s *Store) loadFlow(rx *sqlite.Rx, query string, args ...any) (*signin.Flow, error) {
	var r flowRow
	if err := rx.Get(&r, `SELECT * FROM flows WHERE `+query, args...); err != nil {
		return nil, err
	}
	box, err := s.Vault.Box(rx, flowOwner(r.ID))
	if err != nil {
		return nil, err
	}
	plain, err := box.Open(flowPlace(r.ID, r.Version), r.Body)
	if err != nil {
		return nil, err
	}
	var c contacts
	if err := json.Unmarshal(plain, &c); err != nil {
		return nil, seal.ErrDamaged.Because(err)
	}
	f := &signin.Flow{
		ID: r.ID, Kind: signin.FlowKind(r.Kind), Account: review.AccountID(r.Account), Track: review.Track(r.Track),
		Language: r.Language, Subject: r.Subject, Started: sqlite.Moment(r.Started), Email: c.Email, Phone: c.Phone,
		EmailConfirmed: r.EmailConfirmed, PhoneConfirmed: r.PhoneConfirmed, Failures: r.Failures, Version: r.Version,
	}
	if r.CodeID != "" {
		f.Code = &signin.Code{ID: r.CodeID, Purpose: signin.Purpose(r.CodePurpose), Hash: r.CodeHash, Sent: sqlite.Moment(r.CodeSent),
			Expires: sqlite.Moment(r.CodeExpires), Again: sqlite.Moment(r.CodeAgain), Tries: r.CodeTries, Used: r.CodeUsed}
	}
	return f, nil
}

// saveFlow writes a flow as its next version. The old version must still be there.
func (s *Store) saveFlow(tx *sqlite.Tx, box *seal.Box, f *signin.Flow) error {
	plain, err := json.Marshal(contacts{f.Email, f.Phone})
	if err != nil {
		return err
	}
	code := signin.Code{Hash: []byte{}}
	if f.Code != nil {
		code = *f.Code
	}
	n, err := tx.Change(`
		UPDATE flows SET body = ?, email_confirmed = ?, phone_confirmed = ?, failures = ?, version = ?, code_id = ?, code_purpose = ?, code_hash = ?,
			code_sent_at = ?, code_expires_at = ?, code_again_at = ?, code_tries = ?, code_used = ?
		WHERE id = ? AND version = ?`,
		box.Seal(flowPlace(f.ID, f.Version+1), plain), f.EmailConfirmed, f.PhoneConfirmed, f.Failures, f.Version+1, code.ID, code.Purpose, code.Hash,
		sqlite.Millis(code.Sent), sqlite.Millis(code.Expires), sqlite.Millis(code.Again), code.Tries, code.Used, f.ID, f.Version)
	if err != nil {
		return err
	}
	if n != 1 {
		return review.ErrStale
	}
	f.Version++
	return nil
}

// NewFlow stores a flow with its session. A contact change replaces an older one
// of the same account and kind.
func (s *Store) NewFlow(ctx context.Context, f *signin.Flow, session *signin.Session) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if session == nil {
			var old []string
			if err := tx.Select(&old, `SELECT id FROM flows WHERE account = ? AND account <> '' AND kind = ?`, f.Account, f.Kind); err != nil {
				return err
			}
			for _, id := range old {
				if err := s.forget(tx, id, f.Started); err != nil {
					return err
				}
			}
		}
		box, err := s.Vault.NewBox(tx, flowOwner(f.ID), f.Started)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`INSERT INTO flows (id, kind, account, track, language, subject, started_at, body, version) VALUES (?, ?, ?, ?, ?, ?, ?, x'', 0)`,
			f.ID, f.Kind, f.Account, f.Track, f.Language, f.Subject, sqlite.Millis(f.Started)); err != nil {
			return err
		}
		f.Version = 0
		if err := s.saveFlow(tx, box, f); err != nil {
			return err
		}
		if session == nil {
			return nil
		}
		return insertSession(tx, *session)
	})
}

// Flow returns a stored flow.
func (s *Store) Flow(ctx context.Context, id string) (f *signin.Flow, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		f, err = s.loadFlow(rx, `id = ?`, id)
		return err
	})
	return f, err
}

// ContactFlow returns the running change of an account's contact.
func (s *Store) ContactFlow(ctx context.Context, id review.AccountID, kind signin.FlowKind) (f *signin.Flow, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		f, err = s.loadFlow(rx, `account = ? AND account <> '' AND kind = ? ORDER BY started_at DESC LIMIT 1`, id, kind)
		return err
	})
	return f, err
}

// UpdateFlow changes a flow and writes what the change asks for. A flow that is
// done is forgotten, and its contacts with it.
func (s *Store) UpdateFlow(ctx context.Context, id string, change func(f *signin.Flow) (signin.Change, error)) (*signin.Flow, error) {
	var f *signin.Flow
	err := s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		var err error
		if f, err = s.loadFlow(tx.Rx, `id = ?`, id); err != nil {
			return err
		}
		c, err := change(f)
		if err != nil {
			return err
		}
		if err := s.apply(tx, f.Account, c); err != nil {
			return err
		}
		if f.Done {
			return s.forget(tx, id, s.Clock.Now())
		}
		box, err := s.Vault.Box(tx.Rx, flowOwner(id))
		if err != nil {
			return err
		}
		return s.saveFlow(tx, box, f)
	})
	return f, err
}

// forget removes a flow and destroys its key.
func (s *Store) forget(tx *sqlite.Tx, id string, at time.Time) error {
	if _, err := tx.Exec(`DELETE FROM flows WHERE id = ?`, id); err != nil {
		return err
	}
	return s.Vault.Destroy(tx, flowOwner(id), at)
}
