package review

// CheckVerdict is what an automatic check found.
type CheckVerdict string

// The verdicts of a check.
const (
	Pass    CheckVerdict = "pass"
	Warn    CheckVerdict = "warn"
	Fail    CheckVerdict = "fail"
	Skipped CheckVerdict = "skipped"
)

// Effect is what a check that did not pass means.
type Effect string

// The effects of a check.
const (
	Block    Effect = "block" // stops the submission; the applicant fixes it at once
	Hold     Effect = "hold"  // no approval without a note
	NoteOnly Effect = "note"  // shown to the reviewer only
)

// Check is the ledger entry of one automatic check.
type Check struct {
	Code    string            `json:"code"` // translation key check.<code>
	Verdict CheckVerdict      `json:"verdict"`
	Effect  Effect            `json:"effect"`
	Reason  string            `json:"reason,omitempty"` // machine reason, translation key check.<code>.<reason>
	Target  Target            `json:"target"`
	Values  map[string]string `json:"values,omitempty"` // compared values; sealed with the submission
	Rule    string            `json:"rule"`             // version of the rule
	// FourEyes marks a hold over which nobody may approve alone.
	FourEyes bool `json:"fourEyes,omitempty"`
}

// Raised reports whether the check found something.
func (c Check) Raised() bool { return c.Verdict == Warn || c.Verdict == Fail }

// Blocked reports whether any raised check blocks.
func Blocked(checks []Check) bool {
	for _, c := range checks {
		if c.Raised() && c.Effect == Block {
			return true
		}
	}
	return false
}

// LaneOf puts a checked submission into its lane.
func LaneOf(checks []Check) Lane {
	lane := LaneGreen
	for _, c := range checks {
		switch {
		case !c.Raised():
		case c.Effect == Hold:
			return LaneAttention
		default:
			lane = LaneNormal
		}
	}
	return lane
}

// Holds lists the raised checks that must be answered with a note before an approval.
func (s *Submission) Holds() (holds []Check) {
	for _, c := range s.Checks {
		if c.Raised() && c.Effect == Hold {
			holds = append(holds, c)
		}
	}
	return holds
}
