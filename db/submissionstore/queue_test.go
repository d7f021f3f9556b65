package submissionstore

import (
	"slices"
	"strings"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/queue"
)

// TestQueueStatementsUseIndexes asks the planner about every statement of the
// desk: none may read the table from end to end, or sort.
func TestQueueStatementsUseIndexes(t *testing.T) {
	d := dbtest.Open(t)
	now := time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)
	attention := review.LaneAttention
	type statement struct {
		name, text string
		args       []any
	}
	var all []statement
	add := func(name, text string, args []any) { all = append(all, statement{name, text, args}) }
	for _, tab := range queue.Tabs {
		for name, q := range map[string]queue.Query{
			"plain":       {},
			"after":       {After: queue.Cursor{Due: now, ID: "x"}},
			"citizenship": {Citizenship: "UZB"},
			"everything":  {Citizenship: "UZB", Track: review.ForeignCitizen, Lane: &attention, DueBefore: now, After: queue.Cursor{Due: now, ID: "x"}},
		} {
			q.Tab, q.Staff, q.Limit = tab, "anna", 26
			for part := queue.StageUrgent; part <= queue.StageAttention; part++ {
				text, args := listQuery(q, part)
				add("list "+string(tab)+" "+name, text, args)
			}
			if tab != queue.Mine && tab != queue.Unreachable && tab != queue.Appeals {
				text, args := newsQuery(q, now)
				add("news "+string(tab)+" "+name, text, args)
			}
		}
	}
	add("count mine", mineQuery, []any{"anna"})
	add("count appeals", appealsQuery, nil)
	add("citizenships", citizenshipsQuery, nil)
	add("held", heldQuery, []any{"anna", 1})
	add("decisions", decisionsQuery, []any{"anna", 1, 10})
	add("decided", decidedQuery, []any{"anna", 50})
	add("mentions", mentionsQuery, []any{"anna", 1, 10})
	add("unseen", unseenQuery, []any{"anna"})
	add("saved views", savedQuery, []any{"anna"})
	add("links", linksQuery, []any{"a", "a"})
	for _, p := range []queue.Pick{{Staff: "anna", Now: now}, {Staff: "anna", Now: now, Second: true}, {Staff: "anna", Now: now, Second: true, Senior: true, Arbiter: true}, {Staff: "anna", Now: now, Arbiter: true}} {
		for _, q := range nextQueries(p) {
			add("next", q.text, append(slices.Clone(q.args), 16, 0))
		}
	}
	err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { // a planner without figures guesses; give it some
		_, err := tx.Exec(`ANALYZE`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		var plan []struct {
			ID, Parent, Notused int
			Detail              string
		}
		if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Select(&plan, `EXPLAIN QUERY PLAN `+s.text, s.args...) }); err != nil {
			t.Fatalf("%s: %v\n%s", s.name, err, s.text)
		}
		for _, p := range plan {
			bare := strings.HasPrefix(p.Detail, "SCAN submissions") || strings.HasPrefix(p.Detail, "SCAN s") || strings.HasPrefix(p.Detail, "SCAN d")
			partial := strings.Contains(p.Detail, "INDEX submissions_desk") || strings.Contains(p.Detail, "INDEX submissions_second") || strings.Contains(p.Detail, "INDEX submissions_appeal")
			// What never arrived is a handful, found through the messages: it is sorted.
			sorts := strings.Contains(p.Detail, "TEMP B-TREE") && !strings.Contains(s.name, "unreachable")
			if bare && !partial || sorts {
				t.Errorf("%s: %s\n%s", s.name, p.Detail, s.text)
			}
		}
	}
}
