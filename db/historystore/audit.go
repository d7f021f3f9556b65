package historystore

import (
	"context"
	"errors"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/audit"
)

// Audit shows the history to auditors.
type Audit struct{ History *Store }

var _ audit.Log = Audit{}

// List returns the entries that pass the filter, newest first.
func (a Audit) List(ctx context.Context, f audit.Filter) ([]audit.Entry, error) {
	return shown(a.History.List(ctx, Filter{
		Type: f.Type, Actor: f.Actor, Submission: f.Submission, From: f.From, To: f.To, Before: f.Before, Limit: f.Limit,
	}))
}

// Views returns who opened a submission or looked at its scans, newest first.
func (a Audit) Views(ctx context.Context, id review.SubmissionID) ([]audit.Entry, error) {
	return shown(a.History.Views(ctx, id))
}

func shown(entries []Entry, err error) ([]audit.Entry, error) {
	list := make([]audit.Entry, len(entries))
	for i, e := range entries {
		list[i] = audit.Entry(e)
	}
	return list, err
}

// LastCheckpoint returns the last signed statement, zero if there is none.
func (a Audit) LastCheckpoint(ctx context.Context) (c audit.Checkpoint, err error) {
	var last struct {
		Size int64 `db:"size"`
		At   int64 `db:"at"`
	}
	err = a.History.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&last, `SELECT size, at FROM checkpoints ORDER BY id DESC LIMIT 1`)
	})
	if errors.Is(err, review.ErrNotFound) {
		return audit.Checkpoint{}, nil
	}
	if err != nil {
		return audit.Checkpoint{}, err
	}
	return audit.Checkpoint{Entries: last.Size, At: time.UnixMilli(last.At).UTC()}, nil
}

// Verify reads the whole history and reports where it does not hold.
func (a Audit) Verify(ctx context.Context) (audit.Outcome, error) {
	r, err := a.History.Verify(ctx)
	o := audit.Outcome{Entries: r.Entries, Checkpoints: r.Checkpoints}
	for _, f := range r.Findings {
		o.Faults = append(o.Faults, audit.Fault{Seq: f.Seq, Problem: string(f.Problem)})
	}
	return o, err
}
