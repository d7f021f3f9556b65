package review

import (
	"slices"
	"time"
)

// CheckDisavowed is the finding that the owner of a contact said about a
// message: this was not me. Nobody may approve over it alone.
const CheckDisavowed = "disavowed"

// Disavow marks a submission after the owner of a confirmed contact said that it
// is not theirs. What waits for the desk is raised to a hold that needs two
// pairs of eyes, and an approval that has not taken effect is stopped. A draft,
// and what is closed, keeps its status; the history says what happened.
func (s *Submission) Disavow(by Actor, at time.Time) (Change, error) {
	if slices.ContainsFunc(s.Checks, func(c Check) bool { return c.Code == CheckDisavowed }) {
		return Change{}, nil
	}
	s.Checks = append(slices.Clone(s.Checks), Check{Code: CheckDisavowed, Verdict: Fail, Effect: Hold, Reason: "said-by-owner", Rule: "v1", FourEyes: true})
	if !s.Status.Final() && s.Status != Draft {
		s.Lane = LaneAttention
	}
	c := Change{Events: []Event{s.event(by, EventDisavowed, at)}}
	if s.Pending != nil && s.Pending.Outcome == Approve {
		c.Events = append(c.Events, s.event(System(), EventDecisionUndone, at).With("outcome", string(s.Pending.Outcome)).With("why", CheckDisavowed))
		s.Pending = nil
	}
	s.ChangedAt = at
	return c, nil
}

// stillDisavowed carries the finding over a new automatic check.
func (s *Submission) stillDisavowed(checks []Check) []Check {
	i := slices.IndexFunc(s.Checks, func(c Check) bool { return c.Code == CheckDisavowed })
	if i < 0 {
		return checks
	}
	return append(slices.Clone(checks), s.Checks[i])
}
