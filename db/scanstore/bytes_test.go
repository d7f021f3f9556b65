package scanstore_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/scanstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
)

var ids = review.RandomIDs{}

func open(t *testing.T) (*dbtest.Desk, *scanstore.Bytes) {
	d := dbtest.Open(t)
	return d, &scanstore.Bytes{DB: d.DB, Vault: d.Vault, Blobs: d.Blobs, Scans: &scanstore.Store{DB: d.DB, Vault: d.Vault}}
}

// submission makes the submission that documents belong to, and its key.
func submission(t *testing.T, d *dbtest.Desk, id review.SubmissionID) {
	t.Helper()
	store := &submissionstore.Store{DB: d.DB, Vault: d.Vault, Clock: review.SystemClock{}, IDs: ids, Scans: &scanstore.Store{DB: d.DB, Vault: d.Vault},
		History: submissionstore.HistoryFunc(historystore.Append)}
	by := review.Actor{Account: review.AccountID("account" + id), Roles: []review.Role{review.RoleApplicant}}
	s, c := review.NewSubmission(by, id, ids.NewNumber(), review.FromAbroad, "ru", time.UnixMilli(1_790_000_000_000))
	if err := store.Create(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
}

func TestBytesOpenOnlyWhereTheyWerePut(t *testing.T) {
	d, b := open(t)
	submission(t, d, "one")
	submission(t, d, "two")
	plain := append([]byte("\xff\xd8\xff\xe0 SPECIMEN "), bytes.Repeat([]byte("page"), 1000)...)
	name := ids.NewID()
	if err := b.Put(t.Context(), "one", "page", name, plain); err != nil {
		t.Fatal(err)
	}
	got, err := b.Fetch(t.Context(), "one", "page", name)
	if err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("fetched %d bytes, %v", len(got), err)
	}
	if _, err := b.Fetch(t.Context(), "one", "original", name); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("as another kind: %v", err)
	}
	if _, err := b.Fetch(t.Context(), "two", "page", name); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("as another submission's: %v", err)
	}
	if _, err := b.Fetch(t.Context(), "one", "page", ids.NewID()); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a name nobody has: %v", err)
	}
	if err := b.Put(t.Context(), "nobody", "page", ids.NewID(), plain); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("without a key: %v", err)
	}
	err = filepath.WalkDir(d.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte("SPECIMEN")) || bytes.Contains(raw, []byte("\xff\xd8\xff\xe0")) {
			t.Errorf("%s holds plain bytes", filepath.Base(path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSweepKeepsWhatRowsNeed(t *testing.T) {
	d, b := open(t)
	submission(t, d, "one")
	put := func(kind string) string {
		name := ids.NewID()
		if err := b.Put(t.Context(), "one", kind, name, []byte(kind)); err != nil {
			t.Fatal(err)
		}
		return name
	}
	doc := review.Document{ID: "d", Slot: review.SlotPassport, Original: put("original"), UploadedAt: time.UnixMilli(5),
		Pages: []review.Page{{Number: 1, Image: put("page"), Thumb: put("thumb")}}}
	orphan := put("page")
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		box, err := d.Vault.Box(tx.Rx, seal.Owner{Kind: seal.Submission, ID: "one"})
		if err != nil {
			return err
		}
		return b.Scans.Insert(tx, box, "one", doc)
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := b.Sweep(t.Context(), time.Now().Add(-time.Hour)); n != 0 || err != nil {
		t.Errorf("swept %d young files, %v", n, err)
	}
	if n, err := b.Sweep(t.Context(), time.Now().Add(time.Hour)); n != 1 || err != nil {
		t.Errorf("swept %d files, %v", n, err)
	}
	if _, err := b.Fetch(t.Context(), "one", "page", orphan); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("the orphan is still there: %v", err)
	}
	for kind, name := range map[string]string{"original": doc.Original, "page": doc.Pages[0].Image, "thumb": doc.Pages[0].Thumb} {
		if got, err := b.Fetch(t.Context(), "one", kind, name); err != nil || string(got) != kind {
			t.Errorf("%s: %q, %v", kind, got, err)
		}
	}
}

func TestAttemptsAreCountedForAnHour(t *testing.T) {
	d, b := open(t)
	submission(t, d, "one")
	start := time.UnixMilli(1_800_000_000_000)
	for i := range 3 {
		now := start.Add(time.Duration(i) * 10 * time.Minute)
		n, size, err := b.Scans.Attempt(t.Context(), "one", now.Add(-time.Hour), now)
		if err != nil || n != i || size != 0 {
			t.Errorf("attempt %d: %d before, %d bytes, %v", i, n, size, err)
		}
	}
	later := start.Add(65 * time.Minute)
	if n, _, err := b.Scans.Attempt(t.Context(), "one", later.Add(-time.Hour), later); err != nil || n != 2 {
		t.Errorf("after an hour: %d, %v", n, err)
	}
}
