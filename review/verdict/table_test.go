package verdict_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/rbac"
	"okno/review"
	"okno/review/appeal"
	"okno/review/queue"
	"okno/review/reviewtest"
	"okno/review/verdict"
)

var update = flag.Bool("update", false, "write the table of testdata/options.csv anew")

// couple is the shelf with room for a second case, for links.
type couple struct{ *shelf }

func (c couple) ByNumber(context.Context, review.CaseNumber) (*review.Submission, error) {
	return &review.Submission{ID: "other", Round: 1}, nil
}

func (c couple) UpdateBoth(ctx context.Context, one, other review.SubmissionID, change func(*review.Submission, review.SubmissionID) (review.Change, error)) error {
	_, err := c.Update(ctx, one, 0, func(s *review.Submission) (review.Change, error) { return change(s, other) })
	return err
}

// TestEveryPairStandsInTheTable keeps every status, button and role in one table,
// read like the policy, and presses every button through its command: what is
// offered must work, what is not must be refused with the code that stands there.
func TestEveryPairStandsInTheTable(t *testing.T) {
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	roles := append(slices.Clone(review.StaffRoles), review.RoleApplicant)
	me := func(r review.Role) review.Actor {
		if r == review.RoleApplicant {
			return reviewtest.Applicant("somebody")
		}
		return review.Actor{Staff: "me", Name: "Я", Roles: []review.Role{r}}
	}
	colleague := review.Actor{Staff: "colleague", Name: "Коллега", Roles: []review.Role{review.RoleReviewer}}
	other := review.Actor{Staff: "another", Name: "Другая", Roles: []review.Role{review.RoleReviewer}}
	applicant := reviewtest.Applicant("account")

	type stage func(m *machine, me review.Actor)
	do := func(m *machine, change func(s *review.Submission, at time.Time) (review.Change, error)) {
		t.Helper()
		if err := m.update(func(s *review.Submission) (review.Change, error) { return change(s, m.clock.Now()) }); err != nil {
			t.Fatal(err)
		}
	}
	take := func(by review.Actor) stage {
		return func(m *machine, _ review.Actor) {
			do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Take(by, at) })
		}
	}
	self := func(me review.Actor) review.Actor { // an applicant is never there: somebody else is
		if !me.IsStaff() {
			return other
		}
		return me
	}
	mine := func(m *machine, me review.Actor) {
		me = self(me)
		do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Take(me, at) })
	}
	made := func(by review.Actor, d review.Decision, hold time.Duration) stage {
		return func(m *machine, me review.Actor) {
			who := by
			if who.Staff == "" {
				who = self(me)
			}
			do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Decide(who, d, hold, at) })
			if hold == 0 {
				do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Settle(at) })
			}
		}
	}
	myself := review.Actor{}
	doubled := review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}}
	objects := func(m *machine, _ review.Actor) {
		do(m, func(s *review.Submission, at time.Time) (review.Change, error) {
			return s.MakeAppeal(applicant, "нет", at)
		})
	}
	situations := []struct {
		name   string
		status review.Status
		way    []stage
	}{
		{"draft", review.Draft, nil},
		{"checking", review.Checking, nil},
		{"waits", review.Queued, []stage{}},
		{"kept for a colleague", review.Queued, []stage{take(colleague), made(colleague, blurred, 0), func(m *machine, _ review.Actor) {
			do(m, func(s *review.Submission, at time.Time) (review.Change, error) {
				return s.PutDocument(applicant, review.Document{ID: "newer", Slot: review.SlotPassport, Pages: []review.Page{{Number: 1}}}, at)
			})
			if err := m.send(); err != nil {
				t.Fatal(err)
			}
		}}},
		{"mine", review.InReview, []stage{mine}},
		{"a colleague's", review.InReview, []stage{take(colleague)}},
		{"my decision waits", review.InReview, []stage{mine, made(myself, approve, holdTime)}},
		{"a colleague's decision waits", review.InReview, []stage{take(colleague), made(colleague, approve, holdTime)}},
		{"free", review.SecondReview, []stage{take(colleague), made(colleague, forged, 0)}},
		{"mine", review.SecondReview, []stage{take(colleague), made(colleague, forged, 0), mine}},
		{"after my verdict", review.SecondReview, []stage{mine, made(myself, forged, 0)}},
		{"escalated", review.SecondReview, []stage{take(colleague), made(colleague, escalate, 0)}},
		{"disagreed", review.SecondReview, []stage{take(colleague), made(colleague, forged, 0), take(other), made(other, approve, 0)}},
		{"waits for the applicant", review.CorrectionRequested, []stage{take(colleague), made(colleague, blurred, 0)}},
		{"by a colleague", review.Approved, []stage{take(colleague), made(colleague, approve, 0)}},
		{"by me", review.Rejected, []stage{mine, made(myself, doubled, 0)}},
		{"by me, with an appeal", review.Rejected, []stage{mine, made(myself, doubled, 0), objects}},
		{"by a colleague, with an appeal", review.Rejected, []stage{take(colleague), made(colleague, doubled, 0), objects}},
		{"by the applicant", review.Withdrawn, []stage{func(m *machine, _ review.Actor) {
			do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Withdraw(applicant, at) })
		}}},
		{"no answer", review.Expired, []stage{take(colleague), made(colleague, blurred, 0), func(m *machine, _ review.Actor) {
			m.clock.Add(review.CorrectionTerm * 4)
			do(m, func(s *review.Submission, at time.Time) (review.Change, error) { return s.Expire(review.System(), at) })
		}}},
	}
	// build makes the situation for an actor; one whose role could not have come
	// there stands in it all the same.
	build := func(status review.Status, way []stage, by review.Actor) *machine {
		m := newMachine(false)
		if way == nil {
			m.shelf.s.Status = status
			m.shelf.s.Round = 0
			return m
		}
		for _, s := range way {
			s(m, by)
		}
		if m.shelf.s.Status != status {
			t.Fatalf("came to %s, want %s", m.shelf.s.Status, status)
		}
		return m
	}

	head := []string{"status", "situation", "button"}
	for _, r := range roles {
		head = append(head, string(r))
	}
	table := [][]string{head}
	covered := map[review.Status]bool{}
	ctx := t.Context()
	for _, x := range situations {
		covered[x.status] = true
		for _, b := range verdict.Buttons {
			cells := []string{string(x.status), x.name, string(b)}
			for _, role := range roles {
				by := me(role)
				m := build(x.status, x.way, by)
				d := &desk{verdict: &verdict.Service{Gate: gate, Store: couple{m.shelf}, Clock: m.clock, IDs: review.RandomIDs{}, Hold: holdTime}}
				q := &queue.Service{Gate: gate, Store: line{shelf: m.shelf}, Clock: m.clock, IDs: review.RandomIDs{}}
				before := m.shelf.s
				option := d.verdict.Options(by, before, m.clock.Now())[b]
				err := pushed(ctx, d.verdict, q, by, before, b, m.clock.Now())
				if option.Allowed != (err == nil) {
					t.Errorf("%s (%s), %s as %s: offered %v %s, the command says %v", x.status, x.name, b, role, option.Allowed, option.Why, err)
				}
				cell := "yes"
				if !option.Allowed {
					cell = option.Why
				}
				cells = append(cells, cell)
			}
			table = append(table, cells)
		}
	}
	for _, s := range review.Statuses {
		if !covered[s] {
			t.Errorf("%s is not in the table", s)
		}
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	if err := w.WriteAll(table); err != nil {
		t.Fatal(err)
	}
	const file = "testdata/options.csv"
	if *update {
		if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, out.Bytes()) {
		old := strings.Split(string(want), "\n")
		for i, l := range strings.Split(out.String(), "\n") {
			if i >= len(old) || old[i] != l {
				t.Errorf("line %d is now %s", i+1, l)
			}
		}
	}
}

// pushed presses a button through its command.
func pushed(ctx context.Context, v *verdict.Service, q *queue.Service, by review.Actor, s *review.Submission, b verdict.Button, now time.Time) error {
	decide := func(o review.Outcome, items ...review.Item) error {
		_, err := v.Decide(ctx, by, s.ID, s.Version, review.Decision{Outcome: o, Note: "записка", Items: items})
		return err
	}
	var err error
	switch b {
	case verdict.Claim:
		_, err = q.Claim(ctx, by, s.ID)
	case verdict.Release:
		_, err = q.Release(ctx, by, s.ID, "")
	case verdict.ReleaseAny:
		_, err = q.ReleaseAny(ctx, by, s.ID)
	case verdict.Park:
		_, err = q.Park(ctx, by, s.ID, "жду", now.Add(time.Hour))
	case verdict.Recuse:
		_, err = q.Recuse(ctx, by, s.ID)
	case verdict.Mark:
		_, err = v.Mark(ctx, by, s.ID, passport, "verified")
	case verdict.Note:
		_, err = v.AddNote(ctx, by, s.ID, "записка")
	case verdict.Join:
		err = v.Link(ctx, by, s.ID, "26 004 812 75")
	case verdict.Approve:
		return decide(review.Approve)
	case verdict.Correct:
		return decide(review.RequestCorrection, review.Item{Target: passport, Reason: "doc-blurry"})
	case verdict.Reject:
		return decide(review.Reject, review.Item{Reason: "duplicate-account"})
	case verdict.Escalate:
		return decide(review.Escalate)
	case verdict.Undo:
		_, err = v.Undo(ctx, by, s.ID)
	case verdict.Answer:
		_, err = (&appeal.Service{Gate: v.Gate, Store: v.Store, Clock: v.Clock}).Answer(ctx, by, s.ID, s.Version, review.AppealDismissed, "нет")
	}
	return err
}
