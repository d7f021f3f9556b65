package signin

import (
	"context"

	"okno/review"
)

// contactKind names the flow and purpose of a contact change.
func contactKind(contact review.Field) (FlowKind, Purpose, bool) {
	switch contact {
	case review.Email:
		return EmailChange, ChangeEmail, true
	case review.Phone:
		return PhoneChange, ChangePhone, true
	}
	return "", "", false
}

// ChangeContact begins replacing the actor's e-mail address or phone number and
// sends a code to the new one. track decides which phones are accepted. It
// reports Invalid with field email or phone.
func (s *Service) ChangeContact(ctx context.Context, by review.Actor, contact review.Field, typed string, track review.Track, from From) (*Flow, error) {
	kind, purpose, err := s.changing(by, contact)
	if err != nil {
		return nil, err
	}
	c, err := s.Accounts.CredentialOf(ctx, by.Account)
	if err != nil {
		return nil, err
	}
	value, err := "", error(nil)
	if contact == review.Email {
		value, err = emailOf(typed)
	} else {
		value, err = s.phoneOf(typed, track)
	}
	if err != nil {
		return nil, err
	}
	var tasks []string
	if contact == review.Phone {
		if tasks, err = s.changeTasks(ctx, c); err != nil {
			return nil, err
		}
	}
	f := &Flow{ID: s.IDs.NewID(), Kind: kind, Account: by.Account, Track: track, Language: c.Language, Started: s.Clock.Now()}
	if err := s.Flows.NewFlow(ctx, f, nil); err != nil {
		return nil, err
	}
	return s.sendTo(ctx, f, purpose, value, from, tasks...)
}

// ContactChange returns the actor's running change of a contact, or [ErrStep].
func (s *Service) ContactChange(ctx context.Context, by review.Actor, contact review.Field) (*Flow, error) {
	kind, _, err := s.changing(by, contact)
	if err != nil {
		return nil, err
	}
	f, err := s.Flows.ContactFlow(ctx, by.Account, kind)
	if review.KindOf(err) == review.NotFound {
		return nil, ErrStep
	}
	if err != nil {
		return nil, err
	}
	return s.live(ctx, f.ID, kind)
}

// ResendContact sends another code to the new contact.
func (s *Service) ResendContact(ctx context.Context, by review.Actor, contact review.Field, from From) (*Flow, error) {
	f, err := s.ContactChange(ctx, by, contact)
	if err != nil {
		return nil, err
	}
	_, purpose, _ := contactKind(contact)
	return s.sendTo(ctx, f, purpose, f.contact(purpose), from, s.Task(f))
}

// ConfirmContact checks the code, replaces the contact and tells the old one.
// It reports [ErrTaken] when somebody else confirmed the contact meanwhile.
func (s *Service) ConfirmContact(ctx context.Context, by review.Actor, contact review.Field, typed string, from From) (*Flow, error) {
	f, err := s.ContactChange(ctx, by, contact)
	if err != nil {
		return nil, err
	}
	c, err := s.Accounts.CredentialOf(ctx, by.Account)
	if err != nil {
		return f, err
	}
	_, purpose, _ := contactKind(contact)
	channel := purpose.channel()
	old := c.Email
	if channel == review.SMS {
		old = c.Phone
	}
	return s.confirm(ctx, f.ID, purpose, typed, from, func(f *Flow) (Change, error) {
		now := s.Clock.Now()
		f.Done = true
		params := map[string]string{"contact": string(contact)}
		change := Change{
			Contact: &NewContact{Account: by.Account, Channel: channel, Value: f.contact(purpose), At: now},
			Events:  []review.Event{by.Event(review.EventContactChanged, now).With("contact", string(contact))},
			Notices: []review.Notice{{Kind: review.NoticeContactChanged, Channel: channel, Account: by.Account, Address: old, Language: c.Language, Params: params}},
		}
		if channel == review.SMS { // the other contact hears of it too
			change.Notices = append(change.Notices, review.Notice{Kind: review.NoticeContactChanged, Channel: review.Mail,
				Account: by.Account, Language: c.Language, Params: params})
		}
		return change, nil
	})
}

func (s *Service) changing(by review.Actor, contact review.Field) (FlowKind, Purpose, error) {
	if err := s.Gate.Allow(by, review.ActStatus); err != nil {
		return "", "", err
	}
	if by.Account == "" {
		return "", "", review.ErrUnauthenticated
	}
	kind, purpose, ok := contactKind(contact)
	if !ok {
		return "", "", review.ErrNotFound
	}
	return kind, purpose, nil
}
