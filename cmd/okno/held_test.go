package main

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/review"
	"okno/review/held"
	"okno/review/intake"
	"okno/views/link"
	"okno/views/ui"
)

// jarred is one browser with a jar of its own.
type jarred struct {
	h   *house
	jar map[string]string
}

func (h *house) jarred(session string) *jarred {
	return &jarred{h: h, jar: map[string]string{web.VisitCookie: visit, web.ApplicantCookie: session}}
}

func (b *jarred) do(r *http.Request) answer {
	b.h.t.Helper()
	r.Host = "desk.example.org"
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := b.h.send(r)
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	return a
}

func (b *jarred) get(path string) answer {
	b.h.t.Helper()
	return b.do(httptest.NewRequest(http.MethodGet, path, nil))
}

// token is that of the form on a page.
func (b *jarred) token(path string) string {
	b.h.t.Helper()
	return b.read(b.get(path)).Find("main input[name="+ui.CSRFField+"]").AttrOr("value", "")
}

func (b *jarred) read(a answer) *goquery.Document {
	b.h.t.Helper()
	d, err := goquery.NewDocumentFromReader(bytes.NewReader(a.body))
	b.h.must(err)
	return d
}

func (b *jarred) post(path, token string, values url.Values, headers ...string) answer {
	b.h.t.Helper()
	with := url.Values{ui.CSRFField: {token}}
	for k, v := range values {
		with[k] = v
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(with.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.do(r)
}

func (b *jarred) upload(path, token, name string, body []byte) answer {
	b.h.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	b.h.must(w.WriteField(ui.CSRFField, token))
	part, err := w.CreateFormFile("file", name)
	b.h.must(err)
	_, err = part.Write(body)
	b.h.must(err)
	b.h.must(w.Close())
	r := httptest.NewRequest(http.MethodPost, path, &form)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return b.do(r)
}

const heldAddress = "101000, Москва, ул. Примерная, дом 17"

// expired is a browser in which a session has ended over an open form.
func (h *house) expired(by review.Actor, path string) (*jarred, string) {
	h.t.Helper()
	session := h.accountToken(by.Account)
	b := h.jarred(session)
	token := b.token(path)
	h.must(h.signinKeys.End(h.t.Context(), session))
	return b, token
}

func (h *house) answerOf(by review.Actor, f review.Field) string {
	h.t.Helper()
	s, err := h.submissions.ForAccount(h.t.Context(), by.Account)
	h.must(err)
	return s.Answers.Value(f)
}

func (h *house) heldRows() (n int) {
	h.t.Helper()
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&n, `SELECT count(*) FROM held_posts`) }))
	return n
}

var address = link.Section(intake.Address)

// TestAFormOutlivesItsSession: what was sent after the session had ended is there
// again after the same account has signed in, and for nobody else.
func TestAFormOutlivesItsSession(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	by := h.applicant(review.ForeignCitizen)
	h.draft(by, review.ForeignCitizen)
	before := h.answerOf(by, review.Address)
	b, token := h.expired(by, address)

	kept := b.post(address, token, url.Values{"address": {heldAddress}})
	if kept.status != http.StatusSeeOther || kept.header.Get("Location") != link.SignInHeld() {
		t.Fatalf("a form after its session: %d %s", kept.status, kept.header.Get("Location"))
	}
	if h.answerOf(by, review.Address) != before {
		t.Fatal("somebody without a session has saved something")
	}
	var raw []byte
	h.must(h.data.db.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&raw, `SELECT body FROM held_posts`) }))
	if bytes.Contains(raw, []byte("Примерная")) || len(raw) == 0 {
		t.Error("the form lies open in the database")
	}

	// Another account in the same browser gets nothing, and leaves it where it is.
	stranger := h.applicant(review.ForeignCitizen)
	h.draft(stranger, review.ForeignCitizen)
	theirs := h.answerOf(stranger, review.Address)
	key := b.jar[web.HeldCookie]
	b.jar[web.ApplicantCookie] = h.accountToken(stranger.Account)
	if a := b.get(link.Resume()); a.status != http.StatusSeeOther || a.header.Get("Location") != link.Apply() || bytes.Contains(a.body, []byte("Примерная")) {
		t.Errorf("another account: %d %s", a.status, a.header.Get("Location"))
	}
	if h.answerOf(stranger, review.Address) != theirs {
		t.Error("the form was saved in another account")
	}

	// The same account in another browser gets nothing either: it lacks the key.
	elsewhere := h.jarred(h.accountToken(by.Account))
	if a := elsewhere.get(link.Resume()); a.header.Get("Location") != link.Apply() {
		t.Errorf("another browser: %s", a.header.Get("Location"))
	}

	// The desk was started anew in the meantime.
	again := h.behind(h.gate)
	b = again.jarred(again.accountToken(by.Account))
	b.jar[web.HeldCookie] = key
	a := b.get(link.Resume())
	if a.status != http.StatusSeeOther || again.answerOf(by, review.Address) != heldAddress {
		t.Fatalf("resumed: %d %s, the address is %q", a.status, a.header.Get("Location"), again.answerOf(by, review.Address))
	}
	if page := b.read(b.get(link.Apply())); !strings.Contains(page.Find(".notice").Text(), "сохранено") {
		t.Errorf("the page after it does not tell: %s", page.Find("main").Text())
	}
	if page := b.read(b.get(link.Apply())); page.Find(".notice").Length() != 0 {
		t.Error("it is told twice")
	}
	if n := h.heldRows(); n != 0 {
		t.Errorf("%d forms are still kept", n)
	}
}

// TestAHeldFormWithFaultsIsShownWithEverythingTyped and stays until it is right.
func TestAHeldFormWithFaultsIsShownWithEverythingTyped(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	by := h.applicant(review.ForeignCitizen)
	h.draft(by, review.ForeignCitizen)
	b, token := h.expired(by, address)
	b.post(address, token, url.Values{"address": {"дом"}, "postal-index": {"10100"}})
	b.jar[web.ApplicantCookie] = h.accountToken(by.Account)
	for range 2 { // a reload shows it again
		a := b.get(link.Resume())
		page := b.read(a)
		if a.status != http.StatusUnprocessableEntity || page.Find("textarea[name=address]").Text() != "дом" || page.Find("input[name=postal-index]").AttrOr("value", "") != "10100" {
			t.Fatalf("%d, address %q", a.status, page.Find("textarea[name=address]").Text())
		}
		if page.Find(`form[action="`+address+`"]`).Length() != 1 {
			t.Error("the form leads elsewhere")
		}
	}
	if a := b.post(address, b.token(address), url.Values{"address": {heldAddress}}); a.status != http.StatusSeeOther {
		t.Fatal(a.status)
	}
	if n := h.heldRows(); n != 0 || b.jar[web.HeldCookie] != "" {
		t.Errorf("a form that was corrected is still kept: %d", n)
	}
}

// TestAHeldUploadKeepsItsFile: nobody sends 5 MB on a slow link twice.
func TestAHeldUploadKeepsItsFile(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	by := h.applicant(review.ForeignCitizen)
	h.draft(by, review.ForeignCitizen)
	path := link.Upload(string(review.SlotInsurance))
	b, token := h.expired(by, path)
	if a := b.upload(path, token, "SPECIMEN.jpg", picture()); a.header.Get("Location") != link.SignInHeld() {
		t.Fatalf("%d %s", a.status, a.header.Get("Location"))
	}
	b.jar[web.ApplicantCookie] = h.accountToken(by.Account)
	if a := b.get(link.Resume()); a.status != http.StatusSeeOther {
		t.Fatalf("resumed: %d", a.status)
	}
	s, err := h.submissions.ForAccount(t.Context(), by.Account)
	h.must(err)
	if d, ok := s.Document(review.SlotInsurance); !ok || d.Bytes != len(picture()) || d.Name != "SPECIMEN.jpg" {
		t.Errorf("the file is not there: %v", ok)
	}
}

// TestWhatIsNotHeld: forms that were not made by this desk for an account, that
// come from another site, or that have waited too long.
func TestWhatIsNotHeld(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	by := h.applicant(review.ForeignCitizen)
	h.draft(by, review.ForeignCitizen)
	for name, try := range map[string]func(b *jarred, token string) answer{
		"no token": func(b *jarred, _ string) answer { return b.post(address, "", url.Values{"address": {heldAddress}}) },
		"no owner": func(b *jarred, token string) answer {
			return b.post(address, strings.Split(token, ".")[0], url.Values{"address": {heldAddress}})
		},
		"forged owner": func(b *jarred, token string) answer {
			return b.post(address, token[:len(token)-4]+"AAAA", url.Values{"address": {heldAddress}})
		},
		"cross site": func(b *jarred, token string) answer {
			return b.post(address, token, url.Values{"address": {heldAddress}}, "Sec-Fetch-Site", "cross-site")
		},
		"sending":   func(b *jarred, token string) answer { return b.post(link.Send(), token, url.Values{"version": {"1"}}) },
		"malformed": func(b *jarred, token string) answer { return b.post(address, token, url.Values{"address": {"\x00"}}) },
		"foreign origin": func(b *jarred, token string) answer {
			return b.post(address, token, url.Values{"address": {heldAddress}}, "Origin", "https://evil.example")
		},
	} {
		b, token := h.expired(by, address)
		a := try(b, token)
		if a.status != http.StatusSeeOther || a.header.Get("Location") != link.SignIn() {
			t.Errorf("%s: %d %s", name, a.status, a.header.Get("Location"))
		}
		if n := h.heldRows(); n != 0 || b.jar[web.HeldCookie] != "" {
			t.Errorf("%s: %d forms kept", name, n)
		}
	}

	b, token := h.expired(by, address)
	b.post(address, token, url.Values{"address": {heldAddress}})
	h.desk.held.Clock = still(h.clock.Now().Add(held.Term))
	b.jar[web.ApplicantCookie] = h.accountToken(by.Account)
	if a := b.get(link.Resume()); a.header.Get("Location") != link.Apply() || h.answerOf(by, review.Address) == heldAddress {
		t.Error("a form is kept for too long")
	}
	if n, err := h.desk.held.Tick(t.Context()); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if n := h.heldRows(); n != 0 {
		t.Errorf("%d forms after the sweep", n)
	}
}

// still is a clock that stands.
type still time.Time

func (s still) Now() time.Time { return time.Time(s) }

// TestAFormOfAnEarlierSession: who signed in again in another tab may still send
// the form that is open in this one; another account may not.
func TestAFormOfAnEarlierSession(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	by, stranger := h.applicant(review.ForeignCitizen), h.applicant(review.ForeignCitizen)
	h.draft(by, review.ForeignCitizen)
	h.draft(stranger, review.ForeignCitizen)
	b, token := h.expired(by, address)
	b.jar[web.ApplicantCookie] = h.accountToken(stranger.Account)
	if a := b.post(address, token, url.Values{"address": {heldAddress}}); a.status != http.StatusForbidden {
		t.Errorf("another account's form: %d", a.status)
	}
	b.jar[web.ApplicantCookie] = h.accountToken(by.Account)
	if a := b.post(address, token, url.Values{"address": {heldAddress}}); a.status != http.StatusSeeOther || h.answerOf(by, review.Address) != heldAddress {
		t.Errorf("one's own form of an earlier session: %d", a.status)
	}
	if a := b.post(link.Withdraw(), token, url.Values{"version": {"1"}}); a.status != http.StatusForbidden {
		t.Errorf("what has no input needs a token of this session: %d", a.status)
	}
}
