package review

import "time"

// Reminders of corrections go out three days after the request and one day
// before the deadline, which is the sixth day unless it was extended. Each goes
// out once.
const (
	FirstReminder = 3 * 24 * time.Hour
	LastReminder  = 24 * time.Hour // before the deadline
	reminders     = 2
)

// ErrExtended says that the deadline was moved before: once is the rule.
var ErrExtended = &Error{Kind: Conflict, Code: "extended-already"}

// askedAt starts the deadline of a correction request.
func (s *Submission) askedAt(at time.Time) {
	s.CorrectionDue = at.Add(CorrectionTerm)
	s.Reminded, s.RemindAt, s.Extended = 0, at.Add(FirstReminder), false
}

// answered stops the reminders.
func (s *Submission) answered() { s.RemindAt = time.Time{} }

// Remind writes to an applicant who has not answered a correction request yet.
func (s *Submission) Remind(by Actor, at time.Time) (Change, error) {
	if s.Status != CorrectionRequested || s.RemindAt.IsZero() || at.Before(s.RemindAt) || at.After(s.CorrectionDue) {
		return Change{}, ErrTransition
	}
	s.Reminded++
	s.nextReminder(at)
	n := s.notice(NoticeReminder, Mail)
	n.Params["deadline"] = s.CorrectionDue.UTC().Format(time.DateOnly)
	c := Change{Events: []Event{s.event(by, EventReminded, at)}, Notices: []Notice{n}}
	if s.Reminded == reminders {
		n.Channel = SMS
		c.Notices = append(c.Notices, n)
	}
	return c, nil
}

// nextReminder is due a day before the deadline; none is due in the past.
func (s *Submission) nextReminder(at time.Time) {
	s.RemindAt = time.Time{}
	if last := s.CorrectionDue.Add(-LastReminder); s.Reminded < reminders && last.After(at) {
		s.RemindAt = last
	}
}

// MayExtend reports whether the applicant can still ask for more time.
func (s *Submission) MayExtend(at time.Time) bool {
	return s.Status == CorrectionRequested && !s.Extended && !at.After(s.CorrectionDue)
}

// Extend gives the applicant another [CorrectionTerm], once for each request.
func (s *Submission) Extend(by Actor, at time.Time) (Change, error) {
	if by.Account == "" || by.Account != s.Account {
		return Change{}, ErrNotFound
	}
	if s.Status != CorrectionRequested || at.After(s.CorrectionDue) {
		return Change{}, ErrTransition
	}
	if s.Extended {
		return Change{}, ErrExtended
	}
	s.Extended = true
	s.CorrectionDue = s.CorrectionDue.Add(CorrectionTerm)
	if s.Reminded > 0 {
		s.nextReminder(at)
	}
	s.ChangedAt = at
	n := s.notice(NoticeExtended, Mail)
	n.Params["deadline"] = s.CorrectionDue.UTC().Format(time.DateOnly)
	return Change{Events: []Event{s.event(by, EventExtended, at)}, Notices: []Notice{n}}, nil
}
