package submissionstore

import (
	"context"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/queue"
)

const savedQuery = `SELECT name, query FROM queue_views WHERE staff = ? ORDER BY name`

// SavedViews lists the views of the queue that a member of staff has named.
func (st *Store) SavedViews(ctx context.Context, staff review.StaffID) (list []queue.Saved, err error) {
	var rows []struct {
		Name  string `db:"name"`
		Query string `db:"query"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&rows, savedQuery, string(staff)) })
	for _, r := range rows {
		list = append(list, queue.Saved{Name: r.Name, Query: r.Query})
	}
	return list, err
}

// SaveView keeps a view under its name; an older one of the same name is
// replaced. It returns [queue.ErrTooManyViews] when limit names are taken.
func (st *Store) SaveView(ctx context.Context, staff review.StaffID, v queue.Saved, limit int, at time.Time) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		var others int
		if err := tx.Get(&others, `SELECT count(*) FROM queue_views WHERE staff = ? AND name <> ?`, string(staff), v.Name); err != nil {
			return err
		}
		if others >= limit {
			return queue.ErrTooManyViews
		}
		_, err := tx.Exec(`INSERT INTO queue_views (staff, name, query, at) VALUES (?, ?, ?, ?) ON CONFLICT (staff, name) DO UPDATE SET query = excluded.query, at = excluded.at`,
			string(staff), v.Name, v.Query, at.UnixMilli())
		return err
	})
}

// DropView forgets a view. A name that is not there is fine.
func (st *Store) DropView(ctx context.Context, staff review.StaffID, name string) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`DELETE FROM queue_views WHERE staff = ? AND name = ?`, string(staff), name)
		return err
	})
}
