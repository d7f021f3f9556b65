package review_test

import (
	"errors"
	"testing"
	"time"

	"okno/review"
)

var (
	morning = time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC)

	applicant  = review.Actor{Account: "account-1", Roles: []review.Role{review.RoleApplicant}}
	stranger   = review.Actor{Account: "account-2", Roles: []review.Role{review.RoleApplicant}}
	anna       = review.Actor{Staff: "anna", Name: "Анна", Roles: []review.Role{review.RoleReviewer}}
	boris      = review.Actor{Staff: "boris", Name: "Борис", Roles: []review.Role{review.RoleReviewer}}
	senior     = review.Actor{Staff: "senior", Name: "Сания", Roles: []review.Role{review.RoleSeniorReviewer}}
	supervisor = review.Actor{Staff: "super", Name: "Софья", Roles: []review.Role{review.RoleSupervisor}}
)

// walk drives one submission and remembers what would have been stored.
type walk struct {
	t  *testing.T
	s  *review.Submission
	at time.Time
	c  review.Change // the last change
}

func (w *walk) did(c review.Change, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("in %s: %v", w.s.Status, err)
	}
	w.c = c
	if len(c.Events) > 0 {
		w.s.Version++
	}
}

func (w *walk) wait(d time.Duration) { w.at = w.at.Add(d) }

// draft starts a submission of track A with the answers that the rules look at.
func draft(t *testing.T) *walk {
	t.Helper()
	w := &walk{t: t, at: morning}
	s, c := review.NewSubmission(applicant, "case-1", "2600481275", review.ForeignCitizen, "ru", w.at)
	w.s, w.c = s, c
	s.Version++
	w.did(s.Save(applicant, "person", review.Answers{
		review.Surname:     {Typed: "ОБРАЗЦОВ", Value: "ОБРАЗЦОВ"},
		review.BirthDate:   {Typed: "14.03.1991", Value: "1991-03-14"},
		review.Citizenship: {Typed: "UZB", Value: "UZB"},
		review.StayTo:      {Typed: "01.02.2027", Value: "2027-02-01"},
	}, w.at))
	w.did(s.PutDocument(applicant, review.Document{ID: "doc-1", Slot: review.SlotPassport}, w.at))
	w.did(s.PutDocument(applicant, review.Document{ID: "doc-2", Slot: review.SlotStayProof}, w.at))
	return w
}

func queued(t *testing.T, checks ...review.Check) *walk {
	t.Helper()
	w := draft(t)
	w.did(w.s.Send(applicant, w.at))
	w.did(w.s.Checked(review.System(), checks, w.at))
	return w
}

func (w *walk) take(by review.Actor) *walk {
	w.t.Helper()
	w.did(w.s.Take(by, w.at))
	return w
}

func (w *walk) decide(by review.Actor, d review.Decision) *walk {
	w.t.Helper()
	w.did(w.s.Decide(by, d, 0, w.at))
	w.did(w.s.Settle(w.at))
	return w
}

func blurred(slot review.Slot) review.Decision {
	return review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: slot}, Reason: "doc-blurry"}}}
}

var forged = review.Decision{Outcome: review.Reject, Note: "фото вклеено", Items: []review.Item{{Reason: "doc-tampering-suspected"}}}

func hold(code string, fourEyes bool) review.Check {
	return review.Check{Code: code, Verdict: review.Fail, Effect: review.Hold, FourEyes: fourEyes}
}

// in brings a submission into the status.
func in(t *testing.T, status review.Status) *walk {
	t.Helper()
	w := draft(t)
	switch status {
	case review.Draft:
	case review.Checking:
		w.did(w.s.Send(applicant, w.at))
	case review.Queued:
		w = queued(t)
	case review.InReview:
		w = queued(t).take(anna)
	case review.SecondReview:
		w = queued(t).take(anna).decide(anna, forged)
	case review.CorrectionRequested:
		w = queued(t).take(anna).decide(anna, blurred(review.SlotPassport))
	case review.Approved:
		w = queued(t).take(anna).decide(anna, review.Decision{Outcome: review.Approve})
	case review.Rejected:
		w = in(t, review.SecondReview).take(boris).decide(boris, forged)
	case review.Withdrawn:
		w.did(w.s.Withdraw(applicant, w.at))
	case review.Expired:
		w.wait(review.DraftTerm)
		w.did(w.s.Expire(review.System(), w.at))
	}
	if w.s.Status != status {
		t.Fatalf("got to %s instead of %s", w.s.Status, status)
	}
	return w
}

// TestEveryActionInEveryStatus names, for each status, the actions that work in
// it. Every other one must be refused and leave the submission as it was.
func TestEveryActionInEveryStatus(t *testing.T) {
	later := func(w *walk) time.Time { return w.at.Add(time.Minute) }
	actions := []struct {
		name string
		do   func(w *walk) (review.Change, error)
	}{
		{"save", func(w *walk) (review.Change, error) {
			return w.s.Save(applicant, "person", review.Answers{review.Patronymic: {Value: "X"}}, later(w))
		}},
		{"put", func(w *walk) (review.Change, error) {
			return w.s.PutDocument(applicant, review.Document{ID: "doc-9", Slot: review.SlotPassport}, later(w))
		}},
		{"put-other", func(w *walk) (review.Change, error) {
			return w.s.PutDocument(applicant, review.Document{ID: "doc-8", Slot: review.SlotStayProof}, later(w))
		}},
		{"remove", func(w *walk) (review.Change, error) {
			return w.s.RemoveDocument(applicant, review.SlotPassport, later(w))
		}},
		{"consent", func(w *walk) (review.Change, error) {
			return w.s.Consented(applicant, []review.Consent{{Purpose: "processing"}}, later(w))
		}},
		{"send", func(w *walk) (review.Change, error) { return w.s.Send(applicant, later(w)) }},
		{"checked", func(w *walk) (review.Change, error) { return w.s.Checked(review.System(), nil, later(w)) }},
		{"take", func(w *walk) (review.Change, error) { return w.s.Take(boris, later(w)) }},
		{"renew", func(w *walk) (review.Change, error) { return w.s.Renew(anna, later(w)) }},
		{"release", func(w *walk) (review.Change, error) { return w.s.Release(anna, false, later(w)) }},
		{"expire-lease", func(w *walk) (review.Change, error) {
			return w.s.ExpireLease(review.System(), w.at.Add(review.LeaseTerm))
		}},
		{"mark", func(w *walk) (review.Change, error) {
			return w.s.MarkTarget(anna, review.Target{Field: review.Surname}, true, later(w))
		}},
		{"decide", func(w *walk) (review.Change, error) {
			return w.s.Decide(anna, review.Decision{Outcome: review.Approve}, time.Minute, later(w))
		}},
		{"undo", func(w *walk) (review.Change, error) { return w.s.Undo(anna, later(w)) }},
		{"settle", func(w *walk) (review.Change, error) { return w.s.Settle(later(w)) }},
		{"withdraw", func(w *walk) (review.Change, error) { return w.s.Withdraw(applicant, later(w)) }},
		{"expire", func(w *walk) (review.Change, error) {
			return w.s.Expire(review.System(), w.at.Add(review.DraftTerm))
		}},
		{"note", func(w *walk) (review.Change, error) {
			return w.s.AddNote(anna, "note-1", "позвонить", later(w))
		}},
	}
	works := map[review.Status][]string{
		review.Draft:               {"save", "put", "put-other", "remove", "consent", "send", "withdraw", "expire", "note"},
		review.Checking:            {"checked", "note"},
		review.Queued:              {"take", "withdraw", "note"},
		review.InReview:            {"renew", "release", "expire-lease", "mark", "decide", "withdraw", "note"},
		review.SecondReview:        {"take", "withdraw", "note"},
		review.CorrectionRequested: {"put", "withdraw", "expire", "note"},
		review.Approved:            {"note"},
		review.Rejected:            {"note"},
		review.Withdrawn:           {"note"},
		review.Expired:             {"note"},
	}
	for _, status := range review.Statuses {
		for _, a := range actions {
			t.Run(string(status)+"/"+a.name, func(t *testing.T) {
				w := in(t, status)
				want := false
				for _, name := range works[status] {
					want = want || name == a.name
				}
				events := w.s.Version
				c, err := a.do(w)
				if got := err == nil; got != want {
					t.Fatalf("worked: %v, want %v (%v)", got, want, err)
				}
				if err == nil {
					return
				}
				if review.KindOf(err) == review.Internal {
					t.Errorf("an internal error: %v", err)
				}
				if w.s.Status != status || w.s.Version != events || len(c.Events) > 0 {
					t.Errorf("refused, yet something changed: %s", w.s.Status)
				}
			})
		}
	}
}

func TestOnlyTheApplicantChangesTheSubmission(t *testing.T) {
	for _, by := range []review.Actor{stranger, anna, review.Anonymous(), review.System()} {
		w := draft(t)
		if _, err := w.s.Save(by, "person", review.Answers{review.Surname: {Value: "Y"}}, w.at); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("save by %v: %v", by.Roles, err)
		}
		if _, err := w.s.Save(by, "person", nil, w.at); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("empty save by %v: %v", by.Roles, err)
		}
		if _, err := w.s.PutDocument(by, review.Document{Slot: review.SlotPassport}, w.at); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("put by %v: %v", by.Roles, err)
		}
		if _, err := w.s.Send(by, w.at); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("send by %v: %v", by.Roles, err)
		}
		if _, err := w.s.Withdraw(by, w.at); !errors.Is(err, review.ErrNotFound) {
			t.Errorf("withdraw by %v: %v", by.Roles, err)
		}
	}
}

func TestTransitionTableIsTheOneOfTheDesign(t *testing.T) {
	want := map[review.Status][]review.Status{
		review.Draft:               {review.Checking, review.Expired, review.Withdrawn},
		review.Checking:            {review.Queued, review.Draft},
		review.Queued:              {review.InReview, review.Withdrawn},
		review.InReview:            {review.Queued, review.SecondReview, review.CorrectionRequested, review.Approved, review.Rejected, review.Withdrawn},
		review.SecondReview:        {review.Approved, review.Rejected, review.CorrectionRequested, review.InReview, review.Withdrawn},
		review.CorrectionRequested: {review.Checking, review.Expired, review.Withdrawn},
		review.Rejected:            {review.InReview},
	}
	for _, from := range review.Statuses {
		for _, to := range review.Statuses {
			allowed := false
			for _, x := range want[from] {
				allowed = allowed || x == to
			}
			if from.MayBecome(to) != allowed {
				t.Errorf("%s → %s: %v", from, to, !allowed)
			}
		}
	}
}

func TestCorrectionsOpenOnlyWhatIsMarked(t *testing.T) {
	w := queued(t).take(anna)
	w.did(w.s.MarkTarget(anna, review.Target{Field: review.Surname}, false, w.at))
	w.did(w.s.MarkTarget(anna, review.Target{Field: review.BirthDate}, true, w.at))
	w.did(w.s.MarkTarget(anna, review.Target{Slot: review.SlotPassport}, false, w.at))
	w.decide(anna, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{
		{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry", Done: true}, // Done is not for the reviewer to say
		{Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"},
	}})
	if n := w.s.OpenItems(); n != 2 {
		t.Fatalf("%d items open", n)
	}
	open := map[review.Field]bool{review.Surname: true, review.SurnameAbsent: true} // companions open together
	for _, f := range review.Fields(review.ForeignCitizen) {
		if got := w.s.Open(review.Target{Field: f}); got != open[f] {
			t.Errorf("%s open: %v", f, got)
		}
	}
	if w.s.Open(review.Target{}) || w.s.Open(review.Target{Slot: review.SlotStayProof}) {
		t.Error("more than the marked targets is open")
	}
	if _, err := w.s.Save(applicant, "person", review.Answers{
		review.Surname: {Value: "ОБРАЗЦОВА"}, review.BirthDate: {Value: "1990-01-01"},
	}, w.at); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a closed field beside an open one: %v", err)
	}
	if w.s.Answers.Value(review.Surname) != "ОБРАЗЦОВ" {
		t.Error("a refused save changed an answer")
	}
	if _, err := w.s.Send(applicant, w.at); review.KindOf(err) != review.Invalid {
		t.Errorf("sent with open items: %v", err)
	}
	w.did(w.s.Save(applicant, "person", review.Answers{review.Surname: {Value: "ОБРАЗЦОВА"}}, w.at))
	w.did(w.s.PutDocument(applicant, review.Document{ID: "doc-3", Slot: review.SlotPassport}, w.at))
	if len(w.c.Retired) != 1 || w.c.Retired[0] != "doc-1" || w.c.Added[0].Round != 2 {
		t.Errorf("replaced %v, added %v", w.c.Retired, w.c.Added)
	}
	if len(w.s.Marks) != 1 || w.s.Marks[0].Target.Field != review.BirthDate {
		t.Errorf("verdicts carried over: %v, want only the unchanged birth date", w.s.Marks)
	}
	w.did(w.s.Send(applicant, w.at))
	if w.s.Round != 2 || w.s.Status != review.Checking || w.c.Events[0].Type != review.EventResubmitted {
		t.Errorf("round %d, %s, %v", w.s.Round, w.s.Status, w.c.Events[0].Type)
	}
}

func TestContactCorrection(t *testing.T) {
	w := queued(t).take(anna).decide(anna, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{
		{Target: review.Target{Field: review.Phone}, Reason: "phone-not-accepted", Details: "номер \n  не российский"},
	}})
	if got := w.s.Corrections[0].Details; got != "номер не российский" {
		t.Errorf("details are kept as %q", got)
	}
	if _, err := w.s.ContactChanged(applicant, review.Email, w.at); !errors.Is(err, review.ErrTransition) {
		t.Errorf("the other contact: %v", err)
	}
	w.did(w.s.ContactChanged(applicant, review.Phone, w.at))
	w.did(w.s.Send(applicant, w.at))
}

func TestBlockedCheckGoesBackToTheDraftOnlyInTheFirstRound(t *testing.T) {
	block := review.Check{Code: "age-minimum", Verdict: review.Fail, Effect: review.Block}
	w := in(t, review.Checking)
	w.wait(time.Minute)
	w.did(w.s.Checked(review.System(), []review.Check{block}, w.at))
	if w.s.Status != review.Draft || w.s.Round != 0 || w.s.DeskTime(w.at.Add(time.Hour)) != 0 {
		t.Errorf("%s in round %d with %s used", w.s.Status, w.s.Round, w.s.DeskTime(w.at.Add(time.Hour)))
	}
	w = in(t, review.CorrectionRequested)
	w.did(w.s.PutDocument(applicant, review.Document{ID: "doc-3", Slot: review.SlotPassport}, w.at))
	w.did(w.s.Send(applicant, w.at))
	w.did(w.s.Checked(review.System(), []review.Check{block}, w.at))
	if w.s.Status != review.Queued || len(w.s.Holds()) != 1 || w.s.Lane != review.LaneAttention {
		t.Errorf("%s, %d holds, lane %s", w.s.Status, len(w.s.Holds()), w.s.Lane)
	}
}

func TestLanes(t *testing.T) {
	note := review.Check{Verdict: review.Warn, Effect: review.NoteOnly}
	passed := review.Check{Verdict: review.Pass, Effect: review.Hold}
	for _, c := range []struct {
		checks []review.Check
		want   review.Lane
	}{
		{nil, review.LaneGreen},
		{[]review.Check{passed, {Verdict: review.Skipped, Effect: review.Hold}}, review.LaneGreen},
		{[]review.Check{passed, note}, review.LaneNormal},
		{[]review.Check{note, hold("mrz-name", false)}, review.LaneAttention},
		{[]review.Check{hold("mrz-name", false), note}, review.LaneAttention},
	} {
		if got := review.LaneOf(c.checks); got != c.want {
			t.Errorf("%v: %s, want %s", c.checks, got, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	w := draft(t)
	w.did(w.s.Send(applicant, w.at))
	if got := w.s.DueAt.Sub(w.at); got != review.ServiceBudget {
		t.Fatalf("due in %s", got)
	}
	w.did(w.s.Checked(review.System(), nil, w.at))
	w.wait(40 * time.Minute)
	w.take(anna)
	w.wait(10 * time.Minute)
	w.decide(anna, blurred(review.SlotPassport))
	w.wait(48 * time.Hour) // the applicant's time does not count
	if got := w.s.DeskTime(w.at); got != 50*time.Minute || w.s.Remaining != 70*time.Minute {
		t.Fatalf("used %s, remaining %s", got, w.s.Remaining)
	}
	again := func(doc string) {
		w.did(w.s.PutDocument(applicant, review.Document{ID: review.DocumentID(doc), Slot: review.SlotPassport}, w.at))
		w.did(w.s.Send(applicant, w.at))
		w.did(w.s.Checked(review.System(), nil, w.at))
	}
	again("doc-3")
	if got := w.s.DueAt.Sub(w.at); got != 70*time.Minute {
		t.Fatalf("the rest of the budget is %s", got)
	}
	if !w.s.ClaimedAt.IsZero() {
		t.Error("the first claim of a new round is still the one of the last")
	}
	w.wait(65 * time.Minute)
	w.take(boris).decide(boris, blurred(review.SlotPassport))
	again("doc-4")
	if got := w.s.DueAt.Sub(w.at); got != review.ServiceFloor {
		t.Fatalf("the floor is %s", got)
	}
	w.wait(50 * time.Minute) // late now
	w.take(anna).decide(anna, blurred(review.SlotPassport))
	if w.s.Remaining != -20*time.Minute {
		t.Fatalf("remaining %s", w.s.Remaining)
	}
	again("doc-5")
	if got := w.s.DueAt.Sub(w.at); got != review.ServiceFloor {
		t.Fatalf("the floor after a breach is %s", got)
	}
	w.wait(5 * time.Minute)
	w.take(anna).decide(anna, review.Decision{Outcome: review.Approve})
	if got := w.s.DeskTime(w.at.Add(time.Hour)); got != 170*time.Minute {
		t.Fatalf("used %s in the end", got)
	}
}

func TestExpiry(t *testing.T) {
	w := in(t, review.Draft)
	if _, err := w.s.Expire(review.System(), w.at.Add(review.DraftTerm-time.Second)); !errors.Is(err, review.ErrTransition) {
		t.Errorf("a draft before its time: %v", err)
	}
	w = in(t, review.CorrectionRequested)
	if _, err := w.s.Expire(review.System(), w.s.CorrectionDue); !errors.Is(err, review.ErrTransition) {
		t.Errorf("corrections at the deadline: %v", err)
	}
	w.did(w.s.Expire(review.System(), w.s.CorrectionDue.Add(time.Millisecond)))
	if w.s.Status != review.Expired || len(w.c.Notices) != 1 || w.s.ClosedAt.IsZero() {
		t.Errorf("%s with %d notices", w.s.Status, len(w.c.Notices))
	}
}
