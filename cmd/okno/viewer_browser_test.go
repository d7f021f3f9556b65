package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// sheet is a page for the viewer: light paper with fine lines, and a red dot at a
// place that tells the page.
const sheetWidth, sheetHeight, dotSize = 1000, 1400, 60

// dotOf is the place of the dot on the n-th page, in fractions.
func dotOf(n int) (x, y float64) { return 0.2 + 0.1*float64(n), 0.25 + 0.05*float64(n) }

func sheetOf(t *testing.T, n int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, sheetWidth, sheetHeight))
	fx, fy := dotOf(n)
	cx, cy := fx*sheetWidth, fy*sheetHeight
	for y := range sheetHeight {
		for x := range sheetWidth {
			c := color.RGBA{200, 205, 210, 255}
			if x%40 < 2 || y%50 < 2 {
				c = color.RGBA{120, 130, 160, 255}
			}
			if math.Hypot(float64(x)-cx, float64(y)-cy) < dotSize/2 {
				c = color.RGBA{225, 20, 20, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// pdfOf binds sheets into a PDF, as a scanner does.
func pdfOf(pages ...[]byte) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(head string, stream []byte) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\n", len(offsets), head)
		if stream != nil {
			fmt.Fprintf(&b, "stream\n%s\nendstream\n", stream)
		}
		b.WriteString("endobj\n")
	}
	b.WriteString("%PDF-1.4\n")
	var kids []string
	for i := range pages {
		kids = append(kids, fmt.Sprintf("%d 0 R", 3+3*i))
	}
	object("<< /Type /Catalog /Pages 2 0 R >>", nil)
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(pages)), nil)
	for i, p := range pages {
		content := "q 595 0 0 833 0 0 cm /Im1 Do Q"
		object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 833] /Resources << /XObject << /Im1 %d 0 R >> >> /Contents %d 0 R >>", 5+3*i, 4+3*i), nil)
		object(fmt.Sprintf("<< /Length %d >>", len(content)), []byte(content))
		object(fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>",
			sheetWidth, sheetHeight, len(p)), p)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// live serves the house to real browsers.
func (h *house) live() *site {
	h.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.must(err)
	served := make(chan error, 1)
	go func() { served <- h.app.Serve(l) }()
	h.t.Cleanup(func() {
		h.must(h.app.Stop(10 * time.Second))
		h.must(<-served)
	})
	return &site{base: "http://" + l.Addr().String()}
}

// signedIn gives the tab the session of a member of staff.
func (p *tab) signedIn(h *house, by review.Actor) {
	p.t.Helper()
	for name, value := range map[string]string{web.StaffCookie: h.staffToken(by.Staff, false), web.LanguageCookie: p.lang} {
		call(p, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: p.site.base, Path: "/", Secure: new(true), HTTPOnly: new(true)})
	}
}

// uploads sends a file. On a machine that is busy with other tests the inspection
// may run out of time, as it may in service; people try again, and so does this.
func (h *house) uploads(by review.Actor, id review.SubmissionID, slot review.Slot, name string, body []byte) {
	h.t.Helper()
	for tries := 1; ; tries++ {
		_, _, err := h.desk.scan.Accept(h.t.Context(), by, id, slot, name, body)
		e, ok := errors.AsType[*review.Error](err)
		if ok && tries < 6 && len(e.Fields) == 1 && e.Fields[0].Code == "timeout" {
			continue
		}
		h.must(err)
		return
	}
}

// scanned is a case in the reviewer's hands: a JPEG, a PDF of one page and one
// of five.
func (h *house) scanned(reviewer review.Actor) *review.Submission {
	h.t.Helper()
	t := h.t.(*testing.T)
	by := h.applicant(review.ForeignCitizen)
	s := h.draft(by, review.ForeignCitizen)
	n := 0
	sheet := func() []byte { n++; return sheetOf(t, n-1) }
	for _, f := range []struct {
		slot review.Slot
		name string
		body []byte
	}{
		{review.SlotPassport, "SPECIMEN.jpg", sheet()}, {review.SlotStayProof, "SPECIMEN.pdf", pdfOf(sheet())},
		{review.SlotInsurance, "SPECIMEN-5.pdf", pdfOf(sheet(), sheet(), sheet(), sheet(), sheet())},
	} {
		h.uploads(by, s.ID, f.slot, f.name, f.body)
	}
	now := h.clock.Now()
	for _, do := range []step{
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) },
	} {
		var err error
		s, err = h.submissions.Update(t.Context(), s.ID, 0, do)
		h.must(err)
	}
	return s
}

// keystroke presses a key by its place on the keyboard; typed is what the layout makes of it.
func (p *tab) keystroke(code, typed string, modifiers int64) {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Code: code, Key: typed, Modifiers: modifiers})
	}
}

const shift = 8

// where is a rectangle of the window.
type where struct{ X, Y, W, H float64 }

func (p *tab) place(selector string) where {
	p.t.Helper()
	return eval[where](p, `(r => ({X: r.x, Y: r.y, W: r.width, H: r.height}))(document.querySelector(`+quote(selector)+`).getBoundingClientRect())`)
}

// seen is what a photograph of a stage shows: the middle and size of the red dot,
// and how light the paper is. Coordinates are those of the window.
type seen struct {
	x, y, size float64
	light      float64
}

// stageArea is the part of a stage on which the page lies, below its caption.
func (p *tab) stageArea(stage string) where {
	r := p.place(stage)
	const caption = 32
	return where{r.X, r.Y + caption, r.W, r.H - caption}
}

// looks photographs a stage once its picture is there.
func (p *tab) looks(stage string) seen {
	p.t.Helper()
	p.until(`(i => i.complete && i.naturalWidth > 400)(document.querySelector(` + quote(stage+" [data-pan] img") + `))`)
	eval[bool](p, `document.querySelector(`+quote(stage+" [data-pan] img")+`).decode().catch(() => 0)
  .then(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r(true)))))`)
	r := p.stageArea(stage)
	shot := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{Clip: &page.Viewport{X: r.X, Y: r.Y + eval[float64](p, "window.scrollY"), Width: r.W, Height: r.H, Scale: 1}})
	img, err := png.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		p.t.Fatal(err)
	}
	var s seen
	var n, paper int
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			cr, cg, cb, _ := img.At(x, y).RGBA()
			red, green, blue := int(cr>>8), int(cg>>8), int(cb>>8)
			switch {
			case red > 110 && red > 2*green && red > 2*blue:
				s.x += float64(x) + 0.5
				s.y += float64(y) + 0.5
				n++
			case red > 85 && red-blue < 12 && blue-red < 40:
				s.light += float64(red+green+blue) / 3
				paper++
			}
		}
	}
	if n < 20 || paper == 0 {
		p.fatalf("%s shows %d red pixels and %d of paper", stage, n, paper)
	}
	s.x, s.y, s.size = s.x/float64(n)+r.X, s.y/float64(n)+r.Y, math.Sqrt(float64(n))
	s.light /= float64(paper)
	return s
}

// fits is where the dot of a page must be when the page is turned and fitted.
func fits(area where, n, turn int) (x, y float64) {
	fx, fy := dotOf(n)
	w, h := float64(sheetWidth), float64(sheetHeight)
	for range turn / 90 {
		fx, fy = 1-fy, fx
		w, h = h, w
	}
	scale := math.Min(area.W/w, area.H/h) * 0.98
	return area.X + area.W/2 + (fx-0.5)*w*scale, area.Y + area.H/2 + (fy-0.5)*h*scale
}

func near(t *testing.T, what string, gotX, gotY, wantX, wantY, within float64) {
	t.Helper()
	if math.Hypot(gotX-wantX, gotY-wantY) > within {
		t.Errorf("%s: the dot is at %.1f, %.1f, want %.1f, %.1f", what, gotX, gotY, wantX, wantY)
	}
}

func (p *tab) mouse(kind input.DispatchMouseEventType, x, y, wheel float64) {
	p.t.Helper()
	e := input.DispatchMouseEventParams{Type: kind, X: x, Y: y, DeltaY: wheel}
	if kind == input.DispatchMouseEventTypeMouseWheel {
		e.DeltaX = 1e-9 // the protocol wants both, and leaves a zero out
	} else {
		e.Button, e.ClickCount = input.MouseButtonLeft, 1
		if kind != input.DispatchMouseEventTypeMouseReleased {
			e.Buttons = 1
		}
	}
	call(p, input.DispatchMouseEvent, e)
}

func (p *tab) drag(x, y, dx, dy float64) {
	p.t.Helper()
	p.mouse(input.DispatchMouseEventTypeMousePressed, x, y, 0)
	for i := 1.0; i <= 4; i++ {
		p.mouse(input.DispatchMouseEventTypeMouseMoved, x+dx*i/4, y+dy*i/4, 0)
	}
	p.mouse(input.DispatchMouseEventTypeMouseReleased, x+dx, y+dy, 0)
}

const mainStage, besideStage = "[data-stage]", "[data-pinned]"

// TestViewer looks at what the viewer really paints: for a JPEG, a PDF of one
// page and one of five, lying in each of the four ways.
func TestViewer(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.scanned(reviewer)
	p := launch(t).open(t, h.live(), "reviewer", "ru", 1366, true)
	p.signedIn(h, reviewer)
	p.visit(link.Case(string(s.ID)))
	p.until("document.querySelector('[data-viewer][data-ready]')")
	pages := eval[[]string](p, "[...document.querySelectorAll('a[data-page]')].map(e => e.dataset.page)")
	if len(pages) < 7 {
		t.Fatalf("%d pages in the strip", len(pages))
	}
	labels := eval[[]string](p, "[...document.querySelectorAll('a[data-page]')].slice(0, 7).map(e => e.innerText.trim())")
	for i, label := range labels {
		for _, other := range labels[:i] {
			if label == other {
				t.Errorf("two pages are called %q", label)
			}
		}
	}
	for _, doc := range []struct {
		name  string
		index int
	}{{"jpeg", 0}, {"pdf of one page", 1}, {"pdf of five pages", 4}} {
		t.Run(doc.name, func(t *testing.T) {
			p.t = t
			p.click(`a[data-page="` + pages[doc.index] + `"]`)
			for turn := 0; turn < 360; turn += 90 {
				t.Run(fmt.Sprint(turn), func(t *testing.T) {
					p.t = t
					p.turnedTo(t, doc.index, turn)
				})
				p.t = t
			}
		})
		p.t = t
	}
	t.Run("page change", func(t *testing.T) { p.t = t; p.changesPages(t, pages) })
	t.Run("compare", func(t *testing.T) { p.t = t; p.compares(t, pages) })
	t.Run("boxes", func(t *testing.T) { p.t = t; p.drawsBoxes(t, pages) })
	t.Run("tab order", func(t *testing.T) { p.t = t; p.reachesAll(t) })
	p.t = t
	p.forgets()
}

// turnedTo goes through the movements of one page at one turn.
func (p *tab) turnedTo(t *testing.T, n, turn int) {
	p.keystroke("KeyX", "ч", 0) // a Russian layout throughout
	for range turn / 90 {
		p.keystroke("KeyR", "к", 0)
	}
	area := p.stageArea(mainStage)
	at := p.looks(mainStage)
	x, y := fits(area, n, turn)
	near(t, "fitted", at.x, at.y, x, y, 3)

	eval[bool](p, "document.querySelector('[data-stage]').focus({preventScroll: true}), true")
	for _, arrow := range []struct {
		code   string
		dx, dy float64
	}{{"ArrowRight", -80, 0}, {"ArrowDown", 0, -80}, {"ArrowLeft", 80, 0}, {"ArrowUp", 0, 80}} {
		p.keystroke(arrow.code, arrow.code, 0)
		to := p.looks(mainStage)
		near(t, arrow.code, to.x, to.y, at.x+arrow.dx, at.y+arrow.dy, 2)
		at = to
	}
	p.drag(area.X+area.W/2, area.Y+area.H/2, 60, -40)
	to := p.looks(mainStage)
	near(t, "dragged", to.x, to.y, at.x+60, at.y-40, 2)

	at = to
	p.mouse(input.DispatchMouseEventTypeMouseWheel, math.Round(at.x), math.Round(at.y), -300)
	to = p.looks(mainStage)
	near(t, "enlarged where the mouse points", to.x, to.y, at.x, at.y, 4)
	if to.size < at.size*1.5 {
		t.Errorf("the wheel made %.1f to %.1f", at.size, to.size)
	}
	p.drag(to.x, to.y, -50, 30)
	moved := p.looks(mainStage)
	near(t, "dragged while enlarged", moved.x, moved.y, to.x-50, to.y+30, 3)

	p.keystroke("Digit0", "0", 0)
	at = p.looks(mainStage)
	near(t, "fitted again", at.x, at.y, x, y, 3)
	p.keystroke("Equal", "+", 0)
	p.keystroke("Minus", "-", 0)
	to = p.looks(mainStage)
	near(t, "larger and smaller by key", to.x, to.y, at.x, at.y, 2)

	for range 3 {
		p.keystroke("KeyB", "и", 0)
	}
	bright := p.looks(mainStage)
	for range 6 {
		p.keystroke("KeyB", "И", shift)
	}
	dark := p.looks(mainStage)
	if !(dark.light < at.light-20 && at.light < bright.light-10) {
		t.Errorf("brightness: dark %.0f, as it is %.0f, bright %.0f", dark.light, at.light, bright.light)
	}
	near(t, "after changing the light", dark.x, dark.y, at.x, at.y, 2)
	for range 3 {
		p.keystroke("KeyB", "и", 0)
	}
	if again := p.looks(mainStage); math.Abs(again.light-at.light) > 2 {
		t.Errorf("as light as before: %.1f, was %.1f", again.light, at.light)
	}
}

// changesPages goes through the pages and finds each as it was turned.
func (p *tab) changesPages(t *testing.T, pages []string) {
	p.click(`a[data-page="` + pages[0] + `"]`)
	p.keystroke("KeyX", "ч", 0)
	p.keystroke("KeyR", "к", shift)
	for n := 1; n < 7; n++ {
		p.keystroke("PageDown", "PageDown", 0)
		p.until(`document.querySelector('a[data-page="` + pages[n] + `"][aria-current]')`)
		if n == 1 || n == 4 {
			p.keystroke("KeyX", "ч", 0)
		}
		at := p.looks(mainStage)
		x, y := fits(p.stageArea(mainStage), n, 0)
		near(t, fmt.Sprint("page ", n), at.x, at.y, x, y, 3)
		if got := p.text("[data-place]"); !strings.HasPrefix(got, fmt.Sprint(n+1)) {
			t.Errorf("page %d is called %q", n, got)
		}
	}
	p.keystroke("BracketLeft", "х", 0)
	p.keystroke("BracketLeft", "х", 0)
	p.until(`document.querySelector('a[data-page="` + pages[0] + `"][aria-current]')`)
	at := p.looks(mainStage)
	x, y := fits(p.stageArea(mainStage), 0, 270)
	near(t, "the first page, turned as before", at.x, at.y, x, y, 3)
	p.leave(func() { eval[bool](p, "location.reload(), true") })
	p.until("document.querySelector('[data-viewer][data-ready]')")
	at = p.looks(mainStage)
	near(t, "after a reload", at.x, at.y, x, y, 3)
	p.keystroke("KeyX", "ч", 0)
}

// compares puts two pages side by side, moves them together and apart.
func (p *tab) compares(t *testing.T, pages []string) {
	p.click(`a[data-page="` + pages[0] + `"]`)
	for turn := 0; turn < 360; turn += 90 {
		p.keystroke("KeyX", "ч", 0)
		for range turn / 90 {
			p.keystroke("KeyR", "к", 0)
		}
		p.keystroke("KeyP", "з", 0)
		p.until("!document.querySelector('[data-pinned]').hidden")
		eval[bool](p, `(s => { s.value = `+quote(pages[3])+`; s.dispatchEvent(new Event('change', {bubbles: true})); return true })(document.querySelector('[data-pick]'))`)
		left, right := p.looks(mainStage), p.looks(besideStage)
		x, y := fits(p.stageArea(mainStage), 0, turn)
		near(t, fmt.Sprint(turn, ": the page itself"), left.x, left.y, x, y, 3)
		x, y = fits(p.stageArea(besideStage), 3, 0)
		near(t, fmt.Sprint(turn, ": the page beside it"), right.x, right.y, x, y, 3)

		a, b := p.stageArea(mainStage), p.stageArea(besideStage)
		px, py := math.Round(a.X+a.W*0.4), math.Round(a.Y+a.H*0.45)
		p.mouse(input.DispatchMouseEventTypeMouseWheel, px, py, -100)
		l, r := p.looks(mainStage), p.looks(besideStage)
		k := math.Exp(100.0 / 500)
		near(t, fmt.Sprint(turn, ": enlarged"), l.x, l.y, px+(left.x-px)*k, py+(left.y-py)*k, 4)
		bx, by := px-a.X+b.X, py-a.Y+b.Y
		near(t, fmt.Sprint(turn, ": enlarged together"), r.x, r.y, bx+(right.x-bx)*k, by+(right.y-by)*k, 4)

		p.drag(a.X+a.W/2, a.Y+a.H/2, 30, 20)
		l2, r2 := p.looks(mainStage), p.looks(besideStage)
		near(t, fmt.Sprint(turn, ": dragged"), l2.x, l2.y, l.x+30, l.y+20, 3)
		near(t, fmt.Sprint(turn, ": dragged together"), r2.x, r2.y, r.x+30, r.y+20, 3)

		p.keystroke("KeyL", "д", 0)
		p.drag(b.X+b.W/2, b.Y+b.H/2, -25, 15)
		l3, r3 := p.looks(mainStage), p.looks(besideStage)
		near(t, fmt.Sprint(turn, ": unlocked, the page itself"), l3.x, l3.y, l2.x, l2.y, 1)
		near(t, fmt.Sprint(turn, ": unlocked, the page beside"), r3.x, r3.y, r2.x-25, r2.y+15, 3)
		p.keystroke("KeyL", "д", 0)
		p.keystroke("KeyP", "з", 0)
		p.until("document.querySelector('[data-pinned]').hidden")
	}
	p.keystroke("KeyX", "ч", 0)
}

// drawsBoxes attaches a place to a reason, by mouse on a turned page and by
// keyboard, and finds it in the form in fractions of the page.
func (p *tab) drawsBoxes(t *testing.T, pages []string) {
	p.click(`a[data-page="` + pages[0] + `"]`)
	p.keystroke("KeyX", "ч", 0)
	p.keystroke("Digit2", "2", 0)
	p.until("document.querySelector('#verdict-form input[name=item]')")
	const item = `#verdict-form input[name=item][value="doc:passport|doc-blurry"]`
	p.until("document.querySelector('" + item + "')")
	eval[bool](p, `(e => { e.closest('details').open = true; return true })(document.querySelector('`+item+`'))`)
	p.click(item)
	const field, draw = `input[name="box-doc:passport|doc-blurry"]`, `button[data-draw="doc:passport|doc-blurry"]`
	p.until("document.querySelector('" + draw + "')")
	fx, fy := dotOf(0)
	for turn := 0; turn < 360; turn += 90 {
		for range min(turn, 90) / 90 {
			eval[bool](p, "document.querySelector('[data-stage]').focus({preventScroll: true}), true")
			p.keystroke("KeyR", "к", 0)
		}
		dot, scrolled := p.looks(mainStage), eval[float64](p, "window.scrollY")
		p.click(draw)
		dot.y -= eval[float64](p, "window.scrollY") - scrolled
		p.until("document.querySelector('[data-draw-bar]:not([hidden])')")
		p.drag(dot.x-30, dot.y-30, 60, 60)
		p.until("document.querySelector('[data-draw-bar]').hidden")
		box, ok := review.ParseBox(eval[string](p, "document.querySelector('"+field+"').value"))
		if !ok || box.PageID() != pages[0] {
			t.Fatalf("%d: the box is %+v", turn, box)
		}
		if shown := eval[int](p, "okno.viewers.get(document.querySelector('[data-viewer]')).stage.view.turn"); box.Turn != shown {
			t.Errorf("%d: the box says %d, the page is turned by %d", turn, box.Turn, shown)
		}
		if math.Abs(box.X+box.W/2-fx) > 0.02 || math.Abs(box.Y+box.H/2-fy) > 0.02 {
			t.Errorf("%d: the middle of the box is %.3f, %.3f, the dot at %.3f, %.3f", turn, box.X+box.W/2, box.Y+box.H/2, fx, fy)
		}
		eval[bool](p, "document.querySelector('.spot').remove(), true") // it is red, too
	}
	before := eval[string](p, "document.querySelector('"+field+"').value")
	eval[bool](p, "document.querySelector('"+draw+"').focus(), true")
	p.keystroke("Enter", "Enter", 0)
	eval[bool](p, "document.querySelector('"+draw+"').click(), true")
	p.until("document.querySelector('[data-draw-bar]:not([hidden])')")
	p.keystroke("ArrowRight", "ArrowRight", 0)
	p.keystroke("ArrowDown", "ArrowDown", shift)
	p.keystroke("Enter", "Enter", 0)
	p.until("document.querySelector('[data-draw-bar]').hidden")
	after := eval[string](p, "document.querySelector('"+field+"').value")
	if _, ok := review.ParseBox(after); !ok || after == before {
		t.Errorf("by keyboard the box went from %q to %q", before, after)
	}
	p.until("document.activeElement === document.querySelector('" + draw + "')")
	p.look()
	p.keystroke("Escape", "Escape", 0)
	p.until("!document.querySelector('#verdict-form')")
	p.keystroke("KeyX", "ч", 0)
}

// reachesAll goes through the page with Tab and finds every control of the viewer
// with a name.
func (p *tab) reachesAll(t *testing.T) {
	eval[bool](p, "document.activeElement.blur(), window.scrollTo(0, 0), true")
	reached := map[string]bool{}
	for range 200 {
		p.keystroke("Tab", "Tab", 0)
		at := eval[string](p, `(e => !e || !e.closest('[data-viewer]') ? '' :
  (e.dataset.view || e.dataset.page || (e.matches('[data-stage]') ? 'stage' : '')) + '|' + (e.getAttribute('aria-label') || e.innerText || '').trim())(document.activeElement)`)
		if at != "" {
			name, label, _ := strings.Cut(at, "|")
			reached[name] = true
			if label == "" {
				t.Errorf("%s has no name", name)
			}
		}
	}
	want := eval[[]string](p, `[...document.querySelectorAll('[data-viewer] [data-view], [data-viewer] a[data-page]')].filter(e => e.getClientRects().length).map(e => e.dataset.view || e.dataset.page).concat('stage')`)
	if len(want) < 25 {
		t.Errorf("only %d controls", len(want))
	}
	for _, name := range want {
		if !reached[name] {
			t.Errorf("%s is not reached by Tab", name)
		}
	}
}
