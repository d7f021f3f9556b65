package searchweb_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/desktest"
	"okno/handlers"
	"okno/handlers/searchweb"
	"okno/handlers/webtest"
	"okno/review"
	"okno/review/search"
)

type allowance struct{ left int }

func (a *allowance) Take(_ context.Context, _ review.StaffID, at time.Time) (time.Time, error) {
	if a.left--; a.left < 0 {
		return at.Add(time.Minute), nil
	}
	return time.Time{}, nil
}

func open(t *testing.T, searches int) (*desktest.Desk, *webtest.Site) {
	d := desktest.Open(t)
	return d, webtest.Serve(t, d.Clock.Now(), func(s *webtest.Site, gate review.Gate) handlers.Area {
		return &searchweb.Handlers{Search: search.New(gate, d.Store, &allowance{searches}, s, d.IDs)}
	})
}

// ask posts a search and returns the address of its results.
func ask(t *testing.T, site *webtest.Site, form url.Values) string {
	t.Helper()
	answer := site.Send(review.RoleReviewer, "ru", "/desk/search", "/desk/search", form)
	defer answer.Body.Close()
	to := answer.Header.Get("Location")
	if answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "/desk/search?s=") {
		t.Fatalf("%v: %d to %q", form, answer.StatusCode, to)
	}
	return to
}

func TestSearchThroughTheDesk(t *testing.T) {
	d, site := open(t, 100)
	var last *review.Submission
	for range search.PageSize + 2 {
		last = d.Queued(t)
	}
	doc := site.Page(review.RoleReviewer, "ru", "/desk/search", 200)
	if doc.Find(`input[name=text][data-key="/"]`).Length() != 1 || doc.Find(`nav [data-key="/"]`).Length() != 0 {
		t.Error("the key does not go into the box")
	}
	to := ask(t, site, url.Values{"text": {"proba obraztsov"}})
	if strings.Contains(strings.ToLower(to), "proba") {
		t.Errorf("the text stands in the address %s", to)
	}
	for _, lang := range []string{"ru", "en"} {
		doc = site.Page(review.RoleReviewer, lang, to, 200)
		rows := doc.Find("tbody tr")
		if rows.Length() != search.PageSize || !strings.Contains(webtest.Words(rows.First()), last.Number.String()) || !strings.Contains(webtest.Words(rows.First()), "О. П.") {
			t.Errorf("%d rows, the first is %s", rows.Length(), webtest.Words(rows.First()))
		}
		if doc.Find("input[name=text]").AttrOr("value", "") != "proba obraztsov" {
			t.Error("the results do not say what was searched for")
		}
		if strings.Contains(doc.Text(), "ОБРАЗЦОВ") || strings.Contains(doc.Text(), "FA1234567") {
			t.Error("the results show somebody unmasked")
		}
	}
	next := doc.Find(`a[rel=next], nav.pagination a`).FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.Contains(a.AttrOr("href", ""), "page=2") }).AttrOr("href", "")
	if next == "" {
		t.Fatal("no way to the second page")
	}
	if n := site.Page(review.RoleReviewer, "ru", next, 200).Find("tbody tr").Length(); n != 2 {
		t.Errorf("%d rows on the second page", n)
	}

	to = ask(t, site, url.Values{"text": {"Никогонет"}, "birth-day": {"14"}, "birth-month": {"3"}, "birth-year": {"1991"}})
	doc = site.Page(review.RoleReviewer, "ru", to, 200)
	if !strings.Contains(doc.Text(), "Ничего не найдено") || doc.Find("input[name=birth-year]").AttrOr("value", "") != "1991" {
		t.Error("nothing found is not told, or what was typed is lost")
	}
	if doc = site.Page(review.RoleReviewer, "ru", "/desk/search?s=unknown", 200); !strings.Contains(doc.Text(), "уже не хранятся") {
		t.Error("results that are gone are not told")
	}
}

func TestWhatCannotBeSearchedFor(t *testing.T) {
	_, site := open(t, 1)
	for name, c := range map[string]struct {
		form url.Values
		id   string
	}{
		"nothing":      {url.Values{}, "text"},
		"two signs":    {url.Values{"text": {"12"}}, "text"},
		"six words":    {url.Values{"text": {"а б в г д е"}}, "text"},
		"too long":     {url.Values{"text": {strings.Repeat("а", 201)}}, "text"},
		"no such day":  {url.Values{"text": {"Иванов"}, "birth-day": {"31"}, "birth-month": {"2"}, "birth-year": {"1990"}}, "birth-day"},
		"half an date": {url.Values{"birth-year": {"1990"}}, "birth-day"},
	} {
		answer := site.Send(review.RoleReviewer, "ru", "/desk/search", "/desk/search", c.form)
		doc := site.Read(answer, "ru", name, http.StatusUnprocessableEntity)
		if doc.Find(`a[href="#`+c.id+`"]`).Length() == 0 {
			t.Errorf("%s: the summary does not lead to %s", name, c.id)
		}
	}
	ask(t, site, url.Values{"text": {"Иванов"}})
	answer := site.Send(review.RoleReviewer, "ru", "/desk/search", "/desk/search", url.Values{"text": {"Иванов"}})
	if doc := site.Read(answer, "ru", "too often", http.StatusTooManyRequests); doc.Find("input[name=text]").AttrOr("value", "") != "Иванов" {
		t.Error("what was typed is lost")
	}
	for _, role := range []review.Role{review.RoleSupportAgent, review.RoleAuditor, review.RolePrivacyOfficer, review.RoleAdministrator} {
		if answer := site.Do(role, "ru", http.MethodGet, "/desk/search", nil); answer.StatusCode != http.StatusForbidden {
			t.Errorf("%s may search: %d", role, answer.StatusCode)
		}
	}
}
