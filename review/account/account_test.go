package account_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"okno/db/accountstore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/sqlite"
	"okno/rbac"
	"okno/review"
	"okno/review/account"
	"okno/review/reviewtest"
	"okno/review/signin"
	"okno/views/i18n"
)

const id review.AccountID = "account-of-the-test"

func open(t *testing.T) (*account.Service, *accountstore.Store, *dbtest.Desk, *reviewtest.Clock) {
	t.Helper()
	d, clock := dbtest.Open(t), reviewtest.NewClock()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	store := &accountstore.Store{DB: d.DB, Vault: d.Vault, History: historystore.New(d.DB, d.Vault, clock, "")}
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		return store.Create(tx, signin.NewAccount{ID: id, Language: "en", Track: review.FromAbroad, Email: "Own@example.ru", Phone: "+79161234567", Password: "x", At: clock.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	return &account.Service{Gate: gate, Store: store}, store, d, clock
}

func write(t *testing.T, d *dbtest.Desk, fn func(tx *sqlite.Tx) error) {
	t.Helper()
	if err := d.DB.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestTheRoleFollowsTheStatus(t *testing.T) {
	s, _, d, _ := open(t)
	for status, want := range map[string]review.Role{"pending": review.RoleApplicant, "active": review.RoleAccountHolder, "suspended": "", "closed": ""} {
		write(t, d, func(tx *sqlite.Tx) error {
			_, err := tx.Exec(`UPDATE accounts SET status = ?`, status)
			return err
		})
		a, err := s.Actor(t.Context(), id, "print")
		if want == "" {
			if !errors.Is(err, review.ErrUnauthenticated) {
				t.Errorf("%s acts: %v", status, err)
			}
			continue
		}
		if err != nil || a.Account != id || a.FirstRole() != want || a.Session != "print" {
			t.Errorf("%s acts as %v: %v", status, a.Roles, err)
		}
	}
	if _, err := s.Actor(t.Context(), "nobody", ""); !errors.Is(err, review.ErrUnauthenticated) {
		t.Errorf("an account that is gone: %v", err)
	}
}

func TestTheLogTellsTheOwnStory(t *testing.T) {
	s, _, d, clock := open(t)
	own := reviewtest.Applicant(id)
	stranger := reviewtest.Applicant("somebody-else")
	write(t, d, func(tx *sqlite.Tx) error {
		at := clock.Now()
		viewed := reviewtest.Anna.Event(review.EventScanViewed, at.Add(2*time.Minute)).With("slot", "passport")
		viewed.Account = id
		claimed := reviewtest.Anna.Event(review.EventClaimed, at.Add(3*time.Minute)) // not told
		claimed.Account = id
		return historystore.Append(tx, own.Event(review.EventAccountCreated, at), stranger.Event(review.EventSignedIn, at),
			own.Event(review.EventContactConfirmed, at.Add(time.Minute)).With("contact", "email"), viewed, claimed)
	})
	log, err := s.Activity(t.Context(), own, 10)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range log {
		lines = append(lines, fmt.Sprint(e.Type, " ", e.Own, " ", e.Detail))
	}
	want := "scan-viewed false passport|contact-confirmed true email|account-created true "
	if got := strings.Join(lines, "|"); got != want {
		t.Fatalf("log is %s", got)
	}
	if log, err = s.Activity(t.Context(), own, 2); err != nil || len(log) != 2 {
		t.Fatalf("%d lines, %v", len(log), err)
	}
	if _, err := s.Activity(t.Context(), reviewtest.Anna, 10); !errors.Is(err, review.ErrForbidden) {
		t.Errorf("a reviewer reads it: %v", err)
	}
	if _, err := s.Profile(t.Context(), review.Anonymous()); err == nil {
		t.Error("nobody reads a profile")
	}
}

func TestEveryLineHasWords(t *testing.T) {
	for _, e := range account.Told() {
		if !i18n.Has("cabinet.event." + string(e)) {
			t.Errorf("no words for %s", e)
		}
	}
}

func TestNothingPersonalIsPrinted(t *testing.T) {
	a := account.Account{Email: "own@example.ru"}
	if s := fmt.Sprintf("%v %+v %#v %s", a, a, a, &a); strings.Contains(s, "own@") {
		t.Fatal(s)
	}
	f := signin.Flow{Email: "own@example.ru"}
	if s := fmt.Sprintf("%v %+v %#v", f, f, &f); strings.Contains(s, "own@") {
		t.Fatal(s)
	}
	c := signin.Credential{Email: "own@example.ru", Password: "stored"}
	if s := fmt.Sprintf("%v %+v %#v", c, c, &c); strings.Contains(s, "own@") || strings.Contains(s, "stored") {
		t.Fatal(s)
	}
}
