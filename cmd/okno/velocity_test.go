package main

import (
	"bytes"
	"log/slog"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"okno/db/sqlite"
	"okno/rbac"
	"okno/review"
	"okno/review/check"
	"okno/views/link"
)

// TestManySendingsFromOneNetworkAreHeld sends through the pages of the desk, behind a
// proxy: the twelfth account of one network is held, another network is not, and the
// address itself is nowhere in the data.
func TestManySendingsFromOneNetworkAreHeld(t *testing.T) {
	t.Parallel()
	c := settingsIn(filepath.Join(t.TempDir(), "data"))
	c.Proxies = []string{"0.0.0.0"}
	d, err := openData(t.Context(), c, creating)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	h := rooms(t, c, d, gate, &log)
	h.desk.checks.Log = slog.New(slog.NewTextHandler(&log, nil))
	send := func(address string) review.Check {
		t.Helper()
		by := h.applicant(review.ForeignCitizen)
		s := h.draft(by, review.ForeignCitizen, h.readable(by)...)
		v := visitor{token: h.accountToken(by.Account), live: true}
		if a := h.post(v, link.Send(), url.Values{"version": {strconv.FormatInt(s.Version, 10)}}, "X-Forwarded-For", address); a.status != 303 {
			t.Fatalf("sending from %s: %d", address, a.status)
		}
		h.must(h.desk.checks.Check(t.Context(), s.ID))
		s, err := h.submissions.Submission(t.Context(), s.ID)
		h.must(err)
		if s.Status != review.Queued {
			t.Fatalf("the submission is %s: %v", s.Status, raised(s.Checks))
		}
		for _, c := range s.Checks {
			if c.Code == check.Velocity {
				return c
			}
		}
		t.Fatal("nobody looked at the network")
		return review.Check{}
	}
	for n := range 11 {
		if got := send("2001:db8:77:1::" + strconv.Itoa(n+1)); got.Verdict != review.Pass {
			t.Fatalf("sending %d from one network: %s %s", n+1, got.Verdict, got.Reason)
		}
	}
	if got := send("2001:db8:77:1:ffff::1"); got.Verdict != review.Warn || got.Effect != review.Hold || got.Values["n"] != "11" {
		t.Errorf("the twelfth: %s %s %s of %s", got.Verdict, got.Reason, got.Effect, got.Values["n"])
	}
	if got := send("198.51.100.7"); got.Verdict != review.Pass {
		t.Errorf("another network: %s %s", got.Verdict, got.Reason)
	}
	var hashes int
	h.must(d.db.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&hashes, `SELECT count(DISTINCT hash) FROM sent_from`) }))
	if hashes != 2 {
		t.Errorf("%d networks are remembered", hashes)
	}
	if strings.Contains(log.String(), "2001:db8:77") || strings.Contains(log.String(), "198.51.100") {
		t.Error("the log holds an address")
	}
}
