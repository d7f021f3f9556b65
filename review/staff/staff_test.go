package staff_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/db/accountstore"
	"okno/db/dbtest"
	"okno/db/outboxstore"
	"okno/db/sessionstore"
	"okno/db/sqlite"
	"okno/db/staffstore"
	"okno/rbac"
	"okno/review"
	"okno/review/field"
	"okno/review/reviewtest"
	"okno/review/signin"
	"okno/review/signin/argon"
	"okno/review/staff"
)

type desk struct {
	*dbtest.Desk
	*staff.Service
	t      testing.TB
	clock  *reviewtest.Clock
	hasher *argon.Hasher
	tokens *signin.Sessions
}

var (
	home   = staff.From{Address: "192.0.2.7"}
	nobody = review.Anonymous()
)

const (
	email    = "anna.orlova@example.ru"
	password = "Sinyaya_Lodka-42-Barhat"
)

func newDesk(t testing.TB) *desk {
	t.Helper()
	base := dbtest.Open(t)
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	clock := reviewtest.NewClock()
	sessions := &sessionstore.Store{DB: base.DB, Vault: base.Vault, Accounts: &accountstore.Store{DB: base.DB, Vault: base.Vault}, Clock: clock, IDs: review.RandomIDs{}}
	d := &desk{Desk: base, t: t, clock: clock, hasher: argon.New(base.Vault.Pepper(), argon.Params{Memory: 64, Time: 1, Threads: 1})}
	d.tokens = &signin.Sessions{Store: sessions, Clock: clock, Secret: base.Vault.Secret("session")}
	limits := signin.DefaultLimits().ForSharedAddress(10_000)
	limits.PasswordPair.Burst = 10_000
	d.Service = &staff.Service{
		Gate: gate, Clock: clock, IDs: review.RandomIDs{}, Store: &staffstore.Store{DB: base.DB, Vault: base.Vault, Outbox: outboxstore.New(base.DB, base.Vault), Clock: clock, IDs: review.RandomIDs{}}, Hasher: d.hasher, Sessions: d.tokens,
		Attempts: &signin.Service{Limiter: sessions, Clock: clock, Limits: limits, Secret: base.Vault.Secret("codes")},
		Rule:     signin.StaffPassword,
	}
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) invite(address string, roles ...review.Role) staff.Invitation {
	d.t.Helper()
	inv, err := d.Invite(d.t.Context(), review.System(), address, "Анна Орлова", roles)
	d.must(err)
	return inv
}

// enrolled appoints somebody who is in, and returns the secret of the generator.
func (d *desk) enrolled(roles ...review.Role) (review.StaffID, []byte) {
	d.t.Helper()
	secret := bytes.Repeat([]byte{9}, 20)
	id, err := d.EnrolDirectly(d.t.Context(), review.System(), email, "Анна Орлова", roles, password, secret)
	d.must(err)
	return id, secret
}

func value[T any](d *desk, query string, args ...any) (v T) {
	d.t.Helper()
	d.must(d.DB.Read(context.Background(), func(rx *sqlite.Rx) error { return rx.Get(&v, query, args...) }))
	return v
}

func TestEnrolmentFromALink(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	if n := value[int](d, `SELECT count(*) FROM staff`); n != 0 {
		t.Fatal("there are default accounts")
	}
	inv := d.invite(email, review.RoleReviewer)
	if inv.Ends.Sub(d.clock.Now()) != staff.InvitationTerm {
		t.Fatal("the link ends at", inv.Ends)
	}
	var m *staff.Member
	for range 20 { // mail scanners look at links
		var err error
		m, err = d.Invitation(ctx, nobody, inv.Token)
		d.must(err)
	}
	if len(strings.ReplaceAll(m.SecretText(), " ", "")) != 32 || !strings.HasPrefix(m.GeneratorURI(), "otpauth://totp/Okno:anna.orlova@example.ru?") {
		t.Fatal("no secret to set up:", m.GeneratorURI())
	}
	code := field.TOTP(m.Secret, d.clock.Now())
	for _, c := range []struct{ password, code, faults string }{
		{"short", code, "too-short no-upper no-digit no-special"},
		{"x7#Kq9!mZ", code, "too-short-staff"},
		{"Password-2026!", "000000", "common wrong"},
		{password, "000000", "wrong"},
	} {
		_, err := d.Enrol(ctx, nobody, inv.Token, c.password, c.code, home)
		e, ok := errors.AsType[*review.Error](err)
		if !ok {
			t.Fatalf("%s: %v", c.password, err)
		}
		var got []string
		for _, f := range e.Fields {
			got = append(got, f.Code)
		}
		if strings.Join(got, " ") != c.faults {
			t.Errorf("%s: %v, want %s", c.password, got, c.faults)
		}
	}
	entry, err := d.Enrol(ctx, nobody, inv.Token, password, code, home)
	d.must(err)
	session, err := d.tokens.Find(ctx, entry.Token, false)
	d.must(err)
	if session.Kind != signin.ForStaff {
		t.Fatal("not a whole session:", session.Kind)
	}
	actor, err := d.Actor(ctx, entry.Staff, session.Print)
	d.must(err)
	if actor.Name != "Анна Орлова" || !slices.Equal(actor.Roles, []review.Role{review.RoleReviewer}) || actor.Session == "" {
		t.Fatalf("actor is %+v", actor)
	}
	if _, err := d.Enrol(ctx, nobody, inv.Token, password, code, home); !errors.Is(err, staff.ErrLink) {
		t.Fatalf("the link works twice: %v", err)
	}
	// The code that enrolled is used up.
	half, err := d.SignIn(ctx, nobody, email, password, home)
	d.must(err)
	if _, err := d.ConfirmCode(ctx, nobody, half.Staff, code, home); !errors.Is(err, staff.ErrCode) {
		t.Fatalf("the enrolling code signs in: %v", err)
	}
}

func TestLinksEnd(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	first := d.invite(email, review.RoleReviewer)
	second := d.invite(email, review.RoleReviewer, review.RoleSupervisor)
	if _, err := d.Invitation(ctx, nobody, first.Token); !errors.Is(err, staff.ErrLink) {
		t.Error("the replaced link still works")
	}
	m, err := d.Invitation(ctx, nobody, second.Token)
	d.must(err)
	if len(m.Roles) != 2 || second.Staff != first.Staff {
		t.Error("the second invitation changed nothing")
	}
	for _, token := range []string{"", "x", strings.Repeat("A", 43)} {
		if _, err := d.Invitation(ctx, nobody, token); !errors.Is(err, staff.ErrLink) {
			t.Errorf("%q: %v", token, err)
		}
	}
	d.clock.Add(staff.InvitationTerm)
	if _, err := d.Invitation(ctx, nobody, second.Token); !errors.Is(err, staff.ErrLink) {
		t.Error("the link works after its time")
	}
	for _, c := range []struct {
		email, name string
		roles       []review.Role
	}{
		{"no address", "A", []review.Role{review.RoleReviewer}},
		{"b@example.ru", " ", []review.Role{review.RoleReviewer}},
		{"b@example.ru", "B", nil},
		{"b@example.ru", "B", []review.Role{review.RoleAdministrator, review.RoleReviewer}},
		{"b@example.ru", "B", []review.Role{review.RoleSystem}},
	} {
		if _, err := d.Invite(ctx, review.System(), c.email, c.name, c.roles); review.KindOf(err) != review.Invalid {
			t.Errorf("%v: %v", c, err)
		}
	}
	for _, by := range []review.Actor{nobody, reviewtest.Supervisor, reviewtest.Anna} {
		if _, err := d.Invite(ctx, by, "c@example.ru", "C", []review.Role{review.RoleReviewer}); err == nil {
			t.Errorf("%v appoints staff", by.Roles)
		}
	}
	if _, err := d.EnrolDirectly(ctx, review.System(), strings.ToUpper(email), "C", []review.Role{review.RoleAuditor}, password, []byte("x")); !errors.Is(err, staff.ErrEmailTaken) {
		t.Error("an address twice:", err)
	}
}

func TestBothFactorsAreNeeded(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id, secret := d.enrolled(review.RoleReviewer)
	for _, c := range []struct{ email, password string }{{email, "wrong"}, {"nobody@example.ru", password}, {"", ""}, {email, ""}} {
		before := d.hasher.Runs()
		if _, err := d.SignIn(ctx, nobody, c.email, c.password, home); !errors.Is(err, staff.ErrNoMatch) {
			t.Errorf("%v: %v", c, err)
		}
		if d.hasher.Runs() != before+1 {
			t.Errorf("%v: not one hash", c)
		}
	}
	half, err := d.SignIn(ctx, nobody, strings.ToUpper(email), password, home)
	d.must(err)
	session, err := d.tokens.Find(ctx, half.Token, false)
	d.must(err)
	if session.Kind != signin.ForStaffHalf || half.Staff != id {
		t.Fatalf("the password alone gives %s", session.Kind)
	}
	if _, err := d.ConfirmCode(ctx, nobody, id, "000000", home); !errors.Is(err, staff.ErrCode) {
		t.Fatal(err)
	}
	entry, err := d.ConfirmCode(ctx, nobody, id, field.TOTP(secret, d.clock.Now()), staff.From{Address: home.Address, Session: half.Token})
	d.must(err)
	if entry.Token == half.Token {
		t.Fatal("the session was not renewed")
	}
	if _, err := d.tokens.Find(ctx, half.Token, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Fatal("half a session lives on")
	}
	actor, err := d.Actor(ctx, id, "print")
	d.must(err)
	d.must(d.SignOut(ctx, actor, entry.Token))
	if _, err := d.tokens.Find(ctx, entry.Token, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Fatal("signed out and alive")
	}
	for kind, want := range map[string]int{"staff-invited": 1, "staff-enrolled": 1, "staff-signed-in": 1, "staff-signed-out": 1, "sign-in-failed": 3} {
		if n := value[int](d, `SELECT count(*) FROM history WHERE type = ?`, kind); n != want {
			t.Errorf("%d events %s, want %d", n, kind, want)
		}
	}
}

func TestCodesAreNeverReplayed(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id, secret := d.enrolled(review.RoleReviewer)
	confirm := func(code string) error {
		_, err := d.ConfirmCode(ctx, nobody, id, code, home)
		return err
	}
	at := d.clock.Now()
	d.must(confirm(field.TOTP(secret, at)))
	if err := confirm(field.TOTP(secret, at)); !errors.Is(err, staff.ErrCode) {
		t.Error("the same code twice:", err)
	}
	if err := confirm(field.TOTP(secret, at.Add(-30*time.Second))); !errors.Is(err, staff.ErrCode) {
		t.Error("an older code after a newer one:", err)
	}
	for _, c := range []struct {
		drift time.Duration
		ok    bool
	}{{-60 * time.Second, false}, {-30 * time.Second, true}, {0, true}, {30 * time.Second, true}, {60 * time.Second, false}} {
		now := d.clock.Add(5 * time.Minute)
		if err := confirm(field.TOTP(secret, now.Add(c.drift))); (err == nil) != c.ok {
			t.Errorf("drift %s: %v", c.drift, err)
		}
	}
	// Two sessions at once with one code: one of them.
	code := field.TOTP(secret, d.clock.Add(time.Hour))
	var won atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if confirm(code) == nil {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("one code opened %d sessions", won.Load())
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	_, _ = d.enrolled(review.RoleReviewer)
	for range 10 {
		if _, err := d.SignIn(ctx, nobody, email, "wrong", home); !errors.Is(err, staff.ErrNoMatch) {
			t.Fatal(err)
		}
	}
	if _, err := d.SignIn(ctx, nobody, email, password, home); !errors.Is(err, staff.ErrNoMatch) {
		t.Fatal("not slowed down after ten failures:", err)
	}
	d.clock.Add(time.Minute)
	_, err := d.SignIn(ctx, nobody, email, password, home)
	d.must(err)
}

func TestLeavingAndNewRolesEndSessions(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id, secret := d.enrolled(review.RoleReviewer)
	in := func() string {
		entry, err := d.ConfirmCode(ctx, nobody, id, field.TOTP(secret, d.clock.Add(time.Minute)), home)
		d.must(err)
		return entry.Token
	}
	token := in()
	d.must(d.SetRoles(ctx, review.System(), id, []review.Role{review.RoleSupervisor}))
	if _, err := d.tokens.Find(ctx, token, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Error("the old roles' session lives on")
	}
	token = in()
	actor, err := d.Actor(ctx, id, "")
	d.must(err)
	if !actor.Has(review.RoleSupervisor) || actor.Has(review.RoleReviewer) {
		t.Error("roles are", actor.Roles)
	}
	d.must(d.Disable(ctx, review.System(), id))
	if _, err := d.tokens.Find(ctx, token, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Error("disabled and signed in")
	}
	if _, err := d.Actor(ctx, id, ""); !errors.Is(err, review.ErrUnauthenticated) {
		t.Error("disabled and acting")
	}
	if _, err := d.SignIn(ctx, nobody, email, password, home); !errors.Is(err, staff.ErrNoMatch) {
		t.Error("disabled and signing in:", err)
	}
	if _, err := d.ConfirmCode(ctx, nobody, id, field.TOTP(secret, d.clock.Add(time.Minute)), home); !errors.Is(err, review.ErrUnauthenticated) {
		t.Error("disabled with half a session:", err)
	}
	admin := review.Actor{Staff: "x", Roles: []review.Role{review.RoleAdministrator}}
	list, err := d.Members(ctx, admin)
	d.must(err)
	if len(list) != 1 || list[0].Status != staff.Disabled || list[0].Secret != nil || list[0].Password != "" {
		t.Errorf("list of %d", len(list))
	}
	if _, err := d.Members(ctx, reviewtest.Anna); !errors.Is(err, review.ErrForbidden) {
		t.Error("a reviewer lists the staff:", err)
	}
}

func TestSecretsAreSealed(t *testing.T) {
	d := newDesk(t)
	inv := d.invite(email, review.RoleReviewer)
	m, err := d.Invitation(t.Context(), nobody, inv.Token)
	d.must(err)
	d.must(d.DB.Checkpoint(t.Context()))
	d.must(filepath.WalkDir(d.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, secret := range [][]byte{m.Secret, []byte(inv.Token), []byte(strings.ReplaceAll(m.SecretText(), " ", ""))} {
			if bytes.Contains(b, secret) {
				t.Errorf("%s holds a secret", filepath.Base(path))
			}
		}
		return err
	}))
}
