package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/mattn/go-sqlite3"

	"okno/review"
)

func open(t testing.TB) *DB {
	t.Helper()
	db, err := Open(t.Context(), filepath.Join(t.TempDir(), "a b?c#d%.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := db.Write(t.Context(), func(tx *Tx) error {
		_, err := tx.Exec(`CREATE TABLE n (id INTEGER PRIMARY KEY, v TEXT NOT NULL UNIQUE, w INTEGER NOT NULL DEFAULT 0 CHECK (w < 1000000));
			CREATE TABLE child (n INTEGER NOT NULL REFERENCES n (id))`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return db
}

func count(t testing.TB, db *DB) (n int) {
	t.Helper()
	if err := db.Read(context.Background(), func(rx *Rx) error { return rx.Get(&n, `SELECT count(*) FROM n`) }); err != nil {
		t.Fatal(err)
	}
	return n
}

func insert(v string) func(*Tx) error {
	return func(tx *Tx) error {
		_, err := tx.Exec(`INSERT INTO n (v) VALUES (?)`, v)
		return err
	}
}

func TestEveryConnectionCarriesTheSettings(t *testing.T) {
	db := open(t)
	check := func(p *sqlx.DB, size int, settings []setting) {
		t.Helper()
		for range size { // all at once, so that each is another one
			c, err := p.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if err := c.Raw(func(conn any) error { return readBack(conn.(*sqlite3.SQLiteConn), settings) }); err != nil {
				t.Error(err)
			}
		}
	}
	check(db.writer, 1, writerSettings)
	check(db.readers, db.readers.Stats().MaxOpenConnections, readerSettings)
}

func TestAConnectionThatDiffersIsRefused(t *testing.T) {
	for _, s := range writerSettings {
		p := pool("file:"+strings.ReplaceAll(filepath.Join(t.TempDir(), "x.db"), "?", "%3f")+writerDSN, 1, []setting{{s.pragma, "other"}})
		if err := p.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), s.pragma) {
			t.Errorf("%s: %v", s.pragma, err)
		}
		p.Close()
	}
	weak := pool("file:"+filepath.Join(t.TempDir(), "x.db")+strings.ReplaceAll(writerDSN, "&_synchronous=FULL", ""), 1, writerSettings)
	defer weak.Close()
	if err := weak.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "synchronous is 1") {
		t.Errorf("a commit that is not durable was accepted: %v", err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t)
	err := db.Read(t.Context(), func(rx *Rx) error {
		_, err := rx.tx.Exec(`INSERT INTO n (v) VALUES ('x')`)
		return mapped(t.Context(), err)
	})
	if !errors.Is(err, ErrStorage) {
		t.Errorf("got %v", err)
	}
}

func TestFileIsPrivate(t *testing.T) {
	db := open(t)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(db.Path() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", suffix, info.Mode().Perm())
		}
	}
}

func TestErrorsAreTyped(t *testing.T) {
	db := open(t)
	if err := db.Write(t.Context(), insert("a")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, query string
		want        error
	}{
		{"unique", `INSERT INTO n (v) VALUES ('a')`, ErrUnique},
		{"primary key", `INSERT INTO n (id, v) VALUES (1, 'b')`, ErrUnique},
		{"not null", `INSERT INTO n (v) VALUES (NULL)`, ErrConstraint},
		{"check", `INSERT INTO n (v, w) VALUES ('c', 1000000)`, ErrConstraint},
		{"foreign key", `INSERT INTO child (n) VALUES (77)`, ErrConstraint},
		{"syntax", `INSERT INTO`, ErrStorage},
	} {
		err := db.Write(t.Context(), func(tx *Tx) error { _, err := tx.Exec(c.query); return err })
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if on := UniqueOn(err, "n.v"); on != (c.name == "unique") {
			t.Errorf("%s: UniqueOn = %v", c.name, on)
		}
	}
	err := db.Read(t.Context(), func(rx *Rx) error { var s string; return rx.Get(&s, `SELECT v FROM n WHERE id = 99`) })
	if !errors.Is(err, review.ErrNotFound) {
		t.Errorf("no row: %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows", n)
	}
}

// busy keeps the writer in one job until the returned function is called.
func busy(t testing.TB, db *DB) (release func()) {
	t.Helper()
	began, hold, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		db.Write(context.Background(), func(tx *Tx) error { close(began); <-hold; return nil })
	}()
	<-began
	return func() { close(hold); <-ended }
}

func TestOneFailureDoesNotHurtTheBatch(t *testing.T) {
	db := open(t)
	release := busy(t, db)
	var wg sync.WaitGroup
	results := make([]error, 30)
	for i := range results {
		wg.Go(func() {
			results[i] = db.Write(context.Background(), func(tx *Tx) error {
				if err := insert(string(rune('A' + i)))(tx); err != nil {
					return err
				}
				switch i % 3 {
				case 1:
					return review.ErrForbidden
				case 2:
					panic("SPECIMEN")
				}
				return nil
			})
		})
	}
	for len(db.jobs) < len(results) {
		time.Sleep(time.Millisecond)
	}
	release()
	wg.Wait()
	for i, err := range results {
		if want := []error{nil, review.ErrForbidden, ErrPanic}[i%3]; !errors.Is(err, want) {
			t.Errorf("job %d: %v", i, err)
		}
	}
	if n := count(t, db); n != 10 {
		t.Errorf("%d rows, want 10", n)
	}
}

func TestALostTransactionAnswersEverybody(t *testing.T) {
	db := open(t)
	release := busy(t, db)
	var wg sync.WaitGroup
	var good, bad error
	wg.Go(func() { good = db.Write(context.Background(), insert("kept?")) })
	for len(db.jobs) < 1 {
		time.Sleep(time.Millisecond)
	}
	wg.Go(func() {
		bad = db.Write(context.Background(), func(tx *Tx) error {
			_, err := tx.Exec(`INSERT OR ROLLBACK INTO n (v) VALUES (NULL)`)
			return err
		})
	})
	for len(db.jobs) < 2 {
		time.Sleep(time.Millisecond)
	}
	release()
	wg.Wait()
	if !errors.Is(bad, ErrConstraint) {
		t.Errorf("the culprit got %v", bad)
	}
	if !errors.Is(good, ErrStorage) || count(t, db) != 0 {
		t.Errorf("the neighbour was told %v, %d rows", good, count(t, db))
	}
	if err := db.Write(t.Context(), insert("next")); err != nil {
		t.Errorf("the writer did not recover: %v", err)
	}
}

func TestWhoGivesUpBeforeTheStartIsSkipped(t *testing.T) {
	db := open(t)
	release := busy(t, db)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	ran := false
	if err := db.Write(ctx, func(tx *Tx) error { ran = true; return nil }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	release()
	if err := db.Write(t.Context(), insert("after")); err != nil || ran {
		t.Errorf("ran = %v, %v", ran, err)
	}
	if err := db.Write(ctx, insert("late")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("an ended context was accepted: %v", err)
	}
	cancelled, stop := context.WithCancel(t.Context())
	if err := db.Write(cancelled, func(tx *Tx) error {
		if err := insert("half")(tx); err != nil {
			return err
		}
		stop()
		return insert("rest")(tx)
	}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestOnCommitRunsOnlyAfterACommit(t *testing.T) {
	db := open(t)
	var seen []string
	db.Write(t.Context(), func(tx *Tx) error {
		tx.OnCommit(func() { seen = append(seen, "failed") })
		return review.ErrForbidden
	})
	if err := db.Write(t.Context(), func(tx *Tx) error {
		tx.OnCommit(func() {
			seen = append(seen, "first")
			if count(t, db) != 1 {
				t.Error("called before the commit")
			}
		})
		tx.OnCommit(func() { seen = append(seen, "second") })
		return insert("a")(tx)
	}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(seen, " "); got != "first second" {
		t.Errorf("got %q", got)
	}
}

func TestFiftyWritersNeverMeetALock(t *testing.T) {
	db := open(t)
	if err := db.Write(t.Context(), insert("sum")); err != nil {
		t.Fatal(err)
	}
	writers, rounds := 50, 40
	var failed atomic.Int64
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				if err := db.Write(context.Background(), func(tx *Tx) error {
					var w int
					if err := tx.Get(&w, `SELECT w FROM n WHERE v = 'sum'`); err != nil {
						return err
					}
					changed, err := tx.Change(`UPDATE n SET w = ? WHERE v = 'sum' AND w = ?`, w+1, w)
					if err == nil && changed != 1 {
						err = review.ErrStale
					}
					return err
				}); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	var w int
	if err := db.Read(t.Context(), func(rx *Rx) error { return rx.Get(&w, `SELECT w FROM n WHERE v = 'sum'`) }); err != nil {
		t.Fatal(err)
	}
	if failed.Load() != 0 || w != writers*rounds {
		t.Errorf("%d failed, sum %d, want %d", failed.Load(), w, writers*rounds)
	}
}

func TestAReadHasOneViewAndADeadline(t *testing.T) {
	db := open(t)
	if err := db.Read(t.Context(), func(rx *Rx) error {
		var before, after int
		if err := rx.Get(&before, `SELECT count(*) FROM n`); err != nil {
			return err
		}
		if err := db.Write(t.Context(), insert("meanwhile")); err != nil {
			return err
		}
		if err := rx.Get(&after, `SELECT count(*) FROM n`); err != nil || before != after {
			t.Errorf("%d then %d, %v", before, after, err)
		}
		if _, ok := rx.Context().Deadline(); !ok {
			t.Error("no deadline")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	err := db.Read(ctx, func(rx *Rx) error {
		var n int
		return rx.Get(&n, `WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c`)
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestCheckpointEmptiesTheLog(t *testing.T) {
	db := open(t)
	if err := db.Write(t.Context(), insert("a")); err != nil {
		t.Fatal(err)
	}
	if db.WALSize() == 0 {
		t.Fatal("nothing was in the log")
	}
	if err := db.Checkpoint(t.Context()); err != nil || db.WALSize() != 0 {
		t.Errorf("%v, %d bytes left", err, db.WALSize())
	}
}

func TestDeletedTextLeavesTheFile(t *testing.T) {
	db := open(t)
	const secret = "SPECIMEN-SECRET-OF-A-PERSON"
	if err := db.Write(t.Context(), insert(secret)); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx *Tx) error { _, err := tx.Exec(`DELETE FROM n`); return err }); err != nil {
		t.Fatal(err)
	}
	if err := db.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(db.Path() + suffix)
		if err != nil || strings.Contains(string(text), secret) {
			t.Errorf("%q: still there, or %v", suffix, err)
		}
	}
}

func TestCloseLetsTheQueueFinish(t *testing.T) {
	db := open(t)
	var wg sync.WaitGroup
	var ok atomic.Int64
	for i := range 40 {
		wg.Go(func() {
			if err := db.Write(context.Background(), insert(string(rune('A'+i)))); err == nil {
				ok.Add(1)
			} else if !errors.Is(err, ErrClosed) {
				t.Errorf("got %v", err)
			}
		})
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
	if err := db.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	if err := db.Read(t.Context(), func(*Rx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("read after Close: %v", err)
	}
	if _, err := os.Stat(db.Path() + "-wal"); err == nil {
		t.Error("the log is still there")
	}
	again, err := Open(t.Context(), db.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := count(t, again); int64(n) != ok.Load() {
		t.Errorf("%d rows, %d were acknowledged", n, ok.Load())
	}
}

func TestTheFolderIsTakenOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	release, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("taken twice: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	release, err = Lock(dir)
	if err != nil {
		t.Fatalf("not given back: %v", err)
	}
	release()
}

// TestTheLockEndsWithTheProcess runs this test binary as the other process and
// kills it.
func TestTheLockEndsWithTheProcess(t *testing.T) {
	if dir := os.Getenv("OKNO_TEST_LOCK"); dir != "" {
		if _, err := Lock(dir); err != nil {
			os.Exit(3)
		}
		os.Stdout.WriteString("locked\n")
		select {}
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run", "^TestTheLockEndsWithTheProcess$")
	cmd.Env = append(os.Environ(), "OKNO_TEST_LOCK="+dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); !errors.Is(err, ErrInUse) {
		t.Errorf("two processes share the folder: %v", err)
	}
	cmd.Process.Kill()
	cmd.Wait()
	release, err := Lock(dir)
	if err != nil {
		t.Fatalf("the lock outlived its process: %v", err)
	}
	release()
}

func BenchmarkWrite(b *testing.B) {
	for _, callers := range []int{1, 16} {
		b.Run(map[int]string{1: "one caller", 16: "16 callers"}[callers], func(b *testing.B) {
			db := open(b)
			if err := db.Write(b.Context(), insert("sum")); err != nil {
				b.Fatal(err)
			}
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			var wg sync.WaitGroup
			for range callers {
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						if err := db.Write(context.Background(), func(tx *Tx) error {
							var w int
							if err := tx.Get(&w, `SELECT w FROM n WHERE v = ?`, "sum"); err != nil {
								return err
							}
							_, err := tx.Exec(`UPDATE n SET w = ? WHERE v = ?`, (w+1)%1000, "sum")
							return err
						}); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
		})
	}
}

func BenchmarkQueuePage(b *testing.B) {
	db := open(b)
	if err := db.Write(b.Context(), func(tx *Tx) error {
		_, err := tx.Exec(`CREATE TABLE q (id TEXT PRIMARY KEY, state TEXT, country TEXT, due BIGINT, a TEXT, b TEXT, c TEXT);
			CREATE INDEX q_due ON q (state, country, due, id);
			WITH RECURSIVE s (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM s WHERE x < 50000)
			INSERT INTO q SELECT 'id' || x, 'queued', 'UZB', x * 7919 % 50000, 'first', 'second', 'third' FROM s`)
		return err
	}); err != nil {
		b.Fatal(err)
	}
	type row struct {
		ID, State, Country string
		Due                int64
		A, B, C            string
	}
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var rows []row
			if err := db.Read(context.Background(), func(rx *Rx) error {
				return rx.Select(&rows, `SELECT * FROM q WHERE state = ? AND country = ? AND (due, id) > (?, ?) ORDER BY due, id LIMIT 51`, "queued", "UZB", 1000, "")
			}); err != nil || len(rows) != 51 {
				b.Errorf("%d rows, %v", len(rows), err)
				return
			}
		}
	})
}

var _ driver.Connector = connector{}
