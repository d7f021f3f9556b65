package sessionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
)

// Take takes one token from every bucket, or from none. A bucket is one number:
// the moment at which it will be full again.
func (s *Store) Take(ctx context.Context, at time.Time, takes ...signin.Take) (refusal signin.Refusal, err error) {
	err = s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		refusal = signin.Refusal{}
		now := at.UnixMicro()
		type bucket struct {
			name   string
			key    []byte
			fullAt int64
		}
		var buckets []bucket
		for _, t := range takes {
			per := t.Limit.Per.Microseconds()
			step := per / int64(t.Limit.Burst)
			b := bucket{name: t.Limit.Name, key: s.Vault.Index("limit "+t.Limit.Name, t.Subject)}
			err := tx.Get(&b.fullAt, `SELECT full_at FROM limits WHERE name = ? AND key = ?`, b.name, b.key)
			if err != nil && review.KindOf(err) != review.NotFound {
				return err
			}
			// Between now and an empty bucket: a clock that was set back cannot lock for longer.
			b.fullAt = min(max(b.fullAt, now), now+per) + step
			if b.fullAt-now > per {
				until := time.UnixMicro(b.fullAt - per).UTC()
				if until.After(refusal.Until) {
					refusal = signin.Refusal{Limit: t.Limit.Name, Until: until}
				}
			}
			buckets = append(buckets, b)
		}
		if refusal.Refused() {
			return nil
		}
		for _, b := range buckets {
			if _, err := tx.Exec(`INSERT INTO limits (name, key, full_at) VALUES (?, ?, ?)
				ON CONFLICT (name, key) DO UPDATE SET full_at = excluded.full_at`, b.name, b.key, b.fullAt); err != nil {
				return err
			}
		}
		return nil
	})
	return refusal, err
}

// Left returns how many tokens a bucket holds.
func (s *Store) Left(ctx context.Context, at time.Time, t signin.Take) (int, error) {
	var fullAt int64
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&fullAt, `SELECT full_at FROM limits WHERE name = ? AND key = ?`, t.Limit.Name, s.Vault.Index("limit "+t.Limit.Name, t.Subject))
	})
	if err != nil && review.KindOf(err) != review.NotFound {
		return 0, err
	}
	step := t.Limit.Per.Microseconds() / int64(t.Limit.Burst)
	taken := (max(fullAt-at.UnixMicro(), 0) + step - 1) / step
	return max(t.Limit.Burst-int(taken), 0), nil
}
