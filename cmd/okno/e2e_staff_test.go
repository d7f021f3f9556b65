package main

import (
	"strings"
	"time"

	"okno/review"
	"okno/review/field"
	"okno/views/i18n"
	"okno/views/link"
)

// colleague is a member of staff at the desk's pages.
type colleague struct {
	*tab
	email  string
	secret []byte
}

const (
	reviewerName  = "Проверяев Образец"
	staffPassword = "Sinyaya_Lodka-42-Barhat"
)

func (c *colleague) words(key string, args ...any) string { return i18n.Text(c.lang, key, args...) }

// enrol follows the one-time link, sets a password and proves the generator.
func (c *colleague) enrol(path string) {
	c.t.Helper()
	c.visit(path)
	if c.has(`a[hreflang="` + c.lang + `"]`) {
		c.follow(`a[hreflang="` + c.lang + `"]`)
		c.at(path)
	}
	var err error
	if c.secret, err = field.TOTPSecret(c.text("code[translate=no]")); err != nil || len(c.secret) < 16 {
		c.fatalf("the secret on the page: %v", err)
	}
	c.refused(path)
	c.fill("password", staffPassword, "code", "000000")
	c.send(path)
	c.says(c.words("staff.fault.code.wrong"))
	c.fill("password", staffPassword, "code", field.TOTP(c.secret, time.Now()))
	c.send(path)
	c.at(link.Desk())
}

// signIn leaves, and comes in again with password and code. The enrolment has
// used the code of this half minute, so the next one is given.
func (c *colleague) signIn() {
	c.t.Helper()
	c.send(link.StaffSignOut())
	c.at(link.StaffSignIn())
	c.forgets()
	c.fill("email", c.email, "password", staffPassword)
	c.send(link.StaffSignIn())
	c.at(link.StaffCode())
	c.fill("code", field.TOTP(c.secret, time.Now().Add(field.TOTPStep)))
	c.send(link.StaffCode())
	c.at(link.Desk())
}

// takeNext takes the next case as soon as the queue holds the number.
func (c *colleague) takeNext(number string) {
	c.t.Helper()
	c.waitFor(number)
	c.send(link.TakeNext())
	c.isOn(number)
}

// picks opens a case from the queue and takes it.
func (c *colleague) picks(number string) {
	c.t.Helper()
	address := c.find(number)
	c.link(address)
	c.says(c.words("case.sealed"))
	c.send(address + "/claim")
	c.isOn(number)
}

// find waits until the queue holds the number, and returns the address of the case.
func (c *colleague) find(number string) string {
	c.t.Helper()
	c.waitFor(number)
	return eval[string](c.tab, `[...document.querySelectorAll('main table a')].find(a => a.innerText.includes(`+quote(number)+`)).pathname`)
}

// waitFor opens the queue until it holds the number.
func (c *colleague) waitFor(number string) {
	c.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		c.visit(link.Queue())
		if strings.Contains(c.text("main"), number) {
			break
		}
		if time.Now().After(end) {
			c.fatalf("%s does not come into the queue", number)
		}
	}
}

// isOn fails unless the workbench shows the case.
func (c *colleague) isOn(number string) {
	c.t.Helper()
	if got := c.text("h1"); got != number {
		c.fatalf("case %q is open, want %s", got, number)
	}
	c.until("document.querySelector('[data-viewer][data-ready]')")
}

// reads goes through all pages of the documents, turns and zooms.
func (c *colleague) reads() {
	c.t.Helper()
	const shown = "document.querySelector('[data-scan]').complete && document.querySelector('[data-scan]').naturalWidth > 400"
	c.until(shown)
	pages := eval[[]string](c.tab, "[...document.querySelectorAll('a[data-page]')].map(e => e.dataset.page)")
	if len(pages) < 2 {
		c.t.Errorf("%d pages to look at", len(pages))
	}
	for _, id := range pages {
		c.click(`a[data-page="` + id + `"]`)
		c.until(`document.querySelector('a[data-page="` + id + `"][aria-current]') && document.querySelector('[data-scan]').src.endsWith(document.querySelector('a[data-page="` + id + `"]').dataset.src) && ` + shown)
		c.until(`(i => i.complete && i.naturalWidth > 0)(document.querySelector('a[data-page="` + id + `"] img'))`)
	}
	c.click(`[data-view="rotate-right"]`)
	c.until(`document.querySelector('[data-scan]').style.transform === 'rotate(90deg)'`)
	c.click(`[data-view="zoom-in"]`)
	c.until(`document.querySelector('[data-zoom]').textContent !== '100 %'`)
	c.click(`[data-view="reset"]`)
	c.until(`document.querySelector('[data-scan]').style.transform === ''`)
}

// mark presses the verdict on a row and waits for the row that comes back.
func (c *colleague) mark(verdict, target string) {
	c.t.Helper()
	c.click(`button[name=mark][value="` + verdict + "=" + target + `"]`)
	c.until(`(b => b && b.getAttribute('aria-pressed') === 'true')(document.querySelector('button[name=mark][value="open=` + target + `"]'))`)
}

// panel opens the decision panel for an outcome.
func (c *colleague) panel(outcome review.Outcome) {
	c.t.Helper()
	c.click(`.decision a.button[href$="/verdict/` + string(outcome) + `"]`)
	c.until("document.querySelector('#verdict-form')")
	c.look()
}

// tick chooses a reason, and only it for its target, and waits for its text in the preview.
func (c *colleague) tick(target string, code review.ReasonCode, text string) {
	c.t.Helper()
	box := `#verdict-form input[name=item][value="` + target + "|" + string(code) + `"]`
	c.until("document.querySelector(" + quote(box) + ")")
	if eval[bool](c.tab, `document.querySelector(`+quote(box)+`).closest('details:not([open])') !== null`) {
		eval[bool](c.tab, `document.querySelector(`+quote(box)+`).closest('details').dataset.closed = 'yes', true`)
		c.click(`details[data-closed] > summary`)
		eval[bool](c.tab, `delete document.querySelector('details[data-closed]').dataset.closed`)
	}
	// A mark may have proposed another reason for the target, or this one.
	eval[bool](c.tab, `[...document.querySelectorAll('#verdict-form input[name=item]:checked')]
		.filter(i => i.value.startsWith(`+quote(target+"|")+`) && !i.matches(`+quote(box)+`)).forEach(i => i.click()), true`)
	if !eval[bool](c.tab, `document.querySelector(`+quote(box)+`).checked`) {
		c.click(box)
		c.until(`document.querySelector(` + quote(box) + `).checked`)
	}
	c.until("document.querySelector('#preview').innerText.includes(" + quote(text) + ")")
}

// decide sends the panel: with the button that takes the next case, or without.
func (c *colleague) decide(button string) {
	c.t.Helper()
	c.follow(`#verdict-form button[name=act][value=` + button + `]`)
}

// quickly does something without the checks of pages that are looked at, for
// what has to happen while a decision can be taken back.
func (c *colleague) quickly(action func()) {
	c.t.Helper()
	eval[bool](c.tab, "window.oknoLeft = true")
	action()
	c.until("window.oknoLeft === undefined && document.readyState === 'complete'")
}

// saved fails unless the strip tells of the decision and offers to take it back.
func (c *colleague) saved(number string) {
	c.t.Helper()
	if got := c.text(".strip-note"); !strings.Contains(got, c.words("verdict.saved", "number", number)) || !c.has(`.strip-note form[action$="/undo"]`) {
		c.t.Errorf("the strip says %q", got)
	}
}

// asksForCorrections requests the number and the passport again, takes it back
// once, and requests it again.
func (c *colleague) asksForCorrections(a *applicant) {
	c.t.Helper()
	const number, passport = "field:document-number", "doc:passport"
	c.mark("verified", "field:surname")
	c.mark("wrong", number)
	c.mark("wrong", passport)
	c.until(`document.querySelector('#wrong-count').textContent.includes('2')`)
	for round := range 2 {
		c.panel(review.RequestCorrection)
		c.tick(number, "doc-number-mismatch", a.reason("doc-number-mismatch"))
		c.tick(passport, "doc-blurry", a.reason("doc-blurry"))
		c.fill("note", "SPECIMEN")
		c.look()
		if round == 0 {
			c.quickly(func() { c.click(`#verdict-form button[name=act][value=send]`) })
			c.quickly(func() { c.click(`.strip-note form[action$="/undo"] button`) })
			c.says(c.words("case.undone"))
			c.look()
			continue
		}
		c.decide("send")
		c.saved(a.number)
	}
}

// approves reads what changed, and approves.
func (c *colleague) approves(a *applicant) {
	c.t.Helper()
	row := eval[string](c.tab, `(b => b ? b.closest('tr').innerText : '')(document.querySelector('button[name=mark][value="verified=field:document-number"]'))`)
	if !strings.Contains(row, wrongNumber) || !strings.Contains(row, a.Number) {
		c.t.Errorf("the row of the corrected number says %q", row)
	}
	if n := eval[float64](c.tab, `document.querySelectorAll('table.pairs tr[data-mark=differs]').length`); n != 2 {
		c.t.Errorf("%v rows are shown as changed, want 2", n)
	}
	c.says(c.words("case.asked"), c.words("case.answered"), c.words("case.before"))
	c.reads()
	c.panel(review.Approve)
	c.fill("note", "SPECIMEN")
	c.decide("next")
}

// rejects refuses with a reason, and reads the last decision's strip before.
func (c *colleague) rejects(a *applicant, target string, code review.ReasonCode) {
	c.t.Helper()
	c.reads()
	c.panel(review.Reject)
	c.tick(target, code, a.reason(code))
	c.fill("note", "SPECIMEN")
	c.decide("send")
	c.saved(a.number)
}
