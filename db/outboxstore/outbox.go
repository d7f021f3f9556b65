// Package outboxstore owns the table outbox: messages that wait to be sent.
//
// Who causes a message enqueues it in the same transaction. A worker leases a
// few, sends them outside of any transaction with the message's ID as key
// against doubles, and says how it went:
//
//	messages, err := outbox.Lease(ctx, now, 20, time.Minute)
//	for _, m := range messages {
//		if err := send(m); err != nil {
//			err = outbox.Failed(ctx, m.ID, clock.Now(), "refused")
//		} else {
//			err = outbox.Sent(ctx, m.ID, clock.Now())
//		}
//	}
//
// A lease that runs out, because the worker died, frees its message. Messages
// to one recipient leave in the order in which they came; codes, which expire,
// go in a line of their own, so that they never wait behind a letter that
// cannot be delivered. Address, parameters and items are sealed.
package outboxstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/notice"
)

var _ notice.Outbox = (*Store)(nil)

// Status says where a message stands.
type Status string

// The states of a message.
const (
	Queued Status = "queued"
	Leased Status = "leased"
	Sent   Status = "sent"
	Dead   Status = "dead"
)

// Reasons for which the outbox itself gives a message up, in Message.LastError.
const (
	CodeExpired  = "expired"      // its time passed before it could be sent
	CodeLost     = "lease-lapsed" // no worker survived sending it
	CodeUnsealed = "unreadable"   // the recipient's data were erased, or are damaged
)

const (
	maxAttempts = 10
	firstPause  = time.Minute
	longPause   = 6 * time.Hour
	maxList     = 1000
)

// Store is the outbox.
type Store struct {
	db    *sqlite.DB
	vault *seal.Vault
}

// New returns the store.
func New(db *sqlite.DB, vault *seal.Vault) *Store { return &Store{db, vault} }

// Message is a notice on its way. Lists that do not open messages leave
// Address, Params and Items empty.
type Message struct {
	ID string // also the key against sending it twice
	review.Notice
	Status    Status
	Attempts  int // including the one under way
	CreatedAt time.Time
	NextAt    time.Time
	SentAt    time.Time // zero until sent
	LastError string    // a code
}

// body is the sealed part of a message.
type body struct {
	Address string            `json:"address,omitempty"`
	Params  map[string]string `json:"params,omitempty"`
	Items   []review.Item     `json:"items,omitempty"`
}

type row struct {
	Seq        int64  `db:"seq"`
	ID         string `db:"id"`
	Kind       string `db:"kind"`
	Channel    string `db:"channel"`
	Account    string `db:"account"`
	Submission string `db:"submission"`
	Language   string `db:"language"`
	OwnerKind  string `db:"owner_kind"`
	OwnerID    string `db:"owner_id"`
	Body       []byte `db:"body"`
	Status     Status `db:"status"`
	Attempts   int    `db:"attempts"`
	NextAt     int64  `db:"next_at"`
	CreatedAt  int64  `db:"created_at"`
	SentAt     int64  `db:"sent_at"`
	ExpiresAt  int64  `db:"expires_at"`
	LastError  string `db:"last_error"`
}

const columns = `seq, id, kind, channel, account, submission, language, owner_kind, owner_id, body, status, attempts, next_at, created_at, sent_at, expires_at, last_error`

func place(id string) seal.Place { return seal.Place{Table: "outbox", Column: "body", Row: id} }

// message returns the row without what is sealed.
func (r *row) message() Message {
	return Message{
		ID: r.ID,
		Notice: review.Notice{Kind: review.NoticeKind(r.Kind), Channel: review.Channel(r.Channel), Account: review.AccountID(r.Account),
			Submission: review.SubmissionID(r.Submission), Language: r.Language, ExpiresAt: sqlite.Moment(r.ExpiresAt)},
		Status: r.Status, Attempts: r.Attempts, CreatedAt: sqlite.Moment(r.CreatedAt), NextAt: sqlite.Moment(r.NextAt), SentAt: sqlite.Moment(r.SentAt),
		LastError: r.LastError,
	}
}

// open returns the row with what is sealed.
func (s *Store) open(rx *sqlite.Rx, r *row) (Message, error) {
	m := r.message()
	box, err := s.vault.Box(rx, seal.Owner{Kind: seal.OwnerKind(r.OwnerKind), ID: r.OwnerID})
	if err != nil {
		return m, err
	}
	plain, err := box.Open(place(r.ID), r.Body)
	if err != nil {
		return m, err
	}
	var b body
	if err := json.Unmarshal(plain, &b); err != nil {
		return m, seal.ErrDamaged.Because(errors.New("outbox.body is no message"))
	}
	m.Address, m.Params, m.Items = b.Address, b.Params, b.Items
	return m, nil
}

// unreadable reports whether err means that this message will never open.
func unreadable(err error) bool {
	return errors.Is(err, seal.ErrErased) || errors.Is(err, seal.ErrDamaged) || errors.Is(err, review.ErrNotFound)
}

// Enqueue adds notices to the outbox, in the transaction that causes them.
func (s *Store) Enqueue(tx *sqlite.Tx, now time.Time, ids review.IDs, notices ...review.Notice) error {
	for _, n := range notices {
		if n.Account == "" && n.Address == "" {
			return sqlite.ErrConstraint.Because(fmt.Errorf("outbox: %s without a recipient", n.Kind))
		}
		id := ids.NewID()
		owner := seal.Owner{Kind: seal.Outbox, ID: id}
		switch {
		case n.Account != "":
			owner = seal.Owner{Kind: seal.Account, ID: string(n.Account)}
		case n.Submission != "":
			owner = seal.Owner{Kind: seal.Submission, ID: string(n.Submission)}
		}
		box, err := s.vault.NewBox(tx, owner, now)
		if err != nil {
			return err
		}
		plain, err := json.Marshal(body{n.Address, n.Params, n.Items})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`
			INSERT INTO outbox (id, kind, channel, account, submission, language, stream, owner_kind, owner_id, body, status, next_at, created_at, expires_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?)`,
			id, string(n.Kind), string(n.Channel), string(n.Account), string(n.Submission), n.Language, s.stream(n),
			string(owner.Kind), owner.ID, box.Seal(place(id), plain), now.UnixMilli(), now.UnixMilli(), sqlite.Millis(n.ExpiresAt)); err != nil {
			return err
		}
	}
	return nil
}

// stream names the line in which a notice waits.
func (s *Store) stream(n review.Notice) []byte {
	line := "letters"
	if !n.ExpiresAt.IsZero() {
		line = "codes"
	}
	recipient := "account " + string(n.Account)
	if n.Account == "" {
		recipient = "address " + n.Address
	}
	return s.vault.Index("outbox.stream", line+" "+string(n.Channel)+" "+recipient)
}

// ready selects the messages that may leave now: due, and first in their line.
const ready = `FROM outbox o INDEXED BY outbox_open WHERE o.status IN ('queued', 'leased') AND o.status = 'queued' AND o.next_at <= ? AND NOT EXISTS (
	SELECT 1 FROM outbox e WHERE e.stream = o.stream AND e.seq < o.seq AND e.status IN ('queued', 'leased'))`

// Lease hands out up to n messages for the given time, oldest first. Nobody
// else gets them until then. What has expired is given up instead.
func (s *Store) Lease(ctx context.Context, now time.Time, n int, leaseFor time.Duration) ([]notice.Message, error) {
	at := now.UnixMilli()
	var due int
	if err := s.db.Read(ctx, func(rx *sqlite.Rx) error { // an idle outbox costs no write
		return rx.Get(&due, `SELECT count(*) FROM outbox INDEXED BY outbox_open WHERE status IN ('queued', 'leased')
			AND (status = 'queued' AND (next_at <= ? OR expires_at > 0 AND expires_at <= ?) OR status = 'leased' AND lease_until <= ?)`, at, at, at)
	}); err != nil || due == 0 || n <= 0 {
		return nil, err
	}
	var list []notice.Message
	err := s.db.Write(ctx, func(tx *sqlite.Tx) error {
		list = nil
		if err := tidy(tx, at); err != nil {
			return err
		}
		var rows []row
		if err := tx.Select(&rows, `SELECT `+columns+` `+ready+` ORDER BY o.seq LIMIT ?`, at, n); err != nil {
			return err
		}
		for i := range rows {
			r := &rows[i]
			m, err := s.open(tx.Rx, r)
			if err != nil {
				if !unreadable(err) {
					return err
				}
				if err := bury(tx, r.ID, CodeUnsealed); err != nil {
					return err
				}
				continue
			}
			if _, err := tx.Exec(`UPDATE outbox SET status = 'leased', attempts = attempts + 1, lease_until = ? WHERE id = ?`,
				now.Add(leaseFor).UnixMilli(), r.ID); err != nil {
				return err
			}
			list = append(list, notice.Message{ID: m.ID, Notice: m.Notice, Attempts: m.Attempts + 1})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// tidy frees lapsed leases and gives up what has expired or was tried enough.
func tidy(tx *sqlite.Tx, at int64) error {
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`UPDATE outbox SET status = 'queued', lease_until = 0, last_error = ? WHERE status = 'leased' AND lease_until <= ?`, []any{CodeLost, at}},
		{`UPDATE outbox SET status = 'dead', last_error = ? WHERE status = 'queued' AND expires_at > 0 AND expires_at <= ?`, []any{CodeExpired, at}},
		{`UPDATE outbox SET status = 'dead' WHERE status = 'queued' AND attempts >= ?`, []any{maxAttempts}},
	} {
		if _, err := tx.Exec(step.query, step.args...); err != nil {
			return err
		}
	}
	return nil
}

func bury(tx *sqlite.Tx, id, code string) error {
	_, err := tx.Exec(`UPDATE outbox SET status = 'dead', lease_until = 0, last_error = ? WHERE id = ? AND status <> 'sent'`, code, id)
	return err
}

// Sent records that a message has left. It holds even when the lease had run
// out meanwhile. It reports [review.ErrNotFound] for an unknown message.
func (s *Store) Sent(ctx context.Context, id string, now time.Time) error {
	return s.db.Write(ctx, func(tx *sqlite.Tx) error {
		n, err := tx.Change(`UPDATE outbox SET status = 'sent', lease_until = 0, last_error = '', sent_at = CASE WHEN sent_at = 0 THEN ? ELSE sent_at END WHERE id = ?`,
			now.UnixMilli(), id)
		return found(n, err)
	})
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return review.ErrNotFound
	}
	return err
}

// Failed records that sending did not work and why, as a code. The message is
// tried again after a pause that doubles from one minute to six hours, and
// given up after ten attempts.
func (s *Store) Failed(ctx context.Context, id string, now time.Time, code string) error {
	return s.db.Write(ctx, func(tx *sqlite.Tx) error {
		var r row
		if err := tx.Get(&r, `SELECT `+columns+` FROM outbox WHERE id = ?`, id); err != nil {
			return err
		}
		switch {
		case r.Status == Sent || r.Status == Dead:
			return nil // settled meanwhile
		case r.Attempts >= maxAttempts:
			return bury(tx, id, code)
		}
		_, err := tx.Exec(`UPDATE outbox SET status = 'queued', lease_until = 0, next_at = ?, last_error = ? WHERE id = ?`,
			now.Add(pause(r.Attempts)).UnixMilli(), code, id)
		return err
	})
}

// pause is how long to wait after the given number of attempts.
func pause(attempts int) time.Duration {
	d := firstPause
	for range attempts - 1 {
		if d *= 2; d >= longPause {
			return longPause
		}
	}
	return d
}

// GiveUp records that a message can never be delivered, and why, as a code.
func (s *Store) GiveUp(ctx context.Context, id string, _ time.Time, code string) error {
	return s.db.Write(ctx, func(tx *sqlite.Tx) error {
		n, err := tx.Change(`UPDATE outbox SET status = 'dead', lease_until = 0, last_error = ? WHERE id = ? AND status <> 'sent'`, code, id)
		return found(n, err)
	})
}

// Dead returns the messages that were given up, newest first, unopened.
func (s *Store) Dead(ctx context.Context) ([]Message, error) {
	var list []Message
	err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		var rows []row
		if err := rx.Select(&rows, `SELECT `+columns+` FROM outbox WHERE status = 'dead' ORDER BY seq DESC LIMIT ?`, maxList); err != nil {
			return err
		}
		for i := range rows {
			list = append(list, rows[i].message())
		}
		return nil
	})
	return list, err
}

// Recent returns the latest messages, newest first, opened. Those whose
// recipient's data were erased are left out.
func (s *Store) Recent(ctx context.Context, limit int) ([]Message, error) {
	return s.opened(ctx, `ORDER BY seq DESC LIMIT ?`, min(max(limit, 0), maxList))
}

// ForSubmission returns the messages about a submission, newest first, opened.
func (s *Store) ForSubmission(ctx context.Context, id review.SubmissionID) ([]Message, error) {
	return s.opened(ctx, `WHERE submission = ? AND submission <> '' ORDER BY seq DESC LIMIT ?`, string(id), maxList)
}

func (s *Store) opened(ctx context.Context, tail string, args ...any) ([]Message, error) {
	var list []Message
	err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		var rows []row
		if err := rx.Select(&rows, `SELECT `+columns+` FROM outbox `+tail, args...); err != nil {
			return err
		}
		for i := range rows {
			m, err := s.open(rx, &rows[i])
			if errors.Is(err, seal.ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

// Waiting counts the messages that are not sent yet.
func (s *Store) Waiting(ctx context.Context) (n int, err error) {
	err = s.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&n, `SELECT count(*) FROM outbox WHERE status IN ('queued', 'leased')`)
	})
	return n, err
}
