package main

import (
	"crypto/sha256"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"

	"okno/review"
	"okno/views/link"
)

// keyboard is a layout: what the key of a place on the keyboard writes.
type keyboard struct {
	name    string
	letters map[string]string // by code
}

var keyboards = []keyboard{
	{"en", map[string]string{"KeyN": "n", "KeyJ": "j", "KeyM": "m", "KeyZ": "z", "Digit1": "1", "Digit2": "2"}},
	{"ru", map[string]string{"KeyN": "т", "KeyJ": "о", "KeyM": "ь", "KeyZ": "я", "Digit1": "1", "Digit2": "2"}},
}

// typist works without a mouse and counts every key that goes down.
type typist struct {
	*tab
	keys    keyboard
	presses int
}

// strike presses one key of the layout.
func (k *typist) strike(code string) {
	k.t.Helper()
	k.presses++
	letter := k.keys.letters[code]
	k.strikeAs(letter, code, letter, 0)
}

func (k *typist) strikeAs(key, code, text string, modifiers int64) {
	k.t.Helper()
	virtual := int64(strings.TrimPrefix(strings.TrimPrefix(code, "Key"), "Digit")[0])
	if code == "Enter" {
		virtual = 13
	}
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Code: code, Text: text, WindowsVirtualKeyCode: virtual, Modifiers: modifiers}
	call(k.tab, input.DispatchKeyEvent, down)
	down.Type, down.Text = input.DispatchKeyEventTypeKeyUp, ""
	call(k.tab, input.DispatchKeyEvent, down)
}

// commit presses Ctrl+Enter, which is two keys.
func (k *typist) commit() {
	k.t.Helper()
	k.presses += 2
	const control = 2
	down := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeRawKeyDown, Key: "Control", Code: "ControlLeft", WindowsVirtualKeyCode: 17, Modifiers: control}
	call(k.tab, input.DispatchKeyEvent, down)
	k.strikeAs("Enter", "Enter", "", control)
	down.Type, down.Modifiers = input.DispatchKeyEventTypeKeyUp, 0
	call(k.tab, input.DispatchKeyEvent, down)
}

// count runs an action and returns the keys that it took.
func (k *typist) count(action func()) int {
	before := k.presses
	action()
	return k.presses - before
}

// painted waits until another case is on the screen, its scan drawn, and returns
// how long that took since the keys were struck.
func (k *typist) painted(act func(), before string) (string, time.Duration) {
	k.t.Helper()
	start := time.Now()
	act()
	k.until(`document.querySelector('h1') && document.querySelector('h1').innerText !== ` + quote(before) + ` && document.querySelector('[data-viewer][data-ready]') &&
  (i => i && i.complete && i.naturalWidth > 500)(document.querySelector('[data-scan]')) && new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))`)
	return k.text("h1"), time.Since(start)
}

// photographed queues a case with pictures of the usual size.
func (h *house) photographed() *review.Submission {
	h.t.Helper()
	by := h.applicant(review.ForeignCitizen)
	s := h.draft(by, review.ForeignCitizen)
	now := h.clock.Now()
	do := func(step step) {
		h.t.Helper()
		var err error
		s, err = h.submissions.Update(h.t.Context(), s.ID, 0, step)
		h.must(err)
	}
	for _, slot := range []review.Slot{review.SlotPassport, review.SlotStayProof} {
		d := review.Document{
			ID: review.DocumentID(h.ids.NewID()), Slot: slot, Name: "SPECIMEN.jpg", Format: "jpeg", Bytes: len(picture()), Verdict: "accept",
			Print: h.scans.Print(sha256.Sum256([]byte(h.ids.NewID()))), Original: h.ids.NewID(),
			Pages: []review.Page{{Number: 1, Width: 1000, Height: 700, Image: h.ids.NewID(), Thumb: h.ids.NewID()}},
		}
		for kind, name := range map[string]string{"original": d.Original, "page": d.Pages[0].Image, "thumb": d.Pages[0].Thumb} {
			h.must(h.bytes.Put(h.t.Context(), s.ID, kind, name, picture()))
		}
		do(func(s *review.Submission) (review.Change, error) { return s.PutDocument(by, d, now) })
	}
	do(func(s *review.Submission) (review.Change, error) { return s.Send(by, now) })
	do(func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) })
	return s
}

// TestCasesAreDecidedByKeysAlone approves a case and asks for two corrections of
// another, without a mouse, on a Latin and on a Russian layout; and takes a
// decision back by key.
func TestCasesAreDecidedByKeysAlone(t *testing.T) {
	c := launch(t)
	for _, keys := range keyboards {
		t.Run(keys.name, func(t *testing.T) {
			h := openHouse(t)
			byNumber := map[string]review.SubmissionID{}
			for range 4 {
				s := h.photographed()
				byNumber[s.Number.String()] = s.ID
			}
			reviewer := h.appoint(review.RoleReviewer)
			k := &typist{tab: c.open(t, h.live(), "reviewer", keys.name, 1366, true), keys: keys}
			k.signedIn(h, reviewer)
			k.visit(link.Queue())

			pending := func(number string) *review.Decision {
				t.Helper()
				s, err := h.submissions.Submission(t.Context(), byNumber[number])
				h.must(err)
				if s.Pending == nil {
					t.Fatalf("nothing was decided about %s", number)
				}
				return s.Pending
			}
			var first, second, third string
			var opened, next time.Duration
			clean := k.count(func() {
				first, opened = k.painted(func() { k.strike("KeyN") }, k.text("h1"))
				k.strike("Digit1")
				k.until(`document.querySelector('#verdict-form')`)
				second, next = k.painted(k.commit, first)
			})
			if d := pending(first); d.Outcome != review.Approve || d.By != reviewer.Staff {
				t.Errorf("%s: %+v", first, d)
			}
			if clean > 6 {
				t.Errorf("a clean case takes %d keys", clean)
			}

			var after time.Duration
			corrections := 1 + k.count(func() { // the key that opened the case belongs to it
				row := func(target, verdict string) {
					k.until(`(r => r && r.contains(document.activeElement) || r && r.matches('[aria-current]'))(document.querySelector('button[name=mark][value$="=` + target + `"]').closest('tr'))`)
					if verdict != "" {
						k.strike("KeyM")
						k.until(`(b => b && b.getAttribute('aria-pressed') === 'true')(document.querySelector('button[name=mark][value="open=` + target + `"]'))`)
					}
				}
				k.strike("KeyJ")
				row("doc:passport", "wrong")
				row("doc:stay-proof", "")
				for range 3 { // past what is right
					if eval[bool](k.tab, `(r => r && (r.contains(document.activeElement) || r.matches('[aria-current]')))(document.querySelector('button[name=mark][value$="=field:surname"]').closest('tr'))`) {
						break
					}
					k.strike("KeyJ")
				}
				row("field:surname", "wrong")
				k.strike("Digit2")
				k.until(`document.querySelectorAll('#verdict-form input[name=item]:checked').length === 2`)
				third, after = k.painted(k.commit, second)
			})
			d := pending(second)
			if d.Outcome != review.RequestCorrection || len(d.Items) != 2 {
				t.Errorf("%s: %+v", second, d)
			}
			if corrections > 14 {
				t.Errorf("two corrections take %d keys", corrections)
			}

			k.quickly(func() { k.strike("KeyZ") }) // from the strip
			if got := k.text("h1"); got != second {
				t.Errorf("taken back: %s is open, want %s (%s was)", got, second, third)
			}
			if s, err := h.submissions.Submission(t.Context(), byNumber[second]); err != nil || s.Pending != nil || !s.HeldBy(reviewer.Staff, h.clock.Now()) {
				t.Errorf("after taking back: %+v, %v", s.Pending, err)
			}
			t.Logf("%s layout: a clean case takes %d keys, one with two corrections %d; painted after: take next %s, approval to next case %s, corrections to next case %s",
				keys.name, clean, corrections, opened.Round(time.Millisecond), next.Round(time.Millisecond), after.Round(time.Millisecond))
		})
	}
}

// quickly presses what leads to another page, without the checks of pages.
func (k *typist) quickly(action func()) {
	k.t.Helper()
	eval[bool](k.tab, "window.oknoLeft = true")
	action()
	k.until("window.oknoLeft === undefined && document.readyState === 'complete'")
}

// BenchmarkNextCase measures the server's part of the way from one case to the
// next: the decision, the claim of the next case and its page.
func BenchmarkNextCase(b *testing.B) {
	h := openHouse(b)
	reviewer := h.appoint(review.RoleReviewer)
	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	current := h.taken(reviewer)
	for range b.N {
		h.queued()
	}
	b.ResetTimer()
	for range b.N {
		a := h.post(v, link.Verdict(string(current.ID), "approve"), url.Values{"act": {"next"}, "version": {strconv.FormatInt(current.Version, 10)}})
		to, err := url.Parse(a.header.Get("Location"))
		if err != nil || a.status != 303 {
			b.Fatalf("%d %v", a.status, err)
		}
		if page := h.ask(v, "GET", to.RequestURI(), nil); page.status != 200 {
			b.Fatalf("%d", page.status)
		}
		id := review.SubmissionID(strings.TrimPrefix(to.Path, link.Case("")))
		if current, err = h.submissions.Submission(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}
