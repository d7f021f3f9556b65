package submissionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
)

// networkTerm is how long it is remembered from which network something was sent: long
// enough to check a waiting submission again, no longer.
const networkTerm = 30 * 24 * time.Hour

// sentFrom remembers the network of a sending by its keyed hash.
func (st *Store) sentFrom(tx *sqlite.Tx, s *review.Submission, network review.Network) error {
	_, err := tx.Exec(`INSERT INTO sent_from (hash, at, submission, account) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		st.Vault.Index("submission.network", string(network)), s.ChangedAt.UnixMilli(), s.ID, s.Account)
	return err
}

// Neighbours counts the other accounts that sent something from the same network
// within the given time before or after s was sent last. It is -1 when the network of
// s is not known.
func (st *Store) Neighbours(ctx context.Context, s *review.Submission, within time.Duration) (n int, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		var own []struct {
			Hash []byte `db:"hash"`
			At   int64  `db:"at"`
		}
		if err := rx.Select(&own, `SELECT hash, at FROM sent_from WHERE submission = ? ORDER BY at DESC LIMIT 1`, s.ID); err != nil {
			return err
		}
		if len(own) == 0 {
			n = -1
			return nil
		}
		return rx.Get(&n, `SELECT count(DISTINCT account) FROM sent_from WHERE hash = ? AND at BETWEEN ? AND ? AND account <> ?`,
			own[0].Hash, own[0].At-within.Milliseconds(), own[0].At+within.Milliseconds(), s.Account)
	})
	return n, err
}

// ForgetNetworks forgets from where was sent what was sent long ago, and returns how
// many sendings that were.
func (st *Store) ForgetNetworks(ctx context.Context) (n int, err error) {
	err = st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		gone, err := tx.Change(`DELETE FROM sent_from WHERE (hash, at, submission) IN (SELECT hash, at, submission FROM sent_from WHERE at < ? ORDER BY at LIMIT 500)`,
			st.Clock.Now().Add(-networkTerm).UnixMilli())
		n = int(gone)
		return err
	})
	return n, err
}
