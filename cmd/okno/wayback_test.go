package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/reinstate"
	"okno/review/signin"
	"okno/views/i18n"
	"okno/views/link"
)

func (h *house) member(a review.Actor) visitor {
	h.t.Helper()
	return visitor{token: h.staffToken(a.Staff, false), live: true}
}

// closed closes the account of a new submission by "this was not me".
func (h *house) closed() *review.Submission {
	h.t.Helper()
	s := h.queued()
	if a := h.post(visitor{}, link.Disavow(h.desk.disavow.Token(h.newest(review.NoticeSubmitted).ID)), nil); a.status != http.StatusOK {
		h.t.Fatalf("disavowed: %d", a.status)
	}
	return s
}

// age makes the request to open an account older.
func (h *house) age(id review.AccountID, by time.Duration) {
	h.t.Helper()
	h.write(func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE reinstatements SET at = at - ? WHERE account = ?`, by.Milliseconds(), id)
		return err
	})
}

func TestAClosedAccountIsOpenedByTwo(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.closed()
	before, err := h.accounts.Account(t.Context(), s.Account)
	h.must(err)
	one, two := h.member(h.appoint(review.RoleSupervisor)), h.member(h.appoint(review.RoleSeniorReviewer))
	page := link.SuspendedAccount(string(s.Account))
	if a := h.visit(one, link.Suspended()); !strings.Contains(string(a.body), page) || strings.Contains(string(a.body), before.Email) {
		t.Error("it is not listed, or with its whole address")
	}
	h.visit(one, page)
	if a := h.post(one, page, nil); a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), i18n.Text("ru", "suspended.fault.proof.empty")) {
		t.Errorf("without a proof: %d", a.status)
	}
	if a := h.post(one, page, url.Values{"proof": {string(reinstate.InPerson)}}); a.status != http.StatusSeeOther {
		t.Fatalf("asked: %d", a.status)
	}
	h.visit(one, page)
	h.visit(two, page)
	if a := h.post(two, link.Reinstate(string(s.Account)), nil); a.status != http.StatusConflict {
		t.Errorf("at once: %d", a.status)
	}
	h.age(s.Account, reinstate.Delay)
	if a := h.post(one, link.Reinstate(string(s.Account)), nil); a.status != http.StatusForbidden {
		t.Errorf("by who asked: %d", a.status)
	}
	h.visit(two, page)
	if a := h.post(two, link.Reinstate(string(s.Account)), nil); a.status != http.StatusSeeOther {
		t.Fatalf("opened: %d", a.status)
	}
	h.visit(two, link.SuspendedDone("opened"))
	now, err := h.accounts.Account(t.Context(), s.Account)
	h.must(err)
	if !now.Open() || now.Status != before.Status && now.Status != "pending" {
		t.Errorf("the account is %s", now.Status)
	}
	h.newest(review.NoticeReinstated)
	if a := h.ask(two, "GET", page, nil); a.status != http.StatusNotFound {
		t.Errorf("an open account has the page still: %d", a.status)
	}

	// The old password opens nothing; a code sent to the address does.
	if _, err := h.desk.signin.SignIn(t.Context(), review.Anonymous(), now.Email, typedPassword, homeAddress); err == nil {
		t.Error("the old password still works")
	}
	f, token, err := h.desk.signin.StartReset(t.Context(), review.Anonymous(), now.Email, "ru", homeAddress)
	h.must(err)
	from := signin.From{Address: homeAddress.Address, Session: token}
	_, err = h.desk.signin.ConfirmReset(t.Context(), review.Anonymous(), f.ID, h.newest(review.NoticeResetCode).Params["code"], from)
	h.must(err)
	h.must(h.desk.signin.FinishReset(t.Context(), review.Anonymous(), f.ID, "Zelyonaya_Krysha-17-Med", from))
	if _, err := h.desk.signin.SignIn(t.Context(), review.Anonymous(), now.Email, "Zelyonaya_Krysha-17-Med", homeAddress); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestTheHolderObjects(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.closed()
	h.must(h.desk.reinstate.Ask(t.Context(), h.appoint(review.RoleSupervisor), s.Account, reinstate.Papers))
	letter := h.newest(review.NoticeReinstateAsked)
	if a := h.post(visitor{}, link.Disavow(h.desk.disavow.Token(letter.ID)), nil); a.status != http.StatusOK {
		t.Fatalf("objected: %d", a.status)
	}
	h.age(s.Account, reinstate.Delay)
	if a := h.post(h.member(h.appoint(review.RoleSupervisor)), link.Reinstate(string(s.Account)), nil); a.status != http.StatusConflict {
		t.Errorf("opened all the same: %d", a.status)
	}
}

func TestAdministratorsRestoreAnAccess(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	locked := h.appoint(review.RoleReviewer)
	one, two := h.member(h.appoint(review.RoleAdministrator)), h.member(h.appoint(review.RoleAdministrator))
	session := h.member(locked)
	page := link.ResetStaff(string(locked.Staff))
	if a := h.visit(one, link.StaffList()); !strings.Contains(string(a.body), page) {
		t.Error("the list leads nowhere")
	}
	h.visit(one, page)
	if a := h.post(one, page, nil); a.status != http.StatusSeeOther {
		t.Fatalf("asked: %d", a.status)
	}
	h.visit(one, page)
	if a := h.post(one, link.GrantReset(string(locked.Staff)), nil); a.status != http.StatusForbidden {
		t.Errorf("granted alone: %d", a.status)
	}
	if a := h.visit(two, page); !strings.Contains(string(a.body), link.GrantReset(string(locked.Staff))) {
		t.Error("the second is not asked")
	}
	a := h.post(two, link.GrantReset(string(locked.Staff)), nil)
	if a.status != http.StatusSeeOther {
		t.Fatalf("granted: %d", a.status)
	}
	letter := h.newest(review.NoticeStaffReset)
	text, err := h.words().Write(t.Context(), letter.Notice)
	h.must(err)
	enrol := link.Enrol(letter.Params["enrol"])
	if !strings.Contains(text.Body, enrol) {
		t.Error("the message holds no link")
	}
	for who, v := range map[string]visitor{"one": one, "two": two} {
		if strings.Contains(string(h.visit(v, link.StaffList()).body), letter.Params["enrol"]) {
			t.Errorf("administrator %s sees the link", who)
		}
	}
	if a := h.ask(session, "GET", link.Desk(), nil); a.class() != "sign-in" {
		t.Errorf("the session goes on: %s", a.class())
	}
	h.visit(visitor{}, enrol)
}
