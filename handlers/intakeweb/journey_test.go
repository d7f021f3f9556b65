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

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/handlers"
	"okno/handlers/intakeweb"
	"okno/handlers/scanweb"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/intake"
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
		Inspector: scan.Inspector{PDF: pdfdoc.Reader{}}, Gate: gate, Clock: d, IDs: ids,
	}
	d.app, err = handlers.New(handlers.Config{
		Kit:   &web.Kit{Gate: gate, Sessions: d, Clock: d, IDs: ids, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Secret: bytes.Repeat([]byte{7}, 32)},
		Ready: func(context.Context) error { return nil },
	}, &intakeweb.Handlers{Intake: in, Wording: words, Contacts: func(context.Context, review.Actor) (intakeweb.Contacts, error) {
		return intakeweb.Contacts{Email: "obrazec@example.org", Phone: "+79070000017", Track: d.track}, nil
	}}, &scanweb.Handlers{Scan: scans, Own: in.Own, Wording: words})
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
	p := page{status: res.StatusCode, location: res.Header.Get("Location"), kind: res.Header.Get("Content-Type")}
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
	token := d.get(path).Find(`form[enctype="multipart/form-data"] input[type=hidden]`)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	w.WriteField(token.AttrOr("name", ""), token.AttrOr("value", ""))
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

func TestWholeWay(t *testing.T) {
	for _, track := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		for _, lang := range i18n.Languages() {
			t.Run(string(track)+"/"+lang, func(t *testing.T) {
				d := open(t, track, lang)
				if p := d.get(link.Apply()); p.status != http.StatusOK || p.Find(".task").Length() < 8 {
					t.Fatalf("task list: %d, %d tasks", p.status, p.Find(".task").Length())
				}
				if p := d.get(link.CheckAnswers()); p.Find(`form[action="`+link.Send()+`"]`).Length() != 0 || p.Find(".notice li").Length() < 7 {
					t.Error("an empty draft can be sent")
				}
				d.fill()
				check := d.get(link.CheckAnswers())
				if n := check.Find(".notice li").Length(); n != 0 {
					t.Errorf("still missing: %s", check.Find(".notice").Text())
				}
				sent := d.post(link.CheckAnswers(), link.Send(), nil)
				if sent.status != http.StatusSeeOther || sent.location != link.Receipt() {
					t.Fatalf("sent: %d %s", sent.status, sent.location)
				}
				receipt := d.get(link.Receipt())
				sub, err := d.store.ForAccount(t.Context(), applicant.Account)
				if err != nil {
					t.Fatal(err)
				}
				if got := receipt.Find(".case-number").Text(); got != sub.Number.String() {
					t.Errorf("number %q on the receipt, want %q", got, sub.Number)
				}
				for _, secret := range []string{sub.Answers.Value(review.DocumentNumber), "obrazec@", "0000017"} {
					if strings.Contains(receipt.Text(), secret) {
						t.Errorf("the receipt shows %q in full", secret)
					}
				}
				if p := d.get(link.Status()); p.status != http.StatusOK || p.Find(".timeline li").Length() < 2 {
					t.Errorf("status: %d, %d events", p.status, p.Find(".timeline li").Length())
				}
				for _, path := range []string{link.Apply(), link.CheckAnswers(), link.Section(intake.Person), link.Corrections()} {
					if p := d.get(path); p.status != http.StatusSeeOther || p.location != link.Status() {
						t.Errorf("%s after sending: %d %s", path, p.status, p.location)
					}
				}
			})
		}
	}
}

// ask brings the sent submission to a correction request.
func (d *desk) ask(items ...review.Item) *review.Submission {
	d.t.Helper()
	return d.decide(review.Decision{Outcome: review.RequestCorrection, Items: items})
}

func (d *desk) decide(decision review.Decision) *review.Submission {
	d.t.Helper()
	s, err := d.store.ForAccount(d.t.Context(), applicant.Account)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, step := range []func(*review.Submission) (review.Change, error){
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Decide(reviewer, decision, 0, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Settle(d.now) },
	} {
		if s, err = d.store.Update(d.t.Context(), s.ID, 0, step); err != nil {
			d.t.Fatal(err)
		}
	}
	return s
}

func TestFaultsKeepWhatWasTyped(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	typed := map[string]string{"surname": "Namunaev", "given-name": "Жасур", "birth-date-day": "31", "birth-date-month": "чего-то", "birth-date-year": "1991",
		"birth-place": "Ташкент", "sex": "M", "citizenship": "UZB", "surname-absent": "yes"}
	p := d.post(link.Section(intake.Person), link.Section(intake.Person), typed)
	if p.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.status)
	}
	if !strings.HasPrefix(p.Find("title").Text(), "Ошибка:") {
		t.Errorf("title %q", p.Find("title").Text())
	}
	for name, want := range typed {
		in := p.Find(`[name="` + name + `"]`)
		got := in.AttrOr("value", "")
		switch {
		case in.Is("select"):
			got = in.Find("option[selected]").AttrOr("value", "")
		case in.Is("[type=radio]"):
			got = p.Find(`[name="`+name+`"][checked]`).AttrOr("value", "")
		case in.Is("[type=checkbox]") && !in.Is("[checked]"):
			got = ""
		}
		if got != want {
			t.Errorf("%s holds %q, typed %q", name, got, want)
		}
	}
	summary := p.Find(".error-summary li")
	summary.Each(func(_ int, s *goquery.Selection) {
		if !strings.Contains(p.Find(".field-error").Text(), strings.TrimSpace(s.Text())) {
			t.Errorf("%q stands in the summary only", s.Text())
		}
	})
	if summary.Length() < 4 {
		t.Errorf("%d faults: %s", summary.Length(), summary.Text())
	}
	if s, err := d.store.ForAccount(t.Context(), applicant.Account); err != nil || s.Version != 1 {
		t.Errorf("something was stored: %v, %v", s, err)
	}
}

func TestWarningIsConfirmedWithATick(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	if p := d.post(link.Section(intake.Person), link.Section(intake.Person), forms[review.ForeignCitizen][intake.Person]); p.status != http.StatusSeeOther {
		t.Fatal(p.status)
	}
	values := map[string]string{}
	for k, v := range forms[review.ForeignCitizen][intake.Document] {
		values[k] = v
	}
	values["document-number"] = "123456789"
	p := d.post(link.Section(intake.Document), link.Section(intake.Document), values)
	box := p.Find(`input[name="confirm-document-number"]`)
	if p.status != http.StatusUnprocessableEntity || box.AttrOr("value", "") != "country-pattern" || box.Is("[checked]") {
		t.Fatalf("status %d, box %q", p.status, box.AttrOr("value", ""))
	}
	values["confirm-document-number"] = "country-pattern"
	if p = d.post(link.Section(intake.Document), link.Section(intake.Document), values); p.status != http.StatusSeeOther {
		t.Fatalf("confirmed: %d: %s", p.status, p.Find(".error-summary").Text())
	}
	if again := d.get(link.Section(intake.Document)); !again.Find(`input[name="confirm-document-number"]`).Is("[checked]") || again.Find(".error-summary").Length() > 0 {
		t.Error("the confirmation is not shown again")
	}
}

func TestBadFilesAreRefusedWithTheirReason(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
	for file, want := range map[string]string{
		"zero.pdf": "scan-refused.empty", "size_5mib_plus1.jpg": "scan-refused.too-large", "png_renamed.jpg": "scan-refused.type-mismatch",
		"encrypted_user.pdf": "scan-refused.encrypted", "js_names.pdf": "scan-refused.active-content", "bomb_header.jpg": "scan-refused.dimensions",
	} {
		p := d.upload("passport", file, testdata(t, filepath.Join("badfiles", file)))
		text := strings.TrimSpace(p.Find(".error-summary li").Text())
		if p.status != http.StatusUnprocessableEntity || text != i18n.Text("ru", want) {
			t.Errorf("%s: status %d, %q, want %s", file, p.status, text, want)
		}
		if p.Find(".preview img").Length() != 1 {
			t.Errorf("%s: the file that was there is gone", file)
		}
	}
	r := d.post(link.Section(intake.Address), link.Section(intake.Address), map[string]string{"address": "Москва, ул. Примерная, 1"})
	if r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	if p := d.upload("passport", "", nil); p.status != http.StatusUnprocessableEntity || strings.TrimSpace(p.Find(".error-summary li").Text()) != i18n.Text("ru", "upload.empty.passport") {
		t.Errorf("no file chosen: %d %q", p.status, p.Find(".error-summary li").Text())
	}

	// The picture is served to its owner only, as a picture of ours.
	src := d.get(link.Upload("passport")).Find(".preview img").AttrOr("src", "")
	if p := d.get(src); p.status != http.StatusOK || p.kind != "image/jpeg" {
		t.Errorf("thumbnail: %d %s", p.status, p.kind)
	}
	if p := d.do(other, httptest.NewRequest(http.MethodGet, src, nil)); p.status != http.StatusNotFound {
		t.Errorf("a stranger's thumbnail: %d", p.status)
	}
	if p := d.do("", httptest.NewRequest(http.MethodGet, src, nil)); p.status != http.StatusSeeOther {
		t.Errorf("a thumbnail for nobody: %d", p.status)
	}

	gone := d.post(link.RemoveDocument("passport"), link.RemoveDocument("passport"), nil)
	if gone.status != http.StatusSeeOther || d.get(link.Upload("passport")).Find(".preview").Length() != 0 {
		t.Errorf("removed: %d", gone.status)
	}
	if p := d.get(src); p.status != http.StatusNotFound {
		t.Errorf("a picture of a removed document: %d", p.status)
	}
}

func TestCorrectionsOpenOnlyWhatWasAskedFor(t *testing.T) {
	for _, lang := range i18n.Languages() {
		t.Run(lang, func(t *testing.T) {
			d := open(t, review.ForeignCitizen, lang)
			d.get(link.Apply())
			d.fill()
			d.post(link.CheckAnswers(), link.Send(), nil)
			sub := d.ask(review.Item{Target: review.Target{Field: review.SurnameLatin}, Reason: "name-mismatch"},
				review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})

			if p := d.get(link.Status()); p.Find(`a[href="`+link.Corrections()+`"]`).Length() == 0 {
				t.Error("the status page does not lead to the corrections")
			}
			listed := d.get(link.Corrections())
			if listed.Find("ol h3").Length() != 2 || listed.Find(`form[action="`+link.SendCorrections()+`"]`).Length() != 0 {
				t.Error("the list is wrong, or can be sent already")
			}
			for _, i := range sub.Corrections {
				r, _ := review.Reasons().Reason(i.Reason)
				if start, _, _ := strings.Cut(r.ApplicantMessage.In(lang), "{"); !strings.Contains(listed.Text(), strings.TrimSpace(start)) {
					t.Errorf("the text of %s is missing", i.Reason)
				}
			}
			section := d.get(link.Section(intake.Person))
			if n := section.Find(`form[action="/apply/person"] input:not([type=hidden])`).Length(); n != 1 {
				t.Errorf("%d inputs are open, want 1", n)
			}
			if section.Find(".summary-row").Length() < 5 || section.Find(".notice").Length() != 1 {
				t.Error("the rest is not shown, or no reason is")
			}
			if p := d.get(link.Section(intake.Address)); p.location != link.Corrections() {
				t.Errorf("a closed section: %d %s", p.status, p.location)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": "NAMUNAEV", "given-name": "Уктам"}); p.status != http.StatusConflict {
				t.Errorf("a closed field posted by hand: %d", p.status)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": ""}); p.status != http.StatusUnprocessableEntity {
				t.Errorf("an empty correction: %d", p.status)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": "NAMUNAEV"}); p.location != link.CorrectionsSaved() {
				t.Fatalf("the open field: %d %s: %s", p.status, p.location, p.Find(".error-summary").Text())
			}
			if p := d.get(link.Upload("stay-proof")); p.Find("form[enctype]").Length() != 0 {
				t.Error("a document that was not asked for can be replaced")
			}
			if p := d.upload("passport", "s002_passport.jpg", testdata(t, "specimens/s002_passport.jpg")); p.status != http.StatusSeeOther {
				t.Fatalf("the document: %d", p.status)
			}
			if p := d.post(link.Corrections(), link.SendCorrections(), nil); p.location != link.Receipt() {
				t.Fatalf("sent: %d %s", p.status, p.location)
			}
			if p := d.get(link.Receipt()); p.status != http.StatusOK {
				t.Errorf("receipt: %d", p.status)
			}
		})
	}
}

func TestRejectionSaysWhyAndWhatCanBeDone(t *testing.T) {
	d := open(t, review.FromAbroad, "ru")
	d.get(link.Apply())
	d.fill()
	d.post(link.CheckAnswers(), link.Send(), nil)
	d.decide(review.Decision{Outcome: review.Reject, Note: "срок", Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-expired"}}})
	p := d.get(link.Status())
	if p.status != http.StatusOK || p.Find("ul.prose li").Length() < 3 || p.Find(`a[href="`+link.Apply()+`"]`).Length() == 0 {
		t.Errorf("status %d: %s", p.status, p.Find("main").Text())
	}
	if strings.Contains(p.Text(), "{") || strings.Contains(p.Text(), "срок\n") {
		t.Error("a placeholder or the internal note is shown")
	}
	start := d.get(link.Apply())
	if start.Find("input[name=track]").Length() != 2 {
		t.Error("nothing new can be started")
	}
	if p := d.post(link.Apply(), link.StartSubmission(), nil); p.status != http.StatusUnprocessableEntity {
		t.Errorf("no track chosen: %d", p.status)
	}
	if p := d.post(link.Apply(), link.StartSubmission(), map[string]string{"track": "from-abroad"}); p.location != link.Apply() {
		t.Errorf("a new start: %d %s", p.status, p.location)
	}
	if p := d.post(link.Withdraw(), link.Withdraw(), nil); p.location != link.Status() {
		t.Errorf("withdrawn: %d %s", p.status, p.location)
	}
}

func TestStaleFormsAndStaff(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.fill()
	p := d.post(link.CheckAnswers(), link.Send(), map[string]string{"version": "1"})
	if p.status != http.StatusConflict || p.Find(`form[action="`+link.Send()+`"]`).Length() != 1 {
		t.Errorf("a stale form: %d", p.status)
	}
	if p := d.post(link.CheckAnswers(), link.Send(), map[string]string{"version": "many"}); p.status != http.StatusConflict {
		t.Errorf("a form without a version: %d", p.status)
	}
	d.post(link.CheckAnswers(), link.Send(), nil)
	sub, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil {
		t.Fatal(err)
	}
	passport, _ := sub.Document(review.SlotPassport)
	path := link.CasePage(string(sub.ID), string(passport.ID), "1", "page")
	if p := d.do(staff, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusConflict {
		t.Errorf("a page without a claim: %d", p.status)
	}
	d.ask(review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})
	if p := d.do(staff, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusOK || p.kind != "image/jpeg" {
		t.Errorf("a page for who decided: %d %s", p.status, p.kind)
	}
	if p := d.get(link.Status()); !strings.Contains(p.Text(), i18n.Text("ru", "progress.role.reviewer")) {
		t.Error("the applicant does not read who opened the papers")
	}
	for _, path := range []string{"/apply/documents/nonsense", "/apply/nonsense", "/apply/pages/x/y/z", link.CasePage("x", "y", "1", "page")} {
		secret := own
		if web.Staff(path) {
			secret = staff
		}
		if p := d.do(secret, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusNotFound && p.status != http.StatusSeeOther {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}
