package signin

import (
	"context"

	"okno/review"
)

// LookUp asks where an application stands without signing in: by its number and
// a code sent to the confirmed e-mail address of whoever made it.
const LookUp FlowKind = "look-up"

// SeeCase is the purpose of the code that opens a look-up.
const SeeCase Purpose = "see-case"

// Cases finds the account that made an application.
type Cases interface {
	// AccountOf returns review.ErrNotFound for a number that is not in use.
	AccountOf(ctx context.Context, number review.CaseNumber) (review.AccountID, error)
}

// StartLookUp sends a code to the address, if it is the confirmed address of
// whoever made the application; any other address gets a note. Both look the
// same. It reports Invalid with fields case and email, and [ErrTooMany].
func (s *Service) StartLookUp(ctx context.Context, by review.Actor, number, email, language string, from From) (*Flow, string, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return nil, "", err
	}
	var faults []review.FieldFault
	typed, ok := review.ParseCaseNumber(number)
	if !ok {
		faults = append(faults, review.FieldFault{Field: "case", Code: "number"})
	}
	address, err := emailOf(email)
	if e, ok := err.(*review.Error); ok {
		faults = append(faults, e.Fields...)
	}
	if len(faults) > 0 {
		return nil, "", review.Faulty(faults...)
	}
	if ok, err := s.AllowLookUp(ctx, typed, from.Address); err != nil || !ok {
		if err == nil {
			err = ErrTooMany
		}
		return nil, "", err
	}
	f := &Flow{Kind: LookUp, Language: language, Email: address, Subject: string(typed)}
	if f.Account, err = s.asker(ctx, typed, address); err != nil {
		return nil, "", err
	}
	token, err := s.begin(ctx, f, from)
	if err != nil {
		return nil, "", err
	}
	f, err = s.sendLookUp(ctx, f, from)
	return f, token, err
}

// asker is the account that made the application and confirmed the address;
// empty when there is none. The same is read in every case.
func (s *Service) asker(ctx context.Context, number review.CaseNumber, address string) (review.AccountID, error) {
	made, err := s.Cases.AccountOf(ctx, number)
	if err != nil && review.KindOf(err) != review.NotFound {
		return "", err
	}
	c, err := s.Accounts.Credential(ctx, review.Mail, address)
	switch {
	case review.KindOf(err) == review.NotFound && err != nil:
		return "", nil
	case err != nil:
		return "", err
	case made == "" || c.Account != made:
		return "", nil
	}
	return made, nil
}

// AllowLookUp takes the tokens for one look at an application from outside: the
// number of tries is bounded by the number asked about and by network address.
func (s *Service) AllowLookUp(ctx context.Context, number review.CaseNumber, address string) (bool, error) {
	refusal, err := s.Limiter.Take(ctx, s.Clock.Now(),
		Take{s.Limits.LookUpNumber, string(number)}, Take{s.Limits.LookUpAddress, From{Address: address}.network()})
	return err == nil && !refusal.Refused(), err
}

// LookUpFlow returns a running look-up, or [ErrStep].
func (s *Service) LookUpFlow(ctx context.Context, id string) (*Flow, error) {
	return s.live(ctx, id, LookUp)
}

// ResendLookUp sends another code.
func (s *Service) ResendLookUp(ctx context.Context, by review.Actor, id string, from From) (*Flow, error) {
	f, err := s.lookingUp(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.EmailConfirmed {
		return f, ErrStep
	}
	return s.sendLookUp(ctx, f, from)
}

func (s *Service) sendLookUp(ctx context.Context, f *Flow, from From) (*Flow, error) {
	refusal, err := s.takeSending(ctx, review.Mail, f.Email, from)
	if err != nil {
		return f, err
	}
	return s.update(ctx, f, func(f *Flow) (Change, error) {
		return s.send(f, sending{purpose: SeeCase, known: f.Account == "", refusal: refusal})
	})
}

// ConfirmLookUp checks the code; from then on the flow shows the case.
func (s *Service) ConfirmLookUp(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.lookingUp(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.EmailConfirmed {
		return f, nil
	}
	return s.confirm(ctx, id, SeeCase, typed, from, func(f *Flow) (Change, error) {
		f.EmailConfirmed = true
		return Change{}, nil
	})
}

// Found is the number of the application that a confirmed look-up may see, or
// [ErrStep].
func (s *Service) Found(ctx context.Context, by review.Actor, id string) (review.CaseNumber, error) {
	f, err := s.lookingUp(ctx, by, id)
	if err != nil {
		return "", err
	}
	if !f.EmailConfirmed || f.Account == "" {
		return "", ErrStep
	}
	return review.CaseNumber(f.Subject), nil
}

func (s *Service) lookingUp(ctx context.Context, by review.Actor, id string) (*Flow, error) {
	if err := s.Gate.Allow(by, review.ActSignIn); err != nil {
		return nil, err
	}
	return s.live(ctx, id, LookUp)
}
