package signin

import (
	"context"

	"okno/review"
)

// ErrCurrent says that the present password was not right.
var ErrCurrent = fieldError("current-password", "current", "wrong")

// ChangePassword replaces the password of somebody who is signed in and knows
// the present one. All sessions end but a new one for this browser, and the
// holder is told. Wrong tries count like those at the sign-in. It reports Invalid
// with field current or password, and [ErrBusy].
func (s *Service) ChangePassword(ctx context.Context, by review.Actor, current, password string, from From) (Entry, error) {
	if err := s.Gate.Allow(by, review.ActStatus); err != nil {
		return Entry{}, err
	}
	if by.Account == "" {
		return Entry{}, review.ErrUnauthenticated
	}
	c, err := s.Accounts.CredentialOf(ctx, by.Account)
	if err != nil {
		return Entry{}, err
	}
	now := s.Clock.Now()
	refusal, err := s.Limiter.Take(ctx, now,
		Take{s.Limits.PasswordAddress, from.network()}, Take{s.Limits.PasswordPair, "account:" + string(c.Account) + " " + from.network()})
	if err != nil {
		return Entry{}, err
	}
	stored, evaluated := "", !refusal.Refused() && !c.Failures.Blocked(now)
	if evaluated {
		stored = c.Password
	}
	match, _, err := s.Hasher.Verify(ctx, stored, current)
	if err != nil {
		return Entry{}, err
	}
	if !match || !evaluated {
		if evaluated {
			err = s.Accounts.UpdateCredential(ctx, c.Account, func(c *Credential) (Change, error) {
				c.Failures.Fail(now)
				return Change{Events: []review.Event{by.Event(review.EventSignInFailed, now).With("factor", "password-change")}}, nil
			})
		}
		if err != nil {
			return Entry{}, err
		}
		return Entry{}, ErrCurrent
	}
	if password == current {
		return Entry{}, passwordFaults("same")
	}
	if err := ApplicantPassword(password, c.Email, c.Phone); err != nil {
		return Entry{}, err
	}
	fresh, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return Entry{}, err
	}
	session, token, err := s.Sessions.New(ForAccount, string(c.Account))
	if err != nil {
		return Entry{}, err
	}
	err = s.Accounts.UpdateCredential(ctx, c.Account, func(now *Credential) (Change, error) {
		if now.Password != c.Password {
			return Change{}, review.ErrStale
		}
		at := s.Clock.Now()
		as := by
		as.Session = session.Print
		return Change{
			Password:  &NewPassword{Account: c.Account, Stored: fresh, At: at},
			EndOthers: c.Account, Start: &session,
			Events:  []review.Event{as.Event(review.EventPasswordSet, at).With("by", "cabinet")},
			Notices: []review.Notice{{Kind: review.NoticePasswordChanged, Channel: review.Mail, Account: c.Account, Language: c.Language}},
		}, nil
	})
	return Entry{Account: c.Account, Token: token, Device: from.Device}, err
}
