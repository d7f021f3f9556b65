package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"okno/views/i18n"
)

// chrome is the Chromium of a test; every tab of it is a person of its own, with
// cookies of its own.
type chrome struct {
	ctx context.Context
	axe string
}

// chromium is started once for all tests of the package. TestMain ends it.
var chromium struct {
	start sync.Once
	end   func()
	ctx   context.Context
	axe   string
	err   error
}

// launch returns the Chromium of this package.
func launch(t *testing.T) *chrome {
	t.Helper()
	chromium.start.Do(func() { chromium.err = startChromium() })
	if chromium.err != nil {
		t.Fatalf("Chromium does not start (make tools installs it): %v", chromium.err)
	}
	return &chrome{ctx: chromium.ctx, axe: chromium.axe}
}

func startChromium() error {
	// The same Chromium without a window around the page: a third less work for the processor.
	path, err := exec.LookPath("chromium-headless-shell")
	if err != nil {
		return err
	}
	axe, err := os.ReadFile(filepath.Join("..", "..", "static", "testdata", "axe", "axe.min.js"))
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "okno-chromium-")
	if err != nil {
		return err
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.UserDataDir(dir), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("headless", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("disable-background-timer-throttling", true), chromedp.Flag("disable-backgrounding-occluded-windows", true),
		chromedp.Flag("disable-renderer-backgrounding", true), chromedp.Flag("force-color-profile", "srgb"), chromedp.Flag("password-store", "basic"),
		chromedp.Flag("disable-features", "Translate,PasswordManagerOnboarding,OptimizationHints,MediaRouter"))
	ctx, stop := chromedp.NewContext(ctx)
	chromium.end = func() {
		stop()
		cancel()
		_ = os.RemoveAll(dir)
	}
	chromium.ctx, chromium.axe = ctx, string(axe)
	return chromedp.Do(ctx)
}

// tab is the browser of one person.
type tab struct {
	t       *testing.T
	ctx     context.Context
	site    *site
	axe     string
	who     string
	lang    string
	width   int64
	scripts bool // whether the page's scripts run
	narrow  bool // whether pages must fit 320 pixels
	// unlooked leaves looking at pages to the test.
	unlooked bool
	keyboard bool // the person has no mouse

	mu       sync.Mutex
	problems []string
	refusals map[string]bool // paths that are meant to be refused
	looked   map[string]bool
}

// violations reports what the content security policy stopped.
const violations = `document.addEventListener('securitypolicyviolation', function (e) {
  console.error('csp violation: ' + e.violatedDirective + ' ' + e.blockedURI + ' ' + e.sourceFile + ':' + e.lineNumber);
});`

// open gives a person a browser.
func (c *chrome) open(t *testing.T, s *site, who, lang string, width int64, scripts bool) *tab {
	t.Helper()
	p := &tab{t: t, site: s, axe: c.axe, who: who, lang: lang, width: width, scripts: scripts, refusals: map[string]bool{}, looked: map[string]bool{}}
	var cancel context.CancelFunc
	p.ctx, cancel = chromedp.NewContext(c.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	t.Cleanup(func() {
		cancel()
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, problem := range p.problems {
			t.Errorf("%s: %s", p.who, problem)
		}
	})
	if err := chromedp.Do(p.ctx); err != nil { // the tab lives as long as this context
		t.Fatalf("no tab: %v", err)
	}
	call(p, audits.Enable, cdp.Empty{})
	call(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: violations})
	if !scripts {
		call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	}
	p.size(width)
	return p
}

// call sends a command of the DevTools protocol.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	r, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.fatalf("%s: %v", command.Method, err)
	}
	return r
}

func (p *tab) fatalf(format string, args ...any) {
	p.t.Helper()
	where, _ := evaluate[string](p, `location.pathname + location.search + ' «' + document.title + '» ' + [...document.querySelectorAll('.error-summary, main > h1, .notice')].map(e => e.innerText).join(' | ')`)
	p.t.Fatalf("%s at %s: %s", p.who, where, fmt.Sprintf(format, args...))
}

// hear collects whatever a page complains about.
func (p *tab) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var words []string
			for _, a := range e.Args {
				words = append(words, strings.Trim(string(a.Value), `"`)+a.Description)
			}
			said := strings.Join(words, " ")
			// A page that is left drops the request that was saving an unfinished verdict; htmx
			// says so in two lines. A request that failed says htmx:sendError besides.
			if strings.HasPrefix(said, "htmx:sendAbort") || strings.HasPrefix(said, "htmx:afterRequest") {
				return
			}
			p.complain("console: " + said)
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		p.complain("exception: " + text)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			u, err := url.Parse(e.Entry.URL)
			p.mu.Lock()
			meant := err == nil && p.refusals[u.Path] && strings.Contains(e.Entry.Text, "status of 4")
			p.mu.Unlock()
			if !meant {
				p.complain(fmt.Sprintf("log: %s %s (%s)", e.Entry.Text, e.Entry.URL, e.Entry.Source))
			}
		}
	case *audits.EventIssueAdded:
		if e.Issue.Code == audits.InspectorIssueCodeContentSecurityPolicyIssue {
			d := e.Issue.Details.ContentSecurityPolicyIssueDetails
			p.complain(fmt.Sprintf("content security policy: %s %s", d.ViolatedDirective, d.BlockedURL))
		}
	}
}

func (p *tab) complain(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = append(p.problems, text)
}

// refused announces that the next answer at the path is a refusal.
func (p *tab) refused(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refusals[path] = true
}

func (p *tab) size(width int64) {
	height := int64(900)
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
}

func evaluate[T any](p *tab, js string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
}

// eval computes an expression in the page.
func eval[T any](p *tab, js string) T {
	p.t.Helper()
	v, err := evaluate[T](p, js)
	if err != nil {
		p.fatalf("%s: %v", js, err)
	}
	return v
}

// quote writes a string as JavaScript.
func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// until waits until an expression holds in the page, whichever page that is by then.
func (p *tab) until(js string) {
	p.t.Helper()
	var last error
	pause := 10 * time.Millisecond
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(pause) {
		pause = min(pause*5/4, 80*time.Millisecond) // asking costs the browser time, too
		ok, err := evaluate[bool](p, "!!("+js+")")
		if err == nil && ok {
			return
		}
		last = err
	}
	p.fatalf("waited %s for %s (%v)", patience, js, last)
}

// has reports whether the page holds an element.
func (p *tab) has(selector string) bool {
	p.t.Helper()
	return eval[bool](p, "document.querySelector("+quote(selector)+") !== null")
}

// text is the visible text of the first element.
func (p *tab) text(selector string) string {
	p.t.Helper()
	p.until("document.querySelector(" + quote(selector) + ")")
	return eval[string](p, "document.querySelector("+quote(selector)+").innerText")
}

// says fails unless the page shows the words.
func (p *tab) says(words ...string) {
	p.t.Helper()
	text := strings.Join(strings.Fields(p.text("main")), " ")
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(strings.Join(strings.Fields(w), " "))) {
			p.t.Errorf("%s at %s: %q is not on the page:\n%s", p.who, eval[string](p, "location.pathname"), w, text)
		}
	}
}

// visit opens a path as if it was typed.
func (p *tab) visit(path string) {
	p.t.Helper()
	p.leave(func() { call(p, page.Navigate, page.NavigateParams{URL: p.site.base + path}) })
}

// leave waits for the page that an action leads to, and looks at it.
func (p *tab) leave(action func()) {
	p.t.Helper()
	eval[bool](p, "window.oknoLeft = true")
	action()
	p.until("window.oknoLeft === undefined && document.readyState === 'complete'")
	p.look()
}

// at fails unless the page has the path.
func (p *tab) at(path string) {
	p.t.Helper()
	if got := eval[string](p, "location.pathname + location.search"); got != path && strings.SplitN(got, "?", 2)[0] != path {
		p.fatalf("want %s", path)
	}
}

// point is where an element can be pressed.
type point struct {
	X, Y float64
	OK   bool
	Over string
}

// click presses the middle of an element with the mouse, as long as nothing lies
// over it and it has come to rest: nobody presses what moves.
func (p *tab) click(selector string) {
	p.t.Helper()
	if p.keyboard {
		p.strike(selector)
		return
	}
	p.until("document.querySelector(" + quote(selector) + ")")
	at := p.rest(selector)
	if !at.OK {
		p.fatalf("%s cannot be pressed: %s", selector, at.Over)
	}
	mouse := input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMousePressed, X: at.X, Y: at.Y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1}
	call(p, input.DispatchMouseEvent, mouse)
	mouse.Type, mouse.Buttons = input.DispatchMouseEventTypeMouseReleased, 0
	call(p, input.DispatchMouseEvent, mouse)
}

// rest is where an element can be pressed, once it is found there twice.
func (p *tab) rest(selector string) (at point) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		before := at
		at = eval[point](p, `(() => {
  const e = document.querySelector(`+quote(selector)+`);
  e.scrollIntoView({block: 'center', inline: 'center', behavior: 'instant'});
  const r = e.getClientRects()[0];
  if (!r) return {X: 0, Y: 0, OK: false, Over: 'not shown'};
  const x = r.x + r.width / 2, y = r.y + r.height / 2, hit = document.elementFromPoint(x, y), label = hit && hit.closest('label');
  return {X: x, Y: y, OK: hit === e || e.contains(hit) || !!label && label.control === e, Over: hit ? hit.outerHTML.slice(0, 200) : 'outside'};
})()`)
		if at == before {
			return at
		}
	}
	p.fatalf("%s does not come to rest", selector)
	return at
}

// follow presses a link or a button that leads to another page.
func (p *tab) follow(selector string) {
	p.t.Helper()
	p.leave(func() { p.click(selector) })
}

// link follows a link of the page by its address.
func (p *tab) link(path string) {
	p.t.Helper()
	p.follow(`main a[href="` + path + `"]`)
}

// form is the selector of the form that posts to a path.
func form(path string) string { return `form[action="` + path + `"]` }

// send presses the button of a form.
func (p *tab) send(path string) {
	p.t.Helper()
	p.follow(form(path) + ` button[type=submit]:not([hidden])`)
}

// fill answers the inputs of the page by name, as a person would.
func (p *tab) fill(values ...string) {
	p.t.Helper()
	for i := 0; i+1 < len(values); i += 2 {
		p.answer(values[i], values[i+1])
	}
}

func (p *tab) answer(name, value string) {
	p.t.Helper()
	field := `main [name="` + name + `"]`
	p.until("document.querySelector(" + quote(field) + ")")
	q := "document.querySelector(" + quote(field) + ")"
	switch kind := eval[string](p, q+".type"); kind {
	case "radio":
		p.click(field + `[value="` + value + `"]`)
	case "checkbox":
		if eval[bool](p, q+".checked") != (value != "") {
			p.click(field)
		}
	case "select-one":
		if p.keyboard {
			p.pick(field, value)
			break
		}
		eval[bool](p, "(e => { e.focus(); e.value = "+quote(value)+"; e.dispatchEvent(new Event('change', {bubbles: true})); return true })("+q+")")
	default:
		if p.keyboard {
			p.reach(field)
		}
		eval[bool](p, "(e => { e.focus({preventScroll: true}); e.select(); if ("+quote(value)+" === '') e.value = ''; return true })("+q+")")
		if value != "" {
			call(p, input.InsertText, input.InsertTextParams{Text: value})
		}
	}
	got := eval[string](p, "(e => e.type === 'radio' || e.type === 'checkbox' ? ([...document.getElementsByName(e.name)].find(x => x.checked) || {value: ''}).value : e.value)("+q+")")
	if got != value {
		p.fatalf("%s holds %q, typed %q", name, got, value)
	}
}

// specimens are the papers that tests upload.
var specimens = filepath.Join("..", "..", "review", "scan", "testdata", "specimens")

// choose puts a specimen into a file input.
func (p *tab) choose(selector, file string) {
	p.t.Helper()
	path, err := filepath.Abs(filepath.Join(specimens, file))
	if err != nil {
		p.t.Fatal(err)
	}
	p.choosePath(selector, path)
}

// choosePath puts a file into a file input and waits for what the page says of it: that
// appears above the button and moves it.
func (p *tab) choosePath(selector, path string) {
	p.t.Helper()
	if _, err := os.Stat(path); err != nil { // the browser would only say so when it sends the form
		p.t.Fatal(err)
	}
	r := call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.querySelector(" + quote(selector) + ")"})
	if r.Result == nil || r.Result.ObjectID == "" {
		p.fatalf("no input %s", selector)
	}
	call(p, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{path}, ObjectID: r.Result.ObjectID})
	if p.scripts {
		p.until(`document.querySelector('[data-upload-progress] [role=status]').textContent !== ''`)
	}
}

var digits = regexp.MustCompile(`[0-9]+`)
var longID = regexp.MustCompile(`/[0-9A-Za-z_-]{16,}`)

// look checks a page that was reached, once per look of it: it fits a narrow
// screen, axe finds nothing, and on request it is photographed.
func (p *tab) look() {
	p.t.Helper()
	shape := eval[string](p, `location.pathname + location.search.replace(/=[^&]*/g, '') + '|' + (document.querySelector('h1') || {innerText: ''}).innerText + '|' +
  document.querySelectorAll('main input, main select, main textarea, main button').length + '|' + document.querySelectorAll('.error-summary, .notice, dialog[open]').length`)
	if p.unlooked {
		return
	}
	shape = digits.ReplaceAllString(longID.ReplaceAllString(shape, "/id"), "0")
	if p.looked[shape] {
		return
	}
	p.looked[shape] = true
	p.photograph(shape)
	if p.narrow {
		p.size(320)
		if wide := eval[float64](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
			p.complain(fmt.Sprintf("%s scrolls sideways by %v pixels at 320: %s", shape, wide, eval[string](p, widest)))
		}
		if cut := eval[string](p, cutTables); cut != "" {
			p.complain(fmt.Sprintf("%s cuts tables at 320: %s", shape, cut))
		}
		p.size(p.width)
	}
	if !p.scripts {
		return
	}
	html := varying.ReplaceAllString(eval[string](p, everything), "")
	if _, done := axed.LoadOrStore(fmt.Sprint(p.width, html), true); !done {
		p.inspect(shape)
	}
}

// axed are the pages of all journeys that axe has looked at: the very same page in the
// same colours and at the same width is not given to it twice.
var axed sync.Map

const everything = `[matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('(forced-colors: active)').matches, document.documentElement.outerHTML].join()`

// varying are numbers, names of files and tokens in a page.
var varying = regexp.MustCompile(`[0-9A-Za-z_-]{80,}|[0-9a-v]{26}|[0-9]`)

// widest names what does not fit the window.
const widest = `[...document.querySelectorAll('main *, header *, footer *')].filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' ; ')`

// inspect runs axe over the page.
func (p *tab) inspect(shape string) {
	p.t.Helper()
	if !eval[bool](p, "typeof axe === 'object'") {
		eval[bool](p, p.axe+"; true")
	}
	found := eval[[]string](p, `axe.run(document, {
  runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
  rules: {'target-size': {enabled: true}}, preload: false, resultTypes: ['violations']
}).then(r => r.violations.flatMap(v => v.nodes.map(n => v.id + ' at ' + n.target.join(' ') + ': ' + n.failureSummary.replace(/\s+/g, ' ') + ' ' + n.html.slice(0, 160))))`)
	for _, f := range found {
		p.complain("axe on " + shape + ": " + f)
	}
	inspected.Add(1)
}

var unsafeInName = regexp.MustCompile(`[^\p{L}0-9-]+`)

// photograph saves the page at three widths when OKNO_SHOTS names a folder.
func (p *tab) photograph(shape string) {
	p.t.Helper()
	dir := os.Getenv("OKNO_SHOTS")
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		p.t.Fatal(err)
	}
	mode := ""
	if !p.scripts {
		mode = "-plain"
	}
	widths := []int64{320, 768, 1366}
	if !i18n.Complete(p.lang) {
		widths = widths[:1]
	}
	for _, width := range widths {
		p.size(width)
		height := eval[float64](p, "Math.min(document.documentElement.scrollHeight, 8000)")
		shot := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{CaptureBeyondViewport: new(true), Clip: &page.Viewport{Width: float64(width), Height: height, Scale: 1}})
		name := fmt.Sprintf("%s-%s%s-%03d-%s-%d.png", p.lang, p.who, mode, len(p.looked), strings.Trim(unsafeInName.ReplaceAllString(strings.SplitN(shape, "|", 2)[0], "-"), "-"), width)
		if err := os.WriteFile(filepath.Join(dir, name), shot.Data, 0o644); err != nil {
			p.t.Fatal(err)
		}
	}
	p.size(p.width)
}

// forgets fails when the browser keeps anything beyond cookies.
func (p *tab) forgets() {
	p.t.Helper()
	if n := eval[float64](p, "sessionStorage.length + localStorage.length"); n != 0 {
		p.t.Errorf("%s: %v entries stay in the browser", p.who, n)
	}
}
