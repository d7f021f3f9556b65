package main

import (
	"bytes"
	"encoding/base32"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/cmd/internal/specimen"
	"okno/db/sqlite"
	"okno/review"
)

// wanted is how many submissions of a demo desk stand where.
var wanted = map[string]int{
	"approved": 378, "second-review": 4, "in-review": 12, "queued": 22, "correction-requested": 26, "rejected": 36, "withdrawn": 9, "expired": 13,
}

// filled fills the desk of a folder as it stands at a moment, with one small
// picture in place of every paper.
func filled(t *testing.T, h *house, now time.Time) {
	t.Helper()
	f := &filler{ctx: t.Context(), d: h.desk, now: now, staff: map[string]review.Actor{}, password: "none", progress: func(int, int) {},
		paint: func(specimen.Case, specimen.Scan) specimen.Filing {
			return specimen.Filing{Name: "SPECIMEN.jpg", Original: stamp(), Page: stamp(), Thumb: stamp(), Width: 1600, Height: 1130}
		}}
	h.must(f.appoint(t.Context()))
	h.must(f.fill(t.Context()))
}

// standing counts the submissions by where they stand; one whose approval is
// still on hold counts as approved.
func standing(h *house) map[string]int {
	h.t.Helper()
	var rows []struct {
		Status string
		N      int
	}
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT CASE WHEN pending_outcome = 'approve' THEN 'approved' ELSE status END AS status, count(*) AS n FROM submissions GROUP BY 1`)
	}))
	all := map[string]int{}
	for _, r := range rows {
		all[r.Status] = r.N
	}
	return all
}

// figures are the rows behind the reports, without their numbering.
func figures(h *house) (list []string) {
	h.t.Helper()
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&list, `
			SELECT submission || ' ' || at || ' ' || day || ' ' || kind || ' ' || track || ' ' || citizenship || ' ' || actor || ' ' ||
				round || ' ' || second || ' ' || wait || ' ' || spent || ' ' || desk FROM activity
			UNION ALL SELECT kind || ' ' || day || ' ' || track || ' ' || reason || ' ' || count(*) FROM activity_reasons GROUP BY kind, day, track, reason
			UNION ALL SELECT submission || ' ' || track || ' ' || received || ' ' || waiting || ' ' || second || ' ' || sent_at || ' ' ||
				running_since || ' ' || used || ' ' || claimed_at FROM activity_state ORDER BY 1`)
	}))
	return list
}

func TestFillingSucceedsAtAnyMoment(t *testing.T) {
	t.Parallel()
	for name, now := range map[string]time.Time{
		"midnight":     time.Date(2026, 12, 31, 21, 0, 0, 0, time.UTC),
		"after a leap": time.Date(2028, 2, 29, 12, 0, 0, 1, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := openHouse(t)
			filled(t, h, now)
			if got := standing(h); !maps.Equal(got, wanted) {
				t.Errorf("got %v, want %v", got, wanted)
			}
			if name != "morning" {
				return
			}
			h.isWhole()
			before := figures(h)
			h.must(h.figures.Rebuild(t.Context()))
			if after := figures(h); len(before) < 1000 || !slices.Equal(before, after) {
				t.Errorf("%d figures, %d after making them anew from the history", len(before), len(after))
			}
		})
	}
}

func TestSignInsOfTheDemoArePrinted(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	list := func() (all []signIn) {
		t.Helper()
		var out bytes.Buffer
		if err := run(t.Context(), []string{"demo", "-sign-ins", "-data", dir}, func(string) string { return "" }, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(&out)
		d.DisallowUnknownFields()
		if err := d.Decode(&all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	all := list()
	roles := map[review.Role]int{}
	for _, s := range all {
		roles[s.Role]++
		if secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s.Secret); err != nil || len(secret) != 20 {
			t.Errorf("%s: secret of %d bytes, %v", s.Email, len(secret), err)
		}
		if !strings.Contains(s.Email, "@") || len(s.Password) < 12 || s.Name == "" {
			t.Errorf("%+v", s)
		}
	}
	for _, r := range review.StaffRoles {
		if roles[r] == 0 {
			t.Errorf("nobody is %s", r)
		}
	}
	if again := list(); !slices.EqualFunc(all, again, func(a, b signIn) bool { return a.Email == b.Email && a.Password == b.Password && a.Secret == b.Secret }) {
		t.Error("another call prints other sign-ins")
	}
}

func TestFolderOfADemoIsUsedAgainAndACutOffOneStartsOver(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "demo")
	if ready, err := clearHalf(dir); ready || err != nil {
		t.Fatalf("no folder: %v, %v", ready, err)
	}
	t.Run("make", func(t *testing.T) { houseIn(t, dir, io.Discard).queued() })
	if _, err := clearHalf(dir); err == nil || !strings.Contains(err.Error(), "holds a real desk") {
		t.Errorf("a real desk: %v", err)
	}
	mark := filepath.Join(dir, demoMark)
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(mark, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("ready")
	if ready, err := clearHalf(dir); !ready || err != nil {
		t.Errorf("a filled one: %v, %v", ready, err)
	}
	t.Run("again", func(t *testing.T) {
		if n := standing(houseIn(t, dir, io.Discard))["queued"]; n != 1 {
			t.Errorf("%d cases in the folder that is used again", n)
		}
	})
	write("filling")
	if ready, err := clearHalf(dir); ready || err != nil {
		t.Errorf("a half filled one: %v, %v", ready, err)
	}
	t.Run("over", func(t *testing.T) {
		h := houseIn(t, dir, io.Discard)
		if n := len(standing(h)); n != 0 || h.entries() != 0 {
			t.Errorf("%d cases and %d entries are left", n, h.entries())
		}
		h.queued() // its keys still work
	})
}
