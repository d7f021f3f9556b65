package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"okno/cmd/internal/specimen"
	"okno/db/historystore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/check"
	"okno/review/intake"
	"okno/review/scan"
	"okno/review/signin"
)

// filler replays the stories of invented people against the real rules: every
// step goes through the same methods and stores as a page would, only with the
// time of the story. Steps are applied in the order of time, so history and
// audit chain read as if the desk had been running for a month.
type filler struct {
	ctx      context.Context
	d        *desk
	store    *submissionstore.Store // on the clock of the story
	now      time.Time
	staff    map[string]review.Actor // by key of specimen.Colleague
	password string                  // stored form, the same for every invented applicant
	progress func(done, all int)
	// paint draws one paper; specimen.Case.Filing unless a test has no time for it.
	paint func(specimen.Case, specimen.Scan) specimen.Filing
	// inspect looks at a paper as the desk does; nil draws papers without a look at them.
	inspect func(ctx context.Context, name string, body []byte) (scan.Report, error)

	clock   *storyClock
	stories []*story
	tasks   []task
}

// storyClock stands at the moment of the task that is being replayed.
type storyClock struct{ at time.Time }

func (c *storyClock) Now() time.Time { return c.at }

// story is one case being replayed.
type story struct {
	specimen.Case
	submission review.SubmissionID
	actor      review.Actor // the applicant
	number     review.CaseNumber
	papers     []review.Document // in the order of Case.Scans
	sent       int               // how many of them have been sent
	asked      time.Time         // when corrections were last asked for
	mistaken   bool              // its first hold is called a false alarm
	borrowed   *story            // whose stay proof is sent as its own
}

// task is one change at a moment of a story.
type task struct {
	at time.Time
	// alone marks a task that reads what earlier ones have written.
	alone bool
	do    func(tx *sqlite.Tx) error
}

// fill makes the demo desk's five hundred submissions.
func (f *filler) fill(ctx context.Context) error {
	f.clock = &storyClock{at: f.now}
	store := *f.d.submissions
	store.Clock = f.clock
	f.store = &store
	for _, c := range specimen.Desk(demoSeed, f.now) {
		f.stories = append(f.stories, f.open(c))
	}
	f.twist()
	if err := f.keys(ctx); err != nil {
		return err
	}
	if err := f.draw(ctx); err != nil {
		return err
	}
	for _, s := range f.stories {
		f.plan(s)
	}
	slices.SortStableFunc(f.tasks, func(a, b task) int { return a.at.Compare(b.at) })
	if err := f.replay(ctx); err != nil {
		return err
	}
	return f.deliver(ctx)
}

// deliver marks the messages of the stories as sent when they were written.
func (f *filler) deliver(ctx context.Context) error {
	for {
		messages, err := f.d.outbox.Lease(ctx, f.now, 500, time.Minute)
		if err != nil || len(messages) == 0 {
			return err
		}
		for _, m := range messages {
			if err := f.d.outbox.Sent(ctx, m.ID, f.now); err != nil {
				return err
			}
		}
	}
}

func (f *filler) open(c specimen.Case) *story {
	ids := f.d.ids
	account := review.AccountID(ids.NewID())
	return &story{
		Case: c, submission: review.SubmissionID(ids.NewID()), number: ids.NewNumber(),
		actor: review.Actor{Account: account, Roles: []review.Role{review.RoleApplicant}},
	}
}

// keys makes the sealing keys first: papers are sealed before their rows exist.
func (f *filler) keys(ctx context.Context) error {
	return f.d.data.db.Write(ctx, func(tx *sqlite.Tx) error {
		for _, s := range f.stories {
			if _, err := f.d.data.vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: string(s.submission)}, f.now); err != nil {
				return err
			}
		}
		return nil
	})
}

// drawers is how many papers are drawn and stored at the same time: twice the
// cores, since half of the time is spent waiting for the disk.
const drawers = 4

// draw draws, seals and stores every paper.
func (f *filler) draw(ctx context.Context) error {
	all, done := 0, make(chan struct{}, 16)
	for _, s := range f.stories {
		s.papers = make([]review.Document, len(s.Scans))
		all += len(s.Scans)
	}
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		n := 0
		for range done {
			n++
			f.progress(n, all)
		}
	}()
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(drawers)
	for _, s := range f.stories {
		for i, sc := range s.Scans {
			g.Go(func() (err error) {
				s.papers[i], err = f.paper(ctx, s, sc)
				done <- struct{}{}
				return err
			})
		}
	}
	err := g.Wait()
	close(done)
	<-counted
	return err
}

// flawNotes are what the inspection notes about the deliberate defects.
var flawNotes = map[specimen.Flaw][]string{
	specimen.FlawBlurry: {"blur"},
	specimen.FlawFaint:  {"blur"},
	specimen.FlawGlare:  {"glare"},
	specimen.FlawGrey:   {"grayscale"},
	specimen.FlawSmall:  {"resolution"},
}

func (f *filler) paper(ctx context.Context, s *story, sc specimen.Scan) (review.Document, error) {
	file := f.paint(s.Case, sc)
	if s.borrowed != nil && sc.Slot == string(review.SlotStayProof) {
		for _, other := range s.borrowed.Scans {
			if other.Slot == sc.Slot && other.Format == sc.Format {
				file = f.paint(s.borrowed.Case, other)
			}
		}
	}
	doc := review.Document{
		ID: review.DocumentID(f.d.ids.NewID()), Slot: review.Slot(sc.Slot), Name: file.Name, Format: sc.Format,
		Bytes: len(file.Original), Verdict: "accept", Notes: flawNotes[sc.Flaw],
		Print: f.d.scans.Print(sha256.Sum256(file.Original)),
	}
	if len(doc.Notes) > 0 {
		doc.Verdict = "review"
	}
	pages := []scan.Page{{Number: 1, JPEG: file.Page, Thumb: file.Thumb}}
	if f.looked(s, sc) {
		var err error
		var seen []scan.Page
		if doc, seen, err = f.inspected(ctx, doc, file); err != nil {
			return doc, err
		}
		if seen != nil {
			pages = seen
		}
	}
	if doc.Pages == nil {
		doc.Pages = []review.Page{{Number: 1, Width: file.Width, Height: file.Height}}
	}
	put := func(kind string, body []byte, name *string) error {
		*name = f.d.ids.NewID()
		return f.d.bytes.Put(ctx, s.submission, kind, *name, body)
	}
	if err := put("original", file.Original, &doc.Original); err != nil {
		return doc, err
	}
	for i, p := range pages {
		if err := put("page", p.JPEG, &doc.Pages[i].Image); err != nil {
			return doc, err
		}
		if err := put("thumb", p.Thumb, &doc.Pages[i].Thumb); err != nil {
			return doc, err
		}
	}
	return doc, nil
}

func (f *filler) add(at time.Time, do func(tx *sqlite.Tx) error) {
	f.tasks = append(f.tasks, task{at: at.UTC().Truncate(time.Millisecond), do: do})
}

// change adds a task that changes the submission through one of its methods.
func (f *filler) change(s *story, at time.Time, do func(sub *review.Submission, at time.Time) (review.Change, error)) {
	at = at.UTC().Truncate(time.Millisecond)
	f.add(at, func(tx *sqlite.Tx) error {
		var status review.Status
		_, err := f.store.UpdateTx(tx, s.submission, 0, func(sub *review.Submission) (review.Change, error) {
			status = sub.Status
			return do(sub, at)
		})
		if err != nil {
			return fmt.Errorf("case %d, %s, %s: %w", s.Number, at.Format(time.DateTime), status, explain(err))
		}
		return nil
	})
}

// batch bounds how many changes share one transaction.
const batch = 200

// replay applies the tasks in order; those between two lonely ones share
// transactions.
func (f *filler) replay(ctx context.Context) error {
	for from := 0; from < len(f.tasks); {
		to := from + 1
		for !f.tasks[from].alone && to < len(f.tasks) && to-from < batch && !f.tasks[to].alone {
			to++
		}
		f.clock.at = f.tasks[from].at
		if f.tasks[from].alone {
			if err := f.tasks[from].do(nil); err != nil {
				return err
			}
		} else if err := f.d.data.db.Write(ctx, func(tx *sqlite.Tx) error {
			for _, t := range f.tasks[from:to] {
				f.clock.at = t.at
				if err := t.do(tx); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
		from = to
	}
	return nil
}

// account creates the applicant's account with both contacts confirmed.
func (f *filler) account(s *story, at time.Time) {
	f.add(at, func(tx *sqlite.Tx) error {
		if err := f.d.accounts.Create(tx, signin.NewAccount{
			ID: s.actor.Account, Language: spoken(s.Language), Track: review.Track(s.Track), Email: s.Email, Phone: s.Phone,
			Password: f.password, At: at,
		}); err != nil {
			return err
		}
		return historystore.Append(tx,
			s.actor.Event(review.EventContactConfirmed, at).With("contact", "email"),
			s.actor.Event(review.EventContactConfirmed, at).With("contact", "phone"),
			s.actor.Event(review.EventAccountCreated, at))
	})
	f.add(at.Add(time.Second), func(tx *sqlite.Tx) error {
		sub, c := review.NewSubmission(s.actor, s.submission, s.number, review.Track(s.Track), spoken(s.Language), at.Add(time.Second))
		return f.store.CreateTx(tx, sub, c)
	})
}

// spoken is the language of correspondence: the desk writes Russian and English.
func spoken(language string) string {
	if language == "en" {
		return "en"
	}
	return "ru"
}

// save writes the answers, section by section as the forms do.
func (f *filler) save(s *story, at time.Time, answers map[string]string) {
	for i, section := range intake.Sections(review.Track(s.Track)) {
		given := review.Answers{}
		for _, input := range section.Inputs {
			if v := answers[string(input.Field)]; v != "" {
				given[input.Field] = review.Answer{Typed: v, Value: v}
			}
		}
		if len(given) == 0 {
			continue
		}
		f.change(s, at.Add(time.Duration(i)*time.Minute), func(sub *review.Submission, at time.Time) (review.Change, error) {
			return sub.Save(s.actor, section.Code, checked(sub, section, given, at), at)
		})
	}
}

// checked confirms the warnings of a section, as somebody does who has looked
// into the document once more.
func checked(sub *review.Submission, section intake.Section, given review.Answers, at time.Time) review.Answers {
	after := *sub
	after.Answers = sub.Answers.Clone()
	maps.Copy(after.Answers, given)
	for _, fault := range intake.Faults(&after, section, intake.Today(at)) {
		if a, ok := given[review.Field(fault.Field)]; ok && fault.Warning {
			a.Confirmed = append(a.Confirmed, fault.Code)
			given[review.Field(fault.Field)] = a
		}
	}
	return given
}

// papersUntil sends the next papers of the story.
func (f *filler) papersUntil(s *story, at time.Time, scans []specimen.Scan) {
	for i := range scans {
		doc := s.papers[s.sent]
		s.sent++
		f.change(s, at.Add(time.Duration(i)*5*time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
			return sub.PutDocument(s.actor, doc, at)
		})
	}
}

func (f *filler) consent(s *story, at time.Time) {
	f.change(s, at, func(sub *review.Submission, at time.Time) (review.Change, error) {
		return sub.Consented(s.actor, f.d.intake.Given(spoken(s.Language), []string{"processing", "documents"}, at), at)
	})
}

// check runs the automatic checks as they would have run at that moment.
func (f *filler) check(ctx context.Context, s *story, at time.Time) {
	at = at.UTC().Truncate(time.Millisecond)
	f.tasks = append(f.tasks, task{at: at, alone: true, do: func(*sqlite.Tx) error {
		sub, err := f.store.Submission(ctx, s.submission)
		if err != nil {
			return err
		}
		facts, err := f.d.checks.Facts(ctx, sub)
		if err != nil {
			return err
		}
		facts.Missing = missing(sub, at)
		checks := check.Run(sub, facts, at)
		if review.Blocked(checks) && sub.Round == 1 {
			return fmt.Errorf("case %d is blocked by its checks: %v", s.Number, raised(checks))
		}
		set, err := f.d.checks.Set(ctx)
		if err != nil {
			return err
		}
		_, err = f.store.Update(ctx, s.submission, 0, func(sub *review.Submission) (review.Change, error) {
			sub.Rules = set.Print()
			return sub.Checked(review.System(), checks, at)
		})
		return err
	}})
}

// raised lists what stopped a case, for the message of a failed filling.
func raised(checks []review.Check) (codes []string) {
	for _, c := range checks {
		if c.Raised() && c.Effect == review.Block {
			codes = append(codes, c.Code+" "+c.Reason+" "+c.Target.String())
		}
	}
	return codes
}
