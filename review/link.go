package review

import "time"

// Link writes down that another case belongs to this one.
func (s *Submission) Link(by Actor, other SubmissionID, at time.Time) (Change, error) {
	return s.linked(by, EventLinked, other, at)
}

// Unlink writes down that another case does not belong to this one after all.
func (s *Submission) Unlink(by Actor, other SubmissionID, at time.Time) (Change, error) {
	return s.linked(by, EventUnlinked, other, at)
}

func (s *Submission) linked(by Actor, t EventType, other SubmissionID, at time.Time) (Change, error) {
	if s.Round == 0 || other == s.ID {
		return Change{}, ErrTransition
	}
	return Change{Events: []Event{s.event(by, t, at).With("other", string(other))}}, nil
}
