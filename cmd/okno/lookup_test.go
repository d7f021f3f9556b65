package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// TestAnExpiredCodeOfALookUpIsRenewed enters a code too late: the page says that
// another one was sent, and it was, also to an address that gets none.
func TestAnExpiredCodeOfALookUpIsRenewed(t *testing.T) {
	for _, c := range []struct {
		name  string
		known bool
		kind  review.NoticeKind
	}{{"whose application it is", true, review.NoticeLookUpCode}, {"somebody else", false, review.NoticeUnknownLookUp}} {
		t.Run(c.name, func(t *testing.T) {
			h := openHouse(t)
			s := h.queued()
			email := "nobody-at-all@example.org"
			if c.known {
				var err error
				email, _, err = h.accounts.Contact(t.Context(), s.Account, review.Mail)
				h.must(err)
			}
			sent := func() (codes []string) {
				t.Helper()
				all, err := h.outbox.Recent(t.Context(), 100)
				h.must(err)
				for _, m := range all {
					if m.Kind == c.kind {
						codes = append(codes, m.Params["code"])
					}
				}
				return codes
			}
			b := &stranger{h: h}
			b.post(link.LookUp(), "case", s.Number.String(), "email", email)
			first := sent()
			if len(first) != 1 {
				t.Fatalf("%d messages", len(first))
			}
			h.later(11 * time.Minute)
			typed := first[0]
			if !c.known {
				typed = "000000"
			}
			a := h.post(b.who, link.LookUpCode(), map[string][]string{"code": {typed}})
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.text(), i18n.Text("ru", "signin.fault.code.expired")) {
				t.Fatalf("too late: %d %s", a.status, a.text())
			}
			codes := sent()
			if len(codes) != 2 {
				t.Fatalf("%d messages after the code has expired", len(codes))
			}
			if !c.known {
				return
			}
			fresh := codes[0]
			if fresh == first[0] {
				fresh = codes[1]
			}
			if a := h.post(b.who, link.LookUpCode(), map[string][]string{"code": {fresh}}); a.status != http.StatusSeeOther || a.header.Get("Location") != link.LookUpCase() {
				t.Errorf("the new code: %d to %q", a.status, a.header.Get("Location"))
			}
		})
	}
}
