package blob_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

func TestBlobs(t *testing.T) {
	d := dbtest.Open(t)
	boxes := map[string]*seal.Box{}
	for _, id := range []string{"alice", "bob"} {
		if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) (err error) {
			boxes[id], err = d.Vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: id}, time.UnixMilli(1))
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	box := boxes["alice"]
	plain := append([]byte("\xff\xd8\xff SPECIMEN JPEG"), bytes.Repeat([]byte("x"), 1<<20)...)
	place := seal.Place{Table: "documents", Column: "original", Row: "doc"}
	name := d.Blobs.NewName(review.RandomIDs{})
	digest, err := d.Blobs.Put(box, name, place, plain)
	if err != nil || len(digest) != 64 {
		t.Fatal(digest, err)
	}
	if got, err := d.Blobs.Get(box, name, place); err != nil || !bytes.Equal(got, plain) || !d.Blobs.Has(name) {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if _, err := d.Blobs.Put(box, name, place, plain); err == nil {
		t.Error("overwritten")
	}
	if _, err := d.Blobs.Get(boxes["bob"], name, place); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("other owner: %v", err)
	}
	if _, err := d.Blobs.Get(box, name, seal.Place{Table: "documents", Column: "page", Row: "doc"}); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("other place: %v", err)
	}
	if _, err := d.Blobs.Get(box, d.Blobs.NewName(review.RandomIDs{}), place); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("missing: %v", err)
	}
	for _, bad := range []string{"", "a", "../../../../etc/passwd", "aaaaaaaaaaaaaaaa/b", "..aaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAAAA"} {
		if _, err := d.Blobs.Put(box, bad, place, plain); err == nil {
			t.Errorf("name %q was accepted", bad)
		}
		if d.Blobs.Has(bad) {
			t.Errorf("has %q", bad)
		}
	}
	files := 0
	if err := filepath.WalkDir(d.Dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte("SPECIMEN")) || bytes.Contains(text, plain[:8]) || bytes.Contains(text, plain[1<<19:][:8]) {
			t.Errorf("%s holds plain bytes", e.Name())
		}
		return err
	}); err != nil || files == 0 {
		t.Error(files, err)
	}
	if err := d.Blobs.Remove(name); err != nil || d.Blobs.Has(name) {
		t.Error("still there", err)
	}
	if err := d.Blobs.Remove(name); err != nil {
		t.Errorf("removing twice: %v", err)
	}
}

func TestSweep(t *testing.T) {
	d := dbtest.Open(t)
	var box *seal.Box
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) (err error) {
		box, err = d.Vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: "alice"}, time.UnixMilli(1))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	place := seal.Place{Table: "documents"}
	age := func(path string) {
		old := time.Now().Add(-2 * time.Hour)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	put := func(name string, old bool) string {
		if _, err := d.Blobs.Put(box, name, place, []byte("x")); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(d.Dir, "blobs", name[:2], name+".sealed")
		if old {
			age(path)
		}
		return name
	}
	kept := put("keepkeepkeepkeepkeep", true)
	orphan := put("orphanorphanorphanorphan", true)
	young := put("youngyoungyoungyoung", false)
	broken := filepath.Join(d.Dir, "blobs", "or", "put-123")
	foreign := filepath.Join(d.Dir, "blobs", "or", "README")
	for _, f := range []string{broken, foreign} {
		if err := os.WriteFile(f, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		age(f)
	}
	n, err := d.Blobs.Sweep(func(name string) bool { return name == kept }, time.Now().Add(-time.Hour))
	if err != nil || n != 2 {
		t.Errorf("%d removed, %v", n, err)
	}
	if !d.Blobs.Has(kept) || !d.Blobs.Has(young) || d.Blobs.Has(orphan) {
		t.Error("the wrong ones")
	}
	if _, err := os.Stat(broken); err == nil {
		t.Error("the broken-off write is still there")
	}
	if _, err := os.Stat(foreign); err != nil {
		t.Error("somebody else's file is gone")
	}
}
