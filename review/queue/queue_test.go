package queue_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/db/desktest"
	"okno/rbac"
	"okno/review"
	"okno/review/queue"
	"okno/review/reviewtest"
)

type desk struct {
	*desktest.Desk
	queue *queue.Service
}

func open(t testing.TB) *desk {
	t.Helper()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	d := desktest.Open(t)
	return &desk{Desk: d, queue: &queue.Service{Gate: gate, Store: d.Store, Clock: d.Clock, IDs: d.IDs}}
}

func person(i int) review.Actor {
	names := "абвгдежзиклмнопр"
	return review.Actor{Staff: review.StaffID("staff-" + string(rune('a'+i))), Name: string([]rune(names)[i]), Roles: []review.Role{review.RoleReviewer}}
}

// free is the same person with the right to pick.
func free(by review.Actor) review.Actor {
	by.Roles = []review.Role{review.RoleSeniorReviewer}
	return by
}

func TestSixteenReviewersNeverShareACase(t *testing.T) {
	d := open(t)
	const people, cases = 16, 40
	for range cases {
		d.Queued(t)
	}
	var mu sync.Mutex
	taken := map[review.SubmissionID]review.StaffID{}
	var wg sync.WaitGroup
	for i := range people {
		wg.Go(func() {
			by := person(i)
			for {
				s, err := d.queue.TakeNext(context.Background(), by, -1)
				if errors.Is(err, queue.ErrEmpty) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if other, ok := taken[s.ID]; ok {
					t.Errorf("%s went to %s and to %s", s.Number, other, by.Staff)
				}
				taken[s.ID] = by.Staff
				mu.Unlock()
				if !s.HeldBy(by.Staff, d.Clock.Now()) {
					t.Errorf("%s was handed out without a claim", s.Number)
				}
			}
		})
	}
	wg.Wait()
	if len(taken) != cases {
		t.Errorf("%d of %d cases were taken", len(taken), cases)
	}
	for id, by := range taken {
		s, err := d.Store.Submission(t.Context(), id)
		if err != nil || s.Claim == nil || s.Claim.Staff != by {
			t.Errorf("%s is held by %v, not %s (%v)", id, s.Claim, by, err)
		}
	}
	if n := d.Ledger.Count(review.EventClaimed); n != cases {
		t.Errorf("%d claims in the history", n)
	}
}

func TestTenClaimsOneWinner(t *testing.T) {
	d := open(t)
	s := d.Queued(t)
	var won atomic.Int32
	var holder atomic.Value
	refusals := make(chan error, 10)
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			by := free(person(i))
			if _, err := d.queue.Claim(context.Background(), by, s.ID); err != nil {
				refusals <- err
				return
			}
			won.Add(1)
			holder.Store(by.Name)
		})
	}
	wg.Wait()
	close(refusals)
	if won.Load() != 1 || len(refusals) != 9 {
		t.Fatalf("%d won, %d were refused", won.Load(), len(refusals))
	}
	for err := range refusals {
		e, ok := errors.AsType[*review.Error](err)
		if !ok || !errors.Is(err, review.ErrClaimed) || e.Holder != holder.Load() {
			t.Errorf("refused with %v, holder %q, want %q", err, e.Holder, holder.Load())
		}
	}
}

func check(effect review.Effect) review.Check {
	return review.Check{Code: "some", Verdict: review.Warn, Effect: effect}
}

func TestOrder(t *testing.T) {
	d := open(t)
	at := func(offset time.Duration, checks ...review.Check) review.SubmissionID {
		d.Clock.Add(offset)
		defer d.Clock.Add(-offset)
		return d.Queued(t, checks...).ID
	}
	// Everything is due 120 minutes after it was sent.
	urgent := at(-95*time.Minute, check(review.Hold))    // attention, 25 minutes left
	attention := at(-85*time.Minute, check(review.Hold)) // attention, 35 minutes left
	lateNote := at(-130*time.Minute, check(review.NoteOnly))
	green2 := at(-10 * time.Minute)
	green1 := at(-20 * time.Minute)
	note := at(-50*time.Minute, check(review.NoteOnly))
	want := []review.SubmissionID{urgent, green1, green2, lateNote, note, attention}
	var got []review.SubmissionID
	for i := 0; ; i++ {
		s, err := d.queue.TakeNext(t.Context(), person(i), -1)
		if errors.Is(err, queue.ErrEmpty) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.ID)
	}
	if !slices.Equal(got, want) {
		names := map[review.SubmissionID]string{urgent: "urgent", attention: "attention", lateNote: "late note", green1: "green 1", green2: "green 2", note: "note"}
		for i, id := range got {
			t.Logf("%d %s", i, names[id])
		}
		t.Error("wrong order")
	}
}

func TestSecondReviewsGoToSomebodyElse(t *testing.T) {
	d := open(t)
	forged := review.Decision{Outcome: review.Reject, Note: "вклеено", Items: []review.Item{{Reason: "doc-tampering-suspected"}}}
	four := d.Decided(t, reviewtest.Anna, forged)
	escalated := d.Decided(t, reviewtest.Anna, review.Decision{Outcome: review.Escalate, Note: "?"})
	if _, err := d.queue.TakeNext(t.Context(), reviewtest.Anna, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Fatalf("the first reviewer is offered the second review: %v", err)
	}
	s, err := d.queue.TakeNext(t.Context(), reviewtest.Boris, -1)
	if err != nil || s.ID != four.ID {
		t.Fatalf("a colleague got %v, %v", s, err)
	}
	if _, err := d.queue.TakeNext(t.Context(), reviewtest.Boris, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Fatalf("a reviewer is offered what was escalated: %v", err)
	}
	if _, err := d.queue.Claim(t.Context(), reviewtest.Boris, escalated.ID); !errors.Is(err, review.ErrSeniorNeeded) {
		t.Errorf("a reviewer picks what was escalated: %v", err)
	}
	if s, err = d.queue.TakeNext(t.Context(), reviewtest.Senior, -1); err != nil || s.ID != escalated.ID {
		t.Fatalf("a senior got %v, %v", s, err)
	}
	// Boris disagrees: only a supervisor may take it, by free pick.
	d.Do(t, four.ID, func(s *review.Submission) (review.Change, error) {
		c, err := s.Decide(reviewtest.Boris, review.Decision{Outcome: review.Approve}, 0, d.Clock.Now())
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(d.Clock.Now())
		return c.Then(effect), err
	})
	if _, err := d.queue.Claim(t.Context(), reviewtest.Senior, four.ID); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("a senior arbitrates: %v", err)
	}
	if _, err := d.queue.TakeNext(t.Context(), reviewtest.Senior, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Errorf("a senior is offered what a supervisor must decide: %v", err)
	}
	if _, err := d.queue.Claim(t.Context(), reviewtest.Supervisor, four.ID); err != nil {
		t.Errorf("the supervisor: %v", err)
	}
}

func TestPressingTakeTwice(t *testing.T) {
	d := open(t)
	d.Queued(t)
	d.Queued(t)
	first, err := d.queue.TakeNext(t.Context(), reviewtest.Anna, 0)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.queue.TakeNext(t.Context(), reviewtest.Anna, 0)
	if err != nil || again.ID != first.ID {
		t.Errorf("the second press gave %v, %v", again.ID, err)
	}
	if held, err := d.queue.Held(t.Context(), reviewtest.Anna); err != nil || held != 1 {
		t.Errorf("holds %d, %v", held, err)
	}
	if more, err := d.queue.TakeNext(t.Context(), reviewtest.Anna, 1); err != nil || more.ID == first.ID {
		t.Errorf("a wanted second case: %v", err)
	}
}

func TestLeaseRunsOutUnderTheClock(t *testing.T) {
	d := open(t)
	s := d.Taken(t, reviewtest.Anna)
	until, err := d.queue.Renew(t.Context(), reviewtest.Anna, s.ID)
	if err != nil || !until.Equal(d.Clock.Now().Add(review.LeaseTerm)) {
		t.Fatalf("until %s, %v", until, err)
	}
	d.Clock.Add(review.LeaseTerm - time.Second)
	if n, err := d.queue.Sweep(t.Context()); n != 0 || err != nil {
		t.Fatalf("swept %d early, %v", n, err)
	}
	if _, err := d.queue.Renew(t.Context(), reviewtest.Anna, s.ID); err != nil {
		t.Fatal(err)
	}
	after, err := d.Store.Submission(t.Context(), s.ID)
	if err != nil || after.Version != s.Version {
		t.Errorf("a heartbeat made the forms stale: version %d after %d", after.Version, s.Version)
	}
	d.Clock.Add(review.LeaseTerm)
	if _, err := d.queue.Renew(t.Context(), reviewtest.Anna, s.ID); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("renewed after the end: %v", err)
	}
	if n, err := d.queue.Sweep(t.Context()); n != 1 || err != nil {
		t.Fatalf("swept %d, %v", n, err)
	}
	if after, _ = d.Store.Submission(t.Context(), s.ID); after.Status != review.Queued || d.Ledger.Count(review.EventLeaseExpired) != 1 {
		t.Errorf("%s", after.Status)
	}
	if _, err := d.queue.Claim(t.Context(), free(reviewtest.Boris), s.ID); err != nil {
		t.Error(err)
	}
}

func TestTakeNextFindsWhatTheSweepHasNotReached(t *testing.T) {
	d := open(t)
	s := d.Taken(t, reviewtest.Anna)
	d.Clock.Add(review.LeaseTerm)
	got, err := d.queue.TakeNext(t.Context(), reviewtest.Boris, -1)
	if err != nil || got.ID != s.ID || !got.HeldBy(reviewtest.Boris.Staff, d.Clock.Now()) {
		t.Fatalf("%v, %v", got, err)
	}
}

func TestReleaseAndWhoMay(t *testing.T) {
	d := open(t)
	s := d.Taken(t, reviewtest.Anna)
	if _, err := d.queue.Release(t.Context(), reviewtest.Boris, s.ID, ""); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a colleague's: %v", err)
	}
	if _, err := d.queue.ReleaseAny(t.Context(), reviewtest.Boris, s.ID); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("any by a reviewer: %v", err)
	}
	if _, err := d.queue.Release(t.Context(), reviewtest.Anna, s.ID, " нужен переводчик "); err != nil {
		t.Fatal(err)
	}
	if notes, err := d.Store.Notes(t.Context(), s.ID); err != nil || len(notes) != 1 || notes[0].Text != "нужен переводчик" {
		t.Errorf("%v, %v", notes, err)
	}
	if _, err := d.queue.Claim(t.Context(), free(reviewtest.Boris), s.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.queue.ReleaseAny(t.Context(), reviewtest.Supervisor, s.ID); err != nil {
		t.Error(err)
	}
	for name, try := range map[string]error{
		"list":  second(d.queue.List(t.Context(), reviewtest.Auditor, queue.Filter{})),
		"next":  second(d.queue.TakeNext(t.Context(), reviewtest.Auditor, -1)),
		"claim": second(d.queue.Claim(t.Context(), reviewtest.Auditor, s.ID)),
		"renew": second(d.queue.Renew(t.Context(), reviewtest.Auditor, s.ID)),
		"news":  second(d.queue.News(t.Context(), review.Anonymous(), queue.Filter{}, d.Clock.Now())),
	} {
		if review.KindOf(try) != review.Forbidden && review.KindOf(try) != review.Unauthenticated {
			t.Errorf("%s: %v", name, try)
		}
	}
	if _, err := d.queue.TakeNext(t.Context(), reviewtest.Supervisor, -1); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("a supervisor works the line: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

func TestListTabsFiltersAndPages(t *testing.T) {
	d := open(t)
	var all, raised []review.SubmissionID // lane by lane, in each by deadline
	for i := range 30 {
		d.Clock.Add(time.Minute)
		if i%3 == 0 {
			raised = append(raised, d.Queued(t, check(review.Hold)).ID)
		} else {
			all = append(all, d.Queued(t).ID)
		}
	}
	all = append(all, raised...)
	ids := func(p queue.Page, err error) (list []review.SubmissionID) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range p.Rows {
			list = append(list, r.ID)
		}
		return list
	}
	first, err := d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{})
	if got := ids(first, err); !slices.Equal(got, all[:queue.PageSize]) {
		t.Errorf("first page: %d rows", len(got))
	}
	next := queue.ParseCursor(first.Next.String())
	if next != first.Next {
		t.Fatalf("cursor %v became %v", first.Next, next)
	}
	rest, err := d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{After: next})
	if got := ids(rest, err); !slices.Equal(got, all[queue.PageSize:]) || rest.Next.String() != "" {
		t.Errorf("second page: %d rows, next %s", len(got), rest.Next)
	}
	if first.Counts[queue.Waiting] != 30 || first.Counts[queue.Mine] != 0 || !slices.Equal(first.Citizenships, []string{"UZB"}) {
		t.Errorf("%v, %v", first.Counts, first.Citizenships)
	}
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Lane: "attention"})); len(got) != 10 {
		t.Errorf("attention: %d", len(got))
	}
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Track: review.FromAbroad})); len(got) != 0 {
		t.Errorf("other track: %d", len(got))
	}
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Citizenship: "UZB", Lane: "green"})); len(got) != 20 {
		t.Errorf("green from Uzbekistan: %d", len(got))
	}
	d.Clock.Add(90 * time.Minute) // the first were sent 119 minutes ago
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Due: queue.Late})); len(got) != 0 {
		t.Errorf("late: %d", len(got))
	}
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Due: queue.Soon})); len(got) != queue.PageSize {
		t.Errorf("soon: %d", len(got))
	}
	d.Clock.Add(11 * time.Minute)
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Due: queue.Late})); len(got) != 10 {
		t.Errorf("late: %d", len(got))
	}
	if got := ids(d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Due: queue.Today})); len(got) != queue.PageSize {
		t.Errorf("today: %d", len(got))
	}

	mine := all[4]
	if _, err := d.queue.Claim(t.Context(), free(reviewtest.Anna), mine); err != nil {
		t.Fatal(err)
	}
	p, err := d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Tab: queue.Mine})
	if got := ids(p, err); !slices.Equal(got, []review.SubmissionID{mine}) || p.Held != 1 || p.Rows[0].HolderName != reviewtest.Anna.Name {
		t.Errorf("mine: %v", got)
	}
	if p, err = d.queue.List(t.Context(), reviewtest.Boris, queue.Filter{Tab: queue.Mine}); len(ids(p, err)) != 0 {
		t.Error("somebody else's cases are mine")
	}

	// Corrections come back.
	d.Do(t, mine, func(s *review.Submission) (review.Change, error) {
		c, err := s.Decide(reviewtest.Anna, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}}, 0, d.Clock.Now())
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(d.Clock.Now())
		return c.Then(effect), err
	})
	since := d.Clock.Now()
	d.Clock.Add(time.Minute)
	d.Do(t, mine, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), d.Clock.Now())
	})
	if n, err := d.queue.News(t.Context(), reviewtest.Anna, queue.Filter{Tab: queue.Returned}, since); n != 0 || err != nil {
		t.Errorf("news before it was sent: %d, %v", n, err)
	}
	d.Send(t, mine)
	p, err = d.queue.List(t.Context(), reviewtest.Anna, queue.Filter{Tab: queue.Returned})
	if got := ids(p, err); !slices.Equal(got, []review.SubmissionID{mine}) || p.Rows[0].Round != 2 || p.Counts[queue.Returned] != 1 {
		t.Errorf("returned: %v", got)
	}
	for tab, want := range map[queue.Tab]int{queue.Waiting: 1, queue.Returned: 1, queue.Second: 0, queue.Mine: 0} {
		if n, err := d.queue.News(t.Context(), reviewtest.Anna, queue.Filter{Tab: tab}, since); n != want || err != nil {
			t.Errorf("news of %s: %d, %v", tab, n, err)
		}
	}
	if n, err := d.queue.News(t.Context(), reviewtest.Anna, queue.Filter{Citizenship: "TJK"}, since); n != 0 || err != nil {
		t.Errorf("news through a filter: %d, %v", n, err)
	}
	d.Decided(t, reviewtest.Anna, review.Decision{Outcome: review.Escalate, Note: "?"})
	p, err = d.queue.List(t.Context(), reviewtest.Boris, queue.Filter{Tab: queue.Second})
	if got := ids(p, err); len(got) != 1 || p.Counts[queue.Second] != 1 {
		t.Errorf("second reviews: %v", got)
	}
	if n, err := d.queue.News(t.Context(), reviewtest.Anna, queue.Filter{Tab: queue.Second}, since); n != 1 || err != nil {
		t.Errorf("news of second reviews: %d, %v", n, err)
	}
}

// Picking a case is the right of some roles. Everybody goes on with what is theirs:
// held, kept for them, put aside by them, or lost to the clock.
func TestPickingIsARight(t *testing.T) {
	ctx := t.Context()
	for name, make := range map[string]func(t *testing.T, d *desk) *review.Submission{
		"waits": func(t *testing.T, d *desk) *review.Submission { return d.Queued(t) },
		"second review": func(t *testing.T, d *desk) *review.Submission {
			return d.Decided(t, reviewtest.Boris, review.Decision{Outcome: review.Reject, Note: "вклеено", Items: []review.Item{{Reason: "doc-tampering-suspected"}}})
		},
		"given back": func(t *testing.T, d *desk) *review.Submission {
			s, err := d.queue.Release(ctx, reviewtest.Anna, d.Taken(t, reviewtest.Anna).ID, "")
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		"lost by a colleague": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, reviewtest.Boris)
			d.Clock.Add(review.LeaseTerm)
			return s
		},
		"lost, then taken and given back by a colleague": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, reviewtest.Anna)
			d.Clock.Add(review.LeaseTerm)
			if _, err := d.queue.TakeNext(ctx, reviewtest.Boris, -1); err != nil {
				t.Fatal(err)
			}
			s, err := d.queue.Release(ctx, reviewtest.Boris, s.ID, "")
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
	} {
		d := open(t)
		s := make(t, d)
		if _, err := d.queue.Claim(ctx, reviewtest.Anna, s.ID); !errors.Is(err, review.ErrFreePick) {
			t.Errorf("%s: a reviewer picks: %v", name, err)
		}
		if now, err := d.Store.Submission(ctx, s.ID); err != nil || now.Version != s.Version {
			t.Errorf("%s: the refusal changed the case", name)
		}
		by := free(reviewtest.Anna)
		if name != "second review" { // second looks are not the supervisor's
			by = reviewtest.Supervisor
		}
		if _, err := d.queue.Claim(ctx, by, s.ID); err != nil {
			t.Errorf("%s: %s may not pick: %v", name, by.FirstRole(), err)
		}
	}
	for name, make := range map[string]func(t *testing.T, d *desk) *review.Submission{
		"held": func(t *testing.T, d *desk) *review.Submission { return d.Taken(t, reviewtest.Anna) },
		"put aside": func(t *testing.T, d *desk) *review.Submission {
			s, err := d.queue.Park(ctx, reviewtest.Anna, d.Taken(t, reviewtest.Anna).ID, "жду", d.Clock.Now().Add(time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			return s
		},
		"lost a moment ago": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, reviewtest.Anna)
			d.Clock.Add(review.LeaseTerm)
			return s
		},
		"lost and swept": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, reviewtest.Anna)
			d.Clock.Add(review.LeaseTerm)
			if n, err := d.queue.Sweep(ctx); n != 1 || err != nil {
				t.Fatal(n, err)
			}
			return s
		},
		"kept after corrections": func(t *testing.T, d *desk) *review.Submission {
			s := d.Decided(t, reviewtest.Anna, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}})
			d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
				return s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), d.Clock.Now())
			})
			return d.Send(t, s.ID)
		},
	} {
		d := open(t)
		s := make(t, d)
		if _, err := d.queue.Claim(ctx, reviewtest.Boris, s.ID); review.KindOf(err) != review.Forbidden && review.KindOf(err) != review.Conflict {
			t.Errorf("%s: a colleague goes on with it: %v", name, err)
		}
		if name == "held" || name == "put aside" || name == "kept after corrections" {
			p, err := d.queue.List(ctx, reviewtest.Anna, queue.Filter{})
			if err != nil || p.Free || len(p.Rows) != 1 || !p.Rows[0].TakesUp(reviewtest.Anna.Staff) || p.Rows[0].TakesUp(reviewtest.Boris.Staff) {
				t.Errorf("%s: the row: %+v, %v", name, p.Rows, err)
			}
		}
		if x, err := d.queue.Claim(ctx, reviewtest.Anna, s.ID); err != nil || !x.HeldBy(reviewtest.Anna.Staff, d.Clock.Now()) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Appeals stand in a view of their own, the most urgent first, for those who may
// answer them.
func TestAppealsAreListedForWhoMayAnswer(t *testing.T) {
	d := open(t)
	var want []review.SubmissionID
	for i := range 27 {
		s := d.Decided(t, reviewtest.Anna, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}})
		d.Clock.Add(24 * time.Hour)
		if i == 0 {
			continue // nobody objects
		}
		d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
			return s.MakeAppeal(reviewtest.Applicant(s.Account), "Нет.", d.Clock.Now())
		})
		want = append(want, s.ID)
	}
	f := queue.Filter{Tab: queue.Appeals}
	if _, err := d.queue.List(t.Context(), reviewtest.Boris, f); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("a reviewer lists appeals: %v", err)
	}
	if p, err := d.queue.List(t.Context(), reviewtest.Boris, queue.Filter{}); err != nil || slices.Contains(p.Tabs, queue.Appeals) {
		t.Errorf("a reviewer is offered %v, %v", p.Tabs, err)
	}
	for _, by := range []review.Actor{reviewtest.Senior, reviewtest.Supervisor} {
		var got []review.SubmissionID
		var due []int64
		f.After = queue.Cursor{}
		for page := 1; ; page++ {
			p, err := d.queue.List(t.Context(), by, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Rows {
				got, due = append(got, r.ID), append(due, r.DueAt.UnixMilli())
				s, err := d.Store.Submission(t.Context(), r.ID)
				if err != nil || !r.DueAt.Equal(s.Appeal.Target) || r.Status != review.Rejected {
					t.Errorf("the row says %s, due %s (%v)", r.Status, r.DueAt, err)
				}
			}
			if p.Counts[queue.Appeals] != len(want) || !slices.Contains(p.Tabs, queue.Appeals) {
				t.Errorf("%d counted, tabs %v", p.Counts[queue.Appeals], p.Tabs)
			}
			if p.Next.ID == "" || page > 3 {
				break
			}
			f.After = queue.ParseCursor(p.Next.String())
		}
		if !slices.IsSorted(due) || len(slices.Compact(slices.Sorted(slices.Values(got)))) != len(want) {
			t.Errorf("%s: %d rows, want %d in the order of their dates", by.Name, len(got), len(want))
		}
	}
	f = queue.Filter{Tab: queue.Appeals, Due: queue.Late}
	p, err := d.queue.List(t.Context(), reviewtest.Senior, f)
	if err != nil || len(p.Rows) == 0 || len(p.Rows) == len(want) {
		t.Errorf("late: %d, %v", len(p.Rows), err)
	}
	d.Do(t, want[0], func(s *review.Submission) (review.Change, error) {
		return s.AnswerAppeal(reviewtest.Senior, review.AppealDismissed, "Нет.", d.Clock.Now())
	})
	if p, err = d.queue.List(t.Context(), reviewtest.Senior, queue.Filter{Tab: queue.Appeals}); err != nil || p.Counts[queue.Appeals] != len(want)-1 || slices.ContainsFunc(p.Rows, func(r queue.Row) bool { return r.ID == want[0] }) {
		t.Errorf("after an answer: %v, %v", p.Counts, err)
	}
}

func TestCursorFromOutside(t *testing.T) {
	for _, bad := range []string{"", ".", "x", "zz.", "!.id", "1." + string(make([]byte, 65))} {
		if c := queue.ParseCursor(bad); c != (queue.Cursor{}) {
			t.Errorf("%q is %v", bad, c)
		}
	}
}
