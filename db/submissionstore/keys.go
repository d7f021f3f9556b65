package submissionstore

import (
	"context"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/field"
)

// The kinds of search keys. Those from document to birth follow from the answers;
// contacts are written by whoever knows them.
const (
	KeyDocument = "document" // citizenship and number of the identity document
	KeySNILS    = "snils"
	KeyINN      = "inn"
	KeyOMS      = "oms"
	KeyPerson   = "person" // date of birth and one way to pronounce surname and given name
	KeyBirth    = "birth"  // date of birth
	KeyPhone    = "phone"  // confirmed when the checks ran
	KeyEmail    = "email"  // likewise
)

// mostSounds bounds the keys of one name: a name with many letters of several sounds
// is found by the most likely ones.
const mostSounds = 8

// keysOf returns the values under which a submission is found, by kind.
func keysOf(s *review.Submission) map[string][]string {
	keys := map[string][]string{}
	if n := s.Answers.Value(review.DocumentNumber); n != "" {
		keys[KeyDocument] = []string{s.Answers.Value(review.Citizenship) + ":" + n}
	}
	for kind, f := range map[string]review.Field{KeySNILS: review.SNILS, KeyINN: review.INN, KeyOMS: review.OMS, KeyBirth: review.BirthDate} {
		if v := s.Answers.Value(f); v != "" {
			keys[kind] = []string{v}
		}
	}
	if people := persons(s.Answers); len(people) > 0 {
		keys[KeyPerson] = people
	}
	return keys
}

// persons are the ways in which date of birth and name may be found: two spellings
// that the name rules call equivalent have one in common.
func persons(a review.Answers) (keys []string) {
	birth := a.Value(review.BirthDate)
	if birth == "" {
		return nil
	}
	seen := map[string]bool{}
	for _, n := range [][2]review.Field{{review.SurnameLatin, review.GivenNameLatin}, {review.Surname, review.GivenName}} {
		surname, given := a.Value(n[0]), a.Value(n[1])
		if surname+given == "" {
			continue
		}
		issuer := a.Value(review.Citizenship)
		for _, x := range sounds(surname, issuer) {
			for _, y := range sounds(given, issuer) {
				if k := birth + ":" + x + ":" + y; !seen[k] {
					seen[k] = true
					keys = append(keys, k)
				}
			}
		}
	}
	return keys
}

func sounds(name, issuer string) []string {
	keys := field.SoundKeys(name, issuer)
	return keys[:min(len(keys), mostSounds)]
}

// writeKeys replaces the search keys of a submission.
func (st *Store) writeKeys(tx *sqlite.Tx, s *review.Submission) error {
	if _, err := tx.Exec(`DELETE FROM submission_keys WHERE submission = ?`, s.ID); err != nil {
		return err
	}
	for kind, values := range keysOf(s) {
		for _, value := range values {
			if err := st.writeKey(tx, s.ID, kind, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (st *Store) writeKey(tx *sqlite.Tx, id review.SubmissionID, kind, value string) error {
	if value == "" {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO submission_keys (kind, hash, submission) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, kind, st.Vault.Index("submission."+kind, value), id)
	return err
}

// sharers is how many others one shared value may bring. People born on one day are
// many more than those who share anything else.
const (
	sharers     = 50
	birthSharer = 200
)

// Twins lists, by kind of key, the other sent submissions that share a value with s,
// or one of the values that the caller knows beside its answers. The caller decides
// what that means.
func (st *Store) Twins(ctx context.Context, s *review.Submission, known map[string]string) (map[string][]review.SubmissionID, error) {
	keys := keysOf(s)
	for kind, value := range known {
		if value != "" {
			keys[kind] = []string{value}
		}
	}
	twins := map[string][]review.SubmissionID{}
	err := st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		for kind, values := range keys {
			limit := sharers
			if kind == KeyBirth {
				limit = birthSharer
			}
			for _, value := range values {
				var ids []review.SubmissionID
				if err := rx.Select(&ids, `SELECT submission FROM submission_keys WHERE kind = ? AND hash = ? AND submission <> ? ORDER BY submission LIMIT ?`,
					kind, st.Vault.Index("submission."+kind, value), s.ID, limit); err != nil {
					return err
				}
				if len(ids) > 0 {
					twins[kind] = append(twins[kind], ids...)
				}
			}
		}
		return nil
	})
	return twins, err
}
