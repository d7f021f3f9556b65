package sqlite

import (
	"os"
	"strings"
	"testing"
	"time"
)

// While people write, the log moves into the file by itself, and nobody's commit
// waits for that.
func TestLogMovesIntoTheFileBesideTheWriter(t *testing.T) {
	db := open(t)
	page := strings.Repeat("x", 40_000)
	for n := range 2 * tidyEvery {
		if err := db.Write(t.Context(), func(tx *Tx) error {
			_, err := tx.Exec(`INSERT INTO n (id, v) VALUES (?, ? || ?)`, n, page, n)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		info, err := os.Stat(db.Path())
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > tidyEvery*int64(len(page)) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the file has %d bytes", info.Size())
		}
	}
}

// A file that was filled in a hurry is in the end as safe as any other.
func TestFillingEnds(t *testing.T) {
	db := open(t)
	if err := db.Fill(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Filled(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, s := range writerSettings {
		var got string
		if err := db.writer.QueryRowContext(t.Context(), `PRAGMA `+s.pragma).Scan(&got); err != nil || got != s.want {
			t.Errorf("%s is %s, want %s, %v", s.pragma, got, s.want, err)
		}
	}
}
