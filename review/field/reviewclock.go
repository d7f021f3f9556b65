package field

import (
	"math"
	"slices"
	"time"
)

// The promise to the applicant, in desk time.
const (
	ReviewBudget      = 120 * time.Minute
	ResubmissionFloor = 30 * time.Minute
)

// The kinds of [ClockEvent]. A supervisor pauses during an outage.
const (
	ClockSubmitted           = "submitted"
	ClockCorrectionRequested = "correction-requested"
	ClockResubmitted         = "resubmitted"
	ClockPaused              = "paused"
	ClockResumed             = "resumed"
	ClockDecided             = "decided"
)

// The states of a review clock.
const (
	ClockRunning = "running"
	ClockOnPause = "paused"
	ClockStopped = "stopped"
)

// ClockEvent is something in the life of a submission that starts, pauses or stops the
// clock. Events of other kinds are ignored.
type ClockEvent struct {
	Kind string
	At   time.Time
}

// ReviewClock is how much of the promise is used up.
type ReviewClock struct {
	Desk      time.Duration // worked in all rounds
	Remaining time.Duration // negative when late
	Breached  bool          // once late, always late
	State     string
	Due       time.Time // when the budget ends; zero unless running
}

// DeskMinutes is the desk time in whole minutes.
func (c ReviewClock) DeskMinutes() int { return int(c.Desk / time.Minute) }

// RemainingMinutes is the remaining time in whole minutes, rounded down.
func (c ReviewClock) RemainingMinutes() int { return int(math.Floor(c.Remaining.Minutes())) }

// ReadClock computes the review clock at a moment from the events up to then. A
// resubmission continues the budget, but gives at least [ResubmissionFloor], so that an
// answer just before the end is reviewed calmly.
func ReadClock(events []ClockEvent, calendar Calendar, asOf time.Time) ReviewClock {
	c := ReviewClock{Remaining: ReviewBudget, State: ClockOnPause}
	var since time.Time
	for _, e := range inOrder(events, asOf) {
		next, ok := clockAfter[e.Kind]
		if !ok || c.State == ClockStopped {
			continue
		}
		c.pass(calendar, since, e.At)
		if e.Kind == ClockResubmitted && c.State == ClockOnPause {
			c.Remaining = max(c.Remaining, ResubmissionFloor)
		}
		c.State, since = next, e.At
	}
	c.pass(calendar, since, asOf)
	if c.State == ClockRunning {
		c.Due = calendar.Add(asOf, c.Remaining)
	}
	return c
}

// clockAfter is the state of the clock after each kind of event.
var clockAfter = map[string]string{
	ClockSubmitted: ClockRunning, ClockResubmitted: ClockRunning, ClockResumed: ClockRunning,
	ClockCorrectionRequested: ClockOnPause, ClockPaused: ClockOnPause,
	ClockDecided: ClockStopped,
}

// pass lets desk time pass on a running clock.
func (c *ReviewClock) pass(calendar Calendar, from, to time.Time) {
	if c.State != ClockRunning {
		return
	}
	spent := calendar.Between(from, to)
	c.Desk += spent
	c.Remaining -= spent
	c.Breached = c.Breached || c.Remaining < 0
}

func inOrder(events []ClockEvent, asOf time.Time) []ClockEvent {
	past := slices.DeleteFunc(slices.Clone(events), func(e ClockEvent) bool { return e.At.After(asOf) })
	slices.SortStableFunc(past, func(a, b ClockEvent) int { return a.At.Compare(b.At) })
	return past
}
