package review

import "time"

// EventType says what happened.
type EventType string

// The events of the desk. Each is appended once to the history; timeline,
// audit and reports read nothing else.
const (
	EventDraftStarted        EventType = "draft-started"
	EventSectionSaved        EventType = "section-saved"
	EventDocumentUploaded    EventType = "document-uploaded"
	EventDocumentRemoved     EventType = "document-removed"
	EventConsentGiven        EventType = "consent-given"
	EventSubmitted           EventType = "submitted"
	EventResubmitted         EventType = "resubmitted"
	EventChecked             EventType = "checked"
	EventCheckBlocked        EventType = "check-blocked"
	EventRechecked           EventType = "rechecked"
	EventReread              EventType = "reread" // documents, by other readers than before
	EventFalseAlarm          EventType = "false-alarm"
	EventTrueAlarm           EventType = "true-alarm"
	EventPairViewed          EventType = "pair-viewed"
	EventPairJudged          EventType = "pair-judged"
	EventClaimed             EventType = "claimed"
	EventReleased            EventType = "released"
	EventLeaseExpired        EventType = "lease-expired"
	EventCaseOpened          EventType = "case-opened"
	EventScanViewed          EventType = "scan-viewed"
	EventMarked              EventType = "marked"
	EventNoted               EventType = "noted"
	EventParked              EventType = "put-on-hold"
	EventRecused             EventType = "recused"
	EventLinked              EventType = "linked"
	EventUnlinked            EventType = "unlinked"
	EventDecisionMade        EventType = "decision-made"
	EventDecisionUndone      EventType = "decision-undone"
	EventEscalated           EventType = "escalated"
	EventSecondReview        EventType = "second-review-needed"
	EventDisagreement        EventType = "second-review-disagreed"
	EventCorrectionRequested EventType = "correction-requested"
	EventApproved            EventType = "approved"
	EventRejected            EventType = "rejected"
	EventWithdrawn           EventType = "withdrawn"
	EventExpired             EventType = "expired"
	EventReminded            EventType = "reminded"          // of corrections that have not come
	EventExtended            EventType = "deadline-extended" // for corrections, once
	EventAppealMade          EventType = "appeal-made"
	EventAppealAnswered      EventType = "appeal-answered"
	EventReinstated          EventType = "reinstated" // an account that was suspended is open again
	EventReinstateAsked      EventType = "reinstatement-asked"
	EventReinstateRefused    EventType = "reinstatement-refused"
	EventDisavowed           EventType = "disavowed" // the owner of a contact said: this was not me

	EventAccountCreated   EventType = "account-created"
	EventAccountActivated EventType = "account-activated"
	EventContactConfirmed EventType = "contact-confirmed"
	EventContactChanged   EventType = "contact-changed"
	EventPasswordSet      EventType = "password-set"
	EventLanguageChosen   EventType = "language-chosen" // in which the holder is written to
	EventSignedIn         EventType = "signed-in"
	EventSignInFailed     EventType = "sign-in-failed"
	EventSignedOut        EventType = "signed-out"

	EventStaffInvited      EventType = "staff-invited"
	EventStaffEnrolled     EventType = "staff-enrolled"
	EventStaffSignedIn     EventType = "staff-signed-in"
	EventStaffSignedOut    EventType = "staff-signed-out"
	EventStaffDisabled     EventType = "staff-disabled"
	EventStaffRoles        EventType = "staff-roles-changed"
	EventStaffResetAsked   EventType = "staff-reset-asked"
	EventStaffReset        EventType = "staff-reset"
	EventStaffResetRefused EventType = "staff-reset-refused"
	EventSearched          EventType = "searched"
	EventReportExported    EventType = "report-exported"
	EventAuditRead         EventType = "audit-read"
	EventRuleSwitched      EventType = "rule-switched"
)

// Event is one entry of the history. It holds work data only: codes, ids and
// times, never a name, number, contact or free text.
type Event struct {
	Type       EventType
	At         time.Time
	Submission SubmissionID // empty when the event is not about a submission
	Account    AccountID    // whose account it concerns, if any
	Actor      string       // Actor.ID of who did it; empty for the system
	Role       Role
	Before     Status
	After      Status
	Version    int64 // submission version after the change
	Round      int
	Reasons    []ReasonCode
	Detail     map[string]string // small codes: document, page, slot, outcome …
	Session    string
	RequestID  string
}

// Event starts an event by this actor at the given time.
func (a Actor) Event(t EventType, at time.Time) Event {
	return Event{Type: t, At: at, Actor: a.ID(), Role: a.FirstRole(), Account: a.Account, Session: a.Session, RequestID: a.RequestID}
}

// With returns the event with one more detail.
func (e Event) With(key, value string) Event {
	d := make(map[string]string, len(e.Detail)+1)
	for k, v := range e.Detail {
		d[k] = v
	}
	d[key] = value
	e.Detail = d
	return e
}
