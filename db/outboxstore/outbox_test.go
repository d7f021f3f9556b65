package outboxstore_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/outboxstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/notice"
)

var start = time.UnixMilli(1_760_000_000_000).UTC()

type desk struct {
	*dbtest.Desk
	*outboxstore.Store
	t testing.TB
}

func open(t testing.TB) desk {
	d := dbtest.Open(t)
	return desk{d, outboxstore.New(d.DB, d.Vault), t}
}

// enqueue adds letters to addresses; the address is also parameter "to".
func (d desk) enqueue(notices ...review.Notice) {
	d.t.Helper()
	d.must(d.DB.Write(d.t.Context(), func(tx *sqlite.Tx) error {
		return d.Enqueue(tx, start, review.RandomIDs{}, notices...)
	}))
}

func (d desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func letter(address, name string) review.Notice {
	return review.Notice{Kind: review.NoticeSubmitted, Channel: review.Mail, Address: address, Language: "ru", Params: map[string]string{"name": name}}
}

func code(address, name string) review.Notice {
	n := letter(address, name)
	n.Kind, n.ExpiresAt = review.NoticeEmailCode, start.Add(10*time.Minute)
	return n
}

// lease returns the messages and their names in order.
func (d desk) lease(at time.Duration, n int) ([]notice.Message, string) {
	d.t.Helper()
	list, err := d.Lease(d.t.Context(), start.Add(at), n, time.Minute)
	d.must(err)
	names := make([]string, len(list))
	for i, m := range list {
		names[i] = m.Params["name"]
	}
	return list, strings.Join(names, " ")
}

func TestAMessageArrivesWhole(t *testing.T) {
	d := open(t)
	notices := []review.Notice{
		{Kind: review.NoticeCorrection, Channel: review.Mail, Account: "acc", Submission: "sub", Language: "en", Params: map[string]string{"number": "2600481275"},
			Items: []review.Item{{Target: review.Target{Field: review.Surname}, Reason: "name-differs", Details: "SPECIMEN DETAILS"}}},
		{Kind: review.NoticePhoneCode, Channel: review.SMS, Address: "+79990000001", Language: "ru", Params: map[string]string{"code": "SPECIMEN-482913"}, ExpiresAt: start.Add(10 * time.Minute)},
		{Kind: review.NoticeSubmitted, Channel: review.Mail, Address: "specimen@example.org", Submission: "sub2", Language: "ru"},
	}
	d.enqueue(notices...)
	list, _ := d.lease(0, 10)
	if len(list) != 3 {
		t.Fatalf("%d messages", len(list))
	}
	for i, m := range list {
		if !reflect.DeepEqual(m.Notice, notices[i]) {
			t.Errorf("got %+v, want %+v", m.Notice, notices[i])
		}
		if m.Attempts != 1 || len(m.ID) != 26 {
			t.Errorf("%+v", m)
		}
	}
	d.must(d.Sent(t.Context(), list[0].ID, start.Add(time.Second)))
	recent, err := d.Recent(t.Context(), 2)
	d.must(err)
	if len(recent) != 2 || recent[0].ID != list[2].ID || recent[1].Address != "+79990000001" {
		t.Errorf("recent: %+v", recent)
	}
	about, err := d.ForSubmission(t.Context(), "sub")
	d.must(err)
	if len(about) != 1 || about[0].Status != outboxstore.Sent || !about[0].SentAt.Equal(start.Add(time.Second)) || len(about[0].Items) != 1 {
		t.Errorf("about sub: %+v", about)
	}
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(filepath.Join(d.Dir, "okno.db"+suffix))
		d.must(err)
		for _, secret := range []string{"79990000001", "specimen@example", "SPECIMEN", "2600481275"} {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s lies open in okno.db%s", secret, suffix)
			}
		}
	}
}

func TestNoRecipientNoMessage(t *testing.T) {
	d := open(t)
	err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		return d.Enqueue(tx, start, review.RandomIDs{}, letter("a@x", "1"), review.Notice{Kind: review.NoticeSubmitted})
	})
	if !errors.Is(err, sqlite.ErrConstraint) {
		t.Errorf("got %v", err)
	}
	if list, _ := d.lease(0, 10); len(list) != 0 {
		t.Error("half of it was kept")
	}
}

func TestOrderPerRecipient(t *testing.T) {
	d := open(t)
	d.enqueue(letter("a@x", "a1"), letter("a@x", "a2"), letter("b@x", "b1"), code("a@x", "c1"), code("a@x", "c2"))
	first, names := d.lease(0, 10)
	if names != "a1 b1 c1" {
		t.Fatalf("leased %q", names)
	}
	if _, names := d.lease(0, 10); names != "" {
		t.Errorf("leased twice: %q", names)
	}
	d.must(d.Failed(t.Context(), first[0].ID, start, "refused")) // a1 waits, and a2 behind it
	d.must(d.Sent(t.Context(), first[1].ID, start))
	d.must(d.Sent(t.Context(), first[2].ID, start))
	third, names := d.lease(time.Second, 10)
	if names != "c2" {
		t.Fatalf("leased %q", names)
	}
	d.must(d.Sent(t.Context(), third[0].ID, start))
	again, names := d.lease(time.Minute, 10)
	if !strings.HasPrefix(names, "a1") || again[0].Attempts != 2 {
		t.Errorf("leased %q, %+v", names, again)
	}
	d.must(d.GiveUp(t.Context(), again[0].ID, start, "no-such-mailbox"))
	if _, names := d.lease(time.Minute+time.Second, 10); names != "a2" {
		t.Errorf("a dead message holds up the others: %q", names)
	}
}

func TestACrashFreesItsMessages(t *testing.T) {
	d := open(t)
	d.enqueue(letter("a@x", "a1"))
	first, _ := d.lease(0, 1)
	if _, names := d.lease(59*time.Second, 1); names != "" {
		t.Errorf("leased %q while another had it", names)
	}
	second, names := d.lease(time.Minute, 1)
	if names != "a1" || second[0].ID != first[0].ID || second[0].Attempts != 2 {
		t.Fatalf("%q %+v", names, second)
	}
	d.must(d.Sent(t.Context(), first[0].ID, start.Add(61*time.Second))) // the first worker was only slow
	d.must(d.Failed(t.Context(), first[0].ID, start.Add(62*time.Second), "late"))
	if list, _ := d.lease(24*time.Hour, 1); len(list) != 0 {
		t.Error("sent again")
	}
}

func TestAMessageThatKillsItsWorkerIsGivenUp(t *testing.T) {
	d := open(t)
	d.enqueue(letter("a@x", "poison"), letter("b@x", "b1"))
	tries := 0
	for at := time.Duration(0); at < time.Hour; at += time.Minute {
		list, _ := d.lease(at, 10)
		for _, m := range list {
			if m.Params["name"] == "poison" {
				tries++
				continue
			}
			d.must(d.Sent(t.Context(), m.ID, start))
		}
	}
	dead, err := d.Dead(t.Context())
	d.must(err)
	if tries != 10 || len(dead) != 1 || dead[0].LastError != outboxstore.CodeLost || dead[0].Address != "" {
		t.Errorf("%d tries, dead %+v", tries, dead)
	}
}

func TestThePausesGrow(t *testing.T) {
	d := open(t)
	d.enqueue(letter("a@x", "a1"))
	now, pauses := start, []time.Duration(nil)
	for range 20 {
		list, err := d.Lease(t.Context(), now, 1, time.Minute)
		d.must(err)
		if len(list) == 0 {
			break
		}
		d.must(d.Failed(t.Context(), list[0].ID, now, "refused"))
		recent, err := d.Recent(t.Context(), 1)
		d.must(err)
		if recent[0].Status == outboxstore.Dead {
			break
		}
		pauses = append(pauses, recent[0].NextAt.Sub(now))
		now = recent[0].NextAt
		if list, err := d.Lease(t.Context(), now.Add(-time.Millisecond), 1, time.Minute); err != nil || len(list) != 0 {
			t.Errorf("too early: %v", err)
		}
	}
	if got, want := fmt.Sprint(pauses), "[1m0s 2m0s 4m0s 8m0s 16m0s 32m0s 1h4m0s 2h8m0s 4h16m0s]"; got != want {
		t.Errorf("pauses %s, want %s", got, want)
	}
	dead, err := d.Dead(t.Context())
	d.must(err)
	if len(dead) != 1 || dead[0].Attempts != 10 || dead[0].LastError != "refused" {
		t.Errorf("dead: %+v", dead)
	}
}

func TestExpiredCodesAreNotSent(t *testing.T) {
	d := open(t)
	d.enqueue(code("a@x", "c1"), code("a@x", "c2"), code("b@x", "c3"))
	if _, names := d.lease(9*time.Minute, 1); names != "c1" {
		t.Fatalf("leased %q", names)
	}
	if _, names := d.lease(10*time.Minute, 10); names != "" {
		t.Errorf("sent too late: %q", names)
	}
	dead, err := d.Dead(t.Context())
	d.must(err)
	if len(dead) != 3 {
		t.Fatalf("%d dead", len(dead))
	}
	for _, m := range dead {
		if m.LastError != outboxstore.CodeExpired {
			t.Errorf("%+v", m)
		}
	}
}

func TestErasedRecipientsGetNothing(t *testing.T) {
	d := open(t)
	erased := review.Notice{Kind: review.NoticeApproved, Channel: review.Mail, Account: "gone", Params: map[string]string{"name": "gone"}}
	d.enqueue(erased, letter("b@x", "b1"))
	d.must(d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		return d.Vault.Destroy(tx, seal.Owner{Kind: seal.Account, ID: "gone"}, start)
	}))
	if _, names := d.lease(0, 10); names != "b1" {
		t.Errorf("leased %q", names)
	}
	dead, err := d.Dead(t.Context())
	d.must(err)
	if len(dead) != 1 || dead[0].LastError != outboxstore.CodeUnsealed {
		t.Errorf("dead: %+v", dead)
	}
	if recent, err := d.Recent(t.Context(), 10); err != nil || len(recent) != 1 {
		t.Errorf("%d recent, %v", len(recent), err)
	}
}

func TestUnknownMessages(t *testing.T) {
	d := open(t)
	for name, err := range map[string]error{
		"sent": d.Sent(t.Context(), "x", start), "failed": d.Failed(t.Context(), "x", start, "c"), "given up": d.GiveUp(t.Context(), "x", start, "c"),
	} {
		if !errors.Is(err, review.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestManyWorkersSendEachMessageOnce(t *testing.T) {
	d := open(t)
	var notices []review.Notice
	for i := range 200 {
		notices = append(notices, letter(fmt.Sprintf("r%d@x", i%20), fmt.Sprintf("%02d-%03d", i%20, i)))
	}
	d.enqueue(notices...)
	var mu sync.Mutex
	sent := map[string]int{}
	last := map[string]string{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 300 {
				list, err := d.Lease(context.Background(), start, 5, time.Hour)
				if err != nil {
					t.Error(err)
					return
				}
				for _, m := range list {
					mu.Lock()
					name := m.Params["name"]
					sent[name]++
					if last[m.Address] >= name {
						t.Errorf("%s left after %s", name, last[m.Address])
					}
					last[m.Address] = name
					mu.Unlock()
					if err := d.Sent(context.Background(), m.ID, start); err != nil {
						t.Error(err)
					}
				}
				mu.Lock()
				all := len(sent) == len(notices)
				mu.Unlock()
				if all {
					return
				}
			}
		})
	}
	wg.Wait()
	if len(sent) != len(notices) {
		t.Errorf("%d of %d sent", len(sent), len(notices))
	}
	for name, n := range sent {
		if n != 1 {
			t.Errorf("%s sent %d times", name, n)
		}
	}
}
