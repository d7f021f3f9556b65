// Package notice sends what the desk has to say. Notices are written to the
// outbox in the transaction of their cause; [Service.Tick] leases them, makes
// the words in the recipient's language, hands them to a transport outside any
// transaction, and marks them sent or backs off. A crash between sending and
// marking repeats a message under the same id; nothing is lost.
package notice

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"okno/review"
)

// Message is a notice leased from the outbox.
type Message struct {
	ID string // stable over retries: transports use it as Message-ID or idempotency key
	review.Notice
	Attempts int
}

// Outbox holds notices until they are sent.
type Outbox interface {
	// Lease takes up to n due messages; whoever does not mark them within the
	// lease loses them to the next Lease.
	Lease(ctx context.Context, now time.Time, n int, lease time.Duration) ([]Message, error)
	Sent(ctx context.Context, id string, now time.Time) error
	// Failed schedules another try, or gives up after the last one.
	Failed(ctx context.Context, id string, now time.Time, code string) error
	// GiveUp ends the tries at once; a supervisor sees the message among the dead.
	GiveUp(ctx context.Context, id string, now time.Time, code string) error
}

// Contacts finds the confirmed contact of an account and its language. It
// returns review.ErrNotFound for an account without such a contact.
type Contacts interface {
	Contact(ctx context.Context, account review.AccountID, channel review.Channel) (address, language string, err error)
}

// Text is a finished message. Subject is empty for SMS.
type Text struct{ Subject, Body string }

// Writer makes the words of a notice.
type Writer interface {
	Write(ctx context.Context, n review.Notice) (Text, error)
}

// Transport delivers one message. A permanent failure wraps ErrPermanent.
type Transport interface {
	Send(ctx context.Context, id, address string, t Text) error
}

// ErrPermanent marks a failure that another try cannot mend: an address that
// the other side refuses for good.
var ErrPermanent = errors.New("permanent failure")

// Service is the sender.
type Service struct {
	Outbox     Outbox
	Contacts   Contacts
	Writer     Writer
	Transports map[review.Channel]Transport
	// Disavow makes the secret of the link by which the recipient of a message can
	// say that it was not meant for them; nil or "" for none.
	Disavow func(m Message) string
	Clock   review.Clock
	Log     *slog.Logger
}

// A batch ends well within its lease even when every message in it takes all
// the time it may.
const (
	batch       = 5
	lease       = 2 * time.Minute
	sendTimeout = 20 * time.Second
)

// Tick sends one batch and reports whether more may be waiting.
func (s *Service) Tick(ctx context.Context) (more bool, err error) {
	messages, err := s.Outbox.Lease(ctx, s.Clock.Now(), batch, lease)
	if err != nil {
		return false, err
	}
	for _, m := range messages {
		if err := s.one(ctx, m); err != nil {
			return false, err
		}
	}
	return len(messages) == batch, nil
}

// one sends a message; only failures of the outbox itself are returned.
func (s *Service) one(ctx context.Context, m Message) error {
	code, err := s.send(ctx, m)
	if err == nil {
		return s.Outbox.Sent(ctx, m.ID, s.Clock.Now())
	}
	s.Log.Warn("notice not sent", "notice", m.ID, "kind", m.Kind, "channel", m.Channel, "code", code, "attempt", m.Attempts)
	if errors.Is(err, ErrPermanent) || errors.Is(err, review.ErrNotFound) {
		return s.Outbox.GiveUp(ctx, m.ID, s.Clock.Now(), code)
	}
	return s.Outbox.Failed(ctx, m.ID, s.Clock.Now(), code)
}

func (s *Service) send(ctx context.Context, m Message) (code string, err error) {
	address := m.Address
	if address == "" {
		var language string
		if address, language, err = s.Contacts.Contact(ctx, m.Account, m.Channel); err != nil {
			return "no-contact", err
		}
		if m.Language == "" {
			m.Language = language
		}
	}
	if s.Disavow != nil {
		m.Notice.Disavow = s.Disavow(m)
	}
	text, err := s.Writer.Write(ctx, m.Notice)
	if err != nil {
		return "no-words", err
	}
	t, ok := s.Transports[m.Channel]
	if !ok {
		return "no-transport", errors.New("channel is off")
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	if err := t.Send(ctx, m.ID, address, text); err != nil {
		if errors.Is(err, ErrPermanent) {
			return "refused", err
		}
		return "transport", err
	}
	return "", nil
}
