// Package dbtest gives tests a real desk to work on: a migrated database, a
// vault and a folder for blobs, all on disk and gone after the test.
package dbtest

import (
	"os"
	"path/filepath"
	"testing"

	"okno/db/blob"
	"okno/db/migrations"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
)

// Desk is everything that stores need.
type Desk struct {
	DB      *sqlite.DB
	Vault   *seal.Vault
	Blobs   *blob.Store
	Dir     string // the data folder
	KeyFile string // outside of it
}

// Open makes a fresh desk, closed when the test ends.
func Open(t testing.TB) *Desk {
	t.Helper()
	root := t.TempDir()
	d := &Desk{Dir: filepath.Join(root, "data"), KeyFile: filepath.Join(root, "okno.key")}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Mkdir(d.Dir, 0o700))
	must(seal.Create(d.Dir, d.KeyFile))
	var err error
	d.Vault, err = seal.Open(d.Dir, d.KeyFile)
	must(err)
	d.Blobs, err = blob.Open(filepath.Join(d.Dir, "blobs"))
	must(err)
	d.DB, err = sqlite.Open(t.Context(), filepath.Join(d.Dir, "okno.db"))
	must(err)
	t.Cleanup(func() {
		if err := d.DB.Close(); err != nil {
			t.Errorf("closing the database: %v", err)
		}
	})
	must(migrations.Apply(t.Context(), d.DB, review.SystemClock{}))
	return d
}
