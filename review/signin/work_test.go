package signin_test

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"testing"
	"time"

	"okno/review"
	"okno/review/signin"
)

// work finds what a browser would.
func work(task string) string {
	for n := 1; ; n++ {
		if h := sha256.Sum256([]byte(task + ":" + strconv.Itoa(n))); h[0] == 0 && h[1]>>2 == 0 {
			return strconv.Itoa(n)
		}
	}
}

func TestWithoutWorkMessagesAreFew(t *testing.T) {
	for _, c := range []struct {
		name     string
		working  bool
		min, max int
	}{{"a browser that works", true, 60, 60}, {"one that does not", false, 20, 23}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.Limits = signin.DefaultLimits()
			ctx := t.Context()
			for i := range 60 { // numbers of many beginnings, from many addresses, in six minutes
				id := d.confirmed(fmt.Sprintf("work%02d@example.ru", i), everywhere(i))
				from := everywhere(i)
				if c.working {
					f, err := d.Registration(ctx, id)
					d.must(err)
					from.Work = work(d.Task(f))
				}
				_, err := d.RegisterPhone(ctx, nobody, id, fmt.Sprintf("+79%02d1230001", i), from)
				d.must(err)
				d.clock.pass(6 * time.Second)
			}
			if n := d.texts(); n < c.min || n > c.max {
				t.Errorf("%d messages, want %d to %d", n, c.min, c.max)
			}
		})
	}
}

func TestWorkServesOneSending(t *testing.T) {
	d := newDesk(t)
	d.Limits.SMSUnproven = signin.Limit{Name: "sms-unproven", Burst: 1, Per: 24 * time.Hour}
	ctx := t.Context()
	other := d.confirmed("other@example.ru", home)
	_, err := d.RegisterPhone(ctx, nobody, other, "+79161230002", home) // the one that needs no work
	d.must(err)

	id := d.confirmed("worker@example.ru", home)
	f, err := d.Registration(ctx, id)
	d.must(err)
	from := home
	from.Work = work(d.Task(f))
	for _, wrong := range []string{"", "0", from.Work + "0", "x", "99999999999999999999999"} {
		bad := home
		bad.Work = wrong
		if _, err := d.RegisterPhone(ctx, nobody, id, "+79161230001", bad); err != nil || d.texts() != 1 {
			t.Errorf("%q: %d messages, %v", wrong, d.texts(), err)
		}
		if f, err = d.Registration(ctx, id); err != nil {
			t.Fatal(err)
		}
		from.Work = work(d.Task(f))
	}
	_, err = d.RegisterPhone(ctx, nobody, id, "+79161230001", from)
	d.must(err)
	if d.texts() != 2 {
		t.Fatalf("%d messages after the work", d.texts())
	}
	d.clock.pass(2 * time.Minute)
	if _, err = d.ResendPhone(ctx, nobody, id, from); err != nil || d.texts() != 2 {
		t.Errorf("the same work served twice: %d messages, %v", d.texts(), err)
	}
	f, err = d.Registration(ctx, id)
	d.must(err)
	d.clock.pass(2 * time.Hour)
	from.Work = work(d.Task(f))
	if _, err = d.ResendPhone(ctx, nobody, id, from); err != nil || d.texts() != 3 {
		t.Errorf("new work: %d messages, %v", d.texts(), err)
	}
}

// Changing one's phone number asks for the same work as registering it.
func TestAChangeWithoutWorkSendsFewMessages(t *testing.T) {
	for _, c := range []struct {
		name    string
		working bool
		texts   int
	}{{"a browser that works", true, 30}, {"one that does not", false, 5}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			people := make([]review.Actor, 30)
			for i := range people {
				e := d.open(fmt.Sprintf("change%02d@example.ru", i), fmt.Sprintf("+79%02d1230001", i))
				people[i] = review.Actor{Account: e.Account, Roles: []review.Role{review.RoleApplicant}}
			}
			d.clock.pass(2 * time.Hour)
			d.Limits = signin.DefaultLimits()
			d.Limits.SMSUnproven.Burst = 5
			before := d.texts()
			for i, by := range people {
				from := everywhere(i)
				if c.working {
					task, err := d.ChangeTask(t.Context(), by)
					d.must(err)
					from.Work = work(task)
				}
				_, err := d.ChangeContact(t.Context(), by, review.Phone, fmt.Sprintf("+79%02d4560001", i), review.ForeignCitizen, from)
				d.must(err)
				d.clock.pass(time.Second)
			}
			if n := d.texts() - before; n != c.texts {
				t.Errorf("%d messages, want %d", n, c.texts)
			}
		})
	}
}

func TestWorkForAChangeServesOneSending(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	e := d.open("one@example.ru", "+79160000001")
	other := d.open("two@example.ru", "+79160000002")
	by := review.Actor{Account: e.Account, Roles: []review.Role{review.RoleApplicant}}
	d.clock.pass(2 * time.Hour)
	d.Limits.SMSUnproven = signin.Limit{Name: "sms-unproven", Burst: 1, Per: 1000 * time.Hour}
	before := d.texts()
	sent := func(want int, what string, err error) {
		t.Helper()
		if n := d.texts() - before; err != nil || n != want {
			t.Fatalf("%s: %d messages, want %d: %v", what, n, want, err)
		}
		d.clock.pass(2 * time.Hour)
	}
	change := func(by review.Actor, number, found string) error {
		from := home
		from.Work = found
		_, err := d.ChangeContact(ctx, by, review.Phone, number, review.ForeignCitizen, from)
		return err
	}
	sent(1, "the one that needs no work", change(by, "+79161110001", ""))
	sent(1, "without work", change(by, "+79161110001", ""))
	task, err := d.ChangeTask(ctx, by)
	d.must(err)
	sent(1, "somebody else's work", change(review.Actor{Account: other.Account, Roles: by.Roles}, "+79161110002", work(task)))
	if task, err = d.ChangeTask(ctx, by); err != nil {
		t.Fatal(err)
	}
	found := work(task)
	d.clock.pass(6 * time.Hour) // the window before is taken, too
	sent(2, "with work", change(by, "+79161110001", found))
	sent(2, "with the same work", change(by, "+79161110001", found))

	// Asking again is work for the code that was sent.
	from := home
	_, err = d.ResendContact(ctx, by, review.Phone, from)
	sent(2, "again without work", err)
	f, err := d.ContactChange(ctx, by, review.Phone)
	d.must(err)
	from.Work = work(d.Task(f))
	_, err = d.ResendContact(ctx, by, review.Phone, from)
	sent(3, "again with work", err)
	_, err = d.ResendContact(ctx, by, review.Phone, from)
	sent(3, "again with the same work", err)

	// Work that lay around for half a day is no longer taken.
	if task, err = d.ChangeTask(ctx, by); err != nil {
		t.Fatal(err)
	}
	d.clock.pass(12 * time.Hour)
	sent(3, "with old work", change(by, "+79161110003", work(task)))

	// An e-mail address costs none.
	mails := d.letters.count()
	if _, err := d.ChangeContact(ctx, by, review.Email, "three@example.ru", review.ForeignCitizen, home); err != nil || d.letters.count() != mails+1 {
		t.Errorf("%d mails: %v", d.letters.count()-mails, err)
	}
}
