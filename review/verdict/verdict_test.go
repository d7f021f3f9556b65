package verdict_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/db/desktest"
	"okno/rbac"
	"okno/review"
	"okno/review/reviewtest"
	"okno/review/verdict"
)

const holdTime = 30 * time.Second

var (
	anna, boris, senior, supervisor, auditor = reviewtest.Anna, reviewtest.Boris, reviewtest.Senior, reviewtest.Supervisor, reviewtest.Auditor

	passport = review.Target{Slot: review.SlotPassport}
	surname  = review.Target{Field: review.Surname}
	approve  = review.Decision{Outcome: review.Approve}
	blurred  = review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: passport, Reason: "doc-blurry"}}}
	forged   = review.Decision{Outcome: review.Reject, Note: "фото вклеено", Items: []review.Item{{Reason: "doc-tampering-suspected"}}}
	escalate = review.Decision{Outcome: review.Escalate, Note: "не узнаю документ"}
)

type desk struct {
	*desktest.Desk
	verdict *verdict.Service
}

type contacts struct{}

func (contacts) Contact(_ context.Context, _ review.AccountID, ch review.Channel) (string, string, error) {
	if ch == review.SMS {
		return "+79001234567", "ru", nil
	}
	return "", "", review.ErrNotFound
}

func open(t testing.TB, hold time.Duration) *desk {
	t.Helper()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	d := desktest.Open(t)
	return &desk{Desk: d, verdict: &verdict.Service{
		Gate: gate, Store: d.Store, History: d.Ledger, Contacts: contacts{}, Clock: d.Clock, IDs: d.IDs, Hold: hold,
		Wording: review.Wording{
			Term: func(language, key string) string { return language + ":" + key },
			Date: func(_ string, day time.Time) string { return day.Format("02.01.2006") },
		},
	}}
}

func (d *desk) decide(t testing.TB, by review.Actor, s *review.Submission, decision review.Decision) verdict.Result {
	t.Helper()
	r, err := d.verdict.Decide(t.Context(), by, s.ID, s.Version, decision)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestDecisionTakesEffectAfterTheHold(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	sent := len(d.Ledger.Notices())
	r := d.decide(t, anna, s, approve)
	if r.Repeated || !r.Until.Equal(d.Clock.Now().Add(holdTime)) || r.Submission.Status != review.InReview {
		t.Fatalf("%+v", r)
	}
	d.Clock.Add(holdTime - time.Millisecond)
	if n, err := d.verdict.Settle(t.Context()); n != 0 || err != nil {
		t.Fatalf("settled %d early, %v", n, err)
	}
	if len(d.Ledger.Notices()) != sent || len(d.Ledger.Activated()) != 0 {
		t.Fatal("the applicant hears of a decision that may be undone")
	}
	d.Clock.Add(time.Millisecond)
	if n, err := d.verdict.Settle(t.Context()); n != 1 || err != nil {
		t.Fatalf("settled %d, %v", n, err)
	}
	after, err := d.Store.Submission(t.Context(), s.ID)
	if err != nil || after.Status != review.Approved || !slices.Equal(d.Ledger.Activated(), []review.AccountID{s.Account}) {
		t.Errorf("%s, activated %v, %v", after.Status, d.Ledger.Activated(), err)
	}
	if n, err := d.verdict.Settle(t.Context()); n != 0 || err != nil {
		t.Errorf("settled twice: %d, %v", n, err)
	}
}

func TestWithoutHoldItTakesEffectAtOnce(t *testing.T) {
	d := open(t, 0)
	r := d.decide(t, anna, d.Taken(t, anna), blurred)
	if r.Submission.Status != review.CorrectionRequested || !r.Until.IsZero() {
		t.Errorf("%s until %s", r.Submission.Status, r.Until)
	}
}

func TestUndoWithinTheHoldOnly(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	d.decide(t, anna, s, approve)
	if _, err := d.verdict.Undo(t.Context(), boris, s.ID); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("by a colleague: %v", err)
	}
	d.Clock.Add(holdTime - time.Millisecond)
	s, err := d.verdict.Undo(t.Context(), anna, s.ID)
	if err != nil || !s.HeldBy(anna.Staff, d.Clock.Now()) {
		t.Fatal(err)
	}
	d.decide(t, anna, s, blurred)
	d.Clock.Add(holdTime)
	if _, err := d.verdict.Undo(t.Context(), anna, s.ID); !errors.Is(err, review.ErrUndoTooLate) {
		t.Errorf("after the hold: %v", err)
	}
	if n, _ := d.verdict.Settle(t.Context()); n != 1 {
		t.Fatal("did not settle")
	}
	made, err := d.verdict.Decisions(t.Context(), anna, time.Time{}, 10)
	if err != nil || len(made) != 2 {
		t.Fatalf("%v, %v", made, err)
	}
	if made[0].Outcome != review.RequestCorrection || made[0].State != verdict.Effective || made[1].State != verdict.Undone || made[0].Status != review.CorrectionRequested {
		t.Errorf("%+v", made)
	}
}

func TestMyDecisionsOfferUndoWhileItIsPossible(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	d.decide(t, anna, s, approve)
	d.decide(t, boris, d.Taken(t, boris), approve)
	made, err := d.verdict.Decisions(t.Context(), anna, time.Time{}, 10)
	if err != nil || len(made) != 1 || made[0].Number != s.Number {
		t.Fatalf("%v, %v", made, err)
	}
	now := d.Clock.Now()
	if !made[0].Undoable(now.Add(holdTime-1)) || made[0].Undoable(now.Add(holdTime)) {
		t.Errorf("%+v", made[0])
	}
	if _, err := d.verdict.Decisions(t.Context(), auditor, time.Time{}, 10); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("an auditor: %v", err)
	}
}

func TestStaleVersionDecidesNothing(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	if _, err := d.verdict.AddNote(t.Context(), supervisor, s.ID, "посмотрите на печать"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.verdict.Decide(t.Context(), anna, s.ID, s.Version, approve); !errors.Is(err, review.ErrStale) {
		t.Fatalf("an old version: %v", err)
	}
	if _, err := d.verdict.Decide(t.Context(), anna, s.ID, 0, approve); !errors.Is(err, review.ErrStale) {
		t.Fatalf("no version: %v", err)
	}
	after, err := d.Store.Submission(t.Context(), s.ID)
	if err != nil || after.Pending != nil {
		t.Errorf("%v, %v", after.Pending, err)
	}
	d.decide(t, anna, after, approve)
}

func TestDoubleClickDecidesOnce(t *testing.T) {
	for _, hold := range []time.Duration{0, holdTime} {
		for _, decision := range []review.Decision{approve, blurred, forged, escalate, {Outcome: review.Approve, Note: " сверено "}} {
			t.Run(fmt.Sprint(hold, decision.Outcome, decision.Note), func(t *testing.T) {
				d := open(t, hold)
				s := d.Taken(t, anna)
				var wg sync.WaitGroup
				results := make([]verdict.Result, 4)
				for i := range results {
					wg.Go(func() {
						var err error
						if results[i], err = d.verdict.Decide(context.Background(), anna, s.ID, s.Version, decision); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				fresh := 0
				for _, r := range results {
					if !r.Repeated {
						fresh++
					}
				}
				if fresh != 1 || d.Ledger.Count(review.EventDecisionMade) != 1 {
					t.Errorf("%d decisions, %d in the history", fresh, d.Ledger.Count(review.EventDecisionMade))
				}
				if n := d.Ledger.Count(review.EventNoted); n > 1 {
					t.Errorf("%d notes", n)
				}
				// Another decision over the old version is no repetition.
				other := review.Decision{Outcome: review.Approve, Note: "другое"}
				if _, err := d.verdict.Decide(context.Background(), anna, s.ID, s.Version, other); review.KindOf(err) != review.Conflict {
					t.Errorf("another decision: %v", err)
				}
				if _, err := d.verdict.Decide(context.Background(), boris, s.ID, s.Version, decision); review.KindOf(err) != review.Conflict {
					t.Errorf("the same by a colleague: %v", err)
				}
			})
		}
	}
}

func TestDisagreementSentTwice(t *testing.T) {
	d := open(t, 0)
	s := d.Decided(t, anna, forged)
	s = d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(boris, d.Clock.Now()) })
	first := d.decide(t, boris, s, approve)
	again := d.decide(t, boris, s, approve)
	if first.Repeated || !again.Repeated || !again.Submission.Arbiter {
		t.Errorf("%+v, %+v", first, again)
	}
}

func TestTheNoteOfADecisionIsKept(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	d.decide(t, anna, s, review.Decision{Outcome: review.Approve, Note: "звонила в паспортный стол"})
	s, err := d.verdict.Undo(t.Context(), anna, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	d.decide(t, anna, s, review.Decision{Outcome: review.Approve, Note: "звонила в паспортный стол"})
	notes, err := d.Store.Notes(t.Context(), s.ID)
	if err != nil || len(notes) != 1 || notes[0].By != anna.Staff {
		t.Errorf("%v, %v", notes, err)
	}
}

func TestMaskedUntilClaimed(t *testing.T) {
	d := open(t, 0)
	s := d.Queued(t, review.Check{Code: "x", Verdict: review.Warn, Effect: review.NoteOnly})
	look := func(by review.Actor) *verdict.Case {
		t.Helper()
		c, err := d.verdict.Open(t.Context(), by, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	secret := func(c *verdict.Case) bool {
		return len(c.Fields)+len(c.Documents)+len(c.Checks)+len(c.Notes)+len(c.Asked) > 0
	}
	for by, picks := range map[string]bool{"anna": false, "senior": true} {
		if c := look(map[string]review.Actor{"anna": anna, "senior": senior}[by]); !c.Masked || secret(c) || c.Options[verdict.Claim].Allowed != picks {
			t.Errorf("%s before the claim: %+v", by, c)
		}
	}
	if d.Ledger.Count(review.EventCaseOpened) != 0 {
		t.Error("a masked look counts as opening")
	}
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(anna, d.Clock.Now()) })
	if c := look(anna); c.Masked || !c.Mine || len(c.Documents) != 2 || len(c.Checks) != 1 {
		t.Errorf("the holder: %+v", c)
	}
	if d.Ledger.Count(review.EventCaseOpened) != 1 {
		t.Error("opening was not written down")
	}
	for _, by := range []review.Actor{boris, supervisor} {
		if c := look(by); !c.Masked || secret(c) || c.Options[verdict.Claim].Holder != anna.Name {
			t.Errorf("%s: %+v", by.Name, c)
		}
	}
	d.Clock.Add(review.LeaseTerm)
	if c := look(anna); !c.Masked {
		t.Error("the lease is over, the papers are still open")
	}
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(anna, d.Clock.Now()) })
	now, _ := d.Store.Submission(t.Context(), s.ID)
	d.decide(t, anna, now, blurred)
	if c := look(anna); c.Masked {
		t.Error("who decided may look again")
	}
	if c := look(boris); !c.Masked {
		t.Error("a colleague may not")
	}
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(reviewtest.Applicant(s.Account), d.Document(review.SlotPassport), d.Clock.Now())
	})
	d.Send(t, s.ID)
	if c := look(anna); !c.Masked {
		t.Error("a new round is sealed again for everybody")
	}
	if _, err := d.verdict.Open(t.Context(), auditor, s.ID); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("an auditor: %v", err)
	}
	if _, err := d.verdict.Open(t.Context(), anna, d.Draft(t).ID); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a draft: %v", err)
	}
	if _, err := d.verdict.Open(t.Context(), anna, "nobody"); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("nothing: %v", err)
	}
}

func TestWhatChangedSinceTheLastRound(t *testing.T) {
	d := open(t, 0)
	s := d.Taken(t, anna)
	old, _ := s.Document(review.SlotPassport)
	d.decide(t, anna, s, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{
		{Target: passport, Reason: "doc-blurry"}, {Target: surname, Reason: "name-mismatch"}, {Target: review.Target{Field: review.Phone}, Reason: "contact-unreachable"},
	}})
	by := reviewtest.Applicant(s.Account)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Save(by, "person", review.Answers{review.Surname: {Typed: "ОБРАЗЦОВА", Value: "ОБРАЗЦОВА"}}, d.Clock.Now())
	})
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(by, d.Document(review.SlotPassport), d.Clock.Now())
	})
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.ContactChanged(by, review.Phone, d.Clock.Now())
	})
	d.Send(t, s.ID)
	d.Clock.Add(review.FirstRefusal)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(boris, d.Clock.Now()) })
	c, err := d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	changed := map[string]string{}
	for _, f := range c.Fields {
		if f.Changed {
			changed[string(f.Field)] = f.Was + " → " + f.Value
		}
	}
	if len(changed) != 2 || changed["surname"] != "ОБРАЗЦОВ → ОБРАЗЦОВА" || changed["phone"] == "" {
		t.Errorf("%v", changed)
	}
	for _, doc := range c.Documents {
		if want := doc.Slot == review.SlotPassport; doc.Changed != want || want && (doc.Before == nil || doc.Before.ID != old.ID) {
			t.Errorf("%s: %+v", doc.Slot, doc)
		}
	}
	if c.Changes() != 3 || len(c.Asked) != 3 || c.Round != 2 {
		t.Errorf("%d changes, %d asked", c.Changes(), len(c.Asked))
	}
	first := d.Taken(t, anna)
	if c, err := d.verdict.Open(t.Context(), anna, first.ID); err != nil || c.Changes() != 0 {
		t.Errorf("a first round has changes: %v, %v", c.Changes(), err)
	}
}

func TestBlindSecondReview(t *testing.T) {
	d := open(t, 0)
	s := d.Taken(t, anna)
	d.decide(t, anna, s, forged)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(boris, d.Clock.Now()) })
	c, err := d.verdict.Open(t.Context(), boris, s.ID)
	if err != nil || c.First != nil || len(c.Notes) != 0 {
		t.Fatalf("the second reviewer sees %v, %v (%v)", c.First, c.Notes, err)
	}
	tl, err := d.verdict.Timeline(t.Context(), boris, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	hidden := 0
	for _, e := range tl.Entries {
		if e.Hidden {
			hidden++
		}
		if len(e.Reasons) > 0 || e.Detail["outcome"] != "" {
			t.Errorf("the timeline tells: %+v", e)
		}
	}
	if hidden != 2 {
		t.Errorf("%d entries are hidden", hidden)
	}
	own, err := d.verdict.Open(t.Context(), anna, s.ID)
	if err != nil || own.First == nil || len(own.Notes) != 1 {
		t.Errorf("the first reviewer does not see the own verdict: %v", err)
	}
	now, _ := d.Store.Submission(t.Context(), s.ID)
	d.decide(t, boris, now, approve)
	d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(supervisor, d.Clock.Now()) })
	if c, err = d.verdict.Open(t.Context(), supervisor, s.ID); err != nil || c.First == nil || !c.Arbiter || len(c.Notes) != 1 {
		t.Errorf("the arbiter does not see both sides: %+v, %v", c.First, err)
	}
	e := d.Taken(t, anna)
	d.decide(t, anna, e, escalate)
	d.Do(t, e.ID, func(s *review.Submission) (review.Change, error) { return s.Take(senior, d.Clock.Now()) })
	if c, err = d.verdict.Open(t.Context(), senior, e.ID); err != nil || c.First == nil || len(c.Notes) != 1 {
		t.Errorf("what was passed on is hidden: %v", err)
	}
}

func TestMarks(t *testing.T) {
	d := open(t, holdTime)
	s := d.Taken(t, anna)
	for _, step := range []struct {
		verdict string
		marks   int
		wrong   int
	}{{"verified", 1, 0}, {"wrong", 1, 1}, {"open", 0, 0}} {
		got, err := d.verdict.Mark(t.Context(), anna, s.ID, surname, step.verdict)
		if err != nil || len(got.Marks) != step.marks || got.Wrong() != step.wrong {
			t.Errorf("%s: %v, %v", step.verdict, got.Marks, err)
		}
	}
	if _, err := d.verdict.Mark(t.Context(), anna, s.ID, surname, "maybe"); review.KindOf(err) != review.Invalid {
		t.Errorf("unknown verdict: %v", err)
	}
	if _, err := d.verdict.Mark(t.Context(), boris, s.ID, surname, "verified"); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("by a colleague: %v", err)
	}
	if _, err := d.verdict.Mark(t.Context(), auditor, s.ID, surname, "verified"); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("by an auditor: %v", err)
	}
}

func TestPreviewIsWhatWillBeSent(t *testing.T) {
	d := open(t, 0)
	s := d.Taken(t, anna)
	items := []review.Item{{Target: passport, Reason: "doc-blurry"}, {Target: passport, Reason: "documents-inconsistent"}, {Target: surname, Reason: "doc-blurry"}}
	lines, err := d.verdict.Preview(t.Context(), anna, s.ID, review.RequestCorrection, items, "en")
	if err != nil || len(lines) != 2 || lines[1].Missing != review.AskText || lines[1].Text != "" {
		t.Fatalf("%+v, %v", lines, err)
	}
	if !strings.Contains(lines[0].Text, "en:slot.passport") || !strings.Contains(lines[0].Text, "08.12.2026") {
		t.Error(lines[0].Text)
	}
	items[1].Details = "даты рождения"
	if lines, err = d.verdict.Preview(t.Context(), anna, s.ID, review.RequestCorrection, items, "ru"); err != nil {
		t.Fatal(err)
	}
	d.decide(t, anna, s, review.Decision{Outcome: review.RequestCorrection, Items: items[:2], Note: "сверить"})
	var notice review.Notice
	for _, n := range d.Ledger.Notices() {
		if n.Kind == review.NoticeCorrection && n.Channel == review.Mail {
			notice = n
		}
	}
	for i, item := range notice.Items {
		sent, err := item.Text("ru", notice.Params, d.verdict.Wording)
		if err != nil || sent != lines[i].Text {
			t.Errorf("sent %q, previewed %q (%v)", sent, lines[i].Text, err)
		}
	}
	if _, err := d.verdict.Preview(t.Context(), boris, s.ID, review.Reject, items, "ru"); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("a colleague previews: %v", err)
	}
}

func TestOneBadCaseDoesNotKeepTheOthersWaiting(t *testing.T) {
	d := open(t, holdTime)
	for range 3 {
		d.decide(t, anna, d.Taken(t, anna), approve)
	}
	d.Clock.Add(holdTime)
	if n, err := d.verdict.Settle(t.Context()); n != 3 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}
