package signin

import (
	"context"

	"okno/review"
)

// StartReset begins setting a forgotten password and sends a code to the
// address. For an address without an account everything looks the same, only
// the message says that there is none. It returns the token of the flow's session.
func (s *Service) StartReset(ctx context.Context, by review.Actor, typed, language string, from From) (*Flow, string, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return nil, "", err
	}
	email, err := emailOf(typed)
	if err != nil {
		return nil, "", err
	}
	f := &Flow{Kind: Reset, Language: language, Email: email}
	c, err := s.Accounts.Credential(ctx, review.Mail, email)
	switch {
	case review.KindOf(err) == review.NotFound:
	case err != nil:
		return nil, "", err
	case c.open():
		f.Account = c.Account
	}
	token, err := s.begin(ctx, f, from)
	if err != nil {
		return nil, "", err
	}
	f, err = s.sendReset(ctx, f, from)
	return f, token, err
}

// ResendReset sends another code.
func (s *Service) ResendReset(ctx context.Context, by review.Actor, id string, from From) (*Flow, error) {
	f, err := s.resetting(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.EmailConfirmed {
		return f, ErrStep
	}
	return s.sendReset(ctx, f, from)
}

func (s *Service) sendReset(ctx context.Context, f *Flow, from From) (*Flow, error) {
	refusal, err := s.takeSending(ctx, review.Mail, f.Email, from)
	if err != nil {
		return f, err
	}
	return s.update(ctx, f, func(f *Flow) (Change, error) {
		return s.send(f, sending{purpose: ResetPassword, known: f.Account == "", refusal: refusal})
	})
}

// ConfirmReset checks the code.
func (s *Service) ConfirmReset(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.resetting(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.EmailConfirmed {
		return f, nil
	}
	return s.confirm(ctx, id, ResetPassword, typed, from, func(f *Flow) (Change, error) {
		f.EmailConfirmed = true
		return Change{}, nil
	})
}

// FinishReset sets the new password, ends every session of the account and
// tells its holder. It reports Invalid with field password, and [ErrBusy].
func (s *Service) FinishReset(ctx context.Context, by review.Actor, id, password string, from From) error {
	f, err := s.resetting(ctx, by, id)
	if err != nil {
		return err
	}
	if !f.EmailConfirmed || f.Account == "" {
		return ErrStep
	}
	c, err := s.Accounts.CredentialOf(ctx, f.Account)
	if err != nil {
		return err
	}
	if err := ApplicantPassword(password, c.Email, c.Phone); err != nil {
		return err
	}
	stored, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	_, err = s.update(ctx, f, func(f *Flow) (Change, error) {
		if f.Done || !f.EmailConfirmed {
			return Change{}, ErrStep
		}
		f.Done = true
		now := s.Clock.Now()
		as := by
		as.Account = f.Account
		return Change{
			Password:  &NewPassword{Account: f.Account, Stored: stored, At: now},
			EndOthers: f.Account, End: from.Session,
			Events:  []review.Event{as.Event(review.EventPasswordSet, now).With("by", "reset")},
			Notices: []review.Notice{{Kind: review.NoticePasswordChanged, Channel: review.Mail, Account: f.Account, Language: c.Language}},
		}, nil
	})
	return err
}

func (s *Service) resetting(ctx context.Context, by review.Actor, id string) (*Flow, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return nil, err
	}
	return s.live(ctx, id, Reset)
}

// open reports whether the account may be used.
func (c *Credential) open() bool { return c.Status == "pending" || c.Status == "active" }
