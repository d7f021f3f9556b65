package sqlite

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"
)

// Rx is a read transaction: everything read through it comes from one moment.
// It must not be kept after the function that received it returns.
type Rx struct {
	ctx     context.Context
	tx      *sqlx.Tx
	writing bool
}

// Writing reports whether it belongs to a write transaction, whose view may
// still be taken back.
func (r *Rx) Writing() bool { return r.writing }

// Context returns the context under which the statements run.
func (r *Rx) Context() context.Context { return r.ctx }

// Get scans one row into dest, a pointer to a struct with db tags or to a
// plain value. It reports [review.ErrNotFound] when there is no row.
func (r *Rx) Get(dest any, query string, args ...any) error {
	seen(query)
	return mapped(r.ctx, r.tx.GetContext(r.ctx, dest, query, args...))
}

// Select scans all rows into dest, a pointer to a slice.
func (r *Rx) Select(dest any, query string, args ...any) error {
	seen(query)
	return mapped(r.ctx, r.tx.SelectContext(r.ctx, dest, query, args...))
}

// Query returns rows to scan one by one; the caller closes them and checks
// Err before anything else is asked of the transaction.
func (r *Rx) Query(query string, args ...any) (*sqlx.Rows, error) {
	seen(query)
	rows, err := r.tx.QueryxContext(r.ctx, query, args...)
	return rows, mapped(r.ctx, err)
}

// Read runs fn in a read transaction. Without a deadline of its own, ctx gets
// one of ten seconds. The error of fn is returned as it is.
func (db *DB) Read(ctx context.Context, fn func(*Rx) error) error {
	db.mu.RLock()
	closed := db.closed
	db.mu.RUnlock()
	if closed {
		return ErrClosed
	}
	if _, limited := ctx.Deadline(); !limited {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, readDeadline)
		defer cancel()
	}
	tx, err := db.readers.BeginTxx(ctx, nil)
	if err != nil {
		return mapped(ctx, err)
	}
	defer tx.Rollback() // nothing to keep; also reached by a panic in fn
	return fn(&Rx{ctx: ctx, tx: tx})
}

// expired reports the context's error, so that a caller who gave up sees that
// and no storage failure.
func expired(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		return errors.Join(cause, err)
	}
	return nil
}
