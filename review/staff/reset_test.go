package staff_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"okno/db/outboxstore"
	"okno/review"
	"okno/review/field"
	"okno/review/staff"
)

// administrators are two who are not Anna.
func (d *desk) administrators() (one, two review.Actor) {
	d.t.Helper()
	list := make([]review.Actor, 2)
	for i := range list {
		id, err := d.EnrolDirectly(d.t.Context(), review.System(), string(rune('a'+i))+".admin@example.ru", "Админ Образцов", []review.Role{review.RoleAdministrator}, password, []byte("01234567890123456789"))
		d.must(err)
		list[i] = review.Actor{Staff: id, Name: "Админ Образцов", Roles: []review.Role{review.RoleAdministrator}}
	}
	return list[0], list[1]
}

// letters are the messages that wait, newest first.
func (d *desk) letters(kind review.NoticeKind) (list []outboxstore.Message) {
	d.t.Helper()
	all, err := outboxstore.New(d.DB, d.Vault).Recent(d.t.Context(), 20)
	d.must(err)
	for _, m := range all {
		if m.Kind == kind {
			list = append(list, m)
		}
	}
	return list
}

func TestTwoAdministratorsLetSomebodyEnrolAnew(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	one, two := d.administrators()
	id, secret := d.enrolled(review.RoleReviewer)
	session, _, err := d.tokens.StartStaff(ctx, id, false, "")
	d.must(err)

	if err := d.GrantReset(ctx, two, id); !errors.Is(err, staff.ErrResetOver) {
		t.Errorf("granted without a request: %v", err)
	}
	d.must(d.AskReset(ctx, one, id))
	if err := d.AskReset(ctx, two, id); !errors.Is(err, staff.ErrResetWaits) {
		t.Errorf("asked twice: %v", err)
	}
	if err := d.GrantReset(ctx, one, id); !errors.Is(err, staff.ErrResetSecond) {
		t.Errorf("one administrator is enough: %v", err)
	}
	if _, err := d.Actor(ctx, id, ""); err != nil {
		t.Errorf("a request alone has changed something: %v", err)
	}
	told := d.letters(review.NoticeStaffResetAsked)
	if len(told) != 1 || told[0].Address != email {
		t.Errorf("told: %v", len(told))
	}
	d.must(d.GrantReset(ctx, two, id))

	if _, err := d.Actor(ctx, id, ""); !errors.Is(err, review.ErrUnauthenticated) {
		t.Errorf("still at the desk: %v", err)
	}
	if _, err := d.tokens.Find(ctx, session, false); err == nil {
		t.Error("the session goes on")
	}
	if _, err := d.SignIn(ctx, nobody, email, password, home); !errors.Is(err, staff.ErrNoMatch) {
		t.Errorf("the old password still works: %v", err)
	}
	link := d.letters(review.NoticeStaffReset)
	if len(link) != 1 || link[0].Address != email || link[0].ExpiresAt.Sub(d.clock.Now()) != staff.InvitationTerm {
		t.Fatalf("links: %v", len(link))
	}
	token := link[0].Params["enrol"]
	m, err := d.Invitation(ctx, nobody, token)
	d.must(err)
	if string(m.Secret) == string(secret) || m.Password != "" || len(m.Roles) != 1 {
		t.Error("something of the old access is left, or the roles are gone")
	}
	if _, err := d.Enrol(ctx, nobody, token, "Zelyonaya_Krysha-17-Med", field.TOTP(secret, d.clock.Now()), home); err == nil {
		t.Error("the old generator still works")
	}
	_, err = d.Enrol(ctx, nobody, token, "Zelyonaya_Krysha-17-Med", field.TOTP(m.Secret, d.clock.Now()), home)
	d.must(err)
	if _, err := d.Invitation(ctx, nobody, token); !errors.Is(err, staff.ErrLink) {
		t.Errorf("the link works twice: %v", err)
	}
	if n := value[int](d, `SELECT count(*) FROM history WHERE type IN ('staff-reset-asked', 'staff-reset')`); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestARequestToResetWaitsForADay(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	one, two := d.administrators()
	id, _ := d.enrolled(review.RoleReviewer)
	d.must(d.AskReset(ctx, one, id))
	d.clock.Add(staff.ResetTerm)
	if err := d.GrantReset(ctx, two, id); !errors.Is(err, staff.ErrResetOver) {
		t.Errorf("after a day: %v", err)
	}
	d.must(d.AskReset(ctx, two, id))
	d.must(d.RefuseReset(ctx, two, id))
	if err := d.GrantReset(ctx, one, id); !errors.Is(err, staff.ErrResetOver) {
		t.Errorf("after it was taken back: %v", err)
	}
}

func TestWhoMayNotBeReset(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	one, two := d.administrators()
	id, _ := d.enrolled(review.RoleReviewer)
	if err := d.AskReset(ctx, one, one.Staff); !errors.Is(err, staff.ErrResetSelf) {
		t.Errorf("oneself: %v", err)
	}
	d.must(d.AskReset(ctx, one, two.Staff))
	if err := d.GrantReset(ctx, two, two.Staff); !errors.Is(err, staff.ErrResetSelf) {
		t.Errorf("oneself, on a colleague's request: %v", err)
	}
	for _, r := range review.StaffRoles {
		if r == review.RoleAdministrator {
			continue
		}
		if err := d.AskReset(ctx, review.Actor{Staff: "other", Roles: []review.Role{r}}, id); review.KindOf(err) != review.Forbidden {
			t.Errorf("as %s: %v", r, err)
		}
	}
	d.must(d.Disable(ctx, review.System(), id))
	if err := d.AskReset(ctx, one, id); !errors.Is(err, review.ErrTransition) {
		t.Errorf("somebody who left: %v", err)
	}
}

func TestALockedMemberIsLetInFromTheMachine(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id, _ := d.enrolled(review.RoleAdministrator)
	for range 120 {
		_, _ = d.SignIn(ctx, nobody, email, "wrong", home)
		d.clock.Add(20 * time.Minute)
	}
	if m, err := d.Store.Member(ctx, id); err != nil || !m.Locked(d.clock.Now()) {
		t.Fatalf("not locked after %d failures", m.Failures)
	}
	if _, err := d.ResetByEmail(ctx, review.System(), "nobody@example.ru"); err == nil || !strings.Contains(err.Error(), "invalid") {
		t.Errorf("an unknown address: %v", err)
	}
	inv, err := d.ResetByEmail(ctx, review.System(), strings.ToUpper(email))
	d.must(err)
	m, err := d.Invitation(ctx, nobody, inv.Token)
	d.must(err)
	if m.Locked(d.clock.Now()) || m.ID != id {
		t.Error("still locked")
	}
	_, err = d.Enrol(ctx, nobody, inv.Token, password, field.TOTP(m.Secret, d.clock.Now()), home)
	d.must(err)
	if one := (review.Actor{Staff: "one", Roles: []review.Role{review.RoleAdministrator}}); review.KindOf(func() error { _, err := d.ResetByEmail(ctx, one, email); return err }()) != review.Forbidden {
		t.Error("an administrator resets alone")
	}
}
