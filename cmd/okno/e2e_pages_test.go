package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
)

// sheet is one page of the applicant's side in one state: as somebody finds it
// who has filled nothing or everything, and what an answer with faults is.
type sheet struct {
	path  string
	who   string   // a person of the gallery; empty is nobody
	wrong []string // what is typed to get the faults; nil: the page cannot be wrong
	to    string   // where it is posted, the path when empty
}

// gallery is a desk with one person for each state.
type gallery struct {
	*house
	site  *site
	token map[string]string
	who   map[string]review.AccountID
}

// The persons of the gallery.
const (
	newcomer  = "empty"     // a draft with nothing in it
	ready     = "filled"    // a draft with everything
	abroad    = "abroad"    // likewise, in the other track
	corrector = "asked"     // asked to correct a field and a document
	waiting   = "waiting"   // in the queue
	refused   = "refused"   // rejected
	accepted  = "accepted"  // active
	appealing = "appealing" // rejected, and appealed
	gone      = "gone"      // withdrawn
	pausing   = "pausing"   // rejected three times
)

// exhibit fills a desk with the persons of the gallery and serves it.
func exhibit(t *testing.T) *gallery {
	t.Helper()
	h := openHouse(t)
	g := &gallery{house: h, token: map[string]string{}, who: map[string]review.AccountID{}}
	reviewer := h.appoint(review.RoleReviewer)
	now := h.clock.Now()
	sent := []step{
		func(s *review.Submission) (review.Change, error) {
			return s.Send(review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
	}
	held := slices.Concat(sent, []step{func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) }})
	items := []review.Item{
		{Target: review.Target{Field: review.DocumentNumber}, Reason: "doc-number-mismatch"},
		{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"},
	}
	rejected := h.decided(reviewer, review.Decision{Outcome: review.Reject, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-damaged"}}})
	for who, steps := range map[string][]step{
		ready: nil, waiting: sent,
		corrector: slices.Concat(held, []step{h.decided(reviewer, review.Decision{Outcome: review.RequestCorrection, Items: items})}),
		refused:   slices.Concat(held, []step{rejected}),
		accepted:  slices.Concat(held, []step{h.decided(reviewer, review.Decision{Outcome: review.Approve})}),
		pausing:   slices.Concat(held, []step{rejected}),
		appealing: slices.Concat(held, []step{rejected, func(s *review.Submission) (review.Change, error) {
			return s.MakeAppeal(review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, "Паспорт действителен, его продлили в консульстве.", now)
		}}),
		gone: slices.Concat(sent, []step{func(s *review.Submission) (review.Change, error) {
			return s.Withdraw(review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, now)
		}}),
	} {
		by := h.applicant(review.ForeignCitizen)
		for range map[bool]int{true: review.RejectionsAtMost, false: 1}[who == pausing] {
			h.draft(by, review.ForeignCitizen, steps...)
		}
		g.who[who], g.token[who] = by.Account, h.accountToken(by.Account)
	}
	for who, track := range map[string]review.Track{newcomer: review.ForeignCitizen, abroad: review.FromAbroad} {
		by := h.applicant(track)
		if who == abroad {
			h.draft(by, track)
		}
		g.who[who], g.token[who] = by.Account, h.accountToken(by.Account)
	}
	g.site = &site{t: t, base: "http://" + h.listening(), post: &post{}, logs: &journal{}}
	return g
}

func (g *gallery) account(who string) review.AccountID { return g.who[who] }

// signIn puts a session into the browser of a tab.
func (g *gallery) signIn(p *tab, who string) {
	p.t.Helper()
	call(p, network.ClearBrowserCookies, cdp.Empty{})
	for name, value := range map[string]string{web.ApplicantCookie: g.token[who], web.LanguageCookie: p.lang} {
		if value != "" {
			call(p, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: g.site.base, Path: "/", Secure: new(true), HTTPOnly: new(true)})
		}
	}
}

// sheets are the pages of the applicant's side. Those that follow a code are
// walked in the whole way.
func (g *gallery) sheets() (list []sheet) {
	list = []sheet{
		{path: link.Start()}, {path: link.Tracks(), wrong: []string{}}, {path: link.SignIn(), wrong: []string{"login", "nobody@example.org", "password", "wrong"}},
		{path: link.Reset(), wrong: []string{"email", "nobody"}}, {path: link.Help()}, {path: link.Accessibility()}, {path: link.Cookies()}, {path: link.Privacy()},
		{path: link.TrackOutcome(string(review.OutcomeInRussia))},
		{path: link.Apply(), who: newcomer}, {path: link.Apply(), who: ready}, {path: link.Apply(), who: abroad},
		{path: link.CheckAnswers(), who: newcomer}, {path: link.CheckAnswers(), who: ready}, {path: link.CheckAnswers(), who: abroad},
		{path: link.Withdraw(), who: ready}, {path: link.RemoveDocument("passport"), who: ready},
		{path: link.Receipt(), who: waiting}, {path: link.Status(), who: waiting}, {path: link.Status(), who: refused}, {path: link.Status(), who: accepted},
		{path: link.Status(), who: corrector}, {path: link.Corrections(), who: corrector},
		{path: link.Section(intake.Document), who: corrector, wrong: []string{"document-number", "№"}},
		{path: link.Upload("passport"), who: corrector, wrong: []string{}},
		{path: link.Status(), who: appealing}, {path: link.Status(), who: gone}, {path: link.Status(), who: pausing}, {path: link.Apply(), who: gone}, {path: link.Apply(), who: pausing},
		{path: link.Withdraw(), who: waiting}, {path: link.Appeal(), who: refused, wrong: []string{"appeal", ""}},
		{path: link.Cabinet(), who: accepted}, {path: link.Cabinet(), who: ready},
		{path: link.ChangePassword(), who: accepted, wrong: []string{"current", "wrong", "password", "short"}},
		{path: link.LookUp(), wrong: []string{"case", "12", "email", "nobody"}}, {path: link.VerifyReceipt(), wrong: []string{"case", "12"}},
		{path: link.Disavow(g.desk.disavow.Token(g.newest(review.NoticeSubmitted).ID))},
		{path: link.ChangeContact("email"), who: ready, wrong: []string{"email", "nobody"}},
		{path: link.ChangeContact("phone"), who: ready, wrong: []string{"phone", "12"}},
		{path: link.Section(intake.Residence), who: abroad}, {path: link.Section(intake.Document), who: abroad, wrong: []string{"document-number", "02 15", "division-code", "1"}},
		{path: link.Section(intake.Address), who: abroad, wrong: []string{"residence-address", "х"}},
		{path: link.Section(intake.Person), who: abroad, wrong: []string{"surname", "Smith", "birth-date-month", "13"}},
		{path: link.Upload("residence-proof"), who: abroad, wrong: []string{}},
	}
	for code, wrong := range map[string][]string{
		intake.Person:   {"surname", "Иванoв", "surname-latin", "Иванов", "birth-date-day", "31", "birth-date-month", "чего-то", "birth-date-year", "1991"},
		intake.Document: {"document-number", "№", "document-issue-date-day", "", "document-issue-date-month", "5", "document-issue-date-year", "2021"},
		intake.Stay:     {"stay-proof-number", "12"}, intake.Address: {"address", "дом", "postal-index", "12"},
		intake.Identifiers: {"snils", "901-234-507 53", "inn", "12", "oms", "x"}, intake.AccountType: nil, intake.Consents: {"consent-processing", ""},
	} {
		list = append(list, sheet{path: link.Section(code), who: newcomer, wrong: wrong}, sheet{path: link.Section(code), who: ready})
	}
	for _, slot := range review.Slots(review.ForeignCitizen) {
		list = append(list, sheet{path: link.Upload(string(slot)), who: newcomer, wrong: []string{}}, sheet{path: link.Upload(string(slot)), who: ready})
	}
	return list
}

// TestEveryApplicantPage looks at every page of the applicant's side, empty, filled
// and with faults, at 320 and 1280 pixels, in both languages: axe finds nothing,
// nothing scrolls sideways at 400 % zoom or with letters twice as large, and an
// answer with faults tells them the way it should.
func TestEveryApplicantPage(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	for _, lang := range i18n.ForApplicants() {
		if !i18n.Complete(lang) && os.Getenv("OKNO_SHOTS") == "" {
			continue
		}
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			p := c.open(t, g.site, "gallery", lang, 1280, true)
			p.unlooked = true
			who := "nobody"
			for _, s := range g.sheets() {
				if s.who != who {
					g.signIn(p, s.who)
					who = s.who
				}
				p.visit(s.path)
				p.at(s.path)
				if got := eval[string](p, "document.documentElement.lang"); got != lang {
					t.Fatalf("%s is in %q", s.path, got)
				}
				if !i18n.Complete(lang) { // words only: the page is the same
					p.size(320)
					p.photograph(s.who + " " + s.path)
					p.fits("at 320", s.who+" "+s.path)
					continue
				}
				p.withstands(s.who + " " + s.path)
				if s.wrong != nil {
					p.errs(s)
				}
			}
		})
	}
	t.Cleanup(func() { t.Logf("axe looked at %d pages", inspected.Load()) })
}

// fits complains about a page that scrolls sideways.
func (p *tab) fits(how, what string) {
	p.t.Helper()
	if wide := eval[float64](p, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wide > 0 {
		p.complain(fmt.Sprintf("%s scrolls sideways by %v pixels %s: %s", what, wide, how, eval[string](p, widest)))
	}
}

// withstands runs axe at two widths and looks for a horizontal scroll bar at
// 320 pixels, at 400 % zoom and with letters of 200 %.
func (p *tab) withstands(what string) {
	p.t.Helper()
	p.photograph(what)
	p.inspect(what + " at 1280")
	p.letters("200%")
	p.fits("with letters of 200 %", what)
	p.letters("")
	p.size(320)
	p.inspect(what + " at 320")
	p.fits("at 320", what)
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: 320, Height: 256, DeviceScaleFactor: 4})
	p.fits("at 400 %", what)
	p.size(p.width)
}

// letters sets the size of letters as the browser's own setting would.
func (p *tab) letters(size string) {
	p.t.Helper()
	eval[bool](p, "(document.documentElement.style.fontSize = "+quote(size)+", true)")
}

// values are what the inputs of the page hold, but for secrets.
const values = `(() => { const v = {}; document.querySelectorAll('main form:not(.sign-out) input:not([type=hidden]):not([type=password]):not([type=file]), main select, main textarea').forEach(e => {
  if (e.type === 'radio' || e.type === 'checkbox') { if (e.checked) v[e.name] = e.value } else v[e.name] = e.value }); return v })()`

// errs sends what is wrong and reads the answer: 422, the title, the focus on the
// summary, links that lead to the inputs, the same words there, all values kept.
func (p *tab) errs(s sheet) {
	p.t.Helper()
	to := s.to
	if to == "" {
		to = s.path
	}
	p.refused(s.path)
	p.fill(s.wrong...)
	typed := eval[map[string]string](p, values)
	p.leave(func() {
		eval[bool](p, "(document.querySelector("+quote("main "+form(to))+").noValidate = true, document.querySelector("+quote("main "+form(to))+").submit(), true)")
	})
	what := s.who + " " + s.path + " with faults"
	if got := eval[float64](p, "performance.getEntriesByType('navigation')[0].responseStatus"); got != 422 {
		p.complain(fmt.Sprintf("%s: status %v", what, got))
		return
	}
	prefix := strings.Split(i18n.Text(p.lang, "kit.titleError", "title", "|"), "|")[0]
	if title := eval[string](p, "document.title"); !strings.HasPrefix(title, prefix) {
		p.complain(what + ": the title is " + title)
	}
	p.until("document.activeElement.id === 'error-summary'") // the browser moves the focus with its next frame
	kept := eval[map[string]string](p, values)
	for name, value := range typed {
		if kept[name] != value {
			p.complain(fmt.Sprintf("%s: %s was %q and is %q", what, name, value, kept[name]))
		}
	}
	p.withstands(what)
	faults := eval[[]string](p, `[...document.querySelectorAll('.error-summary a')].map(a => {
  a.click();
  const at = document.activeElement, field = at.closest('.field[data-error]');
  if (at.id !== a.hash.slice(1)) return a.innerText + ' leads to ' + (at.id || at.tagName);
  if (!field) return a.innerText + ' leads to an input without an error';
  if (at.getAttribute('aria-invalid') !== 'true' && at.type !== 'radio') return a.innerText + ': the input is not marked';
  const text = field.querySelector('.field-error').cloneNode(true);
  text.querySelectorAll('.vh, svg').forEach(e => e.remove());
  return text.textContent.trim() === a.textContent.trim() ? '' : a.innerText + ' is told as ' + text.textContent.trim();
}).filter(x => x)`)
	for _, f := range faults {
		p.complain(what + ": " + f)
	}
	if n := eval[float64](p, "document.querySelectorAll('.error-summary a').length"); n == 0 {
		p.complain(what + ": the summary names no input")
	}
}
