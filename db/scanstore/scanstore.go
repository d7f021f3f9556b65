// Package scanstore keeps the rows of uploaded documents and their pages. The
// bytes lie in the blob folder; a row names its blobs and is written after them,
// so that every row has its bytes.
//
//	docs, err := scans.Current(rx, box, id)          // with the submission
//	err = scans.Insert(tx, box, id, document)        // in the transaction that changed the submission
//	err = scans.Retire(tx, at, documentIDs...)       // replaced or removed: kept for comparison
//	seen, err := scans.Seen(ctx, print, submission)  // the same file in another submission?
//
// Rows belong to a submission and are sealed with its box.
package scanstore

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"time"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// Store reads and writes the tables documents, pages, page_reports, page_looks
// and upload_attempts.
type Store struct {
	DB    *sqlite.DB
	Vault *seal.Vault
}

type documentRow struct {
	ID         string `db:"id"`
	Slot       string `db:"slot"`
	Round      int    `db:"round"`
	Name       []byte `db:"name"`
	Format     string `db:"format"`
	Bytes      int    `db:"bytes"`
	Verdict    string `db:"verdict"`
	Notes      string `db:"notes"`
	Print      []byte `db:"print"`
	SeenBefore bool   `db:"seen_before"`
	Original   string `db:"original"`
	UploadedAt int64  `db:"uploaded_at"`
}

type pageRow struct {
	Document string `db:"document"`
	Number   int    `db:"number"`
	Width    int    `db:"width"`
	Height   int    `db:"height"`
	Image    string `db:"image"`
	Thumb    string `db:"thumb"`
}

const documentColumns = `id, slot, round, name, format, bytes, verdict, notes, print, seen_before, original, uploaded_at`

func namePlace(id string) seal.Place {
	return seal.Place{Table: "documents", Column: "name", Row: id}
}

// Print is the keyed hash under which a file is recognised.
func (s *Store) Print(sum [32]byte) []byte {
	return s.Vault.Index("file", hex.EncodeToString(sum[:]))
}

// Current returns the current document of each slot, oldest upload first.
func (s *Store) Current(rx *sqlite.Rx, box *seal.Box, id review.SubmissionID) ([]review.Document, error) {
	return s.list(rx, box, `submission = ? AND retired_at = 0 ORDER BY uploaded_at, id`, string(id))
}

// All returns every document that the submission ever had, oldest upload first.
func (s *Store) All(rx *sqlite.Rx, box *seal.Box, id review.SubmissionID) ([]review.Document, error) {
	return s.list(rx, box, `submission = ? ORDER BY uploaded_at, id`, string(id))
}

func (s *Store) list(rx *sqlite.Rx, box *seal.Box, where string, submission string) ([]review.Document, error) {
	var rows []documentRow
	if err := rx.Select(&rows, `SELECT `+documentColumns+` FROM documents WHERE `+where, submission); err != nil || len(rows) == 0 {
		return nil, err
	}
	var pages []pageRow
	if err := rx.Select(&pages, `
		SELECT p.document, p.number, p.width, p.height, p.image, p.thumb
		FROM documents d JOIN pages p ON p.document = d.id
		WHERE d.submission = ? ORDER BY p.document, p.number`, submission); err != nil {
		return nil, err
	}
	docs := make([]review.Document, 0, len(rows))
	for _, r := range rows {
		d, err := r.document(box)
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			if p.Document == r.ID {
				d.Pages = append(d.Pages, review.Page{Number: p.Number, Width: p.Width, Height: p.Height, Image: p.Image, Thumb: p.Thumb})
			}
		}
		docs = append(docs, d)
	}
	return docs, s.reports(rx, box, submission, docs)
}

func (r documentRow) document(box *seal.Box) (review.Document, error) {
	name, err := box.Open(namePlace(r.ID), r.Name)
	if err != nil {
		return review.Document{}, err
	}
	d := review.Document{
		ID: review.DocumentID(r.ID), Slot: review.Slot(r.Slot), Round: r.Round, Name: string(name), Format: r.Format,
		Bytes: r.Bytes, Verdict: r.Verdict, Print: r.Print, SeenBefore: r.SeenBefore, Original: r.Original,
		UploadedAt: time.UnixMilli(r.UploadedAt).UTC(),
	}
	return d, json.Unmarshal([]byte(r.Notes), &d.Notes)
}

// Insert writes the row of a document and its pages. Retire the slot's former
// document first.
func (s *Store) Insert(tx *sqlite.Tx, box *seal.Box, id review.SubmissionID, d review.Document) error {
	notes, err := json.Marshal(append([]string{}, d.Notes...))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`
		INSERT INTO documents (id, submission, slot, round, name, format, bytes, verdict, notes, print, seen_before, original, uploaded_at, retired_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)`,
		d.ID, id, d.Slot, d.Round, box.Seal(namePlace(string(d.ID)), []byte(d.Name)), d.Format, d.Bytes, d.Verdict, string(notes),
		nonNil(d.Print), d.SeenBefore, d.Original, d.UploadedAt.UnixMilli()); err != nil {
		return err
	}
	for _, p := range d.Pages {
		if _, err := tx.Exec(`INSERT INTO pages (document, number, width, height, image, thumb) VALUES (?, ?, ?, ?, ?, ?)`,
			d.ID, p.Number, p.Width, p.Height, p.Image, p.Thumb); err != nil {
			return err
		}
		if err := s.writeReport(tx, box, d.ID, p); err != nil {
			return err
		}
	}
	return nil
}

func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// Retire ends the time of documents as current ones. Their rows and bytes stay.
func (s *Store) Retire(tx *sqlite.Tx, at time.Time, ids ...review.DocumentID) error {
	for _, id := range ids {
		if _, err := tx.Exec(`UPDATE documents SET retired_at = ? WHERE id = ? AND retired_at = 0`, at.UnixMilli(), id); err != nil {
			return err
		}
	}
	return nil
}

// Seen reports whether a file with this print stands in another submission.
func (s *Store) Seen(ctx context.Context, print []byte, except review.SubmissionID) (bool, error) {
	var n int
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&n, `SELECT count(*) FROM (SELECT 1 FROM documents WHERE print = ? AND submission <> ? LIMIT 1)`, print, except)
	})
	return n > 0, err
}

// SameFile lists the sent submissions, other than the given one, in which a file with
// this print stands.
func (s *Store) SameFile(ctx context.Context, print []byte, except review.SubmissionID) (ids []review.SubmissionID, err error) {
	err = s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&ids, `
			SELECT DISTINCT d.submission FROM documents d JOIN submissions s ON s.id = d.submission
			WHERE d.print = ? AND d.submission <> ? AND s.submitted_at <> 0 ORDER BY d.submission LIMIT 50`, print, except)
	})
	return ids, err
}

// Attempt notes one upload attempt. It returns how many there were since the
// given moment, without this one, and the bytes of all documents that the
// submission ever had. Older attempts are forgotten.
func (s *Store) Attempt(ctx context.Context, id review.SubmissionID, since, now time.Time) (attempts int, bytes int64, err error) {
	err = s.DB.Write(ctx, func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`DELETE FROM upload_attempts WHERE submission = ? AND at <= ?`, id, since.UnixMilli()); err != nil {
			return err
		}
		if err := tx.Get(&attempts, `SELECT count(*) FROM upload_attempts WHERE submission = ?`, id); err != nil {
			return err
		}
		if err := tx.Get(&bytes, `SELECT COALESCE(SUM(bytes), 0) FROM documents WHERE submission = ?`, id); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO upload_attempts (submission, at) VALUES (?, ?)`, id, now.UnixMilli())
		return err
	})
	return attempts, bytes, err
}

// Known returns those of the blob names that a row refers to.
func (s *Store) Known(ctx context.Context, names []string) (map[string]bool, error) {
	known := make(map[string]bool, len(names))
	err := s.DB.Read(ctx, func(rx *sqlite.Rx) error {
		for _, name := range names {
			var n int
			if err := rx.Get(&n, `
				SELECT EXISTS (SELECT 1 FROM documents WHERE original = ?)
				    OR EXISTS (SELECT 1 FROM pages WHERE image = ?)
				    OR EXISTS (SELECT 1 FROM pages WHERE thumb = ?)`, name, name, name); err != nil {
				return err
			}
			if n != 0 {
				known[name] = true
			}
		}
		return nil
	})
	return known, err
}
