package review

import (
	"maps"
	"slices"
	"time"
)

// ServiceBudget is the desk time a submission should take, ServiceFloor what is
// at least left after a resubmission, ServiceWarning the used time at which the
// team is warned (domain rules of the review clock).
const (
	ServiceBudget  = 120 * time.Minute
	ServiceFloor   = 30 * time.Minute
	ServiceWarning = 90 * time.Minute
)

// MaxRounds is how often corrections may be requested before a supervisor decides.
const MaxRounds = 3

// CorrectionTerm is how long the applicant has to send corrections.
const CorrectionTerm = 7 * 24 * time.Hour

// DraftTerm is how long an untouched draft is kept.
const DraftTerm = 30 * 24 * time.Hour

// AppealTerm is how long after a rejection an appeal may be made.
const AppealTerm = 30 * 24 * time.Hour

// Submission is one request for a standard account. It is changed only through
// its methods, inside a store's update, and saved with Version + 1.
type Submission struct {
	ID       SubmissionID
	Number   CaseNumber
	Account  AccountID
	Track    Track
	Status   Status
	Version  int64
	Language string // of correspondence

	CreatedAt   time.Time
	ChangedAt   time.Time
	SubmittedAt time.Time // first sending; zero for a draft
	ClosedAt    time.Time // when the last decision took effect, or withdrawn, expired

	Answers   Answers
	Consents  []Consent
	Documents []Document // current document of each slot
	Round     int        // how often it was sent

	Lane   Lane
	Checks []Check
	Rules  string // which versions of the checks ran last

	// DueAt is when the service budget ends while the clock runs. Remaining
	// holds the rest while it is paused. Used adds up desk time of closed
	// stretches; RunningSince starts the open one.
	DueAt        time.Time
	Remaining    time.Duration
	Used         time.Duration
	RunningSince time.Time

	Claim     *Claim
	Pending   *Decision // made, not yet in effect
	First     *Decision // first verdict, while a second reviewer looks
	Arbiter   bool      // reviewers disagreed or rounds are used up: a supervisor decides
	Last      *Decision // last decision that took effect
	ClaimedAt time.Time // first claim of this round

	Corrections   []Item // what was asked for in the last correction request
	CorrectionDue time.Time
	Extended      bool      // the deadline was moved once
	Reminded      int       // reminders of these corrections so far
	RemindAt      time.Time // when the next one is due; zero for none
	Requests      int       // correction requests so far
	Marks         []Mark

	Appeal *Appeal // the latest, open or answered

	Sketch   *Sketch      // a verdict that is not made yet, kept with the claim
	Reserved *Reservation // first refusal after corrections
	Parked   *Parking     // put aside until a date
	Recused  []StaffID    // who may not judge the case
	Lapsed   StaffID      // whose lease ran out, until somebody takes the case
}

// Change is what a method of [Submission] asks the store to write in the same
// transaction as the submission itself.
type Change struct {
	Events   []Event
	Notices  []Notice
	Added    []Document
	Reread   []Document // current ones whose pages say something else now
	Retired  []DocumentID
	Notes    []Note
	Ledger   []Check           // a run of the checks, to be kept
	Keys     map[string]string // values under which the submission is found from now on, by kind
	SentFrom Network           // the submission was sent from there just now
	Activate bool              // raise the account to active and standard
}

// Then returns both changes as one, in this order.
func (c Change) Then(d Change) Change {
	c.Events = append(slices.Clone(c.Events), d.Events...)
	c.Notices = append(slices.Clone(c.Notices), d.Notices...)
	c.Added = append(slices.Clone(c.Added), d.Added...)
	c.Reread = append(slices.Clone(c.Reread), d.Reread...)
	c.Retired = append(slices.Clone(c.Retired), d.Retired...)
	c.Notes = append(slices.Clone(c.Notes), d.Notes...)
	c.Ledger = append(slices.Clone(c.Ledger), d.Ledger...)
	if len(d.Keys) > 0 {
		c.Keys = maps.Clone(c.Keys)
		if c.Keys == nil {
			c.Keys = map[string]string{}
		}
		maps.Copy(c.Keys, d.Keys)
	}
	if d.SentFrom != "" {
		c.SentFrom = d.SentFrom
	}
	c.Activate = c.Activate || d.Activate
	return c
}

// Note is an internal remark; applicants never see it.
type Note struct {
	ID   string
	By   StaffID
	Name string
	At   time.Time
	Text string
	// Mentions are colleagues who are told of the remark.
	Mentions []StaffID
}

// Mark is a reviewer's verdict on one field or document. It is carried over to
// the next round unless the target changed.
type Mark struct {
	Target   Target
	Verified bool // false: wrong, a reason was given
	By       StaffID
	At       time.Time
	Round    int
}

// NewSubmission starts a draft for an account.
func NewSubmission(by Actor, id SubmissionID, number CaseNumber, track Track, language string, at time.Time) (*Submission, Change) {
	s := &Submission{
		ID: id, Number: number, Account: by.Account, Track: track, Status: Draft, Language: language,
		CreatedAt: at, ChangedAt: at, Answers: Answers{},
	}
	if track == FromAbroad {
		s.Answers[Citizenship] = Answer{Typed: "RUS", Value: "RUS"}
		s.Answers[DocumentType] = Answer{Typed: "rf-passport", Value: "rf-passport"}
	}
	s.Answers[AccountType] = Answer{Typed: "standard", Value: "standard"}
	return s, Change{Events: []Event{s.event(by, EventDraftStarted, at)}}
}

// event starts an event about s. Status after the change is read from s, so
// call it after the mutation; transitions go through move.
func (s *Submission) event(by Actor, t EventType, at time.Time) Event {
	e := by.Event(t, at)
	e.Submission, e.Account = s.ID, s.Account
	e.Before, e.After = s.Status, s.Status
	e.Version, e.Round = s.Version+1, s.Round
	return e
}

// move steps to the next status and returns its event, or ErrTransition.
func (s *Submission) move(by Actor, next Status, t EventType, at time.Time) (Event, error) {
	if !s.Status.MayBecome(next) {
		return Event{}, ErrTransition
	}
	before := s.Status
	s.Status = next
	s.ChangedAt = at
	e := s.event(by, t, at)
	e.Before = before
	return e, nil
}

// openFor reports whether the actor is the applicant and may change the target now.
func (s *Submission) openFor(by Actor, t Target) error {
	if by.Account == "" || by.Account != s.Account {
		return ErrNotFound
	}
	if !s.Open(t) {
		return ErrTransition
	}
	return nil
}

// Open reports whether the applicant may change the target in the present status.
func (s *Submission) Open(t Target) bool {
	switch s.Status {
	case Draft:
		return true
	case Rejected: // newer papers may go with an appeal
		return t.Slot != "" && s.Appeal.Open()
	case CorrectionRequested:
		return slices.ContainsFunc(s.Corrections, func(i Item) bool { return i.Target.Covers(t) })
	default:
		return false
	}
}

// unmark forgets the reviewer's verdict on what has changed since.
func (s *Submission) unmark(t Target) {
	s.Marks = slices.DeleteFunc(s.Marks, func(m Mark) bool { return m.Target == t || m.Target.Covers(t) })
}

func (s *Submission) done(t Target) {
	for i := range s.Corrections {
		if s.Corrections[i].Target.Covers(t) {
			s.Corrections[i].Done = true
		}
	}
}

// Save stores answers, normalised by the intake rules. In corrections only
// marked fields are open; any other field is refused as a whole.
func (s *Submission) Save(by Actor, section string, answers Answers, at time.Time) (Change, error) {
	for f := range answers {
		if err := s.openFor(by, Target{Field: f}); err != nil {
			return Change{}, err
		}
	}
	if err := s.ownEditable(by); err != nil {
		return Change{}, err
	}
	if s.Answers == nil {
		s.Answers = Answers{}
	}
	for f, a := range answers {
		if s.Answers.Value(f) != a.Value {
			s.unmark(Target{Field: f})
		}
		if a.Typed == "" && a.Value == "" {
			delete(s.Answers, f)
		} else {
			s.Answers[f] = a
		}
		s.done(Target{Field: f})
	}
	s.ChangedAt = at
	return Change{Events: []Event{s.event(by, EventSectionSaved, at).With("section", section)}}, nil
}

// ContactChanged marks correction items about a contact as done after the
// account's contact was changed and confirmed.
func (s *Submission) ContactChanged(by Actor, f Field, at time.Time) (Change, error) {
	if err := s.openFor(by, Target{Field: f}); err != nil {
		return Change{}, err
	}
	s.done(Target{Field: f})
	s.unmark(Target{Field: f})
	s.ChangedAt = at
	return Change{Events: []Event{s.event(by, EventContactChanged, at).With("contact", string(f))}}, nil
}

// Consented records the consents given in one form.
func (s *Submission) Consented(by Actor, given []Consent, at time.Time) (Change, error) {
	if err := s.ownEditable(by); err != nil {
		return Change{}, err
	}
	if s.Status != Draft {
		return Change{}, ErrTransition
	}
	s.Consents = given
	s.ChangedAt = at
	var c Change
	for _, g := range given {
		c.Events = append(c.Events, s.event(by, EventConsentGiven, at).With("purpose", g.Purpose).With("version", g.Version).With("hash", g.Hash))
	}
	return c, nil
}

func (s *Submission) ownEditable(by Actor) error {
	if by.Account == "" || by.Account != s.Account {
		return ErrNotFound
	}
	if !s.Status.Editable() {
		return ErrTransition
	}
	return nil
}

// Send hands a complete draft, or answered corrections, to the desk. The intake
// rules have checked completeness before.
func (s *Submission) Send(by Actor, at time.Time) (Change, error) {
	if err := s.ownEditable(by); err != nil {
		return Change{}, err
	}
	t := EventSubmitted
	if s.Status == CorrectionRequested {
		if s.OpenItems() > 0 {
			return Change{}, &Error{Kind: Invalid, Code: "corrections-open"}
		}
		t = EventResubmitted
		s.DueAt = at.Add(max(s.Remaining, ServiceFloor))
	} else {
		s.DueAt = at.Add(ServiceBudget)
		s.SubmittedAt = at
	}
	s.Round++
	e, err := s.move(by, Checking, t, at)
	if err != nil {
		return Change{}, err
	}
	s.RunningSince, s.Remaining = at, 0
	s.ClaimedAt = time.Time{}
	s.answered()
	c := Change{Events: []Event{e}, SentFrom: by.Network}
	if t == EventSubmitted {
		c.Notices = append(c.Notices, s.notice(NoticeSubmitted, Mail))
	}
	return c, nil
}

// OpenItems counts correction items that are not answered yet.
func (s *Submission) OpenItems() (n int) {
	for _, i := range s.Corrections {
		if !i.Done {
			n++
		}
	}
	return n
}

// Withdraw closes the submission at the applicant's wish.
func (s *Submission) Withdraw(by Actor, at time.Time) (Change, error) {
	if by.Account == "" || by.Account != s.Account {
		return Change{}, ErrNotFound
	}
	if s.Pending != nil { // a decision is about to take effect; it stands
		return Change{}, ErrDecisionPending
	}
	e, err := s.move(by, Withdrawn, EventWithdrawn, at)
	if err != nil {
		return Change{}, err
	}
	s.close(at)
	return Change{Events: []Event{e}, Notices: []Notice{s.notice(NoticeWithdrawn, Mail)}}, nil
}

// Expire closes a draft that was left, or corrections that never came.
func (s *Submission) Expire(by Actor, at time.Time) (Change, error) {
	if s.Status == Draft && at.Before(s.ChangedAt.Add(DraftTerm)) ||
		s.Status == CorrectionRequested && !at.After(s.CorrectionDue) {
		return Change{}, ErrTransition
	}
	e, err := s.move(by, Expired, EventExpired, at)
	if err != nil {
		return Change{}, err
	}
	s.close(at)
	return Change{Events: []Event{e}, Notices: []Notice{s.notice(NoticeExpired, Mail)}}, nil
}

func (s *Submission) close(at time.Time) {
	s.stopClock(at)
	s.Claim, s.Pending = nil, nil
	s.Sketch, s.Reserved, s.Parked, s.Lapsed = nil, nil, nil, ""
	s.ClosedAt = at
	s.answered()
}

func (s *Submission) stopClock(at time.Time) {
	if s.RunningSince.IsZero() {
		return
	}
	s.Used += at.Sub(s.RunningSince)
	s.Remaining = s.DueAt.Sub(at)
	s.RunningSince = time.Time{}
}

// DeskTime is the desk time used so far.
func (s *Submission) DeskTime(at time.Time) time.Duration {
	if s.RunningSince.IsZero() {
		return s.Used
	}
	return s.Used + at.Sub(s.RunningSince)
}

func (s *Submission) notice(k NoticeKind, ch Channel) Notice {
	return Notice{Kind: k, Channel: ch, Account: s.Account, Submission: s.ID, Language: s.Language,
		Params: map[string]string{"number": s.Number.String()}}
}
