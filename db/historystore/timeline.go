package historystore

import (
	"context"
	"strings"
	"time"

	"okno/db/sqlite"
	"okno/review"
)

// maxList bounds every list; a page never shows more.
const maxList = 1000

// Filter narrows [Store.List]. Zero fields do not narrow.
type Filter struct {
	Type       review.EventType
	Actor      string
	Submission review.SubmissionID
	From       time.Time // included
	To         time.Time // not included
	Before     int64     // only entries with a smaller Seq: the next page
	Limit      int       // 100 if zero, 1,000 at most
}

// ForSubmission returns everything that happened to a submission, oldest first.
func (s *Store) ForSubmission(ctx context.Context, id review.SubmissionID) ([]Entry, error) {
	return s.entries(ctx, `WHERE submission = ? AND submission <> '' ORDER BY seq`, string(id))
}

// ForAccount returns what concerns an account, newest first.
func (s *Store) ForAccount(ctx context.Context, id review.AccountID, limit int) ([]Entry, error) {
	return s.entries(ctx, `WHERE account = ? AND account <> '' ORDER BY seq DESC LIMIT ?`, string(id), min(limit, maxList))
}

// Views returns who opened a submission or looked at its scans, newest first.
func (s *Store) Views(ctx context.Context, id review.SubmissionID) ([]Entry, error) {
	return s.entries(ctx, `WHERE submission = ? AND submission <> '' AND type IN (?, ?) ORDER BY seq DESC LIMIT ?`,
		string(id), string(review.EventCaseOpened), string(review.EventScanViewed), maxList)
}

// List returns the entries that pass the filter, newest first: by time, and by
// number where the time is the same or the clock was set back.
func (s *Store) List(ctx context.Context, f Filter) ([]Entry, error) {
	query, args := listQuery(f)
	return s.entries(ctx, query, args...)
}

// listQuery picks the index that holds what passes the filter in the order of the
// list: of the submission, of person and type, of the person, of the type, or of
// all entries by time.
func listQuery(f Filter) (string, []any) {
	var where []string
	var args []any
	add := func(condition string, arg any) {
		where = append(where, condition)
		args = append(args, arg)
	}
	if f.Type != "" {
		add("type = ?", string(f.Type))
	}
	if f.Actor != "" {
		add("actor = ? AND actor <> ''", f.Actor)
	}
	if f.Submission != "" {
		add("submission = ? AND submission <> ''", string(f.Submission))
	}
	if !f.From.IsZero() {
		add("at >= ?", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		add("at < ?", f.To.UnixMilli())
	}
	if f.Before > 0 {
		add("(at, seq) < ((SELECT at FROM history WHERE seq = ?), ?)", f.Before)
		args = append(args, f.Before)
	}
	index := "history_at"
	switch {
	case f.Submission != "":
		index = "history_submission"
	case f.Actor != "" && f.Type != "":
		index = "history_actor_type"
	case f.Actor != "":
		index = "history_actor_at"
	case f.Type != "":
		index = "history_type"
	}
	tail := "ORDER BY at DESC, seq DESC LIMIT ?"
	if len(where) > 0 {
		tail = "WHERE " + strings.Join(where, " AND ") + " " + tail
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	return sqlite.Use(index) + tail, append(args, min(f.Limit, maxList))
}

func (s *Store) entries(ctx context.Context, tail string, args ...any) ([]Entry, error) {
	var rows []row
	if err := s.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT `+columns+` FROM history `+tail, args...)
	}); err != nil {
		return nil, err
	}
	list := make([]Entry, len(rows))
	for i := range rows {
		e, err := rows[i].entry()
		if err != nil {
			return nil, err
		}
		list[i] = e
	}
	return list, nil
}
