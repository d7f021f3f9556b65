package main

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"okno/handlers/web"
	"okno/views/i18n"
)

// The budgets of a page of the applicant's side in bytes as they travel; fonts
// stand apart, since a page is shown without them.
const (
	budgetHTML     = 10 << 10
	budgetCSS      = 12 << 10
	budgetScript   = 8 << 10
	budgetPartials = 24 << 10 // scripts of a page with partials
	budgetFirst    = 40 << 10
)

// travels asks for a path as a browser would and returns the bytes that travel
// and, unpacked, what they say.
func (g *gallery) travels(path, who, lang string) (size int, body []byte) {
	g.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "desk.example.org"
	r.Header.Set("Accept-Encoding", "gzip")
	r.AddCookie(&http.Cookie{Name: web.VisitCookie, Value: visit})
	r.AddCookie(&http.Cookie{Name: web.LanguageCookie, Value: lang})
	if token := g.token[who]; token != "" {
		r.AddCookie(&http.Cookie{Name: web.ApplicantCookie, Value: token})
	}
	a := g.send(r)
	if a.status != http.StatusOK {
		g.t.Fatalf("%s: %d", path, a.status)
	}
	body = a.body
	if a.header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(bytes.NewReader(body))
		g.must(err)
		var plain bytes.Buffer
		_, err = plain.ReadFrom(z)
		g.must(err)
		body = plain.Bytes()
	}
	return len(a.body), body
}

// TestApplicantPagesKeepTheirBudgets weighs every page of the applicant's side
// with everything that it needs to be shown.
func TestApplicantPagesKeepTheirBudgets(t *testing.T) {
	t.Parallel()
	g := exhibit(t)
	weight := map[string]int{}
	var heaviest struct {
		html, css, script, first int
	}
	for _, s := range g.sheets() {
		for _, lang := range i18n.ForApplicants() {
			html, body := g.travels(s.path, s.who, lang)
			page, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
			g.must(err)
			css, script, images := 0, 0, 0
			limit := budgetScript
			add := func(sum *int, address string) {
				address, _, _ = strings.Cut(address, "#")
				if address == "" || strings.Contains(address, "fonts.css") || strings.HasPrefix(address, "/apply/pages/") {
					return
				}
				if _, ok := weight[address]; !ok {
					weight[address], _ = g.travels(address, "", lang)
				}
				*sum += weight[address]
			}
			page.Find("link[rel=stylesheet]").Each(func(_ int, e *goquery.Selection) { add(&css, e.AttrOr("href", "")) })
			page.Find("script[src]").Each(func(_ int, e *goquery.Selection) {
				if strings.Contains(e.AttrOr("src", ""), "htmx") {
					limit = budgetPartials
				}
				add(&script, e.AttrOr("src", ""))
			})
			seen := map[string]bool{}
			page.Find("use[href], img[src], link[rel=icon]").Each(func(_ int, e *goquery.Selection) {
				address, _, _ := strings.Cut(e.AttrOr("href", e.AttrOr("src", "")), "#")
				if !seen[address] {
					seen[address] = true
					add(&images, address)
				}
			})
			first := html + css + script + images
			for _, b := range []struct {
				what        string
				size, limit int
				top         *int
			}{
				{"HTML", html, budgetHTML, &heaviest.html}, {"CSS", css, budgetCSS, &heaviest.css}, {"scripts", script, limit, &heaviest.script}, {"the first view", first, budgetFirst, &heaviest.first},
			} {
				if b.size > b.limit {
					t.Errorf("%s of %s (%s): %d bytes, more than %d", b.what, s.path, lang, b.size, b.limit)
				}
				if b.size == 0 {
					t.Errorf("%s of %s: nothing was weighed", b.what, s.path)
				}
				*b.top = max(*b.top, b.size)
			}
		}
	}
	t.Logf("heaviest: HTML %d, CSS %d, scripts %d, first view %d bytes", heaviest.html, heaviest.css, heaviest.script, heaviest.first)
}
