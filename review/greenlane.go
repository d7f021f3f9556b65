package review

import "time"

// ApproveClean lets the desk itself approve what nothing speaks against: a first
// submission of track A in the green lane, for a standard account, that no rule
// sends to two pairs of eyes. It is the policy of the operator whether this is
// done at all, and which share goes to people nevertheless.
func (s *Submission) ApproveClean(by Actor, at time.Time) (Change, error) {
	d := &Decision{Outcome: Approve, Role: RoleSystem, At: at, EffectiveAt: at}
	if s.Status != Queued || s.Lane != LaneGreen || s.Track != ForeignCitizen || s.Round != 1 || s.Appeal != nil ||
		s.Answers.Value(AccountType) != "standard" || len(s.Holds()) > 0 || s.NeedsSecond(d) {
		return Change{}, ErrTransition
	}
	e, err := s.move(by, InReview, EventClaimed, at)
	if err != nil {
		return Change{}, err
	}
	s.ClaimedAt = at
	c, err := s.effect(by, d, at)
	return Change{Events: []Event{e}}.Then(c), err
}
