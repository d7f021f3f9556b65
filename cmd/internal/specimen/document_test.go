package specimen

import (
	"bytes"
	"crypto/sha256"
	"image/jpeg"
	"runtime"
	"sync"
	"testing"
	"time"
)

// drawAll draws every file of the cases on all processors.
func drawAll(cases []Case, each func(c Case, s Scan, name string, body []byte)) {
	jobs := make(chan int)
	var wg sync.WaitGroup
	var mu sync.Mutex
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range jobs {
				for _, s := range cases[i].Scans {
					name, body := cases[i].File(s)
					mu.Lock()
					each(cases[i], s, name, body)
					mu.Unlock()
				}
			}
		})
	}
	for i := range cases {
		jobs <- i
	}
	close(jobs)
	wg.Wait()
}

func TestFiles(t *testing.T) {
	cases := Desk(1, now)
	total, pdfs, size := 0, 0, 0
	seen := map[[32]byte]int{}
	start := time.Now()
	for _, c := range cases {
		for _, s := range c.Scans {
			total++
			if s.Format == "pdf" {
				pdfs++
			}
		}
	}
	if share := float64(pdfs) / float64(total); share < 0.179 || share > 0.181 {
		t.Errorf("%.2f %% are PDFs", 100*share)
	}
	drawn := 0
	some := append(cases[:15:15], cases[485:]...)
	drawAll(some, func(c Case, s Scan, name string, body []byte) {
		drawn++
		size += len(body)
		sum := sha256.Sum256(body)
		if n, ok := seen[sum]; ok && n != c.DuplicateOf && cases[n-1].DuplicateOf != c.Number {
			t.Errorf("cases %d and %d have the same file %s", n, c.Number, name)
		}
		seen[sum] = c.Number
		if s.Format == "pdf" {
			if !bytes.HasPrefix(body, []byte("%PDF-1.4")) {
				t.Errorf("%s is no PDF", name)
			}
			from := bytes.Index(body, []byte{0xff, 0xd8, 0xff})
			body = body[from:]
		}
		m, err := jpeg.DecodeConfig(bytes.NewReader(body))
		if err != nil {
			t.Errorf("case %d %s: %v", c.Number, name, err)
		} else if s.Flaw == FlawNone && max(m.Width, m.Height) < 1000 {
			t.Errorf("case %d %s: %d×%d", c.Number, name, m.Width, m.Height)
		}
		if len(body) > 600<<10 {
			t.Errorf("case %d %s: %d bytes", c.Number, name, len(body))
		}
	})
	t.Logf("%d files in all, %d drawn in %s, mean %d kB", total, drawn, time.Since(start).Round(time.Millisecond), size/drawn>>10)
}

func TestFilesDecode(t *testing.T) {
	seen := map[Flaw]bool{}
	for _, c := range Desk(2, now) {
		for _, s := range c.Scans {
			if seen[s.Flaw] {
				continue
			}
			seen[s.Flaw] = true
			s.Format = "jpeg"
			_, body := c.File(s)
			if _, err := jpeg.Decode(bytes.NewReader(body)); err != nil {
				t.Errorf("%s: %v", s.Flaw, err)
			}
		}
	}
	for _, f := range []Flaw{FlawNone, FlawBlurry, FlawCropped, FlawGlare, FlawGrey, FlawSmall, FlawTurned, FlawTilted, FlawWrongPage, FlawScreen, FlawFaint, FlawMRZ} {
		if !seen[f] {
			t.Errorf("no picture is %q", f)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	a, b, other := Desk(7, now), Desk(7, now), Desk(8, now)
	differ := 0
	for _, i := range []int{0, 99, 250, 499} {
		for k, s := range a[i].Scans {
			na, x := a[i].File(s)
			nb, y := b[i].File(b[i].Scans[k])
			if na != nb || !bytes.Equal(x, y) {
				t.Errorf("case %d %s differs", i, na)
			}
		}
		if a[i].Answers["document-number"] != other[i].Answers["document-number"] {
			differ++
		}
	}
	if differ == 0 {
		t.Error("another seed gives the same people")
	}
	name, body := a[0].Document("passport")
	if name == "" || len(body) == 0 {
		t.Error("no passport")
	}
	if _, body := a[0].Document("nothing"); body != nil {
		t.Error("a file from an empty slot")
	}
}

func TestResizeAndPad(t *testing.T) {
	c := RandomCase(3, now)
	_, body := c.Document("passport")
	for _, width := range []int{500, 3000} {
		out, err := Resize(body, width)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := jpeg.DecodeConfig(bytes.NewReader(out)); err != nil || m.Width != width {
			t.Errorf("width %d, want %d (%v)", m.Width, width, err)
		}
	}
	for _, size := range []int{len(body), len(body) + 4, len(body) + 60001, 5 << 20} {
		out, err := Pad(body, size)
		if err != nil || len(out) != size {
			t.Fatalf("%d bytes, want %d: %v", len(out), size, err)
		}
		if _, err := jpeg.Decode(bytes.NewReader(out)); err != nil {
			t.Errorf("padded to %d: %v", size, err)
		}
	}
	if _, err := Pad(body, 10); err == nil {
		t.Error("padding shrank a file")
	}
}

func TestRandomCases(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range Desk(1, now) {
		seen[c.Phone], seen[c.Email], seen[c.truth["document-number"]] = true, true, true
	}
	for seed := range uint64(3000) {
		c := RandomCase(seed, now)
		for _, v := range []string{c.Phone, c.Email, c.truth["citizenship"] + c.truth["document-number"]} {
			if seen[v] {
				t.Fatalf("seed %d: %s is taken", seed, v)
			}
			seen[v] = true
		}
	}
}

func BenchmarkPassport(b *testing.B) {
	c := RandomCase(2, now)
	for b.Loop() {
		c.Document("passport")
	}
}

// BenchmarkDesk draws every file of the five hundred cases.
func BenchmarkDesk(b *testing.B) {
	for b.Loop() {
		files, size := 0, 0
		drawAll(Desk(1, now), func(_ Case, _ Scan, _ string, body []byte) {
			files++
			size += len(body)
		})
		b.ReportMetric(float64(files), "files")
		b.ReportMetric(float64(size)/1e6, "MB")
	}
}
