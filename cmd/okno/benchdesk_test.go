package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/review/activity"
)

// The measured desk is a real one: its record holds, its indexes and counters
// are those of a desk that grew step by step, and every page answers.
func TestBenchDesk(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	file := filepath.Join(t.TempDir(), "figures.json")
	env := func(name string) string {
		return map[string]string{"OKNO_KEY_FILE": dir + ".key"}[name]
	}
	bench := func() (out bytes.Buffer) {
		t.Helper()
		if err := run(t.Context(), []string{"bench", "desk", "-n", "800", "-requests", "3", "-data", dir, "-json", file}, env, &out, &out); err != nil {
			t.Fatal(explain(err), out.String())
		}
		return out
	}
	bench()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var figures struct {
		Submissions int      `json:"submissions"`
		Pages       []figure `json:"pages"`
	}
	if err := json.Unmarshal(text, &figures); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"queue", "take next", "open case", "search, sent", "search, results", "report, 365 days"} {
		i := slices.IndexFunc(figures.Pages, func(f figure) bool { return f.Page == page })
		if i < 0 || figures.Pages[i].N == 0 || figures.Pages[i].P99 <= 0 || figures.Pages[i].P50 > figures.Pages[i].Max {
			t.Errorf("no figures for %s: %+v", page, figures.Pages)
		}
	}

	h := houseIn(t, dir, &bytes.Buffer{})
	report, err := h.history.Verify(t.Context())
	h.must(err)
	if !report.OK() || report.Entries < 800*8 {
		t.Errorf("the record of %d entries: %v", report.Entries, report.Findings)
	}
	fresh := openHouse(t)
	schema := func(h *house) (list []string) {
		h.must(h.data.db.Read(t.Context(), func(rx *sqlite.Rx) error {
			return rx.Select(&list, `SELECT type || ' ' || name || ' ' || replace(COALESCE(sql, ''), '"', '') FROM sqlite_master ORDER BY 1`)
		}))
		return list
	}
	if got, want := schema(h), schema(fresh); !slices.Equal(got, want) {
		for _, line := range got {
			if !slices.Contains(want, line) {
				t.Errorf("the schema has %s", line)
			}
		}
		for _, line := range want {
			if !slices.Contains(got, line) {
				t.Errorf("the schema lacks %s", line)
			}
		}
	}
	count := func(query string) (n int) {
		h.must(h.data.db.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&n, query) }))
		return n
	}
	if n := count(`SELECT COUNT(*) FROM submissions`); n != 800 || figures.Submissions != n {
		t.Errorf("%d submissions", n)
	}
	if open := count(`SELECT COUNT(*) FROM submissions WHERE closed_at = 0`); open != 800*openShare/100 {
		t.Errorf("%d of 800 are open", open)
	}
	if kept, counted := count(`SELECT n FROM queue_counts WHERE view = 'queue'`), count(`SELECT COUNT(*) FROM submissions WHERE status IN ('queued', 'in-review')`); kept != counted || counted == 0 {
		t.Errorf("%d cases kept, %d counted", kept, counted)
	}
	if keys, packed := count(`SELECT COUNT(*) FROM search_keys`), count(`SELECT SUM(LENGTH(keys)) / 16 FROM search_entries`); keys != packed {
		t.Errorf("%d search keys, %d with their entries", keys, packed)
	}
	days := activity.Query{From: time.Now().AddDate(0, 0, -365).Format(time.DateOnly), To: time.Now().AddDate(0, 0, 1).Format(time.DateOnly)}
	days.From = time.Now().AddDate(0, 0, -364).Format(time.DateOnly)
	r, err := h.figures.Report(t.Context(), days, time.Now())
	h.must(err)
	if n := count(`SELECT COUNT(*) FROM activity WHERE kind = 'approved' AND day >= '` + days.From + `'`); r.Approved != n || n == 0 {
		t.Errorf("the report tells of %d approvals, %d were made", r.Approved, n)
	}
	h.must(h.data.close())
	h.data.db, h.data.unlock = nil, nil

	if again := bench(); strings.Contains(again.String(), "filled in") {
		t.Error("a filled desk is filled again")
	}
	other := filepath.Join(t.TempDir(), "other")
	if err := os.MkdirAll(other, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "okno.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"bench", "desk", "-data", other}, env, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
		t.Error("a desk in service would be measured, and its queue taken")
	}
}
