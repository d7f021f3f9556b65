package activitystore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/progress"
)

var _ progress.Figures = (*Store)(nil)

// firstDecisions are the rows of decisions about what was sent for the first
// time: their desk time is what the applicant waited.
const firstDecisions = ` FROM activity WHERE kind IN ('approved', 'rejected', 'corrections') AND day >= ? AND round = 1 AND desk >= 0`

// Waits tells how long first decisions took since a moment: the nearest-rank
// median and ninetieth percentile of desk time.
func (st *Store) Waits(ctx context.Context, since time.Time) (w progress.Waits, err error) {
	day := since.In(st.zone).Format(time.DateOnly)
	err = st.db.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Get(&w.Count, `SELECT count(*)`+firstDecisions, day); err != nil || w.Count == 0 {
			return err
		}
		for _, p := range []struct {
			part int
			to   *time.Duration
		}{{50, &w.Half}, {90, &w.Most}} {
			var seconds int64
			rank := (w.Count*p.part + 99) / 100
			if err := rx.Get(&seconds, `SELECT desk`+firstDecisions+` ORDER BY desk LIMIT 1 OFFSET ?`, day, rank-1); err != nil && review.KindOf(err) != review.NotFound {
				return err
			}
			*p.to = time.Duration(seconds) * time.Second
		}
		return nil
	})
	return w, err
}
