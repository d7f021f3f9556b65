package sessionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review/signin"
)

// textsKept is how long it is known which codes were entered.
const textsKept = 48 * time.Hour

// text notes a code that goes out by SMS, or that one was entered.
func (s *Store) text(tx *sqlite.Tx, c signin.Change) error {
	if t := c.Texted; t != nil {
		if _, err := tx.Exec(`INSERT INTO sms_codes (id, prefix, sent_at) VALUES (?, ?, ?)`,
			t.ID, s.Vault.Index("sms prefix", t.Prefix), sqlite.Millis(t.At)); err != nil {
			return err
		}
	}
	if c.Entered == "" {
		return nil
	}
	_, err := tx.Exec(`UPDATE sms_codes SET entered = 1 WHERE id = ?`, c.Entered)
	return err
}

// Texted counts the last codes sent to numbers that begin alike.
func (s *Store) Texted(ctx context.Context, prefix string, since, before time.Time, n int) (sent, entered int, oldest time.Time, err error) {
	var rows []struct {
		At      int64 `db:"sent_at"`
		Entered bool  `db:"entered"`
	}
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT sent_at, entered FROM sms_codes WHERE prefix = ? AND sent_at > ? AND (entered = 1 OR sent_at <= ?)
			ORDER BY sent_at DESC LIMIT ?`, s.Vault.Index("sms prefix", prefix), sqlite.Millis(since), sqlite.Millis(before), n)
	})
	for _, r := range rows {
		if r.Entered {
			entered++
		}
		oldest = sqlite.Moment(r.At)
	}
	return len(rows), entered, oldest, err
}
