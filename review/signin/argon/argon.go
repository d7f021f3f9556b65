// Package argon stores passwords as argon2id strings in the PHC format. A
// secret pepper, kept outside the database, is mixed into each password first,
// so that a stolen database alone cannot be guessed against.
//
//	hasher := argon.New(vault.Pepper(), argon.Standard)
//	stored, err := hasher.Hash(ctx, password) // $argon2id$v=19$m=32768,t=3,p=1$…
//	match, again, err := hasher.Verify(ctx, stored, password)
//
// As many hashes run at a time as there are processors; a bounded number waits,
// the rest is told that the desk is busy.
package argon

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"okno/review"
	"okno/review/signin"
)

// Params are the costs of a hash.
type Params struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// Standard is what the desk uses: about a tenth of a second on an ordinary server.
var Standard = Params{Memory: 32 * 1024, Time: 3, Threads: 1}

// Floor is the least that is ever accepted for a new hash.
var Floor = Params{Memory: 19 * 1024, Time: 2, Threads: 1}

const (
	saltBytes = 16
	keyBytes  = 32
	maxBytes  = 1024 // of a password
	waiting   = 32   // who may wait for a free processor
)

// Hasher hashes passwords. It is safe for concurrent use.
type Hasher struct {
	pepper []byte
	params Params
	slots  chan struct{}
	queue  atomic.Int64
	runs   atomic.Int64
}

// New returns a hasher with the given pepper and costs.
func New(pepper []byte, params Params) *Hasher {
	return &Hasher{pepper: pepper, params: params, slots: make(chan struct{}, runtime.NumCPU())}
}

// Runs counts the hashes made so far.
func (h *Hasher) Runs() int64 { return h.runs.Load() }

// Hash returns the PHC string of a password. A password over 1,024 bytes is
// refused before any work.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > maxBytes {
		return "", review.Faulty(review.FieldFault{Field: "password", Code: "too-long"})
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt)
	key, err := h.derive(ctx, password, salt, h.params, keyBytes)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.params.Memory, h.params.Time, h.params.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// Verify compares a password with its PHC string. An empty string costs the same
// and never matches. again says that the string was made with lower costs than
// are used today. Too long a password costs the same too and never matches.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (match, again bool, err error) {
	params, salt, want := h.params, make([]byte, saltBytes), make([]byte, keyBytes)
	known := stored != ""
	if known {
		if params, salt, want, err = parse(stored); err != nil {
			return false, false, err
		}
	}
	if len(password) > maxBytes {
		password, known = "", false
	}
	key, err := h.derive(ctx, password, salt, params, uint32(len(want)))
	if err != nil {
		return false, false, err
	}
	match = subtle.ConstantTimeCompare(key, want) == 1 && known
	return match, match && params.weaker(h.params), nil
}

// weaker reports whether p costs less than q.
func (p Params) weaker(q Params) bool {
	return uint64(p.Memory)*uint64(p.Time) < uint64(q.Memory)*uint64(q.Time)
}

// derive runs one hash when a processor is free.
func (h *Hasher) derive(ctx context.Context, password string, salt []byte, p Params, length uint32) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
	default:
		if h.queue.Add(1) > waiting {
			h.queue.Add(-1)
			return nil, signin.ErrBusy
		}
		select {
		case h.slots <- struct{}{}:
			h.queue.Add(-1)
		case <-ctx.Done():
			h.queue.Add(-1)
			return nil, signin.ErrBusy.Because(ctx.Err())
		}
	}
	defer func() { <-h.slots }()
	h.runs.Add(1)
	mac := hmac.New(sha256.New, h.pepper)
	mac.Write([]byte(norm.NFKC.String(password)))
	return argon2.IDKey(mac.Sum(nil), salt, p.Time, p.Memory, p.Threads, length), nil
}

var errFormat = errors.New("the stored password is no argon2id string")

// parse takes a PHC string apart.
func parse(stored string) (p Params, salt, key []byte, err error) {
	fields := strings.Split(stored, "$")
	if len(fields) != 6 || fields[0] != "" || fields[1] != "argon2id" || fields[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, nil, nil, errFormat
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &p.Memory, &p.Time, &p.Threads); err != nil {
		return p, nil, nil, errFormat
	}
	salt, err = base64.RawStdEncoding.DecodeString(fields[4])
	if err != nil || len(salt) < 8 {
		return p, nil, nil, errFormat
	}
	key, err = base64.RawStdEncoding.DecodeString(fields[5])
	if err != nil || len(key) < 16 || p.Memory == 0 || p.Time == 0 || p.Threads == 0 || p.Memory > 1<<20 || p.Time > 64 {
		return p, nil, nil, errFormat
	}
	return p, salt, key, nil
}
