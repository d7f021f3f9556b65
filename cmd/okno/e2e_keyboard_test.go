package main

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"

	"okno/review"
)

// press strikes a key with its modifiers.
func (p *tab) press(key, text string, code, modifiers int64) {
	p.t.Helper()
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: key, Text: text, WindowsVirtualKeyCode: code, Modifiers: modifiers}
	if key == " " {
		down.Code = "Space"
	}
	call(p, input.DispatchKeyEvent, down)
	down.Type, down.Text = input.DispatchKeyEventTypeKeyUp, ""
	call(p, input.DispatchKeyEvent, down)
}

func (p *tab) pressTab()   { p.press("Tab", "", 9, 0) }
func (p *tab) pressEnter() { p.press("Enter", "\r", 13, 0) }
func (p *tab) pressSpace() { p.press(" ", " ", 32, 0) }
func (p *tab) pressDown()  { p.press("ArrowDown", "", 40, 0) }

// focused is where the focus stands.
type focused struct {
	There  bool   // it is the wanted element, or a radio of its group
	Exact  bool   // it is the wanted element itself
	Hidden string // why the focus cannot be seen; empty when it can
}

// reach presses Tab until the focus is on an element. On the way the focus must
// be seen wherever it stops.
func (p *tab) reach(selector string) {
	p.t.Helper()
	p.until("document.querySelector(" + quote(selector) + ")")
	look := `(() => {
  const want = document.querySelector(` + quote(selector) + `), at = document.activeElement;
  if (!at || at === document.body) return {There: false, Exact: false, Hidden: ''};
  const there = at === want || (want.type === 'radio' && at.type === 'radio' && at.name === want.name);
  const ring = e => { const s = getComputedStyle(e); return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none' };
  const r = at.getBoundingClientRect();
  let hidden = '';
  if (at.id !== 'main' && at.id !== 'error-summary' && !ring(at) && ![...(at.labels || [])].some(ring)) hidden = 'no ring on ' + at.outerHTML.slice(0, 120);
  else if (r.bottom < 0 || r.top > innerHeight) hidden = 'outside the window: ' + at.outerHTML.slice(0, 120);
  return {There: there, Exact: at === want, Hidden: hidden};
})()`
	for range 200 {
		at := eval[focused](p, look)
		if at.Hidden != "" {
			p.complain("the focus cannot be seen: " + at.Hidden)
		}
		if at.Exact {
			return
		}
		if at.There { // arrows go round a group of radio buttons
			for range 20 {
				p.pressDown()
				if eval[focused](p, look).Exact {
					return
				}
			}
			break
		}
		p.pressTab()
	}
	p.fatalf("%s cannot be reached with Tab", selector)
}

// strike does with the keyboard what a click does.
func (p *tab) strike(selector string) {
	p.t.Helper()
	p.reach(selector)
	switch eval[string](p, "(e => e.type === 'checkbox' || e.type === 'radio' ? e.type : e.tagName)(document.activeElement)") {
	case "checkbox":
		p.pressSpace()
	case "radio":
		if !eval[bool](p, "document.activeElement.checked") {
			p.pressSpace()
		}
	default:
		p.pressEnter()
	}
}

// pick chooses an option of a list by typing its beginning.
func (p *tab) pick(selector, value string) {
	p.t.Helper()
	p.reach(selector)
	for _, r := range eval[string](p, `[...document.activeElement.options].find(o => o.value === `+quote(value)+`).label`) {
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: string(r), Text: string(r)})
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyUp, Key: string(r)})
	}
}

// TestByKeyboardAlone walks from the first form to a sent submission, and through
// a round of corrections, without a mouse.
func TestByKeyboardAlone(t *testing.T) {
	t.Parallel()
	c := launch(t)
	s := serve(t)
	arriving := func(t *testing.T, who, lang, email, phone string, track review.Track) *applicant {
		tab := c.open(t, s, who, lang, 1280, true)
		tab.keyboard, tab.unlooked = true, true
		return &applicant{tab: tab, person: people[who], track: track, email: email, phone: phone}
	}
	t.Run("foreign citizen", func(t *testing.T) {
		t.Parallel()
		reviewer := &colleague{tab: c.open(t, s, "reviewer", "ru", 1366, true), email: "specimen.reviewer@desk.test"}
		reviewer.enrol(s.invite(reviewerName, reviewer.email, string(review.RoleSeniorReviewer))) // who may pick
		a := arriving(t, foreigner, "ru", "anirajan@example.org", "+998 90 123 45 67", review.ForeignCitizen)
		a.register()
		a.apply()
		reviewer.picks(a.number)
		reviewer.asksForCorrections(a)
		a.correct()
	})
	t.Run("from abroad", func(t *testing.T) {
		t.Parallel()
		b := arriving(t, emigrant, "en", "probegaj@example.org", "+7 907 000-00-17", review.FromAbroad)
		b.register()
		b.apply()
	})
}

// TestWithoutScriptsInEnglish is the way of both tracks to a sent submission with
// the scripts of pages switched off.
func TestWithoutScriptsInEnglish(t *testing.T) {
	t.Parallel()
	c := launch(t)
	s := serve(t)
	for who, track := range map[string]review.Track{foreigner: review.ForeignCitizen, emigrant: review.FromAbroad} {
		t.Run(strings.ReplaceAll(string(track), "-", " "), func(t *testing.T) {
			t.Parallel()
			tab := c.open(t, s, who, "en", 360, false)
			tab.narrow = true
			a := &applicant{tab: tab, person: people[who], track: track, email: who + "@example.org", phone: map[string]string{foreigner: "+998 90 123 45 67", emigrant: "+7 907 000-00-17"}[who]}
			a.register()
			a.apply()
		})
	}
}
