package signin_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/signin"
)

func TestRegistrationOpensAnAccount(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	f, token, err := d.Register(ctx, nobody, review.ForeignCitizen, "en", home)
	d.must(err)
	session, err := d.Sessions.Find(ctx, token, false)
	d.must(err)
	if session.Kind != signin.ForFlow || session.Subject != f.ID {
		t.Fatalf("the flow's session is %s of %s", session.Kind, session.Subject)
	}
	if _, err := d.RegisterPhone(ctx, nobody, f.ID, "+998901234567", home); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("a message before the e-mail address is confirmed: %v", err)
	}
	if d.letters.count() != 0 {
		t.Fatal("something was sent")
	}
	_, err = d.RegisterEmail(ctx, nobody, f.ID, " Husein.G@Example.RU ", home)
	d.must(err)
	if n := d.letters.last(); n.Kind != review.NoticeEmailCode || n.Channel != review.Mail || n.Address != "Husein.G@example.ru" || n.Language != "en" {
		t.Fatalf("sent %s over %s in %s", n.Kind, n.Channel, n.Language)
	}
	code := d.code()
	if _, err = d.ConfirmRegistrationEmail(ctx, nobody, f.ID, " "+code[:3]+" "+code[3:]+"\u200b", home); err != nil {
		t.Fatal("spaces in a pasted code:", err)
	}
	_, err = d.RegisterPhone(ctx, nobody, f.ID, "+998 (90) 123-45-67", home)
	d.must(err)
	if n := d.letters.last(); n.Kind != review.NoticePhoneCode || n.Channel != review.SMS || n.Address != "+998901234567" {
		t.Fatalf("sent %s over %s", n.Kind, n.Channel)
	}
	if _, err := d.FinishRegistration(ctx, nobody, f.ID, goodPassword, home); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("an account without a confirmed phone: %v", err)
	}
	_, err = d.ConfirmRegistrationPhone(ctx, nobody, f.ID, d.code(), home)
	d.must(err)
	if _, err := d.FinishRegistration(ctx, nobody, f.ID, "Husein.G-2026", home); review.KindOf(err) != review.Invalid {
		t.Fatalf("a password with the own name: %v", err)
	}
	entry, err := d.FinishRegistration(ctx, nobody, f.ID, goodPassword, signin.From{Address: home.Address, Session: token})
	d.must(err)

	a, err := d.accounts.Account(ctx, entry.Account)
	d.must(err)
	if a.Status != "pending" || a.Level != "simplified" || a.Language != "en" || a.Email != "Husein.G@example.ru" || a.Phone != "+998901234567" {
		t.Fatalf("account is %s, %s, %s", a.Status, a.Level, a.Language)
	}
	want := []review.EventType{review.EventAccountCreated, review.EventContactConfirmed, review.EventContactConfirmed, review.EventPasswordSet}
	if got := d.events(entry.Account); !slices.Equal(got, want) {
		t.Fatalf("history is %v", got)
	}
	if _, err := d.Sessions.Find(ctx, token, false); !errors.Is(err, review.ErrUnauthenticated) {
		t.Fatal("the flow's session lives on")
	}
	session, err = d.Sessions.Find(ctx, entry.Token, false)
	d.must(err)
	if session.Kind != signin.ForAccount || session.Subject != string(entry.Account) {
		t.Fatalf("the new session is %s", session.Kind)
	}
	if n := value[int](d, `SELECT count(*) FROM flows`); n != 0 {
		t.Fatal("the finished flow is still there")
	}
	if _, err := d.Registration(ctx, f.ID); !errors.Is(err, signin.ErrStep) {
		t.Fatalf("the finished flow can be continued: %v", err)
	}
}

func TestKnownContactsLookLikeNewOnes(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	d.open("known@example.ru", "+79161234567")
	d.clock.pass(2 * time.Hour)

	shape := func(email, phone string) []any {
		id := d.begin(review.ForeignCitizen)
		f, err := d.RegisterEmail(ctx, nobody, id, email, home)
		d.must(err)
		out := []any{f.Code.Tries, f.Code.Expires.Sub(d.clock.now), f.Code.Again.Sub(d.clock.now), f.EmailConfirmed, len(f.Code.Hash)}
		for range 6 {
			_, err := d.ConfirmRegistrationEmail(ctx, nobody, id, "000000", home)
			out = append(out, err.Error())
		}
		f, err = d.ResendEmail(ctx, nobody, id, home)
		d.must(err)
		return append(out, f.Code.Again.Sub(d.clock.now), f.Code.Tries)
	}
	sent := d.letters.count()
	known := shape("KNOWN@example.ru", "")
	if n := d.letters.last(); n.Kind != review.NoticeAlreadyKnown || n.Params["code"] != "" || d.letters.count() != sent+1 {
		t.Fatalf("the holder received %s", n.Kind)
	}
	fresh := shape("fresh@example.ru", "")
	if !slices.Equal(known, fresh) {
		t.Fatalf("answers differ:\n%v\n%v", known, fresh)
	}

	// The same by phone: no code of any value opens the way.
	id := d.begin(review.ForeignCitizen)
	_, err := d.RegisterEmail(ctx, nobody, id, "third@example.ru", home)
	d.must(err)
	_, err = d.ConfirmRegistrationEmail(ctx, nobody, id, d.code(), home)
	d.must(err)
	_, err = d.RegisterPhone(ctx, nobody, id, "8 916 123-45-67", home)
	d.must(err)
	if n := d.letters.last(); n.Kind != review.NoticeAlreadyKnown || n.Channel != review.SMS {
		t.Fatalf("the holder received %s", n.Kind)
	}
}

func TestPhonesByTrack(t *testing.T) {
	d := newDesk(t)
	cases := []struct {
		track review.Track
		typed string
		fault string
	}{
		{review.FromAbroad, "8 (916) 123-45-68", ""},
		{review.FromAbroad, "+998901234568", "not-russian"},
		{review.FromAbroad, "+74951234567", "not-mobile"},
		{review.FromAbroad, "", "empty"},
		{review.ForeignCitizen, "+998901234569", ""},
		{review.ForeignCitizen, "+74951234567", "not-mobile"},
		{review.ForeignCitizen, "+881612345678", "country"}, // satellite
		{review.ForeignCitizen, "9161234567", "format"},
	}
	for i, c := range cases {
		id := d.begin(c.track)
		_, err := d.RegisterEmail(t.Context(), nobody, id, "p"+string(rune('a'+i))+"@example.ru", home)
		d.must(err)
		_, err = d.ConfirmRegistrationEmail(t.Context(), nobody, id, d.code(), home)
		d.must(err)
		_, err = d.RegisterPhone(t.Context(), nobody, id, c.typed, home)
		got := ""
		if e, ok := errors.AsType[*review.Error](err); ok {
			got = e.Fields[0].Code
		}
		if got != c.fault {
			t.Errorf("%s on track %s: %q, want %q", c.typed, c.track, got, c.fault)
		}
	}
	d.Policy.ForeignPhonesFromAbroad = true
	id := d.begin(review.FromAbroad)
	_, err := d.RegisterEmail(t.Context(), nobody, id, "abroad@example.ru", home)
	d.must(err)
	_, err = d.ConfirmRegistrationEmail(t.Context(), nobody, id, d.code(), home)
	d.must(err)
	if _, err = d.RegisterPhone(t.Context(), nobody, id, "+4915112345678", home); err != nil {
		t.Fatal("with the policy switched on:", err)
	}
}

func TestTwoRegistrationsOfOneContact(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	var flows []string
	for i := range 2 {
		id := d.begin(review.ForeignCitizen)
		_, err := d.RegisterEmail(ctx, nobody, id, "same@example.ru", home)
		d.must(err)
		_, err = d.ConfirmRegistrationEmail(ctx, nobody, id, d.code(), home)
		d.must(err)
		_, err = d.RegisterPhone(ctx, nobody, id, "+7916123456"+string(rune('0'+i)), home)
		d.must(err)
		_, err = d.ConfirmRegistrationPhone(ctx, nobody, id, d.code(), home)
		d.must(err)
		flows = append(flows, id)
		d.clock.pass(5 * time.Minute)
	}
	if _, err := d.FinishRegistration(ctx, nobody, flows[0], goodPassword, home); err != nil {
		t.Fatal(err)
	}
	if _, err := d.FinishRegistration(ctx, nobody, flows[1], goodPassword, home); !errors.Is(err, signin.ErrTaken) {
		t.Fatalf("the second account: %v", err)
	}
	if n := value[int](d, `SELECT count(*) FROM accounts`); n != 1 {
		t.Fatalf("%d accounts", n)
	}
}

func TestSendingIsLimited(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id := d.begin(review.ForeignCitizen)
	_, err := d.RegisterEmail(ctx, nobody, id, "limit@example.ru", home)
	d.must(err)
	f, err := d.ResendEmail(ctx, nobody, id, home)
	d.must(err)
	if d.letters.count() != 1 {
		t.Fatal("a second mail within a minute")
	}
	if wait := f.Code.Again.Sub(d.clock.Now()); wait <= 0 || wait > time.Minute {
		t.Fatalf("told to wait %s", wait)
	}
	code := d.code()
	for range 9 {
		d.clock.pass(61 * time.Second)
		_, err = d.ResendEmail(ctx, nobody, id, home)
		d.must(err)
	}
	if n := d.letters.count(); n != 5 {
		t.Fatalf("%d mails in ten minutes, want 5", n)
	}
	if _, err := d.ConfirmRegistrationEmail(ctx, nobody, id, code, home); err == nil {
		t.Fatal("the first code survived its successors")
	}

	// One address cannot pump messages to many numbers of one prefix.
	d.Limits = signin.DefaultLimits()
	before := d.letters.count()
	for i := range 30 {
		d.clock.pass(time.Second)
		id := ""
		f, _, err := d.Register(ctx, nobody, review.ForeignCitizen, "ru", signin.From{Address: "2001:db8:" + string(rune('a'+i%6)) + "::1"})
		if err != nil {
			continue
		}
		id = f.ID
		from := signin.From{Address: "198.51.100." + string(rune('1'+i%9))}
		_, err = d.RegisterEmail(ctx, nobody, id, "pump"+string(rune('a'+i%26))+string(rune('a'+i/26))+"@example.ru", from)
		d.must(err)
		_, err = d.ConfirmRegistrationEmail(ctx, nobody, id, d.code(), from)
		d.must(err)
		_, err = d.RegisterPhone(ctx, nobody, id, "+79161239"+string(rune('0'+i/10))+string(rune('0'+i%10))+"0", from)
		d.must(err)
	}
	sms := 0
	for _, n := range d.letters.list[before:] {
		if n.Channel == review.SMS {
			sms++
		}
	}
	if sms == 0 || sms > 20 {
		t.Fatalf("%d messages to one prefix, want 1 to 20", sms)
	}
}

func TestNothingReadableOnTheDisk(t *testing.T) {
	d := newDesk(t)
	entry := d.open("canary-mail-77@example.ru", "+79995550177")
	d.begin(review.FromAbroad)
	id := d.begin(review.ForeignCitizen)
	_, err := d.RegisterEmail(t.Context(), nobody, id, "canary-flow-78@example.ru", home)
	d.must(err)
	code := d.code()
	d.must(d.DB.Checkpoint(t.Context()))
	var all []byte
	d.must(filepath.WalkDir(d.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	}))
	for _, secret := range []string{"canary-mail-77", "canary-flow-78", "9995550177", goodPassword, entry.Token, entry.Device, "192.0.2.7"} {
		if bytes.Contains(bytes.ToLower(all), bytes.ToLower([]byte(secret))) {
			t.Errorf("%q can be read in the data folder", secret)
		}
	}
	if bytes.Contains(all, []byte(code)) {
		t.Log("the digits of a code occur by chance") // six digits in binary data may
	}
}

func TestActivationHappensOnce(t *testing.T) {
	d := newDesk(t)
	entry := d.open("active@example.ru", "+79161112233")
	activate := func() error {
		return d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { return d.accounts.Activate(tx, entry.Account, d.clock.Now()) })
	}
	d.must(activate())
	first := value[int64](d, `SELECT activated_at FROM accounts`)
	d.clock.pass(time.Hour)
	d.must(activate())
	if again := value[int64](d, `SELECT activated_at FROM accounts`); again != first {
		t.Fatal("activated twice")
	}
	a, err := d.accounts.Account(t.Context(), entry.Account)
	d.must(err)
	if a.Status != "active" || a.Level != "standard" || a.Role() != review.RoleAccountHolder {
		t.Fatalf("account is %s, %s", a.Status, a.Level)
	}
	address, language, err := d.accounts.Contact(t.Context(), entry.Account, review.SMS)
	if err != nil || address != "+79161112233" || language != "ru" {
		t.Fatal("contact:", address, language, err)
	}
}
