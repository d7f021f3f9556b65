package smtpmail_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"okno/review/notice"
	"okno/review/notice/smtpmail"
)

// relay is a real SMTP server on the loopback interface.
type relay struct {
	mu         sync.Mutex
	helo       string
	from       []string
	recipients []string
	bodies     []string
	refuse     func(step string) error
	hang       chan struct{}
}

func (r *relay) NewSession(c *smtp.Conn) (smtp.Session, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.helo = c.Hostname()
	return &session{r}, nil
}

type session struct{ *relay }

func (s *session) answer(step string) error {
	if s.refuse == nil {
		return nil
	}
	return s.refuse(step)
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from = append(s.from, from)
	return s.answer("mail")
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recipients = append(s.recipients, to)
	return s.answer("rcpt")
}

func (s *session) Data(r io.Reader) error {
	body, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.hang != nil {
		<-s.hang
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.answer("data"); err != nil {
		return err
	}
	s.bodies = append(s.bodies, string(body))
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func start(t *testing.T, r *relay) smtpmail.Relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(r)
	server.Domain = "relay.test"
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return smtpmail.Relay{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "desk@desk.test", TLS: "none", Domain: "desk.test"}
}

var text = notice.Text{Subject: "Нужны исправления", Body: "Здравствуйте!\n\n.Исправить можно здесь:\nhttps://desk.test/status\n"}

func TestDelivery(t *testing.T) {
	r := &relay{}
	if err := start(t, r).Send(t.Context(), "abc123", "proba@example.org", text); err != nil {
		t.Fatal(err)
	}
	if len(r.bodies) != 1 || strings.Join(r.recipients, " ") != "proba@example.org" || r.from[0] != "desk@desk.test" || r.helo != "desk.test" {
		t.Fatalf("%d bodies, to %v, from %v, helo %s", len(r.bodies), r.recipients, r.from, r.helo)
	}
	m, err := mail.ReadMessage(strings.NewReader(r.bodies[0]))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != text.Subject {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{"Message-Id": "<abc123@desk.test>", "Auto-Submitted": "auto-generated", "To": "<proba@example.org>", "User-Agent": "", "X-Mailer": ""} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", "\n") != strings.TrimSpace(text.Body) {
		t.Errorf("body %q, %v", body, err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, step string
		code       int
		permanent  bool
	}{
		{"recipient unknown", "rcpt", 550, true},
		{"mailbox busy", "rcpt", 450, false},
		{"content refused", "data", 554, true},
		{"relay overloaded", "data", 452, false},
		{"sender refused", "mail", 550, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &relay{refuse: func(step string) error {
				if step == c.step {
					return &smtp.SMTPError{Code: c.code, EnhancedCode: smtp.EnhancedCode{c.code / 100, 1, 1}, Message: "proba@example.org: no"}
				}
				return nil
			}}
			err := start(t, r).Send(t.Context(), "abc123", "proba@example.org", text)
			if err == nil || errors.Is(err, notice.ErrPermanent) != c.permanent {
				t.Errorf("permanent %v: %v", errors.Is(err, notice.ErrPermanent), err)
			}
			if err != nil && strings.Contains(err.Error(), "proba") {
				t.Errorf("the error names the recipient: %v", err)
			}
			if len(r.bodies) != 0 {
				t.Error("refused, and yet delivered")
			}
		})
	}
}

func TestRelayIsDown(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	err = smtpmail.Relay{Host: "127.0.0.1", Port: port, From: "desk@desk.test", TLS: "none", Domain: "desk.test"}.Send(t.Context(), "a", "proba@example.org", text)
	if err == nil || errors.Is(err, notice.ErrPermanent) {
		t.Errorf("%v", err)
	}
}

func TestNoWordsInTheClearWhereTLSIsAsked(t *testing.T) {
	r := &relay{}
	to := start(t, r)
	to.TLS = "starttls" // the relay does not offer it
	err := to.Send(t.Context(), "a", "proba@example.org", text)
	if err == nil || errors.Is(err, notice.ErrPermanent) || len(r.bodies) > 0 {
		t.Errorf("%v with %d messages delivered", err, len(r.bodies))
	}
}

func TestASilentRelayIsLeftInTime(t *testing.T) {
	r := &relay{hang: make(chan struct{})}
	to := start(t, r)
	t.Cleanup(func() { close(r.hang) })
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	begun := time.Now()
	if err := to.Send(ctx, "a", "proba@example.org", text); err == nil || errors.Is(err, notice.ErrPermanent) {
		t.Errorf("%v", err)
	}
	if took := time.Since(begun); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

// A relay that hangs up instead of saying goodbye has the message all the same:
// sending it again would only double it.
func TestALostFarewellIsNoFailure(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	done := make(chan bool, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			done <- false
			return
		}
		defer c.Close()
		io.WriteString(c, "220 relay.test\r\n")
		inside := false
		for lines := bufio.NewScanner(c); lines.Scan(); {
			switch line := lines.Text(); {
			case inside && line == ".":
				io.WriteString(c, "250 taken\r\n")
				done <- true
				return
			case inside:
			case line == "DATA":
				inside = true
				io.WriteString(c, "354 go on\r\n")
			default:
				io.WriteString(c, "250 yes\r\n")
			}
		}
		done <- false
	}()
	r := smtpmail.Relay{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: "desk@desk.test", TLS: "none", Domain: "desk.test"}
	if err := r.Send(t.Context(), "a", "proba@example.org", text); err != nil {
		t.Errorf("%v", err)
	}
	if !<-done {
		t.Error("the message was not taken")
	}
}

// Nothing in address or words adds a recipient or a header line.
func TestNothingCanBeSmuggledIn(t *testing.T) {
	for _, address := range []string{
		"a@example.org, b@example.org", "a@example.org\r\nRCPT TO:<b@example.org>", "a@example.org\nBcc: b@example.org", "a@example.org>\r\nDATA", "", "a", "a@example.org b@example.org",
	} {
		r := &relay{}
		err := start(t, r).Send(t.Context(), "a", address, text)
		if !errors.Is(err, notice.ErrPermanent) || len(r.recipients) > 0 {
			t.Errorf("%q: %v, recipients %v", address, err, r.recipients)
		}
	}
	r := &relay{}
	evil := notice.Text{Subject: "Тема\r\nBcc: b@example.org\r\n\r\nтело", Body: "текст\r\n.\r\nRCPT TO:<b@example.org>\r\n"}
	if err := start(t, r).Send(t.Context(), "a", "proba@example.org", evil); err != nil {
		t.Fatal(err)
	}
	if len(r.recipients) != 1 || len(r.bodies) != 1 {
		t.Fatalf("recipients %v, %d bodies", r.recipients, len(r.bodies))
	}
	m, err := mail.ReadMessage(strings.NewReader(r.bodies[0]))
	if err != nil {
		t.Fatal(err)
	}
	if m.Header.Get("Bcc") != "" || len(m.Header["To"]) != 1 {
		t.Errorf("headers %v", m.Header)
	}
}
