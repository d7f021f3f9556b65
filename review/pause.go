package review

import (
	"slices"
	"time"
)

// When an account has to wait before its next submission: after three rejections
// within thirty days for seven days, and after three submissions begun within a
// day until that day is over.
const (
	RejectionsAtMost = 3
	RejectionWindow  = 30 * 24 * time.Hour
	RejectionPause   = 7 * 24 * time.Hour
	StartsAtMost     = 3
	StartWindow      = 24 * time.Hour
)

// Begun is a submission of an account, as far as it says when another may be begun.
type Begun struct {
	At       time.Time
	Rejected time.Time // when the rejection took effect; zero for one that is not rejected
}

// PauseReason says why an account has to wait.
type PauseReason string

// The reasons of a pause.
const (
	PauseRejections PauseReason = "rejections"
	PauseStarts     PauseReason = "starts"
)

// Pause is why and until when an account may not begin another submission. The
// zero value says that it may.
type Pause struct {
	Reason PauseReason
	Until  time.Time
}

// PauseAfter is the pause that the submissions begun so far ask for. A rejection
// that an appeal has lifted is none.
func PauseAfter(begun []Begun, now time.Time) (p Pause) {
	var starts, rejections []time.Time
	for _, b := range begun {
		starts = append(starts, b.At)
		if !b.Rejected.IsZero() {
			rejections = append(rejections, b.Rejected)
		}
	}
	longest := func(reason PauseReason, until time.Time) {
		if until.After(now) && until.After(p.Until) {
			p = Pause{reason, until}
		}
	}
	for first := range runs(starts, StartsAtMost) {
		longest(PauseStarts, first.Add(StartWindow))
	}
	for first, third := range runs(rejections, RejectionsAtMost) {
		if third.Sub(first) <= RejectionWindow {
			longest(PauseRejections, third.Add(RejectionPause))
		}
	}
	return p
}

// runs yields first and last of every n moments in a row.
func runs(moments []time.Time, n int) func(func(first, last time.Time) bool) {
	slices.SortFunc(moments, time.Time.Compare)
	return func(yield func(first, last time.Time) bool) {
		for i := n - 1; i < len(moments); i++ {
			if !yield(moments[i-n+1], moments[i]) {
				return
			}
		}
	}
}
