package handlers_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"okno/handlers"
	"okno/handlers/web"
	"okno/handlers/webtest"
	"okno/review"
	"okno/views/i18n"
)

// failing is an area in which nothing works.
type failing struct{}

func (failing) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/panics", Action: review.ActPublic, Handler: func(*web.Ctx) error { panic("SPECIMEN") }},
		{Method: "GET", Path: "/late", Action: review.ActPublic, Handler: func(c *web.Ctx) error {
			return context.DeadlineExceeded
		}},
	}
}

// TestAFailureHasAPage: whoever meets a panic or a desk that is too slow gets a page
// that says what to do, although the time of the request is over.
func TestAFailureHasAPage(t *testing.T) {
	s := webtest.Serve(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), func(*webtest.Site, review.Gate) handlers.Area { return failing{} })
	for path, want := range map[string]int{"/panics": 500, "/late": 503} {
		for _, lang := range []string{i18n.Russian, i18n.English} {
			resp := s.Do(review.RoleApplicant, lang, "GET", path, nil)
			body, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if err != nil {
				t.Fatal(err)
			}
			title := i18n.Text(lang, "error."+map[int]string{500: "500", 503: "503"}[want]+".title")
			if resp.StatusCode != want || !strings.Contains(string(body), title) || strings.Contains(string(body), "SPECIMEN") {
				t.Errorf("%s in %s: %d without %q: %.200s", path, lang, resp.StatusCode, title, body)
			}
		}
	}
}
