package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/review"
	"okno/review/signin"
	"okno/views/link"
)

// asking is a way in which a stranger might find out whether somebody or
// something is known here. It answers what was seen.
type asking struct {
	name string
	walk func(h *house, b *stranger, email, number string)
}

// stranger is a browser that nobody has signed in from; it writes down every
// answer.
type stranger struct {
	h    *house
	who  visitor
	seen strings.Builder
}

func (b *stranger) note(a answer) {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == web.ApplicantCookie && c.Value != "" {
			b.who = visitor{token: c.Value, live: true}
		}
	}
	var names []string
	for name := range a.header {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintln(&b.seen, a.status, a.header.Get("Location"), names, string(a.body))
}

func (b *stranger) get(path string) { b.note(b.h.ask(b.who, "GET", path, nil)) }
func (b *stranger) post(path string, pairs ...string) {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	b.note(b.h.post(b.who, path, form))
}

var askings = []asking{
	{"sign-in", func(_ *house, b *stranger, email, _ string) {
		b.post(link.SignIn(), "login", email, "password", "Sinyaya_Lodka-42-Barhat")
	}},
	{"registration", func(_ *house, b *stranger, email, _ string) {
		b.post(link.Tracks(), "document", "foreign", "place", "russia")
		b.post(link.RegisterEmail(), "email", email)
		b.get(link.RegisterEmailCode())
		b.post(link.RegisterEmailCode(), "code", "000000")
	}},
	{"resend", func(h *house, b *stranger, email, _ string) {
		b.post(link.Tracks(), "document", "foreign", "place", "russia")
		b.post(link.RegisterEmail(), "email", email)
		b.post(link.RegisterEmailResend()) // too early
		h.later(2 * time.Minute)
		b.post(link.RegisterEmailResend())
		b.get(link.RegisterEmailCode())
	}},
	{"forgotten password", func(h *house, b *stranger, email, _ string) {
		b.post(link.Reset(), "email", email)
		b.get(link.ResetCode())
		h.later(2 * time.Minute)
		b.post(link.ResetResend())
		b.post(link.ResetCode(), "code", "000000")
	}},
	{"status look-up", func(h *house, b *stranger, email, number string) {
		b.post(link.LookUp(), "case", number, "email", email)
		b.get(link.LookUpCode())
		h.later(2 * time.Minute)
		b.post(link.LookUpResend())
		b.post(link.LookUpCode(), "code", "000000")
		b.get(link.LookUpCase())
	}},
	{"receipt", func(_ *house, b *stranger, _, number string) {
		b.post(link.VerifyReceipt(), "case", number, "code", "4F7K-9M2Q-XT5H")
	}},
}

// late is a clock that runs ahead.
type late struct {
	review.Clock
	by time.Duration
}

func (l *late) Now() time.Time { return l.Clock.Now().Add(l.by) }

// later lets time pass for those who send codes.
func (h *house) later(d time.Duration) {
	h.t.Helper()
	l, ok := h.desk.signin.Clock.(*late)
	if !ok {
		l = &late{Clock: h.desk.signin.Clock}
		h.desk.signin.Clock = l
	}
	l.by += d
}

// costs are what an answer leaves behind: password hashes, write transactions of
// the sign-in, messages.
type costs struct {
	hashes, writes, messages int64
}

func (h *house) costs(w *writes) (c costs) {
	h.t.Helper()
	c.hashes, c.writes = h.hasher.Runs(), w.n.Load()
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&c.messages, `SELECT count(*) FROM outbox`) }))
	return c
}

// writes counts the write transactions that the sign-in asks for.
type writes struct{ n atomic.Int64 }

type countedFlows struct {
	signin.Flows
	*writes
}

func (c countedFlows) NewFlow(ctx context.Context, f *signin.Flow, s *signin.Session) error {
	c.n.Add(1)
	return c.Flows.NewFlow(ctx, f, s)
}

func (c countedFlows) UpdateFlow(ctx context.Context, id string, change func(*signin.Flow) (signin.Change, error)) (*signin.Flow, error) {
	c.n.Add(1)
	return c.Flows.UpdateFlow(ctx, id, change)
}

type countedAccounts struct {
	signin.Accounts
	*writes
}

func (c countedAccounts) UpdateCredential(ctx context.Context, id review.AccountID, change func(*signin.Credential) (signin.Change, error)) error {
	c.n.Add(1)
	return c.Accounts.UpdateCredential(ctx, id, change)
}

type countedLimiter struct {
	signin.Limiter
	*writes
}

func (c countedLimiter) Take(ctx context.Context, at time.Time, takes ...signin.Take) (signin.Refusal, error) {
	c.n.Add(1)
	return c.Limiter.Take(ctx, at, takes...)
}

// counted makes the sign-in count what it writes.
func (h *house) counted() *writes {
	w := &writes{}
	s := h.desk.signin
	s.Flows, s.Accounts, s.Limiter = countedFlows{s.Flows, w}, countedAccounts{s.Accounts, w}, countedLimiter{s.Limiter, w}
	return w
}

var (
	fromForms = regexp.MustCompile(`(name="_?csrf" value=")[^"]*`)
	moments   = regexp.MustCompile(`\d\d:\d\d( (UTC|MSK|МСК)[^ <.]*)?`)
)

// Nobody learns from an answer, from the work behind it or from what is sent
// whether an address, an account or a number is known.
func TestNobodyLearnsWhatIsKnown(t *testing.T) {
	for _, ask := range askings {
		t.Run(ask.name, func(t *testing.T) {
			seen := map[bool]string{}
			spent := map[bool]costs{}
			for _, known := range []bool{true, false} {
				h := openHouse(t)
				s := h.queued()
				email, _, err := h.accounts.Contact(t.Context(), s.Account, review.Mail)
				h.must(err)
				number := string(s.Number)
				if !known {
					email, number = strings.Replace(email, "person-", "absent-", 1), string(h.ids.NewNumber())
				}
				b := &stranger{h: h}
				w := h.counted()
				before := h.costs(w)
				ask.walk(h, b, email, number)
				after := h.costs(w)
				spent[known] = costs{after.hashes - before.hashes, after.writes - before.writes, after.messages - before.messages}
				text := fromForms.ReplaceAllString(b.seen.String(), "$1")
				text = moments.ReplaceAllString(strings.ReplaceAll(strings.ReplaceAll(text, email, "EMAIL"), number, "NUMBER"), "TIME")
				seen[known] = masked.ReplaceAllString(text, "MASKED")
			}
			if seen[true] != seen[false] {
				k, a := seen[true], seen[false]
				i := 0
				for i < min(len(k), len(a)) && k[i] == a[i] {
					i++
				}
				t.Errorf("answers differ:\nknown  %q\nabsent %q", k[max(0, i-80):min(len(k), i+120)], a[max(0, i-80):min(len(a), i+120)])
			}
			if k, a := spent[true], spent[false]; k != a {
				t.Errorf("known costs %+v, absent %+v", k, a)
			}
		})
	}
}

var masked = regexp.MustCompile(`[a-z]\*\*\*@example\.org`)

// BenchmarkKnownAndUnknown measures both halves of the sign-in, interleaved; the
// two figures should agree within the noise.
func BenchmarkKnownAndUnknown(b *testing.B) {
	h := openHouse(b)
	s := h.queued()
	email, _, err := h.accounts.Contact(b.Context(), s.Account, review.Mail)
	h.must(err)
	var took [2]time.Duration
	n := 0
	for b.Loop() {
		for i, login := range []string{email, "absent@example.org"} {
			began := time.Now()
			_, err := h.desk.signin.SignIn(b.Context(), review.Anonymous(), login, "Sinyaya_Lodka-42-Barhat", signin.From{Address: fmt.Sprintf("192.0.2.%d", n%250)})
			if err == nil {
				b.Fatal("signed in")
			}
			took[i] += time.Since(began)
		}
		n++
	}
	b.ReportMetric(float64(took[0].Nanoseconds())/float64(n), "ns/known")
	b.ReportMetric(float64(took[1].Nanoseconds())/float64(n), "ns/absent")
}
