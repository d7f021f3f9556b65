package signin_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/review"
	"okno/review/signin"
)

func TestCodesAreUniform(t *testing.T) {
	const n = 1_000_000
	var counts [6][10]int
	zeros := 0
	for range n {
		code, err := signin.DrawCode()
		if err != nil || len(code) != 6 {
			t.Fatal(code, err)
		}
		if code[0] == '0' {
			zeros++
		}
		for i, c := range []byte(code) {
			counts[i][c-'0']++
		}
	}
	if zeros == 0 {
		t.Fatal("no code begins with zero")
	}
	const expected = n / 10.0
	for i := range counts {
		chi := 0.0
		for _, c := range counts[i] {
			chi += (float64(c) - expected) * (float64(c) - expected) / expected
		}
		if chi > 33.72 { // nine degrees of freedom, p = 0.0001
			t.Errorf("digit %d: chi-square %.1f", i, chi)
		}
	}
}

// flowWith returns a flow that waits for a code of the purpose, with the code.
func flowWith(d *desk, p signin.Purpose, n int) (id string, actor review.Actor, code string) {
	d.t.Helper()
	ctx, tail := d.t.Context(), string(rune('0'+n/10))+string(rune('0'+n%10))
	switch p {
	case signin.ConfirmEmail, signin.ConfirmPhone:
		id = d.begin(review.ForeignCitizen)
		_, err := d.RegisterEmail(ctx, nobody, id, "flow"+tail+"@example.ru", home)
		d.must(err)
		if p == signin.ConfirmPhone {
			_, err = d.ConfirmRegistrationEmail(ctx, nobody, id, d.code(), home)
			d.must(err)
			_, err = d.RegisterPhone(ctx, nobody, id, "+791600000"+tail, home)
			d.must(err)
		}
		return id, nobody, d.code()
	case signin.SeeCase:
		entry := d.open("flow"+tail+"@example.ru", "+791600000"+tail)
		d.cases["2600481275"] = entry.Account
		d.clock.pass(2 * time.Minute)
		f, _, err := d.StartLookUp(ctx, nobody, "26 004 812 75", "flow"+tail+"@example.ru", "ru", home)
		d.must(err)
		return f.ID, nobody, d.code()
	case signin.ResetPassword:
		d.open("flow"+tail+"@example.ru", "+791600000"+tail)
		d.clock.pass(2 * time.Minute)
		f, _, err := d.StartReset(ctx, nobody, "flow"+tail+"@example.ru", "ru", home)
		d.must(err)
		return f.ID, nobody, d.code()
	default:
		entry := d.open("flow"+tail+"@example.ru", "+791600000"+tail)
		actor = review.Actor{Account: entry.Account, Roles: []review.Role{review.RoleApplicant}}
		contact, typed := review.Email, "new"+tail+"@example.ru"
		if p == signin.ChangePhone {
			contact, typed = review.Phone, "+791611111"+tail
		}
		f, err := d.ChangeContact(ctx, actor, contact, typed, review.ForeignCitizen, home)
		d.must(err)
		return f.ID, actor, d.code()
	}
}

// enter types a code as if it were of the purpose.
func enter(d *desk, p signin.Purpose, id string, actor review.Actor, code string) error {
	var err error
	switch ctx := d.t.Context(); p {
	case signin.ConfirmEmail:
		_, err = d.ConfirmRegistrationEmail(ctx, actor, id, code, home)
	case signin.ConfirmPhone:
		_, err = d.ConfirmRegistrationPhone(ctx, actor, id, code, home)
	case signin.ResetPassword:
		_, err = d.ConfirmReset(ctx, actor, id, code, home)
	case signin.SeeCase:
		_, err = d.ConfirmLookUp(ctx, actor, id, code, home)
	case signin.ChangeEmail:
		_, err = d.ConfirmContact(ctx, actor, review.Email, code, home)
	case signin.ChangePhone:
		_, err = d.ConfirmContact(ctx, actor, review.Phone, code, home)
	}
	return err
}

func TestACodeServesItsPurposeOnly(t *testing.T) {
	d := newDesk(t)
	n := 0
	for _, made := range signin.Purposes {
		for _, used := range signin.Purposes {
			n++
			id, actor, code := flowWith(d, made, n)
			err := enter(d, used, id, actor, code)
			if (err == nil) != (made == used) {
				t.Errorf("a code to %s used to %s: %v", made, used, err)
			}
			d.clock.pass(time.Hour)
		}
	}
}

func TestACodeOfAnotherFlow(t *testing.T) {
	d := newDesk(t)
	first, _, code := flowWith(d, signin.ConfirmEmail, 1)
	second, _, _ := flowWith(d, signin.ConfirmEmail, 2)
	if err := enter(d, signin.ConfirmEmail, second, nobody, code); err == nil && code != d.code() {
		t.Fatal("the code of another flow was accepted")
	}
	// A changed address kills the code of the old one.
	if _, err := d.RegisterEmail(t.Context(), nobody, first, "elsewhere@example.ru", home); err != nil {
		t.Fatal(err)
	}
	if err := enter(d, signin.ConfirmEmail, first, nobody, code); err == nil && code != d.code() {
		t.Fatal("the code of the old address was accepted")
	}
}

func TestACodeLivesTenMinutesAndOnce(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		age  time.Duration
		want error
	}{{9*time.Minute + 59*time.Second, nil}, {10*time.Minute + time.Second, signin.ErrCodeExpired}} {
		id, actor, code := flowWith(d, signin.ConfirmEmail, int(c.age/time.Minute))
		d.clock.pass(c.age)
		if err := enter(d, signin.ConfirmEmail, id, actor, code); !errors.Is(err, c.want) {
			t.Errorf("after %s: %v", c.age, err)
		}
	}
	id, actor, code := flowWith(d, signin.ResetPassword, 30)
	if err := enter(d, signin.ResetPassword, id, actor, "12 34"); !errors.Is(err, signin.ErrCodeFormat) {
		t.Fatal(err)
	}
	d.must(enter(d, signin.ResetPassword, id, actor, code))
	id, actor, code = flowWith(d, signin.ChangePhone, 31)
	d.must(enter(d, signin.ChangePhone, id, actor, code))
	if err := enter(d, signin.ChangePhone, id, actor, code); err == nil {
		t.Fatal("used twice")
	}
}

func TestGuessingInParallelGainsNothing(t *testing.T) {
	d := newDesk(t)
	id, _, code := flowWith(d, signin.ConfirmEmail, 1)
	d.Limits.CodeSubject.Burst = 1000
	wrong := "000000"
	if code == wrong {
		wrong = "000001"
	}
	var compared, refused atomic.Int64
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			switch err := enter(d, signin.ConfirmEmail, id, nobody, wrong); {
			case errors.Is(err, signin.ErrCodeWrong):
				compared.Add(1)
			case errors.Is(err, signin.ErrCodeSpent):
				refused.Add(1)
			default:
				t.Errorf("a wrong code: %v", err)
			}
		})
	}
	wg.Wait()
	if compared.Load() > 5 || compared.Load()+refused.Load() != 200 {
		t.Fatalf("%d compared, %d refused", compared.Load(), refused.Load())
	}
	if tries := value[int](d, `SELECT code_tries FROM flows WHERE id = ?`, id); tries != 5 {
		t.Fatalf("%d tries counted", tries)
	}
	if err := enter(d, signin.ConfirmEmail, id, nobody, code); !errors.Is(err, signin.ErrCodeSpent) {
		t.Fatalf("the right code after five wrong ones: %v", err)
	}
}

func TestUsingInParallelWinsOnce(t *testing.T) {
	d := newDesk(t)
	d.Limits.CodeSubject.Burst = 1000
	id, _, code := flowWith(d, signin.ConfirmEmail, 1)
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 100 {
		wg.Go(func() {
			if enter(d, signin.ConfirmEmail, id, nobody, code) == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Fatalf("used %d times", won.Load())
	}
}

func TestANewCodeForgetsNoFailure(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.open("owner@example.ru", "+79161234567")
	right := func() string { return d.code() }
	evaluated := 0
	for day := 0; day < 30; day++ {
		f, _, err := d.StartReset(ctx, nobody, "owner@example.ru", "ru", home)
		d.must(err)
		for range 30 {
			code := "111111"
			if code == d.letters.last().Params["code"] {
				code = "222222"
			}
			switch _, err := d.ConfirmReset(ctx, nobody, f.ID, code, home); {
			case errors.Is(err, signin.ErrCodeWrong):
				evaluated++
			case errors.Is(err, signin.ErrCodeSpent), errors.Is(err, signin.ErrCodeExpired):
				d.clock.pass(61 * time.Second)
				if _, err := d.ResendReset(ctx, nobody, f.ID, home); err != nil {
					t.Fatal(err)
				}
			default:
				t.Fatal(err)
			}
		}
		d.clock.pass(24 * time.Hour)
	}
	if evaluated > 100 {
		t.Fatalf("%d guesses were compared in a month", evaluated)
	}
	if n := value[int](d, `SELECT code_failures FROM accounts`); n != 100 {
		t.Fatalf("%d failures on record", n)
	}
	// Even the right code is refused now …
	f, _, err := d.StartReset(ctx, nobody, "owner@example.ru", "ru", home)
	d.must(err)
	if _, err := d.ConfirmReset(ctx, nobody, f.ID, right(), home); !errors.Is(err, signin.ErrCodeSpent) {
		t.Fatalf("after a hundred failures: %v", err)
	}
	// … until the holder proves to be the holder.
	if _, err := d.SignIn(ctx, nobody, "owner@example.ru", goodPassword, home); err != nil {
		t.Fatal(err)
	}
	d.clock.pass(24 * time.Hour)
	f, _, err = d.StartReset(ctx, nobody, "owner@example.ru", "ru", home)
	d.must(err)
	if _, err := d.ConfirmReset(ctx, nobody, f.ID, right(), home); err != nil {
		t.Fatal(err)
	}
}
