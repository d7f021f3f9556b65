package review_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review"
)

func item(target, reason string) review.Item {
	t, ok := review.ParseTarget(target)
	if !ok {
		panic(target)
	}
	return review.Item{Target: t, Reason: review.ReasonCode(reason)}
}

func faults(err error) string {
	e, ok := errors.AsType[*review.Error](err)
	if !ok {
		return fmt.Sprint(err)
	}
	if len(e.Fields) == 0 {
		return e.Code
	}
	return e.Fields[0].Field + " " + e.Fields[0].Code
}

func TestWhatADecisionNeeds(t *testing.T) {
	const passport, surname = "doc:passport", "field:surname"
	six := []review.Item{item(passport, "doc-blurry"), item(passport, "doc-glare"), item(passport, "doc-cropped"),
		item(passport, "doc-not-color"), item(surname, "name-mismatch"), item("field:birth-date", "birth-data-mismatch")}
	long := strings.Repeat("я", review.MaxNote+1)
	detailed := func(target, reason, details string) review.Item {
		i := item(target, reason)
		i.Details = details
		return i
	}
	for _, c := range []struct {
		name     string
		outcome  review.Outcome
		note     string
		items    []review.Item
		holds    int
		wrong    bool
		requests int
		want     string // field and code of the fault, empty when it is fine
	}{
		{name: "approve", outcome: review.Approve},
		{name: "approve with reasons", outcome: review.Approve, items: six[:1], want: "reasons not-for-approval"},
		{name: "approve over a hold", outcome: review.Approve, holds: 1, want: "note holds-need-note"},
		{name: "approve over a hold, spaces", outcome: review.Approve, holds: 1, note: " \n ", want: "note holds-need-note"},
		{name: "approve over a hold with note", outcome: review.Approve, holds: 1, note: "сверено"},
		{name: "approve over a wrong mark", outcome: review.Approve, wrong: true, want: "note marks-need-note"},
		{name: "approve over a wrong mark with note", outcome: review.Approve, wrong: true, note: "опечатка в метке"},
		{name: "approve after three rounds", outcome: review.Approve, requests: 3},
		{name: "note too long", outcome: review.Approve, note: long, want: "note length"},
		{name: "longest note", outcome: review.Approve, note: long[:len(long)-2]},
		{name: "correct nothing", outcome: review.RequestCorrection, want: "reasons empty"},
		{name: "correct five", outcome: review.RequestCorrection, items: six[:5]},
		{name: "correct six", outcome: review.RequestCorrection, items: six, want: "reasons too-many"},
		{name: "correct the same twice", outcome: review.RequestCorrection, items: []review.Item{six[0], six[0]}, want: "reasons twice"},
		{name: "correct a fourth time", outcome: review.RequestCorrection, items: six[:1], requests: 3, want: "rounds-used-up"},
		{name: "correct without target", outcome: review.RequestCorrection, items: []review.Item{item("case", "doc-blurry")}, want: "reason.case.doc-blurry target"},
		{name: "correct a slot of the other track", outcome: review.RequestCorrection, items: []review.Item{item("doc:residence-proof", "doc-blurry")}, want: "reason.doc:residence-proof.doc-blurry target"},
		{name: "correct a field with a document's reason", outcome: review.RequestCorrection, items: []review.Item{item(surname, "doc-blurry")}, want: "reason.field:surname.doc-blurry target"},
		{name: "correct with a final reason", outcome: review.RequestCorrection, items: []review.Item{item("case", "duplicate-account")}, want: "reason.case.duplicate-account not-correctable"},
		{name: "correct with a reason of the other track", outcome: review.RequestCorrection, items: []review.Item{item("doc:residence-proof", "foreign-residence-proof-needed")}, want: "reason.doc:residence-proof.foreign-residence-proof-needed unknown"},
		{name: "correct with an unknown reason", outcome: review.RequestCorrection, items: []review.Item{item(passport, "ugly")}, want: "reason.doc:passport.ugly unknown"},
		{name: "correct without details", outcome: review.RequestCorrection, note: "x", items: []review.Item{item(passport, "documents-inconsistent")}, want: "reason.doc:passport.documents-inconsistent details"},
		{name: "correct with endless details", outcome: review.RequestCorrection, note: "x", items: []review.Item{detailed(passport, "documents-inconsistent", long[:802])}, want: "reason.doc:passport.documents-inconsistent details-length"},
		{name: "correct with details", outcome: review.RequestCorrection, note: "x", items: []review.Item{detailed(passport, "documents-inconsistent", "даты рождения")}},
		{name: "correct without the note", outcome: review.RequestCorrection, items: []review.Item{detailed(passport, "documents-inconsistent", "даты")}, want: "note reason-needs-note"},
		{name: "reject nothing", outcome: review.Reject, want: "reasons empty"},
		{name: "reject for good", outcome: review.Reject, items: []review.Item{item("case", "duplicate-account")}},
		{name: "reject without the note", outcome: review.Reject, items: []review.Item{item("case", "doc-tampering-suspected")}, want: "note reason-needs-note"},
		{name: "reject what can be corrected", outcome: review.Reject, items: []review.Item{item(passport, "doc-blurry")}, want: "reason.doc:passport.doc-blurry not-final"},
		{name: "reject without the document that the text names", outcome: review.Reject, items: []review.Item{item("case", "doc-expired")}, want: "reason.case.doc-expired target"},
		{name: "reject with the document", outcome: review.Reject, items: []review.Item{item(passport, "doc-expired")}},
		{name: "reject a duplicate without its number", outcome: review.Reject, items: []review.Item{item("case", "duplicate-application")}, want: "reason.case.duplicate-application details"},
		{name: "reject a duplicate with a wrong number", outcome: review.Reject, items: []review.Item{detailed("case", "duplicate-application", "2600481276")}, want: "reason.case.duplicate-application details-number"},
		{name: "reject a duplicate", outcome: review.Reject, items: []review.Item{detailed("case", "duplicate-application", "№ 26 004 812 75")}},
		{name: "reject after three rounds", outcome: review.Reject, items: []review.Item{item(passport, "doc-expired")}, requests: 3, want: "rounds-used-up"},
		{name: "escalate", outcome: review.Escalate, note: "не уверен"},
		{name: "escalate without note", outcome: review.Escalate, want: "note empty"},
		{name: "escalate with reasons", outcome: review.Escalate, note: "x", items: six[:1], want: "wrong-status"},
		{name: "something else", outcome: "maybe", want: "outcome unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			checks := slices.Repeat([]review.Check{hold("mrz-name", false)}, c.holds)
			w := queued(t, checks...).take(anna)
			w.s.Requests = c.requests
			if c.wrong {
				w.did(w.s.MarkTarget(anna, review.Target{Field: review.Surname}, false, w.at))
			}
			change, err := w.s.Decide(anna, review.Decision{Outcome: c.outcome, Note: c.note, Items: c.items}, time.Minute, w.at)
			got := ""
			if err != nil {
				got = faults(err)
			}
			if got != c.want {
				t.Fatalf("got %q, want %q", got, c.want)
			}
			if err == nil && (w.s.Pending == nil || types(change)[0] != review.EventDecisionMade) {
				t.Errorf("pending %v, %v", w.s.Pending, types(change))
			}
			if err != nil && w.s.Pending != nil {
				t.Error("refused, yet pending")
			}
		})
	}
}

func TestThreeRoundsThenASupervisor(t *testing.T) {
	w := queued(t)
	for i := range review.MaxRounds {
		w.take(anna).decide(anna, blurred(review.SlotPassport))
		w.did(w.s.PutDocument(applicant, review.Document{ID: review.DocumentID(fmt.Sprint("again-", i)), Slot: review.SlotPassport}, w.at))
		w.did(w.s.Send(applicant, w.at))
		w.did(w.s.Checked(review.System(), nil, w.at))
	}
	w.take(anna)
	if _, err := w.s.Decide(anna, blurred(review.SlotPassport), 0, w.at); faults(err) != "rounds-used-up" {
		t.Fatalf("a fourth round: %v", err)
	}
	w.decide(anna, review.Decision{Outcome: review.Escalate, Note: "три круга"})
	if !w.s.Arbiter {
		t.Fatal("no arbiter is asked for")
	}
	if _, err := w.s.Take(senior, w.at); !errors.Is(err, review.ErrArbiterNeeded) {
		t.Errorf("a senior reviewer: %v", err)
	}
	w.take(supervisor)
	w.decide(supervisor, review.Decision{Outcome: review.Reject, Items: []review.Item{item("doc:passport", "doc-blurry")}}) // exhausted: now it may refuse
	if w.s.Status != review.Rejected {
		t.Errorf("became %s", w.s.Status)
	}
}

func TestUndo(t *testing.T) {
	const holdTime = 30 * time.Second
	w := queued(t).take(anna)
	w.did(w.s.Decide(anna, review.Decision{Outcome: review.Approve}, holdTime, w.at))
	if len(w.c.Notices) != 0 || w.c.Activate {
		t.Fatal("the applicant hears of a decision that may be undone")
	}
	if _, err := w.s.Undo(boris, w.at); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("by another: %v", err)
	}
	if _, err := w.s.Settle(w.at.Add(holdTime - time.Millisecond)); !errors.Is(err, review.ErrTransition) {
		t.Errorf("settled early: %v", err)
	}
	w.wait(holdTime - time.Millisecond)
	w.did(w.s.Undo(anna, w.at))
	if w.s.Pending != nil || !w.s.HeldBy("anna", w.at.Add(review.LeaseTerm-1)) || w.s.Status != review.InReview {
		t.Errorf("%s, %v", w.s.Status, w.s.Claim)
	}
	w.did(w.s.Decide(anna, blurred(review.SlotPassport), holdTime, w.at))
	w.wait(holdTime)
	if _, err := w.s.Undo(anna, w.at); !errors.Is(err, review.ErrUndoTooLate) {
		t.Errorf("after the hold: %v", err)
	}
	w.did(w.s.Settle(w.at))
	if w.s.Status != review.CorrectionRequested || w.s.Claim != nil || w.s.Pending != nil {
		t.Errorf("%s, %v", w.s.Status, w.s.Claim)
	}
	if _, err := w.s.Undo(anna, w.at); !errors.Is(err, review.ErrUndoTooLate) {
		t.Errorf("after it took effect: %v", err)
	}
}

func TestADecisionNearTheEndOfTheLeaseStillTakesEffect(t *testing.T) {
	w := queued(t).take(anna)
	w.at = w.s.Claim.LeaseUntil.Add(-time.Second)
	w.did(w.s.Decide(anna, review.Decision{Outcome: review.Approve}, 30*time.Second, w.at))
	w.wait(20 * time.Second)
	if _, err := w.s.ExpireLease(review.System(), w.at); err == nil {
		t.Error("the lease ran out under a waiting decision")
	}
	w.wait(10 * time.Second)
	w.did(w.s.Settle(w.at))
	if w.s.Status != review.Approved {
		t.Error(w.s.Status)
	}
}

func TestWhatTakesEffect(t *testing.T) {
	w := in(t, review.InReview).decide(anna, review.Decision{Outcome: review.Approve})
	if !w.c.Activate || !slices.Equal(types(w.c), []review.EventType{review.EventApproved, review.EventAccountActivated}) {
		t.Errorf("approved: activate %v, %v", w.c.Activate, types(w.c))
	}
	if e := w.c.Events[0]; e.Before != review.InReview || e.After != review.Approved || e.Actor != "anna" || e.Role != review.RoleReviewer {
		t.Errorf("%+v", e)
	}
	if len(w.c.Notices) != 2 || w.s.ClosedAt != w.at {
		t.Errorf("%d notices", len(w.c.Notices))
	}
	w = in(t, review.InReview).decide(anna, review.Decision{Outcome: review.Reject, Items: []review.Item{item("doc:passport", "doc-expired")}})
	n := w.c.Notices[0]
	if w.c.Activate || n.Kind != review.NoticeRejected || len(n.Items) != 1 || n.Params["appealDeadline"] != "2026-12-31" || n.Params["number"] != "26 004 812 75" {
		t.Errorf("rejected: %+v", n)
	}
	w = in(t, review.InReview).decide(anna, blurred(review.SlotPassport))
	n = w.c.Notices[0]
	if n.Kind != review.NoticeCorrection || n.Params["deadline"] != "2026-12-08" || w.s.Requests != 1 || !w.s.CorrectionDue.Equal(w.at.Add(review.CorrectionTerm)) {
		t.Errorf("corrections: %+v", n)
	}
	if w.c.Events[0].Reasons[0] != "doc-blurry" {
		t.Errorf("%+v", w.c.Events[0])
	}
}

func TestWhenTwoPairsOfEyesAreNeeded(t *testing.T) {
	star := func(code, target string) review.Decision {
		return review.Decision{Outcome: review.Reject, Note: "x", Items: []review.Item{item(target, code)}}
	}
	approve := review.Decision{Outcome: review.Approve, Note: "сверено"}
	for _, c := range []struct {
		name   string
		d      review.Decision
		change func(s *review.Submission)
		want   bool
	}{
		{"plain approval", approve, nil, false},
		{"approval over a plain hold", approve, func(s *review.Submission) { s.Checks = []review.Check{hold("mrz-expiry", false)} }, false},
		{"approval over a hold of four eyes", approve, func(s *review.Submission) { s.Checks = []review.Check{hold("duplicate-person", true)} }, true},
		{"stateless", approve, func(s *review.Submission) { s.Answers[review.Citizenship] = review.Answer{Value: "XXA"} }, true},
		{"unknown citizenship", approve, func(s *review.Submission) { s.Answers[review.Citizenship] = review.Answer{Value: "XXX"} }, true},
		{"partial birth date", approve, func(s *review.Submission) { s.Answers[review.BirthDate] = review.Answer{Value: "1991"} }, true},
		{"forged", star("doc-tampering-suspected", "case"), nil, true},
		{"not confirmed", star("identity-not-confirmed", "case"), nil, true},
		{"reported invalid", star("doc-reported-invalid", "doc:passport"), nil, true},
		{"overstayed", star("stay-expired", "case"), nil, true},
		{"expired document", star("doc-expired", "doc:passport"), nil, false},
		{"correction of a starred reason", review.Decision{Outcome: review.RequestCorrection, Note: "x", Items: []review.Item{item("doc:stay-proof", "stay-expired")}}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := queued(t).take(anna)
			if c.change != nil {
				c.change(w.s)
			}
			w.decide(anna, c.d)
			if got := w.s.Status == review.SecondReview; got != c.want {
				t.Fatalf("became %s", w.s.Status)
			}
			if c.want && (len(w.c.Notices) > 0 || w.c.Activate || w.s.First == nil) {
				t.Errorf("the applicant hears of it before the second pair of eyes: %+v", w.c)
			}
		})
	}
}

func TestSecondReview(t *testing.T) {
	agreed := in(t, review.SecondReview).take(boris).decide(boris, forged)
	if agreed.s.Status != review.Rejected || agreed.s.First != nil || agreed.s.Last.By != "boris" {
		t.Errorf("agreed: %s by %s", agreed.s.Status, agreed.s.Last.By)
	}
	w := in(t, review.SecondReview).take(boris).decide(boris, blurred(review.SlotPassport))
	if w.s.Status != review.SecondReview || !w.s.Arbiter || types(w.c)[0] != review.EventDisagreement || len(w.c.Notices) > 0 {
		t.Fatalf("disagreed: %s, %v", w.s.Status, types(w.c))
	}
	w.take(supervisor).decide(supervisor, blurred(review.SlotPassport))
	if w.s.Status != review.CorrectionRequested || w.s.Arbiter || w.s.First != nil {
		t.Errorf("decided: %s", w.s.Status)
	}
	if _, err := in(t, review.SecondReview).take(boris).s.Decide(boris, review.Decision{Outcome: review.Escalate, Note: "x"}, 0, morning); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a second reviewer escalates: %v", err)
	}
}

func TestMarksAreForKnownTargets(t *testing.T) {
	w := queued(t).take(anna)
	for _, bad := range []review.Target{{}, {Field: "Иванов"}, {Slot: "anything"}, {Slot: review.SlotResidenceProof}, {Field: review.Surname, Slot: review.SlotPassport}} {
		if _, err := w.s.MarkTarget(anna, bad, true, w.at); review.KindOf(err) != review.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
	surname := review.Target{Field: review.Surname}
	w.did(w.s.MarkTarget(anna, surname, false, w.at))
	w.did(w.s.MarkTarget(anna, surname, true, w.at))
	if len(w.s.Marks) != 1 || w.s.Wrong() != 0 {
		t.Errorf("%v", w.s.Marks)
	}
	w.did(w.s.Unmark(anna, surname, w.at))
	if len(w.s.Marks) != 0 {
		t.Errorf("%v", w.s.Marks)
	}
}

func TestNotes(t *testing.T) {
	w := queued(t)
	if _, err := w.s.AddNote(anna, "n", "  ", w.at); faults(err) != "note empty" {
		t.Error(err)
	}
	if _, err := w.s.AddNote(anna, "n", strings.Repeat("я", review.MaxNote+1), w.at); faults(err) != "note length" {
		t.Error(err)
	}
	w.did(w.s.AddNote(anna, "n", " позвонить ", w.at))
	if w.c.Notes[0].Text != "позвонить" || w.c.Events[0].Detail["note"] != "n" {
		t.Errorf("%+v", w.c)
	}
}

// TestRandomWalks lets four people press every button at random and looks for
// the things that must never happen.
func TestRandomWalks(t *testing.T) {
	people := []review.Actor{anna, boris, senior, supervisor}
	decisions := []review.Decision{
		{Outcome: review.Approve, Note: "сверено"}, forged, blurred(review.SlotPassport),
		{Outcome: review.Escalate, Note: "x"}, {Outcome: review.Reject, Items: []review.Item{item("case", "duplicate-account")}},
	}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		var checks []review.Check
		if seed%3 == 0 {
			checks = append(checks, hold("duplicate-person", true))
		}
		w := queued(t, checks...)
		for range 120 {
			w.wait(time.Duration(r.IntN(600)) * time.Second)
			by := people[r.IntN(len(people))]
			before := *w.s
			d := decisions[r.IntN(len(decisions))]
			var c review.Change
			var err error
			step := r.IntN(9)
			switch step {
			case 0, 1, 2:
				c, err = w.s.Take(by, w.at)
			case 3, 4:
				c, err = w.s.Decide(by, d, 30*time.Second, w.at)
			case 5:
				c, err = w.s.Settle(w.at)
			case 6:
				c, err = w.s.Undo(by, w.at)
			case 7:
				c, err = w.s.Release(by, by.Has(review.RoleSupervisor), w.at)
			case 8:
				c, err = w.s.ExpireLease(review.System(), w.at)
			}
			if err != nil {
				if w.s.Status != before.Status || w.s.Claim != before.Claim && *w.s.Claim != *before.Claim {
					t.Fatalf("seed %d: refused, yet changed: %v", seed, err)
				}
				continue
			}
			w.s.Version++
			for _, e := range c.Events {
				if e.Before != e.After && !e.Before.MayBecome(e.After) {
					t.Fatalf("seed %d: %s → %s", seed, e.Before, e.After)
				}
			}
			if step == 3 || step == 4 {
				if !before.HeldBy(by.Staff, w.at) || before.Pending != nil {
					t.Fatalf("seed %d: decided without the lease", seed)
				}
				if before.First != nil && before.First.By == by.Staff {
					t.Fatalf("seed %d: one person was both pairs of eyes", seed)
				}
			}
			if w.s.Status == review.InReview && w.s.Claim == nil {
				t.Fatalf("seed %d: in review with nobody", seed)
			}
			if w.s.Status == review.Approved && len(checks) > 0 && before.First == nil {
				t.Fatalf("seed %d: approved alone over a hold of four eyes", seed)
			}
			if w.s.Status == review.CorrectionRequested {
				w.did(w.s.PutDocument(applicant, review.Document{ID: "again", Slot: review.SlotPassport}, w.at))
				w.did(w.s.Send(applicant, w.at))
				w.did(w.s.Checked(review.System(), checks, w.at))
			}
			if w.s.Requests > review.MaxRounds {
				t.Fatalf("seed %d: %d correction requests", seed, w.s.Requests)
			}
		}
	}
}
