package quality_test

import (
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"okno/review/scan/quality"

	"golang.org/x/image/draw"
)

// truth is what the truth file says about one page.
type truth struct {
	File   string
	Expect struct {
		Sharpness, Exposure, Resolution string
		Colour                          bool
	}
}

// specimens lists the photographs of the set; OKNO_SPECIMENS names another one.
func specimens(t *testing.T) (dir string, list []truth) {
	t.Helper()
	dir = filepath.Join("..", "testdata", "specimens")
	if other := os.Getenv("OKNO_SPECIMENS"); other != "" {
		dir = other
	}
	body, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Items []truth }
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	for i, s := range all.Items {
		if filepath.Ext(s.File) == ".jpg" && (!slow || i%4 == 0) {
			list = append(list, s)
		}
	}
	if len(list) < 10 {
		t.Fatal("too few specimens")
	}
	return dir, list
}

func open(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestSpecimens holds the measures to what the specimens were made to show: no clean page is sent back, blur of
// sigma 2 at 1000 pixels is noticed, and what was spoilt on purpose is found.
func TestSpecimens(t *testing.T) {
	dir, list := specimens(t)
	say := t.Errorf
	if os.Getenv("OKNO_SPECIMENS") != "" {
		say = t.Logf // other sets have pages between clean and spoilt: only the rates count
	}
	clean, sentBack, blurry, warned := 0, 0, 0, 0
	for _, s := range list {
		img := open(t, filepath.Join(dir, s.File))
		m := quality.Measure(img)
		found := map[string]bool{}
		retake := false
		for _, f := range m.Findings() {
			found[f.Code], retake = true, retake || f.Retake
		}
		e := s.Expect
		if e.Sharpness == "ok" && e.Exposure == "ok" && e.Resolution == "ok" {
			clean++
			if retake {
				sentBack++
				t.Logf("%s: a clean page is sent back: %v, %+v", s.File, m.Findings(), m)
			}
			if found["blur"] || found["dark"] || found["bright"] || found["cut"] {
				say("%s: clean page with %v", s.File, found)
			}
			if long := max(m.Width, m.Height); long >= 1000 {
				blurry++
				if f := quality.Measure(gaussian(img, 2)).Findings(); slices.ContainsFunc(f, func(f quality.Finding) bool { return f.Code == "blur" }) {
					warned++
				} else {
					t.Logf("%s: blur of sigma 2 is not noticed", s.File)
				}
			}
		}
		for code, want := range map[string]bool{"resolution": max(m.Width, m.Height) < 1000, "grayscale": !e.Colour} {
			if found[code] != want {
				say("%s: %s found %v, want %v: %+v", s.File, code, found[code], want, m)
			}
		}
		for _, code := range []string{"dark", "bright", "glare"} {
			if e.Exposure == code && !found[code] {
				say("%s: %s is not noticed: %+v", s.File, code, m)
			}
		}
		if e.Sharpness == "bad" && !found["blur"] {
			say("%s: blur is not noticed: %+v", s.File, m)
		}
	}
	t.Logf("sent back: %d of %d clean pages; blur of sigma 2 noticed on %d of %d", sentBack, clean, warned, blurry)
	if sentBack*100 > clean {
		t.Errorf("%d of %d clean pages are sent back", sentBack, clean)
	}
	if warned*100 < 95*blurry || blurry < 5 {
		t.Errorf("blur is noticed on %d of %d pages", warned, blurry)
	}
}

// gaussian reduces a page to a long side of 1000 pixels and blurs its brightness.
func gaussian(img image.Image, sigma float64) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > 1000 {
		w, h = w*1000/long, h*1000/long
	}
	page := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.BiLinear.Scale(page, page.Rect, img, b, draw.Src, nil)
	reach := int(3*sigma + 0.5)
	kernel := make([]float32, 2*reach+1)
	var sum float32
	for i := range kernel {
		kernel[i] = float32(math.Exp(-float64((i-reach)*(i-reach)) / (2 * sigma * sigma)))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	plane := make([]float32, w*h)
	for y := range h {
		for x := range w {
			plane[y*w+x] = float32(color.GrayModel.Convert(page.RGBAAt(x, y)).(color.Gray).Y)
		}
	}
	pass := func(src []float32, n, lines, along, across int) []float32 {
		dst := make([]float32, len(src))
		for l := range lines {
			for i := range n {
				var v float32
				for k, weight := range kernel {
					v += weight * src[min(max(i+k-reach, 0), n-1)*along+l*across]
				}
				dst[i*along+l*across] = v
			}
		}
		return dst
	}
	plane = pass(pass(plane, w, h, 1, w), h, w, w, 1)
	out := image.NewGray(page.Rect)
	for i, v := range plane {
		out.Pix[i] = byte(v + 0.5)
	}
	return out
}
