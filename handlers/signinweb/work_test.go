package signinweb_test

import (
	"crypto/sha256"
	"strconv"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/review/signin"
	"okno/views/link"
)

// worked finds what a browser would for the task of a page, which every form of the
// page carries.
func (b *browser) worked(path string) string {
	b.t.Helper()
	p := b.get(path)
	inputs := p.Find("form input[type=hidden][name=work]")
	task, bits := inputs.AttrOr("data-work", ""), inputs.AttrOr("data-bits", "")
	if inputs.Length() != p.Find("main form").Length() || task == "" || bits != strconv.Itoa(signin.WorkBits) || p.Find(`script[src*="work"]`).Length() != 1 {
		b.t.Fatalf("%s: %d of %d forms carry work for %q of %q bits", path, inputs.Length(), p.Find("main form").Length(), task, bits)
	}
	for n := 1; ; n++ {
		if h := sha256.Sum256([]byte(task + ":" + strconv.Itoa(n))); h[0] == 0 && h[1]>>2 == 0 {
			return strconv.Itoa(n)
		}
	}
}

// texts counts the messages by SMS.
func (l *letters) texts() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, x := range l.list {
		if x.Channel == review.SMS {
			n++
		}
	}
	return n
}

// TestAnotherPhoneNumberAsksForWork walks the way to another number: with the work of
// the page a code is sent each time, without it only as many as people without scripts
// get together, and the pages are the same.
func TestAnotherPhoneNumberAsksForWork(t *testing.T) {
	d := open(t)
	b := d.browser("ru")
	b.register("mover@example.ru", "+79161234567")
	d.in.Limits.SMSUnproven = signin.Limit{Name: "sms-unproven", Burst: 1, Per: 1000 * time.Hour}
	d.in.Limits.SMSHour.Burst, d.in.Limits.SMSDay.Burst = 100, 100
	d.clock.Add(11 * time.Minute)
	ask, code, again := link.ChangeContact("phone"), link.ChangeContactCode("phone"), link.ChangeContactResend("phone")
	before := d.letters.texts()
	sent := func(want int, what string) {
		t.Helper()
		if n := d.letters.texts() - before; n != want {
			t.Fatalf("%s: %d messages, want %d", what, n, want)
		}
		d.clock.Add(11 * time.Minute)
	}
	b.goes(b.send(ask, ask, "phone", "+79037654321"), code)
	sent(1, "the share of those without scripts")
	b.goes(b.send(ask, ask, "phone", "+79037654321"), code)
	sent(1, "the share is used up")
	if p := b.get(code); !strings.Contains(p.Find("main").Text(), "UTC") {
		t.Error("nobody is told when to ask again")
	}
	work := b.worked(ask)
	b.refused(b.send(ask, ask, "phone", "12", "work", work), "", "12")
	b.goes(b.send(ask, ask, "phone", "+79037654321", "work", work), code)
	sent(2, "with work")
	b.goes(b.send(code, again), link.CodeResent(code, false))
	sent(2, "asked again without work")
	b.goes(b.send(code, again, "work", b.worked(code)), link.CodeResent(code, true))
	sent(3, "asked again with work")
	work = b.worked(code) // the code has expired meanwhile: another is sent
	b.refused(b.send(code, code, "code", d.letters.code(), "work", work), "истёк", "")
	sent(4, "an expired code with work")
	b.worked(code)
	b.send(code, again, "work", b.worked(code))
	b.goes(b.send(code, code, "code", d.letters.code()), link.CabinetAfterContact())
	if p := b.get(link.ChangeContact("email")); p.Find("[data-work]").Length() != 0 || p.Find(`script[src*="work"]`).Length() != 0 {
		t.Error("an e-mail address asks for work")
	}
}
