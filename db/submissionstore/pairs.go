package submissionstore

import (
	"context"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/check"
)

// Judged returns what was decided about pairs of which the submission is one, by the
// other.
func (st *Store) Judged(ctx context.Context, id review.SubmissionID) (map[review.SubmissionID]check.Judgement, error) {
	var rows []struct {
		Other   string `db:"other"`
		Verdict string `db:"verdict"`
		Staff   string `db:"staff"`
		Name    string `db:"name"`
		At      int64  `db:"at"`
	}
	if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `
			SELECT b AS other, verdict, staff, name, at FROM duplicate_pairs WHERE a = ?
			UNION ALL SELECT a AS other, verdict, staff, name, at FROM duplicate_pairs WHERE b = ?`, id, id)
	}); err != nil {
		return nil, err
	}
	judged := make(map[review.SubmissionID]check.Judgement, len(rows))
	for _, r := range rows {
		judged[review.SubmissionID(r.Other)] = check.Judgement{Verdict: check.PairVerdict(r.Verdict), By: review.StaffID(r.Staff), Name: r.Name, At: sqlite.Moment(r.At)}
	}
	return judged, nil
}

// Judge writes a verdict on a pair together with its events; an empty verdict forgets
// it.
func (st *Store) Judge(ctx context.Context, one, other review.SubmissionID, j check.Judgement, events ...review.Event) error {
	a, b := min(one, other), max(one, other)
	return st.DB.Write(ctx, func(tx *sqlite.Tx) (err error) {
		if j.Verdict == "" {
			_, err = tx.Exec(`DELETE FROM duplicate_pairs WHERE a = ? AND b = ?`, a, b)
		} else {
			_, err = tx.Exec(`
				INSERT INTO duplicate_pairs (a, b, verdict, staff, name, at) VALUES (?, ?, ?, ?, ?, ?)
				ON CONFLICT (a, b) DO UPDATE SET verdict = excluded.verdict, staff = excluded.staff, name = excluded.name, at = excluded.at`,
				a, b, string(j.Verdict), j.By, j.Name, j.At.UnixMilli())
		}
		if err != nil {
			return err
		}
		return st.History.Append(tx, events...)
	})
}
