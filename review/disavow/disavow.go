// Package disavow is the way behind "this was not me" in the desk's messages.
// Every message about somebody's data carries a link that only its recipient
// knows. Opening it changes nothing; confirming stops what the message was about:
// the registration or change that was begun, or the account itself.
//
//	token := service.Token(message)
//	letter, err := service.Letter(ctx, actor, token)
//	err = service.Confirm(ctx, actor, token)
//
// A token is the message's identifier with a keyed hash, so nothing is stored for
// the many messages that are never disavowed; the few that are, are remembered,
// and count once.
package disavow

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"time"

	"okno/review"
)

// Term is how long a link works.
const Term = 10 * 24 * time.Hour

// ErrUsed is the one answer to a link that does not work: unknown, forged, too
// old or used before.
var ErrUsed = &review.Error{Kind: review.NotFound, Code: "link-used"}

// Letter is what is known about a message that left the desk.
type Letter struct {
	ID         string
	Kind       review.NoticeKind
	Channel    review.Channel
	Account    review.AccountID
	Submission review.SubmissionID
	Flow       string // the registration, reset or change that it served
	Address    string // where it went, if not to a confirmed contact
	Language   string
	At         time.Time
}

// AboutAccount reports whether the message was about an account. Others belong
// to something that was begun and is not finished, perhaps with the address of
// somebody else.
func (l Letter) AboutAccount() bool { return l.Account != "" && l.Flow == "" }

// Store keeps messages and what was disavowed.
type Store interface {
	// Letter returns review.ErrNotFound for an unknown message.
	Letter(ctx context.Context, id string) (Letter, error)
	// Used reports whether the message was disavowed before.
	Used(ctx context.Context, id string) (bool, error)
	// Disavow remembers the message, stops the flow or suspends the account, ends
	// its sessions, marks its submission, appends the event and tells the holder,
	// in one transaction. It reports [ErrUsed] for the second of two.
	Disavow(ctx context.Context, by review.Actor, l Letter, at time.Time) error
}

// Service is the use cases of this package. All fields are needed.
type Service struct {
	Gate   review.Gate
	Clock  review.Clock
	Store  Store
	Secret []byte // key of the links, 32 bytes
}

const (
	idLength  = 26
	macLength = 16 // characters: eighty bits
)

var letters = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (s *Service) mac(id string) string {
	h := hmac.New(sha256.New, s.Secret)
	h.Write([]byte("disavow\x00" + id))
	return letters.EncodeToString(h.Sum(nil)[:10])
}

// Token is the secret part of the link in a message.
func (s *Service) Token(message string) string { return message + s.mac(message) }

// Marked reports whether messages of the kind carry the link. Codes by SMS do
// not: a message with a code should never teach people to open links.
func Marked(kind review.NoticeKind, channel review.Channel) bool {
	switch kind {
	case review.NoticeDisavowed, review.NoticeStaffResetAsked, review.NoticeStaffReset:
		return false
	case review.NoticePhoneCode:
		return channel != review.SMS
	}
	return true
}

// Letter finds the message of a link. It changes nothing.
func (s *Service) Letter(ctx context.Context, by review.Actor, token string) (Letter, error) {
	if err := s.Gate.Allow(by, review.ActPublic); err != nil {
		return Letter{}, err
	}
	if len(token) != idLength+macLength || !hmac.Equal([]byte(token[idLength:]), []byte(s.mac(token[:idLength]))) {
		return Letter{}, ErrUsed
	}
	l, err := s.Store.Letter(ctx, token[:idLength])
	if errors.Is(err, review.ErrNotFound) {
		return Letter{}, ErrUsed
	}
	if err != nil {
		return Letter{}, err
	}
	used, err := s.Store.Used(ctx, l.ID)
	if err != nil {
		return Letter{}, err
	}
	if used || s.Clock.Now().After(l.At.Add(Term)) || !Marked(l.Kind, l.Channel) {
		return Letter{}, ErrUsed
	}
	return l, nil
}

// Confirm stops what the message was about, once.
func (s *Service) Confirm(ctx context.Context, by review.Actor, token string) (Letter, error) {
	l, err := s.Letter(ctx, by, token)
	if err != nil {
		return Letter{}, err
	}
	return l, s.Store.Disavow(ctx, by, l, s.Clock.Now())
}
