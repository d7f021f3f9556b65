package check

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"okno/review"
)

// Submissions finds what waits for its checks and writes the result.
type Submissions interface {
	// WaitingForCheck lists submissions in the automatic check, oldest first.
	WaitingForCheck(ctx context.Context, limit int) ([]review.SubmissionID, error)
	// Stale lists submissions in the queue that were checked by another set of rules.
	Stale(ctx context.Context, rules string, limit int) ([]review.SubmissionID, error)
	// SentAfter lists submissions that were ever sent, oldest first, after one of them.
	SentAfter(ctx context.Context, after review.SubmissionID, limit int) ([]review.SubmissionID, error)
	// Submission returns a submission with its documents, or review.ErrNotFound.
	Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error)
	// Twins lists, by kind of key, other sent submissions that share a value of the
	// answers or one of those that are known beside them.
	Twins(ctx context.Context, s *review.Submission, known map[string]string) (map[string][]review.SubmissionID, error)
	// Neighbours counts other accounts that sent from the same network within a time
	// before or after s was sent, -1 when the network is not known.
	Neighbours(ctx context.Context, s *review.Submission, within time.Duration) (int, error)
	// Update changes a submission in one transaction; another version than want
	// is review.ErrStale.
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// Record appends events that change no submission.
	Record(ctx context.Context, events ...review.Event) error
}

// Alike is a page of another submission that looks the same.
type Alike struct {
	Submission review.SubmissionID
	Document   review.DocumentID
	Number     int
	Distance   int // differing bits of 256
}

// Scans finds files and pictures that stand in other submissions, too.
type Scans interface {
	SameFile(ctx context.Context, print []byte, except review.SubmissionID) ([]review.SubmissionID, error)
	Alike(ctx context.Context, look []byte, except review.SubmissionID) ([]Alike, error)
}

// Switches remembers which versions of the rules are switched on.
type Switches interface {
	// SwitchedRules returns the versions that differ from those of a new desk, by code.
	SwitchedRules(ctx context.Context) (map[string]string, error)
	// SwitchRule switches a check to a version, or off with an empty one.
	SwitchRule(ctx context.Context, code, version string, e review.Event) error
}

// Reader looks at documents.
type Reader interface {
	// Version names what looks at documents at present.
	Version() string
	// Reread looks again at the documents that something else has looked at, and
	// returns those with what they show now.
	Reread(ctx context.Context, s *review.Submission) ([]review.Document, error)
}

// Contacts are an account's confirmed ways to be reached.
type Contacts struct {
	Phone, Email           string // empty = not confirmed
	PhoneTaken, EmailTaken bool   // confirmed by another account, too
}

// Accounts knows the contacts of an account.
type Accounts interface {
	// ConfirmedContacts returns what is confirmed; a missing account is review.ErrNotFound.
	ConfirmedContacts(ctx context.Context, account review.AccountID) (Contacts, error)
}

// Service runs the checks of what waits for them.
type Service struct {
	Gate        review.Gate
	Submissions Submissions
	Scans       Scans
	Pairs       Pairs
	Switches    Switches
	Reader      Reader // nil: what was read stays as it is
	Accounts    Accounts
	// Missing lists what the intake rules still ask for: one source of truth for
	// completeness.
	Missing func(s *review.Submission) []review.Target
	// Consents lists the purposes that every submission must agree to.
	Consents []string
	Clock    review.Clock
	Zone     *time.Location
	Log      *slog.Logger
}

// batch is how many submissions one tick checks.
const batch = 10

// burst is the time within which submissions from one network are counted.
const burst = 24 * time.Hour

// Tick checks a batch and reports whether more may be waiting. One that cannot
// be checked is logged and left for the next tick; it does not stop the others.
func (sv *Service) Tick(ctx context.Context) (more bool, err error) {
	ids, err := sv.Submissions.WaitingForCheck(ctx, batch)
	if err != nil {
		return false, err
	}
	failed := 0
	for _, id := range ids {
		if err := sv.Check(ctx, id); err != nil {
			if ctx.Err() != nil {
				return false, err
			}
			failed++
			sv.Log.Error("submission not checked", "submission", id, "error", err)
		}
	}
	return len(ids) == batch && failed == 0, nil
}

// Check gathers the facts about one submission, runs the checks and writes the
// result. A submission that changed meanwhile, or was checked by somebody else,
// is left alone.
func (sv *Service) Check(ctx context.Context, id review.SubmissionID) error {
	s, err := sv.Submissions.Submission(ctx, id)
	if err != nil {
		return err
	}
	if s.Status != review.Checking {
		return nil
	}
	set, facts, err := sv.look(ctx, s)
	if err != nil {
		return err
	}
	now := sv.Clock.Now()
	checks := set.Run(s, facts, now)
	_, err = sv.Submissions.Update(ctx, id, s.Version, func(s *review.Submission) (review.Change, error) {
		s.Rules = set.Print()
		c, err := s.Checked(review.System(), checks, now)
		if err == nil && s.Status == review.Queued {
			c.Keys = facts.contacts()
		}
		return c, err
	})
	if errors.Is(err, review.ErrStale) || errors.Is(err, review.ErrTransition) {
		return nil
	}
	return err
}

// contacts are the keys under which confirmed contacts are found later.
func (f Facts) contacts() map[string]string {
	return map[string]string{"phone": f.Phone, "email": f.Email}
}

// Set returns the rules that are switched on.
func (sv *Service) Set(ctx context.Context) (Set, error) {
	set := Current()
	if sv.Reader != nil {
		set.reader = sv.Reader.Version()
	}
	if sv.Switches == nil {
		return set, nil
	}
	switched, err := sv.Switches.SwitchedRules(ctx)
	for code, version := range switched {
		set = set.With(code, version)
	}
	return set, err
}

func (sv *Service) look(ctx context.Context, s *review.Submission) (Set, Facts, error) {
	set, err := sv.Set(ctx)
	if err != nil {
		return set, Facts{}, err
	}
	facts, err := sv.Facts(ctx, s)
	return set, facts, err
}

// Facts gathers what the submission itself does not hold.
func (sv *Service) Facts(ctx context.Context, s *review.Submission) (f Facts, err error) {
	contacts, err := sv.Accounts.ConfirmedContacts(ctx, s.Account)
	if err != nil && !errors.Is(err, review.ErrNotFound) {
		return Facts{}, err
	}
	f = Facts{
		Consents: sv.Consents, Phone: contacts.Phone, Email: contacts.Email,
		PhoneTaken: contacts.PhoneTaken, EmailTaken: contacts.EmailTaken, Zone: sv.Zone,
	}
	if f.Network, err = sv.Submissions.Neighbours(ctx, s, burst); err != nil {
		return Facts{}, err
	}
	if sv.Pairs != nil {
		if f.Judged, err = sv.Pairs.Judged(ctx, s.ID); err != nil {
			return Facts{}, err
		}
	}
	if err := sv.others(ctx, s, &f); err != nil {
		return Facts{}, err
	}
	if sv.Missing != nil {
		f.Missing = sv.Missing(s)
	}
	return f, nil
}

// others gathers the submissions that share something with s: values, files, pictures.
func (sv *Service) others(ctx context.Context, s *review.Submission, f *Facts) error {
	byKind, err := sv.Submissions.Twins(ctx, s, f.contacts())
	if err != nil {
		return err
	}
	loaded := map[review.SubmissionID]*review.Submission{}
	load := func(id review.SubmissionID) (*review.Submission, error) {
		if other, ok := loaded[id]; ok {
			return other, nil
		}
		other, err := sv.Submissions.Submission(ctx, id)
		if errors.Is(err, review.ErrNotFound) {
			other, err = nil, nil
		}
		loaded[id] = other
		return other, err
	}
	if sv.Scans != nil {
		if f.Reused, err = sv.reused(ctx, s, load); err != nil {
			return err
		}
	}
	var ids []review.SubmissionID
	for _, found := range byKind {
		ids = append(ids, found...)
	}
	ids = append(ids, slices.Collect(maps.Keys(f.Judged))...)
	for _, u := range f.Reused {
		ids = append(ids, u.Other)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		other, err := load(id)
		if err != nil {
			return err
		}
		if other == nil {
			continue
		}
		f.Twins = append(f.Twins, Twin{
			ID: other.ID, Number: other.Number, Account: other.Account, Status: other.Status, Answers: other.Answers,
			Phone: slices.Contains(byKind["phone"], id), Email: slices.Contains(byKind["email"], id),
		})
	}
	return nil
}

func (sv *Service) reused(ctx context.Context, s *review.Submission, load func(review.SubmissionID) (*review.Submission, error)) (list []Reuse, err error) {
	add := func(u Reuse) error {
		other, err := load(u.Other)
		if err != nil || other == nil {
			return err
		}
		u.Number, u.Account = other.Number, other.Account
		list = append(list, u)
		return nil
	}
	for _, d := range s.Documents {
		same, err := sv.Scans.SameFile(ctx, d.Print, s.ID)
		if err != nil {
			return nil, err
		}
		for _, id := range same {
			if err := add(Reuse{Slot: d.Slot, Other: id, SameFile: true}); err != nil {
				return nil, err
			}
		}
		seen := map[review.SubmissionID]bool{}
		for _, p := range d.Pages {
			alike, err := sv.Scans.Alike(ctx, p.Report.Look, s.ID)
			if err != nil {
				return nil, err
			}
			for _, a := range alike[:min(len(alike), mostAlike)] {
				if slices.Contains(same, a.Submission) || seen[a.Submission] {
					continue
				}
				other, err := load(a.Submission)
				if err != nil {
					return nil, err
				}
				if other == nil || contradict(p.Report.Reading, linesOf(other, a)) {
					continue
				}
				seen[a.Submission] = true
				if err := add(Reuse{Slot: d.Slot, Other: a.Submission, Distance: a.Distance}); err != nil {
					return nil, err
				}
			}
		}
	}
	return list, nil
}

// mostAlike is how many pages that look alike are considered for one page.
const mostAlike = 20

// linesOf is what the lines of a page that looks alike say.
func linesOf(s *review.Submission, a Alike) *review.Reading {
	for _, d := range s.Documents {
		for _, p := range d.Pages {
			if d.ID == a.Document && p.Number == a.Number {
				return p.Report.Reading
			}
		}
	}
	return nil
}

// contradict reports whether two pages that look alike cannot be one picture: blanks of
// one kind resemble each other, but their lines say different things, or only one of
// them has any.
func contradict(a, b *review.Reading) bool {
	switch {
	case a == nil || b == nil:
		return false
	case a.Verdict == review.LinesRead && b.Verdict == review.LinesRead:
		return !slices.Equal(a.Lines, b.Lines)
	}
	return a.Verdict != b.Verdict && (a.Verdict == review.LinesNone || b.Verdict == review.LinesNone)
}
