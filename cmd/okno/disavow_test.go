package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"okno/db/outboxstore"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/disavow"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
)

// newest is the newest message of a kind.
func (h *house) newest(kind review.NoticeKind) outboxstore.Message {
	h.t.Helper()
	all, err := h.outbox.Recent(h.t.Context(), 100)
	h.must(err)
	for _, m := range all {
		if m.Kind == kind {
			return m
		}
	}
	h.t.Fatalf("no message %s", kind)
	return outboxstore.Message{}
}

// homeAddress is where invented people ask from.
var homeAddress = signin.From{Address: "192.0.2.7"}

func TestThisWasNotMeStopsTheAccount(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	who := visitor{token: h.accountToken(s.Account), live: true}
	letter := h.newest(review.NoticeSubmitted)
	page := link.Disavow(h.desk.disavow.Token(letter.ID))
	before := h.entries()
	for range 20 { // a mail scanner
		for _, method := range []string{"GET", "HEAD"} {
			if a := h.ask(visitor{}, method, page, nil); a.status != http.StatusOK {
				t.Fatalf("%s: %d", method, a.status)
			}
		}
	}
	if h.entries() != before || h.ask(who, "GET", link.Status(), nil).status != http.StatusOK {
		t.Fatal("opening the link has changed something")
	}
	for _, forged := range []string{letter.ID, letter.ID + "aaaaaaaaaaaaaaaa", strings.Repeat("a", 42), "x"} {
		if a := h.post(visitor{}, link.Disavow(forged), nil); a.status != http.StatusNotFound {
			t.Errorf("%s: %d", forged, a.status)
		}
	}
	if a := h.post(visitor{}, page, nil); a.status != http.StatusOK || !strings.Contains(string(a.body), i18n.Text("ru", "disavow.done.account")) {
		t.Fatalf("confirmed: %d", a.status)
	}
	account, err := h.accounts.Account(t.Context(), s.Account)
	h.must(err)
	now, err := h.submissions.Submission(t.Context(), s.ID)
	h.must(err)
	if account.Open() || now.Lane != review.LaneAttention || len(now.Holds()) != 1 || !now.Holds()[0].FourEyes {
		t.Errorf("account %s, lane %s, holds %v", account.Status, now.Lane, now.Holds())
	}
	if a := h.ask(who, "GET", link.Status(), nil); a.class() != "sign-in" {
		t.Errorf("its session still opens pages: %s", a.class())
	}
	h.newest(review.NoticeDisavowed)
	if a := h.post(visitor{}, page, nil); a.status != http.StatusNotFound {
		t.Errorf("used twice: %d", a.status)
	}
}

func TestThisWasNotMeStopsWhatWasBegun(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	ctx := t.Context()
	f, token, err := h.desk.signin.Register(ctx, review.Anonymous(), review.ForeignCitizen, "ru", homeAddress)
	h.must(err)
	_, err = h.desk.signin.RegisterEmail(ctx, review.Anonymous(), f.ID, "somebody.else@example.org", homeAddress)
	h.must(err)
	stranger := visitor{token: token, live: true}
	if a := h.ask(stranger, "GET", link.RegisterEmailCode(), nil); a.status != http.StatusOK {
		t.Fatalf("before: %d", a.status)
	}
	letter := h.newest(review.NoticeEmailCode)
	if a := h.post(visitor{}, link.Disavow(h.desk.disavow.Token(letter.ID)), nil); a.status != http.StatusOK || !strings.Contains(string(a.body), i18n.Text("ru", "disavow.done.flow")) {
		t.Fatalf("confirmed: %d", a.status)
	}
	if a := h.ask(stranger, "GET", link.RegisterEmailCode(), nil); a.status != http.StatusSeeOther {
		t.Errorf("the registration goes on: %d", a.status)
	}
	if _, err := h.desk.signin.ConfirmRegistrationEmail(ctx, review.Anonymous(), f.ID, letter.Params["code"], homeAddress); err == nil {
		t.Error("the code still works")
	}
}

func TestTheLinkWorksForTenDays(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	h.queued()
	letter := h.newest(review.NoticeSubmitted)
	token := h.desk.disavow.Token(letter.ID)
	for _, c := range []struct {
		age  time.Duration
		want bool
	}{{disavow.Term - time.Hour, true}, {disavow.Term + time.Hour, false}} {
		h.write(func(tx *sqlite.Tx) error {
			_, err := tx.Exec(`UPDATE outbox SET created_at = ? WHERE id = ?`, h.clock.Now().Add(-c.age).UnixMilli(), letter.ID)
			return err
		})
		if a := h.ask(visitor{}, "GET", link.Disavow(token), nil); (a.status == http.StatusOK) != c.want {
			t.Errorf("after %s: %d", c.age, a.status)
		}
	}
}

// Every message about somebody's data says how to tell that it was not them,
// except codes by SMS, which should never teach people to open links.
func TestEveryMessageSaysHowToTellThatItWasNotMe(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	for _, kind := range review.NoticeKinds {
		for _, channel := range []review.Channel{review.Mail, review.SMS} {
			for _, lang := range []string{"ru", "en"} {
				if channel == review.SMS && !i18n.Has("notice."+string(kind)+".sms") {
					continue
				}
				n := review.Notice{Kind: kind, Channel: channel, Language: lang, Params: map[string]string{
					"code": "123456", "number": "26 004 812 75", "deadline": "2026-12-01", "answer": "SPECIMEN", "contact": "email"}}
				n.Disavow = h.notMe("aaaaaaaaaaaaaaaaaaaaaaaaaa", n)
				text, err := h.words().Write(t.Context(), n)
				h.must(err)
				has := strings.Contains(text.Body, link.Disavow(""))
				if want := disavow.Marked(kind, review.Mail) && kind != review.NoticeDisavowed && !(kind == review.NoticePhoneCode && channel == review.SMS); has != want {
					t.Errorf("%s by %s: link %v, want %v", kind, channel, has, want)
				}
				if strings.Contains(text.Subject+text.Body, "{") || strings.Contains(text.Subject+text.Body, "notice.") {
					t.Errorf("%s in %s is not filled: %s\n%s", kind, lang, text.Subject, text.Body)
				}
			}
		}
	}
}
