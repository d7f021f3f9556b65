package check

import (
	"slices"
	"strconv"

	"okno/review"
)

// formComplete checks that the intake rules miss nothing.
func (r *run) formComplete() {
	for _, t := range r.facts.Missing {
		r.add(review.Block, finding{verdict: review.Fail, reason: "missing", target: t})
	}
	if len(r.facts.Missing) == 0 {
		r.pass(review.Target{}, nil)
	}
}

// consentGiven checks that every required consent was given.
func (r *run) consentGiven() {
	given := true
	for _, purpose := range r.facts.Consents {
		if !slices.ContainsFunc(r.s.Consents, func(c review.Consent) bool { return c.Purpose == purpose }) {
			given = false
			r.add(review.Block, finding{verdict: review.Fail, reason: "missing", values: map[string]string{"purpose": purpose}})
		}
	}
	if given {
		r.pass(review.Target{}, nil)
	}
}

// velocity returns the rule that holds when more than limit other accounts have sent
// something from the same network within a day.
func velocity(limit int) func(*run) {
	return func(r *run) {
		switch n := r.facts.Network; {
		case n < 0:
			r.skip("unknown", review.Target{})
		case n > limit:
			r.add(review.Hold, finding{verdict: review.Warn, reason: "many", values: map[string]string{"n": strconv.Itoa(n)}})
		default:
			r.pass(review.Target{}, nil)
		}
	}
}
