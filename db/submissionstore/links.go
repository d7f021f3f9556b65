package submissionstore

import (
	"context"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/verdict"
)

// UpdateBoth changes two submissions in one transaction. The closure is called
// for each with the id of the other; an error of either changes nothing.
func (st *Store) UpdateBoth(ctx context.Context, one, other review.SubmissionID, change func(s *review.Submission, other review.SubmissionID) (review.Change, error)) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := st.UpdateTx(tx, one, 0, func(s *review.Submission) (review.Change, error) { return change(s, other) }); err != nil {
			return err
		}
		_, err := st.UpdateTx(tx, other, 0, func(s *review.Submission) (review.Change, error) { return change(s, one) })
		return err
	})
}

// recordLinks keeps the list of linked cases in step with the events of a change.
func recordLinks(tx *sqlite.Tx, s *review.Submission, events []review.Event) error {
	for _, e := range events {
		one, other := string(s.ID), e.Detail["other"]
		if one > other {
			one, other = other, one
		}
		var err error
		switch e.Type {
		case review.EventLinked:
			_, err = tx.Exec(`INSERT INTO case_links (one, other, by_staff, at) VALUES (?, ?, ?, ?) ON CONFLICT (one, other) DO NOTHING`, one, other, e.Actor, e.At.UnixMilli())
		case review.EventUnlinked:
			_, err = tx.Exec(`DELETE FROM case_links WHERE one = ? AND other = ?`, one, other)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const linksQuery = `
	SELECT s.id, s.number, s.track, s.status, l.at FROM case_links AS l JOIN submissions AS s ON s.id = l.other WHERE l.one = ?
	UNION ALL
	SELECT s.id, s.number, s.track, s.status, l.at FROM case_links AS l INDEXED BY case_links_other JOIN submissions AS s ON s.id = l.one WHERE l.other = ?`

// Links lists the cases that belong to a case.
func (st *Store) Links(ctx context.Context, id review.SubmissionID) (list []verdict.Link, err error) {
	var rows []struct {
		ID     string `db:"id"`
		Number string `db:"number"`
		Track  string `db:"track"`
		Status string `db:"status"`
		At     int64  `db:"at"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&rows, linksQuery, string(id), string(id)) })
	for _, r := range rows {
		list = append(list, verdict.Link{
			Case: review.SubmissionID(r.ID), Number: review.CaseNumber(r.Number), Track: review.Track(r.Track), Status: review.Status(r.Status), At: sqlite.Moment(r.At),
		})
	}
	return list, err
}
