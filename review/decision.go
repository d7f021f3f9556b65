package review

import (
	"slices"
	"strings"
	"time"
)

// Target is what an item, a mark or a check is about: one field, one document
// slot, or (zero) the whole submission.
type Target struct {
	Field Field `json:"field,omitempty"`
	Slot  Slot  `json:"slot,omitempty"`
}

// String returns field:<code>, doc:<slot> or case.
func (t Target) String() string {
	switch {
	case t.Field != "":
		return "field:" + string(t.Field)
	case t.Slot != "":
		return "doc:" + string(t.Slot)
	default:
		return "case"
	}
}

// ParseTarget is the inverse of Target.String.
func ParseTarget(s string) (Target, bool) {
	kind, code, _ := strings.Cut(s, ":")
	switch {
	case s == "case":
		return Target{}, true
	case kind == "field" && code != "":
		return Target{Field: Field(code)}, true
	case kind == "doc" && code != "":
		return Target{Slot: Slot(code)}, true
	}
	return Target{}, false
}

// companions are fields that only make sense together: opening one opens all.
var companions = [][]Field{
	{Surname, SurnameAbsent}, {GivenName, GivenNameAbsent},
	{DocumentNumber, DocumentType}, {DocumentExpiryDate, DocumentNoExpiry},
}

// Covers reports whether t opens x: the same target, or a field that only makes
// sense together with it.
func (t Target) Covers(x Target) bool {
	if t == x {
		return t != Target{}
	}
	if t.Field == "" || x.Field == "" {
		return false
	}
	return slices.ContainsFunc(companions, func(c []Field) bool {
		return slices.Contains(c, t.Field) && slices.Contains(c, x.Field)
	})
}

// Item is one thing that the applicant is told: a reason on a target.
type Item struct {
	Target  Target     `json:"target"`
	Reason  ReasonCode `json:"reason"`
	Details string     `json:"details,omitempty"` // the reviewer's words, where the reason's text asks for them
	Box     Box        `json:"box,omitzero"`      // the place on a page that the reviewer means, if one was drawn
	Done    bool       `json:"done,omitempty"`    // answered by the applicant
}

// Outcome is how a reviewer decides.
type Outcome string

// The outcomes of a review.
const (
	Approve           Outcome = "approve"
	RequestCorrection Outcome = "request-correction"
	Reject            Outcome = "reject"
	Escalate          Outcome = "escalate"
)

// Decision is a reviewer's verdict. It takes effect at EffectiveAt and is
// immutable from then on.
type Decision struct {
	Outcome     Outcome   `json:"outcome"`
	Items       []Item    `json:"items,omitempty"`
	Note        string    `json:"note,omitempty"` // internal
	By          StaffID   `json:"by"`
	Name        string    `json:"name"`
	Role        Role      `json:"role"`
	At          time.Time `json:"at"`
	EffectiveAt time.Time `json:"effectiveAt"`
	With        []StaffID `json:"with,omitempty"`    // earlier pairs of eyes on the same review
	Against     StaffID   `json:"against,omitempty"` // second reviewer who disagreed, on a first decision before an arbiter
	Watch       Watch     `json:"watch,omitzero"`
	Grounds     []Ground  `json:"grounds,omitempty"` // why a second person looks, on a first decision
	// Spent is the time from the claim to the decision, Book the version of the
	// reason book and Rule that of the automatic checks that the reviewer saw.
	Spent     time.Duration `json:"spent,omitempty"`
	Book      int           `json:"book,omitempty"`
	Rule      string        `json:"rule,omitempty"`
	Session   string        `json:"session,omitempty"`
	RequestID string        `json:"requestId,omitempty"`
}

// Reasons lists the reason codes of the items.
func (d *Decision) Reasons() (codes []ReasonCode) {
	for _, i := range d.Items {
		if !slices.Contains(codes, i.Reason) {
			codes = append(codes, i.Reason)
		}
	}
	return codes
}

// ErrRoundsUsedUp says that corrections were asked for three times: what is
// still wrong goes to a supervisor by escalation.
var ErrRoundsUsedUp = &Error{Kind: Conflict, Code: "rounds-used-up"}

// MaxItems bounds a correction request: more is a new application, not a correction.
const MaxItems = 5

// Decide records the actor's decision. It takes effect after hold (zero: at
// once, by Settle in the same transaction). The actor must hold the claim.
func (s *Submission) Decide(by Actor, d Decision, hold time.Duration, at time.Time) (Change, error) {
	if s.Pending != nil {
		return Change{}, ErrDecisionPending
	}
	if s.Status != InReview && s.Status != SecondReview {
		return Change{}, ErrTransition
	}
	if !s.HeldBy(by.Staff, at) {
		return Change{}, ErrNotClaimed
	}
	if s.Status == SecondReview {
		if err := s.SecondPair(by); err != nil {
			return Change{}, err
		}
	}
	d.Note = strings.TrimSpace(d.Note)
	if err := s.checkDecision(by, &d); err != nil {
		return Change{}, err
	}
	d.Against, d.Grounds = "", nil
	d.Spent, d.Book, d.Rule = at.Sub(s.Claim.Since), Reasons().Version, s.rule()
	d.By, d.Name, d.Role, d.At, d.EffectiveAt = by.Staff, by.Name, by.FirstRole(), at, at.Add(hold)
	d.Session, d.RequestID = by.Session, by.RequestID
	s.Pending, s.Sketch = &d, nil
	s.ChangedAt = at
	s.Claim.LeaseUntil = later(s.Claim.LeaseUntil, d.EffectiveAt)
	e := s.event(by, EventDecisionMade, at).With("outcome", string(d.Outcome))
	e.Reasons = d.Reasons()
	return Change{Events: []Event{e}}, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// checkDecision applies the rules of domain 4.3 and 4.4 to a decision.
func (s *Submission) checkDecision(by Actor, d *Decision) error {
	fault := func(field, code string) error { return Faulty(FieldFault{Field: field, Code: code}) }
	if len([]rune(d.Note)) > MaxNote {
		return fault("note", "length")
	}
	switch d.Outcome {
	case Approve:
		if len(d.Items) > 0 {
			return fault("reasons", "not-for-approval")
		}
		if len(s.Holds()) > 0 && d.Note == "" {
			return fault("note", "holds-need-note")
		}
		if s.Wrong() > 0 && d.Note == "" {
			return fault("note", "marks-need-note")
		}
	case RequestCorrection:
		if s.Requests >= MaxRounds && !s.partlyUpheld() {
			return ErrRoundsUsedUp
		}
		if len(d.Items) == 0 {
			return fault("reasons", "empty")
		}
		if len(d.Items) > MaxItems {
			return fault("reasons", "too-many")
		}
	case Reject:
		if s.Status == InReview && s.Requests >= MaxRounds && !by.Has(RoleSupervisor) {
			return ErrRoundsUsedUp
		}
		if len(d.Items) == 0 {
			return fault("reasons", "empty")
		}
	case Escalate:
		if d.Note == "" {
			return fault("note", "empty")
		}
		if len(d.Items) > 0 || s.Status == SecondReview {
			return ErrTransition
		}
	default:
		return fault("outcome", "unknown")
	}
	items := make([]Item, 0, len(d.Items))
	for _, i := range d.Items {
		i.Done = false
		if slices.ContainsFunc(items, func(x Item) bool { return x.Target == i.Target && x.Reason == i.Reason }) {
			return fault("reasons", "twice")
		}
		if err := s.checkItem(d, &i); err != nil {
			return err
		}
		items = append(items, i)
	}
	if d.Items = items; len(items) == 0 {
		d.Items = nil
	}
	return nil
}

// MaxNote and MaxDetails bound, in characters, what a reviewer writes.
const (
	MaxNote    = 2000
	MaxDetails = 300
)

// MaxMentions bounds the colleagues named in one remark.
const MaxMentions = 10

// rule is the version of the automatic checks behind the present ledger.
func (s *Submission) rule() string {
	if len(s.Checks) == 0 {
		return ""
	}
	return s.Checks[0].Rule
}

// Wrong counts the targets that are marked wrong. In a blind second review the
// marks of the first reviewer do not count.
func (s *Submission) Wrong() (n int) {
	for _, m := range s.MarksFor(Actor{}) {
		if !m.Verified {
			n++
		}
	}
	return n
}

// checkItem checks one item and brings its details into the normal form.
func (s *Submission) checkItem(d *Decision, i *Item) error {
	fault := func(code string) error {
		return Faulty(FieldFault{Field: "reason." + i.Target.String() + "." + string(i.Reason), Code: code})
	}
	r, ok := Reasons().Reason(i.Reason)
	if !ok || !r.On(s.Track) {
		return fault("unknown")
	}
	if d.Outcome == RequestCorrection {
		if !r.Corrects() {
			return fault("not-correctable")
		}
	} else if !r.Rejects() && !(s.Requests >= MaxRounds && r.Corrects()) {
		return fault("not-final")
	}
	if !slices.Contains(r.TargetsFor(d.Outcome, s.Track), i.Target) {
		return fault("target")
	}
	if r.NoteRequired && d.Note == "" {
		return Faulty(FieldFault{Field: "note", Code: "reason-needs-note"})
	}
	if !s.shows(i.Box) {
		return fault("box")
	}
	details, code := s.Asks(r).Normal(i.Details)
	if code != "" {
		return fault(code)
	}
	i.Details = details
	return nil
}

// Undo takes back the actor's own decision before it takes effect; the actor
// holds the claim again.
func (s *Submission) Undo(by Actor, at time.Time) (Change, error) {
	if s.Pending == nil {
		return Change{}, ErrUndoTooLate
	}
	if s.Pending.By != by.Staff || s.Claim == nil {
		return Change{}, ErrForbidden
	}
	if !at.Before(s.Pending.EffectiveAt) {
		return Change{}, ErrUndoTooLate
	}
	outcome := s.Pending.Outcome
	s.Sketch = &Sketch{Outcome: outcome, Items: s.Pending.Items, Note: s.Pending.Note, By: by.Staff, Name: by.Name, At: at}
	s.Pending = nil
	s.Claim.LeaseUntil = at.Add(LeaseTerm)
	s.ChangedAt = at
	return Change{Events: []Event{s.event(by, EventDecisionUndone, at).With("outcome", string(outcome))}}, nil
}

// Settle lets the pending decision take effect once its hold is over.
func (s *Submission) Settle(at time.Time) (Change, error) {
	d := s.Pending
	if d == nil || at.Before(d.EffectiveAt) {
		return Change{}, ErrTransition
	}
	by := Actor{Staff: d.By, Name: d.Name, Roles: []Role{d.Role}, Session: d.Session, RequestID: d.RequestID}
	s.Pending, s.Claim = nil, nil
	switch {
	case s.Status == InReview && s.NeedsSecond(d):
		return s.toSecond(by, d, at)
	case s.Status == SecondReview && !s.Arbiter && s.First != nil && s.First.Outcome != Escalate && s.First.Outcome != d.Outcome:
		s.Arbiter = true
		s.First.Against = d.By
		s.ChangedAt = at
		e := s.event(by, EventDisagreement, at).With("first", string(s.First.Outcome)).With("second", string(d.Outcome))
		e.Reasons = d.Reasons()
		return Change{Events: []Event{e}}, nil
	}
	return s.effect(by, d, at)
}

func (s *Submission) toSecond(by Actor, d *Decision, at time.Time) (Change, error) {
	t, grounds := EventSecondReview, s.Grounds(d) // before the move: they are about the first review
	if d.Outcome == Escalate {
		t = EventEscalated
	}
	e, err := s.move(by, SecondReview, t, at)
	if err != nil {
		return Change{}, err
	}
	s.First = d
	d.Grounds = grounds
	s.Arbiter = s.Requests >= MaxRounds // rounds are used up: a supervisor decides
	e.Reasons = d.Reasons()
	for _, g := range grounds {
		e = e.With("ground."+string(g), "yes")
	}
	return Change{Events: []Event{e.With("outcome", string(d.Outcome))}}, nil
}

func (s *Submission) effect(by Actor, d *Decision, at time.Time) (Change, error) {
	var c Change
	var err error
	var e Event
	switch d.Outcome {
	case Approve:
		if e, err = s.move(by, Approved, EventApproved, at); err != nil {
			return Change{}, err
		}
		c.Activate = true
		activated := s.event(by, EventAccountActivated, at)
		c.Events = append(c.Events, activated)
		c.Notices = append(c.Notices, s.notice(NoticeApproved, Mail), s.notice(NoticeApproved, SMS))
		s.close(at)
	case Reject:
		if e, err = s.move(by, Rejected, EventRejected, at); err != nil {
			return Change{}, err
		}
		n := s.notice(NoticeRejected, Mail)
		n.Items = slices.Clone(d.Items)
		s.tell(&n, d.Outcome, at)
		c.Notices = append(c.Notices, n)
		s.close(at)
	case RequestCorrection:
		if e, err = s.move(by, CorrectionRequested, EventCorrectionRequested, at); err != nil {
			return Change{}, err
		}
		s.Corrections = slices.Clone(d.Items)
		s.askedAt(at)
		s.Requests++
		s.stopClock(at)
		n := s.notice(NoticeCorrection, Mail)
		n.Items = slices.Clone(d.Items)
		s.tell(&n, d.Outcome, at)
		c.Notices = append(c.Notices, n, s.notice(NoticeCorrection, SMS))
	}
	if s.First != nil {
		d.With = append(d.With, s.First.Deciders()...)
	}
	s.Last, s.First, s.Arbiter = d, nil, false
	s.Last.EffectiveAt = at
	e.Reasons = d.Reasons()
	c.Events = append([]Event{e.With("outcome", string(d.Outcome))}, c.Events...)
	return c, nil
}

// MarkTarget records the claimant's verdict on one field or document.
func (s *Submission) MarkTarget(by Actor, t Target, verified bool, at time.Time) (Change, error) {
	if !s.HeldBy(by.Staff, at) || s.Pending != nil {
		return Change{}, ErrNotClaimed
	}
	if !s.markable(t) {
		return Change{}, Faulty(FieldFault{Field: "target", Code: "unknown"})
	}
	s.Marks = slices.DeleteFunc(s.Marks, func(m Mark) bool { return m.Target == t })
	s.Marks = append(s.Marks, Mark{Target: t, Verified: verified, By: by.Staff, At: at, Round: s.Round})
	s.Claim.LeaseUntil = at.Add(LeaseTerm)
	verdict := "verified"
	if !verified {
		verdict = "wrong"
	}
	return Change{Events: []Event{s.event(by, EventMarked, at).With("target", t.String()).With("verdict", verdict)}}, nil
}

// markable reports whether the submission has such a field or slot.
func (s *Submission) markable(t Target) bool {
	if t.Field != "" {
		return t.Slot == "" && slices.Contains(Fields(s.Track), t.Field)
	}
	return slices.Contains(Slots(s.Track), t.Slot)
}

// Unmark takes the verdict off one field or document again.
func (s *Submission) Unmark(by Actor, t Target, at time.Time) (Change, error) {
	if !s.HeldBy(by.Staff, at) || s.Pending != nil {
		return Change{}, ErrNotClaimed
	}
	if !s.markable(t) {
		return Change{}, Faulty(FieldFault{Field: "target", Code: "unknown"})
	}
	s.Marks = slices.DeleteFunc(s.Marks, func(m Mark) bool { return m.Target == t })
	s.Claim.LeaseUntil = at.Add(LeaseTerm)
	return Change{Events: []Event{s.event(by, EventMarked, at).With("target", t.String()).With("verdict", "open")}}, nil
}

// AddNote adds an internal remark; the mentioned colleagues are told of it.
func (s *Submission) AddNote(by Actor, id, text string, at time.Time, mentions ...StaffID) (Change, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Change{}, Faulty(FieldFault{Field: "note", Code: "empty"})
	}
	if len([]rune(text)) > MaxNote {
		return Change{}, Faulty(FieldFault{Field: "note", Code: "length"})
	}
	if len(mentions) > MaxMentions {
		return Change{}, Faulty(FieldFault{Field: "mention", Code: "too-many"})
	}
	n := Note{ID: id, By: by.Staff, Name: by.Name, At: at, Text: text}
	e := s.event(by, EventNoted, at).With("note", id)
	for _, m := range mentions {
		if m != "" && m != by.Staff && !slices.Contains(n.Mentions, m) {
			n.Mentions = append(n.Mentions, m)
			e = e.With("mention."+string(m), "yes")
		}
	}
	return Change{Events: []Event{e}, Notes: []Note{n}}, nil
}
