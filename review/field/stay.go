package field

import "slices"

// StayLimitDays is the visa-free stay allowed since 2025: in a calendar year in total,
// and in one unbroken stay.
const StayLimitDays = 90

const lastDays = 5

// The states of a visa-free stay. StayNotApplicable is for the caller, who knows about
// treaties, permits and patents; StayUnknown means that the entries say nothing.
const (
	StayOK            = "ok"
	StayLastDays      = "last-days"
	StayOverstayed    = "overstayed"
	StayNotApplicable = "not-applicable"
	StayUnknown       = "unknown"
)

// Stay is the time between an entry and an exit, both days included. A zero exit means
// that the person has not left.
type Stay struct{ Entry, Exit Date }

// StayResult is the count of days on a day of the test.
type StayResult struct {
	UsedThisYear int
	Continuous   int
	Remaining    int
	State        string
}

// VisaFreeStay counts the days of visa-free stay up to a day under the rule in force
// from 2025-01-01. It informs a reviewer and never decides by itself.
func VisaFreeStay(stays []Stay, asOf Date) StayResult {
	past := known(stays, asOf)
	if len(past) == 0 {
		return StayResult{State: StayUnknown}
	}
	r := StayResult{UsedThisYear: daysCovered(past, Date{asOf.Year, 1, 1}), Continuous: unbroken(stays, asOf)}
	left := StayLimitDays - max(r.UsedThisYear, r.Continuous)
	r.Remaining = max(0, left)
	switch {
	case left < 0:
		r.State = StayOverstayed
	case left <= lastDays:
		r.State = StayLastDays
	default:
		r.State = StayOK
	}
	return r
}

// known keeps the stays that began by a day, in order, and closes the open ones on it.
func known(stays []Stay, asOf Date) []Stay {
	var out []Stay
	for _, s := range stays {
		if s.Exit.IsZero() || s.Exit.After(asOf) {
			s.Exit = asOf
		}
		if !s.Entry.IsZero() && !s.Exit.Before(s.Entry) {
			out = append(out, s)
		}
	}
	slices.SortFunc(out, func(a, b Stay) int { return a.Entry.Time().Compare(b.Entry.Time()) })
	return out
}

// daysCovered counts days from a first day on, each once. The stays are in order.
func daysCovered(stays []Stay, first Date) int {
	days := 0
	for _, s := range stays {
		from := s.Entry
		if from.Before(first) {
			from = first
		}
		if !s.Exit.Before(from) {
			days += from.DaysUntil(s.Exit) + 1
			first = s.Exit.AddDays(1)
		}
	}
	return days
}

// unbroken is the length of the stay that still lasts on a day.
func unbroken(stays []Stay, asOf Date) int {
	longest := 0
	for _, s := range stays {
		if !s.Entry.IsZero() && (s.Exit.IsZero() || s.Exit.After(asOf)) {
			longest = max(longest, s.Entry.DaysUntil(asOf)+1)
		}
	}
	return longest
}
