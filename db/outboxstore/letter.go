package outboxstore

import (
	"context"

	"okno/db/sqlite"
	"okno/review/disavow"
)

// Letter returns what is known about a message, or [review.ErrNotFound].
func (s *Store) Letter(ctx context.Context, id string) (l disavow.Letter, err error) {
	err = s.db.Read(ctx, func(rx *sqlite.Rx) error {
		var r row
		if err := rx.Get(&r, `SELECT `+columns+` FROM outbox WHERE id = ?`, id); err != nil {
			return err
		}
		m, err := s.open(rx, &r)
		if err != nil {
			return err
		}
		l = disavow.Letter{ID: m.ID, Kind: m.Kind, Channel: m.Channel, Account: m.Account, Submission: m.Submission, Flow: m.Params["flow"],
			Address: m.Address, Language: m.Language, At: m.CreatedAt}
		return nil
	})
	return l, err
}
