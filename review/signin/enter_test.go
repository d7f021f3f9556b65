package signin_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
	"okno/review/signin/argon"
)

func TestSignInByEitherContact(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	entry := d.open("Anna.B@example.ru", "+79161234567")
	for _, login := range []string{"anna.b@EXAMPLE.ru", " Anna.B@example.ru ", "+7 916 123-45-67", "8(916)1234567"} {
		got, err := d.SignIn(ctx, nobody, login, goodPassword, home)
		if err != nil || got.Account != entry.Account {
			t.Errorf("%s: %v", login, err)
			continue
		}
		session, err := d.Sessions.Find(ctx, got.Token, false)
		if err != nil || session.Kind != signin.ForAccount || session.Subject != string(entry.Account) {
			t.Errorf("%s: no session: %v", login, err)
		}
		d.clock.pass(time.Minute)
	}
	if last := d.events(entry.Account); last[len(last)-1] != review.EventSignedIn {
		t.Fatalf("history ends with %s", last[len(last)-1])
	}
}

func TestEveryFailureLooksAndCostsTheSame(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	suspended := d.open("suspended@example.ru", "+79161234561")
	d.must(d.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE accounts SET status = 'suspended' WHERE id = ?`, suspended.Account)
		return err
	}))
	locked := d.open("locked@example.ru", "+79161234562")
	d.must(d.DB.Write(ctx, func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE accounts SET failures = 100 WHERE id = ?`, locked.Account)
		return err
	}))
	d.open("known@example.ru", "+79161234563")
	for _, c := range []struct{ name, login, password string }{
		{"wrong password", "known@example.ru", otherPassword},
		{"unknown address", "unknown@example.ru", otherPassword},
		{"unknown phone", "+79160000000", otherPassword},
		{"no login", "", otherPassword},
		{"no password", "known@example.ru", ""},
		{"suspended", "suspended@example.ru", goodPassword},
		{"locked", "locked@example.ru", goodPassword},
		{"not an address", "a@b@c", goodPassword},
		{"endless password", "known@example.ru", strings.Repeat("x", 5000)},
	} {
		before := d.hasher.Runs()
		_, err := d.SignIn(ctx, nobody, c.login, c.password, home)
		if !errors.Is(err, signin.ErrNoMatch) || review.KindOf(err) != review.Invalid {
			t.Errorf("%s: %v", c.name, err)
		}
		if n := d.hasher.Runs() - before; n != 1 {
			t.Errorf("%s: %d hashes", c.name, n)
		}
	}
	// Also beyond the limit of the address.
	d.Limits = signin.DefaultLimits()
	from := signin.From{Address: "203.0.113.5"}
	for i := range 30 {
		before := d.hasher.Runs()
		if _, err := d.SignIn(ctx, nobody, fmt.Sprintf("n%d@example.ru", i), goodPassword, from); !errors.Is(err, signin.ErrNoMatch) {
			t.Fatal(err)
		}
		if d.hasher.Runs()-before != 1 {
			t.Fatal("not one hash beyond the limit")
		}
	}
	if _, err := d.SignIn(ctx, nobody, "known@example.ru", goodPassword, from); !errors.Is(err, signin.ErrNoMatch) {
		t.Fatal("the limit of the address does not hold:", err)
	}
}

func TestGuessingIsSlowAndTheOwnerGetsIn(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.Limits = signin.DefaultLimits()
	owner := d.open("owner@example.ru", "+79161234567")
	evaluated := func() int {
		return value[int](d, `SELECT count(*) FROM history WHERE type = 'sign-in-failed'`)
	}
	// A thousand addresses, ten tries each, over a day.
	for i := range 1000 {
		from := signin.From{Address: fmt.Sprintf("10.1.%d.%d", i/250, i%250)}
		for range 2 {
			if _, err := d.SignIn(ctx, nobody, "owner@example.ru", otherPassword, from); !errors.Is(err, signin.ErrNoMatch) {
				t.Fatal(err)
			}
		}
		d.clock.pass(86 * time.Second)
	}
	if n := evaluated(); n > 150 || n < 10 {
		t.Fatalf("%d guesses were evaluated", n)
	}
	// From the known browser at the first try.
	if _, err := d.SignIn(ctx, nobody, "owner@example.ru", goodPassword, signin.From{Address: "10.9.9.9", Device: owner.Device}); err != nil {
		t.Fatal("the owner is locked out:", err)
	}
	// From a new one at once after that, as the failures are forgotten.
	if _, err := d.SignIn(ctx, nobody, "owner@example.ru", goodPassword, signin.From{Address: "10.9.9.8"}); err != nil {
		t.Fatal(err)
	}
	// A known browser has failures of its own, so the token is no way around.
	for range 20 {
		if _, err := d.SignIn(ctx, nobody, "owner@example.ru", otherPassword, signin.From{Address: "10.9.9.9", Device: owner.Device}); !errors.Is(err, signin.ErrNoMatch) {
			t.Fatal(err)
		}
		d.clock.pass(13 * time.Second)
	}
	if _, err := d.SignIn(ctx, nobody, "owner@example.ru", goodPassword, signin.From{Address: "10.9.9.9", Device: owner.Device}); !errors.Is(err, signin.ErrNoMatch) {
		t.Fatal("guessing from a known browser is not slowed down")
	}
}

func TestDelaysGrowAndWaitingEndsThem(t *testing.T) {
	var f signin.Failures
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	want := []time.Duration{0, 0, 0, 0, 0, 0, 0, 0, 0, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute}
	for i, delay := range want {
		f.Fail(at)
		if got := max(0, f.Until.Sub(at)); got != delay {
			t.Errorf("failure %d: wait %s, want %s", i+1, got, delay)
		}
		if f.Blocked(at.Add(delay)) {
			t.Errorf("failure %d: still blocked after %s", i+1, delay)
		}
		if delay > 0 && !f.Blocked(at.Add(delay-time.Second)) {
			t.Errorf("failure %d: free too early", i+1)
		}
		if f.Blocked(at.Add(-2 * time.Hour)) {
			t.Error("a clock set back locks for hours")
		}
	}
}

func TestUnknownNamesLeaveLittleBehind(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	for i := range 1200 {
		if _, err := d.SignIn(ctx, nobody, fmt.Sprintf("name%d@example.ru", i), "x", home); !errors.Is(err, signin.ErrNoMatch) {
			t.Fatal(err)
		}
	}
	if n := value[int](d, `SELECT count(*) FROM limits`); n > 1700 {
		t.Fatalf("%d rows", n)
	}
	d.clock.pass(25 * time.Hour)
	d.must(d.Sessions.Tick(ctx))
	if n := value[int](d, `SELECT count(*) FROM limits`); n != 0 {
		t.Fatalf("%d rows after a day", n)
	}
}

func TestLimitsSurviveClocks(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	l := signin.Limit{Name: "try", Burst: 3, Per: time.Minute}
	take := func() signin.Refusal {
		r, err := d.store.Take(ctx, d.clock.Now(), signin.Take{Limit: l, Subject: "x"})
		d.must(err)
		return r
	}
	for range 3 {
		if take().Refused() {
			t.Fatal("refused within the burst")
		}
	}
	r := take()
	if !r.Refused() || r.Limit != "try" || r.Until.Sub(d.clock.now) > 20*time.Second {
		t.Fatalf("refusal is %+v", r)
	}
	d.clock.pass(19 * time.Second)
	if !take().Refused() {
		t.Fatal("refilled early")
	}
	d.clock.pass(time.Second)
	if take().Refused() {
		t.Fatal("not refilled")
	}
	d.clock.pass(-time.Hour)
	if r := take(); !r.Refused() || r.Until.Sub(d.clock.now) > time.Minute {
		t.Fatalf("after the clock was set back: %+v", r)
	}
	d.clock.pass(25 * time.Hour)
	if take().Refused() {
		t.Fatal("not free a day later")
	}
	// Another bucket that is full takes nothing from this one.
	full := signin.Limit{Name: "full", Burst: 1, Per: time.Hour}
	for i := range 5 {
		_, err := d.store.Take(ctx, d.clock.Now(), signin.Take{Limit: full, Subject: "y"}, signin.Take{Limit: l, Subject: "z"})
		d.must(err)
		if i == 4 {
			r, err := d.store.Take(ctx, d.clock.Now(), signin.Take{Limit: l, Subject: "z"})
			d.must(err)
			if r.Refused() {
				t.Fatal("a refused attempt was charged elsewhere")
			}
		}
	}
}

func TestStrongerCostsAreAdoptedAtSignIn(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.open("cost@example.ru", "+79161234567")
	old := value[string](d, `SELECT password FROM accounts`)
	stronger := argon.New(d.Vault.Pepper(), argon.Params{Memory: 128, Time: 1, Threads: 1})
	d.Hasher = stronger
	_, err := d.SignIn(ctx, nobody, "cost@example.ru", goodPassword, home)
	d.must(err)
	now := value[string](d, `SELECT password FROM accounts`)
	if now == old || !strings.Contains(now, "m=128") {
		t.Fatal("the stored form was not renewed")
	}
	d.Hasher = d.hasher // weaker again
	_, err = d.SignIn(ctx, nobody, "cost@example.ru", goodPassword, home)
	d.must(err)
	if value[string](d, `SELECT password FROM accounts`) != now {
		t.Fatal("the stored form was weakened")
	}
}

func TestResetEndsSessionsAndTells(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	entry := d.open("reset@example.ru", "+79161234567")
	d.clock.pass(2 * time.Minute)
	f, token, err := d.StartReset(ctx, nobody, "Reset@example.ru", "en", home)
	d.must(err)
	if n := d.letters.last(); n.Kind != review.NoticeResetCode || n.Address != "Reset@example.ru" && n.Address != "reset@example.ru" {
		t.Fatalf("sent %s", n.Kind)
	}
	if err := d.FinishReset(ctx, nobody, f.ID, otherPassword, home); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("a reset without a code: %v", err)
	}
	_, err = d.ConfirmReset(ctx, nobody, f.ID, d.code(), home)
	d.must(err)
	if err := d.FinishReset(ctx, nobody, f.ID, "Password1!", home); !slices.Equal(faultsOf(err), []string{"common"}) {
		t.Fatal(err)
	}
	d.must(d.FinishReset(ctx, nobody, f.ID, otherPassword, signin.From{Address: home.Address, Session: token}))
	for _, dead := range []string{entry.Token, token} {
		if _, err := d.Sessions.Find(ctx, dead, false); !errors.Is(err, review.ErrUnauthenticated) {
			t.Error("an old session lives on")
		}
	}
	if n := d.letters.last(); n.Kind != review.NoticePasswordChanged || n.Account != entry.Account {
		t.Fatalf("told %s", n.Kind)
	}
	if _, err := d.SignIn(ctx, nobody, "reset@example.ru", goodPassword, home); !errors.Is(err, signin.ErrNoMatch) {
		t.Fatal("the old password still works")
	}
	_, err = d.SignIn(ctx, nobody, "reset@example.ru", otherPassword, home)
	d.must(err)
	if err := d.FinishReset(ctx, nobody, f.ID, goodPassword, home); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("a reset used twice: %v", err)
	}
}

func TestResetOfNobodyLooksTheSame(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.open("known@example.ru", "+79161234567")
	d.clock.pass(2 * time.Hour)
	shape := func(email string) []any {
		f, token, err := d.StartReset(ctx, nobody, email, "ru", home)
		d.must(err)
		out := []any{len(token), f.Email == email, f.Code.Expires.Sub(d.clock.now), f.EmailConfirmed}
		for range 7 {
			_, err := d.ConfirmReset(ctx, nobody, f.ID, "000000", home)
			out = append(out, err.Error())
		}
		return out
	}
	known, unknown := shape("known@example.ru"), shape("nobody@example.ru")
	if !slices.Equal(known, unknown) {
		t.Fatalf("answers differ:\n%v\n%v", known, unknown)
	}
	if n := d.letters.last(); n.Kind != review.NoticeUnknownReset || n.Address != "nobody@example.ru" {
		t.Fatalf("the unknown address received %s", n.Kind)
	}
}

func TestAContactIsChangedAfterItsCode(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	entry := d.open("old@example.ru", "+79161234567")
	actor := review.Actor{Account: entry.Account, Roles: []review.Role{review.RoleApplicant}}
	_, err := d.ChangeContact(ctx, actor, review.Phone, "+7 926 765-43-21", review.ForeignCitizen, home)
	d.must(err)
	if a, _ := d.accounts.Account(ctx, entry.Account); a.Phone != "+79161234567" {
		t.Fatal("changed before the code")
	}
	if n := d.letters.last(); n.Address != "+79267654321" {
		t.Fatal("the code went elsewhere")
	}
	code := d.code()
	before := d.letters.count()
	_, err = d.ConfirmContact(ctx, actor, review.Phone, code, home)
	d.must(err)
	if a, _ := d.accounts.Account(ctx, entry.Account); a.Phone != "+79267654321" {
		t.Fatal("not changed")
	}
	told := d.letters.list[before:]
	if len(told) != 2 || told[0].Address != "+79161234567" || told[0].Kind != review.NoticeContactChanged || told[1].Channel != review.Mail {
		t.Fatalf("told %d contacts", len(told))
	}
	if _, err := d.ContactChange(ctx, actor, review.Phone); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("the change is still running: %v", err)
	}
	if _, err := d.SignIn(ctx, nobody, "+79267654321", goodPassword, home); err != nil {
		t.Fatal("sign-in with the new contact:", err)
	}
	if _, err := d.ChangeContact(ctx, review.Anonymous(), review.Phone, "+79267654322", review.ForeignCitizen, home); err == nil {
		t.Fatal("somebody not signed in changed a contact")
	}
	if _, err := d.ChangeContact(ctx, actor, review.Surname, "x", review.ForeignCitizen, home); !errors.Is(err, review.ErrNotFound) {
		t.Fatal(err)
	}
}

func TestSessionsEndWhenTheyShould(t *testing.T) {
	d, ctx := newDesk(t), context.Background()
	entry := d.open("session@example.ru", "+79161234567")
	live := func(token string) bool {
		_, err := d.Sessions.Find(ctx, token, false)
		if err != nil && !errors.Is(err, review.ErrUnauthenticated) {
			t.Fatal(err)
		}
		return err == nil
	}
	for _, planted := range []string{"", "x", strings.Repeat("A", 43), entry.Token + "A", strings.Repeat("A", 42) + "!"} {
		if live(planted) {
			t.Errorf("a planted token %q was adopted", planted)
		}
	}
	// Activity keeps it for twelve hours, not longer.
	d.clock.pass(14*time.Minute + 59*time.Second)
	if !live(entry.Token) {
		t.Fatal("ended before it was idle")
	}
	d.clock.pass(15*time.Minute + time.Second)
	if live(entry.Token) {
		t.Fatal("idle and alive")
	}
	again, err := d.SignIn(ctx, nobody, "session@example.ru", goodPassword, home)
	d.must(err)
	start := d.clock.Now()
	for d.clock.Now().Sub(start) < 12*time.Hour-10*time.Minute {
		d.clock.pass(10 * time.Minute)
		if d.clock.Now().Sub(start) < 12*time.Hour && !live(again.Token) {
			t.Fatalf("ended in use after %s", d.clock.Now().Sub(start))
		}
	}
	d.clock.pass(10*time.Minute + time.Second)
	if live(again.Token) {
		t.Fatal("older than twelve hours and alive")
	}
	// A background look is no activity.
	again, err = d.SignIn(ctx, nobody, "session@example.ru", goodPassword, home)
	d.must(err)
	for range 14 {
		d.clock.pass(time.Minute)
		if _, err := d.Sessions.Find(ctx, again.Token, true); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.pass(61 * time.Second)
	if live(again.Token) {
		t.Fatal("kept alive by the background")
	}
	// Signing in replaces the session of the browser; signing out ends it.
	first, err := d.SignIn(ctx, nobody, "session@example.ru", goodPassword, home)
	d.must(err)
	second, err := d.SignIn(ctx, nobody, "session@example.ru", goodPassword, signin.From{Address: home.Address, Session: first.Token, Device: first.Device})
	d.must(err)
	if first.Token == second.Token || live(first.Token) || !live(second.Token) {
		t.Fatal("the session was not replaced")
	}
	actor := review.Actor{Account: entry.Account, Roles: []review.Role{review.RoleApplicant}}
	d.must(d.SignOut(ctx, actor, second.Token))
	if live(second.Token) {
		t.Fatal("signed out and alive")
	}
	// Revoking everything.
	a, _ := d.SignIn(ctx, nobody, "session@example.ru", goodPassword, home)
	b, _ := d.SignIn(ctx, nobody, "session@example.ru", goodPassword, home)
	d.must(d.Sessions.EndAll(ctx, signin.ForAccount, string(entry.Account)))
	if live(a.Token) || live(b.Token) {
		t.Fatal("revoked and alive")
	}
	d.clock.pass(13 * time.Hour)
	d.must(d.Sessions.Tick(ctx))
	if n := value[int](d, `SELECT count(*) FROM sessions`); n != 0 {
		t.Fatalf("%d rows are never swept", n)
	}
}

func TestStaffHaveTwoSessionsAtMost(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	var tokens []string
	for range 3 {
		token, print, err := d.Sessions.StartStaff(ctx, "staff-1", false, "")
		d.must(err)
		if print == "" || strings.Contains(token, print) {
			t.Fatal("no fingerprint")
		}
		tokens = append(tokens, token)
		d.clock.pass(time.Second)
	}
	for i, want := range []bool{false, true, true} {
		if _, err := d.Sessions.Find(ctx, tokens[i], false); (err == nil) != want {
			t.Errorf("session %d: %v", i, err)
		}
	}
	half, _, err := d.Sessions.StartStaff(ctx, "staff-1", true, "")
	d.must(err)
	d.clock.pass(5*time.Minute + time.Second)
	if _, err := d.Sessions.Find(ctx, half, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Error("half a session waits for ever")
	}
	d.must(d.Sessions.EndStaff(ctx, "staff-1"))
	if n := value[int](d, `SELECT count(*) FROM sessions`); n != 0 {
		t.Errorf("%d sessions left", n)
	}
}
