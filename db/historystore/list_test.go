package historystore_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/reviewtest"
)

// Every combination of filters, read in pages, gives what a plain reading of all
// entries gives: also where the clock was set back and times repeat.
func TestListByEveryFilterInPages(t *testing.T) {
	d := dbtest.Open(t)
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var all []historystore.Entry
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		for i := range 300 {
			at := begin.Add(time.Duration(i/3) * time.Minute)
			if i%50 == 49 {
				at = at.Add(-20 * time.Minute)
			}
			e := review.Event{Type: []review.EventType{review.EventClaimed, review.EventCaseOpened, review.EventSearched}[i%3], At: at, Actor: []string{"anna", "boris", ""}[i/2%3], Role: review.RoleReviewer}
			if i%4 > 0 {
				e.Submission = review.SubmissionID(fmt.Sprintf("case-%d", i%5))
			}
			if err := historystore.Append(tx, e); err != nil {
				return err
			}
			all = append(all, historystore.Entry{Seq: int64(i + 1), Event: e})
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b historystore.Entry) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		return int(b.Seq - a.Seq)
	})
	store := historystore.New(d.DB, d.Vault, reviewtest.NewClock(), "")
	for mask := range 32 {
		f := historystore.Filter{Limit: 7}
		if mask&1 != 0 {
			f.Type = review.EventClaimed
		}
		if mask&2 != 0 {
			f.Actor = "anna"
		}
		if mask&4 != 0 {
			f.Submission = "case-2"
		}
		if mask&8 != 0 {
			f.From = begin.Add(10 * time.Minute)
		}
		if mask&16 != 0 {
			f.To = begin.Add(80 * time.Minute)
		}
		var want, got []int64
		for _, e := range all {
			if (f.Type == "" || e.Type == f.Type) && (f.Actor == "" || e.Actor == f.Actor) && (f.Submission == "" || e.Submission == f.Submission) &&
				!e.At.Before(f.From) && (f.To.IsZero() || e.At.Before(f.To)) {
				want = append(want, e.Seq)
			}
		}
		for {
			page, err := store.List(t.Context(), f)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				got = append(got, e.Seq)
			}
			if len(page) < f.Limit {
				break
			}
			f.Before = page[len(page)-1].Seq
		}
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("filter %05b: %v, want %v", mask, got, want)
		}
	}
}
