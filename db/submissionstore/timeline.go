package submissionstore

import (
	"context"

	"okno/db/historystore"
	"okno/db/sqlite"
	"okno/review"
)

// HistoryFunc makes a function into a [History], for instance historystore.Append.
type HistoryFunc func(tx *sqlite.Tx, events ...review.Event) error

// Append calls the function.
func (f HistoryFunc) Append(tx *sqlite.Tx, events ...review.Event) error { return f(tx, events...) }

// Record appends events that change no submission, such as a look at a page. It
// returns after they have reached the disk.
func (st *Store) Record(ctx context.Context, events ...review.Event) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error { return st.History.Append(tx, events...) })
}

// Timeline reads the history of submissions as plain events.
type Timeline struct{ History *historystore.Store }

// ForSubmission returns what happened to a submission, oldest first.
func (t Timeline) ForSubmission(ctx context.Context, id review.SubmissionID) ([]review.Event, error) {
	entries, err := t.History.ForSubmission(ctx, id)
	if err != nil {
		return nil, err
	}
	events := make([]review.Event, len(entries))
	for i, e := range entries {
		events[i] = e.Event
	}
	return events, nil
}
