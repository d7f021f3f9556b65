package submissionstore

import (
	"context"

	"okno/db/sqlite"
	"okno/review"
)

// The kinds of search keys.
const (
	KeyDocument = "document" // citizenship and number of the identity document
	KeySNILS    = "snils"
	KeyINN      = "inn"
	KeyOMS      = "oms"
	KeyBirth    = "birth" // date of birth
)

// keysOf returns the values under which a submission is found, by kind.
func keysOf(s *review.Submission) map[string]string {
	keys := map[string]string{}
	if n := s.Answers.Value(review.DocumentNumber); n != "" {
		keys[KeyDocument] = s.Answers.Value(review.Citizenship) + ":" + n
	}
	for kind, f := range map[string]review.Field{KeySNILS: review.SNILS, KeyINN: review.INN, KeyOMS: review.OMS, KeyBirth: review.BirthDate} {
		if v := s.Answers.Value(f); v != "" {
			keys[kind] = v
		}
	}
	return keys
}

// writeKeys replaces the search keys of a submission.
func (st *Store) writeKeys(tx *sqlite.Tx, s *review.Submission) error {
	if _, err := tx.Exec(`DELETE FROM submission_keys WHERE submission = ?`, s.ID); err != nil {
		return err
	}
	for kind, value := range keysOf(s) {
		if _, err := tx.Exec(`INSERT INTO submission_keys (kind, hash, submission) VALUES (?, ?, ?)`,
			kind, st.Vault.Index("submission."+kind, value), s.ID); err != nil {
			return err
		}
	}
	return nil
}

// Twins lists, by kind of key, the other sent submissions that share a value
// with s. The caller decides what that means.
func (st *Store) Twins(ctx context.Context, s *review.Submission) (map[string][]review.SubmissionID, error) {
	twins := map[string][]review.SubmissionID{}
	err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		for kind, value := range keysOf(s) {
			var ids []review.SubmissionID
			if err := rx.Select(&ids, `SELECT submission FROM submission_keys WHERE kind = ? AND hash = ? AND submission <> ? ORDER BY submission LIMIT 50`,
				kind, st.Vault.Index("submission."+kind, value), s.ID); err != nil {
				return err
			}
			if len(ids) > 0 {
				twins[kind] = ids
			}
		}
		return nil
	})
	return twins, err
}
