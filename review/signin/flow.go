package signin

import (
	"context"
	"errors"
	"time"

	"okno/review"
	"okno/review/field"
)

// FlowKind says what a flow leads to.
type FlowKind string

// The kinds of flows.
const (
	Registration FlowKind = "registration"
	Reset        FlowKind = "reset"
	EmailChange  FlowKind = "email-change"
	PhoneChange  FlowKind = "phone-change"
)

// Flow is one unfinished registration, reset or contact change. It prints as
// [redacted].
type Flow struct {
	ID       string
	Kind     FlowKind
	Account  review.AccountID // of a contact change, or of a reset that found one
	Track    review.Track
	Language string
	Subject  string // what a look-up asks about
	Started  time.Time

	Email          string
	Phone          string
	EmailConfirmed bool // for a reset: the code was right
	PhoneConfirmed bool

	Code     *Code
	Failures int // wrong codes in a row
	Done     bool
	Version  int64
}

// String keeps personal data out of logs.
func (Flow) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Flow) GoString() string { return "[redacted]" }

// FlowTerm is how long a flow can be continued.
const FlowTerm = 24 * time.Hour

// contact is the contact that a code of the purpose proves.
func (f *Flow) contact(p Purpose) string {
	if p.channel() == review.SMS {
		return f.Phone
	}
	return f.Email
}

// live returns the flow if it is of the kind and can be continued.
func (s *Service) live(ctx context.Context, id string, kind FlowKind) (*Flow, error) {
	if id == "" {
		return nil, ErrStep
	}
	f, err := s.Flows.Flow(ctx, id)
	if errors.Is(err, review.ErrNotFound) {
		return nil, ErrStep
	}
	if err != nil {
		return nil, err
	}
	if f.Kind != kind || f.Done || s.Clock.Now().After(f.Started.Add(FlowTerm)) {
		return nil, ErrStep
	}
	return f, nil
}

// Registration returns a running registration, for the page that continues it.
// It reports [ErrStep] when there is none.
func (s *Service) Registration(ctx context.Context, id string) (*Flow, error) {
	return s.live(ctx, id, Registration)
}

// ResetFlow returns a running reset, or [ErrStep].
func (s *Service) ResetFlow(ctx context.Context, id string) (*Flow, error) {
	return s.live(ctx, id, Reset)
}

// begin starts a flow that is carried by a session of its own.
func (s *Service) begin(ctx context.Context, f *Flow, from From) (token string, err error) {
	f.ID, f.Started = s.IDs.NewID(), s.Clock.Now()
	session, token, err := s.Sessions.New(ForFlow, f.ID)
	if err != nil {
		return "", err
	}
	if err := s.Flows.NewFlow(ctx, f, &session); err != nil {
		return "", err
	}
	return token, s.Sessions.End(ctx, from.Session)
}

// emailOf reads a typed e-mail address.
func emailOf(typed string) (string, error) {
	email, faults := field.Email(typed)
	if field.Blocking(faults) {
		return "", review.Faulty(review.FieldFault{Field: "email", Code: faults[0].Code})
	}
	return email, nil
}

// phoneOf reads a typed phone number under the rules of the track.
func (s *Service) phoneOf(typed string, track review.Track) (string, error) {
	var phone string
	var faults []field.Fault
	if track == review.FromAbroad && !s.Policy.ForeignPhonesFromAbroad {
		phone, faults = field.MobileRU(typed)
	} else {
		phone, faults = field.Phone(typed)
		if !field.Blocking(faults) && len(phone) > 2 && phone[:2] == "+7" && phone[2] != '9' && phone[2] != '7' && phone[2] != '6' {
			faults = []field.Fault{{Code: "not-mobile"}}
		}
	}
	if field.Blocking(faults) {
		return "", review.Faulty(review.FieldFault{Field: "phone", Code: faults[0].Code})
	}
	for _, prefix := range s.Policy.PhonePrefixes {
		if len(phone) > len(prefix) && phone[:len(prefix)] == prefix {
			return phone, nil
		}
	}
	return "", review.Faulty(review.FieldFault{Field: "phone", Code: "country"})
}

// known reports whether a contact belongs to an account.
func (s *Service) known(ctx context.Context, channel review.Channel, contact string) (bool, error) {
	_, err := s.Accounts.Credential(ctx, channel, contact)
	if review.KindOf(err) == review.NotFound {
		return false, nil
	}
	return err == nil, err
}
