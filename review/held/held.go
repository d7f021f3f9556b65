// Package held keeps a form that was sent after its session had ended, until the
// account under which it was typed signs in again in the same browser.
//
// What is kept is sealed with a key that only the browser's cookie and the desk
// together make: the database alone does not open it, and neither does another
// account in the same browser, since the account is part of the seal.
package held

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"time"

	"okno/review"
)

// Term is how long a form is kept.
const Term = 30 * time.Minute

// MaxTotal bounds what is kept for everybody together, in bytes.
const MaxTotal = 256 << 20

// secretBytes is the length of the browser's secret before encoding.
const secretBytes = 32

// Row is a kept form as it is stored.
type Row struct {
	Hash    []byte // of the browser's secret
	Account review.AccountID
	Until   time.Time
	Body    []byte // sealed
}

// Store keeps rows, one per account at most.
type Store interface {
	// Put stores a row in place of the account's or the browser's earlier one.
	// It reports review.ErrBusy when more than limit bytes would be kept at now.
	Put(ctx context.Context, r Row, now time.Time, limit int64) error
	// Row reports review.ErrNotFound when there is none.
	Row(ctx context.Context, hash []byte) (Row, error)
	// Drop removes a row; an unknown one is no error.
	Drop(ctx context.Context, hash []byte) error
	// Sweep removes the rows that were kept until then.
	Sweep(ctx context.Context, now time.Time) (int, error)
}

// Service keeps forms. All fields are needed.
type Service struct {
	Store  Store
	Clock  review.Clock
	Secret []byte // the desk's part of the keys, 32 bytes
}

// Keep seals a form for the account and the browser that holds the secret.
func (s *Service) Keep(ctx context.Context, account review.AccountID, secret string, p review.HeldPost) error {
	hash, box, err := s.box(secret)
	if err != nil {
		return err
	}
	plain, err := json.Marshal(p)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	body := box.Seal(nil, nil, packed.Bytes(), label(hash, account))
	now := s.Clock.Now()
	return s.Store.Put(ctx, Row{Hash: hash, Account: account, Until: now.Add(Term), Body: body}, now, MaxTotal)
}

// Kept returns the form that waits for the account in this browser. Without one,
// or with one that belongs to another account, it reports review.ErrNotFound.
func (s *Service) Kept(ctx context.Context, account review.AccountID, secret string) (p review.HeldPost, err error) {
	hash, box, err := s.box(secret)
	if err != nil {
		return p, err
	}
	row, err := s.Store.Row(ctx, hash)
	if err != nil {
		return p, err
	}
	if account == "" || row.Account != account || !s.Clock.Now().Before(row.Until) {
		return p, review.ErrNotFound
	}
	packed, err := box.Open(nil, nil, row.Body, label(hash, account))
	if err != nil {
		return p, review.ErrNotFound.Because(err)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return p, err
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		return p, err
	}
	return p, json.Unmarshal(plain, &p)
}

// Drop forgets what is kept for the browser.
func (s *Service) Drop(ctx context.Context, secret string) error {
	hash, _, err := s.box(secret)
	if err != nil {
		return nil
	}
	return s.Store.Drop(ctx, hash)
}

// Tick forgets what was kept long enough, and tells how many forms.
func (s *Service) Tick(ctx context.Context) (int, error) { return s.Store.Sweep(ctx, s.Clock.Now()) }

// box derives the key from the browser's secret and the desk's (HKDF, RFC 5869).
func (s *Service) box(secret string) (hash []byte, box cipher.AEAD, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw) != secretBytes {
		return nil, nil, review.ErrNotFound
	}
	key, err := hkdf.Key(sha256.New, raw, s.Secret, "held post", 32)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	box, err = cipher.NewGCMWithRandomNonce(block)
	sum := sha256.Sum256(raw)
	return sum[:], box, err
}

// label binds the sealed form to its row and account.
func label(hash []byte, account review.AccountID) []byte {
	return append(append([]byte("held post\x00"), hash...), account...)
}
