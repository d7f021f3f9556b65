package activity

import (
	"slices"
	"time"

	"okno/review"
)

// Query is a period of whole days of the desk, both included, written
// YYYY-MM-DD, and optionally one track.
type Query struct {
	From, To string
	Track    review.Track
}

// MaxDays is the longest period that a report covers.
const MaxDays = 366

// Check reports an Invalid error for days that do not exist, a period that ends
// before it begins or is too long, or an unknown track.
func (q Query) Check() error {
	from, err := time.Parse(time.DateOnly, q.From)
	if err != nil {
		return review.Faulty(review.FieldFault{Field: "from", Code: "not-a-date"})
	}
	to, err := time.Parse(time.DateOnly, q.To)
	if err != nil {
		return review.Faulty(review.FieldFault{Field: "to", Code: "not-a-date"})
	}
	switch days := int(to.Sub(from).Hours()/24) + 1; {
	case days < 1:
		return review.Faulty(review.FieldFault{Field: "to", Code: "before-from"})
	case days > MaxDays:
		return review.Faulty(review.FieldFault{Field: "to", Code: "too-long"})
	}
	if q.Track != "" && q.Track != review.ForeignCitizen && q.Track != review.FromAbroad {
		return review.Faulty(review.FieldFault{Field: "track", Code: "unknown"})
	}
	return nil
}

// Days lists every day of a checked period.
func (q Query) Days() (days []string) {
	to, _ := time.Parse(time.DateOnly, q.To)
	for d, err := time.Parse(time.DateOnly, q.From); err == nil && !d.After(to) && len(days) < MaxDays; d = d.AddDate(0, 0, 1) {
		days = append(days, d.Format(time.DateOnly))
	}
	return days
}

// Limits are the desk times whose shares a report tells; Promise is the one
// that the applicant is told about.
var Limits = []time.Duration{10 * time.Minute, 30 * time.Minute, 60 * time.Minute, review.ServiceBudget}

// Promise is the desk time that a submission should take.
const Promise = review.ServiceBudget

// Times are the middle and the slow end of a length of time. Up to ten minutes
// they are exact to the second, beyond that whole minutes, rounded up.
type Times struct {
	N           int
	Median, P90 time.Duration // zero when N is
}

// Report is what happened at the desk in a period.
type Report struct {
	Query
	Received, Resubmitted int
	Approved, Rejected    int
	Corrections           int
	Withdrawn, Expired    int
	PassedOn, Disagreed   int
	Appealed              int // appeals that were made; the next three were answered
	AppealsUpheld         int
	AppealsPartly         int
	AppealsDismissed      int
	Claim                 Times // from sending to the first claim of a round
	Decide                Times // from the claim to the decision
	Desk                  Times // desk time of what was finally decided
	Within                []Within
	FirstPass             int // approved without any correction
	Rounds                int // sendings of what was finally decided, in total
	Days                  []Day
	Reasons               []ReasonCount
	Reviewers             []Reviewer
	Tracks, Citizenships  []Group
	Open                  []Age // as of now, whatever the period
}

// Decided counts decisions that took effect, requests for corrections included.
func (r Report) Decided() int { return r.Approved + r.Rejected + r.Corrections }

// Appeals counts appeals that were answered.
func (r Report) Appeals() int { return r.AppealsUpheld + r.AppealsPartly + r.AppealsDismissed }

// Final counts approvals and refusals.
func (r Report) Final() int { return r.Approved + r.Rejected }

// InTime counts what was finally decided within the promised desk time.
func (r Report) InTime() int {
	for _, w := range r.Within {
		if w.Limit == Promise {
			return w.N
		}
	}
	return 0
}

// OpenTotal counts what waits for the desk now.
func (r Report) OpenTotal() (n int) {
	for _, a := range r.Open {
		n += a.N
	}
	return n
}

// Within counts final decisions that took at most so much desk time.
type Within struct {
	Limit time.Duration
	N     int
}

// Day is one day's line.
type Day struct {
	Day                             string
	Received                        int
	Approved, Rejected, Corrections int
}

// ReasonCount tells how often a reason was given.
type ReasonCount struct {
	Code                    review.ReasonCode
	Corrections, Rejections int
}

// Total counts both outcomes.
func (r ReasonCount) Total() int { return r.Corrections + r.Rejections }

// Reviewer is the work of one member of staff.
type Reviewer struct {
	Staff                           string
	Approved, Rejected, Corrections int
	PassedOn                        int // went on to a second pair of eyes
	Released, LeasesLost            int
	Decide                          Times
}

// Decided counts the reviewer's decisions that took effect.
func (r Reviewer) Decided() int { return r.Approved + r.Rejected + r.Corrections }

// Group is the work of one track or citizenship, named by its code.
type Group struct {
	Code                            string
	Received                        int
	Approved, Rejected, Corrections int
	Desk                            Times
}

// Decided counts decisions that took effect.
func (g Group) Decided() int { return g.Approved + g.Rejected + g.Corrections }

// Age counts open submissions whose desk time lies in a bracket; Limit is its
// upper end, zero for all that is above the last.
type Age struct {
	Limit time.Duration
	N     int
}

// Histogram counts whole seconds.
type Histogram map[int64]int

// Times returns the middle and the slow end by the nearest rank: the smallest
// value that at least half, or nine tenths, do not exceed.
func (h Histogram) Times() (t Times) {
	values := make([]int64, 0, len(h))
	for v, n := range h {
		values = append(values, v)
		t.N += n
	}
	slices.Sort(values)
	rank := func(percent int) time.Duration {
		need, seen := (t.N*percent+99)/100, 0
		for _, v := range values {
			if seen += h[v]; seen >= need {
				return time.Duration(v) * time.Second
			}
		}
		return 0
	}
	t.Median, t.P90 = rank(50), rank(90)
	return t
}

// Within counts the values that do not exceed the limit.
func (h Histogram) Within(limit time.Duration) (n int) {
	for v, count := range h {
		if v <= int64(limit/time.Second) {
			n += count
		}
	}
	return n
}
