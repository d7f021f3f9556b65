package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	queueLength = 256
	batchJobs   = 64                    // at most so many functions share one commit
	batchTime   = 20 * time.Millisecond // and the first of them waits no longer than this for the others
)

// Tx is a write transaction of one job. It reads what it wrote.
type Tx struct {
	*Rx
	caller   context.Context
	onCommit []func()
}

// Exec runs a statement that changes rows. It fails without touching anything
// when the caller has given up.
func (t *Tx) Exec(query string, args ...any) (sql.Result, error) {
	if err := t.caller.Err(); err != nil {
		return nil, err
	}
	seen(query)
	res, err := t.tx.ExecContext(t.ctx, query, args...)
	return res, mapped(t.ctx, err)
}

// Change runs a statement and returns how many rows it changed.
func (t *Tx) Change(query string, args ...any) (int64, error) {
	res, err := t.Exec(query, args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return n, mapped(t.ctx, err)
}

// OnCommit registers a function that runs after the commit has reached the
// disk and before Write returns; not at all when the job fails. Such functions
// run in the order of the commits and must be quick: the next write waits.
func (t *Tx) OnCommit(fn func()) { t.onCommit = append(t.onCommit, fn) }

// The states of a job: it is skipped by whoever gives up first, or run.
const (
	queued int32 = iota
	started
	skipped
)

type job struct {
	ctx    context.Context
	fn     func(*Tx) error
	state  atomic.Int32
	tx     *Tx
	err    error
	answer chan struct{}
}

func (j *job) finish(err error) {
	j.err = err
	close(j.answer)
}

// Write runs fn in a write transaction and returns after its changes are on
// the disk, or with the error of fn after they were taken back. A panic in fn
// becomes an error. When ctx ends before fn was started, fn never runs. Calling
// Write inside fn waits for itself until the deadline; do not.
func (db *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, writeDeadline)
		defer cancel()
	}
	j := &job{ctx: ctx, fn: fn, answer: make(chan struct{})}
	if err := db.enqueue(j); err != nil {
		return err
	}
	select {
	case <-j.answer:
		return j.err
	case <-ctx.Done():
		if j.state.CompareAndSwap(queued, skipped) {
			return ctx.Err()
		}
		<-j.answer // it runs: its outcome is the truth
		return j.err
	}
}

func (db *DB) enqueue(j *job) error {
	db.mu.RLock()
	defer db.mu.RUnlock()
	if db.closed {
		return ErrClosed
	}
	select {
	case db.jobs <- j:
		return nil
	case <-j.ctx.Done():
		return j.ctx.Err()
	}
}

// run is the writing goroutine: it ends when Close has closed the queue and
// everything in it was answered.
func (db *DB) run() {
	defer close(db.done)
	n := 0
	for j := range db.jobs {
		db.batch(j)
		if n++; n%tidyEvery == 0 {
			select {
			case db.tidy <- struct{}{}:
			default: // it is at it
			}
		}
	}
}

// batch runs first and whoever waits behind it in one transaction.
func (db *DB) batch(first *job) {
	tx, err := db.writer.BeginTxx(context.Background(), nil)
	if err != nil {
		if first.state.CompareAndSwap(queued, started) {
			first.finish(mapped(first.ctx, err))
		}
		return
	}
	var done []*job // succeeded, to be answered after the commit
	begun := time.Now()
	for j := first; j != nil; j = db.next(len(done), begun) {
		if !j.state.CompareAndSwap(queued, started) {
			continue
		}
		err := j.run(tx)
		if broken, ok := errors.AsType[*brokenBatch](err); ok {
			// The engine gave up the whole transaction (disk full, out of memory …).
			tx.Rollback()
			j.finish(broken.cause)
			for _, d := range done {
				d.finish(ErrStorage.Because(errors.New("shared transaction was rolled back")))
			}
			return
		}
		if err != nil {
			j.finish(err)
			continue
		}
		done = append(done, j)
	}
	if len(done) == 0 {
		tx.Rollback()
		return
	}
	if err := tx.Commit(); err != nil {
		tx.Rollback()
		for _, d := range done {
			d.finish(ErrStorage.Because(err))
		}
		return
	}
	for _, d := range done {
		d.finish(d.follow())
	}
}

// next returns a job that is already waiting, nil when none is or the batch is full.
func (db *DB) next(size int, begun time.Time) *job {
	if size >= batchJobs || time.Since(begun) > batchTime {
		return nil
	}
	select {
	case j := <-db.jobs: // nil when the queue is closed and empty
		return j
	default:
		return nil
	}
}

// brokenBatch says that the transaction around the savepoints is gone.
type brokenBatch struct{ cause error }

func (b *brokenBatch) Error() string { return b.cause.Error() }

// run calls the job's function inside a savepoint. The statements run under a
// context that is never cancelled: an interrupted change would roll back the
// neighbours' work as well.
func (j *job) run(tx *sqlx.Tx) error {
	ctx := context.WithoutCancel(j.ctx)
	if _, err := tx.ExecContext(ctx, `SAVEPOINT job`); err != nil {
		return &brokenBatch{ErrStorage.Because(err)}
	}
	j.tx = &Tx{Rx: &Rx{ctx: ctx, tx: tx, writing: true}, caller: j.ctx}
	err := guarded(func() error { return j.fn(j.tx) })
	if err == nil {
		if _, err := tx.ExecContext(ctx, `RELEASE job`); err != nil {
			return &brokenBatch{ErrStorage.Because(err)}
		}
		return nil
	}
	if _, lost := tx.ExecContext(ctx, `ROLLBACK TO job; RELEASE job`); lost != nil {
		return &brokenBatch{err}
	}
	return err
}

// follow runs what was registered with OnCommit.
func (j *job) follow() error {
	return guarded(func() error {
		for _, fn := range j.tx.onCommit {
			fn()
		}
		return nil
	})
}

// guarded turns a panic into an error that carries the place but no values.
func guarded(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = ErrPanic.Because(fmt.Errorf("%T in a write\n%s", p, debug.Stack()))
		}
	}()
	return fn()
}
