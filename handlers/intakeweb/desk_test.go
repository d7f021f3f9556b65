package intakeweb_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/activitystore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/handlers"
	"okno/handlers/intakeweb"
	"okno/handlers/scanweb"
	"okno/handlers/statusweb"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/intake"
	"okno/review/progress"
	"okno/review/scan"
	"okno/review/scan/pdfdoc"
	"okno/views/i18n"
	"okno/views/link"
)

var ids = review.RandomIDs{}

// desk serves the applicant's pages over a real database.
type desk struct {
	*dbtest.Desk
	t     *testing.T
	now   time.Time
	app   *handlers.App
	store *submissionstore.Store
	scans *scan.Service
	track review.Track
	who   map[string]review.Actor // by session secret
	lang  string
}

func (d *desk) Now() time.Time { return d.now }

// Lookup implements web.Sessions.
func (d *desk) Lookup(_ context.Context, secret string, _ bool) (web.Session, error) {
	a, ok := d.who[secret]
	if !ok {
		return web.Session{}, review.ErrUnauthenticated
	}
	return web.Session{Actor: a}, nil
}

type accounts struct{}

func (accounts) Activate(*sqlite.Tx, review.AccountID, time.Time) error { return nil }

// unwritten stands for a desk that has written nothing yet.
type unwritten struct{}

func (unwritten) About(context.Context, review.SubmissionID) ([]progress.Message, error) {
	return nil, nil
}

var (
	applicant = review.Actor{Account: "applicantaccount1", Roles: []review.Role{review.RoleApplicant}}
	reviewer  = review.Actor{Staff: "reviewer1", Name: "Иванова", Roles: []review.Role{review.RoleReviewer}}
)

const (
	own   = "applicant-secret-applicant-secret-applicant"
	other = "stranger-secret-stranger-secret-stranger-se"
	staff = "reviewer-secret-reviewer-secret-reviewer-se"
)

func open(t *testing.T, track review.Track, lang string) *desk {
	t.Helper()
	d := &desk{Desk: dbtest.Open(t), t: t, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), track: track, lang: lang,
		who: map[string]review.Actor{own: applicant, staff: reviewer, other: {Account: "applicantaccount2", Roles: []review.Role{review.RoleApplicant}}}}
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	rows := &scanstore.Store{DB: d.DB, Vault: d.Vault}
	history := historystore.New(d.DB, d.Vault, d, filepath.Join(filepath.Dir(d.Dir), "checkpoints"))
	d.store = &submissionstore.Store{
		DB: d.DB, Vault: d.Vault, Clock: d, IDs: ids, Scans: rows,
		History: submissionstore.HistoryFunc(historystore.Append), Outbox: outboxstore.New(d.DB, d.Vault), Accounts: accounts{},
	}
	words := review.Wording{
		Term: func(language, key string) string { return i18n.Text(language, key) },
		Date: func(language string, day time.Time) string {
			return i18n.Date(i18n.With(context.Background(), language), day)
		},
	}
	in := &intake.Service{
		Submissions: d.store, Timeline: submissionstore.Timeline{History: history}, Gate: gate, Clock: d, IDs: ids,
		ConsentText: func(l, p, v string) string { return i18n.Text(l, "consent."+p+"."+v) },
	}
	scans := &scan.Service{
		Submissions: d.store, Rows: rows, Bytes: &scanstore.Bytes{DB: d.DB, Vault: d.Vault, Blobs: d.Blobs, Scans: rows},
		Inspector: scan.Inspector{PDF: pdfdoc.Reader{}, Timeout: time.Minute}, Gate: gate, Clock: d, IDs: ids,
	}
	d.scans = scans
	d.app, err = handlers.New(handlers.Config{
		Kit:   &web.Kit{Gate: gate, Sessions: d, Clock: d, IDs: ids, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secret: bytes.Repeat([]byte{7}, 32)},
		Ready: func(context.Context) error { return nil },
	}, &statusweb.Handlers{Intake: in, Wording: words, Base: "https://okno.example", Contacts: func(context.Context, review.Actor) (string, string, error) {
		return "obrazec@example.org", "+79070000017", nil
	}, Progress: &progress.Service{Submissions: d.store, Messages: unwritten{}, Figures: activitystore.New(d.DB, nil), Gate: gate, Clock: d, Secret: bytes.Repeat([]byte{5}, 32)}}, &intakeweb.Handlers{Intake: in, Wording: words, Contacts: func(context.Context, review.Actor) (intakeweb.Contacts, error) {
		return intakeweb.Contacts{Email: "obrazec@example.org", Phone: "+79070000017", Track: d.track, Language: d.lang}, nil
	}},
		&scanweb.Handlers{Scan: scans, Own: in.Own, Wording: words})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// page is one answer.
type page struct {
	*goquery.Document
	status   int
	location string
	kind     string
	body     []byte
	cookies  []string
}

func (d *desk) do(secret string, r *http.Request) page {
	d.t.Helper()
	r.Host = "okno.example"
	cookie := web.ApplicantCookie
	if web.Staff(r.URL.Path) {
		cookie = web.StaffCookie
	}
	if secret != "" {
		r.AddCookie(&http.Cookie{Name: cookie, Value: secret})
	}
	if d.lang != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-okno-lang", Value: d.lang})
	}
	res, err := d.app.Test(r, 20000)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	p := page{status: res.StatusCode, location: res.Header.Get("Location"), kind: res.Header.Get("Content-Type"), cookies: res.Header.Values("Set-Cookie")}
	if p.body, err = io.ReadAll(res.Body); err != nil {
		d.t.Fatal(err)
	}
	if p.Document, err = goquery.NewDocumentFromReader(bytes.NewReader(p.body)); err != nil {
		d.t.Fatal(err)
	}
	d.plain(r.URL.Path, p)
	return p
}

var bare = regexp.MustCompile(`>[^<]*\b(apply|progress|upload|consent|field|slot|fault|error|status|scan-note|scan-refused)\.[a-z][A-Za-z.-]+[^<]*<`)

// plain checks what holds for every page: one h1, no words left as keys, no inline code.
func (d *desk) plain(path string, p page) {
	d.t.Helper()
	if !strings.HasPrefix(p.kind, "text/html") {
		return
	}
	if n := p.Find("h1").Length(); n != 1 {
		d.t.Errorf("%s: %d headings", path, n)
	}
	if m := bare.Find(p.body); m != nil && !bytes.Contains(m, []byte("example.org")) {
		d.t.Errorf("%s: a key instead of words: %s", path, m)
	}
	if p.Find("[style], script:not([src]), style").Length() > 0 {
		d.t.Errorf("%s: inline code", path)
	}
	seen := map[string]bool{}
	p.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		if id := s.AttrOr("id", ""); seen[id] {
			d.t.Errorf("%s: id %s twice", path, id)
		} else {
			seen[id] = true
		}
	})
	p.Find(".error-summary a").Each(func(_ int, s *goquery.Selection) {
		if to := s.AttrOr("href", ""); !seen[strings.TrimPrefix(to, "#")] {
			d.t.Errorf("%s: the summary links to %s, which is nowhere", path, to)
		}
	})
}

func (d *desk) get(path string) page {
	d.t.Helper()
	return d.do(own, httptest.NewRequest(http.MethodGet, path, nil))
}

// post fills the form that the page at path holds and sends it.
func (d *desk) post(path, action string, values map[string]string) page {
	d.t.Helper()
	form := d.get(path).Find(`form[action="` + action + `"]`)
	if form.Length() != 1 {
		d.t.Fatalf("%s has no form for %s", path, action)
	}
	v := url.Values{}
	form.Find("input[type=hidden]").Each(func(_ int, s *goquery.Selection) { v.Set(s.AttrOr("name", ""), s.AttrOr("value", "")) })
	for name, value := range values {
		v.Set(name, value)
	}
	r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.do(own, r)
}

// upload sends a file through the form of the slot's page.
func (d *desk) upload(slot, name string, body []byte) page {
	d.t.Helper()
	path := link.Upload(slot)
	return d.uploadWith(d.get(path).Find(`form[enctype="multipart/form-data"] input[name=csrf]`).AttrOr("value", ""), slot, name, body)
}

func (d *desk) uploadWith(token, slot, name string, body []byte) page {
	d.t.Helper()
	path := link.Upload(slot)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField("csrf", token)
	part, err := w.CreateFormFile("file", name)
	if err != nil {
		d.t.Fatal(err)
	}
	part.Write(body)
	w.Close()
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return d.do(own, r)
}

func testdata(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "..", "review", "scan", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var forms = map[review.Track]map[string]map[string]string{
	review.ForeignCitizen: {
		intake.Person: {"surname": "Намунаев", "given-name": "Жасур", "surname-latin": "NAMUNAYEV", "given-name-latin": "JASUR",
			"birth-date-day": "14", "birth-date-month": "марта", "birth-date-year": "1991", "birth-place": "Ташкент", "sex": "M", "citizenship": "UZB"},
		intake.Document: {"document-type": "foreign-passport", "document-number": "FA 1234567", "document-issuer": "MIA 26201",
			"document-issue-date-day": "05", "document-issue-date-month": "05", "document-issue-date-year": "2020",
			"document-expiry-date-day": "04", "document-expiry-date-month": "05", "document-expiry-date-year": "2030"},
		intake.Stay: {"stay-proof-type": "migration-card", "stay-proof-number": "9900 0000017",
			"stay-from-day": "1", "stay-from-month": "11", "stay-from-year": "2026", "stay-to-day": "20", "stay-to-month": "1", "stay-to-year": "2027"},
		intake.Address:     {"address": "101000, Москва, ул. Примерная, 1", "postal-index": ""},
		intake.Identifiers: {"snils": "901-234-507 52", "inn": "", "oms": ""},
		intake.AccountType: {"account-type": "standard"},
		intake.Consents:    {"consent-processing": "yes", "consent-documents": "yes"},
	},
	review.FromAbroad: {
		intake.Person: {"surname": "Примеров", "given-name": "Иван", "patronymic": "Петрович", "surname-latin": "", "given-name-latin": "",
			"birth-date-day": "1", "birth-date-month": "2", "birth-date-year": "1990", "birth-place": "Москва", "sex": "M"},
		intake.Document: {"document-number": "06 11 000017", "document-issuer": "ГУ МВД", "division-code": "770001",
			"document-issue-date-day": "5", "document-issue-date-month": "3", "document-issue-date-year": "2010"},
		intake.Residence:   {"residence-country": "SRB", "residence-proof-type": "lease"},
		intake.Address:     {"residence-address": "Beograd, Primerna 1"},
		intake.Identifiers: {"snils": "", "inn": ""},
		intake.AccountType: {"account-type": "standard"},
		intake.Consents:    {"consent-processing": "yes", "consent-documents": "yes", "consent-quality": "yes"},
	},
}

var files = map[review.Track]map[string]string{
	review.ForeignCitizen: {"passport": "s001_passport.jpg", "stay-proof": "s048_migration-card.jpg"},
	review.FromAbroad:     {"passport": "s043_rf-passport.jpg", "residence-proof": "s055_passport.pdf"},
}

// fill walks the sections by following where each save leads, then uploads.
func (d *desk) fill() {
	d.t.Helper()
	path := link.Section(intake.Person)
	for range 20 {
		code := strings.TrimPrefix(path, "/apply/")
		values, ok := forms[d.track][code]
		if !ok {
			break
		}
		p := d.post(path, link.Section(code), values)
		if p.status != http.StatusSeeOther {
			d.t.Fatalf("%s: status %d: %s", code, p.status, p.Find(".error-summary").Text())
		}
		path = p.location
	}
	if code := intake.AccountType; d.track != "" { // preset, so nobody is led there
		if p := d.post(link.Section(code), link.Section(code), forms[d.track][code]); p.status != http.StatusSeeOther {
			d.t.Fatalf("%s: status %d", code, p.status)
		}
	}
	for slot, file := range files[d.track] {
		p := d.upload(slot, file, testdata(d.t, filepath.Join("specimens", file)))
		if p.status != http.StatusSeeOther || p.location != link.UploadStored(slot) {
			d.t.Fatalf("%s: status %d: %s", file, p.status, p.Find(".error-summary").Text())
		}
	}
}
