// Package migrations brings a database to the schema that this program knows.
//
// Each change is an embedded file NNNN_name.sql that runs once, in a
// transaction of its own, in the order of the numbers. Files are never edited
// after a release: [Apply] remembers the digest of each and refuses a database
// that was made by another text of the same file, or by a newer program.
package migrations

import (
	"cmp"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"time"

	"okno/db/sqlite"
	"okno/review"
)

//go:embed *.sql
var files embed.FS

// Errors of Apply, to be compared with errors.Is.
var (
	ErrNewer   = errors.New("the data were written by a newer program")
	ErrChanged = errors.New("a migration differs from the one that made these data")
)

type migration struct {
	Number int    `db:"number"`
	Name   string `db:"name"`
	SHA256 string `db:"sha256"`
	text   string
}

var fileName = regexp.MustCompile(`^([0-9]{4})_([a-z0-9_]+)\.sql$`)

// load reads the migrations of a folder in the order of their numbers.
func load(dir fs.FS) ([]migration, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, e := range entries {
		parts := fileName.FindStringSubmatch(e.Name())
		if parts == nil {
			return nil, fmt.Errorf("migration %s: the name must be NNNN_name.sql", e.Name())
		}
		text, err := fs.ReadFile(dir, e.Name())
		if err != nil {
			return nil, err
		}
		number, _ := strconv.Atoi(parts[1]) // four digits
		sum := sha256.Sum256(text)
		list = append(list, migration{number, parts[2], hex.EncodeToString(sum[:]), string(text)})
	}
	slices.SortFunc(list, func(a, b migration) int { return cmp.Compare(a.Number, b.Number) })
	for i := 1; i < len(list); i++ {
		if list[i].Number == list[i-1].Number {
			return nil, fmt.Errorf("migration %04d exists twice", list[i].Number)
		}
	}
	return list, nil
}

// longest is how long the steps may take: an index over millions of rows takes
// longer than any write of a desk in service.
const longest = 6 * time.Hour

// Apply runs the migrations that the database has not seen. It is safe to
// interrupt: what is committed stays, the rest runs next time.
func Apply(ctx context.Context, db *sqlite.DB, clock review.Clock) error {
	return apply(ctx, db, clock, files)
}

func apply(ctx context.Context, db *sqlite.DB, clock review.Clock, dir fs.FS) error {
	known, err := load(dir)
	if err != nil {
		return err
	}
	var applied []migration
	read := func(rx *sqlite.Rx) error {
		return rx.Select(&applied, `SELECT number, name, sha256 FROM schema_migrations ORDER BY number`)
	}
	if err := db.Read(ctx, func(rx *sqlite.Rx) error {
		var n int
		if err := rx.Get(&n, `SELECT count(*) FROM sqlite_master WHERE name = 'schema_migrations'`); err != nil || n == 0 {
			return err
		}
		return read(rx)
	}); err != nil {
		return err
	}
	pending, err := missing(known, applied)
	if err != nil || len(pending) == 0 {
		return err
	}
	if len(applied) == 0 {
		if err := db.Write(ctx, createLedger); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	for _, m := range pending {
		if err := db.Write(ctx, func(tx *sqlite.Tx) error {
			if _, err := tx.Exec(m.text); err != nil {
				return err
			}
			_, err := tx.Exec(`INSERT INTO schema_migrations (number, name, sha256, at) VALUES (?, ?, ?, ?)`,
				m.Number, m.Name, m.SHA256, clock.Now().UnixMilli())
			return err
		}); err != nil {
			return fmt.Errorf("migration %04d_%s: %w", m.Number, m.Name, err)
		}
	}
	return nil
}

func createLedger(tx *sqlite.Tx) error {
	_, err := tx.Exec(`
		CREATE TABLE IF NOT EXISTS schema_migrations (
			number INTEGER PRIMARY KEY,
			name   TEXT   NOT NULL,
			sha256 TEXT   NOT NULL,
			at     BIGINT NOT NULL
		);
		CREATE TRIGGER IF NOT EXISTS schema_migrations_keep BEFORE UPDATE ON schema_migrations
		BEGIN SELECT RAISE(ABORT, 'schema_migrations is append-only'); END;
		CREATE TRIGGER IF NOT EXISTS schema_migrations_stay BEFORE DELETE ON schema_migrations
		BEGIN SELECT RAISE(ABORT, 'schema_migrations is append-only'); END`)
	return err
}

// missing compares what the program knows with what the database has seen.
func missing(known, applied []migration) ([]migration, error) {
	seen := make(map[int]migration, len(applied))
	for _, m := range applied {
		seen[m.Number] = m
	}
	var pending []migration
	for _, m := range known {
		a, ok := seen[m.Number]
		switch {
		case !ok:
			pending = append(pending, m)
		case a.SHA256 != m.SHA256 || a.Name != m.Name:
			return nil, fmt.Errorf("%w: %04d_%s", ErrChanged, m.Number, m.Name)
		}
		delete(seen, m.Number)
	}
	for number := range seen {
		return nil, fmt.Errorf("%w: migration %04d is unknown here", ErrNewer, number)
	}
	return pending, nil
}

// Step is a migration that was applied.
type Step struct {
	Number int    `db:"number"`
	Name   string `db:"name"`
	At     int64  `db:"at"` // Unix milliseconds
}

// Applied lists the migrations that the database has seen, oldest first.
func Applied(ctx context.Context, db *sqlite.DB) (steps []Step, err error) {
	err = db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Select(&steps, `SELECT number, name, at FROM schema_migrations ORDER BY number`)
	})
	return steps, err
}
