// Package intake is the applicant's way into the desk: the sections of a
// submission and their rules, saving them one by one, consents, the
// completeness gate, sending, answering corrections and withdrawing.
//
// What a person types arrives as [Typed], the inputs of one form by name. A
// section is stored whole or not at all:
//
//	s, err := service.SaveSection(ctx, actor, "person", version, typed)
//	if e, ok := errors.AsType[*review.Error](err); ok && e.Kind == review.Invalid {
//		// e.Fields says which inputs are wrong; show typed again
//	}
//
// A fault marked as a warning lets the person confirm that the value is right:
// send the form again with the input confirm-<field> set to the warning's code.
//
// Sections may be saved in any order. [Missing] is the one gate in front of
// sending; it applies the same rules to what is stored.
package intake

import (
	"context"
	"strings"
	"time"

	"okno/review"
	"okno/review/field"
)

// Submissions keeps submissions. Errors: review.ErrNotFound, review.ErrStale,
// and those of the closure.
type Submissions interface {
	Create(ctx context.Context, s *review.Submission, c review.Change) error
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	ForAccount(ctx context.Context, account review.AccountID) (*review.Submission, error)
	// Begun returns the newest submissions of an account, newest first.
	Begun(ctx context.Context, account review.AccountID, limit int) ([]review.Begun, error)
	DueForExpiry(ctx context.Context, now time.Time, limit int) ([]review.SubmissionID, error)
}

// Timeline reads what happened to a submission, oldest first.
type Timeline interface {
	ForSubmission(ctx context.Context, id review.SubmissionID) ([]review.Event, error)
}

// Service is the intake. All fields but Sent are needed.
type Service struct {
	Submissions Submissions
	Timeline    Timeline
	Gate        review.Gate
	Clock       review.Clock
	IDs         review.IDs
	// ConsentText returns the text of a consent as it is shown in a language.
	ConsentText func(language, purpose, version string) string
	// Sent is called after a submission was handed to the desk; it may wake the
	// automatic check.
	Sent func(id review.SubmissionID)
}

// moscow is the zone in which the desk's days begin; it has no summer time.
var moscow = time.FixedZone("MSK", 3*60*60)

// Today is the calendar day by which documents are judged.
func Today(now time.Time) field.Date { return field.DateOf(now.In(moscow)) }

func (s *Service) today() field.Date { return Today(s.Clock.Now()) }

// Typed holds the inputs of one form by name: the field's code, for dates the
// code with -day, -month and -year, and confirm-<code> for confirmed warnings.
// It prints as [redacted].
type Typed map[string]string

// String keeps personal data out of logs.
func (Typed) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Typed) GoString() string { return "[redacted]" }

// Has reports whether the form had an input for the field.
func (t Typed) Has(f review.Field) bool {
	for _, name := range []string{"", "-day", "-month", "-year"} {
		if _, ok := t[string(f)+name]; ok {
			return true
		}
	}
	return false
}

// text is what was typed for the field, for dates its three parts.
func (t Typed) text(in Input) string {
	if in.Kind != Date {
		return t[string(in.Field)]
	}
	day, month, year := t.boxes(in.Field)
	if strings.TrimSpace(day+month+year) == "" {
		return ""
	}
	return day + "." + month + "." + year
}

func (t Typed) boxes(f review.Field) (day, month, year string) {
	return t[string(f)+"-day"], t[string(f)+"-month"], t[string(f)+"-year"]
}

// ConfirmName is the name of the input that confirms a warning on the field.
func ConfirmName(f review.Field) string { return "confirm-" + string(f) }

// Retype is the inverse of saving: the inputs that show the stored answers.
func Retype(section Section, answers review.Answers) Typed {
	t := Typed{}
	for _, in := range section.Inputs {
		a, ok := answers[in.Field]
		if !ok {
			continue
		}
		switch in.Kind {
		case Date:
			if d, faults := field.ParsePartialDate(a.Value); faults == nil {
				t.setDate(in.Field, d)
			}
		case Choice, Country, Flag:
			t[string(in.Field)] = a.Value
		default:
			t[string(in.Field)] = a.Typed
		}
		if len(a.Confirmed) > 0 {
			t[ConfirmName(in.Field)] = strings.Join(a.Confirmed, " ")
		}
	}
	return t
}

func (t Typed) setDate(f review.Field, d field.Date) {
	parts := strings.Split(d.Dotted(), ".")
	for i, name := range []string{"-year", "-month", "-day"} {
		t[string(f)+name] = ""
		if n := len(parts) - 1 - i; n >= 0 {
			t[string(f)+name] = parts[n]
		}
	}
}

// Own returns the newest submission of the actor's account, or [review.ErrNoSubmission].
func (s *Service) Own(ctx context.Context, actor review.Actor) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActStatus); err != nil {
		return nil, err
	}
	return s.own(ctx, actor)
}

func (s *Service) own(ctx context.Context, actor review.Actor) (*review.Submission, error) {
	if actor.Account == "" {
		return nil, review.ErrUnauthenticated
	}
	sub, err := s.Submissions.ForAccount(ctx, actor.Account)
	if review.KindOf(err) == review.NotFound && err != nil {
		return nil, review.ErrNoSubmission.Because(err)
	}
	return sub, err
}

// History returns the events of the actor's own submission, oldest first.
func (s *Service) History(ctx context.Context, actor review.Actor) ([]review.Event, error) {
	sub, err := s.Own(ctx, actor)
	if err != nil {
		return nil, err
	}
	return s.Timeline.ForSubmission(ctx, sub.ID)
}
