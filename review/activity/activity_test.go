package activity_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"okno/review"
	"okno/review/activity"
)

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		q    activity.Query
		want string // faulty field and code
		days int
	}{
		{activity.Query{From: "2026-11-01", To: "2026-11-30"}, "", 30},
		{activity.Query{From: "2026-11-22", To: "2026-11-22"}, "", 1},
		{activity.Query{From: "2027-12-31", To: "2028-12-30"}, "", 366},
		{activity.Query{From: "2027-12-31", To: "2028-12-31"}, "to too-long", 0},
		{activity.Query{From: "2026-11-02", To: "2026-11-01"}, "to before-from", 0},
		{activity.Query{From: "2026-02-30", To: "2026-11-01"}, "from not-a-date", 0},
		{activity.Query{From: "2026-02-01", To: "tomorrow"}, "to not-a-date", 0},
		{activity.Query{From: "2026-02-01", To: "2026-02-01", Track: "other"}, "track unknown", 0},
	} {
		err := c.q.Check()
		got := ""
		if e, ok := errors.AsType[*review.Error](err); ok {
			got = e.Fields[0].Field + " " + e.Fields[0].Code
		}
		if got != c.want {
			t.Errorf("%+v: %q, want %q", c.q, got, c.want)
		}
		if c.want == "" && len(c.q.Days()) != c.days {
			t.Errorf("%+v has %d days", c.q, len(c.q.Days()))
		}
	}
}

func TestNearestRank(t *testing.T) {
	for _, c := range []struct {
		h           activity.Histogram
		median, p90 time.Duration
	}{
		{activity.Histogram{}, 0, 0},
		{activity.Histogram{7: 1}, 7 * time.Second, 7 * time.Second},
		{activity.Histogram{1: 1, 2: 1}, time.Second, 2 * time.Second},
		{activity.Histogram{1: 5, 2: 4, 9: 1}, time.Second, 2 * time.Second},
		{activity.Histogram{1: 5, 2: 3, 9: 2}, time.Second, 9 * time.Second},
	} {
		if got := c.h.Times(); got.Median != c.median || got.P90 != c.p90 {
			t.Errorf("%v: %+v", c.h, got)
		}
	}
}

type desk struct {
	events []review.Event
	fail   error
	deny   error
	asked  activity.Query
}

func (d *desk) Allow(review.Actor, review.Action) error { return d.deny }

func (d *desk) Record(_ context.Context, events ...review.Event) error {
	d.events = append(d.events, events...)
	return d.fail
}

func (d *desk) Report(_ context.Context, q activity.Query, _ time.Time) (activity.Report, error) {
	d.asked = q
	return activity.Report{Query: q, Approved: 3}, nil
}

func TestExportLeavesATraceOrNothing(t *testing.T) {
	d := &desk{}
	s := &activity.Service{Gate: d, Figures: d, History: d, Clock: review.SystemClock{}}
	by := review.Actor{Staff: "irina", Roles: []review.Role{review.RoleSupervisor}, RequestID: "r1"}
	q := activity.Query{From: "2026-11-01", To: "2026-11-30", Track: review.FromAbroad}
	if _, err := s.Export(t.Context(), by, q); err != nil || len(d.events) != 1 {
		t.Fatalf("%v, %d events", err, len(d.events))
	}
	if e := d.events[0]; e.Type != review.EventReportExported || e.Actor != "irina" || e.Detail["from"] != q.From || e.Detail["track"] != "from-abroad" || e.RequestID != "r1" {
		t.Errorf("event %+v", e)
	}
	if _, err := s.Report(t.Context(), by, q); err != nil || len(d.events) != 1 {
		t.Errorf("looking: %v, %d events", err, len(d.events))
	}
	d.fail = errors.New("disk full")
	if _, err := s.Export(t.Context(), by, q); err == nil {
		t.Error("a file without a trace")
	}
	d.deny = review.ErrForbidden
	if _, err := s.Export(t.Context(), by, q); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("denied export: %v", err)
	}
	if _, err := s.Report(t.Context(), by, q); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("denied report: %v", err)
	}
}

func TestAClockSetBackGivesNoNegativeTimes(t *testing.T) {
	at := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	var st activity.State
	var rows []activity.Row
	for _, e := range []review.Event{
		{Type: review.EventSubmitted, At: at},
		{Type: review.EventChecked, At: at.Add(time.Second)},
		{Type: review.EventClaimed, At: at.Add(-time.Hour), Actor: "anna"},
		{Type: review.EventApproved, At: at.Add(-2 * time.Hour), Actor: "anna"},
	} {
		rows = append(rows, st.Apply(e)...)
	}
	if len(rows) != 3 || rows[1].Wait != 0 || rows[2].Spent != 0 || rows[2].Desk != 0 {
		t.Errorf("%+v", rows)
	}
}
