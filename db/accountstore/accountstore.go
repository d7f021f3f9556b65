// Package accountstore keeps the accounts of applicants and account holders,
// and the browsers they sign in from. E-mail address and phone number are sealed
// under the account's key and found by keyed hashes; both are unique.
//
// Most functions take a transaction, because what happens to an account happens
// together with something else: a confirmed code, a session, a decision.
//
//	err := store.Create(tx, signin.NewAccount{ID: id, Email: email, Phone: phone, …})
//	err := store.Activate(tx, id, now)
//	address, language, err := store.Contact(ctx, id, review.Mail)
package accountstore

import (
	"context"
	"errors"
	"time"

	"okno/db/historystore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/account"
	"okno/review/field"
	"okno/review/signin"
)

// Store keeps accounts.
type Store struct {
	DB      *sqlite.DB
	Vault   *seal.Vault
	History *historystore.Store // for the activity log
	// Letters sets the language of what else is written to a holder; nil for none.
	Letters func(tx *sqlite.Tx, id review.AccountID, language string) error
}

// row is a row of accounts.
type row struct {
	ID           string `db:"id"`
	Status       string `db:"status"`
	Level        string `db:"level"`
	Track        string `db:"track"`
	Language     string `db:"language"`
	CreatedAt    int64  `db:"created_at"`
	ActivatedAt  int64  `db:"activated_at"`
	Email        []byte `db:"email"`
	Phone        []byte `db:"phone"`
	Password     string `db:"password"`
	Failures     int    `db:"failures"`
	BlockedUntil int64  `db:"blocked_until"`
	CodeFailures int    `db:"code_failures"`
}

const columns = `id, status, level, track, language, created_at, activated_at, email, phone, password, failures, blocked_until, code_failures`

func owner(id string) seal.Owner { return seal.Owner{Kind: seal.Account, ID: id} }

func place(column, id string) seal.Place {
	return seal.Place{Table: "accounts", Column: column, Row: id}
}

// contactColumn is where a contact of a channel lies.
func contactColumn(channel review.Channel) string {
	if channel == review.SMS {
		return "phone"
	}
	return "email"
}

// key is the keyed hash under which a contact is found.
func (s *Store) key(channel review.Channel, contact string) []byte {
	return s.Vault.Index("account "+contactColumn(channel), field.EmailKey(contact))
}

// Create opens an account, pending and simplified. It reports
// [signin.ErrTaken] when one of the contacts belongs to another account.
func (s *Store) Create(tx *sqlite.Tx, a signin.NewAccount) error {
	id := string(a.ID)
	box, err := s.Vault.NewBox(tx, owner(id), a.At)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO accounts (id, status, level, track, language, created_at, email, email_key, phone, phone_key, password, password_at)
		VALUES (?, 'pending', 'simplified', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, a.Track, a.Language, a.At.UnixMilli(),
		box.Seal(place("email", id), []byte(a.Email)), s.key(review.Mail, a.Email),
		box.Seal(place("phone", id), []byte(a.Phone)), s.key(review.SMS, a.Phone),
		a.Password, a.At.UnixMilli())
	return taken(err)
}

func taken(err error) error {
	if sqlite.UniqueOn(err, "accounts.email_key") || sqlite.UniqueOn(err, "accounts.phone_key") {
		return signin.ErrTaken
	}
	return err
}

// Activate makes an account active and standard, once: a second time changes
// nothing. It reports review.ErrNotFound for an unknown account and
// review.ErrTransition for a suspended or closed one.
func (s *Store) Activate(tx *sqlite.Tx, id review.AccountID, at time.Time) error {
	n, err := tx.Change(`UPDATE accounts SET status = 'active', level = 'standard', activated_at = ? WHERE id = ? AND status = 'pending'`, at.UnixMilli(), id)
	if err != nil || n == 1 {
		return err
	}
	var status string
	if err := tx.Get(&status, `SELECT status FROM accounts WHERE id = ?`, id); err != nil {
		return err
	}
	if status != string(account.Active) {
		return review.ErrTransition
	}
	return nil
}

// load reads and opens one row.
func (s *Store) load(rx *sqlite.Rx, where string, arg any) (r row, email, phone string, err error) {
	if err = rx.Get(&r, `SELECT `+columns+` FROM accounts WHERE `+where+` = ?`, arg); err != nil {
		return r, "", "", err
	}
	box, err := s.Vault.Box(rx, owner(r.ID))
	if err != nil {
		return r, "", "", err
	}
	e, err := box.Open(place("email", r.ID), r.Email)
	if err != nil {
		return r, "", "", err
	}
	p, err := box.Open(place("phone", r.ID), r.Phone)
	return r, string(e), string(p), err
}

// Account returns one account.
func (s *Store) Account(ctx context.Context, id review.AccountID) (*account.Account, error) {
	var a *account.Account
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		r, email, phone, err := s.load(rx, "id", id)
		if err != nil {
			return err
		}
		a = &account.Account{
			ID: id, Status: account.Status(r.Status), Level: account.Level(r.Level), Track: review.Track(r.Track),
			Language: r.Language, CreatedAt: sqlite.Moment(r.CreatedAt), ActivatedAt: sqlite.Moment(r.ActivatedAt), Email: email, Phone: phone,
		}
		return nil
	})
	return a, err
}

// Events returns the newest events that concern the account, newest first.
func (s *Store) Events(ctx context.Context, id review.AccountID, limit int) ([]review.Event, error) {
	entries, err := s.History.ForAccount(ctx, id, limit)
	if err != nil {
		return nil, err
	}
	events := make([]review.Event, len(entries))
	for i, e := range entries {
		events[i] = e.Event
	}
	return events, nil
}

// SetLanguage changes the language in which a holder is written to.
func (s *Store) SetLanguage(ctx context.Context, id review.AccountID, language string, e review.Event) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`UPDATE accounts SET language = ? WHERE id = ?`, language, id); err != nil {
			return err
		}
		if s.Letters != nil {
			if err := s.Letters(tx, id, language); err != nil {
				return err
			}
		}
		return historystore.Append(tx, e)
	})
}

// Contact returns the confirmed address of an account for a channel, and the
// language in which its holder is written to.
func (s *Store) Contact(ctx context.Context, id review.AccountID, channel review.Channel) (address, language string, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		r, email, phone, err := s.load(rx, "id", id)
		if err != nil {
			return err
		}
		address, language = email, r.Language
		if channel == review.SMS {
			address = phone
		}
		return nil
	})
	return address, language, err
}

// Holder returns the account that a contact belongs to, for the search of
// staff. It reports review.ErrNotFound.
func (s *Store) Holder(rx *sqlite.Rx, channel review.Channel, contact string) (id review.AccountID, err error) {
	err = rx.Get(&id, `SELECT id FROM accounts WHERE `+contactColumn(channel)+`_key = ?`, s.key(channel, contact))
	return id, err
}

func (s *Store) credential(rx *sqlite.Rx, where string, arg any) (*signin.Credential, error) {
	r, email, phone, err := s.load(rx, where, arg)
	if err != nil {
		return nil, err
	}
	return &signin.Credential{
		Account: review.AccountID(r.ID), Status: r.Status, Language: r.Language, Email: email, Phone: phone, Password: r.Password,
		Failures: signin.Failures{Count: r.Failures, Until: sqlite.Moment(r.BlockedUntil)}, CodeFailures: r.CodeFailures,
	}, nil
}

// Credential returns what the account with a contact signs in with.
func (s *Store) Credential(rx *sqlite.Rx, channel review.Channel, contact string) (*signin.Credential, error) {
	return s.credential(rx, contactColumn(channel)+"_key", s.key(channel, contact))
}

// CredentialOf returns what an account signs in with.
func (s *Store) CredentialOf(rx *sqlite.Rx, id review.AccountID) (*signin.Credential, error) {
	return s.credential(rx, "id", id)
}

// SaveCredential writes the stored password and the failures back.
func (s *Store) SaveCredential(tx *sqlite.Tx, c *signin.Credential) error {
	_, err := tx.Exec(`UPDATE accounts SET password = ?, failures = ?, blocked_until = ?, code_failures = ? WHERE id = ?`,
		c.Password, c.Failures.Count, sqlite.Millis(c.Failures.Until), c.CodeFailures, c.Account)
	return err
}

// SetPassword replaces the password and forgets the failures, also those of
// known browsers.
func (s *Store) SetPassword(tx *sqlite.Tx, p signin.NewPassword) error {
	if _, err := tx.Exec(`UPDATE accounts SET password = ?, password_at = ?, failures = 0, blocked_until = 0, code_failures = 0 WHERE id = ?`,
		p.Stored, p.At.UnixMilli(), p.Account); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE devices SET failures = 0, blocked_until = 0 WHERE account = ?`, p.Account)
	return err
}

// SetContact replaces a contact. It reports [signin.ErrTaken].
func (s *Store) SetContact(tx *sqlite.Tx, c signin.NewContact) error {
	box, err := s.Vault.Box(tx.Rx, owner(string(c.Account)))
	if err != nil {
		return err
	}
	column := contactColumn(c.Channel)
	_, err = tx.Exec(`UPDATE accounts SET `+column+` = ?, `+column+`_key = ? WHERE id = ?`,
		box.Seal(place(column, string(c.Account)), []byte(c.Value)), s.key(c.Channel, c.Value), c.Account)
	return taken(err)
}

// CountCode counts one wrong code against an account, or forgets them all.
func (s *Store) CountCode(tx *sqlite.Tx, id review.AccountID, wrong bool) error {
	query := `UPDATE accounts SET code_failures = 0 WHERE id = ?`
	if wrong {
		query = `UPDATE accounts SET code_failures = code_failures + 1 WHERE id = ?`
	}
	_, err := tx.Exec(query, id)
	return err
}

// devicesKept is how many browsers an account is known to use.
const devicesKept = 10

// Device returns the failures of a known browser, or review.ErrNotFound.
func (s *Store) Device(rx *sqlite.Rx, id review.AccountID, hash []byte) (signin.Failures, error) {
	var r struct {
		Failures     int   `db:"failures"`
		BlockedUntil int64 `db:"blocked_until"`
	}
	err := rx.Get(&r, `SELECT failures, blocked_until FROM devices WHERE hash = ? AND account = ?`, hash, id)
	return signin.Failures{Count: r.Failures, Until: sqlite.Moment(r.BlockedUntil)}, err
}

// SaveDevice remembers a browser and its failures; the ones unused for longest
// are forgotten.
func (s *Store) SaveDevice(tx *sqlite.Tx, d signin.Device) error {
	if _, err := tx.Exec(`
		INSERT INTO devices (hash, account, failures, blocked_until, seen_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (hash, account) DO UPDATE SET failures = excluded.failures, blocked_until = excluded.blocked_until, seen_at = excluded.seen_at`,
		d.Hash, d.Account, d.Failures.Count, sqlite.Millis(d.Failures.Until), d.At.UnixMilli()); err != nil {
		return err
	}
	_, err := tx.Exec(`
		DELETE FROM devices WHERE account = ? AND hash NOT IN (
			SELECT hash FROM devices WHERE account = ? ORDER BY seen_at DESC LIMIT ?)`, d.Account, d.Account, devicesKept)
	return err
}

var errNoAccount = errors.New("the change names no account")

// Apply writes the part of a change that concerns accounts and browsers.
func (s *Store) Apply(tx *sqlite.Tx, flowAccount review.AccountID, c signin.Change) error {
	if c.Create != nil {
		if err := s.Create(tx, *c.Create); err != nil {
			return err
		}
	}
	if c.Password != nil {
		if err := s.SetPassword(tx, *c.Password); err != nil {
			return err
		}
	}
	if c.Contact != nil {
		if err := s.SetContact(tx, *c.Contact); err != nil {
			return err
		}
	}
	if flowAccount != "" && (c.Tried || c.Right) {
		if err := s.CountCode(tx, flowAccount, !c.Right); err != nil {
			return err
		}
	}
	if c.Device == nil {
		return nil
	}
	if c.Device.Account == "" {
		return sqlite.ErrConstraint.Because(errNoAccount)
	}
	return s.SaveDevice(tx, *c.Device)
}
