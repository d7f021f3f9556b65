package signin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"okno/review"
	"okno/review/signin"
)

// confirmed begins a registration with a confirmed e-mail address.
func (d *desk) confirmed(email string, from signin.From) string {
	d.t.Helper()
	f, _, err := d.Register(d.t.Context(), nobody, review.ForeignCitizen, "ru", from)
	d.must(err)
	_, err = d.RegisterEmail(d.t.Context(), nobody, f.ID, email, from)
	d.must(err)
	_, err = d.ConfirmRegistrationEmail(d.t.Context(), nobody, f.ID, d.code(), from)
	d.must(err)
	return f.ID
}

// texts counts the messages that left by SMS.
func (d *desk) texts() (n int) {
	d.letters.mu.Lock()
	defer d.letters.mu.Unlock()
	for _, l := range d.letters.list {
		if l.Channel == review.SMS {
			n++
		}
	}
	return n
}

// everywhere is one of many addresses of the world.
func everywhere(i int) signin.From {
	return signin.From{Address: fmt.Sprintf("2001:db8:%x:%x::1", i/250, i%250)}
}

func TestPumpingMessagesFails(t *testing.T) {
	d := newDesk(t)
	d.Limits = signin.DefaultLimits()
	ctx := t.Context()
	before := d.clock.Now()
	for i := range 1000 { // neighbouring numbers, each from an address of its own
		id := d.confirmed(fmt.Sprintf("pump%04d@example.ru", i), everywhere(i))
		_, err := d.RegisterPhone(ctx, nobody, id, fmt.Sprintf("+7916123%04d", i), everywhere(i))
		d.must(err)
		d.clock.pass(3 * time.Second)
	}
	if took := d.clock.Now().Sub(before); took > time.Hour {
		t.Fatalf("the test took %s of its clock", took)
	}
	if n := d.texts(); n < 10 || n > 20 {
		t.Errorf("%d messages to one beginning in an hour", n)
	}
}

func TestTheDayHasABudget(t *testing.T) {
	d := newDesk(t)
	d.Limits.SMSPerDesk = signin.Limit{Name: "sms-desk", Burst: 30, Per: 24 * time.Hour}
	ctx := t.Context()
	for i := range 60 {
		id := d.confirmed(fmt.Sprintf("budget%02d@example.ru", i), everywhere(i))
		_, err := d.RegisterPhone(ctx, nobody, id, fmt.Sprintf("+79%02d1230001", i), everywhere(i))
		d.must(err)
		if i == 14 {
			if used, err := d.Budget(ctx); err != nil || used != 50 {
				t.Errorf("after half of the budget: %d %%, %v", used, err)
			}
		}
	}
	if n := d.texts(); n != 30 {
		t.Errorf("%d messages on a budget of 30", n)
	}
	if used, err := d.Budget(ctx); err != nil || used != 100 {
		t.Errorf("used %d %%, %v", used, err)
	}
}

func TestUnansweredCodesStopMessages(t *testing.T) {
	for _, c := range []struct {
		name    string
		entered int // of fifty codes
		open    bool
	}{{"nobody answers", 0, false}, {"one in four", 13, false}, {"one in three", 17, true}, {"everybody", 50, true}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			ctx := t.Context()
			send := func(i int) *signin.Flow {
				id := d.confirmed(fmt.Sprintf("breaker%03d@example.ru", i), everywhere(i))
				f, err := d.RegisterPhone(ctx, nobody, id, fmt.Sprintf("+7916555%04d", i), everywhere(i))
				d.must(err)
				return f
			}
			for i := range 50 {
				f := send(i)
				if d.texts() != i+1 {
					t.Fatalf("code %d was not sent", i)
				}
				if i < c.entered {
					_, err := d.ConfirmRegistrationPhone(ctx, nobody, f.ID, d.code(), everywhere(i))
					d.must(err)
				}
				d.clock.pass(time.Second)
			}
			d.clock.pass(signin.CodeTerm + time.Minute)
			f := send(100)
			if open := d.texts() == 51; open != c.open {
				t.Errorf("after %d of 50 were entered another goes out: %v", c.entered, open)
			}
			if !c.open && f.Code.Again.Sub(d.clock.Now()) < 20*time.Hour {
				t.Errorf("told to ask again at %s", f.Code.Again)
			}
			// Other beginnings are not stopped, and a day later this one is not either.
			id := d.confirmed("elsewhere@example.ru", everywhere(200))
			sent := d.texts()
			_, err := d.RegisterPhone(ctx, nobody, id, "+79035550001", everywhere(200))
			d.must(err)
			if d.texts() != sent+1 {
				t.Error("another beginning is stopped, too")
			}
			d.clock.pass(25 * time.Hour)
			sent = d.texts()
			send(101)
			if d.texts() != sent+1 {
				t.Error("the breaker never closes")
			}
		})
	}
}

func TestSomeNumbersAreNeverCalled(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	id := d.confirmed("far@example.ru", home)
	for name, number := range map[string]string{
		"premium": "+79001234567890", "satellite": "+870772001234", "global network": "+883510012345", "Iridium": "+881621412345",
		"not listed": "+24622212345", "fixed line": "+74951234567", "toll free": "+78001234567", "another world": "+999123456789",
	} {
		if _, err := d.RegisterPhone(ctx, nobody, id, number, home); review.KindOf(err) != review.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d.texts() != 0 {
		t.Errorf("%d messages left", d.texts())
	}
	// And nobody is before the e-mail address is confirmed.
	f, _, err := d.Register(ctx, nobody, review.ForeignCitizen, "ru", home)
	d.must(err)
	for _, early := range []func() error{
		func() error { _, err := d.RegisterPhone(ctx, nobody, f.ID, "+79161234567", home); return err },
		func() error { _, err := d.ResendPhone(ctx, nobody, f.ID, home); return err },
		func() error { _, err := d.RegisterEmail(ctx, nobody, f.ID, "early@example.ru", home); return err },
		func() error { _, err := d.RegisterPhone(ctx, nobody, f.ID, "+79161234567", home); return err },
	} {
		if err := early(); err != nil && !errors.Is(err, signin.ErrStep) {
			t.Error(err)
		}
	}
	if d.texts() != 0 {
		t.Errorf("%d messages before the address was confirmed", d.texts())
	}
}

// The parallel use of a reset code and of a look-up wins once, too.
func TestEveryCodeIsUsedOnceInParallel(t *testing.T) {
	d := newDesk(t)
	d.Limits.CodeSubject.Burst, d.Limits.CodeAddress.Burst = 100_000, 100_000
	for n, p := range []signin.Purpose{signin.ConfirmPhone, signin.ResetPassword, signin.ChangeEmail, signin.SeeCase} {
		id, actor, code := flowWith(d, p, 60+n)
		results := make(chan error, 50)
		for range cap(results) {
			go func() { results <- enter(d, p, id, actor, code) }()
		}
		won := 0
		for range cap(results) {
			if err := <-results; err == nil {
				won++
			}
		}
		// Who finds a reset or look-up confirmed already goes on with it: that is no
		// second use of the code.
		if used := value[int](d, `SELECT count(*) FROM flows WHERE id = ? AND code_used = 1 AND code_tries <= 5`, id); won == 0 || used > 1 {
			t.Errorf("%s: won %d times", p, won)
		}
		if p == signin.ChangeEmail && won != 1 {
			t.Errorf("%s: won %d times, want once", p, won)
		}
		d.clock.pass(2 * time.Hour)
	}
}

func TestAForeignAccountCannotUseACode(t *testing.T) {
	d := newDesk(t)
	_, _, code := flowWith(d, signin.ChangeEmail, 70)
	other := d.open("other70@example.ru", "+79160007070")
	actor := review.Actor{Account: other.Account, Roles: []review.Role{review.RoleApplicant}}
	if err := enter(d, signin.ChangeEmail, "", actor, code); !errors.Is(err, signin.ErrStep) {
		t.Errorf("the code of another account: %v", err)
	}
}
