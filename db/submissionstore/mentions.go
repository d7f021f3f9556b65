package submissionstore

import (
	"context"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/verdict"
)

// mention writes down whom a remark names.
func mention(tx *sqlite.Tx, id review.SubmissionID, n review.Note) error {
	for _, staff := range n.Mentions {
		if _, err := tx.Exec(`INSERT INTO mentions (note, staff, submission, by_staff, at) VALUES (?, ?, ?, ?, ?)`,
			n.ID, staff, id, n.By, n.At.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}

const mentionsQuery = `
	SELECT m.note, m.submission, m.seen_at, n.by_staff, n.name, n.at, n.text, s.number, s.status, s.track
	FROM mentions AS m INDEXED BY mentions_of JOIN submission_notes AS n ON n.id = m.note JOIN submissions AS s ON s.id = m.submission
	WHERE m.staff = ? AND m.at < ?
	ORDER BY m.at DESC, m.note DESC LIMIT ?`

// Mentions lists the remarks that name a member of staff, made before a moment,
// newest first.
func (st *Store) Mentions(ctx context.Context, staff review.StaffID, before time.Time, limit int) (list []verdict.Mention, err error) {
	var rows []struct {
		Note       string `db:"note"`
		Submission string `db:"submission"`
		SeenAt     int64  `db:"seen_at"`
		By         string `db:"by_staff"`
		Name       string `db:"name"`
		At         int64  `db:"at"`
		Text       []byte `db:"text"`
		Number     string `db:"number"`
		Status     string `db:"status"`
		Track      string `db:"track"`
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		if err := rx.Select(&rows, mentionsQuery, string(staff), before.UnixMilli(), limit); err != nil {
			return err
		}
		boxes := map[string]*seal.Box{}
		for _, r := range rows {
			if boxes[r.Submission] == nil {
				box, err := st.Vault.Box(rx, owner(review.SubmissionID(r.Submission)))
				if err != nil {
					return err
				}
				boxes[r.Submission] = box
			}
			text, err := boxes[r.Submission].Open(notePlace(r.Note), r.Text)
			if err != nil {
				return err
			}
			list = append(list, verdict.Mention{
				Note: review.Note{ID: r.Note, By: review.StaffID(r.By), Name: r.Name, At: sqlite.Moment(r.At), Text: string(text)},
				Case: review.SubmissionID(r.Submission), Number: review.CaseNumber(r.Number), Status: review.Status(r.Status),
				Track: review.Track(r.Track), Unseen: r.SeenAt == 0,
			})
		}
		return nil
	})
	return list, err
}

const unseenQuery = `SELECT count(*) FROM mentions INDEXED BY mentions_unseen WHERE staff = ? AND seen_at = 0`

// Unseen counts the remarks that name a member of staff and were not seen yet.
func (st *Store) Unseen(ctx context.Context, staff review.StaffID) (n int, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Get(&n, unseenQuery, string(staff)) })
	return n, err
}

// Seen writes down that a member of staff has looked at all remarks made up to a moment.
func (st *Store) Seen(ctx context.Context, staff review.StaffID, at time.Time) error {
	return st.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE mentions SET seen_at = ? WHERE staff = ? AND seen_at = 0 AND at <= ?`, at.UnixMilli(), string(staff), at.UnixMilli())
		return err
	})
}
