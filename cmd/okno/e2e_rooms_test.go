package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"okno/review"
	"okno/views/link"
)

// passesBy is a colleague who finds a case in other hands, and the papers closed.
func (c *colleague) passesBy(number string) {
	c.t.Helper()
	address := c.find(number)
	c.link(address)
	c.says(c.words("case.held", "name", reviewerName))
	if c.has("[data-viewer]") || c.has("table.pairs") {
		c.t.Error("a colleague sees the papers of a case that is not hers")
	}
}

// opensSheets looks at what lies over or behind the workbench: the list of
// shortcuts, the panels of the other outcomes, the timeline.
func (c *colleague) opensSheets() {
	c.t.Helper()
	c.click("[data-open-keys]")
	c.until("document.querySelector('#key-sheet[open]')")
	c.look()
	c.click("#key-sheet form[method=dialog] button")
	c.until("!document.querySelector('#key-sheet[open]')")
	c.panel(review.Escalate)
	c.click(`#decision-panel a[hx-get$="/close"]`)
	c.until("!document.querySelector('#verdict-form')")
	address := eval[string](c.tab, "location.pathname")
	c.follow(`.case-line a[href="` + address + `/history"]`)
	c.says(c.words("history.title"))
	c.link(address)
}

// walksRound opens every section that the roles may see.
func (c *colleague) walksRound(number string) {
	c.t.Helper()
	for _, path := range eval[[]string](c.tab, `[...document.querySelectorAll('nav.sections a')].map(a => a.getAttribute('href'))`) {
		c.follow(`nav.sections a[href="` + path + `"]`)
		c.at(path)
		switch path {
		case link.Audit():
			c.send(link.AuditVerify())
			c.visit(link.AuditQuery("case", strings.ReplaceAll(number, " ", "")))
			if !c.has("main table tbody tr") {
				c.t.Error("the log holds nothing about the case")
			}
		case link.AccessLog(), link.Support():
			c.fill("case", number)
			c.follow(`main form[action="` + path + `"] button[type=submit]`)
			c.says(number)
		case link.Report():
			c.visit(link.ReportPeriod("today", ""))
			if got := eval[string](c.tab, `fetch(`+quote(link.ReportCSV())+`).then(r => r.status + ' ' + r.headers.get('content-type').split(';')[0])`); got != "200 text/csv" {
				c.t.Errorf("the report as a file: %s", got)
			}
		case link.Queue():
			for _, tab := range eval[[]string](c.tab, `[...document.querySelectorAll('nav.views a')].map(a => a.getAttribute('href'))`) {
				c.visit(tab)
			}
		}
	}
	c.forgets()
}

// TestPagesAreReallyChecked serves a page on which everything is wrong that the
// tests of this package look for.
func TestPagesAreReallyChecked(t *testing.T) {
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'self'")
			_, _ = w.Write([]byte(`<!DOCTYPE html><html><head><title>bad</title><script>alert(1)</script><script src="/bad.js"></script></head>
<body><main><h1>bad</h1><table width="2000"><tr><td>wide</td></tr></table><img src="/gone.png"></main></body></html>`))
		case "/bad.js":
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(`console.error('a complaint'); null.thrown;`))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer bad.Close()
	p := launch(t).open(t, &site{t: t, base: bad.URL}, "checker", "en", 1280, true)
	p.narrow = true
	p.visit("/")
	p.mu.Lock()
	defer p.mu.Unlock()
	found := strings.Join(p.problems, "\n")
	p.problems = nil
	for _, want := range []string{"console: a complaint", "exception: Uncaught", "csp violation: script-src", "content security policy: script-src", "status of 404", "scrolls sideways", "html-has-lang", "image-alt"} {
		if !strings.Contains(found, want) {
			t.Errorf("nobody noticed %q in\n%s", want, found)
		}
	}
}
