package signin

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"okno/review"
	"okno/review/field"
)

// login reads what somebody typed to sign in: an e-mail address or a phone
// number. What is neither belongs to nobody.
func login(typed string) (channel review.Channel, contact string) {
	if strings.Contains(typed, "@") {
		email, faults := field.Email(typed)
		if field.Blocking(faults) {
			return review.Mail, ""
		}
		return review.Mail, email
	}
	phone, faults := field.Phone(typed)
	if field.Blocking(faults) {
		return review.SMS, ""
	}
	return review.SMS, phone
}

// unknownSlots bounds what is remembered about logins that belong to nobody.
const unknownSlots = 1024

// who is what attempts on a login are counted by.
func (s *Service) who(channel review.Channel, contact string, c *Credential) string {
	if c != nil {
		return "account:" + string(c.Account)
	}
	h := s.mac("unknown login", string(channel), field.EmailKey(contact))
	slot := (int(h[0])<<8 | int(h[1])) % unknownSlots
	return "nobody:" + hex.EncodeToString([]byte{byte(slot >> 8), byte(slot)})
}

// SignIn checks a login and a password. Whatever is wrong, from the login to an
// exhausted limit, the answer is [ErrNoMatch] after exactly one password hash;
// only [ErrBusy] tells that the hash could not be made.
func (s *Service) SignIn(ctx context.Context, by review.Actor, typed, password string, from From) (Entry, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return Entry{}, err
	}
	now := s.Clock.Now()
	channel, contact := login(typed)
	c, err := s.Accounts.Credential(ctx, channel, contact)
	if err != nil && review.KindOf(err) != review.NotFound {
		return Entry{}, err
	}
	who := s.who(channel, contact, c)
	refusal, err := s.Limiter.Take(ctx, now,
		Take{s.Limits.PasswordAddress, from.network()}, Take{s.Limits.PasswordPair, who + " " + from.network()})
	if err != nil {
		return Entry{}, err
	}

	// A browser that is known to the account has failures of its own, so that
	// strangers cannot keep the holder out.
	var failures Failures
	device := (*Device)(nil)
	if c != nil {
		failures = c.Failures
		if hash := TokenHash(from.Device); hash != nil {
			own, err := s.Accounts.Device(ctx, c.Account, hash)
			switch {
			case err == nil:
				device, failures = &Device{Hash: hash, Account: c.Account, Failures: own, At: now}, own
			case !errors.Is(err, review.ErrNotFound):
				return Entry{}, err
			}
		}
	}

	stored, evaluated := "", c != nil && c.open() && !refusal.Refused() && !failures.Blocked(now)
	if evaluated {
		stored = c.Password
	}
	match, again, err := s.Hasher.Verify(ctx, stored, password)
	if err != nil {
		return Entry{}, err
	}
	if !match || !evaluated {
		return Entry{}, errors.Join(s.failed(ctx, by, who, c, device, evaluated, now), ErrNoMatch)
	}
	return s.enter(ctx, by, c, device, password, again, from)
}

// failed notes an attempt that did not match. One write is made in every case,
// so that the time tells nothing.
func (s *Service) failed(ctx context.Context, by review.Actor, who string, c *Credential, device *Device, evaluated bool, now time.Time) error {
	if c == nil || !evaluated {
		_, err := s.Limiter.Take(ctx, now, Take{Limit{"password-failed", 1000, time.Hour}, who})
		return err
	}
	return s.Accounts.UpdateCredential(ctx, c.Account, func(c *Credential) (Change, error) {
		as := by
		as.Account = "" // it was not the holder, as far as anybody knows
		e := as.Event(review.EventSignInFailed, now).With("factor", "password")
		e.Account = c.Account
		change := Change{Events: []review.Event{e}}
		if device != nil {
			device.Failures.Fail(now)
			change.Device = device
		} else {
			c.Failures.Fail(now)
		}
		return change, nil
	})
}

// enter begins the session of somebody whose password matched.
func (s *Service) enter(ctx context.Context, by review.Actor, c *Credential, device *Device, password string, again bool, from From) (Entry, error) {
	session, token, err := s.Sessions.New(ForAccount, string(c.Account))
	if err != nil {
		return Entry{}, err
	}
	entry := Entry{Account: c.Account, Token: token, Device: from.Device}
	if device == nil {
		if device, entry.Device, err = s.newDevice(c.Account); err != nil {
			return Entry{}, err
		}
	}
	device.Failures = Failures{}
	stronger := ""
	if again {
		if stronger, err = s.Hasher.Hash(ctx, password); err != nil && !errors.Is(err, ErrBusy) {
			return Entry{}, err // when busy, the next sign-in will do
		}
	}
	now := s.Clock.Now()
	err = s.Accounts.UpdateCredential(ctx, c.Account, func(current *Credential) (Change, error) {
		if !current.open() || current.Password != c.Password { // changed while we were hashing
			return Change{}, ErrNoMatch
		}
		as := by
		as.Account, as.Session = c.Account, session.Print
		current.Failures, current.CodeFailures = Failures{}, 0
		if stronger != "" {
			current.Password = stronger
		}
		return Change{
			Events: []review.Event{as.Event(review.EventSignedIn, now).With("factor", "password")},
			Start:  &session, End: from.Session, Device: device,
		}, nil
	})
	if err != nil {
		return Entry{}, err
	}
	return entry, nil
}

func (s *Service) newDevice(account review.AccountID) (*Device, string, error) {
	token, err := newToken(s.random())
	if err != nil {
		return nil, "", err
	}
	return &Device{Hash: TokenHash(token), Account: account, At: s.Clock.Now()}, token, nil
}

// SignOut ends the session of a token and notes it in the account's history.
func (s *Service) SignOut(ctx context.Context, by review.Actor, token string) error {
	if err := s.Gate.Allow(by, review.ActSignOut); err != nil {
		return err
	}
	if by.Account == "" {
		return s.Sessions.End(ctx, token)
	}
	return s.Accounts.UpdateCredential(ctx, by.Account, func(*Credential) (Change, error) {
		return Change{Events: []review.Event{by.Event(review.EventSignedOut, s.Clock.Now())}, End: token}, nil
	})
}
