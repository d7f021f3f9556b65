package signin_test

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"testing"
	"time"

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
