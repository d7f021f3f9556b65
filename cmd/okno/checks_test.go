package main

import (
	"bytes"
	"strings"
	"testing"

	"okno/review"
	"okno/review/check"
	"okno/review/scan"
)

func TestARuleIsReplayedBeforeItIsSwitchedOn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for range 3 {
		h.queued()
	}
	var out bytes.Buffer
	p := program{stdout: &out, stderr: &out}
	if err := p.listRules(t.Context(), h.desk.checks); err != nil || !strings.Contains(out.String(), check.MRZName) {
		t.Errorf("%v: %q", err, out.String())
	}
	if !strings.Contains(out.String(), scan.Readers()+". Of what is in the queue, 3 will") {
		t.Errorf("nothing is said of what waits: %q", out.String())
	}
	out.Reset()
	if err := p.replay(t.Context(), h.desk.checks, check.Velocity, "2026-12", 100); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); !strings.Contains(got, "velocity: 2026-11 now, 2026-12 on trial; 3 cases, 0 would be told something else") || !strings.Contains(got, "skipped unknown") {
		t.Errorf("the report says %q", got)
	}
	if err := p.replay(t.Context(), h.desk.checks, check.Velocity, "1999-01", 100); err == nil {
		t.Error("a version nobody knows was replayed")
	}
	if err := h.desk.checks.Switch(t.Context(), review.System(), "no-such-check", ""); err == nil {
		t.Error("a check nobody knows was switched off")
	}
	reviewer := h.appoint(review.RoleReviewer)
	if err := h.desk.checks.Switch(t.Context(), reviewer, check.Velocity, "2026-12"); review.KindOf(err) != review.Forbidden {
		t.Errorf("a reviewer switched a rule: %v", err)
	}
	if err := h.desk.checks.Switch(t.Context(), review.System(), check.Velocity, "2026-12"); err != nil {
		t.Fatal(err)
	}
	set, err := h.desk.checks.Set(t.Context())
	if err != nil || set.Version(check.Velocity) != "2026-12" {
		t.Errorf("on: %q, %v", set.Version(check.Velocity), err)
	}
	// What waits in the queue is checked again, once.
	stale, err := h.desk.submissions.Stale(t.Context(), set.Print(), 10)
	if err != nil || len(stale) != 3 {
		t.Fatalf("%d stale, %v", len(stale), err)
	}
	if _, err := h.desk.checks.Catch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stale, err = h.desk.submissions.Stale(t.Context(), set.Print(), 10); err != nil || len(stale) != 0 {
		t.Errorf("%d stale after that, %v", len(stale), err)
	}
}
