package review

import (
	"strings"
	"time"
)

// MaxParking is how long a case may be put aside.
const MaxParking = 14 * 24 * time.Hour

// Parking says that a case was put aside: it is not handed out before Until, but
// may be picked. The clock of the desk runs on.
type Parking struct {
	Staff StaffID
	Name  string
	Since time.Time
	Until time.Time
}

// Park puts the holder's case aside until a moment, with the reason as a remark
// for colleagues. The claim ends. Only a first review can be put aside: a second
// one keeps somebody's verdict waiting.
func (s *Submission) Park(by Actor, id, reason string, until, at time.Time) (Change, error) {
	if s.Pending != nil {
		return Change{}, ErrDecisionPending
	}
	if s.Status != InReview {
		return Change{}, ErrTransition
	}
	if !s.HeldBy(by.Staff, at) {
		return Change{}, ErrNotClaimed
	}
	var faults []FieldFault
	switch reason = strings.TrimSpace(reason); {
	case reason == "":
		faults = append(faults, FieldFault{Field: "reason", Code: "empty"})
	case len([]rune(reason)) > MaxNote:
		faults = append(faults, FieldFault{Field: "reason", Code: "length"})
	}
	switch {
	case !until.After(at):
		faults = append(faults, FieldFault{Field: "until", Code: "past"})
	case until.After(at.Add(MaxParking)):
		faults = append(faults, FieldFault{Field: "until", Code: "far"})
	}
	if len(faults) > 0 {
		return Change{}, Faulty(faults...)
	}
	c, err := s.AddNote(by, id, reason, at)
	if err != nil {
		return Change{}, err
	}
	s.Claim = nil
	s.Parked = &Parking{Staff: by.Staff, Name: by.Name, Since: at, Until: until}
	e, err := s.move(by, Queued, EventParked, at)
	if err != nil {
		return Change{}, err
	}
	c.Events = []Event{e.With("until", until.UTC().Format(time.RFC3339)).With("note", id)}
	return c, nil
}

// Waits reports whether the case is put aside now.
func (s *Submission) Waits(at time.Time) bool { return s.Parked != nil && at.Before(s.Parked.Until) }
