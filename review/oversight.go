package review

import "slices"

// Ground is a reason for which a decision needs a second pair of eyes (domain
// rules of the four eyes).
type Ground string

// The grounds of a second review.
const (
	GroundEscalated Ground = "escalated" // the first reviewer asked for it
	GroundReason    Ground = "reason"    // a refusal for one of the starred reasons
	GroundHold      Ground = "hold"      // an approval over a hold that nobody may lift alone
	GroundIdentity  Ground = "identity"  // stateless, unspecified citizenship or an incomplete date of birth
	GroundProbation Ground = "probation" // one of a reviewer's first decisions
	GroundSample    Ground = "sample"    // drawn for quality
)

// Oversight is the desk's rule for looking at decisions that the case itself
// gives no reason to doubt.
type Oversight struct {
	// Probation is how many decisions of a new reviewer are looked at by a second
	// person; zero turns it off.
	Probation int
	// Sample is the share of approvals that are drawn, between 0 and 1.
	Sample float64
}

// Watch says which of the desk's own rules apply to one decision.
type Watch struct {
	Probation bool `json:"probation,omitempty"`
	Sample    bool `json:"sample,omitempty"`
}

// Weights of the lanes in the sample: nobody had a reason to look twice at what
// passed every check, so that is where mistakes stay unseen.
var sampleWeight = map[Lane]float64{LaneGreen: 1.5, LaneNormal: 1, LaneAttention: 0.5}

// Watch applies the rule. made is how many decisions of the actor took effect
// so far, draw a random number in [0, 1).
func (o Oversight) Watch(by Actor, lane Lane, made int, draw float64) Watch {
	plain := by.Has(RoleReviewer) && !by.Has(RoleSeniorReviewer) && !by.Has(RoleSupervisor)
	return Watch{Probation: plain && made < o.Probation, Sample: draw < o.Sample*sampleWeight[lane]}
}

// Grounds lists why the decision must be confirmed by a second pair of eyes.
// Corrections never need one: the applicant loses nothing by them.
func (s *Submission) Grounds(d *Decision) (grounds []Ground) {
	switch d.Outcome {
	case Escalate:
		return []Ground{GroundEscalated}
	case Reject:
		if slices.ContainsFunc(d.Items, func(i Item) bool { r, _ := Reasons().Reason(i.Reason); return r.FourEyes }) {
			grounds = append(grounds, GroundReason)
		}
	case Approve:
		if slices.ContainsFunc(s.Checks, func(c Check) bool { return c.Raised() && c.Effect == Hold && c.FourEyes }) {
			grounds = append(grounds, GroundHold)
		}
		citizenship, born := s.Answers.Value(Citizenship), s.Answers.Value(BirthDate)
		if citizenship == "XXA" || citizenship == "XXX" || len(born) < len("2006-01-02") && (born != "" || s.Track == ForeignCitizen) {
			grounds = append(grounds, GroundIdentity)
		}
		if d.Watch.Sample {
			grounds = append(grounds, GroundSample)
		}
	default:
		return nil
	}
	if d.Watch.Probation {
		grounds = append(grounds, GroundProbation)
	}
	return grounds
}

// NeedsSecond reports whether the decision must be confirmed by a second pair
// of eyes.
func (s *Submission) NeedsSecond(d *Decision) bool { return len(s.Grounds(d)) > 0 }

// Blind reports whether the first verdict must stay hidden from the actor: a
// second reviewer chooses before seeing it. What was escalated was passed on on
// purpose, and an arbiter has to know both sides.
func (s *Submission) Blind(by Actor) bool {
	return s.Status == SecondReview && s.First != nil && s.First.Outcome != Escalate && !s.Arbiter && s.First.By != by.Staff
}

// MarksFor lists the marks that the actor may see: those of the first reviewer
// are part of the first verdict.
func (s *Submission) MarksFor(by Actor) []Mark {
	if !s.Blind(by) {
		return s.Marks
	}
	return slices.DeleteFunc(slices.Clone(s.Marks), func(m Mark) bool { return m.By == s.First.By })
}
