package verdict

import (
	"context"
	"errors"
	"slices"
	"time"

	"okno/review"
	"okno/review/field"
)

// Case is what the workbench shows. While it is Masked nobody may see more than
// the work data: Fields, Documents, Notes and the rest are empty.
type Case struct {
	ID          review.SubmissionID
	Number      review.CaseNumber
	Track       review.Track
	Citizenship string
	Status      review.Status
	Version     int64
	Language    string
	Lane        review.Lane
	Round       int
	Requests    int
	DueAt       time.Time // zero while the clock does not run
	SubmittedAt time.Time
	Claim       *review.Claim
	Mine        bool // the actor holds the lease
	Masked      bool
	At          time.Time

	Fields    []FieldView
	Documents []DocumentView
	Checks    []review.Check
	Notes     []review.Note
	Asked     []review.Item // what the applicant was asked to correct
	Pending   *review.Decision
	First     *review.Decision // the first verdict, where the actor may see it
	Last      *review.Decision
	Arbiter   bool
	Wrong     int  // targets marked wrong
	HasRead   bool // somebody looked for machine-readable lines
	Sketch    *review.Sketch
	Links     []Link
	Parked    *review.Parking
	Reserved  *review.Reservation
	Appeal    *review.Appeal // against the last decision; without its words while the case is masked

	Options map[Button]Option
}

// FieldView is one answer on the workbench.
type FieldView struct {
	Field review.Field
	Value string
	// Was is the value of the round before; Changed says that they differ.
	Was     string
	Changed bool
	// Compared is what the document says, nil when no document shows the field.
	Compared *field.Comparison
	// Proposes is the reason that fits the difference, empty when there is none.
	Proposes review.ReasonCode
	Mark     *review.Mark
	// Confirmed lists warnings that the applicant answered with "I checked it".
	Confirmed []string
}

// DocumentView is one document on the workbench.
type DocumentView struct {
	review.Document
	Mark *review.Mark
	// Changed says that it was uploaded since the last review; Before is the one
	// that it replaced, if any.
	Changed bool
	Before  *review.Document
}

// Changes counts fields and documents that changed since the round before.
func (c *Case) Changes() (n int) {
	for _, f := range c.Fields {
		if f.Changed {
			n++
		}
	}
	for _, d := range c.Documents {
		if d.Changed {
			n++
		}
	}
	return n
}

// Open returns the case for the workbench and writes down that it was opened.
// Who does not hold the case, and did not decide about it, gets it masked.
func (v *Service) Open(ctx context.Context, actor review.Actor, id review.SubmissionID) (*Case, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	s, err := v.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Status == review.Draft || s.Round == 0 { // nothing was handed in yet
		return nil, review.ErrNotFound
	}
	now := v.Clock.Now()
	c := &Case{
		ID: s.ID, Number: s.Number, Track: s.Track, Citizenship: s.Answers.Value(review.Citizenship), Status: s.Status,
		Version: s.Version, Language: s.Language, Lane: s.Lane, Round: s.Round, Requests: s.Requests,
		SubmittedAt: s.SubmittedAt, Claim: s.Claim, Mine: s.HeldBy(actor.Staff, now), At: now, Arbiter: s.Arbiter,
		Parked: s.Parked, Reserved: s.Reserved,
		Options: v.Options(actor, s, now),
	}
	if !s.RunningSince.IsZero() {
		c.DueAt = s.DueAt
	}
	if !v.sees(actor, s, now) {
		c.Masked = true
		if a := s.Objection(); a != nil {
			c.Appeal = &review.Appeal{Decided: a.Decided, At: a.At, Target: a.Target, Limit: a.Limit, Outcome: a.Outcome, ClosedAt: a.ClosedAt}
		}
		return c, nil
	}
	if err := v.Store.Record(ctx, opened(actor, s, now)); err != nil {
		return nil, err
	}
	return c, v.fill(ctx, actor, s, c)
}

// maySee reports whether the actor may see the papers: as holder of the lease,
// or because of an own decision about them. A case in the line is sealed again
// for everybody.
func maySee(actor review.Actor, s *review.Submission, now time.Time) bool {
	if s.HeldBy(actor.Staff, now) || s.Pending != nil && s.Pending.By == actor.Staff {
		return true
	}
	var d *review.Decision
	switch s.Status {
	case review.SecondReview:
		d = s.First
	case review.CorrectionRequested, review.Approved, review.Rejected:
		d = s.Last
	}
	return d != nil && (d.By == actor.Staff || d.Against == actor.Staff)
}

// sees reports whether the policy and the case let the actor see the papers:
// maySee, or being somebody who may answer the appeal that waits.
func (v *Service) sees(actor review.Actor, s *review.Submission, now time.Time) bool {
	return maySee(actor, s, now) || v.may(actor, review.ActAppeal) && s.MayAnswerAppeal(actor) == nil
}

func opened(actor review.Actor, s *review.Submission, at time.Time) review.Event {
	e := actor.Event(review.EventCaseOpened, at)
	e.Submission, e.Account = s.ID, s.Account
	e.Before, e.After, e.Version, e.Round = s.Status, s.Status, s.Version, s.Round
	return e
}

func (v *Service) fill(ctx context.Context, actor review.Actor, s *review.Submission, c *Case) error {
	round := s.Round - 1
	if s.Objection() != nil { // what came with the appeal is new beside what was refused
		round = s.Round
	}
	before, err := v.Store.Snapshot(ctx, s.ID, round)
	if errors.Is(err, review.ErrNotFound) {
		before, err = review.Snapshot{Answers: s.Answers, Documents: s.Documents}, nil
	}
	if err != nil {
		return err
	}
	contacts, err := v.contacts(ctx, s.Account)
	if err != nil {
		return err
	}
	compared := field.Compare(s, field.DateOf(v.Clock.Now()))
	c.HasRead = HasRead(s)
	for _, f := range review.Fields(s.Track) {
		view := FieldView{Field: f, Value: s.Answers.Value(f), Was: before.Answers.Value(f), Mark: mark(s.MarksFor(actor), review.Target{Field: f}), Confirmed: s.Answers[f].Confirmed}
		if contact, ok := contacts[f]; ok {
			view.Value, view.Was = contact, contact
			view.Changed = s.Round > 1 && asked(s, f)
		}
		if view.Value != view.Was {
			view.Changed = true
		} else {
			view.Was = ""
		}
		if view.Value == "" && !view.Changed && view.Mark == nil {
			continue
		}
		view.Compared, view.Proposes = beside(compared, f)
		c.Fields = append(c.Fields, view)
	}
	for _, slot := range review.Slots(s.Track) {
		d, ok := s.Document(slot)
		if !ok {
			continue
		}
		view := DocumentView{Document: d, Mark: mark(s.MarksFor(actor), review.Target{Slot: slot})}
		if i := slices.IndexFunc(before.Documents, func(b review.Document) bool { return b.Slot == slot }); i < 0 {
			view.Changed = true
		} else if before.Documents[i].ID != d.ID {
			view.Changed, view.Before = true, &before.Documents[i]
		}
		c.Documents = append(c.Documents, view)
	}
	c.Checks = sortedChecks(s.Checks)
	c.Asked, c.Pending, c.Last, c.Wrong = s.Corrections, s.Pending, s.Last, s.Wrong()
	c.Appeal = s.Objection()
	if !s.Blind(actor) {
		c.First = s.First
	}
	if c.Mine {
		c.Sketch = s.Sketch
	}
	if c.Links, err = v.Store.Links(ctx, s.ID); err != nil {
		return err
	}
	c.Notes, err = v.notes(ctx, actor, s)
	return err
}

// notes returns the remarks that the actor may read now.
func (v *Service) notes(ctx context.Context, actor review.Actor, s *review.Submission) (kept []review.Note, err error) {
	all, err := v.Store.Notes(ctx, s.ID)
	blind := s.Blind(actor)
	for _, n := range all {
		if blind && n.By == s.First.By && n.At.Equal(s.First.At) {
			continue // it explains the verdict that must not be seen yet
		}
		kept = append(kept, n)
	}
	return kept, err
}

// Notes returns the remarks on a case that the actor may see.
func (v *Service) Notes(ctx context.Context, actor review.Actor, s *review.Submission) ([]review.Note, error) {
	if !v.sees(actor, s, v.Clock.Now()) {
		return nil, nil
	}
	return v.notes(ctx, actor, s)
}

// contacts returns the account's contacts as answers.
func (v *Service) contacts(ctx context.Context, account review.AccountID) (map[review.Field]string, error) {
	if v.Contacts == nil {
		return nil, nil
	}
	found := map[review.Field]string{}
	for f, channel := range map[review.Field]review.Channel{review.Phone: review.SMS, review.Email: review.Mail} {
		address, _, err := v.Contacts.Contact(ctx, account, channel)
		if err != nil && !errors.Is(err, review.ErrNotFound) {
			return nil, err
		}
		if address != "" {
			found[f] = address
		}
	}
	return found, nil
}

func asked(s *review.Submission, f review.Field) bool {
	return slices.ContainsFunc(s.Corrections, func(i review.Item) bool { return i.Target.Field == f && i.Done })
}

func mark(marks []review.Mark, t review.Target) *review.Mark {
	for _, m := range marks {
		if m.Target == t {
			return &m
		}
	}
	return nil
}

// sortedChecks puts what needs an answer first.
func sortedChecks(checks []review.Check) []review.Check {
	rank := func(c review.Check) int {
		switch {
		case c.Raised() && c.Effect != review.NoteOnly:
			return 0
		case c.Raised():
			return 1
		case c.Verdict == review.Skipped:
			return 3
		default:
			return 2
		}
	}
	sorted := slices.Clone(checks)
	slices.SortStableFunc(sorted, func(a, b review.Check) int { return rank(a) - rank(b) })
	return sorted
}

// Country names a country code in a language; an unknown code comes back as it is.
func Country(language, code string) string {
	if c, ok := field.CountryByCode(code); ok {
		return c.Name(language)
	}
	return code
}

// Lease returns until when the actor holds the case; zero when the actor does
// not. It is for the clock on the page and counts as no activity.
func (v *Service) Lease(ctx context.Context, actor review.Actor, id review.SubmissionID) (time.Time, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return time.Time{}, err
	}
	s, err := v.Store.Submission(ctx, id)
	if err != nil || !s.HeldBy(actor.Staff, v.Clock.Now()) {
		return time.Time{}, err
	}
	return s.Claim.LeaseUntil, nil
}

// Target returns how one field or document of a case in the actor's hands looks
// now, for the answer to a mark. Exactly one of both is set.
func (v *Service) Target(ctx context.Context, actor review.Actor, s *review.Submission, t review.Target) (*FieldView, *DocumentView, error) {
	if !v.sees(actor, s, v.Clock.Now()) {
		return nil, nil, review.ErrNotClaimed
	}
	var c Case
	if err := v.fill(ctx, actor, s, &c); err != nil {
		return nil, nil, err
	}
	for _, f := range c.Fields {
		if t.Field != "" && f.Field == t.Field {
			return &f, nil, nil
		}
	}
	for _, d := range c.Documents {
		if t.Slot != "" && d.Slot == t.Slot {
			return nil, &d, nil
		}
	}
	return nil, nil, review.ErrNotFound
}
