package review

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Checked ends the automatic check: to the queue, or back to the draft when a
// first submission is blocked. A resubmission is never blocked; what blocks
// becomes a hold that the reviewer sees.
func (s *Submission) Checked(by Actor, checks []Check, at time.Time) (Change, error) {
	if s.Status != Checking {
		return Change{}, ErrTransition
	}
	if s.Round > 1 {
		soften(checks)
	}
	s.enter(checks, at)
	if Blocked(s.Checks) {
		e, err := s.move(by, Draft, EventCheckBlocked, at)
		if err != nil {
			return Change{}, err
		}
		s.Round--
		s.stopClock(at)
		s.Used, s.Remaining = 0, 0
		return Change{Events: []Event{e}, Ledger: s.Checks, Notices: []Notice{s.notice(NoticeCheckBlocked, Mail)}}, nil
	}
	s.Lane = LaneOf(s.Checks)
	s.reserve(at)
	e, err := s.move(by, Queued, EventChecked, at)
	if err != nil {
		return Change{}, err
	}
	return Change{Events: []Event{e.With("lane", s.Lane.String())}, Ledger: s.Checks}, nil
}

// soften turns what would block a first sending into a hold: an application that the
// desk has seen is not closed by a machine.
func soften(checks []Check) {
	for i := range checks {
		if checks[i].Effect == Block {
			checks[i].Effect = Hold
		}
	}
}

// enter makes the checks the present ledger. What a reviewer has called a false alarm
// stays one while the check looks at the same things and says the same.
func (s *Submission) enter(checks []Check, at time.Time) {
	for i := range checks {
		c := &checks[i]
		if c.At.IsZero() {
			c.At = at
		}
		for _, old := range s.Checks {
			if old.Print != "" && old.Print == c.Print && old.Code == c.Code && old.Target == c.Target {
				if c.Raised() && old.Alarm != nil && old.Reason == c.Reason {
					c.Alarm = old.Alarm
				}
				break
			}
		}
	}
	s.Checks = s.stillDisavowed(checks)
}

// Rechecked replaces the ledger of a submission that waits or is being looked at. In
// the queue the desk itself asks for it, later whoever holds the claim. What would
// block a first sending only holds now. Without a difference nothing is written into
// the history and the version stays.
func (s *Submission) Rechecked(by Actor, checks []Check, at time.Time) (Change, error) {
	if err := s.Recheckable(by, at); err != nil {
		return Change{}, err
	}
	soften(checks)
	before := s.Checks
	s.enter(checks, at)
	changed := differing(before, s.Checks)
	if changed == 0 {
		return Change{}, nil
	}
	s.Lane = LaneOf(s.Checks)
	s.ChangedAt = at
	e := s.event(by, EventRechecked, at).With("changed", strconv.Itoa(changed)).With("lane", s.Lane.String())
	return Change{Events: []Event{e}, Ledger: s.Checks}, nil
}

// Reread puts what other readers see on current documents in the place of what was read
// before, under the conditions of [Submission.Rechecked]. Without documents nothing
// happens.
func (s *Submission) Reread(by Actor, docs []Document, at time.Time) (Change, error) {
	if len(docs) == 0 {
		return Change{}, nil
	}
	if err := s.Recheckable(by, at); err != nil {
		return Change{}, err
	}
	for _, d := range docs {
		i := slices.IndexFunc(s.Documents, func(x Document) bool { return x.ID == d.ID })
		if i < 0 {
			return Change{}, ErrStale
		}
		s.Documents[i] = d
	}
	s.ChangedAt = at
	return Change{Reread: docs, Events: []Event{s.event(by, EventReread, at).With("documents", strconv.Itoa(len(docs)))}}, nil
}

// Recheckable says why the actor may not have the checks run again at this moment, nil
// when that is possible.
func (s *Submission) Recheckable(by Actor, at time.Time) error {
	switch s.Status {
	case Queued:
		return nil
	case InReview, SecondReview:
		if !s.HeldBy(by.Staff, at) || s.Pending != nil {
			return ErrNotClaimed
		}
		return nil
	}
	return ErrTransition
}

// differing counts the findings that came or went.
func differing(before, after []Check) (n int) {
	missing := func(c Check, in []Check) bool {
		return !slices.ContainsFunc(in, func(x Check) bool {
			return x.Code == c.Code && x.Target == c.Target && x.Verdict == c.Verdict && x.Reason == c.Reason && x.Effect == c.Effect && x.Print == c.Print
		})
	}
	for _, c := range after {
		if c.Raised() && missing(c, before) {
			n++
		}
	}
	for _, c := range before {
		if c.Raised() && missing(c, after) {
			n++
		}
	}
	return n
}

// FalseAlarm records that a check of the ledger is mistaken, with the reviewer's
// reason. The check no longer holds an approval back; where it asks for a second pair
// of eyes, it goes on asking. An empty print or one that the ledger does not hold is
// ErrNotFound: the checks have been run anew.
func (s *Submission) FalseAlarm(by Actor, print, note string, at time.Time) (Change, error) {
	c, err := s.raised(by, print, at)
	if err != nil {
		return Change{}, err
	}
	note = strings.TrimSpace(note)
	switch {
	case note == "":
		return Change{}, Faulty(FieldFault{Field: "alarm", Code: "empty"})
	case len([]rune(note)) > MaxNote:
		return Change{}, Faulty(FieldFault{Field: "alarm", Code: "length"})
	}
	c.Alarm = &Alarm{By: by.Staff, Name: by.Name, At: at, Note: note}
	return s.alarmed(by, EventFalseAlarm, *c, at), nil
}

// TrueAlarm takes back that a check is mistaken.
func (s *Submission) TrueAlarm(by Actor, print string, at time.Time) (Change, error) {
	c, err := s.raised(by, print, at)
	if err != nil {
		return Change{}, err
	}
	if c.Alarm == nil {
		return Change{}, ErrTransition
	}
	c.Alarm = nil
	return s.alarmed(by, EventTrueAlarm, *c, at), nil
}

func (s *Submission) raised(by Actor, print string, at time.Time) (*Check, error) {
	if !s.HeldBy(by.Staff, at) || s.Pending != nil {
		return nil, ErrNotClaimed
	}
	s.Checks = slices.Clone(s.Checks)
	for i := range s.Checks {
		if c := &s.Checks[i]; print != "" && c.Print == print && c.Raised() {
			return c, nil
		}
	}
	return nil, ErrNotFound
}

func (s *Submission) alarmed(by Actor, t EventType, c Check, at time.Time) Change {
	s.Claim.LeaseUntil = at.Add(LeaseTerm)
	s.Lane = LaneOf(s.Checks)
	return Change{Events: []Event{s.event(by, t, at).With("check", c.Code).With("target", c.Target.String())}}
}

// Names reports whether a finding in the ledger names the other submission: only then
// may whoever holds s look at that one's papers.
func (s *Submission) Names(other SubmissionID) bool {
	return other != "" && slices.ContainsFunc(s.Checks, func(c Check) bool { return c.Values["twin"] == string(other) })
}
