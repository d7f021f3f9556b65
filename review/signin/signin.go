// Package signin proves who somebody is: registration with confirmed contacts,
// sign-in by password, reset of a forgotten password, change of a contact, and
// the sessions that remember all this.
//
// A [Flow] is one unfinished registration, reset or contact change. It holds at
// most one live code. Checking a code takes two writes: the first counts the try
// and is committed, then the code is compared, then the second uses it up, if
// nobody was faster. Guessing in parallel therefore gains nothing.
//
//	flow, token, err := service.Register(ctx, actor, review.ForeignCitizen, "ru", from)
//	flow, err = service.RegisterEmail(ctx, actor, flow.ID, "a@example.ru", from)
//	flow, err = service.ConfirmRegistrationEmail(ctx, actor, flow.ID, "012345", from)
//	flow, err = service.RegisterPhone(ctx, actor, flow.ID, "+79161234567", from)
//	flow, err = service.ConfirmRegistrationPhone(ctx, actor, flow.ID, "543210", from)
//	entry, err := service.FinishRegistration(ctx, actor, flow.ID, password, from)
//
// Nobody learns from an answer whether a contact is known: a known one receives
// a note instead of a code, and no code ever matches. Every attempt to sign in
// costs exactly one password hash.
package signin

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net/netip"
	"time"

	"okno/review"
)

// Errors of this package, to be compared with errors.Is. All but ErrBusy are of
// kind Invalid and name the input they are about.
var (
	// ErrNoMatch is the one answer to every failed sign-in.
	ErrNoMatch = fieldError("sign-in-failed", "login", "no-match")

	ErrCodeFormat  = fieldError("code-format", "code", "format")
	ErrCodeWrong   = fieldError("code-wrong", "code", "wrong")
	ErrCodeExpired = fieldError("code-expired", "code", "expired")
	ErrCodeSpent   = fieldError("code-spent", "code", "spent") // used up by tries, used before, or none is waiting
	// ErrTaken says that a confirmed contact already belongs to an account; only
	// somebody who proved to own the contact learns this.
	ErrTaken = fieldError("contact-taken", "contact", "taken")
	// ErrTooMany says that too many registrations were begun; try later.
	ErrTooMany = fieldError("too-many", "form", "too-many")
	// ErrStep says that an earlier step of the flow is still missing.
	ErrStep = &review.Error{Kind: review.Conflict, Code: "flow-step"}
	// ErrBusy says that too many passwords are being checked at this moment.
	ErrBusy = review.ErrBusy
)

func fieldError(code, field, fault string) *review.Error {
	return &review.Error{Kind: review.Invalid, Code: code, Fields: []review.FieldFault{{Field: field, Code: fault}}}
}

// Hasher turns passwords into strings that are safe to store.
type Hasher interface {
	// Hash returns the stored form of a password. It reports [ErrBusy] when too
	// many are waiting.
	Hash(ctx context.Context, password string) (string, error)
	// Verify compares a password with its stored form. For an empty stored form
	// it does the same work and answers no. again says that the stored form is
	// weaker than what Hash makes today. It reports [ErrBusy] like Hash.
	Verify(ctx context.Context, stored, password string) (match, again bool, err error)
}

// Flows keeps registrations, resets and contact changes.
type Flows interface {
	// NewFlow stores a flow with its session, if it has one. A contact change
	// replaces an older one of the same account and contact.
	NewFlow(ctx context.Context, f *Flow, s *Session) error
	// Flow returns review.ErrNotFound for an unknown one.
	Flow(ctx context.Context, id string) (*Flow, error)
	// ContactFlow finds the running change of an account's contact, or review.ErrNotFound.
	ContactFlow(ctx context.Context, id review.AccountID, kind FlowKind) (*Flow, error)
	// UpdateFlow loads the flow, applies change, saves it with what the change
	// asks for in one transaction, and returns it.
	UpdateFlow(ctx context.Context, id string, change func(f *Flow) (Change, error)) (*Flow, error)
}

// Accounts keeps what an account signs in with.
type Accounts interface {
	// Credential finds an account by a confirmed contact, or review.ErrNotFound.
	Credential(ctx context.Context, channel review.Channel, contact string) (*Credential, error)
	// CredentialOf finds an account by its id, or review.ErrNotFound.
	CredentialOf(ctx context.Context, id review.AccountID) (*Credential, error)
	// UpdateCredential applies change in one transaction.
	UpdateCredential(ctx context.Context, id review.AccountID, change func(c *Credential) (Change, error)) error
	// Device returns how often sign-in failed in a row from a device that the
	// account is known to use, or review.ErrNotFound.
	Device(ctx context.Context, id review.AccountID, device []byte) (Failures, error)
}

// Limiter keeps token buckets.
type Limiter interface {
	// Take takes one token from every bucket, or from none when one of them is
	// empty; then it names the limit and says when it will have a token again.
	Take(ctx context.Context, at time.Time, takes ...Take) (Refusal, error)
	// Left returns how many tokens the bucket holds.
	Left(ctx context.Context, at time.Time, t Take) (int, error)
}

// Credential is what an account signs in with and how often that failed. It
// prints as [redacted].
type Credential struct {
	Account  review.AccountID
	Status   string // pending, active, suspended or closed
	Language string
	Email    string
	Phone    string
	Password string // stored form
	Failures Failures
	// CodeFailures counts wrong codes in a row over all of the account's flows.
	CodeFailures int
}

// String keeps personal data out of logs.
func (Credential) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Credential) GoString() string { return "[redacted]" }

// String keeps personal data out of logs.
func (NewAccount) String() string { return "[redacted]" }

// String keeps personal data out of logs.
func (NewContact) String() string { return "[redacted]" }

// Failures counts failed attempts in a row and how long they slow down the next.
type Failures struct {
	Count int
	Until time.Time
}

// The consecutive failures from which attempts are slowed down and refused.
const (
	slowFrom = 10
	stopAt   = 100
	maxDelay = 15 * time.Minute
)

// Blocked reports whether an attempt at this moment must not be evaluated.
func (f Failures) Blocked(at time.Time) bool {
	return f.Count >= stopAt || at.Before(f.Until) && f.Until.Sub(at) <= maxDelay
}

// Fail counts one more failure: from the tenth on, each makes the next attempt
// wait 1, 2, 4 … 15 minutes; after a hundred only recovery is left.
func (f *Failures) Fail(at time.Time) {
	f.Count++
	if over := f.Count - slowFrom; over >= 0 {
		f.Until = at.Add(min(maxDelay, time.Minute<<min(over, 4)))
	}
}

// Change is what has to be written together with a flow or a credential.
type Change struct {
	Events  []review.Event
	Notices []review.Notice

	Create   *NewAccount  // account to open with the flow's contacts
	Password *NewPassword // password to set; clears the failures
	Contact  *NewContact  // contact to replace
	Texted   *Texted      // code that goes out by SMS
	Entered  string       // id of the code sent by SMS that was entered
	Tried    bool         // count a code that was tried against the flow's account
	Right    bool         // forget the codes counted so

	Start     *Session         // session to begin
	End       string           // token of the session that it replaces
	EndOthers review.AccountID // end all sessions of this account but Start
	Device    *Device          // device to remember, with its failures
}

// NewAccount is an account about to be opened.
type NewAccount struct {
	ID       review.AccountID
	Language string
	Track    review.Track
	Email    string
	Phone    string
	Password string // stored form
	At       time.Time
}

// NewPassword replaces the password of an account.
type NewPassword struct {
	Account review.AccountID
	Stored  string
	At      time.Time
}

// NewContact replaces a contact of an account.
type NewContact struct {
	Account review.AccountID
	Channel review.Channel
	Value   string
	At      time.Time
}

// Device is a browser that has signed in before, known by the hash of its token.
type Device struct {
	Hash     []byte
	Account  review.AccountID
	Failures Failures
	At       time.Time
}

// From says where a request comes from.
type From struct {
	Address string // network address of the client
	Session string // token of the session that the browser holds, if any
	Device  string // token by which the browser is known, if any
	Work    string // what the browser has found for [Service.Task], if anything
}

// network is what addresses are counted by: an IPv4 address, or the /64 of an
// IPv6 address.
func (f From) network() string {
	a, err := netip.ParseAddr(f.Address)
	if err != nil {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		p, _ := a.Prefix(64) // 64 always fits
		return p.String()
	}
	return a.String()
}

// Policy holds the choices of the operator.
type Policy struct {
	// ForeignPhonesFromAbroad lets Russian citizens abroad confirm a phone that
	// is not Russian.
	ForeignPhonesFromAbroad bool
	// PhonePrefixes are the country codes to which messages are sent, with the plus sign.
	PhonePrefixes []string
}

// DefaultPolicy sends messages to Russia and to the countries most applicants
// come from.
func DefaultPolicy() Policy {
	return Policy{PhonePrefixes: []string{
		"+7", "+373", "+374", "+375", "+380", "+992", "+993", "+994", "+995", "+996", "+998", // neighbours
		"+20", "+27", "+212", "+213", "+216", "+221", "+225", "+233", "+234", "+237", "+244", "+251", "+254", "+255", "+256", "+260", // Africa
		"+84", "+86", "+90", "+91", "+92", "+93", "+94", "+95", "+60", "+62", "+63", "+65", "+66", "+81", "+82", "+850", "+852", "+855", "+856",
		"+880", "+961", "+962", "+963", "+964", "+966", "+967", "+970", "+971", "+972", "+974", "+976", "+977", "+98", // Asia
		"+30", "+31", "+32", "+33", "+34", "+351", "+353", "+357", "+358", "+359", "+36", "+370", "+371", "+372", "+381", "+382", "+385", "+386",
		"+387", "+389", "+39", "+40", "+41", "+420", "+421", "+43", "+44", "+45", "+46", "+47", "+48", "+49", // Europe
		"+1", "+52", "+53", "+54", "+55", "+56", "+57", "+58", "+591", "+593", "+598", "+51", "+505", "+61", "+64", // Americas, Oceania
	}}
}

// Service is the use cases of this package. Fill every field but Random.
type Service struct {
	Gate     review.Gate
	Clock    review.Clock
	IDs      review.IDs
	Hasher   Hasher
	Flows    Flows
	Accounts Accounts
	Limiter  Limiter
	Texts    Texts
	Cases    Cases
	Sessions *Sessions
	Secret   []byte // key of the hashes of codes, 32 bytes
	Policy   Policy
	Limits   Limits
	Random   io.Reader // where codes come from; nil: the operating system
}

func (s *Service) random() io.Reader {
	if s.Random != nil {
		return s.Random
	}
	return rand.Reader
}

// mac is a keyed hash over the parts, none of which can run into the next.
func (s *Service) mac(purpose string, parts ...string) []byte {
	return keyed(s.Secret, purpose, parts...)
}

func keyed(key []byte, purpose string, parts ...string) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range append([]string{purpose}, parts...) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		h.Write(n[:])
		h.Write([]byte(p))
	}
	return h.Sum(nil)
}

// newToken returns 32 random bytes as text for a cookie.
func newToken(random io.Reader) (string, error) {
	var b [32]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b[:]), nil
}

// TokenHash is the form in which a token is stored; nil for what cannot be a token.
func TokenHash(token string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return nil
	}
	sum := sha256.Sum256(raw)
	return sum[:]
}
