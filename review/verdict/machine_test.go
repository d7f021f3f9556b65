package verdict_test

import (
	"context"
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"okno/review"
	"okno/review/queue"
	"okno/review/reviewtest"
	"okno/review/verdict"
)

// machineFlags are how many histories of a case are tried and how long they are
// on average; the same flags on the command line ask for other numbers.
var machineFlags = map[string]string{"rapid.checks": "10000", "rapid.steps": "80"}

func TestMain(m *testing.M) {
	flag.Parse()
	flag.Visit(func(f *flag.Flag) { delete(machineFlags, f.Name) })
	for name, value := range machineFlags {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// shelf holds one submission in memory and keeps the promise of a store: a change
// is made over the version that was asked for, or not at all. The parts of both
// interfaces that the machine does not use are nil.
type shelf struct {
	verdict.Store
	s      *review.Submission
	events []review.Event // of the last change
}

func (h *shelf) Submission(context.Context, review.SubmissionID) (*review.Submission, error) {
	return spare(h.s), nil
}
func (h *shelf) Notes(context.Context, review.SubmissionID) ([]review.Note, error) { return nil, nil }
func (h *shelf) DecidedBy(context.Context, review.StaffID, int) (int, error)       { return 0, nil }

func (h *shelf) Update(_ context.Context, _ review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	if want != 0 && want != h.s.Version {
		return nil, review.ErrStale
	}
	x := spare(h.s)
	c, err := change(x)
	if err != nil {
		return nil, err
	}
	if h.events = c.Events; len(c.Events) > 0 {
		x.Version++
	}
	h.s = x
	return spare(x), nil
}

func (h *shelf) DueForSettling(context.Context, time.Time, int) ([]review.SubmissionID, error) {
	return []review.SubmissionID{h.s.ID}, nil
}

// line is the shelf as the queue sees it.
type line struct {
	queue.Store
	*shelf
}

func (l line) Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	return l.shelf.Update(ctx, id, want, change)
}

func spare(s *review.Submission) *review.Submission {
	x := *s
	x.Claim, x.Pending, x.First, x.Last = twin(s.Claim), twin(s.Pending), twin(s.First), twin(s.Last)
	x.Sketch, x.Reserved, x.Parked, x.Appeal = twin(s.Sketch), twin(s.Reserved), twin(s.Parked), twin(s.Appeal)
	x.Marks, x.Recused, x.Corrections, x.Documents = slices.Clone(s.Marks), slices.Clone(s.Recused), slices.Clone(s.Corrections), slices.Clone(s.Documents)
	return &x
}

func twin[T any](p *T) *T {
	if p == nil {
		return nil
	}
	v := *p
	return &v
}

// everybody may do everything: the machine shows what the rules themselves hold.
type everybody struct{}

func (everybody) Allow(review.Actor, review.Action) error { return nil }

// machine plays the desk around one case and keeps books of its own: who holds
// it, who has given a verdict since it last stood in the line, who may not.
type machine struct {
	shelf   *shelf
	clock   *reviewtest.Clock
	verdict *verdict.Service
	queue   *queue.Service
	people  []review.Actor
	seen    map[review.StaffID]int64

	holder  review.StaffID
	until   time.Time
	eyes    []review.StaffID // verdicts that took effect without ending the review
	away    []review.StaffID
	decided review.StaffID // who made the decision that waits
	strict  bool           // a hold stands over which nobody may approve alone
	ends    map[review.Status]int
}

func newMachine(strict bool) *machine {
	clock := reviewtest.NewClock()
	by := reviewtest.Applicant("account")
	s, _ := review.NewSubmission(by, "case", "2600481275", review.ForeignCitizen, "ru", clock.Now())
	s.Answers, s.Version = reviewtest.Answers(), 1
	s.Documents = []review.Document{{ID: "scan", Slot: review.SlotPassport, Pages: []review.Page{{Number: 1}}}}
	m := &machine{
		shelf: &shelf{s: s}, clock: clock, people: []review.Actor{anna, boris, senior, supervisor}, seen: map[review.StaffID]int64{}, strict: strict, ends: map[review.Status]int{},
	}
	m.verdict = &verdict.Service{Gate: everybody{}, Store: m.shelf, Clock: clock, IDs: review.RandomIDs{}, Hold: holdTime, Oversight: review.Oversight{}}
	m.queue = &queue.Service{Gate: everybody{}, Store: line{shelf: m.shelf}, Clock: clock, IDs: review.RandomIDs{}}
	m.send()
	return m
}

func (m *machine) update(change func(*review.Submission) (review.Change, error)) error {
	_, err := m.shelf.Update(context.Background(), "case", 0, change)
	return err
}

func (m *machine) send() error {
	now := m.clock.Now()
	if err := m.update(func(s *review.Submission) (review.Change, error) {
		return s.Send(reviewtest.Applicant("account"), now)
	}); err != nil {
		return err
	}
	m.eyes = nil
	return m.update(func(s *review.Submission) (review.Change, error) {
		var checks []review.Check
		if m.strict {
			checks = []review.Check{{Code: "duplicate-person", Verdict: review.Fail, Effect: review.Hold, FourEyes: true}}
		}
		return s.Checked(review.System(), checks, now)
	})
}

// held keeps the books of the lease.
func (m *machine) held(by review.StaffID) {
	m.holder, m.until = by, m.clock.Now().Add(review.LeaseTerm)
}

func (m *machine) holds(by review.StaffID) bool {
	return m.holder == by && by != "" && m.clock.Now().Before(m.until)
}

func (m *machine) who(t *rapid.T) review.Actor { return rapid.SampledFrom(m.people).Draw(t, "who") }

// settled checks what a decision that took effect has led to.
func (m *machine) settled(t *rapid.T, before review.Status) {
	s, by := m.shelf.s, m.decided
	m.ends[s.Status]++
	m.decided, m.holder = "", ""
	if before == review.SecondReview && slices.Contains(m.eyes, by) {
		t.Fatalf("%s was both pairs of eyes: %v", by, m.eyes)
	}
	switch s.Status {
	case review.SecondReview:
		m.eyes = append(m.eyes, by)
	case review.Approved, review.Rejected:
		secret := s.Status == review.Rejected && s.Last.Items[0].Reason == "identity-not-confirmed"
		if (m.strict && s.Status == review.Approved || secret) && (len(m.eyes) == 0 || slices.Contains(m.eyes, by)) {
			t.Fatalf("%s by %s alone, after %v", s.Status, by, m.eyes)
		}
	}
}

func (m *machine) decide(t *rapid.T) {
	by, ctx := m.who(t), context.Background()
	d := rapid.SampledFrom([]review.Decision{
		{Outcome: review.Approve, Note: "сверено"}, {Outcome: review.Approve, Note: "сверено"},
		{Outcome: review.RequestCorrection, Items: []review.Item{{Target: passport, Reason: "doc-blurry"}}},
		{Outcome: review.Reject, Note: "не он", Items: []review.Item{{Reason: "identity-not-confirmed"}}},
		{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}},
		{Outcome: review.Escalate, Note: "сомневаюсь"},
	}).Draw(t, "decision")
	version, s := m.seen[by.Staff], m.shelf.s
	now, held := s.Version, m.holds(by.Staff)
	r, err := m.verdict.Decide(ctx, by, "case", version, d)
	if err != nil || r.Repeated {
		return
	}
	switch {
	case version != now:
		t.Fatalf("%s decided version %d of %d", by.Staff, version, now)
	case !held:
		t.Fatalf("%s decided without the lease: %s until %s, now %s", by.Staff, m.holder, m.until, m.clock.Now())
	case s.Status == review.SecondReview && slices.Contains(m.eyes, by.Staff):
		t.Fatalf("%s decides a second time", by.Staff)
	case slices.Contains(m.away, by.Staff):
		t.Fatalf("%s decides in spite of a conflict of interest", by.Staff)
	}
	m.decided = by.Staff
	m.seen[by.Staff] = r.Submission.Version
}

// actions are what can happen to a case, each by anybody at any moment.
func (m *machine) actions() map[string]func(*rapid.T) {
	ctx := context.Background()
	return map[string]func(*rapid.T){
		"": func(t *rapid.T) { // holds after every step
			if c := m.shelf.s.Claim; c != nil && slices.Contains(m.away, c.Staff) {
				t.Fatalf("%s holds a case in spite of a conflict of interest", c.Staff)
			}
		},
		"claim": func(t *rapid.T) {
			by, free := m.who(t), m.holder == "" || !m.clock.Now().Before(m.until)
			s, err := m.queue.Claim(ctx, by, "case")
			if err != nil {
				return
			}
			if !free && m.holder != by.Staff {
				t.Fatalf("%s took the case out of the hands of %s", by.Staff, m.holder)
			}
			m.held(by.Staff)
			m.seen[by.Staff] = s.Version
		},
		"look": func(t *rapid.T) { m.seen[m.who(t).Staff] = m.shelf.s.Version },
		"release": func(t *rapid.T) {
			by := m.who(t)
			if _, err := m.queue.Release(ctx, by, "case", ""); err == nil {
				m.holder = ""
			}
		},
		"renew": func(t *rapid.T) {
			by := m.who(t)
			if _, err := m.queue.Renew(ctx, by, "case"); err == nil {
				if !m.holds(by.Staff) {
					t.Fatalf("%s renewed what is not held", by.Staff)
				}
				m.held(by.Staff)
			}
		},
		"mark": func(t *rapid.T) {
			by := m.who(t)
			if s, err := m.verdict.Mark(ctx, by, "case", passport, "verified"); err == nil {
				if !m.holds(by.Staff) {
					t.Fatalf("%s marked what is not held", by.Staff)
				}
				m.held(by.Staff)
				if rapid.Bool().Draw(t, "the page follows") {
					m.seen[by.Staff] = s.Version
				}
			}
		},
		"sketch": func(t *rapid.T) {
			by := m.who(t)
			if _, err := m.verdict.KeepSketch(ctx, by, "case", review.Sketch{Outcome: review.Approve, Note: "черновик"}); err == nil {
				if !m.holds(by.Staff) {
					t.Fatalf("%s writes into what is not held", by.Staff)
				}
				m.held(by.Staff)
			}
		},
		"wait": func(t *rapid.T) {
			m.clock.Add(rapid.SampledFrom([]time.Duration{time.Second, holdTime, 8 * time.Minute, review.LeaseTerm}).Draw(t, "time"))
		},
		"expire": func(t *rapid.T) {
			now := m.clock.Now()
			if err := m.update(func(s *review.Submission) (review.Change, error) { return s.ExpireLease(review.System(), now) }); err == nil {
				if m.holder != "" && now.Before(m.until) {
					t.Fatalf("the lease of %s ended early", m.holder)
				}
				m.holder = ""
			}
		},
		"park": func(t *rapid.T) {
			by, held := m.who(t), m.holder
			if _, err := m.queue.Park(ctx, by, "case", "жду ответа", m.clock.Now().Add(time.Hour)); err == nil {
				if held != by.Staff {
					t.Fatalf("%s put aside what %s holds", by.Staff, held)
				}
				m.holder = ""
			}
		},
		"recuse": func(t *rapid.T) {
			if len(m.away) == 2 { // somebody has to be left
				return
			}
			by := m.who(t)
			if _, err := m.queue.Recuse(ctx, by, "case"); err == nil {
				m.away, m.holder = append(m.away, by.Staff), ""
			}
		},
		"decide":        m.decide,
		"decide, again": m.decide,
		"undo": func(t *rapid.T) {
			by := m.who(t)
			if _, err := m.verdict.Undo(ctx, by, "case"); err == nil {
				if m.decided != by.Staff {
					t.Fatalf("%s undid the decision of %s", by.Staff, m.decided)
				}
				m.decided = ""
				m.held(by.Staff)
			}
		},
		"settle": func(t *rapid.T) {
			before := m.shelf.s.Status
			n, err := m.verdict.Settle(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if n > 0 {
				m.settled(t, before)
			}
		},
		"correct": func(t *rapid.T) {
			now, by := m.clock.Now(), reviewtest.Applicant("account")
			if err := m.update(func(s *review.Submission) (review.Change, error) {
				return s.PutDocument(by, review.Document{ID: "newer", Slot: review.SlotPassport, Pages: []review.Page{{Number: 1}}}, now)
			}); err != nil {
				return
			}
			if err := m.send(); err != nil {
				t.Fatal(err)
			}
		},
		"withdraw": func(t *rapid.T) {
			if rapid.IntRange(0, 19).Draw(t, "seldom") != 0 {
				return
			}
			now := m.clock.Now()
			if err := m.update(func(s *review.Submission) (review.Change, error) {
				return s.Withdraw(reviewtest.Applicant("account"), now)
			}); err == nil {
				if m.decided != "" {
					t.Fatal("withdrawn under a decision that waits")
				}
				m.holder = ""
			}
		},
	}
}

// TestNoWayAroundTheRules plays ten thousand histories of a case: nobody is both
// pairs of eyes, nobody decides without the lease, nobody decides an old version.
func TestNoWayAroundTheRules(t *testing.T) {
	ends := map[review.Status]int{}
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(rapid.Bool().Draw(t, "strict"))
		m.ends = ends
		t.Repeat(m.actions())
	})
	for _, s := range []review.Status{review.Approved, review.Rejected, review.SecondReview, review.CorrectionRequested} {
		if ends[s] == 0 {
			t.Errorf("no decision led to %s: %v", s, ends)
		}
	}
	t.Logf("decisions led to %v", ends)
}
