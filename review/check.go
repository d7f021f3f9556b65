package review

import "time"

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
	// Print is the fingerprint of everything that the check looked at: as long as it
	// stays, the same question has the same answer.
	Print string    `json:"print,omitempty"`
	At    time.Time `json:"at,omitzero"`
	// Alarm is set when a reviewer found that the check is mistaken.
	Alarm *Alarm `json:"alarm,omitempty"`
}

// Alarm is a reviewer's word that a check is mistaken, and why.
type Alarm struct {
	By   StaffID   `json:"by"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
	Note string    `json:"note"`
}

// Raised reports whether the check found something.
func (c Check) Raised() bool { return c.Verdict == Warn || c.Verdict == Fail }

// Standing reports whether the check found something that nobody has called a false
// alarm.
func (c Check) Standing() bool { return c.Raised() && c.Alarm == nil }

// Blocked reports whether any raised check blocks.
func Blocked(checks []Check) bool {
	for _, c := range checks {
		if c.Raised() && c.Effect == Block {
			return true
		}
	}
	return false
}

// LaneOf puts a checked submission into its lane. False alarms do not count.
func LaneOf(checks []Check) Lane {
	lane := LaneGreen
	for _, c := range checks {
		switch {
		case !c.Standing():
		case c.Effect == Hold:
			return LaneAttention
		default:
			lane = LaneNormal
		}
	}
	return lane
}

// Holds lists the raised checks that must be answered before an approval: each by
// calling it a false alarm, or all that stand by a note.
func (s *Submission) Holds() (holds []Check) {
	for _, c := range s.Checks {
		if c.Standing() && c.Effect == Hold {
			holds = append(holds, c)
		}
	}
	return holds
}
