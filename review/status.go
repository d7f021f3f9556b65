package review

import "slices"

// Status is where a submission stands. Exactly one is stored.
type Status string

// The statuses of a submission.
const (
	Draft               Status = "draft"
	Checking            Status = "checking"
	Queued              Status = "queued"
	InReview            Status = "in-review"
	SecondReview        Status = "second-review"
	CorrectionRequested Status = "correction-requested"
	Approved            Status = "approved"
	Rejected            Status = "rejected"
	Withdrawn           Status = "withdrawn"
	Expired             Status = "expired"
)

// Statuses lists every status in the order of a submission's way.
var Statuses = []Status{Draft, Checking, Queued, InReview, SecondReview, CorrectionRequested, Approved, Rejected, Withdrawn, Expired}

// transitions is the whole way of a submission (product.md 1). Rejected may
// return to review only through an upheld appeal.
var transitions = map[Status][]Status{
	Draft:               {Checking, Expired, Withdrawn},
	Checking:            {Queued, Draft},
	Queued:              {InReview, Withdrawn},
	InReview:            {Queued, SecondReview, CorrectionRequested, Approved, Rejected, Withdrawn},
	SecondReview:        {Approved, Rejected, CorrectionRequested, InReview, Withdrawn},
	CorrectionRequested: {Checking, Expired, Withdrawn},
	Rejected:            {InReview},
}

// MayBecome reports whether the table allows the step from s to next.
func (s Status) MayBecome(next Status) bool { return slices.Contains(transitions[s], next) }

// Final reports whether nobody is waited for any more.
func (s Status) Final() bool {
	return s == Approved || s == Rejected || s == Withdrawn || s == Expired
}

// Party is who a submission waits on.
type Party string

// The parties that can be waited on.
const (
	PartyApplicant Party = "applicant"
	PartyDesk      Party = "desk"
	PartySystem    Party = "system"
	PartyNobody    Party = "nobody"
)

// WaitingOn names who acts next.
func (s Status) WaitingOn() Party {
	switch s {
	case Draft, CorrectionRequested:
		return PartyApplicant
	case Checking:
		return PartySystem
	case Queued, InReview, SecondReview:
		return PartyDesk
	default:
		return PartyNobody
	}
}

// Editable reports whether the applicant may change answers or files, whole
// (draft) or in part (corrections).
func (s Status) Editable() bool { return s == Draft || s == CorrectionRequested }

// Lane orders the queue.
type Lane int

// The lanes, in the order in which they are served.
const (
	LaneGreen     Lane = iota // every check passed
	LaneNormal                // notes only
	LaneAttention             // at least one hold
)

// String returns the code of the lane.
func (l Lane) String() string { return [...]string{"green", "normal", "attention"}[l] }

// Track is the kind of application.
type Track string

// The two tracks.
const (
	ForeignCitizen Track = "foreign-citizen" // a foreign citizen in Russia
	FromAbroad     Track = "from-abroad"     // a Russian citizen outside Russia
)

// TrackOutcome is the answer of the question matrix on the start page.
type TrackOutcome string

// The four outcomes of the matrix; the first two are tracks.
const (
	OutcomeForeignCitizen TrackOutcome = "foreign-citizen"
	OutcomeFromAbroad     TrackOutcome = "from-abroad"
	OutcomeInRussia       TrackOutcome = "russian-in-russia" // out of scope, explain
	OutcomeForeignAbroad  TrackOutcome = "foreign-abroad"    // not served, explain
)

// TrackFor answers the matrix: the document the person will use (Russian
// passport or foreign document) and where the person is now.
func TrackFor(russianDocument, inRussia bool) TrackOutcome {
	switch {
	case russianDocument && inRussia:
		return OutcomeInRussia
	case russianDocument:
		return OutcomeFromAbroad
	case inRussia:
		return OutcomeForeignCitizen
	default:
		return OutcomeForeignAbroad
	}
}
