package submissionstore

import (
	"context"

	"github.com/jmoiron/sqlx"

	"okno/db/sqlite"
	"okno/review"
)

// Numbers returns the case numbers of submissions by id. Unknown ids are left out.
func (st *Store) Numbers(ctx context.Context, ids []review.SubmissionID) (map[review.SubmissionID]review.CaseNumber, error) {
	numbers := map[review.SubmissionID]review.CaseNumber{}
	if len(ids) == 0 {
		return numbers, nil
	}
	query, args, err := sqlx.In(`SELECT id, number FROM submissions WHERE id IN (?)`, ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     review.SubmissionID `db:"id"`
		Number review.CaseNumber   `db:"number"`
	}
	if err := st.DB.Read(ctx, func(rx *sqlite.Rx) error { return rx.Select(&rows, query, args...) }); err != nil {
		return nil, err
	}
	for _, r := range rows {
		numbers[r.ID] = r.Number
	}
	return numbers, nil
}

// WriteIn sets the language in which is written about an account's submissions. It is
// part of no decision: whoever works on one is not disturbed.
func (st *Store) WriteIn(tx *sqlite.Tx, account review.AccountID, language string) error {
	_, err := tx.Exec(`UPDATE submissions SET language = ? WHERE account = ?`, language, account)
	return err
}
