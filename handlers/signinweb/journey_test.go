package signinweb_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/accountstore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/sessionstore"
	"okno/db/sqlite"
	"okno/db/staffstore"
	"okno/handlers"
	"okno/handlers/cabinetweb"
	"okno/handlers/signinweb"
	"okno/handlers/signupweb"
	"okno/handlers/staffweb"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/account"
	"okno/review/field"
	"okno/review/reviewtest"
	"okno/review/signin"
	"okno/review/signin/argon"
	"okno/review/staff"
	"okno/review/staff/qr"
	"okno/views/link"
)

const (
	password = "Vechernij-Stakan7-Oduvan"
	another  = "Sinyaya_Lodka-42-Barhat"
)

// letters remembers what was to be sent.
type letters struct {
	mu   sync.Mutex
	list []review.Notice
}

func (l *letters) Enqueue(_ *sqlite.Tx, _ time.Time, _ review.IDs, notices ...review.Notice) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, notices...)
	return nil
}

func (l *letters) code() string { return l.list[len(l.list)-1].Params["code"] }

// submissions is where the account's submission stands.
type submissions struct{ status review.Status }

func (s *submissions) ForAccount(context.Context, review.AccountID) (*review.Submission, error) {
	if s.status == "" {
		return nil, review.ErrNotFound
	}
	return &review.Submission{Status: s.status, Track: review.ForeignCitizen, Number: "2600481275", Answers: reviewtest.Answers()}, nil
}

type desk struct {
	*dbtest.Desk
	t           *testing.T
	app         *handlers.App
	clock       *reviewtest.Clock
	letters     *letters
	submissions *submissions
	staff       *staff.Service
	in          *signin.Service
	accounts    *account.Service
	tokens      *signin.Sessions
}

// Lookup is how the sessions of people become those of the toolkit.
func (d *desk) Lookup(ctx context.Context, secret string, background bool) (web.Session, error) {
	s, err := d.tokens.Find(ctx, secret, background)
	if err != nil {
		return web.Session{}, err
	}
	out := web.Session{Actor: review.Anonymous(), Until: s.Until()}
	switch s.Kind {
	case signin.ForFlow:
		out.Flow = s.Subject
	case signin.ForStaffHalf:
		out.Flow, out.Stage = s.Subject, "password"
	case signin.ForAccount:
		out.Actor, err = d.accounts.Actor(ctx, review.AccountID(s.Subject), s.Print)
	case signin.ForStaff:
		out.Actor, err = d.staff.Actor(ctx, review.StaffID(s.Subject), s.Print)
	}
	return out, err
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{Desk: dbtest.Open(t), t: t, clock: reviewtest.NewClock(), letters: &letters{}, submissions: &submissions{}}
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	ids := review.RandomIDs{}
	accounts := &accountstore.Store{DB: d.DB, Vault: d.Vault, History: historystore.New(d.DB, d.Vault, d.clock, "")}
	sessions := &sessionstore.Store{DB: d.DB, Vault: d.Vault, Accounts: accounts, Outbox: d.letters, Clock: d.clock, IDs: ids}
	hasher := argon.New(d.Vault.Pepper(), argon.Params{Memory: 64, Time: 1, Threads: 1})
	d.tokens = &signin.Sessions{Store: sessions, Clock: d.clock, Secret: d.Vault.Secret("session")}
	in := &signin.Service{Gate: gate, Clock: d.clock, IDs: ids, Hasher: hasher, Flows: sessions, Accounts: sessions, Limiter: sessions, Texts: sessions, Sessions: d.tokens,
		Secret: d.Vault.Secret("codes"), Policy: signin.DefaultPolicy(), Limits: signin.DefaultLimits().ForSharedAddress(1000)}
	d.in = in
	d.accounts = &account.Service{Gate: gate, Store: accounts}
	d.staff = &staff.Service{Gate: gate, Clock: d.clock, IDs: ids, Store: &staffstore.Store{DB: d.DB, Vault: d.Vault}, Hasher: hasher, Sessions: d.tokens, Attempts: in, Rule: signin.StaffPassword}
	d.app, err = handlers.New(handlers.Config{
		Kit:   &web.Kit{Gate: gate, Sessions: d, Clock: d.clock, IDs: ids, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secret: bytes.Repeat([]byte{7}, 32), Demo: true},
		Ready: func(context.Context) error { return nil },
	}, &signupweb.Handlers{SignIn: in}, &signinweb.Handlers{SignIn: in, Submissions: d.submissions},
		&cabinetweb.Handlers{Accounts: d.accounts, Submissions: d.submissions}, &staffweb.Handlers{Staff: d.staff, Dots: qr.Dots})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// browser is one person's browser.
type browser struct {
	*desk
	jar map[string]string
}

func (d *desk) browser(lang string) *browser {
	return &browser{d, map[string]string{"__Host-okno-lang": lang}}
}

type page struct {
	*goquery.Document
	status   int
	location string
	body     string
}

var bare = regexp.MustCompile(`>[^<]*\b(signup|signin|cabinet|staff|role|fault|error|status|level|account-status|kit)\.[a-z][A-Za-z.-]+[^<]*<`)

func (b *browser) do(r *http.Request) page {
	b.t.Helper()
	r.Host = "okno.example"
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := b.app.Test(r, 20000)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/" || !strings.HasPrefix(c.Name, "__Host-") || c.SameSite == http.SameSiteDefaultMode {
			b.t.Errorf("%s sets a weak cookie %s", r.URL.Path, c.Name)
		}
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := page{status: res.StatusCode, location: res.Header.Get("Location"), body: string(body)}
	if p.Document, err = goquery.NewDocumentFromReader(bytes.NewReader(body)); err != nil {
		b.t.Fatal(err)
	}
	if p.status == http.StatusSeeOther {
		return p
	}
	if n := p.Find("h1").Length(); n != 1 {
		b.t.Errorf("%s: %d headings", r.URL.Path, n)
	}
	if m := bare.FindString(p.body); m != "" {
		b.t.Errorf("%s: a key instead of words: %s", r.URL.Path, m)
	}
	if p.Find("[style], script:not([src]), style").Length() > 0 {
		b.t.Errorf("%s: inline code", r.URL.Path)
	}
	p.Find(".error-summary a").Each(func(_ int, s *goquery.Selection) {
		if to := s.AttrOr("href", ""); p.Find(to).Length() != 1 {
			b.t.Errorf("%s: the summary links to %s, which is nowhere", r.URL.Path, to)
		}
	})
	return p
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// send fills the form for action on the page at path.
func (b *browser) send(path, action string, values ...string) page {
	b.t.Helper()
	p := b.get(path)
	if p.status != http.StatusOK {
		b.t.Fatalf("%s answers %d to %s", path, p.status, p.location)
	}
	form := p.Find(`form[action="` + action + `"]`).First()
	if form.Length() != 1 {
		b.t.Fatalf("%s has no form for %s", path, action)
	}
	v := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { v.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	for i := 0; i < len(values); i += 2 {
		if form.Find(`[name="`+values[i]+`"]`).Length() == 0 {
			b.t.Fatalf("%s has no input %s", path, values[i])
		}
		v.Set(values[i], values[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

// goes checks that an answer leads on.
func (b *browser) goes(p page, to string) {
	b.t.Helper()
	if p.status != http.StatusSeeOther || p.location != to {
		b.t.Fatalf("answered %d to %q, want %s: %s", p.status, p.location, to, strings.TrimSpace(p.Find(".error-summary").Text()))
	}
}

// refused checks that an answer shows the form again, with the words and what was typed.
func (b *browser) refused(p page, words, kept string) {
	b.t.Helper()
	summary := p.Find(".error-summary").Text()
	if p.status != http.StatusUnprocessableEntity || !strings.Contains(summary, words) {
		b.t.Fatalf("answered %d: %q, want %q", p.status, strings.TrimSpace(summary), words)
	}
	if title := p.Find("title").Text(); !strings.Contains(title, "шибка") && !strings.Contains(title, "rror") {
		b.t.Errorf("the title does not tell of an error: %s", title)
	}
	if kept != "" && p.Find(`input[value="`+kept+`"]`).Length() == 0 {
		b.t.Errorf("what was typed is gone")
	}
	if p.Find(`input[type=password][value]`).Length() > 0 && p.Find(`input[type=password]`).AttrOr("value", "") != "" {
		b.t.Errorf("a password is sent back")
	}
}

// register walks from the two questions to the account.
func (b *browser) register(email, phone string) {
	b.t.Helper()
	b.goes(b.send(link.Tracks(), link.Tracks(), "document", "foreign", "place", "russia"), link.RegisterEmail())
	b.goes(b.send(link.RegisterEmail(), link.RegisterEmail(), "email", email), link.RegisterEmailCode())
	b.goes(b.send(link.RegisterEmailCode(), link.RegisterEmailCode(), "code", b.letters.code()), link.RegisterPhone())
	b.goes(b.send(link.RegisterPhone(), link.RegisterPhone(), "phone", phone), link.RegisterPhoneCode())
	b.goes(b.send(link.RegisterPhoneCode(), link.RegisterPhoneCode(), "code", b.letters.code()), link.RegisterPassword())
	b.goes(b.send(link.RegisterPassword(), link.RegisterPassword(), "password", password), link.Apply())
}

func TestTheWayToAnAccount(t *testing.T) {
	for lang, w := range map[string]struct{ document, email, code, phone, common, match, gone string }{
		"ru": {"Выберите документ", "Введите адрес электронной почты", "Код не подходит", "начиная с +", "легко угадать", "не подходят", "истёк"},
		"en": {"Choose a document", "Enter your email", "does not match", "starting with +", "easy to guess", "does not match", "expired"},
	} {
		t.Run(lang, func(t *testing.T) {
			b := open(t).browser(lang)
			b.refused(b.send(link.Tracks(), link.Tracks(), "place", "russia"), w.document, "")
			b.goes(b.get(link.RegisterEmail()), link.Tracks())
			b.goes(b.send(link.Tracks(), link.Tracks(), "document", "foreign", "place", "russia"), link.RegisterEmail())
			b.goes(b.get(link.RegisterPassword()), link.RegisterEmail())
			b.refused(b.send(link.RegisterEmail(), link.RegisterEmail(), "email", " "), w.email, "")
			b.refused(b.send(link.RegisterEmail(), link.RegisterEmail(), "email", "husein@"), "", "husein@")
			b.goes(b.send(link.RegisterEmail(), link.RegisterEmail(), "email", "husein@example.ru"), link.RegisterEmailCode())
			page := b.get(link.RegisterEmailCode())
			if strings.Contains(page.body, "husein@") || !strings.Contains(page.body, "h***@example.ru") {
				t.Error("the address is not masked")
			}
			b.refused(b.send(link.RegisterEmailCode(), link.RegisterEmailCode(), "code", "000000"), w.code, "000000")
			sent := len(b.letters.list)
			b.goes(b.send(link.RegisterEmailCode(), link.RegisterEmailResend()), link.CodeResent(link.RegisterEmailCode(), false))
			if len(b.letters.list) != sent {
				t.Error("another code at once")
			}
			b.clock.Add(11 * time.Minute)
			b.refused(b.send(link.RegisterEmailCode(), link.RegisterEmailCode(), "code", b.letters.code()), w.gone, "")
			if len(b.letters.list) != sent+1 {
				t.Error("no new code was sent for an expired one")
			}
			b.goes(b.send(link.RegisterEmailCode(), link.RegisterEmailCode(), "code", b.letters.code()), link.RegisterPhone())
			b.refused(b.send(link.RegisterPhone(), link.RegisterPhone(), "phone", "901234567"), w.phone, "901234567")
			b.goes(b.send(link.RegisterPhone(), link.RegisterPhone(), "phone", "+998 90 123 45 67"), link.RegisterPhoneCode())
			b.goes(b.send(link.RegisterPhoneCode(), link.RegisterPhoneCode(), "code", b.letters.code()), link.RegisterPassword())
			b.refused(b.send(link.RegisterPassword(), link.RegisterPassword(), "password", "Password1!"), w.common, "")
			before := b.jar[web.ApplicantCookie]
			b.goes(b.send(link.RegisterPassword(), link.RegisterPassword(), "password", password), link.Apply())
			if b.jar[web.ApplicantCookie] == before {
				t.Error("the session was not renewed")
			}

			p := b.get(link.Cabinet())
			if !strings.Contains(p.body, "husein@example.ru") || p.Find("time").Length() < 4 {
				t.Error("the cabinet shows no profile or no log")
			}
			b.goes(b.send(link.Cabinet(), link.SignOut()), link.Start())
			b.goes(b.get(link.Cabinet()), link.SignIn())

			b.refused(b.send(link.SignIn(), link.SignIn(), "login", "husein@example.ru", "password", another), w.match, "husein@example.ru")
			b.refused(b.send(link.SignIn(), link.SignIn(), "login", "nobody@example.ru", "password", another), w.match, "nobody@example.ru")
			for status, to := range map[review.Status]string{"": link.Apply(), review.Draft: link.Apply(), review.Queued: link.Status(), review.CorrectionRequested: link.Status(), review.Approved: link.Cabinet()} {
				b.submissions.status = status
				b.goes(b.send(link.SignIn(), link.SignIn(), "login", "+998901234567", "password", password), to)
				b.goes(b.get(link.SignIn()), to)
				b.goes(b.send(link.Cabinet(), link.SignOut()), link.Start())
				b.clock.Add(time.Minute)
			}
		})
	}
}

func TestWhoCannotApplyIsTold(t *testing.T) {
	for _, lang := range []string{"ru", "en"} {
		b := open(t).browser(lang)
		for _, c := range [][2]string{{"russian", "russia"}, {"foreign", "abroad"}} {
			p := b.send(link.Tracks(), link.Tracks(), "document", c[0], "place", c[1])
			if p.status != http.StatusSeeOther {
				t.Fatalf("%v answers %d", c, p.status)
			}
			if p = b.get(p.location); p.status != http.StatusOK || p.Find("main p").Length() < 3 {
				t.Errorf("%v: nothing is explained", c)
			}
		}
		if p := b.get(link.TrackOutcome("elsewhere")); p.status != http.StatusNotFound {
			t.Errorf("an unknown outcome answers %d", p.status)
		}
	}
}

func TestAForgottenPassword(t *testing.T) {
	d := open(t)
	b := d.browser("ru")
	b.register("reset@example.ru", "+79161234567")
	d.clock.Add(2 * time.Minute)
	other := d.browser("en")
	other.goes(other.get(link.ResetCode()), link.Reset())
	other.refused(other.send(link.Reset(), link.Reset(), "email", "reset"), "name", "reset")
	other.goes(other.send(link.Reset(), link.Reset(), "email", "reset@example.ru"), link.ResetCode())
	other.goes(other.get(link.ResetPassword()), link.ResetCode())
	other.refused(other.send(link.ResetCode(), link.ResetCode(), "code", "12"), "6 digits", "12")
	other.goes(other.send(link.ResetCode(), link.ResetCode(), "code", d.letters.code()), link.ResetPassword())
	other.refused(other.send(link.ResetPassword(), link.ResetPassword(), "password", "x"), "at least 8", "")
	other.goes(other.send(link.ResetPassword(), link.ResetPassword(), "password", another), link.SignInAfterReset())
	if p := other.get(link.SignInAfterReset()); !strings.Contains(p.body, "Your password is changed") {
		t.Error("nothing confirms the new password")
	}
	b.goes(b.get(link.Cabinet()), link.SignIn())
	other.goes(other.send(link.SignIn(), link.SignIn(), "login", "reset@example.ru", "password", another), link.Apply())
}

func TestStrangersSeeTheSamePages(t *testing.T) {
	d := open(t)
	d.browser("ru").register("known@example.ru", "+79161234567")
	d.clock.Add(2 * time.Hour)
	random := regexp.MustCompile(`(name="_?csrf" value=")[^"]*`)
	walk := func(email string) string {
		b := d.browser("en")
		var all strings.Builder
		add := func(p page) {
			fmt.Fprintln(&all, p.status, p.location, strings.ReplaceAll(random.ReplaceAllString(p.body, "$1"), email, "X"))
		}
		add(b.send(link.Reset(), link.Reset(), "email", email))
		for range 6 {
			add(b.send(link.ResetCode(), link.ResetCode(), "code", "000000"))
		}
		add(b.send(link.SignIn(), link.SignIn(), "login", email, "password", another))
		b = d.browser("en")
		b.goes(b.send(link.Tracks(), link.Tracks(), "document", "foreign", "place", "russia"), link.RegisterEmail())
		d.clock.Add(time.Minute)
		add(b.send(link.RegisterEmail(), link.RegisterEmail(), "email", email))
		add(b.get(link.RegisterEmailCode()))
		for range 6 {
			add(b.send(link.RegisterEmailCode(), link.RegisterEmailCode(), "code", "000000"))
		}
		return regexp.MustCompile(`\d\d:\d\d( UTC[^ <]*)?`).ReplaceAllString(all.String(), "TIME")
	}
	known, fresh := walk("known@example.ru"), walk("kfesh@example.ru")
	if known != fresh {
		for i := range min(len(known), len(fresh)) {
			if known[i] != fresh[i] {
				t.Fatalf("answers differ:\n%q\n%q", known[max(0, i-120):min(len(known), i+80)], fresh[max(0, i-120):min(len(fresh), i+80)])
			}
		}
		t.Fatal("one answer is longer")
	}
}

func TestAContactIsChanged(t *testing.T) {
	d := open(t)
	b := d.browser("ru")
	b.register("contact@example.ru", "+79161234567")
	b.refused(b.send(link.ChangeContact("phone"), link.ChangeContact("phone"), "phone", "12"), "начиная с +", "12")
	b.goes(b.send(link.ChangeContact("phone"), link.ChangeContact("phone"), "phone", "8 926 765 43 21"), link.ChangeContactCode("phone"))
	code := d.letters.code()
	b.refused(b.send(link.ChangeContactCode("phone"), link.ChangeContactCode("phone"), "code", "000000"), "Код не подходит", "")
	b.goes(b.send(link.ChangeContactCode("phone"), link.ChangeContactCode("phone"), "code", code), link.CabinetAfterContact())
	if p := b.get(link.CabinetAfterContact()); !strings.Contains(p.body, "+79267654321") || !strings.Contains(p.body, "Контакт изменён") {
		t.Error("the cabinet shows the old number")
	}
	if p := b.get(link.ChangeContact("surname")); p.status != http.StatusNotFound {
		t.Errorf("a surname as contact answers %d", p.status)
	}
	stranger := d.browser("ru")
	stranger.goes(stranger.get(link.ChangeContact("phone")), link.SignIn())
}

func TestStaffComeIn(t *testing.T) {
	for lang, w := range map[string]struct{ short, code, match string }{
		"ru": {"не короче 12 знаков", "Код не подходит", "не подходят"}, "en": {"at least 12", "does not match", "does not match"},
	} {
		t.Run(lang, func(t *testing.T) {
			d := open(t)
			ctx := t.Context()
			inv, err := d.staff.Invite(ctx, review.System(), "anna@example.ru", "Анна Орлова", []review.Role{review.RoleAdministrator, review.RoleSupervisor})
			if err != nil {
				t.Fatal(err)
			}
			b := d.browser(lang)
			b.goes(b.get(link.Desk()), link.StaffSignIn())
			b.goes(b.get(link.StaffCode()), link.StaffSignIn())
			enrol := link.Enrol(inv.Token)
			p := b.get(enrol)
			if p.Find("svg path[d]").Length() == 0 || p.Find("code").Length() != 1 {
				t.Fatal("nothing to set up a generator with")
			}
			secret, err := field.TOTPSecret(p.Find("code").Text())
			if err != nil {
				t.Fatal(err)
			}
			b.refused(b.send(enrol, enrol, "password", "x7#Kq9!mZ", "code", field.TOTP(secret, d.clock.Now())), w.short, "")
			b.refused(b.send(enrol, enrol, "password", another, "code", "000000"), w.code, "")
			b.goes(b.send(enrol, enrol, "password", another, "code", field.TOTP(secret, d.clock.Now())), link.Desk())
			if p := b.get(enrol); p.status != http.StatusNotFound {
				t.Errorf("the used link answers %d", p.status)
			}
			p = b.get(link.Desk())
			if p.Find(".cols .card").Length() < 3 || !strings.Contains(p.Find("h1").Text(), "Анна Орлова") {
				t.Error("the desk shows little")
			}
			if p = b.get(link.StaffList()); p.Find("tbody tr").Length() != 1 {
				t.Error("the list shows nobody")
			}
			b.goes(b.send(link.Desk(), link.StaffSignOut()), link.StaffSignIn())
			b.goes(b.get(link.Desk()), link.StaffSignIn())

			b.refused(b.send(link.StaffSignIn(), link.StaffSignIn(), "email", "anna@example.ru", "password", password), w.match, "anna@example.ru")
			b.goes(b.send(link.StaffSignIn(), link.StaffSignIn(), "email", "anna@example.ru", "password", another), link.StaffCode())
			b.goes(b.get(link.Desk()), link.StaffSignIn()) // half a session opens nothing
			b.refused(b.send(link.StaffCode(), link.StaffCode(), "code", field.TOTP(secret, d.clock.Now())), w.code, "")
			b.goes(b.send(link.StaffCode(), link.StaffCode(), "code", field.TOTP(secret, d.clock.Add(time.Minute))), link.Desk())

			// A reviewer does not see who works here.
			_, err = d.staff.EnrolDirectly(ctx, review.System(), "boris@example.ru", "Борис", []review.Role{review.RoleReviewer}, another, secret)
			if err != nil {
				t.Fatal(err)
			}
			r := d.browser(lang)
			r.goes(r.send(link.StaffSignIn(), link.StaffSignIn(), "email", "boris@example.ru", "password", another), link.StaffCode())
			r.goes(r.send(link.StaffCode(), link.StaffCode(), "code", field.TOTP(secret, d.clock.Now())), link.Desk())
			if p := r.get(link.StaffList()); p.status != http.StatusForbidden {
				t.Errorf("the list of staff answers a reviewer %d", p.status)
			}
		})
	}
}
