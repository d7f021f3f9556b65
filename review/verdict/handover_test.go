package verdict_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"okno/review"
	"okno/review/queue"
	"okno/review/reviewtest"
	"okno/review/verdict"
)

func (d *desk) line() *queue.Service {
	return &queue.Service{Gate: d.verdict.Gate, Store: d.Store, Clock: d.Clock, IDs: d.IDs}
}

func TestAnUnfinishedVerdictIsHandedOver(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	if _, err := d.verdict.Mark(t.Context(), anna, s.ID, surname, "wrong"); err != nil {
		t.Fatal(err)
	}
	box := review.Box{Document: s.Documents[0].ID, Page: 1, X: 0.1, Y: 0.2, W: 0.3, H: 0.1}
	kept := review.Sketch{Outcome: review.RequestCorrection, Note: "фамилия мужа", Items: []review.Item{{Target: surname, Reason: "name-mismatch", Box: box}}}
	before, err := d.Store.Submission(t.Context(), s.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.Clock.Add(10 * time.Minute)
	if _, err := d.verdict.KeepSketch(t.Context(), anna, s.ID, kept); err != nil {
		t.Fatal(err)
	}
	if _, err := d.verdict.KeepSketch(t.Context(), boris, s.ID, kept); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a colleague writes into the sketch: %v", err)
	}
	after, err := d.Store.Submission(t.Context(), s.ID)
	if err != nil || after.Version != before.Version || !after.Claim.LeaseUntil.Equal(d.Clock.Now().Add(review.LeaseTerm)) {
		t.Errorf("version %d became %d, lease until %s, %v", before.Version, after.Version, after.Claim.LeaseUntil, err)
	}
	d.Clock.Add(review.LeaseTerm)
	if n, err := d.line().Sweep(t.Context()); n != 1 || err != nil {
		t.Fatalf("swept %d, %v", n, err)
	}
	if _, err := d.line().TakeNext(t.Context(), boris, -1); err != nil {
		t.Fatal(err)
	}
	c, err := d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if k := c.Sketch; k == nil || k.By != anna.Staff || k.Note != kept.Note || !slices.Equal(k.Items, kept.Items) || c.Wrong != 1 {
		t.Errorf("handed over %+v, %d wrong", c.Sketch, c.Wrong)
	}
	tl, err := d.verdict.Timeline(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	var types []review.EventType
	for _, e := range tl.Entries[:3] {
		types = append(types, e.Type)
	}
	if want := []review.EventType{review.EventCaseOpened, review.EventClaimed, review.EventLeaseExpired}; !slices.Equal(types, want) ||
		tl.Entries[1].Detail["from"] != string(anna.Staff) || tl.Entries[2].Detail["holder"] != string(anna.Staff) {
		t.Errorf("the timeline says %v, %v, %v", types, tl.Entries[1].Detail, tl.Entries[2].Detail)
	}
	r := d.decide(t, boris, now(t, d, s.ID), review.Decision{Outcome: review.RequestCorrection, Items: kept.Items})
	if r.Submission.Sketch != nil {
		t.Error("the sketch outlives the decision")
	}
	undone, err := d.verdict.Undo(t.Context(), boris, s.ID)
	if err != nil || undone.Sketch == nil || undone.Sketch.By != boris.Staff || !slices.Equal(undone.Sketch.Items, kept.Items) {
		t.Errorf("after taking it back: %+v, %v", undone.Sketch, err)
	}
}

func now(t *testing.T, d *desk, id review.SubmissionID) *review.Submission {
	t.Helper()
	s, err := d.Store.Submission(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhoAskedForCorrectionsHasFirstRefusal(t *testing.T) {
	d := open(t, 0)
	s := d.Taken(t, anna)
	for target, verdict := range map[review.Target]string{surname: "verified", passport: "wrong"} {
		if _, err := d.verdict.Mark(t.Context(), anna, s.ID, target, verdict); err != nil {
			t.Fatal(err)
		}
	}
	d.decide(t, anna, now(t, d, s.ID), blurred)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), d.Clock.Now())
	})
	d.Send(t, s.ID)
	other := d.Queued(t) // later, and of the same lane
	q := d.line()
	_, err := q.Claim(t.Context(), boris, s.ID)
	if e, _ := errors.AsType[*review.Error](err); !errors.Is(err, review.ErrReserved) || e.Holder != anna.Name {
		t.Errorf("a colleague picks it at once: %v", err)
	}
	if x, err := q.TakeNext(t.Context(), boris, -1); err != nil || x.ID != other.ID {
		t.Errorf("a colleague was handed %v, %v", x, err)
	}
	if x, err := q.TakeNext(t.Context(), anna, -1); err != nil || x.ID != s.ID {
		t.Fatalf("who asked was handed %v, %v", x, err)
	}
	c, err := d.verdict.Open(t.Context(), anna, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range c.Fields {
		if f.Field == review.Surname && (f.Mark == nil || !f.Mark.Verified || f.Mark.Round != 1) {
			t.Errorf("the mark of what stayed the same: %+v", f.Mark)
		}
	}
	for _, doc := range c.Documents {
		if doc.Slot == review.SlotPassport && (doc.Mark != nil || !doc.Changed || doc.Before == nil) {
			t.Errorf("what is new: %+v, changed %v", doc.Mark, doc.Changed)
		}
	}
	if _, err := q.Release(t.Context(), anna, s.ID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := q.Claim(t.Context(), senior, s.ID); err != nil {
		t.Errorf("given back, it is free for all: %v", err)
	}
}

func TestFirstRefusalEnds(t *testing.T) {
	d := open(t, 0)
	s := d.Decided(t, anna, blurred)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), d.Clock.Now())
	})
	d.Send(t, s.ID)
	q := d.line()
	d.Clock.Add(review.FirstRefusal - time.Second)
	if _, err := q.TakeNext(t.Context(), boris, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Errorf("too early: %v", err)
	}
	d.Clock.Add(time.Second)
	if x, err := q.TakeNext(t.Context(), boris, -1); err != nil || x.ID != s.ID {
		t.Errorf("%v, %v", x, err)
	}
}

func TestACaseCanBePutAside(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	q := d.line()
	until := d.Clock.Now().Add(3 * time.Hour)
	for name, c := range map[string]struct {
		reason string
		until  time.Time
	}{"no reason": {" ", until}, "past": {"жду", d.Clock.Now()}, "too far": {"жду", d.Clock.Now().Add(review.MaxParking + time.Second)}} {
		if _, err := q.Park(t.Context(), anna, s.ID, c.reason, c.until); review.KindOf(err) != review.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := q.Park(t.Context(), boris, s.ID, "жду", until); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("by a colleague: %v", err)
	}
	x, err := q.Park(t.Context(), anna, s.ID, "жду ответа консульства", until)
	if err != nil || x.Status != review.Queued || x.Claim != nil || !x.Waits(d.Clock.Now()) {
		t.Fatalf("%+v, %v", x, err)
	}
	if _, err := q.TakeNext(t.Context(), boris, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Errorf("handed out before its time: %v", err)
	}
	p, err := q.List(t.Context(), boris, queue.Filter{})
	if err != nil || len(p.Rows) != 1 || !p.Rows[0].ParkedUntil.Equal(until) {
		t.Errorf("%+v, %v", p.Rows, err)
	}
	d.Clock.Add(3 * time.Hour)
	x, err = q.TakeNext(t.Context(), boris, -1)
	if err != nil || x.Parked != nil {
		t.Fatalf("after its time: %v", err)
	}
	c, err := d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil || len(c.Notes) != 1 || c.Notes[0].Text != "жду ответа консульства" {
		t.Errorf("%+v, %v", c.Notes, err)
	}
}

func TestNobodyJudgesFriendsOrOneself(t *testing.T) {
	d := open(t, holdTime)
	q := d.line()
	s := d.Taken(t, anna)
	if x, err := q.Recuse(t.Context(), anna, s.ID); err != nil || x.Status != review.Queued {
		t.Fatalf("%v", err)
	}
	if _, err := q.Claim(t.Context(), anna, s.ID); !errors.Is(err, review.ErrInterest) {
		t.Errorf("picked in spite of it: %v", err)
	}
	if _, err := q.TakeNext(t.Context(), anna, -1); !errors.Is(err, queue.ErrEmpty) {
		t.Errorf("handed out in spite of it: %v", err)
	}
	q.Own = func(_ context.Context, actor review.Actor, account review.AccountID) (bool, error) {
		return (actor.Staff == boris.Staff || actor.Staff == supervisor.Staff) && account == s.Account, nil
	}
	other := d.Queued(t)
	if x, err := q.TakeNext(t.Context(), boris, -1); err != nil || x.ID != other.ID {
		t.Errorf("one's own application: %v, %v", x, err)
	}
	if _, err := q.Claim(t.Context(), supervisor, s.ID); !errors.Is(err, review.ErrInterest) {
		t.Errorf("one's own application picked: %v", err)
	}
	if x, err := q.TakeNext(t.Context(), senior, -1); err != nil || x.ID != s.ID {
		t.Errorf("somebody else: %v, %v", x, err)
	}
}

func TestNewcomersAndSamplesGetASecondLook(t *testing.T) {
	fourth := review.Check{Code: "duplicate-person", Verdict: review.Fail, Effect: review.Hold, FourEyes: true}
	for name, c := range map[string]struct {
		by     review.Actor
		rule   review.Oversight
		draw   float64
		made   int // decisions in effect before
		checks []review.Check
		d      review.Decision
		want   []review.Ground
	}{
		"the first of a newcomer":      {anna, review.Oversight{Probation: 2}, 0.9, 0, nil, approve, []review.Ground{review.GroundProbation}},
		"the last of a newcomer":       {anna, review.Oversight{Probation: 2}, 0.9, 1, nil, approve, []review.Ground{review.GroundProbation}},
		"no newcomer any more":         {anna, review.Oversight{Probation: 2}, 0.9, 2, nil, approve, nil},
		"a newcomer's refusal":         {anna, review.Oversight{Probation: 2}, 0.9, 0, nil, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}}, []review.Ground{review.GroundProbation}},
		"a newcomer asks":              {anna, review.Oversight{Probation: 2}, 0.9, 0, nil, blurred, nil},
		"a senior reviewer":            {senior, review.Oversight{Probation: 2}, 0.9, 0, nil, approve, nil},
		"drawn":                        {senior, review.Oversight{Sample: 0.05}, 0.07, 0, nil, approve, []review.Ground{review.GroundSample}},
		"drawn less often with a hold": {senior, review.Oversight{Sample: 0.05}, 0.07, 0, []review.Check{{Code: "x", Verdict: review.Fail, Effect: review.Hold}}, review.Decision{Outcome: review.Approve, Note: "сверено"}, nil},
		"not drawn":                    {senior, review.Oversight{Sample: 0.05}, 0.08, 0, nil, approve, nil},
		"over a hold for two":          {senior, review.Oversight{}, 0.9, 0, []review.Check{fourth}, review.Decision{Outcome: review.Approve, Note: "разные люди"}, []review.Ground{review.GroundHold}},
		"escalated":                    {anna, review.Oversight{}, 0.9, 0, nil, escalate, []review.Ground{review.GroundEscalated}},
		"a starred reason":             {anna, review.Oversight{}, 0.9, 0, nil, forged, []review.Ground{review.GroundReason}},
	} {
		t.Run(name, func(t *testing.T) {
			d := open(t, 0)
			for range c.made {
				d.decide(t, c.by, d.Taken(t, c.by), blurred)
			}
			d.verdict.Oversight, d.verdict.Draw = c.rule, func() float64 { return c.draw }
			s := d.decide(t, c.by, d.Taken(t, c.by, c.checks...), c.d).Submission
			if c.want == nil {
				if s.Status == review.SecondReview {
					t.Fatalf("looked at by a second person: %v", s.First.Grounds)
				}
				return
			}
			if s.Status != review.SecondReview || !slices.Equal(s.First.Grounds, c.want) {
				t.Fatalf("%s, %+v", s.Status, s.First)
			}
		})
	}
}

func TestTheSecondLookIsBlind(t *testing.T) {
	d := open(t, 0)
	s := d.Taken(t, anna)
	if _, err := d.verdict.Mark(t.Context(), anna, s.ID, surname, "wrong"); err != nil {
		t.Fatal(err)
	}
	d.decide(t, anna, now(t, d, s.ID), forged)
	s = d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(boris, d.Clock.Now()) })
	c, err := d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	if c.First != nil || c.Wrong != 0 || c.Sketch != nil || len(c.Notes) != 0 {
		t.Errorf("the second reviewer sees %+v, %d wrong, %+v, %v", c.First, c.Wrong, c.Sketch, c.Notes)
	}
	for _, f := range c.Fields {
		if f.Mark != nil {
			t.Errorf("the first reviewer's mark on %s", f.Field)
		}
	}
	tl, err := d.verdict.Timeline(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range tl.Entries {
		if e.Detail["outcome"] != "" || e.Detail["verdict"] != "" || len(e.Reasons) > 0 || len(e.Grounds()) > 0 {
			t.Errorf("the timeline gives %s away: %v %v", e.Type, e.Detail, e.Reasons)
		}
	}
	if o := d.verdict.Options(boris, s, d.Clock.Now())[verdict.Approve]; !o.Allowed {
		t.Errorf("no approval: %s", o.Why)
	}
	d.decide(t, boris, s, forged)
	c, err = d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil || c.Last == nil || !slices.Equal(c.Last.With, []review.StaffID{anna.Staff}) {
		t.Errorf("afterwards: %+v, %v", c.Last, err)
	}
}
