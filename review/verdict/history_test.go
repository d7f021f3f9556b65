package verdict_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"okno/db/desktest"
	"okno/review"
	"okno/review/reviewtest"
)

// rows is the one way to change a submission.
type rows interface {
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
}

// careless drops the version that the caller saw, as a build without the check would.
type careless struct{ rows }

func (c careless) Update(ctx context.Context, id review.SubmissionID, _ int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error) {
	return c.rows.Update(ctx, id, 0, change)
}

// asked is what a client wanted of a case, told what it was told.
type asked struct {
	what    string
	number  int // of the case
	who     review.StaffID
	version int64 // that the client had seen
	at      time.Time
}

type told struct {
	code    string // of the refusal, empty when it was done
	version int64
}

// sheet is what the rules say about a case, written down anew: the check must not
// lean on the code that it checks.
type sheet struct {
	version   int64
	closed    bool
	holder    review.StaffID
	until     time.Time
	decided   review.StaffID
	effective time.Time
}

// step answers a wish by the rules.
func (s sheet) step(in asked) (string, sheet) {
	next := s
	next.version++
	live := s.holder != "" && in.at.Before(s.until)
	mine := live && s.holder == in.who
	switch in.what {
	case "claim":
		switch {
		case s.decided != "":
			return "decision-pending", s
		case mine:
			s.until = in.at.Add(review.LeaseTerm)
			return "", s
		case live:
			return "claimed-by-other", s
		case s.closed:
			return "wrong-status", s
		}
		next.holder, next.until = in.who, in.at.Add(review.LeaseTerm)
	case "release":
		switch {
		case s.decided != "":
			return "decision-pending", s
		case s.holder != in.who:
			return "not-claimed", s
		}
		next.holder = ""
	case "mark":
		if !mine || s.decided != "" {
			return "not-claimed", s
		}
		next.until = in.at.Add(review.LeaseTerm)
	case "decide":
		switch {
		case in.version != s.version:
			return "stale-version", s
		case s.decided != "":
			return "decision-pending", s
		case s.closed || s.holder == "":
			return "wrong-status", s
		case !mine:
			return "not-claimed", s
		}
		next.decided, next.effective = in.who, in.at.Add(holdTime)
		if next.effective.After(next.until) {
			next.until = next.effective
		}
	case "undo":
		switch {
		case s.decided == "":
			return "undo-too-late", s
		case s.decided != in.who:
			return "forbidden", s
		case !in.at.Before(s.effective):
			return "undo-too-late", s
		}
		next.decided, next.until = "", in.at.Add(review.LeaseTerm)
	case "withdraw":
		switch {
		case s.decided != "":
			return "decision-pending", s
		case s.closed:
			return "wrong-status", s
		}
		next.closed, next.holder = true, ""
	case "expire":
		if s.decided != "" || s.holder == "" || live {
			return "wrong-status", s
		}
		next.holder = ""
	}
	return "", next
}

// model checks histories case by case.
func model(first []int64) porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			parts := make([][]porcupine.Operation, len(first))
			for _, op := range history {
				n := op.Input.(asked).number
				parts[n] = append(parts[n], op)
			}
			return parts
		},
		Init: func() any { return sheet{} },
		Step: func(state, input, output any) (bool, any) {
			s, in, out := state.(sheet), input.(asked), output.(told)
			if s.version == 0 {
				s.version = first[in.number]
			}
			code, next := s.step(in)
			return code == out.code && (code != "" || out.version == next.version), next
		},
	}
}

// play lets eight clients at a few cases and returns what each was told.
func play(t *testing.T, d *desktest.Desk, store rows, seed uint64) (porcupine.Model, []porcupine.Operation) {
	t.Helper()
	const clients, wishes, cases = 8, 60, 8
	var ids []review.SubmissionID
	var accounts []review.AccountID
	var first []int64
	for range cases {
		s := d.Queued(t)
		ids, accounts, first = append(ids, s.ID), append(accounts, s.Account), append(first, s.Version)
	}
	start := time.Now()
	var shift atomic.Int64 // of the desk's clock, in seconds
	lists := make([][]porcupine.Operation, clients)
	var wg sync.WaitGroup
	for client := range clients {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(seed, uint64(client)))
			by := review.Actor{Staff: review.StaffID(rune('a' + client)), Name: "Проба", Roles: []review.Role{review.RoleReviewer}}
			seen := append([]int64(nil), first...)
			last := make([]string, cases) // what was managed last
			pick := func(n int) string {
				switch {
				case last[n] == "decide" && r.IntN(4) > 0:
					return "undo"
				case last[n] == "claim" && r.IntN(4) > 0:
					return []string{"mark", "decide", "release"}[r.IntN(3)]
				case last[n] == "undo" || last[n] == "mark":
					return []string{"mark", "decide", "release"}[r.IntN(3)]
				}
				return []string{"claim", "claim", "claim", "release", "mark", "decide", "undo", "expire", "withdraw"}[r.IntN(9)]
			}
			n := r.IntN(cases)
			for range wishes {
				if last[n] != "decide" && r.IntN(6) == 0 {
					n = r.IntN(cases)
				}
				in := asked{what: pick(n), number: n, who: by.Staff, version: seen[n]}
				if in.what == "withdraw" && r.IntN(4) != 0 {
					in.what = "expire"
				}
				step := int64(1)
				if r.IntN(60) == 0 {
					step = int64(review.LeaseTerm / time.Second)
				}
				in.at = reviewtest.NewClock().Now().Add(time.Duration(shift.Add(step)) * time.Second)
				want := int64(0)
				if in.what == "decide" {
					want = in.version
				}
				called := time.Since(start).Nanoseconds()
				s, err := store.Update(context.Background(), ids[n], want, func(s *review.Submission) (review.Change, error) {
					switch in.what {
					case "claim":
						return s.Take(by, in.at)
					case "release":
						return s.Release(by, false, in.at)
					case "mark":
						return s.MarkTarget(by, passport, true, in.at)
					case "decide":
						return s.Decide(by, approve, holdTime, in.at)
					case "undo":
						return s.Undo(by, in.at)
					case "withdraw":
						return s.Withdraw(reviewtest.Applicant(accounts[n]), in.at)
					default:
						return s.ExpireLease(review.System(), in.at)
					}
				})
				out := told{}
				if e, ok := errors.AsType[*review.Error](err); ok {
					out.code = e.Code
				} else if err != nil {
					t.Error(err)
					return
				} else {
					out.version, last[n] = s.Version, in.what
					if in.what == "claim" || in.what == "undo" { // later changes of one's own are not looked at: a page that was left open
						seen[n] = s.Version
					}
				}
				lists[client] = append(lists[client], porcupine.Operation{
					ClientId: client, Input: in, Call: called, Output: out, Return: time.Since(start).Nanoseconds(),
				})
			}
		})
	}
	wg.Wait()
	var all []porcupine.Operation
	for _, l := range lists {
		all = append(all, l...)
	}
	return model(first), all
}

// checking bounds the search for an order; a history of this length takes
// milliseconds.
const checking = time.Minute

// TestHistoriesHaveAnOrder checks with a linearizability checker that whatever
// eight clients do at once on a real database could have happened one by one by
// the rules, and that the check notices a store that forgets the version.
func TestHistoriesHaveAnOrder(t *testing.T) {
	done, refused := map[string]int{}, map[string]int{}
	for seed := range uint64(3) {
		d := open(t, holdTime)
		m, history := play(t, d.Desk, d.Store, seed)
		if got := porcupine.CheckOperationsTimeout(m, history, checking); got != porcupine.Ok {
			t.Fatalf("seed %d: %s", seed, got)
		}
		for _, op := range history {
			if out := op.Output.(told); out.code == "" {
				done[op.Input.(asked).what]++
			} else {
				refused[out.code]++
			}
		}
	}
	for _, what := range []string{"claim", "release", "mark", "decide", "undo", "withdraw", "expire"} {
		if done[what] == 0 {
			t.Errorf("nobody managed to %s: %v", what, done)
		}
	}
	if refused["stale-version"] == 0 || refused["claimed-by-other"] == 0 {
		t.Errorf("nobody stood in anybody's way: %v", refused)
	}

	d := open(t, holdTime)
	m, history := play(t, d.Desk, careless{d.Store}, 7)
	if got := porcupine.CheckOperationsTimeout(m, history, checking); got != porcupine.Illegal {
		t.Errorf("a store without the version check: %s", got)
	}
}
