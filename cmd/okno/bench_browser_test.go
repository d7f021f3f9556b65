package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"okno/review"
	"okno/review/staff"
	"okno/static"
	"okno/views/layout"
	"okno/views/link"
)

// packed is how many bytes a page takes on the wire.
func packed(t *testing.T, body []byte) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// TestStaffPagesStaySmall measures the queue full of cases, the workbench with
// its panels, and all scripts that the desk loads.
func TestStaffPagesStaySmall(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleSeniorReviewer)
	for range 60 {
		h.queued()
	}
	s := h.scanned(reviewer)
	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	const limit = 40 << 10
	for _, path := range []string{
		link.Queue(), link.Case(string(s.ID)), link.CaseHistory(string(s.ID)), link.CaseScans(string(s.ID)), link.Settings(),
		link.Verdict(string(s.ID), "request-correction"), link.Verdict(string(s.ID), "reject"),
	} {
		a := h.ask(v, "GET", path, nil)
		if a.status != 200 {
			t.Errorf("%s: %d", path, a.status)
			continue
		}
		n := packed(t, a.body)
		t.Logf("%6d bytes packed, %6d plain: %s", n, len(a.body), longID.ReplaceAllString(path, "/id"))
		if n > limit {
			t.Errorf("%s takes %d bytes, more than %d", path, n, limit)
		}
	}
	scripts := 0
	for _, name := range append([]string{"vendor/htmx-2.0.11.min.js", "js/form.js", "js/desk.js"}, layout.ViewerScripts...) {
		a, ok := static.Lookup(static.URL(name))
		if !ok {
			t.Fatalf("no script %s", name)
		}
		scripts += len(a.Gzip())
	}
	t.Logf("%6d bytes packed: scripts of the workbench", scripts)
	if scripts > limit {
		t.Errorf("the scripts take %d bytes, more than %d", scripts, limit)
	}
}

// looksLike asks the browser for colours: light, dark or forced.
func (p *tab) looksLike(colours string) {
	p.t.Helper()
	features := []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: colours}, {Name: "forced-colors", Value: "none"}}
	if colours == "forced" {
		features[0].Value, features[1].Value = "dark", "active"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
}

// TestStaffPagesInEveryTheme runs axe over the desk's pages, with each panel
// open, in light, dark and forced colours, at three widths. At a tablet's width an
// open panel leaves most of the scan in view.
func TestStaffPagesInEveryTheme(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleSeniorReviewer)
	for range 5 {
		h.queued()
	}
	s := h.scanned(reviewer)
	id := string(s.ID)
	site, browser := h.live(), launch(t)
	for _, way := range []struct {
		colours, lang string
	}{{"light", "ru"}, {"dark", "en"}, {"forced", "ru"}} {
		t.Run(way.colours, func(t *testing.T) {
			p := browser.open(t, site, "staff-"+way.colours, way.lang, 1366, true)
			p.narrow = true
			p.looksLike(way.colours)
			p.signedIn(h, reviewer)
			for _, path := range []string{link.Queue(), link.MyDecisions(), link.CaseHistory(id), link.CaseScans(id), link.Settings()} {
				p.visit(path)
			}
			p.visit(link.Case(id))
			p.until("document.querySelector('[data-viewer][data-ready]')")
			for i, key := range []string{"Digit1", "Digit2", "Digit3", "KeyE"} {
				p.keystroke(key, "", 0)
				p.until("document.querySelector('#verdict-form')")
				p.inspect(fmt.Sprint("panel ", i+1))
				p.photograph(fmt.Sprint("panel-", i+1))
				p.keystroke("Escape", "Escape", 0)
				p.until("!document.querySelector('#verdict-form')")
			}
			p.keystroke("KeyP", "з", 0)
			p.inspect("comparing")
			p.photograph("comparing")
			p.keystroke("KeyP", "з", 0)
			p.keystroke("Slash", "?", 8)
			p.until("document.querySelector('#key-sheet[open]')")
			p.inspect("the sheet of keys")
			p.photograph("keys")
			p.keystroke("Escape", "Escape", 0)

			p.size(768)
			p.visit(link.Case(id))
			p.until("document.querySelector('[data-viewer][data-ready]')")
			p.keystroke("Digit2", "2", 0)
			p.until("document.querySelector('#verdict-form')")
			if free := eval[float64](p, coveredStage); free < 0.5 {
				t.Errorf("at 768 the panel leaves %.0f %% of the scan", free*100)
			}
		})
	}
}

// coveredStage is the part of the stage at which nothing else lies on top.
const coveredStage = `(() => {
  const s = document.querySelector('[data-stage]'), r = s.getBoundingClientRect();
  let free = 0, all = 0;
  for (let i = 0.5; i < 20; i++) for (let j = 0.5; j < 20; j++) {
    const e = document.elementFromPoint(r.x + r.width * i / 20, r.y + r.height * j / 20);
    all++;
    if (e && s.contains(e)) free++;
  }
  return free / all;
})()`

// TestKeysCanBeMoved gives turning another key, finds it at the next page and in
// the sheet, and switches all single keys off.
func TestKeysCanBeMoved(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.scanned(reviewer)
	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	key := func(i int) string { return fmt.Sprint("key-", i) }
	turn := -1
	for i, name := range staff.Keys {
		if name == "R" {
			turn = i
		}
	}
	if a := h.post(v, link.Settings(), url.Values{key(turn): {"B"}, "theme": {"dark"}}); a.status != 422 {
		t.Errorf("a key that is taken: %d", a.status)
	}
	if a := h.post(v, link.Settings(), url.Values{key(turn): {"й"}, "theme": {"dark"}, "density": {"compact"}}); a.status != 303 {
		t.Fatalf("saving: %d", a.status)
	}
	p := launch(t).open(t, h.live(), "reviewer", "ru", 1366, true)
	p.signedIn(h, reviewer)
	p.visit(link.Case(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	turned := func() string { return eval[string](p, "document.querySelector('[data-scan]').style.transform") }
	p.keystroke("KeyR", "к", 0)
	if got := turned(); got != "" {
		t.Errorf("the old key turned the page: %s", got)
	}
	p.keystroke("KeyQ", "й", 0)
	if got := turned(); got != "rotate(90deg)" {
		t.Errorf("the new key: %q", got)
	}
	p.keystroke("KeyQ", "Й", shift)
	if got := turned(); got != "" {
		t.Errorf("the new key with Shift: %q", got)
	}
	if got := eval[string](p, "document.querySelector('[data-view=rotate-right]').getAttribute('aria-keyshortcuts') + document.querySelector('[data-view=rotate-right]').title.slice(-1) + document.documentElement.dataset.theme + document.body.dataset.density"); got != "QQdarkcompact" {
		t.Errorf("button, theme and density say %q", got)
	}
	if !eval[bool](p, "[...document.querySelectorAll('#key-sheet kbd')].some(e => e.textContent === 'Shift Q')") {
		t.Error("the sheet does not know the new key")
	}
	if a := h.post(v, link.Shortcuts(link.Queue()), url.Values{"shortcuts": {"off"}}); a.status != 303 {
		t.Fatalf("switching off: %d", a.status)
	}
	p.visit(link.Case(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	p.keystroke("KeyQ", "й", 0)
	if got := turned(); got != "" {
		t.Errorf("a key that is switched off turned the page: %s", got)
	}
	eval[bool](p, "document.querySelector('[data-stage]').focus(), true")
	p.keystroke("ArrowDown", "ArrowDown", 0)
	if got := eval[string](p, "document.querySelector('[data-stage] [data-pan]').style.transform"); got != "translate(0px, -80px) scale(1)" {
		t.Errorf("arrows on the focused scan go on: %q", got)
	}
	p.forgets()
}
