package submissionstore

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/search"
)

// hashSize is the length of a search hash.
const hashSize = 16

// searchKey is the keyed hash under which a term is found.
func (st *Store) searchKey(t search.Term) []byte {
	return st.Vault.Index("search "+string(t.Kind), t.Value)
}

// index brings the search entry of a submission up to date with its answers.
func (st *Store) index(tx *sqlite.Tx, s *review.Submission) error {
	var hashes [][]byte
	for _, t := range search.Terms(s.Answers) {
		hashes = append(hashes, st.searchKey(t))
	}
	slices.SortFunc(hashes, bytes.Compare)
	packed := bytes.Join(hashes, nil)

	var old struct {
		Entry int64  `db:"entry"`
		Keys  []byte `db:"keys"`
	}
	err := tx.Get(&old, `SELECT entry, keys FROM search_entries WHERE submission = ?`, s.ID)
	switch {
	case errors.Is(err, review.ErrNotFound):
		res, err := tx.Exec(`INSERT INTO search_entries (submission, keys) VALUES (?, ?)`, s.ID, packed)
		if err != nil {
			return err
		}
		if old.Entry, err = res.LastInsertId(); err != nil {
			return err
		}
	case err != nil:
		return err
	case bytes.Equal(old.Keys, packed):
		return nil
	default:
		if _, err := tx.Exec(`UPDATE search_entries SET keys = ? WHERE entry = ?`, packed, old.Entry); err != nil {
			return err
		}
	}
	before := slices.Collect(slices.Chunk(old.Keys, hashSize))
	for _, h := range before {
		if _, stays := slices.BinarySearchFunc(hashes, h, bytes.Compare); stays {
			continue
		}
		if _, err := tx.Exec(`DELETE FROM search_keys WHERE hash = ? AND entry = ?`, h, old.Entry); err != nil {
			return err
		}
	}
	fresh := slices.DeleteFunc(hashes, func(h []byte) bool {
		_, there := slices.BinarySearchFunc(before, h, bytes.Compare)
		return there
	})
	for some := range slices.Chunk(fresh, keysAtOnce) {
		args := make([]any, 0, 2*keysAtOnce)
		for _, h := range some {
			args = append(args, h, old.Entry)
		}
		if _, err := tx.Exec(insertKeys(len(some)), args...); err != nil {
			return err
		}
	}
	return nil
}

// keysAtOnce is how many keys of an entry one statement inserts.
const keysAtOnce = 16

func insertKeys(n int) string {
	return `INSERT INTO search_keys (hash, entry) VALUES (?, ?)` + strings.Repeat(`, (?, ?)`, n-1)
}

// fillBatch is how many submissions one transaction of FillSearch indexes.
const fillBatch = 200

// FillSearch indexes what was sent before there was a search, once. It may be
// cut off and called again.
func (st *Store) FillSearch(ctx context.Context) error {
	after := ""
	for {
		done := false
		if err := st.DB.Write(ctx, func(tx *sqlite.Tx) (err error) {
			after, done, err = st.fillSearch(tx, after)
			return err
		}); err != nil {
			return fmt.Errorf("building the search index: %w", err)
		}
		if done {
			return nil
		}
	}
}

func (st *Store) fillSearch(tx *sqlite.Tx, after string) (last string, done bool, err error) {
	var filled int
	if err := tx.Get(&filled, `SELECT COUNT(*) FROM search_filled`); err != nil || filled > 0 {
		return after, true, err
	}
	var ids []review.SubmissionID
	if err := tx.Select(&ids, `SELECT id FROM submissions WHERE id > ? ORDER BY id LIMIT ?`, after, fillBatch); err != nil {
		return after, false, err
	}
	for _, id := range ids {
		after = string(id)
		s, _, err := st.load(tx.Rx, id)
		if errors.Is(err, seal.ErrErased) {
			continue
		}
		if err != nil {
			return after, false, err
		}
		if s.Round > 0 {
			if err := st.index(tx, s); err != nil {
				return after, false, err
			}
		}
	}
	if len(ids) < fillBatch {
		_, err = tx.Exec(`INSERT INTO search_filled (at) VALUES (?)`, st.Clock.Now().UnixMilli())
		return after, true, err
	}
	return after, false, nil
}

// walked is how many of the newest entries under its first hash are looked at
// for an alternative of several terms.
const walked = 2000

// findQuery finds the newest entries that have all of n terms: the hash of the
// first, the number of entries to walk, the other hashes, and how many to return.
func findQuery(n int) string {
	if n == 1 {
		return `SELECT entry FROM search_keys WHERE hash = ? ORDER BY entry DESC LIMIT ?`
	}
	query := `SELECT k.entry FROM (SELECT entry FROM search_keys WHERE hash = ? ORDER BY entry DESC LIMIT ?) AS k WHERE true`
	for range n - 1 {
		query += ` AND EXISTS (SELECT 1 FROM search_keys AS o WHERE o.hash = ? AND o.entry = k.entry)`
	}
	return query + ` LIMIT ?`
}

// Find returns at most limit entries that match, the newest first.
func (st *Store) Find(ctx context.Context, p search.Plan, limit int) (found []search.Entry, err error) {
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		for _, n := range p.Numbers {
			some, err := entries(rx, `SELECT e.entry FROM submissions AS s JOIN search_entries AS e ON e.submission = s.id WHERE s.number = ?`, string(n))
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		for channel, contact := range p.Contacts {
			some, err := st.withContact(rx, channel, contact, limit)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		for _, terms := range p.Any {
			args := []any{st.searchKey(terms[0])}
			if len(terms) > 1 {
				args = append(args, walked)
			}
			for _, t := range terms[1:] {
				args = append(args, st.searchKey(t))
			}
			some, err := entries(rx, findQuery(len(terms)), append(args, limit)...)
			if err != nil {
				return err
			}
			found = append(found, some...)
		}
		return nil
	})
	slices.SortFunc(found, func(a, b search.Entry) int { return cmp.Compare(b, a) })
	found = slices.Compact(found)
	return found[:min(limit, len(found))], err
}

func entries(rx *sqlite.Rx, query string, args ...any) (list []search.Entry, err error) {
	err = rx.Select(&list, query, args...)
	return list, err
}

// withContact finds what the account with a contact has sent.
func (st *Store) withContact(rx *sqlite.Rx, channel review.Channel, contact string, limit int) ([]search.Entry, error) {
	if st.Contacts == nil {
		return nil, nil
	}
	account, err := st.Contacts.Holder(rx, channel, contact)
	if errors.Is(err, review.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return entries(rx, `SELECT e.entry FROM submissions AS s JOIN search_entries AS e ON e.submission = s.id
		WHERE s.account = ? ORDER BY s.created_at DESC LIMIT ?`, string(account), limit)
}

// openedRow is what a line of search results is made of.
type openedRow struct {
	Entry        search.Entry `db:"entry"`
	ID           string       `db:"id"`
	Number       string       `db:"number"`
	Track        string       `db:"track"`
	Citizenship  string       `db:"citizenship"`
	Status       string       `db:"status"`
	Version      int64        `db:"version"`
	SubmittedAt  int64        `db:"submitted_at"`
	Claimant     string       `db:"claimant"`
	ClaimantName string       `db:"claimant_name"`
	LeaseUntil   int64        `db:"lease_until"`
	Answers      []byte       `db:"answers"`
}

// Opened reads submissions for a page of search results, in the order given.
// Those whose key was destroyed are left out.
func (st *Store) Opened(ctx context.Context, entries []search.Entry) ([]search.Found, error) {
	// The rows lie anywhere in a large file: two halves are waited for at once.
	halves := slices.Collect(slices.Chunk(entries, len(entries)/2+1))
	lists, errs := make([][]search.Found, len(halves)), make([]error, len(halves))
	var wg sync.WaitGroup
	for i, half := range halves {
		wg.Go(func() { lists[i], errs[i] = st.openedOf(ctx, half) })
	}
	wg.Wait()
	return slices.Concat(lists...), errors.Join(errs...)
}

func (st *Store) openedOf(ctx context.Context, entries []search.Entry) (list []search.Found, err error) {
	query, args, err := sqlx.In(`SELECT e.entry, s.id, s.number, s.track, s.citizenship, s.status, s.version, s.submitted_at, s.claimant, s.claimant_name, s.lease_until, s.answers
		FROM search_entries AS e JOIN submissions AS s ON s.id = e.submission WHERE e.entry IN (?)`, entries)
	if err != nil {
		return nil, err
	}
	err = st.DB.Read(ctx, func(rx *sqlite.Rx) error {
		var rows []openedRow
		if err := rx.Select(&rows, query, args...); err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b openedRow) int {
			return cmp.Compare(slices.Index(entries, a.Entry), slices.Index(entries, b.Entry))
		})
		for _, r := range rows {
			f, err := st.opened(rx, r)
			if errors.Is(err, seal.ErrErased) {
				continue
			}
			if err != nil {
				return err
			}
			list = append(list, f)
		}
		return nil
	})
	return list, err
}

func (st *Store) opened(rx *sqlite.Rx, r openedRow) (search.Found, error) {
	f := search.Found{
		ID: review.SubmissionID(r.ID), Number: review.CaseNumber(r.Number), Track: review.Track(r.Track), Citizenship: r.Citizenship,
		Status: review.Status(r.Status), SubmittedAt: sqlite.Moment(r.SubmittedAt),
		Holder: review.StaffID(r.Claimant), HolderName: r.ClaimantName, LeaseUntil: sqlite.Moment(r.LeaseUntil),
	}
	box, err := st.Vault.Box(rx, owner(f.ID))
	if err != nil {
		return f, err
	}
	plain, err := box.Open(answersPlace(r.ID, r.Version), r.Answers)
	if err != nil {
		return f, err
	}
	var answers review.Answers
	if err := json.Unmarshal(plain, &answers); err != nil {
		return f, fmt.Errorf("submissions.answers: %w", err)
	}
	f.Surname, f.Given, f.Patronymic = answers.Value(review.Surname), answers.Value(review.GivenName), answers.Value(review.Patronymic)
	if f.Surname+f.Given == "" {
		f.Surname, f.Given = answers.Value(review.SurnameLatin), answers.Value(review.GivenNameLatin)
	}
	f.Document, f.Birth = answers.Value(review.DocumentNumber), answers.Value(review.BirthDate)
	return f, nil
}
