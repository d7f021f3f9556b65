package scanstore

import (
	"context"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/check"
)

// A look is a difference hash of 256 bits. The table of looks keeps it under a
// mask and an order of bits that follow from the vault's secret: the number of
// differing bits of two hashes stays, and nothing else can be told from them.
//
// Search is by multi-index hashing (Norouzi, Punjani, Fleet: "Fast Search in
// Hamming Space with Multi-Index Hashing", 2012): cut into fourteen bands, two
// hashes at most forty bits apart agree in at least one band up to two bits, so
// looking up each band with every change of up to two bits finds all of them.
const (
	lookBits   = 256
	bands      = 14
	bandRadius = 2 // floor(LookDistance / bands)
	// LookDistance is the number of differing bits up to which two pictures count
	// as one that was saved again.
	LookDistance = 40
)

// veil is the secret mask and order of bits.
type veil struct {
	order [lookBits]uint8
	mask  [lookBits / 8]byte
}

func newVeil(secret []byte) *veil {
	var seed [32]byte
	copy(seed[:], secret)
	r := rand.New(rand.NewChaCha8(seed))
	v := &veil{}
	for i, n := range r.Perm(lookBits) {
		v.order[i] = uint8(n)
	}
	for i := range v.mask {
		v.mask[i] = byte(r.Uint32())
	}
	return v
}

// hide returns the hash with its bits in secret order under the mask.
func (v *veil) hide(look []byte) []byte {
	out := slices.Clone(v.mask[:])
	for i := range lookBits {
		from := v.order[i]
		if look[from/8]&(1<<(from%8)) != 0 {
			out[i/8] ^= 1 << (i % 8)
		}
	}
	return out
}

// band cuts one band out of a hidden hash: its bits are those whose number
// leaves the band's number when divided by the number of bands.
func band(look []byte, n int) (value uint32, width int) {
	for i := n; i < lookBits; i += bands {
		if look[i/8]&(1<<(i%8)) != 0 {
			value |= 1 << width
		}
		width++
	}
	return value, width
}

// near lists the values of a band that differ from value in at most two bits.
func near(value uint32, width int) []any {
	list := []any{int64(value)}
	for i := range width {
		one := value ^ 1<<i
		list = append(list, int64(one))
		for j := range i {
			list = append(list, int64(one^1<<j))
		}
	}
	return list
}

// distance counts the differing bits.
func distance(a, b []byte) (n int) {
	for i := 0; i+8 <= len(a) && i+8 <= len(b); i += 8 {
		n += bits.OnesCount64(binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]))
	}
	return n
}

// telling reports whether a hash says enough to recognise a picture: an even
// page is a row of equal bits and resembles every other even page.
func telling(look []byte) bool {
	set := 0
	for _, b := range look {
		set += bits.OnesCount8(b)
	}
	return len(look) == lookBits/8 && set >= leastBits && set <= lookBits-leastBits
}

const leastBits = 24

func (s *Store) veil() *veil { return newVeil(s.Vault.Secret("look")) }

func (s *Store) insertLook(tx *sqlite.Tx, document review.DocumentID, p review.Page) error {
	if !telling(p.Report.Look) {
		return nil
	}
	hidden := s.veil().hide(p.Report.Look)
	for n := range bands {
		value, _ := band(hidden, n)
		if _, err := tx.Exec(`INSERT INTO page_looks (band, value, document, number, look) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			n, int64(value), document, p.Number, hidden); err != nil {
			return err
		}
	}
	return nil
}

// Alike finds pages of other submissions, drafts not among them, whose pictures
// differ from the given look in at most [LookDistance] bits, nearest first.
func (s *Store) Alike(ctx context.Context, look []byte, except review.SubmissionID) (found []check.Alike, err error) {
	if !telling(look) {
		return nil, nil
	}
	hidden := s.veil().hide(look)
	type page struct {
		Document string `db:"document"`
		Number   int    `db:"number"`
		Look     []byte `db:"look"`
	}
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		seen := map[check.Alike]bool{}
		for n := range bands {
			values := near(band(hidden, n))
			var rows []page
			if err := rx.Select(&rows, `SELECT document, number, look FROM page_looks WHERE band = ? AND value IN (?`+strings.Repeat(", ?", len(values)-1)+`)`,
				append([]any{n}, values...)...); err != nil {
				return err
			}
			for _, r := range rows {
				a := check.Alike{Document: review.DocumentID(r.Document), Number: r.Number}
				if seen[a] {
					continue
				}
				seen[a] = true
				if a.Distance = distance(r.Look, hidden); a.Distance <= LookDistance {
					found = append(found, a)
				}
			}
		}
		return s.sent(rx, &found, except)
	})
	slices.SortFunc(found, func(a, b check.Alike) int {
		if a.Distance != b.Distance {
			return a.Distance - b.Distance
		}
		return strings.Compare(string(a.Document), string(b.Document))
	})
	return found, err
}

// sent keeps those pages that stand in another submission that was handed in.
func (s *Store) sent(rx *sqlite.Rx, found *[]check.Alike, except review.SubmissionID) error {
	kept := (*found)[:0]
	for _, a := range *found {
		var of []string
		if err := rx.Select(&of, `
			SELECT d.submission FROM documents d JOIN submissions s ON s.id = d.submission
			WHERE d.id = ? AND d.submission <> ? AND s.submitted_at <> 0`, a.Document, except); err != nil {
			return err
		}
		for _, id := range of {
			a.Submission = review.SubmissionID(id)
			kept = append(kept, a)
		}
	}
	*found = kept
	return nil
}
