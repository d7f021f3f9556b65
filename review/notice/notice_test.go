package notice_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/notice"
)

var now = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// desk is an outbox, the contacts, the words and both transports.
type desk struct {
	waiting   []notice.Message
	marks     []string // what became of each message, in order
	sent      []string // what reached a transport
	languages []string
	contact   error
	words     error
	transport error
	lost      error // of the outbox itself
	deadline  time.Duration
}

func (d *desk) Now() time.Time { return now }

func (d *desk) Lease(_ context.Context, _ time.Time, n int, _ time.Duration) ([]notice.Message, error) {
	n = min(n, len(d.waiting))
	list := d.waiting[:n]
	d.waiting = d.waiting[n:]
	return list, d.lost
}

func (d *desk) Sent(_ context.Context, id string, _ time.Time) error {
	d.marks = append(d.marks, id+" sent")
	return d.lost
}

func (d *desk) Failed(_ context.Context, id string, _ time.Time, code string) error {
	d.marks = append(d.marks, id+" again "+code)
	return d.lost
}

func (d *desk) GiveUp(_ context.Context, id string, _ time.Time, code string) error {
	d.marks = append(d.marks, id+" given up "+code)
	return d.lost
}

func (d *desk) Contact(_ context.Context, account review.AccountID, channel review.Channel) (string, string, error) {
	return string(account) + "/" + string(channel), "en", d.contact
}

func (d *desk) Write(_ context.Context, n review.Notice) (notice.Text, error) {
	d.languages = append(d.languages, n.Language)
	return notice.Text{Subject: string(n.Kind), Body: "text"}, d.words
}

func (d *desk) Send(ctx context.Context, id, address string, t notice.Text) error {
	if end, ok := ctx.Deadline(); ok {
		d.deadline = time.Until(end)
	}
	d.sent = append(d.sent, id+" to "+address+": "+t.Subject)
	return d.transport
}

func service(d *desk, log *bytes.Buffer) *notice.Service {
	return &notice.Service{
		Outbox: d, Contacts: d, Writer: d, Clock: d, Log: slog.New(slog.NewTextHandler(log, nil)),
		Transports: map[review.Channel]notice.Transport{review.Mail: d},
	}
}

func message(id string, n review.Notice) notice.Message {
	return notice.Message{ID: id, Notice: n, Attempts: 1}
}

func TestWhatBecomesOfAMessage(t *testing.T) {
	own := review.Notice{Kind: review.NoticeApproved, Channel: review.Mail, Account: "account"}
	for _, c := range []struct {
		name   string
		notice review.Notice
		break_ func(*desk)
		mark   string
		sent   int
	}{
		{"delivered", own, func(*desk) {}, "m sent", 1},
		{"relay down", own, func(d *desk) { d.transport = errors.New("down") }, "m again transport", 1},
		{"address refused", own, func(d *desk) { d.transport = fmt.Errorf("no such box: %w", notice.ErrPermanent) }, "m given up refused", 1},
		{"account is gone", own, func(d *desk) { d.contact = review.ErrNotFound }, "m given up no-contact", 0},
		{"contacts not readable now", own, func(d *desk) { d.contact = errors.New("busy") }, "m again no-contact", 0},
		{"no words", own, func(d *desk) { d.words = errors.New("half filled") }, "m again no-words", 0},
		{"channel is off", review.Notice{Kind: review.NoticePhoneCode, Channel: review.SMS, Address: "+79070000017"}, func(*desk) {}, "m again no-transport", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := &desk{waiting: []notice.Message{message("m", c.notice)}}
			c.break_(d)
			var log bytes.Buffer
			if more, err := service(d, &log).Tick(t.Context()); err != nil || more {
				t.Fatalf("%v, %v", more, err)
			}
			if strings.Join(d.marks, ";") != c.mark || len(d.sent) != c.sent {
				t.Errorf("marks %v, sent %v", d.marks, d.sent)
			}
			for _, personal := range []string{"+79070000017", "account/email", "text"} {
				if strings.Contains(strings.ReplaceAll(log.String(), "level=WARN", ""), "="+personal) {
					t.Errorf("the log tells %s: %s", personal, log.String())
				}
			}
		})
	}
}

func TestLanguageAndAddress(t *testing.T) {
	d := &desk{waiting: []notice.Message{
		message("a", review.Notice{Kind: "k", Channel: review.Mail, Account: "account"}),
		message("b", review.Notice{Kind: "k", Channel: review.Mail, Account: "account", Language: "ru"}),
		message("c", review.Notice{Kind: "k", Channel: review.Mail, Address: "new@example.org", Language: "ru"}),
	}}
	if _, err := service(d, &bytes.Buffer{}).Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(d.languages, " "); got != "en ru ru" {
		t.Errorf("languages %s", got)
	}
	if got := strings.Join(d.sent, "; "); got != "a to account/email: k; b to account/email: k; c to new@example.org: k" {
		t.Errorf("sent %s", got)
	}
	if d.deadline <= 0 || d.deadline > 30*time.Second {
		t.Errorf("a transport may take %s", d.deadline)
	}
}

// A refused message does not hold up the ones behind it, and a full batch asks
// for another tick.
func TestOneBadMessageStopsNobody(t *testing.T) {
	d := &desk{contact: review.ErrNotFound}
	for i := range 12 {
		n := review.Notice{Kind: "k", Channel: review.Mail, Address: "a@example.org"}
		if i%2 == 0 {
			n = review.Notice{Kind: "k", Channel: review.Mail, Account: "gone"}
		}
		d.waiting = append(d.waiting, message(fmt.Sprint(i), n))
	}
	s := service(d, &bytes.Buffer{})
	ticks := 0
	for more := true; more && ticks < 20; ticks++ {
		var err error
		if more, err = s.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(d.marks) != 12 || len(d.sent) != 6 || ticks < 2 {
		t.Errorf("%d marks, %d sent in %d ticks", len(d.marks), len(d.sent), ticks)
	}
}

func TestALostOutboxEndsTheTick(t *testing.T) {
	d := &desk{waiting: []notice.Message{message("a", review.Notice{Kind: "k", Channel: review.Mail, Address: "a@example.org"})}, lost: errors.New("disk full")}
	if _, err := service(d, &bytes.Buffer{}).Tick(t.Context()); err == nil || len(d.sent) > 0 {
		t.Errorf("%v, sent %v", err, d.sent)
	}
}
