package review

import (
	"errors"
	"fmt"
)

// Kind classifies an [Error]; the edge turns each kind into one HTTP status.
type Kind int

// The seven kinds of failure.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Conflict
	TooLarge
)

// Error is the failure that a use case reports. Code is stable and doubles as
// translation key (error.<code>). It never carries personal data.
type Error struct {
	Kind   Kind
	Code   string
	Holder string       // display name of the colleague in the way, for conflicts over a claim
	Fields []FieldFault // which inputs are wrong, for Invalid
	cause  error
}

// FieldFault says what is wrong with one input. A warning may be confirmed by
// the person ("I checked it"), an error may not.
type FieldFault struct {
	Field   string
	Code    string
	Warning bool
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.cause)
	}
	return e.Code
}

func (e *Error) Unwrap() error { return e.cause }

// Is matches another *Error of the same kind whose code is empty or equal.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Code == "" || t.Code == e.Code)
}

// Because returns a copy of e that wraps cause.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Errors shared by several capabilities. Compare with errors.Is.
var (
	ErrUnauthenticated = &Error{Kind: Unauthenticated, Code: "unauthenticated"}
	ErrForbidden       = &Error{Kind: Forbidden, Code: "forbidden"}
	ErrNotFound        = &Error{Kind: NotFound, Code: "not-found"}
	// ErrNoSubmission says that the account has not started a submission yet.
	ErrNoSubmission    = &Error{Kind: NotFound, Code: "no-submission"}
	ErrStale           = &Error{Kind: Conflict, Code: "stale-version"}
	ErrClaimed         = &Error{Kind: Conflict, Code: "claimed-by-other"}
	ErrNotClaimed      = &Error{Kind: Conflict, Code: "not-claimed"}
	ErrTransition      = &Error{Kind: Conflict, Code: "wrong-status"}
	ErrDecisionPending = &Error{Kind: Conflict, Code: "decision-pending"}
	ErrUndoTooLate     = &Error{Kind: Conflict, Code: "undo-too-late"}
	ErrBusy            = &Error{Kind: Conflict, Code: "busy"}
	ErrTooLarge        = &Error{Kind: TooLarge, Code: "too-large"}
)

// Faulty reports an [Invalid] error over the given inputs.
func Faulty(faults ...FieldFault) *Error {
	return &Error{Kind: Invalid, Code: "invalid", Fields: faults}
}

// KindOf returns the kind of the first *Error in err's chain, Internal if none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
