package scanstore_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/scanstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// put makes a document with one page the current one of its slot.
func put(t *testing.T, d *dbtest.Desk, scans *scanstore.Store, of review.SubmissionID, doc review.Document) {
	t.Helper()
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		box, err := d.Vault.Box(tx.Rx, seal.Owner{Kind: seal.Submission, ID: string(of)})
		if err != nil {
			return err
		}
		return scans.Insert(tx, box, of, doc)
	}); err != nil {
		t.Fatal(err)
	}
}

func current(t *testing.T, d *dbtest.Desk, scans *scanstore.Store, of review.SubmissionID) (docs []review.Document) {
	t.Helper()
	if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		box, err := d.Vault.Box(rx, seal.Owner{Kind: seal.Submission, ID: string(of)})
		if err != nil {
			return err
		}
		docs, err = scans.Current(rx, box, of)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return docs
}

func TestReportsComeBackWithTheirPages(t *testing.T) {
	d, b := open(t)
	submission(t, d, "one")
	line := "P<UTOOBRAZTSOVA<<NODIRA<<<<<<<<<<<<<<<<<<<<<"
	report := review.PageReport{
		Look: bytes.Repeat([]byte{0x5a}, 32), Editor: "Paint", Taken: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), Notes: []string{"blur"},
		Portrait: &review.Portrait{Found: true, Box: review.Area{X: 0.1, Y: 0.2, W: 0.3, H: 0.4}},
		Reading: &review.Reading{Verdict: review.LinesRead, Format: review.FormatTD3, Lines: []string{line}, Confidence: -0.02,
			Digits: []review.DigitResult{{Field: "birth-date", OK: true}},
			Fields: []review.ReadField{{Code: "surname", Value: "OBRAZTSOVA", Confidence: 0.99, Box: review.Area{X: 0.1, Y: 0.9, W: 0.5, H: 0.03}}}},
		Texts: []review.ReadField{{Code: "number", Value: "1234567", Confidence: 0.8}},
	}
	put(t, d, b.Scans, "one", review.Document{ID: "d", Slot: review.SlotPassport, UploadedAt: time.UnixMilli(5),
		Pages: []review.Page{{Number: 1, Image: "i1", Thumb: "t1"}, {Number: 2, Image: "i2", Thumb: "t2", Report: report}}})
	docs := current(t, d, b.Scans, "one")
	if len(docs) != 1 || len(docs[0].Pages) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	if !docs[0].Pages[0].Report.Empty() || !reflect.DeepEqual(docs[0].Pages[1].Report, report) {
		t.Error("the report came back as another one, or on another page")
	}
	if r, page := docs[0].Lines(); r == nil || page != 2 {
		t.Error("the lines of the second page were not found")
	}
	raw, err := os.ReadFile(filepath.Join(d.Dir, filepath.Base(d.DB.Path())))
	if err != nil {
		t.Fatal(err)
	}
	wal, err := os.ReadFile(d.DB.Path() + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range [][]byte{[]byte("OBRAZTSOVA"), bytes.Repeat([]byte{0x5a}, 32)} {
		if bytes.Contains(raw, secret) || bytes.Contains(wal, secret) {
			t.Error("the database holds what was read in the open")
		}
	}
}

// flip returns the hash with n bits changed.
func flip(r *rand.Rand, look []byte, n int) []byte {
	out := bytes.Clone(look)
	for _, bit := range r.Perm(256)[:n] {
		out[bit/8] ^= 1 << (bit % 8)
	}
	return out
}

func TestAlikeFindsEveryPictureWithinFortyBits(t *testing.T) {
	d, b := open(t)
	submission(t, d, "mine")
	r := rand.New(rand.NewPCG(7, 9))
	look := make([]byte, 32)
	for i := range look {
		look[i] = byte(r.Uint32())
	}
	want := map[review.SubmissionID]int{}
	for i, bits := range []int{0, 1, 13, 28, 39, 40, 40, 40, 40, 41, 44, 60, 128} {
		id := review.SubmissionID(ids.NewID())
		submission(t, d, id)
		if i != 1 { // the second is a draft that was never sent
			sent(t, d, id)
		}
		put(t, d, b.Scans, id, review.Document{ID: review.DocumentID(ids.NewID()), Slot: review.SlotPassport, UploadedAt: time.UnixMilli(5),
			Pages: []review.Page{{Number: 1, Image: ids.NewID(), Thumb: ids.NewID(), Report: review.PageReport{Look: flip(r, look, bits)}}}})
		if bits <= scanstore.LookDistance && i != 1 {
			want[id] = bits
		}
	}
	found, err := b.Scans.Alike(t.Context(), look, "mine")
	if err != nil {
		t.Fatal(err)
	}
	got := map[review.SubmissionID]int{}
	for i, a := range found {
		got[a.Submission] = a.Distance
		if i > 0 && a.Distance < found[i-1].Distance {
			t.Error("not the nearest first")
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("found distances %v, want %v", got, want)
	}
	if found, err := b.Scans.Alike(t.Context(), make([]byte, 32), "mine"); err != nil || found != nil {
		t.Errorf("an even page resembles %d others, %v", len(found), err)
	}
}

func sent(t *testing.T, d *dbtest.Desk, id review.SubmissionID) {
	t.Helper()
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE submissions SET submitted_at = 1 WHERE id = ?`, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkAlikeAmongTenThousandPages(b *testing.B) {
	d := dbtest.Open(b)
	scans := &scanstore.Store{DB: d.DB, Vault: d.Vault}
	r := rand.New(rand.NewPCG(1, 2))
	look := make([]byte, 32)
	for i := range look {
		look[i] = byte(r.Uint32())
	}
	if err := d.DB.Write(b.Context(), func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`INSERT INTO submissions (id, number, account, track, status, version, language, citizenship, lane, holds, raised, notes_count, round, requests, arbiter,
			claimant, claimant_name, claimed_since, lease_until, first_claimed_at, pending_by, pending_outcome, pending_effective_at, first_by, first_against, first_outcome,
			created_at, changed_at, submitted_at, due_at, closed_at, remaining, used, running_since, correction_due, consents, answers, desk)
			VALUES ('s', '1', 'a', 'from-abroad', 'queued', 1, 'ru', 'RUS', 0, 0, 0, 0, 1, 0, 0, '', '', 0, 0, 0, '', '', 0, '', '', '', 1, 1, 1, 1, 0, 0, 0, 0, 0, '[]', '', '')`); err != nil {
			return err
		}
		box, err := d.Vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: "s"}, time.UnixMilli(1))
		if err != nil {
			return err
		}
		for range 500 {
			doc := review.Document{ID: review.DocumentID(ids.NewID()), Slot: review.Slot(ids.NewID()), UploadedAt: time.UnixMilli(5)}
			for n := range 20 {
				doc.Pages = append(doc.Pages, review.Page{Number: n + 1, Image: ids.NewID(), Thumb: ids.NewID(), Report: review.PageReport{Look: flip(r, look, 60+r.IntN(60))}})
			}
			if err := scans.Insert(tx, box, "s", doc); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := scans.Alike(b.Context(), look, "other"); err != nil {
			b.Fatal(err)
		}
	}
}
