// Package sqlite is the only place that opens the database. It keeps one
// connection that writes and a small pool that reads, and hands out
// transactions as values:
//
//	db, err := sqlite.Open(ctx, filepath.Join(dir, "okno.db"))
//	err = db.Read(ctx, func(rx *sqlite.Rx) error {
//		return rx.Get(&n, `SELECT count(*) FROM submissions WHERE status = ?`, status)
//	})
//	err = db.Write(ctx, func(tx *sqlite.Tx) error {
//		_, err := tx.Exec(`UPDATE submissions SET status = ? WHERE id = ?`, status, id)
//		return err
//	})
//
// Write queues the function; one goroutine runs the waiting functions in one
// transaction, each in its own savepoint, and answers them after the commit
// has reached the disk. A function that fails takes back its own changes only.
// It must be quick, must not call out and must not call Write again.
//
// Errors of the driver arrive as errors of package review: no row is
// [review.ErrNotFound], a taken unique value [ErrUnique], a broken rule
// [ErrConstraint], everything else [ErrStorage].
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"
)

// Limits of time for callers that bring none of their own.
const (
	readDeadline  = 10 * time.Second // a read transaction that never ends would let the WAL grow without bound
	writeDeadline = 15 * time.Second // for waiting in the queue; a function that runs is always awaited
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	path    string
	writer  *sqlx.DB
	readers *sqlx.DB
	tidier  *sqlx.DB   // moves the write-ahead log into the file while others write
	tidying sync.Mutex // held by whoever does that

	jobs   chan *job
	done   chan struct{} // closed when the writing goroutine has ended
	tidy   chan struct{} // the log has grown
	tidied chan struct{} // closed when the goroutine behind tidy has ended
	mu     sync.RWMutex  // held for reading while a job is sent, for writing by Close
	closed bool
}

// setting is one pragma with the value that must be read back.
type setting struct {
	pragma string
	want   string
}

var (
	shared = []setting{
		{"journal_mode", "wal"}, {"busy_timeout", "5000"}, {"foreign_keys", "1"}, {"trusted_schema", "0"},
		{"cell_size_check", "1"}, {"temp_store", "2"}, {"mmap_size", "0"}, {"journal_size_limit", "67108864"},
	}
	writerSettings = append([]setting{
		{"wal_autocheckpoint", "16384"}, {"synchronous", "2"}, {"secure_delete", "1"}, {"cache_size", "-32768"}, {"query_only", "0"},
	}, shared...)
	readerSettings = append([]setting{
		{"query_only", "1"}, {"cache_size", "-8192"},
	}, shared...)
)

const (
	writerDSN = "?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate&_busy_timeout=5000&_foreign_keys=1&_secure_delete=on&_stmt_cache_size=64&_cache_size=-32768"
	readerDSN = "?mode=ro&_query_only=1&_busy_timeout=5000&_foreign_keys=1&_stmt_cache_size=64&_cache_size=-8192"
)

// connector opens connections that are configured and checked one by one.
type connector struct {
	driver *sqlite3.SQLiteDriver
	dsn    string
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// pool returns a pool whose every connection carries the settings; one that
// differs is never handed out.
func pool(dsn string, size int, settings []setting) *sqlx.DB {
	d := &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		// The writer moves the log itself only when nobody else does: whoever waits
		// for that commit waits for the move.
		const hook = `PRAGMA wal_autocheckpoint=16384; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=67108864;
			PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON`
		if _, err := conn.Exec(hook, nil); err != nil {
			return err
		}
		return readBack(conn, settings)
	}}
	p := sqlx.NewDb(sql.OpenDB(connector{d, dsn}), "sqlite3")
	p.SetMaxOpenConns(size)
	p.SetMaxIdleConns(size)
	return p
}

// readBack asks the connection for each setting and reports the first that differs.
func readBack(conn *sqlite3.SQLiteConn, settings []setting) error {
	for _, s := range settings {
		got, err := pragma(conn, s.pragma)
		if err != nil {
			return fmt.Errorf("reading back pragma %s: %w", s.pragma, err)
		}
		if got != s.want {
			return fmt.Errorf("pragma %s is %s, must be %s", s.pragma, got, s.want)
		}
	}
	return nil
}

func pragma(conn *sqlite3.SQLiteConn, name string) (string, error) {
	rows, err := conn.Query("PRAGMA "+name, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	row := make([]driver.Value, 1)
	if err := rows.Next(row); err != nil {
		return "", err
	}
	return fmt.Sprint(row[0]), nil
}

// Open opens or creates the database file, readable by its owner only. It
// opens every connection at once and fails when one of them does not carry
// the settings that durability and safety depend on.
func Open(ctx context.Context, path string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// Created here so that SQLite gives its companion files the same mode.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the database: %w", err)
	}
	f.Close()

	name := "file:" + (&url.URL{Path: abs}).EscapedPath()
	size := max(2, runtime.NumCPU())
	db := &DB{
		path:    abs,
		writer:  pool(name+writerDSN, 1, writerSettings),
		readers: pool(name+readerDSN, size, readerSettings),
		tidier:  pool(name+writerDSN, 1, writerSettings),
		jobs:    make(chan *job, queueLength),
		done:    make(chan struct{}),
		tidy:    make(chan struct{}, 1),
		tidied:  make(chan struct{}),
	}
	// The writer first: a read-only connection cannot create the WAL.
	if err := warm(ctx, db.writer, 1); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database for writing: %w", err), db.writer.Close(), db.readers.Close(), db.tidier.Close())
	}
	if err := warm(ctx, db.readers, size); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database for reading: %w", err), db.readers.Close(), db.tidier.Close(), db.writer.Close())
	}
	go db.run()
	go db.tidyUp()
	return db, nil
}

// warm opens all connections of a pool at the same time.
func warm(ctx context.Context, p *sqlx.DB, size int) error {
	for range size {
		c, err := p.Conn(ctx)
		if err != nil {
			return err
		}
		defer c.Close()
	}
	return nil
}

// Path returns the absolute path of the database file.
func (db *DB) Path() string { return db.path }

// WALSize returns the size in bytes of the write-ahead log.
func (db *DB) WALSize() int64 {
	info, err := os.Stat(db.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// Checkpoint moves everything from the write-ahead log into the database file
// and empties the log. It waits for running reads no longer than the busy
// time-out, then reports [ErrStorage]; calling it again later is harmless.
func (db *DB) Checkpoint(ctx context.Context) error {
	db.tidying.Lock()
	defer db.tidying.Unlock()
	var busy, log, moved int
	if err := db.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &moved); err != nil {
		return mapped(ctx, err)
	}
	if busy != 0 {
		return ErrStorage.Because(errors.New("checkpoint: a reader is still active"))
	}
	return nil
}

// Fill prepares for filling a fresh database with very much: nothing waits for
// the disk, and what random keys fall on stays in memory. A crash before
// [DB.Filled] leaves a damaged file.
func (db *DB) Fill(ctx context.Context) error {
	_, err := db.writer.ExecContext(ctx, `PRAGMA synchronous=OFF; PRAGMA secure_delete=OFF; PRAGMA cache_size=-524288; PRAGMA wal_autocheckpoint=65536`)
	return mapped(ctx, err)
}

// Filled ends [DB.Fill]. What was written is safe after the next Checkpoint.
func (db *DB) Filled(ctx context.Context) error {
	_, err := db.writer.ExecContext(ctx, `PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=16384`)
	return mapped(ctx, err)
}

// tidyEvery is after how many commits the log is moved into the file.
const tidyEvery = 64

// tidyUp moves what it can without stopping anybody. A failure is left to the
// next time, and in the end to the writer and to [DB.Checkpoint].
func (db *DB) tidyUp() {
	defer close(db.tidied)
	for range db.tidy {
		db.tidying.Lock()
		_, _ = db.tidier.Exec(`PRAGMA wal_checkpoint(PASSIVE)`)
		db.tidying.Unlock()
	}
}

// Close lets the queued writes finish, empties the write-ahead log and closes
// the files. Later calls of Read and Write fail.
func (db *DB) Close() error {
	db.mu.Lock()
	if db.closed {
		db.mu.Unlock()
		return nil
	}
	db.closed = true
	close(db.jobs)
	db.mu.Unlock()
	<-db.done

	close(db.tidy)
	<-db.tidied
	err := errors.Join(db.readers.Close(), db.tidier.Close())
	return errors.Join(err, db.Checkpoint(context.Background()), db.writer.Close())
}
