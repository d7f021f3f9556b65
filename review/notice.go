package review

import "time"

// Channel is how a notice travels.
type Channel string

// The channels.
const (
	Mail Channel = "email"
	SMS  Channel = "sms"
)

// Passage is a text with its language.
type Passage struct {
	Language string
	Text     string
}

// NoticeKind names a message; its words are made when it is sent, in the
// recipient's language, from translation keys notice.<kind>.…
type NoticeKind string

// The messages that the desk sends.
const (
	NoticeEmailCode       NoticeKind = "email-code"
	NoticePhoneCode       NoticeKind = "phone-code"
	NoticeAlreadyKnown    NoticeKind = "already-registered" // somebody tried to register a known contact
	NoticeUnknownReset    NoticeKind = "reset-unknown"      // somebody asked to reset an account that is not there
	NoticeResetCode       NoticeKind = "reset-code"
	NoticePasswordChanged NoticeKind = "password-changed"
	NoticeContactChanged  NoticeKind = "contact-changed"
	NoticeSubmitted       NoticeKind = "submitted"
	NoticeCheckBlocked    NoticeKind = "check-blocked"
	NoticeCorrection      NoticeKind = "correction-requested"
	NoticeApproved        NoticeKind = "approved"
	NoticeRejected        NoticeKind = "rejected"
	NoticeWithdrawn       NoticeKind = "withdrawn"
	NoticeExpired         NoticeKind = "expired"
	NoticeReminder        NoticeKind = "reminder" // corrections have not come yet
	NoticeExtended        NoticeKind = "deadline-extended"
	NoticeAppealMade      NoticeKind = "appeal-made"
	NoticeAppealUpheld    NoticeKind = "appeal-upheld"
	NoticeAppealPartly    NoticeKind = "appeal-partly-upheld"
	NoticeAppealDismissed NoticeKind = "appeal-dismissed"
	NoticeLookUpCode      NoticeKind = "look-up-code"    // to see where an application stands
	NoticeUnknownLookUp   NoticeKind = "look-up-unknown" // somebody asked about an application that is not theirs
	NoticeDisavowed       NoticeKind = "disavowed"       // what was stopped after "this was not me"
	NoticeReinstateAsked  NoticeKind = "reinstatement-asked"
	NoticeReinstated      NoticeKind = "reinstated"
	NoticeStaffResetAsked NoticeKind = "staff-reset-asked" // to a member of staff: somebody asks to reset the access
	NoticeStaffReset      NoticeKind = "staff-reset"       // to a member of staff, with the link to enrol anew
)

// NoticeKinds lists every message, for the test of their words.
var NoticeKinds = []NoticeKind{
	NoticeEmailCode, NoticePhoneCode, NoticeAlreadyKnown, NoticeUnknownReset, NoticeResetCode, NoticePasswordChanged,
	NoticeContactChanged, NoticeSubmitted, NoticeCheckBlocked, NoticeCorrection, NoticeApproved, NoticeRejected,
	NoticeWithdrawn, NoticeExpired, NoticeReminder, NoticeExtended, NoticeAppealMade, NoticeAppealUpheld,
	NoticeAppealPartly, NoticeAppealDismissed, NoticeLookUpCode, NoticeUnknownLookUp, NoticeDisavowed,
	NoticeReinstateAsked, NoticeReinstated, NoticeStaffResetAsked, NoticeStaffReset,
}

// Notice is a message waiting to be sent. Parameters may hold personal data:
// stores seal them together with the address.
type Notice struct {
	Kind       NoticeKind
	Channel    Channel
	Account    AccountID    // recipient; its confirmed contact is looked up when sending
	Address    string       // set instead of Account for contacts that belong to no account yet
	Submission SubmissionID // what it is about, if anything
	Language   string
	Params     map[string]string
	Items      []Item    // corrections or reasons to be told
	Disavow    string    // secret of the "this was not me" link, made when it is sent
	ExpiresAt  time.Time // not sent after this moment; zero = no limit
}
