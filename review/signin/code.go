package signin

import (
	"context"
	"crypto/hmac"
	"io"
	"strings"
	"time"
	"unicode"

	"okno/review"
)

// The life of a code.
const (
	CodeTerm   = 10 * time.Minute
	CodePause  = time.Minute // before another one can be asked for
	codeDigits = 6
	codeTries  = 5
	flowTries  = 20 // wrong codes after which a flow is dead, however many codes it had
)

// Purpose is what a code confirms. A code of one purpose never serves another.
type Purpose string

// The purposes of codes.
const (
	ConfirmEmail  Purpose = "confirm-email"
	ConfirmPhone  Purpose = "confirm-phone"
	ResetPassword Purpose = "reset-password"
	ChangeEmail   Purpose = "change-email"
	ChangePhone   Purpose = "change-phone"
)

// Purposes lists every purpose.
var Purposes = []Purpose{ConfirmEmail, ConfirmPhone, ResetPassword, ChangeEmail, ChangePhone, SeeCase}

// channel is how codes of the purpose travel.
func (p Purpose) channel() review.Channel {
	if p == ConfirmPhone || p == ChangePhone {
		return review.SMS
	}
	return review.Mail
}

// notice is the message that carries a code of the purpose.
func (p Purpose) notice() review.NoticeKind {
	switch {
	case p == ResetPassword:
		return review.NoticeResetCode
	case p == SeeCase:
		return review.NoticeLookUpCode
	case p.channel() == review.SMS:
		return review.NoticePhoneCode
	default:
		return review.NoticeEmailCode
	}
}

// Code is the live code of a flow. Only a keyed hash of its digits is kept.
type Code struct {
	ID      string
	Purpose Purpose
	Hash    []byte
	Sent    time.Time
	Expires time.Time
	Again   time.Time // when another one can be asked for
	Tries   int
	Used    bool
}

// Waiting reports whether the code can still be entered.
func (c *Code) Waiting(at time.Time) bool {
	return c != nil && !c.Used && c.Tries < codeTries && at.Before(c.Expires)
}

// Replaces reports whether the code is another one than the flow had before.
func (c *Code) Replaces(before *Flow) bool {
	return c != nil && (before.Code == nil || before.Code.ID != c.ID)
}

// Renewed decides what to tell after an expired code, for which another one was asked
// at once: that it is on its way, or, when a limit allowed none yet, that it has to be
// asked for later.
func Renewed(old, fresh *Flow, typed string, err error) (*Flow, string, error) {
	if err != nil {
		return old, typed, err
	}
	if !fresh.Code.Replaces(old) {
		return fresh, typed, ErrCodeSpent
	}
	return fresh, "", ErrCodeExpired
}

// newCode draws six digits, each value equally likely.
func newCode(random io.Reader) (string, error) {
	digits := make([]byte, 0, codeDigits)
	var b [16]byte
	for len(digits) < codeDigits {
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", err
		}
		for _, v := range b {
			if v < 250 && len(digits) < codeDigits {
				digits = append(digits, '0'+v%10)
			}
		}
	}
	return string(digits), nil
}

// typedCode removes what people and programs put between digits.
func typedCode(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == '-' || r == '–' {
			return -1
		}
		return r
	}, s)
}

func sixDigits(s string) bool {
	return len(s) == codeDigits && strings.Trim(s, "0123456789") == ""
}

// hashCode binds a code to its flow, purpose and contact.
func (s *Service) hashCode(f *Flow, p Purpose, code string) []byte {
	return s.mac("code", f.ID, string(p), f.contact(p), code)
}

// sending is one code or, to a contact that must not get one, one note.
type sending struct {
	purpose Purpose
	known   bool // the contact belongs to an account already (or, for a reset, to none)
	refusal Refusal
}

// send gives the flow a new code and returns the message that carries it. A
// known contact gets a note in its place; an exhausted limit sends nothing. The
// flow looks the same in all three cases.
func (s *Service) send(f *Flow, o sending) (Change, error) {
	code, err := newCode(s.random())
	if err != nil {
		return Change{}, err
	}
	now := s.Clock.Now()
	c := &Code{ID: s.IDs.NewID(), Purpose: o.purpose, Hash: s.hashCode(f, o.purpose, code),
		Sent: now, Expires: now.Add(CodeTerm), Again: now.Add(CodePause)}
	if o.refusal.Refused() {
		// What was sent before stays as it is; the page says when to ask again.
		if f.Code != nil && f.Code.Purpose == o.purpose && !f.Code.Used {
			f.Code.Again = later(f.Code.Again, o.refusal.Until)
			return Change{}, nil
		}
		c.Again = later(c.Again, o.refusal.Until)
	}
	notice := review.Notice{Kind: o.purpose.notice(), Channel: o.purpose.channel(), Address: f.contact(o.purpose),
		Language: f.Language, Params: map[string]string{"code": code, "flow": f.ID}, ExpiresAt: c.Expires}
	if o.purpose == SeeCase {
		notice.Params["number"] = review.CaseNumber(f.Subject).String()
	}
	if o.known {
		notice.Kind = review.NoticeAlreadyKnown
		switch o.purpose {
		case ResetPassword:
			notice.Kind = review.NoticeUnknownReset
		case SeeCase:
			notice.Kind = review.NoticeUnknownLookUp
		}
		notice.Params, notice.ExpiresAt = map[string]string{"flow": f.ID}, time.Time{}
	}
	if o.known || o.refusal.Refused() {
		c.Hash = s.mac("no code", c.ID) // matches nothing
	}
	f.Code = c
	if o.refusal.Refused() {
		return Change{}, nil
	}
	return Change{Notices: []review.Notice{notice}, Texted: textedNow(notice.Channel, c, f.Phone, now)}, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// confirm checks a typed code and, when it is right, uses it up together with
// what then applies. It returns the flow as it is afterwards.
func (s *Service) confirm(ctx context.Context, id string, p Purpose, typed string, from From, then func(f *Flow) (Change, error)) (*Flow, error) {
	flow, err := s.Flows.Flow(ctx, id)
	if err != nil {
		return nil, err
	}
	typed = typedCode(typed)
	if !sixDigits(typed) {
		return flow, ErrCodeFormat
	}
	refusal, err := s.Limiter.Take(ctx, s.Clock.Now(),
		Take{s.Limits.CodeSubject, s.subject(p.channel(), flow.contact(p))}, Take{s.Limits.CodeAddress, from.network()})
	if err != nil {
		return flow, err
	}
	if refusal.Refused() {
		return flow, ErrCodeSpent
	}
	if flow.Account != "" {
		c, err := s.Accounts.CredentialOf(ctx, flow.Account)
		if err != nil {
			return flow, err
		}
		if c.CodeFailures >= stopAt {
			return flow, ErrCodeSpent
		}
	}

	// First write: the try is counted before anything is compared.
	var tried Code
	flow, err = s.update(ctx, flow, func(f *Flow) (Change, error) {
		now := s.Clock.Now()
		switch c := f.Code; {
		case c == nil, c.Purpose != p, c.Used, f.Failures >= flowTries:
			return Change{}, ErrCodeSpent
		case !now.Before(c.Expires):
			return Change{}, ErrCodeExpired
		case c.Tries >= codeTries:
			return Change{}, ErrCodeSpent
		}
		f.Code.Tries++
		f.Failures++
		tried = *f.Code
		return Change{Tried: true}, nil
	})
	if err != nil {
		return flow, err
	}
	if !hmac.Equal(tried.Hash, s.hashCode(flow, p, typed)) {
		if tried.Tries >= codeTries {
			return flow, ErrCodeSpent
		}
		return flow, ErrCodeWrong
	}

	// Second write: whoever comes first uses the code up.
	return s.update(ctx, flow, func(f *Flow) (Change, error) {
		if f.Code == nil || f.Code.ID != tried.ID || f.Code.Used {
			return Change{}, ErrCodeSpent
		}
		f.Code.Used = true
		f.Failures = 0
		change, err := then(f)
		change.Right = true
		if p.channel() == review.SMS {
			change.Entered = tried.ID
		}
		return change, err
	})
}

// update is UpdateFlow that returns the flow also when the change was refused.
func (s *Service) update(ctx context.Context, flow *Flow, change func(f *Flow) (Change, error)) (*Flow, error) {
	changed, err := s.Flows.UpdateFlow(ctx, flow.ID, change)
	if err != nil {
		if review.KindOf(err) == review.NotFound { // done or swept meanwhile
			err = ErrStep
		}
		return flow, err
	}
	return changed, nil
}
