package signin

import (
	"context"

	"okno/review"
)

// Entry is what somebody receives who came in.
type Entry struct {
	Account review.AccountID
	Token   string // of the session
	Device  string // token by which the browser is known from now on
}

// Register begins a registration and returns the token of its session. It
// reports [ErrTooMany] when too many were begun.
func (s *Service) Register(ctx context.Context, by review.Actor, track review.Track, language string, from From) (*Flow, string, error) {
	if err := s.Gate.Allow(by, review.ActRegister); err != nil {
		return nil, "", err
	}
	if track != review.ForeignCitizen && track != review.FromAbroad {
		return nil, "", review.Faulty(review.FieldFault{Field: "track", Code: "unknown"})
	}
	refusal, err := s.Limiter.Take(ctx, s.Clock.Now(), Take{s.Limits.RegisterAddress, from.network()}, Take{s.Limits.RegisterTotal, everybody})
	if err != nil {
		return nil, "", err
	}
	if refusal.Refused() {
		return nil, "", ErrTooMany
	}
	f := &Flow{Kind: Registration, Track: track, Language: language}
	token, err := s.begin(ctx, f, from)
	return f, token, err
}

// RegisterEmail sends a code to the address. It reports Invalid with field email.
func (s *Service) RegisterEmail(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	email, err := emailOf(typed)
	if err != nil {
		return f, err
	}
	return s.sendTo(ctx, f, ConfirmEmail, email, from)
}

// ResendEmail sends another code to the address given before, or tells through
// the flow's code when that is possible.
func (s *Service) ResendEmail(ctx context.Context, by review.Actor, id string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.Email == "" || f.EmailConfirmed {
		return f, ErrStep
	}
	return s.sendTo(ctx, f, ConfirmEmail, f.Email, from)
}

// ConfirmRegistrationEmail checks the code from the mail.
func (s *Service) ConfirmRegistrationEmail(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if f.Email == "" || f.EmailConfirmed {
		return f, ErrStep
	}
	return s.confirm(ctx, id, ConfirmEmail, typed, from, func(f *Flow) (Change, error) {
		f.EmailConfirmed = true
		return Change{}, nil
	})
}

// RegisterPhone sends a code to the number. No message is sent before the
// e-mail address is confirmed: that is [ErrStep].
func (s *Service) RegisterPhone(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if !f.EmailConfirmed {
		return f, ErrStep
	}
	phone, err := s.phoneOf(typed, f.Track)
	if err != nil {
		return f, err
	}
	return s.sendTo(ctx, f, ConfirmPhone, phone, from, s.Task(f))
}

// ResendPhone sends another code to the number given before.
func (s *Service) ResendPhone(ctx context.Context, by review.Actor, id string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if !f.EmailConfirmed || f.Phone == "" || f.PhoneConfirmed {
		return f, ErrStep
	}
	return s.sendTo(ctx, f, ConfirmPhone, f.Phone, from, s.Task(f))
}

// ConfirmRegistrationPhone checks the code from the message.
func (s *Service) ConfirmRegistrationPhone(ctx context.Context, by review.Actor, id, typed string, from From) (*Flow, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return nil, err
	}
	if !f.EmailConfirmed || f.Phone == "" || f.PhoneConfirmed {
		return f, ErrStep
	}
	return s.confirm(ctx, id, ConfirmPhone, typed, from, func(f *Flow) (Change, error) {
		f.PhoneConfirmed = true
		return Change{}, nil
	})
}

// FinishRegistration sets the password and opens the account, pending and
// simplified. The flow's session ends; the account's begins. It reports Invalid
// with field password, [ErrTaken] when another registration was faster, and
// [ErrBusy].
func (s *Service) FinishRegistration(ctx context.Context, by review.Actor, id, password string, from From) (Entry, error) {
	f, err := s.registering(ctx, by, id)
	if err != nil {
		return Entry{}, err
	}
	if !f.EmailConfirmed || !f.PhoneConfirmed {
		return Entry{}, ErrStep
	}
	if err := ApplicantPassword(password, f.Email, f.Phone); err != nil {
		return Entry{}, err
	}
	stored, err := s.Hasher.Hash(ctx, password)
	if err != nil {
		return Entry{}, err
	}
	account := review.AccountID(s.IDs.NewID())
	session, token, err := s.Sessions.New(ForAccount, string(account))
	if err != nil {
		return Entry{}, err
	}
	device, deviceToken, err := s.newDevice(account)
	if err != nil {
		return Entry{}, err
	}
	_, err = s.update(ctx, f, func(f *Flow) (Change, error) {
		if f.Done || !f.EmailConfirmed || !f.PhoneConfirmed {
			return Change{}, ErrStep
		}
		now := s.Clock.Now()
		f.Done = true
		as := by
		as.Account, as.Session = account, session.Print
		return Change{
			Create: &NewAccount{ID: account, Language: f.Language, Track: f.Track, Email: f.Email, Phone: f.Phone, Password: stored, At: now},
			Events: []review.Event{
				as.Event(review.EventAccountCreated, now).With("track", string(f.Track)),
				as.Event(review.EventContactConfirmed, now).With("contact", string(review.Email)),
				as.Event(review.EventContactConfirmed, now).With("contact", string(review.Phone)),
				as.Event(review.EventPasswordSet, now).With("by", "registration"),
			},
			Start: &session, End: from.Session, Device: device,
		}, nil
	})
	if err != nil {
		return Entry{}, err
	}
	return Entry{Account: account, Token: token, Device: deviceToken}, nil
}

func (s *Service) registering(ctx context.Context, by review.Actor, id string) (*Flow, error) {
	if err := s.Gate.Allow(by, review.ActRegister); err != nil {
		return nil, err
	}
	return s.live(ctx, id, Registration)
}

// sendTo sets the flow's contact and sends a code to it, or a note when the
// contact belongs to an account already. The tasks are what the browser may have
// worked on for a message.
func (s *Service) sendTo(ctx context.Context, f *Flow, p Purpose, contact string, from From, tasks ...string) (*Flow, error) {
	var more []Take
	if p.channel() == review.SMS && !worked(from, tasks) {
		more = s.unproven(from)
	}
	refusal, err := s.takeSending(ctx, p.channel(), contact, from, more...)
	if err != nil {
		return f, err
	}
	known, err := s.known(ctx, p.channel(), contact)
	if err != nil {
		return f, err
	}
	return s.update(ctx, f, func(f *Flow) (Change, error) {
		if f.Done {
			return Change{}, ErrStep
		}
		if f.contact(p) != contact {
			f.Code = nil
		}
		if p.channel() == review.SMS {
			f.Phone, f.PhoneConfirmed = contact, false
		} else {
			f.Email, f.EmailConfirmed = contact, false
		}
		return s.send(f, sending{purpose: p, known: known, refusal: refusal})
	})
}
