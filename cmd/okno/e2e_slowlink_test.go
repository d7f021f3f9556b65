package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// The link of a phone far from a mast.
const (
	slowRate    = 400_000 / 8 // bytes a second, either way
	slowLatency = 400         // milliseconds, there and back
	slowPaint   = 2500        // milliseconds until something is shown
	slowTabs    = 4           // pages measured beside each other
)

// slow puts a tab on a bad link.
func (p *tab) slow() {
	p.t.Helper()
	call(p, network.Enable, network.EnableParams{})
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Latency: slowLatency, DownloadThroughput: slowRate, UploadThroughput: slowRate},
	}})
}

// TestFirstPaintOnASlowLink opens pages that a browser has never seen at 400
// kbit/s and 400 ms. The time is that of the throttled network, not of the machine.
func TestFirstPaintOnASlowLink(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	pages := map[string]sheet{} // of two states of a page, the last is the fuller one
	for _, s := range g.sheets() {
		pages[s.path] = s
	}
	var mu sync.Mutex
	paints := map[string]float64{}
	t.Run("pages", func(t *testing.T) {
		for n := range slowTabs {
			t.Run(strconv.Itoa(n), func(t *testing.T) {
				t.Parallel()
				p := c.open(t, g.site, "traveller", "ru", 360, true)
				p.unlooked = true
				p.slow()
				for i, path := range slices.Sorted(maps.Keys(pages)) {
					if i%slowTabs == n {
						paint := g.firstPaint(p, pages[path])
						mu.Lock()
						paints[path] = paint
						mu.Unlock()
					}
				}
			})
		}
	})
	all := slices.Sorted(maps.Keys(pages))
	slices.SortStableFunc(all, func(a, b string) int { return cmp.Compare(paints[b], paints[a]) })
	for _, path := range all {
		t.Logf("%5.0f ms  %s", paints[path], path)
	}
	if len(paints) < 35 {
		t.Errorf("only %d pages", len(paints))
	}
}

// firstPaint is when a browser that has never seen the page shows something.
func (g *gallery) firstPaint(p *tab, s sheet) float64 {
	p.t.Helper()
	g.signIn(p, s.who)
	var tries []float64
	for range 3 { // a busy machine may be late once
		call(p, network.ClearBrowserCache, cdp.Empty{})
		p.visit(s.path)
		p.until("performance.getEntriesByName('first-contentful-paint').length")
		tries = append(tries, eval[float64](p, "performance.getEntriesByName('first-contentful-paint')[0].startTime"))
		if tries[len(tries)-1] <= slowPaint {
			break
		}
	}
	paint := slices.Min(tries)
	if paint < slowLatency {
		p.t.Errorf("%s: %.0f ms: the link is not slow", s.path, paint)
	}
	if paint > slowPaint {
		p.t.Errorf("%s: first shown after %.0f ms, more than %d", s.path, paint, slowPaint)
	}
	return paint
}

// photo writes a JPEG of noise that is about as large as asked.
func photo(t *testing.T, about int) (path string) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	side := 1200
	for {
		m := image.NewRGBA(image.Rect(0, 0, side, side*3/4))
		for i := range m.Pix {
			m.Pix[i] = byte(random.UintN(256))
		}
		for y := range 200 {
			for x := range 400 {
				m.Set(x, y, color.White)
			}
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		if b.Len() < about*9/10 {
			side = side * 21 / 20
			continue
		}
		if b.Len() > web.MaxFile {
			t.Fatalf("a photo of %d bytes", b.Len())
		}
		path = filepath.Join(t.TempDir(), "SPECIMEN.jpg")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

// TestFiveMegabytesOnASlowLink: a large photo gets through at 400 kbit/s, and the
// page tells all the while how far it is.
func TestFiveMegabytesOnASlowLink(t *testing.T) {
	t.Parallel()
	g, c := exhibit(t), launch(t)
	file := photo(t, web.MaxFile)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	p := c.open(t, g.site, "traveller", "ru", 360, true)
	p.unlooked = true
	g.signIn(p, newcomer)
	p.visit(link.Apply())
	p.visit(link.Upload("passport"))
	p.choosePath("input[type=file]", file)
	p.slow()
	begun := time.Now()
	eval[bool](p, `(() => { window.oknoSeen = []; const words = document.querySelector('[data-upload-progress] [role=status]'), bar = document.querySelector('[data-upload-progress] progress');
  new MutationObserver(() => window.oknoSeen.push([bar.value, words.textContent])).observe(words, {childList: true, characterData: true, subtree: true}); return true })()`)
	p.click(form(link.Upload("passport")) + " button[type=submit]")
	var seen [][]any
	for end := time.Now().Add(5 * time.Minute); time.Now().Before(end); time.Sleep(500 * time.Millisecond) {
		seen = eval[[][]any](p, "window.oknoSeen")
		if eval[bool](p, "location.search === '?stored=yes' && !!document.querySelector('.preview img')") {
			break
		}
	}
	took := time.Since(begun)
	if !eval[bool](p, "location.search === '?stored=yes'") {
		p.fatalf("the file did not arrive in %s: %v", took, seen)
	}
	last, steps := -1.0, 0
	for _, s := range seen {
		percent := s[0].(float64)
		if percent < last {
			t.Errorf("the progress falls from %v to %v", last, percent)
		}
		if percent > last {
			steps++
		}
		last = percent
	}
	if steps < 8 || last != 100 {
		t.Errorf("%d steps up to %v: %v", steps, last, seen)
	}
	if floor := time.Duration(info.Size()/slowRate) * time.Second * 8 / 10; took < floor {
		t.Errorf("%s for %d bytes: the link is not slow", took, info.Size())
	}
	s, err := g.submissions.ForAccount(t.Context(), g.account(newcomer))
	g.must(err)
	if d, ok := s.Document(review.SlotPassport); !ok || int64(d.Bytes) != info.Size() {
		t.Errorf("stored: %v, %d bytes", ok, d.Bytes)
	}
	t.Logf("%d bytes in %s, %d steps: %s", info.Size(), took.Round(time.Second), steps, fmt.Sprint(seen[len(seen)-1]))
}

// cut takes a tab off the air, or puts it back.
func (p *tab) cut(off bool) {
	p.t.Helper()
	call(p, network.Enable, network.EnableParams{})
	call(p, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Offline: off, DownloadThroughput: -1, UploadThroughput: -1},
	}})
}

// forgive takes complaints with the words off the list: the test meant them.
func (p *tab) forgive(words string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.problems = slices.DeleteFunc(p.problems, func(s string) bool { return strings.Contains(s, words) })
}
