package review

import (
	"slices"
	"time"
)

// ErrInterest says that the person may not work on the case: it is one's own,
// or that of somebody close.
var ErrInterest = &Error{Kind: Forbidden, Code: "conflict-of-interest"}

// Interest says why somebody may not judge a case.
type Interest string

// The grounds of a conflict of interest.
const (
	InterestOwn      Interest = "own"      // the applicant's contacts are the reviewer's
	InterestDeclared Interest = "declared" // the reviewer knows the applicant
)

func (s *Submission) recused(id StaffID) bool { return slices.Contains(s.Recused, id) }

// Recuse gives the case back for good: the actor never gets it again. What the
// actor had sketched goes; marks stay, they are facts about the papers.
func (s *Submission) Recuse(by Actor, why Interest, at time.Time) (Change, error) {
	if s.Pending != nil {
		return Change{}, ErrDecisionPending
	}
	if !s.HeldBy(by.Staff, at) {
		return Change{}, ErrNotClaimed
	}
	s.Recused = append(slices.Clone(s.Recused), by.Staff)
	s.Sketch = nil
	c, err := s.unclaim(by, EventRecused, at)
	if err != nil {
		return Change{}, err
	}
	c.Events[0] = c.Events[0].With("interest", string(why))
	return c, nil
}
