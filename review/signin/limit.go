package signin

import (
	"context"
	"strings"
	"time"

	"okno/review"
)

// Limit is a token bucket: Burst tokens, refilled evenly so that an empty one is
// full again after Per.
type Limit struct {
	Name  string
	Burst int
	Per   time.Duration
}

// Take is one token from the bucket of a subject.
type Take struct {
	Limit   Limit
	Subject string
}

// Refusal says which bucket was empty, and until when. The zero value says that
// no bucket was.
type Refusal struct {
	Limit string
	Until time.Time
}

// Refused reports whether a bucket was empty.
func (r Refusal) Refused() bool { return r.Limit != "" }

// Limits are the numbers of all limits, in one place.
type Limits struct {
	PasswordPair    Limit // per login and address
	PasswordAddress Limit

	CodeSubject Limit // checks per contact
	CodeAddress Limit

	MailPause, MailHour, MailDay Limit // messages per contact
	MailAddress, MailTotal       Limit

	SMSPause, SMSHour, SMSDay                                Limit
	SMSAddressHour, SMSAddressDay, SMSPrefixHour, SMSPerDesk Limit
	SMSUnprovenAddress, SMSUnproven                          Limit // to browsers that have not worked for it

	RegisterAddress, RegisterTotal Limit

	LookUpNumber, LookUpAddress Limit // looks at an application from outside
}

// DefaultLimits are the limits of a desk in service.
func DefaultLimits() Limits {
	const day = 24 * time.Hour
	return Limits{
		PasswordPair:    Limit{"password-pair", 5, time.Minute},
		PasswordAddress: Limit{"password-address", 20, time.Minute},
		CodeSubject:     Limit{"code-subject", 20, day},
		CodeAddress:     Limit{"code-address", 30, time.Hour},
		MailPause:       Limit{"mail-pause", 1, time.Minute},
		MailHour:        Limit{"mail-hour", 5, time.Hour},
		MailDay:         Limit{"mail-day", 10, day},
		MailAddress:     Limit{"mail-address", 20, time.Hour},
		MailTotal:       Limit{"mail-total", 3000, day},
		SMSPause:        Limit{"sms-pause", 1, time.Minute},
		SMSHour:         Limit{"sms-hour", 3, time.Hour},
		SMSDay:          Limit{"sms-day", 5, day},
		SMSAddressHour:  Limit{"sms-address-hour", 5, time.Hour},
		SMSAddressDay:   Limit{"sms-address-day", 20, day},
		SMSPrefixHour:   Limit{"sms-prefix", 10, time.Hour}, // with what flows back, 20 in any hour
		SMSPerDesk:      Limit{"sms-desk", 300, day},

		SMSUnprovenAddress: Limit{"sms-unproven-address", 2, time.Hour},
		SMSUnproven:        Limit{"sms-unproven", 20, time.Hour},

		RegisterAddress: Limit{"register-address", 10, time.Hour},
		RegisterTotal:   Limit{"register-total", 5000, day},
		LookUpNumber:    Limit{"look-up-number", 10, time.Hour},
		LookUpAddress:   Limit{"look-up-address", 30, time.Hour},
	}
}

// ForSharedAddress widens what is counted by network address, phone prefix and
// desk by a factor: for a demonstration, where everybody comes from one address.
// What is counted by contact, code or account stays as it is.
func (l Limits) ForSharedAddress(factor int) Limits {
	for _, w := range []*Limit{&l.PasswordAddress, &l.CodeAddress, &l.MailAddress, &l.MailTotal,
		&l.SMSAddressHour, &l.SMSAddressDay, &l.SMSPrefixHour, &l.SMSPerDesk, &l.SMSUnprovenAddress, &l.SMSUnproven, &l.RegisterAddress, &l.RegisterTotal, &l.LookUpAddress} {
		w.Burst *= factor
	}
	return l
}

const everybody = "desk"

// takeSending takes the tokens for one message to a contact, and more.
func (s *Service) takeSending(ctx context.Context, channel review.Channel, contact string, from From, more ...Take) (Refusal, error) {
	l := s.Limits
	subject := s.subject(channel, contact)
	var takes []Take
	if channel == review.SMS {
		if stopped, err := s.broken(ctx, contact); err != nil || stopped.Refused() {
			return stopped, err
		}
		takes = []Take{{l.SMSPause, subject}, {l.SMSHour, subject}, {l.SMSDay, subject},
			{l.SMSAddressHour, from.network()}, {l.SMSAddressDay, from.network()},
			{l.SMSPrefixHour, beginning(contact)}, {l.SMSPerDesk, everybody}}
	} else {
		takes = []Take{{l.MailPause, subject}, {l.MailHour, subject}, {l.MailDay, subject},
			{l.MailAddress, from.network()}, {l.MailTotal, everybody}}
	}
	return s.Limiter.Take(ctx, s.Clock.Now(), append(takes, more...)...)
}

// subject is the form in which a contact is counted.
func (s *Service) subject(channel review.Channel, contact string) string {
	return string(channel) + ":" + strings.ToLower(contact)
}
