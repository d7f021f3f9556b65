package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"okno/db/sqlite"
	"okno/review"
)

// OwnerKind says what kind of thing a data key belongs to.
type OwnerKind string

// The kinds of owners.
const (
	Submission OwnerKind = "submission"
	Account    OwnerKind = "account"
	Flow       OwnerKind = "flow" // a registration or recovery that has no account yet
	Staff      OwnerKind = "staff"
	Outbox     OwnerKind = "outbox" // a message to nobody's account
)

// Owner is whose data a key protects.
type Owner struct {
	Kind OwnerKind
	ID   string
}

// Place is where a sealed value stands. It opens nowhere else.
type Place struct {
	Table   string
	Column  string
	Row     string
	Version int64 // of the row, where old values must not come back; else 0
}

// label encodes owner and place without ambiguity.
func (p Place) label(o Owner) []byte {
	var b []byte
	for _, s := range []string{string(o.Kind), o.ID, p.Table, p.Column, p.Row} {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	return binary.AppendVarint(b, p.Version)
}

// sealedFormat is the first byte of every sealed value.
const sealedFormat = 1

// Box seals and opens the values of one owner. It is safe for concurrent use.
type Box struct {
	owner Owner
	aead  cipher.AEAD
}

func newBox(owner Owner, key []byte) (*Box, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Box{owner, gcm}, nil
}

// Owner returns whose box it is.
func (b *Box) Owner() Owner { return b.owner }

// Seal encrypts plain for its place: one byte of format, 12 of nonce, the
// ciphertext, 16 of tag.
func (b *Box) Seal(place Place, plain []byte) []byte {
	out := make([]byte, 1, 1+len(plain)+b.aead.Overhead())
	out[0] = sealedFormat
	return b.aead.Seal(out, nil, plain, place.label(b.owner))
}

// Open decrypts a value that stands in its place. It reports [ErrDamaged] for
// one that was changed, cut or comes from another place, owner or version.
func (b *Box) Open(place Place, sealed []byte) ([]byte, error) {
	if len(sealed) < 1+b.aead.Overhead() || sealed[0] != sealedFormat {
		return nil, ErrDamaged.Because(fmt.Errorf("%s.%s: no sealed value", place.Table, place.Column))
	}
	plain, err := b.aead.Open(nil, nil, sealed[1:], place.label(b.owner))
	if err != nil {
		return nil, ErrDamaged.Because(fmt.Errorf("%s.%s: %w", place.Table, place.Column, err))
	}
	return plain, nil
}

// keyRow is a row of sealing_keys.
type keyRow struct {
	Kind      OwnerKind `db:"owner_kind"`
	ID        string    `db:"owner_id"`
	Wrapped   []byte    `db:"wrapped"`
	Destroyed int64     `db:"destroyed_at"`
}

func (o Owner) row(rx *sqlite.Rx) (keyRow, error) {
	var r keyRow
	err := rx.Get(&r, `SELECT owner_kind, owner_id, wrapped, destroyed_at FROM sealing_keys WHERE owner_kind = ? AND owner_id = ?`, o.Kind, o.ID)
	if err == nil && r.Destroyed != 0 {
		err = ErrErased
	}
	return r, err
}

// wrapLabel binds a wrapped key to its owner.
func (o Owner) wrapLabel() []byte {
	return Place{Table: "sealing_keys", Column: "wrapped"}.label(o)
}

func (v *Vault) unwrap(r keyRow) (*Box, error) {
	owner := Owner{r.Kind, r.ID}
	v.mu.RLock()
	key, err := v.wrap.Decrypt(r.Wrapped, owner.wrapLabel())
	v.mu.RUnlock()
	if err != nil || len(key) != keyBytes {
		return nil, ErrDamaged.Because(errors.New("sealing_keys.wrapped does not open"))
	}
	return newBox(owner, key)
}

// Box returns the box of an owner who has one. It reports
// [review.ErrNotFound] for an owner without a key and [ErrErased] for one
// whose key was destroyed.
func (v *Vault) Box(rx *sqlite.Rx, owner Owner) (*Box, error) {
	if box, known := v.boxes.take(owner); known {
		if box == nil {
			return nil, ErrErased
		}
		return box, nil
	}
	row, err := owner.row(rx)
	if err != nil {
		return nil, err
	}
	box, err := v.unwrap(row)
	if err != nil {
		return nil, err
	}
	// A write transaction may read a key that is not committed yet, or taken back later.
	if !rx.Writing() {
		v.boxes.put(owner, box)
	}
	return box, nil
}

// NewBox returns the box of an owner and makes its key if there is none yet.
// It reports [ErrErased] for an owner whose key was destroyed.
func (v *Vault) NewBox(tx *sqlite.Tx, owner Owner, now time.Time) (*Box, error) {
	if owner.Kind == "" || owner.ID == "" {
		return nil, sqlite.ErrConstraint.Because(errors.New("sealing_keys: an owner has a kind and an id"))
	}
	row, err := owner.row(tx.Rx) // not the shelf: an erasure before us in this batch counts
	if err == nil {
		if box, _ := v.boxes.take(owner); box != nil {
			return box, nil
		}
		return v.unwrap(row)
	}
	if review.KindOf(err) != review.NotFound || errors.Is(err, ErrErased) {
		return nil, err
	}
	key := random()
	v.mu.RLock()
	wrapped, err := v.wrap.Encrypt(key, owner.wrapLabel())
	v.mu.RUnlock()
	if err != nil {
		return nil, fmt.Errorf("wrapping a data key: %w", err)
	}
	if _, err := tx.Exec(`INSERT INTO sealing_keys (owner_kind, owner_id, wrapped, created_at) VALUES (?, ?, ?, ?)`,
		owner.Kind, owner.ID, wrapped, now.UnixMilli()); err != nil {
		return nil, err
	}
	box, err := newBox(owner, key)
	if err != nil {
		return nil, err
	}
	tx.OnCommit(func() { v.boxes.put(owner, box) })
	return box, nil
}

// Destroy erases everything sealed under the owner's key by destroying the
// key; an owner without a key gets none later. The old bytes leave the write-
// ahead log with the next [sqlite.DB.Checkpoint].
func (v *Vault) Destroy(tx *sqlite.Tx, owner Owner, now time.Time) error {
	_, err := tx.Exec(`
		INSERT INTO sealing_keys (owner_kind, owner_id, wrapped, created_at, destroyed_at) VALUES (?, ?, x'', ?, ?)
		ON CONFLICT (owner_kind, owner_id) DO UPDATE SET wrapped = x'', destroyed_at = excluded.destroyed_at
		WHERE sealing_keys.destroyed_at = 0`,
		owner.Kind, owner.ID, now.UnixMilli(), now.UnixMilli())
	if err != nil {
		return err
	}
	tx.OnCommit(func() { v.boxes.bury(owner) })
	return nil
}

// Rewrap wraps up to limit data keys of owners after the given one with the
// newest wrapping key, and returns the last owner it saw; a zero Owner says
// that all are done. It may be interrupted and called again.
func (v *Vault) Rewrap(tx *sqlite.Tx, after Owner, limit int) (Owner, error) {
	var rows []keyRow
	if err := tx.Select(&rows, `
		SELECT owner_kind, owner_id, wrapped, destroyed_at FROM sealing_keys
		WHERE (owner_kind, owner_id) > (?, ?) ORDER BY owner_kind, owner_id LIMIT ?`, after.Kind, after.ID, limit); err != nil {
		return Owner{}, err
	}
	var last Owner
	v.mu.RLock()
	defer v.mu.RUnlock()
	for _, r := range rows {
		last = Owner{r.Kind, r.ID}
		if r.Destroyed != 0 {
			continue
		}
		key, err := v.wrap.Decrypt(r.Wrapped, last.wrapLabel())
		if err != nil {
			return Owner{}, ErrDamaged.Because(errors.New("sealing_keys.wrapped does not open"))
		}
		wrapped, err := v.wrap.Encrypt(key, last.wrapLabel())
		if err != nil {
			return Owner{}, fmt.Errorf("wrapping a data key: %w", err)
		}
		if _, err := tx.Exec(`UPDATE sealing_keys SET wrapped = ? WHERE owner_kind = ? AND owner_id = ?`, wrapped, r.Kind, r.ID); err != nil {
			return Owner{}, err
		}
	}
	if len(rows) < limit {
		return Owner{}, nil
	}
	return last, nil
}
