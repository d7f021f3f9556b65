package outboxstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/support"
)

var _ support.Messages = (*Store)(nil)

// SentAbout lists the messages about a submission, newest first, without
// opening any of them.
func (s *Store) SentAbout(ctx context.Context, id review.SubmissionID) ([]support.Message, error) {
	var rows []struct {
		Kind      string `db:"kind"`
		Channel   string `db:"channel"`
		Status    string `db:"status"`
		CreatedAt int64  `db:"created_at"`
		SentAt    int64  `db:"sent_at"`
	}
	if err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT kind, channel, status, created_at, sent_at FROM outbox WHERE submission = ? AND submission <> '' ORDER BY seq DESC LIMIT 50`, string(id))
	}); err != nil {
		return nil, err
	}
	list := make([]support.Message, len(rows))
	for i, r := range rows {
		at := r.SentAt
		if at == 0 {
			at = r.CreatedAt
		}
		list[i] = support.Message{Kind: review.NoticeKind(r.Kind), Channel: review.Channel(r.Channel), State: r.Status, At: time.UnixMilli(at).UTC()}
	}
	return list, nil
}
