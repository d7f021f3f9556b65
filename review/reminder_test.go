package review_test

import (
	"errors"
	"testing"
	"time"

	"okno/review"
)

const day = 24 * time.Hour

// reminded lets the days pass and returns those on which a reminder went out.
func (w *walk) reminded(days int) (on []int) {
	w.t.Helper()
	for d := 1; d <= days; d++ {
		w.wait(day)
		c, err := w.s.Remind(review.System(), w.at)
		if errors.Is(err, review.ErrTransition) {
			continue
		}
		w.did(c, err)
		if c.Notices[0].Kind != review.NoticeReminder || c.Notices[0].Params["deadline"] == "" {
			w.t.Errorf("told %+v", c.Notices)
		}
		on = append(on, d)
	}
	return on
}

func TestRemindersOnTheThirdAndSixthDayOnceEach(t *testing.T) {
	w := in(t, review.CorrectionRequested)
	if on := w.reminded(9); len(on) != 2 || on[0] != 3 || on[1] != 6 {
		t.Errorf("reminders on days %v", on)
	}
	w = in(t, review.CorrectionRequested)
	w.reminded(3)
	w.did(w.s.PutDocument(applicant, review.Document{ID: "doc-8", Slot: review.SlotPassport}, w.at))
	w.did(w.s.Send(applicant, w.at))
	if on := w.reminded(6); len(on) != 0 {
		t.Errorf("reminders after the answer: %v", on)
	}
	w = in(t, review.CorrectionRequested)
	w.did(w.s.Withdraw(applicant, w.at))
	if !w.s.RemindAt.IsZero() {
		t.Error("a withdrawn submission waits for a reminder")
	}
}

func TestTheDeadlineMovesOnce(t *testing.T) {
	w := in(t, review.CorrectionRequested)
	due := w.s.CorrectionDue
	if _, err := w.s.Extend(stranger, w.at); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("a stranger: %v", err)
	}
	w.reminded(4)
	if got := w.s.StandingFacts()["deadline"]; got != due.UTC().Format(time.DateOnly) {
		t.Errorf("the texts quote %s, the deadline is %s", got, due)
	}
	w.did(w.s.Extend(applicant, w.at))
	if got := w.s.StandingFacts()["deadline"]; got != due.Add(review.CorrectionTerm).UTC().Format(time.DateOnly) {
		t.Errorf("the texts quote %s after the deadline was moved", got)
	}
	if !w.s.CorrectionDue.Equal(due.Add(review.CorrectionTerm)) || w.s.MayExtend(w.at) {
		t.Errorf("due %s", w.s.CorrectionDue)
	}
	if _, err := w.s.Extend(applicant, w.at); !errors.Is(err, review.ErrExtended) {
		t.Errorf("twice: %v", err)
	}
	if on := w.reminded(12); len(on) != 1 || on[0] != 9 { // the thirteenth day: one before the new deadline
		t.Errorf("reminders after the extension: %v", on)
	}
	if _, err := w.s.Expire(review.System(), due.Add(time.Hour)); err == nil {
		t.Error("closed at the old deadline")
	}
	late := in(t, review.CorrectionRequested)
	if _, err := late.s.Extend(applicant, late.s.CorrectionDue.Add(time.Millisecond)); !errors.Is(err, review.ErrTransition) {
		t.Errorf("after the deadline: %v", err)
	}
	// A new request brings a new chance.
	w = in(t, review.CorrectionRequested)
	w.did(w.s.Extend(applicant, w.at))
	w.did(w.s.PutDocument(applicant, review.Document{ID: "doc-8", Slot: review.SlotPassport}, w.at))
	w.did(w.s.Send(applicant, w.at))
	w.did(w.s.Checked(review.System(), nil, w.at))
	w.take(anna).decide(anna, blurred(review.SlotPassport))
	if !w.s.MayExtend(w.at) || w.s.Reminded != 0 {
		t.Error("the second request cannot be extended")
	}
}

func TestWhatIsDisavowedIsHeld(t *testing.T) {
	w := queued(t).take(anna)
	w.did(w.s.Decide(anna, review.Decision{Outcome: review.Approve}, time.Minute, w.at))
	w.did(w.s.Disavow(review.System(), w.at))
	if w.s.Pending != nil || w.s.Lane != review.LaneAttention || len(w.s.Holds()) != 1 {
		t.Fatalf("pending %v, lane %s", w.s.Pending, w.s.Lane)
	}
	if c, err := w.s.Disavow(review.System(), w.at); err != nil || len(c.Events) != 0 {
		t.Errorf("twice: %v %+v", err, c)
	}
	w.decide(anna, review.Decision{Outcome: review.Approve, Note: "видел"})
	if w.s.Status != review.SecondReview {
		t.Errorf("approved alone: %s", w.s.Status)
	}
	w = in(t, review.Draft)
	w.did(w.s.Disavow(review.System(), w.at))
	w.did(w.s.Send(applicant, w.at))
	w.did(w.s.Checked(review.System(), nil, w.at))
	if len(w.s.Holds()) != 1 || w.s.Lane != review.LaneAttention {
		t.Error("an automatic check has forgotten the hold")
	}
}
