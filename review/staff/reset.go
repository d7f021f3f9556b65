package staff

import (
	"context"
	"encoding/base64"
	"time"

	"okno/review"
)

// ResetTerm is how long a request to reset somebody's access waits for a second
// administrator.
const ResetTerm = 24 * time.Hour

// Refusals of a reset.
var (
	// ErrResetSelf says that nobody has a hand in the reset of their own access.
	ErrResetSelf = &review.Error{Kind: review.Forbidden, Code: "reset-self"}
	// ErrResetSecond says that another administrator than the one who asked must agree.
	ErrResetSecond = &review.Error{Kind: review.Forbidden, Code: "reset-second"}
	// ErrResetOver says that no request is waiting: it was answered, or is too old.
	ErrResetOver = &review.Error{Kind: review.Conflict, Code: "reset-over"}
	// ErrResetWaits says that a request is waiting already.
	ErrResetWaits = &review.Error{Kind: review.Conflict, Code: "reset-waits"}
)

// Reset is a request to let somebody enrol anew who has lost the generator or is
// locked out.
type Reset struct {
	By review.StaffID
	At time.Time
}

// Open reports whether the request waits for a second administrator.
func (r Reset) Open(at time.Time) bool { return r.By != "" && at.Before(r.At.Add(ResetTerm)) }

// ToReset returns a member whose access may be reset.
func (s *Service) ToReset(ctx context.Context, by review.Actor, id review.StaffID) (*Member, error) {
	if err := s.Gate.Allow(by, review.ActStaffReset); err != nil {
		return nil, err
	}
	m, err := s.Store.Member(ctx, id)
	if err != nil {
		return nil, err
	}
	return m, m.mayBeReset(by)
}

func (m *Member) mayBeReset(by review.Actor) error {
	switch {
	case m.ID == by.Staff:
		return ErrResetSelf
	case m.Status == Disabled:
		return review.ErrTransition
	}
	return nil
}

// AskReset asks for the reset of somebody's access. It changes nothing but that a
// second administrator may agree now; the person is told.
func (s *Service) AskReset(ctx context.Context, by review.Actor, id review.StaffID) error {
	if _, err := s.ToReset(ctx, by, id); err != nil {
		return err
	}
	_, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		now := s.Clock.Now()
		if err := m.mayBeReset(by); err != nil {
			return review.Change{}, err
		}
		if m.Reset.Open(now) {
			return review.Change{}, ErrResetWaits
		}
		m.Reset = Reset{By: by.Staff, At: now}
		return review.Change{
			Events:  []review.Event{by.Event(review.EventStaffResetAsked, now).With("staff", string(id))},
			Notices: []review.Notice{{Kind: review.NoticeStaffResetAsked, Channel: review.Mail, Address: m.Email}},
		}, nil
	})
	return err
}

// GrantReset is the second administrator's word: password and generator are gone,
// every session ends, and a one-time link to enrol anew goes to the person's own
// address. No administrator sees it.
func (s *Service) GrantReset(ctx context.Context, by review.Actor, id review.StaffID) error {
	if _, err := s.ToReset(ctx, by, id); err != nil {
		return err
	}
	_, err := s.reset(ctx, id, func(m *Member, token string, at time.Time) (review.Change, error) {
		if err := m.mayBeReset(by); err != nil {
			return review.Change{}, err
		}
		if !m.Reset.Open(at) {
			return review.Change{}, ErrResetOver
		}
		if m.Reset.By == by.Staff {
			return review.Change{}, ErrResetSecond
		}
		return review.Change{
			Events: []review.Event{by.Event(review.EventStaffReset, at).With("staff", string(id)).With("asked", string(m.Reset.By))},
			Notices: []review.Notice{{Kind: review.NoticeStaffReset, Channel: review.Mail, Address: m.Email,
				Params: map[string]string{"enrol": token}, ExpiresAt: at.Add(InvitationTerm)}},
		}, nil
	})
	return err
}

// RefuseReset takes a waiting request back.
func (s *Service) RefuseReset(ctx context.Context, by review.Actor, id review.StaffID) error {
	if _, err := s.ToReset(ctx, by, id); err != nil {
		return err
	}
	_, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		now := s.Clock.Now()
		if !m.Reset.Open(now) {
			return review.Change{}, ErrResetOver
		}
		m.Reset = Reset{}
		return review.Change{Events: []review.Event{by.Event(review.EventStaffResetRefused, now).With("staff", string(id))}}, nil
	})
	return err
}

// ResetByEmail resets somebody's access at once and returns the one-time link:
// for whoever has the machine in hand, where no two administrators can.
func (s *Service) ResetByEmail(ctx context.Context, by review.Actor, email string) (Invitation, error) {
	if err := s.Gate.Allow(by, review.ActStaffManage); err != nil {
		return Invitation{}, err
	}
	m, err := s.Store.ByEmail(ctx, email)
	if review.KindOf(err) == review.NotFound {
		return Invitation{}, review.Faulty(review.FieldFault{Field: "email", Code: "unknown"})
	}
	if err != nil {
		return Invitation{}, err
	}
	return s.reset(ctx, m.ID, func(m *Member, _ string, at time.Time) (review.Change, error) {
		if err := m.mayBeReset(by); err != nil {
			return review.Change{}, err
		}
		return review.Change{Events: []review.Event{by.Event(review.EventStaffReset, at).With("staff", string(m.ID))}}, nil
	})
}

// reset makes a member one who is invited again, if allowed says so, and ends the
// sessions.
func (s *Service) reset(ctx context.Context, id review.StaffID, allowed func(m *Member, token string, at time.Time) (review.Change, error)) (Invitation, error) {
	raw, err := s.random(32)
	if err != nil {
		return Invitation{}, err
	}
	secret, err := s.random(20)
	if err != nil {
		return Invitation{}, err
	}
	inv := Invitation{Staff: id, Token: base64.RawURLEncoding.EncodeToString(raw)}
	if _, err := s.Store.Update(ctx, id, func(m *Member) (review.Change, error) {
		now := s.Clock.Now()
		change, err := allowed(m, inv.Token, now)
		if err != nil {
			return review.Change{}, err
		}
		m.Status, m.Password, m.Secret, m.Step, m.Reset = Invited, "", secret, 0, Reset{}
		m.Failures, m.Until = 0, time.Time{}
		m.InviteHash, m.InviteEnds = tokenHash(inv.Token), now.Add(InvitationTerm)
		inv.Ends = m.InviteEnds
		return change, nil
	}); err != nil {
		return Invitation{}, err
	}
	return inv, s.Sessions.EndStaff(ctx, id)
}
