package scanstore

import (
	"encoding/json"
	"fmt"

	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

type reportRow struct {
	Document string `db:"document"`
	Number   int    `db:"number"`
	Report   []byte `db:"report"`
}

func reportPlace(document string, number int) seal.Place {
	return seal.Place{Table: "page_reports", Column: "report", Row: document, Version: int64(number)}
}

// reports fills in what the inspection found out about the documents' pages.
func (s *Store) reports(rx *sqlite.Rx, box *seal.Box, submission string, docs []review.Document) error {
	var rows []reportRow
	if err := rx.Select(&rows, `
		SELECT r.document, r.number, r.report
		FROM documents d JOIN page_reports r ON r.document = d.id
		WHERE d.submission = ?`, submission); err != nil {
		return err
	}
	for _, r := range rows {
		page := pageOf(docs, r.Document, r.Number)
		if page == nil {
			continue // of a document that was not asked for
		}
		plain, err := box.Open(reportPlace(r.Document, r.Number), r.Report)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(plain, &page.Report); err != nil {
			return fmt.Errorf("page_reports.report: %w", err)
		}
	}
	return nil
}

func pageOf(docs []review.Document, id string, number int) *review.Page {
	for i := range docs {
		if string(docs[i].ID) != id {
			continue
		}
		for j := range docs[i].Pages {
			if docs[i].Pages[j].Number == number {
				return &docs[i].Pages[j]
			}
		}
	}
	return nil
}

// Reread writes what other readers have found out about a document.
func (s *Store) Reread(tx *sqlite.Tx, box *seal.Box, d review.Document) error {
	notes, err := json.Marshal(append([]string{}, d.Notes...))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE documents SET notes = ? WHERE id = ?`, string(notes), d.ID); err != nil {
		return err
	}
	for _, p := range d.Pages {
		if err := s.writeReport(tx, box, d.ID, p); err != nil {
			return err
		}
	}
	return nil
}

// writeReport writes what is known about a page and how it is found by its look.
func (s *Store) writeReport(tx *sqlite.Tx, box *seal.Box, document review.DocumentID, p review.Page) error {
	if p.Report.Empty() {
		return nil
	}
	plain, err := json.Marshal(p.Report)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO page_reports (document, number, report) VALUES (?, ?, ?) ON CONFLICT (document, number) DO UPDATE SET report = excluded.report`,
		document, p.Number, box.Seal(reportPlace(string(document), p.Number), plain)); err != nil {
		return err
	}
	return s.insertLook(tx, document, p)
}
