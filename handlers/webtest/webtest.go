// Package webtest serves one area without a browser, with a clock that stands
// still and a session per role, and reads its pages with the checks that every
// page has to pass. It is for tests only.
package webtest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/handlers"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
)

// Site is the served area with a clock that stands still.
type Site struct {
	t    *testing.T
	app  *handlers.App
	Time time.Time
}

// Now implements review.Clock.
func (s *Site) Now() time.Time { return s.Time }

// people are the sessions: the secret in the cookie is the role.
type people struct{}

func (people) Lookup(_ context.Context, secret string, _ bool) (web.Session, error) {
	switch role := review.Role(secret); role {
	case review.RoleApplicant, review.RoleAccountHolder:
		return web.Session{Actor: review.Actor{Account: "account-1", Roles: []review.Role{role}}}, nil
	case "":
		return web.Session{}, review.ErrUnauthenticated
	default:
		return web.Session{Actor: review.Actor{Staff: review.StaffID("staff-" + secret), Name: "Иванова Е. П.", Roles: []review.Role{role}, Session: "print"}}, nil
	}
}

// Serve mounts the area that build makes.
func Serve(t *testing.T, now time.Time, area func(*Site, review.Gate) handlers.Area) *Site {
	t.Helper()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{t: t, Time: now}
	kit := &web.Kit{
		Gate: gate, Sessions: people{}, Clock: s, IDs: review.RandomIDs{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Secret: []byte("0123456789abcdef0123456789abcdef"), Demo: true,
	}
	s.app, err = handlers.New(handlers.Config{Kit: kit, Ready: func(context.Context) error { return nil }}, area(s, gate))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Do sends one request as somebody with the role; an empty role is nobody.
func (s *Site) Do(role review.Role, lang, method, path string, form url.Values) *http.Response {
	s.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	r.Host = "desk.test"
	r.Header.Set("Host", r.Host)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	name := web.ApplicantCookie
	if bare, _, _ := strings.Cut(path, "?"); web.Staff(bare) {
		name = web.StaffCookie
	}
	if role != "" {
		r.AddCookie(&http.Cookie{Name: name, Value: string(role)})
	}
	r.AddCookie(&http.Cookie{Name: "__Host-okno-lang", Value: lang})
	answer, err := s.app.Test(r, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer
}

// Page fetches a page and checks what every page has to have.
func (s *Site) Page(role review.Role, lang, path string, status int) *goquery.Document {
	s.t.Helper()
	answer := s.Do(role, lang, http.MethodGet, path, nil)
	return s.Read(answer, lang, path, status)
}

// Read reads an answer as a page.
func (s *Site) Read(answer *http.Response, lang, path string, status int) *goquery.Document {
	s.t.Helper()
	defer answer.Body.Close()
	if answer.StatusCode != status {
		s.t.Fatalf("%s: %d, want %d", path, answer.StatusCode, status)
	}
	doc, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if n := doc.Find("h1").Length(); n != 1 {
		s.t.Errorf("%s: %d headings of the first level", path, n)
	}
	if got := doc.Find("html").AttrOr("lang", ""); got != lang {
		s.t.Errorf("%s: language %q", path, got)
	}
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("id", ""); ids[id] {
			s.t.Errorf("%s: id %s twice", path, id)
		} else {
			ids[id] = true
		}
	})
	doc.Find("[style], script:not([src])").Each(func(_ int, e *goquery.Selection) {
		s.t.Errorf("%s: inline style or script on <%s>", path, goquery.NodeName(e))
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, e *goquery.Selection) {
		id := e.AttrOr("id", "")
		if doc.Find(`label[for="`+id+`"]`).Length() == 0 && e.AttrOr("aria-label", "") == "" && e.ParentsFiltered("label").Length() == 0 {
			s.t.Errorf("%s: %s has no label", path, id)
		}
	})
	return doc
}

// Send posts a form with the token of the page on which it stands.
func (s *Site) Send(role review.Role, lang, from, to string, form url.Values) *http.Response {
	s.t.Helper()
	answer := s.Do(role, lang, http.MethodGet, from, nil)
	defer answer.Body.Close()
	doc, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if form == nil {
		form = url.Values{}
	}
	form.Set("csrf", doc.Find(`input[name=csrf]`).First().AttrOr("value", ""))
	return s.Do(role, lang, http.MethodPost, to, form)
}

// Words is the text of a selection with single spaces.
func Words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }
