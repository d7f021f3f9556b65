package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// patience bounds every wait of these tests; nothing waits for a fixed time. It finds what hangs, not what
// is slow: under the race detector a photograph is looked at for half a minute.
const patience = 2 * time.Minute

// letter is a message that left the desk.
type letter struct {
	to, subject, text string
	read              bool
}

// post keeps what a real mail relay and a real SMS gateway took from the desk.
type post struct {
	mu      sync.Mutex
	letters []*letter
}

func (p *post) add(l letter) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.letters = append(p.letters, &l)
}

// find returns the oldest unread message to the recipient that holds the words,
// and marks it as read.
func (p *post) find(to, words string) (letter, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, l := range p.letters {
		if !l.read && l.to == to && (strings.Contains(l.subject, words) || strings.Contains(l.text, words)) {
			l.read = true
			return *l, true
		}
	}
	return letter{}, false
}

// NewSession implements smtp.Backend.
func (p *post) NewSession(*smtp.Conn) (smtp.Session, error) { return &delivery{post: p}, nil }

// delivery is one SMTP conversation.
type delivery struct {
	post *post
	to   string
}

func (d *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (d *delivery) Reset()                               {}
func (d *delivery) Logout() error                        { return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	d.to = to
	return nil
}

func (d *delivery) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return err
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return err
	}
	body := io.Reader(m.Body)
	switch m.Header.Get("Content-Transfer-Encoding") {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	d.post.add(letter{to: d.to, subject: subject, text: strings.ReplaceAll(string(text), "\r\n", "\n")})
	return nil
}

// site is a desk in service: started from run, with its relay and gateway.
type site struct {
	t    *testing.T
	base string
	data string
	env  map[string]string
	post *post
	logs *journal
	bare bool // it uses no program beside itself
}

func (s *site) getenv(name string) string { return s.env[name] }

// journal is the log of a running desk.
type journal struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.b.String()
}

// freePort is a port on which nobody listens at the moment.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// serve starts a desk and stops it at the end of the test.
func serve(t *testing.T) *site { return serveWith(t, os.Getenv("OKNO_PROGRAMS") == "none") }

// serveWith starts a desk that uses the programs it finds or, when it is bare, none.
func serveWith(t *testing.T, bare bool) *site {
	t.Helper()
	s := &site{t: t, post: &post{}, logs: &journal{}, data: filepath.Join(t.TempDir(), "data"), bare: bare}
	programs := map[bool]string{false: "auto", true: "none"}[bare]
	relay, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(s.post)
	server.Domain = "relay.test"
	relayed := make(chan error, 1)
	go func() { relayed <- server.Serve(relay) }()
	t.Cleanup(func() {
		server.Close()
		<-relayed
	})
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct{ To, Text string }
		if r.Header.Get("Authorization") != "Bearer gateway-token" || json.NewDecoder(r.Body).Decode(&m) != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		s.post.add(letter{to: m.To, text: m.Text})
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(gateway.Close)
	addr := "127.0.0.1:" + strconv.Itoa(freePort(t))
	s.base = "http://" + addr
	s.env = map[string]string{
		"OKNO_PUBLIC_URL": s.base, "OKNO_SMTP_HOST": "127.0.0.1", "OKNO_SMTP_PORT": strconv.Itoa(relay.Addr().(*net.TCPAddr).Port),
		"OKNO_SMTP_TLS": "none", "OKNO_MAIL_FROM": "desk@desk.test", "OKNO_SMS_URL": gateway.URL + "/send", "OKNO_SMS_TOKEN": "gateway-token",
		"OKNO_SMS_FROM": "OKNO", "OKNO_DECISION_HOLD": "8s", "OKNO_OPERATOR": "SPECIMEN",
		"OKNO_INSPECTION_TIME": "1m", "OKNO_PROGRAMS": programs, "OKNO_PROBATION": "0", "OKNO_QUALITY_SAMPLE": "0",
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"serve", "-init", "-data", s.data, "-addr", addr}, s.getenv, io.Discard, s.logs)
	}()
	ended := func(err error) {
		if err != nil {
			t.Errorf("the desk ended with %v", err)
		}
	}
	t.Cleanup(func() {
		stop()
		select {
		case err := <-done:
			ended(err)
		case <-time.After(patience):
			t.Error("the desk does not stop")
		}
		s.readLogs()
	})
	s.until("the desk to be ready", func() bool {
		select {
		case err := <-done:
			done <- err
			t.Fatalf("the desk did not start: %v", err)
		default:
		}
		res, err := http.Get(s.base + "/readyz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == http.StatusOK
	})
	return s
}

// until waits for a condition.
func (s *site) until(what string, ok func() bool) {
	s.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(end) {
			s.t.Fatalf("waited %s for %s", patience, what)
		}
	}
}

// mail waits for a message with the words.
func (s *site) mail(to, words string) (l letter) {
	s.t.Helper()
	s.until(fmt.Sprintf("a message to %s with %q", to, words), func() (ok bool) {
		l, ok = s.post.find(to, words)
		return ok
	})
	return l
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// code waits for a message with the words and returns the code in it.
func (s *site) code(to, words string) string {
	s.t.Helper()
	l := s.mail(to, words)
	code := sixDigits.FindString(l.text)
	if code == "" {
		s.t.Fatalf("no code in %q", l.text)
	}
	return code
}

// invite appoints a member of staff beside the running desk and returns the
// path of the one-time link.
func (s *site) invite(name, email, roles string) string {
	s.t.Helper()
	var out bytes.Buffer
	if err := run(context.Background(), []string{"staff", "add", "-data", s.data, "-name", name, "-email", email, "-role", roles}, s.getenv, &out, io.Discard); err != nil {
		s.t.Fatalf("staff add: %v", err)
	}
	path, ok := strings.CutPrefix(strings.TrimSpace(out.String()), s.base)
	if !ok || !strings.HasPrefix(path, "/staff/enrol/") {
		s.t.Fatalf("staff add printed %q", out.String())
	}
	return path
}

// readLogs fails on failures that the desk logged and on personal data in it.
func (s *site) readLogs() {
	logs := s.logs.String()
	lines := bufio.NewScanner(strings.NewReader(logs))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"level":"ERROR"`) {
			s.t.Errorf("the desk logged %s", lines.Text())
		}
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	for _, l := range s.post.letters {
		if strings.Contains(logs, l.to) {
			s.t.Error("a contact stands in the log")
		}
	}
	for _, p := range people {
		for _, secret := range []string{p.Surname, p.Latin, p.Number} {
			if secret != "" && strings.Contains(logs, secret) {
				s.t.Error("personal data stand in the log")
			}
		}
	}
}
