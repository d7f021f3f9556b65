package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
	"okno/views/ui"
)

// owner is a column whose requests to a route get as far as its handler.
func owner(t *testing.T, want map[string]map[string]string, r route) string {
	t.Helper()
	for _, as := range columns() {
		if class := want[r.method+" "+r.path][as]; class != "sign-in" && class != "403" && as != asDisabled {
			return as
		}
	}
	for _, as := range []string{string(review.RoleReviewer)} { // signing out leads to the sign-in page
		if want[r.method+" "+r.path][as] == "sign-in" {
			return as
		}
	}
	t.Fatalf("nobody gets through to %s", r.path)
	return ""
}

// TestNothingCrossSiteChangesAnything sends every unsafe request as somebody who
// may make it, but from elsewhere or without the token of this session.
func TestNothingCrossSiteChangesAnything(t *testing.T) {
	t.Parallel()
	h, want := openHouse(t), golden(t)
	for range 4 {
		h.queued()
	}
	callers := map[string]*caller{}
	stranger := h.csrf(h.call(asApplicant).who.tie())
	n := 0
	for _, r := range routesOf(t, h) {
		if r.method != http.MethodPost {
			continue
		}
		as := owner(t, want, r)
		if callers[as] == nil {
			callers[as] = h.call(as)
		}
		c := callers[as]
		good := h.csrf(c.who.tie())
		path, before := c.path(r.path), h.entries()
		for _, k := range []struct {
			name, token string
			headers     []string
		}{
			{"no token", "", nil},
			{"another session's token", stranger, nil},
			{"a token cut short", good[:len(good)-4], nil},
			{"no token, from our own page", "", []string{"Sec-Fetch-Site", "same-origin"}},
			{"cross-site", good, []string{"Sec-Fetch-Site", "cross-site"}},
			{"same-site", good, []string{"Sec-Fetch-Site", "same-site"}},
			{"a foreign origin", good, []string{"Origin", "https://evil.example"}},
			{"a null origin", good, []string{"Origin", "null"}},
			{"cross-site with the token in a header", "", []string{"Sec-Fetch-Site", "cross-site", "X-CSRF-Token", good}},
		} {
			form := url.Values{}
			if k.token != "" {
				form.Set(ui.CSRFField, k.token)
			}
			a := h.ask(c.who, r.method, path, form, k.headers...)
			n++
			ended := (as == asAnonymous || as == asHalf) && a.class() == "sign-in" // taken for a session that ended
			if a.status != http.StatusForbidden && !ended {
				t.Errorf("%s as %s, %s: %d", r.path, as, k.name, a.status)
			}
		}
		for _, body := range []string{"text/plain", "application/json"} {
			if a := h.ask(c.who, r.method, path, url.Values{ui.CSRFField: {good}}, "Content-Type", body); a.status/100 != 4 {
				t.Errorf("%s as %s with %s: %d", r.path, as, body, a.status)
			}
			n++
		}
		// A token in the address is none.
		if a := h.ask(c.who, r.method, path+"?"+ui.CSRFField+"="+good, url.Values{}); a.status != http.StatusForbidden && (as != asHalf || a.class() != "sign-in") {
			t.Errorf("%s as %s, token in the query: %d", r.path, as, a.status)
		}
		n++
		if after := h.entries(); after != before {
			t.Errorf("%s as %s: %d entries in the audit log", r.path, as, after-before)
		}
	}
	t.Logf("%d requests", n)
	if n < 400 {
		t.Errorf("only %d requests", n)
	}
}

// TestAnEndedSessionLeadsToSignIn: a form that was open when the session ended
// is no attack.
func TestAnEndedSessionLeadsToSignIn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	c := h.call(string(review.RoleReviewer))
	h.must(h.signinKeys.End(t.Context(), c.who.token))
	if a := h.post(c.who, link.TakeNext(), nil); a.class() != "sign-in" {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
}

const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'"
	filePolicy = "sandbox; default-src 'none'"
)

// TestHeaders looks at the headers of every page as somebody who may see it, and
// of refusals.
func TestHeaders(t *testing.T) {
	t.Parallel()
	h, want := openHouse(t), golden(t)
	callers := map[string]*caller{}
	look := func(path string, a answer) {
		t.Helper()
		policy := pagePolicy
		if !web.Staff(path) {
			policy += "; require-trusted-types-for 'script'; trusted-types 'none'"
		}
		if a.header.Get("Content-Disposition") != "" {
			policy = filePolicy
		}
		if strings.HasPrefix(path, "/static/") && a.status == 200 {
			policy = pagePolicy
			if !strings.Contains(a.header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: Cache-Control %q", path, a.header.Get("Cache-Control"))
			}
		} else if a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, a.header.Get("Cache-Control"))
		}
		for name, value := range map[string]string{
			"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000; includeSubDomains",
		} {
			if got := a.header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		if a.header.Get("Server") != "" {
			t.Errorf("%s: names its server", path)
		}
		for _, cookie := range a.header.Values("Set-Cookie") {
			low := strings.ToLower(cookie)
			for _, part := range []string{"secure", "httponly", "path=/", "samesite="} {
				if !strings.Contains(low, part) {
					t.Errorf("%s: cookie without %s", path, part)
				}
			}
			if !strings.HasPrefix(cookie, "__Host-") || strings.Contains(low, "domain=") {
				t.Errorf("%s: cookie %.20s", path, cookie)
			}
			if strings.HasPrefix(cookie, web.StaffCookie+"=") && !strings.Contains(low, "samesite=strict") {
				t.Errorf("%s: the staff's cookie is lax", path)
			}
		}
	}
	for _, r := range routesOf(t, h) {
		if r.method != http.MethodGet {
			continue
		}
		as := owner(t, want, r)
		if callers[as] == nil {
			callers[as] = h.call(as)
		}
		path := callers[as].path(r.path)
		look(path, h.ask(callers[as].who, r.method, path, nil))
		look(path, h.ask(visitor{}, r.method, path, nil))
	}
	// Nobody knows this browser yet: the visit cookie is set.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, link.SignIn(), nil)
	h.must(err)
	r.Host = "desk.example.org"
	fresh := h.send(r)
	look(link.SignIn(), fresh)
	if len(fresh.header.Values("Set-Cookie")) == 0 {
		t.Error("a new browser gets no cookie")
	}
	// In and out again: the cookie of the session itself.
	c := callers[asApplicant]
	look(link.SignOut(), h.post(c.who, link.SignOut(), nil))
	s := h.call(string(review.RoleAuditor))
	look(link.StaffSignOut(), h.post(s.who, link.StaffSignOut(), nil))
}

// TestPathsCannotSlipPast spells protected addresses in other ways: none may
// answer who may not see the page, and none is another name of the page.
func TestPathsCannotSlipPast(t *testing.T) {
	t.Parallel()
	h, want := openHouse(t), golden(t)
	reviewer, n := h.call(string(review.RoleReviewer)), 0
	for _, r := range routesOf(t, h) {
		if r.method != http.MethodGet || want["GET "+r.path][asAnonymous] == "2xx" {
			continue
		}
		path := reviewer.path(r.path)
		last := strings.LastIndex(path, "/")
		first := strings.Index(path[1:], "/") + 1
		if first == 0 {
			first = len(path)
		}
		for _, trick := range []string{
			strings.ToUpper(path[:first]) + path[first:], strings.ToUpper(path), path + "/", "/" + path, path[:last] + "/" + path[last:],
			"/." + path, path + "/.", path + "/..;/", "/static/.." + path, "/healthz/.." + path, "/static/%2e%2e" + path, path[:last] + "/%2e" + path[last:],
			path[:last] + "%2f" + path[last+1:], path[:last] + "%252f" + path[last+1:], "/%2e%2e" + path, path + ";x", path + ";.css", path + "%00", path + "%20", path + ".json",
			path[:1] + "%c0%ae/" + path[1:], path + "%0a", "/%" + hexOf(path[1]) + path[2:], path + "%3f", path + "%23",
		} {
			if !strings.HasPrefix(trick, "/") {
				continue
			}
			for _, v := range []visitor{{}, reviewer.who} {
				if v.token != "" && want["GET "+r.path][reviewer.as] == "2xx" {
					continue
				}
				a := h.ask(v, http.MethodGet, trick, nil)
				n++
				if a.status >= 200 && a.status < 300 || a.status >= 500 {
					t.Errorf("%s: %d", trick, a.status)
				}
			}
		}
	}
	t.Logf("%d requests", n)
	if n < 1000 {
		t.Errorf("only %d requests", n)
	}
}

func hexOf(b byte) string { return string("0123456789abcdef"[b>>4]) + string("0123456789abcdef"[b&15]) }

// wandering are the parts of a page that differ from one request to the next.
var wandering = regexp.MustCompile(`(value|content|data-csrf)="[A-Za-z0-9_-]{80,}"|[0-9a-v]{26}|since=\w+|data-seconds="\d+"|\d\d:\d\d(:\d\d)?`)

// TestForeignHostNamesChangeNothing: links and redirects come from the settings.
func TestForeignHostNamesChangeNothing(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	lies := []string{"Host", "evil.example", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "ftp", "X-Forwarded-For", "203.0.113.7",
		"Forwarded", "host=evil.example;proto=ftp", "X-Original-URL", "/admin/system", "X-Rewrite-URL", "/admin/system", "X-HTTP-Method-Override", "DELETE"}
	reviewer := h.call(string(review.RoleReviewer))
	for _, r := range routesOf(t, h) {
		if r.method != http.MethodGet || strings.Contains(r.path, ":token") {
			continue
		}
		path := reviewer.path(r.path)
		for _, v := range []visitor{{}, reviewer.who} {
			a, b := h.ask(v, http.MethodGet, path, nil), h.ask(v, http.MethodGet, path, nil, lies...)
			if strings.Contains(string(b.body), "evil.example") || strings.Contains(strings.Join(b.header.Values("Location"), " ")+strings.Join(b.header.Values("Set-Cookie"), " "), "evil") {
				t.Errorf("%s: the foreign name came through", path)
			}
			if a.status != b.status || a.header.Get("Location") != b.header.Get("Location") {
				t.Errorf("%s: %d %s, then %d %s", path, a.status, a.header.Get("Location"), b.status, b.header.Get("Location"))
			}
			if x, y := wandering.ReplaceAll(a.body, nil), wandering.ReplaceAll(b.body, nil); string(x) != string(y) && a.status == 200 && !strings.HasPrefix(path, "/readyz") {
				t.Errorf("%s: the page differs", path)
			}
		}
	}
	for _, back := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/%5cevil.example", "javascript:alert(1)", "\t//evil.example"} {
		a := h.ask(visitor{}, http.MethodGet, link.Language("en", back), nil)
		if to := a.header.Get("Location"); a.status != 303 || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) {
			t.Errorf("back to %q: %d %q", back, a.status, to)
		}
	}
}
