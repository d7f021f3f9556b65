// Package smtpmail delivers mail through an SMTP relay.
package smtpmail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

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
	m := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := m.From(r.From); err != nil {
		return errors.New("sender address") // a setting can be mended: the message waits
	}
	if err := m.To(address); err != nil {
		return fmt.Errorf("recipient: %w", notice.ErrPermanent)
	}
	m.Subject(t.Subject)
	m.SetMessageIDWithValue(id + "@" + r.Domain)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	m.SetBodyString(mail.TypeTextPlain, t.Body)
	c, err := mail.NewClient(r.Host, r.options(ctx)...)
	if err != nil {
		return errors.New("relay settings")
	}
	if err := c.DialAndSendWithContext(ctx, m); err != nil && !m.IsDelivered() {
		return classify(err)
	}
	return nil // also when only the farewell failed: the relay has the message
}

func (r Relay) options(ctx context.Context) []mail.Option {
	o := []mail.Option{mail.WithPort(r.Port)}
	if end, limited := ctx.Deadline(); limited { // a relay that falls silent holds nobody longer
		o = append(o, mail.WithTimeout(max(time.Millisecond, time.Until(end))))
	}
	if r.Domain != "" { // not the name of the machine
		o = append(o, mail.WithHELO(r.Domain))
	}
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

// finalAt are the steps at which a lasting refusal is about this message: its
// recipient or its content. A refused sender is a setting.
var finalAt = []mail.SendErrReason{mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose}

// classify tells a refused recipient from a relay that is down: only an answer
// of the relay (5xx) is final, a broken connection at the same step is not. The
// relay's own words may quote the address, so they are dropped.
func classify(err error) error {
	var send *mail.SendError
	if errors.As(err, &send) && send.ErrorCode() >= 500 && slices.Contains(finalAt, send.Reason) {
		return fmt.Errorf("recipient refused: %w", notice.ErrPermanent)
	}
	return errors.New("relay did not take the message")
}
