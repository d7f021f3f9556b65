package submissionstore_test

import (
	"maps"
	"math/rand/v2"
	"testing"
	"time"

	"okno/db/desktest"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/queue"
	"okno/review/reviewtest"
)

// The kept counts are those of a recount, whatever happens to the cases.
func TestQueueCountsAreThoseOfARecount(t *testing.T) {
	d := desktest.Open(t)
	r := rand.New(rand.NewPCG(1, 11))
	var ids []review.SubmissionID
	seen := map[queue.Tab]int{}
	compare := func() {
		t.Helper()
		kept, err := d.Store.Counts(t.Context(), reviewtest.Anna.Staff)
		if err != nil {
			t.Fatal(err)
		}
		for tab, condition := range map[queue.Tab]string{
			queue.Waiting: `status IN ('queued', 'in-review')`, queue.Returned: `status IN ('queued', 'in-review') AND round > 1`,
			queue.Second: `status = 'second-review'`, queue.Mine: `claimant = 'anna'`,
		} {
			var n int
			if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
				return rx.Get(&n, `SELECT COUNT(*) FROM submissions WHERE `+condition)
			}); err != nil {
				t.Fatal(err)
			}
			if kept[tab] != n {
				t.Fatalf("%s: %d kept, %d counted", tab, kept[tab], n)
			}
			seen[tab] = max(seen[tab], n)
		}
	}
	for range 400 {
		if len(ids) == 0 || r.IntN(6) == 0 {
			ids = append(ids, d.Queued(t).ID)
		}
		id := ids[r.IntN(len(ids))]
		_, err := d.Store.Update(t.Context(), id, 0, func(s *review.Submission) (review.Change, error) {
			now := d.Clock.Add(time.Second)
			by := []review.Actor{reviewtest.Anna, reviewtest.Boris, reviewtest.Senior}[r.IntN(3)]
			switch r.IntN(8) {
			case 0, 1, 2:
				return s.Take(by, now)
			case 3:
				return s.Release(by, true, now)
			case 4, 5:
				decision := []review.Decision{
					{Outcome: review.Approve},
					{Outcome: review.Escalate, Note: "SPECIMEN: второй взгляд"},
					{Outcome: review.RequestCorrection, Items: []review.Item{{Reason: "doc-blurry", Target: review.Target{Slot: review.SlotPassport}}}},
				}[r.IntN(3)]
				c, err := s.Decide(by, decision, 0, now)
				if err != nil {
					return c, err
				}
				effect, err := s.Settle(now)
				return c.Then(effect), err
			default:
				c, err := s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), now)
				if err != nil {
					return c, err
				}
				sent, err := s.Send(reviewtest.Applicant(s.Account), now)
				return c.Then(sent), err
			}
		})
		if err == nil {
			_, _ = d.Store.Update(t.Context(), id, 0, func(s *review.Submission) (review.Change, error) { // whatever was sent is checked
				return s.Checked(review.System(), nil, d.Clock.Now())
			})
		} else if k := review.KindOf(err); k == review.Internal {
			t.Fatal(err)
		}
		compare()
	}
	for tab := range maps.Keys(seen) {
		if seen[tab] == 0 {
			t.Errorf("no case ever stood under %s", tab)
		}
	}
}
