// Package smtpmail delivers mail through an SMTP relay.
package smtpmail

import (
	"context"
	"errors"
	"fmt"

	"github.com/wneessen/go-mail"

	"okno/review/notice"
)

// Relay is a mail relay. It opens one connection per message: the desk sends a
// few messages a minute, and a kept connection would only hide a dead relay.
type Relay struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	TLS      string // starttls, tls or none
	Domain   string // right-hand side of Message-ID
}

// Send delivers one message with a Message-ID made from the notice's id, so
// that a repeated delivery can be recognised.
func (r Relay) Send(ctx context.Context, id, address string, t notice.Text) error {
	m := mail.NewMsg()
	if err := m.From(r.From); err != nil {
		return fmt.Errorf("sender: %w", notice.ErrPermanent)
	}
	if err := m.To(address); err != nil {
		return fmt.Errorf("recipient: %w", notice.ErrPermanent)
	}
	m.Subject(t.Subject)
	m.SetMessageIDWithValue(id + "@" + r.Domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, t.Body)
	c, err := mail.NewClient(r.Host, r.options()...)
	if err != nil {
		return errors.New("relay settings")
	}
	if err := c.DialAndSendWithContext(ctx, m); err != nil {
		return classify(err)
	}
	return nil
}

func (r Relay) options() []mail.Option {
	o := []mail.Option{mail.WithPort(r.Port)}
	switch r.TLS {
	case "none":
		o = append(o, mail.WithTLSPolicy(mail.NoTLS))
	case "tls":
		o = append(o, mail.WithSSL())
	default:
		o = append(o, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if r.User != "" {
		o = append(o, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(r.User), mail.WithPassword(r.Password))
	}
	return o
}

// classify tells a refused recipient from a relay that is down. The relay's own
// words may quote the address, so they are dropped.
func classify(err error) error {
	var send *mail.SendError
	if errors.As(err, &send) && !send.IsTemp() && (send.Reason == mail.ErrSMTPRcptTo || send.Reason == mail.ErrSMTPData) {
		return fmt.Errorf("recipient refused: %w", notice.ErrPermanent)
	}
	return errors.New("relay did not take the message")
}
