package review

import (
	"slices"
	"time"
)

// Sketch is a verdict that is not made yet: what a reviewer has chosen and
// written so far. It is kept with the claim and passes, like the marks, to
// whoever takes the case next; it goes when a decision is made.
type Sketch struct {
	Outcome Outcome   `json:"outcome"`
	Items   []Item    `json:"items,omitempty"`
	Note    string    `json:"note,omitempty"`
	By      StaffID   `json:"by"`
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
}

// maxSketched bounds the items of a sketch; a decision takes far fewer.
const maxSketched = 40

// KeepSketch stores the holder's unfinished verdict and renews the lease. It
// writes no history: nothing has been decided.
func (s *Submission) KeepSketch(by Actor, k Sketch, at time.Time) (Change, error) {
	if !s.HeldBy(by.Staff, at) || s.Pending != nil {
		return Change{}, ErrNotClaimed
	}
	if s.Status == SecondReview {
		if err := s.SecondPair(by); err != nil {
			return Change{}, err
		}
	}
	if len([]rune(k.Note)) > MaxNote || len(k.Items) > maxSketched ||
		slices.ContainsFunc(k.Items, func(i Item) bool { return len([]rune(i.Details)) > MaxDetails }) {
		return Change{}, Faulty(FieldFault{Field: "note", Code: "length"})
	}
	k.By, k.Name, k.At = by.Staff, by.Name, at
	if s.Sketch = &k; len(k.Items) == 0 && k.Note == "" {
		s.Sketch = nil
	}
	s.Claim.LeaseUntil = later(s.Claim.LeaseUntil, at.Add(LeaseTerm))
	return Change{}, nil
}
