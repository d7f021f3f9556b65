// Package staff is who works at the desk: invitation, enrolment with a second
// factor, sign-in in two steps, roles and leaving.
//
// There are no default accounts. An invitation is a one-time link; whoever opens
// it sets a password and proves a code generator, and is in. Signing in takes the
// password first, which gives half a session, and then a code.
//
//	invitation, err := service.Invite(ctx, review.System(), "anna@example.ru", "Анна Орлова", roles)
//	member, err := service.Invitation(ctx, actor, invitation.Token) // shows the secret
//	entry, err := service.Enrol(ctx, actor, invitation.Token, password, code, from)
//	half, err := service.SignIn(ctx, actor, email, password, from)
//	entry, err := service.ConfirmCode(ctx, actor, half.Staff, code, from)
package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
)

// Errors of this package, to be compared with errors.Is.
var (
	// ErrNoMatch is the one answer to every failed first step.
	ErrNoMatch = &review.Error{Kind: review.Invalid, Code: "staff-sign-in-failed", Fields: []review.FieldFault{{Field: "email", Code: "no-match"}}}
	// ErrCode says that the code is wrong, was used before, or that there were too
	// many wrong ones.
	ErrCode = &review.Error{Kind: review.Invalid, Code: "staff-code-wrong", Fields: []review.FieldFault{{Field: "code", Code: "wrong"}}}
	// ErrLink says that an invitation is unknown, used or too old.
	ErrLink = &review.Error{Kind: review.NotFound, Code: "invitation-over"}
	// ErrEmailTaken says that somebody enrolled already has this address.
	ErrEmailTaken = &review.Error{Kind: review.Conflict, Code: "staff-email-taken"}
)

// Status is where a member of staff stands.
type Status string

// The statuses of a member of staff.
const (
	Invited  Status = "invited"
	Active   Status = "active"
	Disabled Status = "disabled"
)

// InvitationTerm is how long an invitation can be used.
const InvitationTerm = 24 * time.Hour

// The failures in a row from which attempts are slowed down and refused.
const (
	slowFrom = 10
	stopAt   = 100
	maxDelay = 15 * time.Minute
)

// Member is one member of staff.
type Member struct {
	ID         review.StaffID
	Email      string
	Name       string
	Roles      []review.Role
	Status     Status
	Password   string // stored form
	Secret     []byte // of the code generator
	Step       int64  // of the last code accepted: no code of it or before counts again
	Failures   int    // wrong passwords and codes in a row
	Until      time.Time
	InviteHash []byte
	InviteEnds time.Time
	Reset      Reset // that waits for a second administrator
	CreatedAt  time.Time
	EnrolledAt time.Time
	SeenAt     time.Time // last sign-in
	Settings   Settings
	Version    int64
}

// String keeps secrets out of logs.
func (Member) String() string { return "[redacted]" }

// GoString keeps secrets out of logs.
func (Member) GoString() string { return "[redacted]" }

// SecretText is the generator's secret as people type it, in groups of four.
func (m *Member) SecretText() string {
	text := field.FormatTOTPSecret(m.Secret)
	var groups []string
	for chunk := range slices.Chunk([]byte(text), 4) {
		groups = append(groups, string(chunk))
	}
	return strings.Join(groups, " ")
}

// GeneratorURI is what a code generator reads from the QR code.
func (m *Member) GeneratorURI() string {
	q := url.Values{"secret": {field.FormatTOTPSecret(m.Secret)}, "issuer": {"Okno"}}
	return "otpauth://totp/" + url.PathEscape("Okno:"+m.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// Locked reports whether attempts to sign in are refused at the moment.
func (m *Member) Locked(at time.Time) bool {
	return m.Failures >= stopAt || at.Before(m.Until) && m.Until.Sub(at) <= maxDelay
}

func (m *Member) fail(at time.Time) {
	m.Failures++
	if over := m.Failures - slowFrom; over >= 0 {
		m.Until = at.Add(min(maxDelay, time.Minute<<min(over, 4)))
	}
}

// accept checks a code and notes its step, so that it never counts again.
func (m *Member) accept(code string, at time.Time) bool {
	step, result := field.VerifyTOTP(m.Secret, code, at, m.Step)
	if result != field.TOTPAccepted {
		return false
	}
	m.Step = step
	return true
}

// Store keeps members of staff.
type Store interface {
	// Add stores a new member. It reports [ErrEmailTaken].
	Add(ctx context.Context, m *Member, events ...review.Event) error
	// Member, ByEmail and ByInvitation report review.ErrNotFound.
	Member(ctx context.Context, id review.StaffID) (*Member, error)
	SaveSettings(ctx context.Context, id review.StaffID, s Settings) error
	ByEmail(ctx context.Context, email string) (*Member, error)
	ByInvitation(ctx context.Context, hash []byte) (*Member, error)
	// Members returns everybody by name.
	Members(ctx context.Context) ([]Member, error)
	// Update applies change in one transaction and stores its events and notices
	// with it.
	Update(ctx context.Context, id review.StaffID, change func(m *Member) (review.Change, error)) (*Member, error)
}

// Hasher is what turns passwords into stored forms; see signin.Hasher.
type Hasher interface {
	Hash(ctx context.Context, password string) (string, error)
	Verify(ctx context.Context, stored, password string) (match, again bool, err error)
}

// Sessions begins and ends sessions of staff.
type Sessions interface {
	// StartStaff returns the token of a new session, half or whole, and its
	// fingerprint for the history. The session of the token replaced ends.
	StartStaff(ctx context.Context, id review.StaffID, half bool, replaced string) (token, fingerprint string, err error)
	End(ctx context.Context, token string) error
	EndStaff(ctx context.Context, id review.StaffID) error
}

// Attempts bounds how fast anybody can guess.
type Attempts interface {
	Attempt(ctx context.Context, who, address string) (bool, error)
}

// From says where a request comes from.
type From struct {
	Address string
	Session string // token that the browser holds, if any
}

// Entry is what somebody receives who got through a step.
type Entry struct {
	Staff review.StaffID
	Token string
}

// Service is the use cases of this package. Fill every field but Random.
type Service struct {
	Gate     review.Gate
	Clock    review.Clock
	IDs      review.IDs
	Store    Store
	Hasher   Hasher
	Sessions Sessions
	Attempts Attempts
	// Rule checks a new password; own are words that it must not hold.
	Rule   func(password string, own ...string) error
	Random io.Reader // nil: the operating system
}

func (s *Service) random(n int) ([]byte, error) {
	source := s.Random
	if source == nil {
		source = rand.Reader
	}
	b := make([]byte, n)
	_, err := io.ReadFull(source, b)
	return b, err
}

// Actor returns who acts in a whole session of a member of staff. It reports
// review.ErrUnauthenticated for somebody who is not, or no longer, enrolled.
func (s *Service) Actor(ctx context.Context, id review.StaffID, session string) (review.Actor, error) {
	by, _, err := s.AtDesk(ctx, id, session)
	return by, err
}

// AtDesk is Actor, with how they like the desk.
func (s *Service) AtDesk(ctx context.Context, id review.StaffID, session string) (review.Actor, Settings, error) {
	m, err := s.Store.Member(ctx, id)
	if review.KindOf(err) == review.NotFound {
		return review.Actor{}, Settings{}, review.ErrUnauthenticated
	}
	if err != nil {
		return review.Actor{}, Settings{}, err
	}
	if m.Status != Active {
		return review.Actor{}, Settings{}, review.ErrUnauthenticated
	}
	return review.Actor{Staff: m.ID, Name: m.Name, Roles: m.Roles, Session: session}, m.Settings, nil
}

// Members lists the staff.
func (s *Service) Members(ctx context.Context, by review.Actor) ([]Member, error) {
	if err := s.Gate.Allow(by, review.ActStaffList); err != nil {
		return nil, err
	}
	return s.Store.Members(ctx)
}

// Invitation is a one-time link; the token is shown once.
type Invitation struct {
	Staff review.StaffID
	Token string
	Ends  time.Time
}

// Invite appoints somebody and returns the invitation. Inviting an address that
// has not enrolled yet replaces name, roles and link. It reports Invalid with
// field email, name or roles, and [ErrEmailTaken].
func (s *Service) Invite(ctx context.Context, by review.Actor, email, name string, roles []review.Role) (Invitation, error) {
	if err := s.Gate.Allow(by, review.ActStaffManage); err != nil {
		return Invitation{}, err
	}
	m, err := s.appoint(email, name, roles)
	if err != nil {
		return Invitation{}, err
	}
	raw, err := s.random(32)
	if err != nil {
		return Invitation{}, err
	}
	token := base64.RawURLEncoding.EncodeToString(raw)
	m.InviteHash, m.InviteEnds = tokenHash(token), s.Clock.Now().Add(InvitationTerm)

	old, err := s.Store.ByEmail(ctx, m.Email)
	switch {
	case review.KindOf(err) == review.NotFound:
		err = s.Store.Add(ctx, m, s.invited(by, m.ID, roles))
	case err != nil:
	default:
		m.ID = old.ID
		_, err = s.Store.Update(ctx, old.ID, func(old *Member) (review.Change, error) {
			if old.Status != Invited {
				return review.Change{}, ErrEmailTaken
			}
			old.Name, old.Roles, old.Secret = m.Name, m.Roles, m.Secret
			old.InviteHash, old.InviteEnds, old.Failures, old.Until = m.InviteHash, m.InviteEnds, 0, time.Time{}
			return review.Change{Events: []review.Event{s.invited(by, old.ID, roles)}}, nil
		})
	}
	if err != nil {
		return Invitation{}, err
	}
	return Invitation{Staff: m.ID, Token: token, Ends: m.InviteEnds}, nil
}

func (s *Service) invited(by review.Actor, id review.StaffID, roles []review.Role) review.Event {
	return by.Event(review.EventStaffInvited, s.Clock.Now()).With("staff", string(id)).With("roles", joinRoles(roles))
}

// appoint makes a member who is invited but has no link yet.
func (s *Service) appoint(email, name string, roles []review.Role) (*Member, error) {
	email, faults := field.Email(email)
	if field.Blocking(faults) {
		return nil, review.Faulty(review.FieldFault{Field: "email", Code: faults[0].Code})
	}
	name = field.Normalize(name)
	if n := utf8.RuneCountInString(name); n == 0 || n > 100 {
		return nil, review.Faulty(review.FieldFault{Field: "name", Code: "empty"})
	}
	if err := review.CheckRoles(roles); err != nil {
		return nil, err
	}
	secret, err := s.random(20)
	if err != nil {
		return nil, err
	}
	return &Member{ID: review.StaffID(s.IDs.NewID()), Email: email, Name: name, Roles: roles, Status: Invited,
		Secret: secret, CreatedAt: s.Clock.Now()}, nil
}

// Invitation returns who an open invitation is for, with the secret of the code
// generator. Looking changes nothing. It reports [ErrLink].
func (s *Service) Invitation(ctx context.Context, by review.Actor, token string) (*Member, error) {
	if err := s.Gate.Allow(by, review.ActEnrol); err != nil {
		return nil, err
	}
	hash := tokenHash(token)
	if hash == nil {
		return nil, ErrLink
	}
	m, err := s.Store.ByInvitation(ctx, hash)
	if review.KindOf(err) == review.NotFound {
		return nil, ErrLink
	}
	if err != nil {
		return nil, err
	}
	if m.Status != Invited || !s.Clock.Now().Before(m.InviteEnds) {
		return nil, ErrLink
	}
	return m, nil
}

// Enrol uses an invitation up: it sets the password, proves the code generator
// and begins a whole session. It reports Invalid with field password or code,
// [ErrLink], and busy.
func (s *Service) Enrol(ctx context.Context, by review.Actor, token, password, code string, from From) (Entry, error) {
	m, err := s.Invitation(ctx, by, token)
	if err != nil {
		return Entry{}, err
	}
	fresh, err := s.Attempts.Attempt(ctx, "enrol "+string(m.ID), from.Address)
	if err != nil {
		return Entry{}, err
	}
	faults := s.Rule(password, m.Email, m.Name)
	if faults != nil && review.KindOf(faults) != review.Invalid {
		return Entry{}, faults
	}
	if !fresh || m.Locked(s.Clock.Now()) {
		return Entry{}, ErrCode
	}
	if probe := *m; !probe.accept(code, s.Clock.Now()) {
		if _, err := s.Store.Update(ctx, m.ID, func(m *Member) (review.Change, error) {
			m.fail(s.Clock.Now())
			return review.Change{}, nil
		}); err != nil {
			return Entry{}, err
		}
		return Entry{}, both(faults, ErrCode)
	}
	if faults != nil {
		return Entry{}, faults
	}
	stored, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return Entry{}, err
	}
	return s.begin(ctx, by, m.ID, from, func(m *Member, as review.Actor) (review.Change, error) {
		now := s.Clock.Now()
		if m.Status != Invited || !slices.Equal(m.InviteHash, tokenHash(token)) || !now.Before(m.InviteEnds) {
			return review.Change{}, ErrLink
		}
		if !m.accept(code, now) {
			return review.Change{}, ErrCode
		}
		m.Status, m.Password, m.EnrolledAt, m.SeenAt = Active, stored, now, now
		m.InviteHash, m.InviteEnds, m.Failures, m.Until = nil, time.Time{}, 0, time.Time{}
		return review.Change{Events: []review.Event{as.Event(review.EventStaffEnrolled, now), as.Event(review.EventStaffSignedIn, now).With("factor", "totp")}}, nil
	})
}

// both joins the faults of the password with the one of the code.
func both(faults error, code *review.Error) error {
	e, ok := errors.AsType[*review.Error](faults)
	if !ok {
		return code
	}
	return review.Faulty(append(slices.Clone(e.Fields), code.Fields...)...)
}

// begin changes a member and begins a whole session when that succeeded.
func (s *Service) begin(ctx context.Context, by review.Actor, id review.StaffID, from From, change func(m *Member, as review.Actor) (review.Change, error)) (Entry, error) {
	if _, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		as := by
		as.Staff, as.Account, as.Name, as.Roles = m.ID, "", m.Name, m.Roles
		return change(m, as)
	}); err != nil {
		return Entry{}, err
	}
	token, _, err := s.Sessions.StartStaff(ctx, id, false, from.Session)
	return Entry{Staff: id, Token: token}, err
}

// EnrolDirectly appoints somebody who is enrolled at once, with a password and a
// generator secret that the caller knows. It is for filling a demonstration desk.
func (s *Service) EnrolDirectly(ctx context.Context, by review.Actor, email, name string, roles []review.Role, password string, secret []byte) (review.StaffID, error) {
	if err := s.Gate.Allow(by, review.ActStaffManage); err != nil {
		return "", err
	}
	m, err := s.appoint(email, name, roles)
	if err != nil {
		return "", err
	}
	if err := s.Rule(password, m.Email, m.Name); err != nil {
		return "", err
	}
	if m.Password, err = s.Hasher.Hash(ctx, password); err != nil {
		return "", err
	}
	m.Status, m.Secret, m.EnrolledAt = Active, slices.Clone(secret), m.CreatedAt
	return m.ID, s.Store.Add(ctx, m, s.invited(by, m.ID, roles), by.Event(review.EventStaffEnrolled, m.CreatedAt).With("staff", string(m.ID)))
}

// SignIn checks the first factor and begins half a session. Whatever is wrong,
// the answer is [ErrNoMatch] after exactly one password hash; only busy differs.
func (s *Service) SignIn(ctx context.Context, by review.Actor, email, password string, from From) (Entry, error) {
	if err := s.Gate.Allow(by, review.ActStaffSignIn); err != nil {
		return Entry{}, err
	}
	m, err := s.Store.ByEmail(ctx, email)
	if err != nil && review.KindOf(err) != review.NotFound {
		return Entry{}, err
	}
	fresh, err := s.Attempts.Attempt(ctx, "email "+field.EmailKey(strings.TrimSpace(email)), from.Address)
	if err != nil {
		return Entry{}, err
	}
	stored, evaluated := "", m != nil && m.Status == Active && fresh && !m.Locked(s.Clock.Now())
	if evaluated {
		stored = m.Password
	}
	match, again, err := s.Hasher.Verify(ctx, stored, password)
	if err != nil {
		return Entry{}, err
	}
	if !match || !evaluated {
		if evaluated {
			return Entry{}, errors.Join(s.failed(ctx, by, m.ID, "password"), ErrNoMatch)
		}
		// One more write, as for a known address, so that the time tells nothing.
		_, err := s.Attempts.Attempt(ctx, "no match", from.Address)
		return Entry{}, errors.Join(err, ErrNoMatch)
	}
	if again {
		if stronger, err := s.Hasher.Hash(ctx, password); err == nil { // when busy, the next sign-in will do
			if _, err := s.Store.Update(ctx, m.ID, func(now *Member) (review.Change, error) {
				if now.Password == m.Password {
					now.Password = stronger
				}
				return review.Change{}, nil
			}); err != nil {
				return Entry{}, err
			}
		}
	}
	token, _, err := s.Sessions.StartStaff(ctx, m.ID, true, from.Session)
	return Entry{Staff: m.ID, Token: token}, err
}

// failed counts a wrong password or code.
func (s *Service) failed(ctx context.Context, by review.Actor, id review.StaffID, factor string) error {
	_, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		now := s.Clock.Now()
		m.fail(now)
		return review.Change{Events: []review.Event{by.Event(review.EventSignInFailed, now).With("staff", string(id)).With("factor", factor)}}, nil
	})
	return err
}

// ConfirmCode checks the second factor of somebody with half a session and
// begins a whole one. It reports [ErrCode], and review.ErrUnauthenticated when
// the member left meanwhile.
func (s *Service) ConfirmCode(ctx context.Context, by review.Actor, id review.StaffID, code string, from From) (Entry, error) {
	if err := s.Gate.Allow(by, review.ActStaffSignIn); err != nil {
		return Entry{}, err
	}
	fresh, err := s.Attempts.Attempt(ctx, "code "+string(id), from.Address)
	if err != nil {
		return Entry{}, err
	}
	if !fresh {
		return Entry{}, ErrCode
	}
	wrong := false
	entry, err := s.begin(ctx, by, id, from, func(m *Member, as review.Actor) (review.Change, error) {
		now := s.Clock.Now()
		if m.Status != Active {
			return review.Change{}, review.ErrUnauthenticated
		}
		if m.Locked(now) {
			return review.Change{}, ErrCode
		}
		if !m.accept(code, now) {
			wrong = true
			return review.Change{}, ErrCode
		}
		m.Failures, m.Until, m.SeenAt = 0, time.Time{}, now
		return review.Change{Events: []review.Event{as.Event(review.EventStaffSignedIn, now).With("factor", "totp")}}, nil
	})
	if wrong {
		return Entry{}, errors.Join(s.failed(ctx, by, id, "totp"), ErrCode)
	}
	return entry, err
}

// SignOut ends the session of a token.
func (s *Service) SignOut(ctx context.Context, by review.Actor, token string) error {
	if err := s.Sessions.End(ctx, token); err != nil || by.Staff == "" {
		return err
	}
	_, err := s.Store.Update(ctx, by.Staff, func(*Member) (review.Change, error) {
		return review.Change{Events: []review.Event{by.Event(review.EventStaffSignedOut, s.Clock.Now())}}, nil
	})
	return err
}

// Disable ends somebody's work at the desk: every session ends at once and no
// invitation works any more.
func (s *Service) Disable(ctx context.Context, by review.Actor, id review.StaffID) error {
	if err := s.Gate.Allow(by, review.ActStaffManage); err != nil {
		return err
	}
	if _, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		m.Status, m.InviteHash, m.InviteEnds = Disabled, nil, time.Time{}
		return review.Change{Events: []review.Event{by.Event(review.EventStaffDisabled, s.Clock.Now()).With("staff", string(id))}}, nil
	}); err != nil {
		return err
	}
	return s.Sessions.EndStaff(ctx, id)
}

// SetRoles changes what somebody is appointed to and ends the sessions, so that
// the new roles begin with a new one.
func (s *Service) SetRoles(ctx context.Context, by review.Actor, id review.StaffID, roles []review.Role) error {
	if err := s.Gate.Allow(by, review.ActStaffManage); err != nil {
		return err
	}
	if err := review.CheckRoles(roles); err != nil {
		return err
	}
	if _, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		m.Roles = roles
		return review.Change{Events: []review.Event{by.Event(review.EventStaffRoles, s.Clock.Now()).With("staff", string(id)).With("roles", joinRoles(roles))}}, nil
	}); err != nil {
		return err
	}
	return s.Sessions.EndStaff(ctx, id)
}

func joinRoles(roles []review.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ",")
}

// tokenHash is the form in which an invitation's token is stored; nil for what
// cannot be one.
func tokenHash(token string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) != 32 {
		return nil
	}
	sum := sha256.Sum256(raw)
	return sum[:]
}
