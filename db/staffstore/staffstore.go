// Package staffstore keeps the members of staff. The secret of a member's code
// generator is sealed under the member's key; an invitation is known by the hash
// of its token only.
//
//	store := &staffstore.Store{DB: db, Vault: vault}
//	service := staff.Service{Store: store, …}
package staffstore

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"okno/db/historystore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/field"
	"okno/review/staff"
)

// Store fills staff.Store.
type Store struct {
	DB     *sqlite.DB
	Vault  *seal.Vault
	Outbox Outbox
	Clock  review.Clock
	IDs    review.IDs
}

// Outbox queues messages.
type Outbox interface {
	Enqueue(tx *sqlite.Tx, now time.Time, ids review.IDs, notices ...review.Notice) error
}

type row struct {
	ID           string `db:"id"`
	Email        string `db:"email"`
	Name         string `db:"name"`
	Roles        string `db:"roles"`
	Status       string `db:"status"`
	Password     string `db:"password"`
	Secret       []byte `db:"secret"`
	Step         int64  `db:"step"`
	Failures     int    `db:"failures"`
	BlockedUntil int64  `db:"blocked_until"`
	InviteHash   []byte `db:"invite_hash"`
	InviteEnds   int64  `db:"invite_ends"`
	ResetBy      string `db:"reset_by"`
	ResetAt      int64  `db:"reset_at"`
	CreatedAt    int64  `db:"created_at"`
	EnrolledAt   int64  `db:"enrolled_at"`
	SeenAt       int64  `db:"seen_at"`
	Settings     string `db:"settings"`
	Version      int64  `db:"version"`
}

const columns = `id, email, name, roles, status, password, secret, step, failures, blocked_until, invite_hash, invite_ends, reset_by, reset_at, created_at, enrolled_at, seen_at, settings, version`

func owner(id string) seal.Owner { return seal.Owner{Kind: seal.Staff, ID: id} }

func place(id string, version int64) seal.Place {
	return seal.Place{Table: "staff", Column: "secret", Row: id, Version: version}
}

func (s *Store) open(rx *sqlite.Rx, r row) (*staff.Member, error) {
	box, err := s.Vault.Box(rx, owner(r.ID))
	if err != nil {
		return nil, err
	}
	secret, err := box.Open(place(r.ID, r.Version), r.Secret)
	if err != nil {
		return nil, err
	}
	m := r.member()
	m.Secret = secret
	return &m, nil
}

// member is the row without the sealed secret.
func (r row) member() staff.Member {
	var roles []review.Role
	for name := range strings.SplitSeq(r.Roles, ",") {
		roles = append(roles, review.Role(name))
	}
	var own staff.Settings
	if json.Unmarshal([]byte(r.Settings), &own) != nil {
		own = staff.Settings{} // not ours: the desk as it comes
	}
	return staff.Member{
		Settings: own,
		ID:       review.StaffID(r.ID), Email: r.Email, Name: r.Name, Roles: roles, Status: staff.Status(r.Status), Password: r.Password,
		Step: r.Step, Failures: r.Failures, Until: sqlite.Moment(r.BlockedUntil), InviteHash: r.InviteHash, InviteEnds: sqlite.Moment(r.InviteEnds), Reset: staff.Reset{By: review.StaffID(r.ResetBy), At: sqlite.Moment(r.ResetAt)},
		CreatedAt: sqlite.Moment(r.CreatedAt), EnrolledAt: sqlite.Moment(r.EnrolledAt), SeenAt: sqlite.Moment(r.SeenAt), Version: r.Version,
	}
}

func settings(s staff.Settings) string {
	b, err := json.Marshal(s)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// SaveSettings keeps how a member likes the desk.
func (s *Store) SaveSettings(ctx context.Context, id review.StaffID, own staff.Settings) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		n, err := tx.Change(`UPDATE staff SET settings = ? WHERE id = ?`, settings(own), id)
		if err == nil && n != 1 {
			err = review.ErrNotFound
		}
		return err
	})
}

func joined(roles []review.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}

// Add stores a new member.
func (s *Store) Add(ctx context.Context, m *staff.Member, events ...review.Event) error {
	return s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		id := string(m.ID)
		box, err := s.Vault.NewBox(tx, owner(id), m.CreatedAt)
		if err != nil {
			return err
		}
		m.Version = 1
		_, err = tx.Exec(`INSERT INTO staff (`+columns+`, email_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, m.Email, m.Name, joined(m.Roles), m.Status, m.Password, box.Seal(place(id, 1), m.Secret), m.Step, m.Failures, sqlite.Millis(m.Until),
			invite(m), sqlite.Millis(m.InviteEnds), m.Reset.By, sqlite.Millis(m.Reset.At), sqlite.Millis(m.CreatedAt), sqlite.Millis(m.EnrolledAt), sqlite.Millis(m.SeenAt), settings(m.Settings), m.Version, field.EmailKey(m.Email))
		if sqlite.UniqueOn(err, "staff.email_key") {
			return staff.ErrEmailTaken
		}
		if err != nil {
			return err
		}
		return historystore.Append(tx, events...)
	})
}

// invite keeps "no invitation" as NULL, which the unique index leaves alone.
func invite(m *staff.Member) any {
	if m.InviteHash == nil {
		return nil
	}
	return m.InviteHash
}

func (s *Store) one(ctx context.Context, column string, value any) (m *staff.Member, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		m, err = s.load(rx, column, value)
		return err
	})
	return m, err
}

func (s *Store) load(rx *sqlite.Rx, column string, value any) (*staff.Member, error) {
	var r row
	if err := rx.Get(&r, `SELECT `+columns+` FROM staff WHERE `+column+` = ?`, value); err != nil {
		return nil, err
	}
	return s.open(rx, r)
}

// Member returns one member.
func (s *Store) Member(ctx context.Context, id review.StaffID) (*staff.Member, error) {
	return s.one(ctx, "id", id)
}

// ByEmail returns the member with an address.
func (s *Store) ByEmail(ctx context.Context, email string) (*staff.Member, error) {
	return s.one(ctx, "email_key", field.EmailKey(strings.TrimSpace(email)))
}

// ByInvitation returns the member with an invitation.
func (s *Store) ByInvitation(ctx context.Context, hash []byte) (*staff.Member, error) {
	return s.one(ctx, "invite_hash", hash)
}

// Members returns everybody by name, without the secrets.
func (s *Store) Members(ctx context.Context) ([]staff.Member, error) {
	var rows []row
	if err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT `+columns+` FROM staff ORDER BY name, id`)
	}); err != nil {
		return nil, err
	}
	list := make([]staff.Member, len(rows))
	for i, r := range rows {
		list[i] = r.member()
		list[i].Password = ""
	}
	return list, nil
}

// Update changes a member, appends the events and queues the notices in the same
// transaction.
func (s *Store) Update(ctx context.Context, id review.StaffID, change func(m *staff.Member) (review.Change, error)) (*staff.Member, error) {
	var m *staff.Member
	err := s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		var err error
		if m, err = s.load(tx.Rx, "id", id); err != nil {
			return err
		}
		c, err := change(m)
		if err != nil {
			return err
		}
		box, err := s.Vault.Box(tx.Rx, owner(string(id)))
		if err != nil {
			return err
		}
		n, err := tx.Change(`
			UPDATE staff SET name = ?, roles = ?, status = ?, password = ?, secret = ?, step = ?, failures = ?, blocked_until = ?,
				invite_hash = ?, invite_ends = ?, reset_by = ?, reset_at = ?, enrolled_at = ?, seen_at = ?, version = ? WHERE id = ? AND version = ?`,
			m.Name, joined(m.Roles), m.Status, m.Password, box.Seal(place(string(id), m.Version+1), m.Secret), m.Step, m.Failures, sqlite.Millis(m.Until),
			invite(m), sqlite.Millis(m.InviteEnds), m.Reset.By, sqlite.Millis(m.Reset.At), sqlite.Millis(m.EnrolledAt), sqlite.Millis(m.SeenAt), m.Version+1, id, m.Version)
		if err != nil {
			return err
		}
		if n != 1 {
			return review.ErrStale
		}
		m.Version++
		if len(c.Events) > 0 {
			if err := historystore.Append(tx, c.Events...); err != nil {
				return err
			}
		}
		if len(c.Notices) == 0 {
			return nil
		}
		return s.Outbox.Enqueue(tx, s.Clock.Now(), s.IDs, c.Notices...)
	})
	return m, err
}
