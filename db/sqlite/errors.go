package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"

	"okno/review"
)

// Failures of the database, to be compared with errors.Is.
var (
	// ErrStorage is a failure of the machine: disk full, busy, damaged.
	ErrStorage = &review.Error{Kind: review.Internal, Code: "storage"}
	// ErrUnique says that a unique value is already taken; [UniqueOn] tells which.
	ErrUnique = &review.Error{Kind: review.Conflict, Code: "not-unique"}
	// ErrConstraint says that a row breaks a rule of the schema (foreign key,
	// check, not null, trigger): a fault of the program.
	ErrConstraint = &review.Error{Kind: review.Internal, Code: "constraint"}
	// ErrPanic is a panic of a job.
	ErrPanic = &review.Error{Kind: review.Internal, Code: "internal"}
	// ErrClosed is reported after Close.
	ErrClosed = &review.Error{Kind: review.Internal, Code: "storage-closed"}
	// ErrInUse says that another process holds the data folder.
	ErrInUse = &review.Error{Kind: review.Conflict, Code: "folder-in-use"}
)

// mapped turns an error of the driver into one of package review. Messages of
// SQLite name tables and columns, never values.
func mapped(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return review.ErrNotFound.Because(err)
	}
	if late := expired(ctx, err); late != nil {
		return late
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok || e.Code != sqlite3.ErrConstraint {
		return ErrStorage.Because(err)
	}
	switch e.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
		return ErrUnique.Because(err)
	}
	return ErrConstraint.Because(err)
}

// UniqueOn reports whether err says that the value of column, written as
// table.column, is already taken.
func UniqueOn(err error, column string) bool {
	if !errors.Is(err, ErrUnique) {
		return false
	}
	e, ok := errors.AsType[sqlite3.Error](err)
	if !ok {
		return false
	}
	_, list, _ := strings.Cut(e.Error(), "failed: ")
	for name := range strings.SplitSeq(list, ", ") {
		if name == column {
			return true
		}
	}
	return false
}
