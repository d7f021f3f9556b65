// Package activity is what a supervisor counts: how much came in, how much was
// decided, how long it took, and why submissions went back.
//
// A [State] follows one submission through its events and yields a [Row] for
// each step that a report counts. The store keeps both beside the submission,
// in the same transaction; because nothing but the events goes in, the rows can
// be made again from the history at any time:
//
//	for _, e := range events {
//		rows := state.Apply(e)
//	}
//
// [Service.Report] answers for a period; [Service.Export] does the same for a
// file and leaves a trace in the history first.
package activity

import (
	"time"

	"okno/review"
)

// Kind says which step a row stands for.
type Kind string

// The steps that reports count.
const (
	Received    Kind = "received"    // sent for the first time, and past the automatic check
	Resubmitted Kind = "resubmitted" // sent again with corrections
	Claimed     Kind = "claimed"
	Released    Kind = "released" // given back by the claimant or a supervisor
	LeaseLost   Kind = "lease-lost"
	PassedOn    Kind = "passed-on" // the first reviewer's verdict went to a second pair of eyes
	Disagreed   Kind = "disagreed" // the second verdict was another one
	Corrections Kind = "corrections"
	Approved    Kind = "approved"
	Rejected    Kind = "rejected"
	Withdrawn   Kind = "withdrawn"
	Expired     Kind = "expired"

	Appealed        Kind = "appealed" // an appeal against a refusal was made; the others answer one
	AppealUpheld    Kind = "appeal-upheld"
	AppealPartly    Kind = "appeal-partly-upheld"
	AppealDismissed Kind = "appeal-dismissed"
)

// Decisions are the steps that count as decided, as a report counts it.
var Decisions = []Kind{Approved, Rejected, Corrections}

// None stands for a length of time that a row does not have.
const None = -1

// Row is one step of a submission. Lengths are whole seconds or None.
type Row struct {
	At      time.Time
	Kind    Kind
	Actor   string // whose work it was; for a lost lease the holder
	Round   int
	Second  bool
	Wait    int64 // from sending to the first claim of the round
	Spent   int64 // from the claim to the step
	Desk    int64 // desk time of the submission up to the step
	Reasons []review.ReasonCode
}

// State is what must be remembered about a submission between two steps.
type State struct {
	Received     bool // past its first automatic check
	Waiting      bool // nobody has claimed it in this round
	Second       bool // a second pair of eyes is at work
	SentAt       time.Time
	RunningSince time.Time // zero while it waits for the applicant or is closed
	Used         time.Duration
	ClaimedAt    time.Time
}

// Apply follows one event and returns the rows it stands for, usually one or none.
func (st *State) Apply(e review.Event) []Row {
	row := Row{At: e.At, Actor: e.Actor, Round: e.Round, Second: st.Second, Wait: None, Spent: None, Desk: None}
	switch e.Type {
	case review.EventSubmitted, review.EventResubmitted:
		st.SentAt, st.RunningSince, st.Waiting, st.Second = e.At, e.At, true, false
		return nil
	case review.EventCheckBlocked: // back to the applicant: as if it had never been sent
		st.RunningSince, st.Waiting, st.Used = time.Time{}, false, 0
		return nil
	case review.EventChecked:
		row.Kind, row.At, row.Actor = Resubmitted, st.SentAt, ""
		if !st.Received {
			row.Kind, st.Received = Received, true
		}
	case review.EventClaimed:
		row.Kind = Claimed
		if st.Waiting {
			row.Wait, st.Waiting = seconds(e.At.Sub(st.SentAt)), false
		}
		st.ClaimedAt = e.At
	case review.EventReleased, review.EventLeaseExpired:
		row.Kind, row.Actor = Released, e.Detail["holder"]
		if e.Type == review.EventLeaseExpired {
			row.Kind = LeaseLost
		}
		st.ClaimedAt = time.Time{}
	case review.EventEscalated, review.EventSecondReview:
		row.Kind, row.Spent = PassedOn, st.spent(e.At)
		st.Second = true
	case review.EventDisagreement:
		row.Kind, row.Spent = Disagreed, st.spent(e.At)
	case review.EventCorrectionRequested:
		row.Kind = Corrections
		st.decide(&row, e)
	case review.EventApproved:
		row.Kind = Approved
		st.decide(&row, e)
	case review.EventRejected:
		row.Kind = Rejected
		st.decide(&row, e)
	case review.EventAppealMade:
		row.Kind, row.Actor = Appealed, ""
	case review.EventAppealAnswered: // one that was upheld starts the clock again
		row.Kind = Kind("appeal-" + e.Detail["outcome"])
		if row.Kind != AppealDismissed {
			st.RunningSince, st.ClaimedAt = e.At, e.At
		}
	case review.EventWithdrawn, review.EventExpired:
		row.Kind, row.Actor = Withdrawn, ""
		if e.Type == review.EventExpired {
			row.Kind = Expired
		}
		row.Desk = st.stop(e.At)
		if !st.Received { // a draft that nobody ever sent
			return nil
		}
	default:
		return nil
	}
	return []Row{row}
}

func (st *State) decide(row *Row, e review.Event) {
	row.Spent, row.Desk, row.Reasons = st.spent(e.At), st.stop(e.At), e.Reasons
	st.Second = false
}

// spent ends the claim and tells how long it lasted.
func (st *State) spent(at time.Time) int64 {
	if st.ClaimedAt.IsZero() {
		return None
	}
	d := at.Sub(st.ClaimedAt)
	st.ClaimedAt = time.Time{}
	return seconds(d)
}

// stop pauses the clock and tells the desk time used so far.
func (st *State) stop(at time.Time) int64 {
	if !st.RunningSince.IsZero() {
		st.Used += max(0, at.Sub(st.RunningSince))
		st.RunningSince = time.Time{}
	}
	st.ClaimedAt, st.Waiting = time.Time{}, false
	return seconds(st.Used)
}

// seconds cuts a length to whole seconds; a clock that was set back gives zero.
func seconds(d time.Duration) int64 { return int64(max(0, d) / time.Second) }
