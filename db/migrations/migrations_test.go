package migrations

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"okno/db/sqlite"
	"okno/review"
)

func open(t *testing.T) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func tables(t *testing.T, db *sqlite.DB) (names []string) {
	t.Helper()
	if err := db.Read(t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&names, `SELECT name FROM sqlite_master WHERE type = 'table' AND length(name) = 1 ORDER BY name`)
	}); err != nil {
		t.Fatal(err)
	}
	return names
}

func TestGapsAreFilledAndTheRestIsKept(t *testing.T) {
	db := open(t)
	step := func(want string, files map[string]string) {
		t.Helper()
		for range 2 { // the second time nothing is left to do
			if err := apply(t.Context(), db, review.SystemClock{}, folder(files)); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Join(tables(t, db), ""); got != want {
			t.Errorf("tables %s, want %s", got, want)
		}
	}
	files := map[string]string{"0001_a.sql": "CREATE TABLE a (x);", "0005_e.sql": "CREATE TABLE e (x); CREATE TRIGGER te BEFORE UPDATE ON e BEGIN SELECT RAISE(ABORT, 'no'); END;"}
	step("ae", files)
	files["0003_c.sql"] = "CREATE TABLE c (x); -- with a comment; and a semicolon\n"
	step("ace", files)
}

func TestAFailingMigrationLeavesNothing(t *testing.T) {
	db := open(t)
	err := apply(t.Context(), db, review.SystemClock{}, folder(map[string]string{
		"0001_a.sql": "CREATE TABLE a (x);", "0002_b.sql": "CREATE TABLE b (x); CREATE TABLE b (x);", "0003_c.sql": "CREATE TABLE c (x);"}))
	if err == nil || !strings.Contains(err.Error(), "0002_b") {
		t.Errorf("got %v", err)
	}
	if got := tables(t, db); !slices.Equal(got, []string{"a"}) {
		t.Errorf("tables %v", got)
	}
	if err := apply(t.Context(), db, review.SystemClock{}, folder(map[string]string{
		"0001_a.sql": "CREATE TABLE a (x);", "0002_b.sql": "CREATE TABLE b (x);"})); err != nil {
		t.Errorf("did not resume: %v", err)
	}
}

func TestForeignDataAreRefused(t *testing.T) {
	db := open(t)
	base := map[string]string{"0001_a.sql": "CREATE TABLE a (x);", "0002_b.sql": "CREATE TABLE b (x);"}
	if err := apply(t.Context(), db, review.SystemClock{}, folder(base)); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		files map[string]string
		want  error
	}{
		"newer data":   {map[string]string{"0001_a.sql": base["0001_a.sql"]}, ErrNewer},
		"changed text": {map[string]string{"0001_a.sql": base["0001_a.sql"] + " ", "0002_b.sql": base["0002_b.sql"]}, ErrChanged},
		"changed name": {map[string]string{"0001_a.sql": base["0001_a.sql"], "0002_c.sql": base["0002_b.sql"]}, ErrChanged},
	} {
		if err := apply(t.Context(), db, review.SystemClock{}, folder(c.files)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, files := range map[string]map[string]string{
		"two of a number": {"0001_a.sql": "", "0001_b.sql": ""}, "no number": {"a.sql": ""},
	} {
		if err := apply(t.Context(), open(t), review.SystemClock{}, folder(files)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestTheSchemaIsWhole(t *testing.T) {
	db := open(t)
	for range 2 {
		if err := Apply(t.Context(), db, review.SystemClock{}); err != nil {
			t.Fatal(err)
		}
	}
	var check string
	if err := db.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&check, `PRAGMA integrity_check`) }); err != nil || check != "ok" {
		t.Errorf("%s, %v", check, err)
	}
	err := db.Write(t.Context(), func(tx *sqlite.Tx) error { _, err := tx.Exec(`DELETE FROM schema_migrations`); return err })
	if !errors.Is(err, sqlite.ErrConstraint) {
		t.Errorf("the ledger can be emptied: %v", err)
	}
}
