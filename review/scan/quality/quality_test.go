package quality_test

import (
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
	"golang.org/x/image/math/f64"
)

func specimen(t *testing.T) *image.RGBA {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(image.Rect(0, 0, 1000, 725))
	draw.CatmullRom.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
	return out
}

func mapped(src *image.RGBA, f func(c color.RGBA) color.RGBA) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			dst.SetRGBA(x, y, f(src.RGBAAt(x, y)))
		}
	}
	return dst
}

// blurred applies a box filter three times, which comes close to a Gaussian of sigma = sqrt(r*(r+1)).
func blurred(src *image.RGBA, r int) *image.RGBA {
	for range 3 {
		for _, step := range [2]image.Point{{X: 1}, {Y: 1}} {
			dst := image.NewRGBA(src.Rect)
			for y := range src.Rect.Dy() {
				for x := range src.Rect.Dx() {
					var sum [3]int
					n := 0
					for k := -r; k <= r; k++ {
						p := image.Pt(x+k*step.X, y+k*step.Y)
						if p.In(src.Rect) {
							c := src.RGBAAt(p.X, p.Y)
							sum[0], sum[1], sum[2], n = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B), n+1
						}
					}
					dst.SetRGBA(x, y, color.RGBA{byte(sum[0] / n), byte(sum[1] / n), byte(sum[2] / n), 255})
				}
			}
			src = dst
		}
	}
	return src
}

func gray(c color.RGBA) byte {
	return byte((299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000)
}

func TestFindings(t *testing.T) {
	page := specimen(t)
	scale := func(k float64) func(color.RGBA) color.RGBA {
		return func(c color.RGBA) color.RGBA {
			s := func(v byte) byte { return byte(min(255, float64(v)*k)) }
			return color.RGBA{s(c.R), s(c.G), s(c.B), 255}
		}
	}
	flat := mapped(page, func(c color.RGBA) color.RGBA { g := gray(c); return color.RGBA{g, g, g, 255} })
	warm := mapped(page, func(c color.RGBA) color.RGBA {
		g := int(gray(c))
		return color.RGBA{byte(min(255, g*110/100)), byte(g), byte(g * 75 / 100), 255}
	})
	single := image.NewGray(page.Rect)
	draw.Draw(single, single.Rect, page, image.Point{}, draw.Src)
	tiny := image.NewRGBA(image.Rect(0, 0, 500, 362))
	draw.BiLinear.Scale(tiny, tiny.Rect, page, page.Rect, draw.Src, nil)
	lamp := mapped(page, func(c color.RGBA) color.RGBA { return c })
	draw.Draw(lamp, image.Rect(400, 300, 600, 400), image.White, image.Point{}, draw.Src)

	for name, c := range map[string]struct {
		img    image.Image
		want   []string
		retake bool
	}{
		"sharp":           {page, nil, false},
		"blurred":         {blurred(page, 1), []string{"blur"}, false},
		"badly blurred":   {blurred(page, 3), []string{"blur"}, true},
		"dark":            {mapped(page, scale(0.45)), []string{"dark"}, false},
		"very dark":       {mapped(page, scale(0.25)), []string{"dark"}, true},
		"bright":          {mapped(page, scale(1.7)), []string{"bright"}, false},
		"gray":            {flat, []string{"grayscale"}, false},
		"gray, warm lamp": {warm, []string{"grayscale"}, false},
		"one component":   {single, []string{"grayscale"}, false},
		"small":           {tiny, []string{"resolution"}, true},
		"glare":           {lamp, []string{"glare"}, false},
	} {
		m := quality.Measure(c.img)
		var got []string
		retake := false
		for _, f := range m.Findings() {
			got = append(got, f.Code)
			retake = retake || f.Retake
		}
		if !slices.Equal(got, c.want) || retake != c.retake {
			t.Errorf("%s: got %v (retake %v), want %v (%v): %+v", name, got, retake, c.want, c.retake, m)
		}
	}
}

func TestMeasureSurvivesOddPictures(t *testing.T) {
	for _, r := range []image.Rectangle{image.Rect(0, 0, 1, 1), image.Rect(0, 0, 3, 2000), image.Rect(5, 7, 205, 407)} {
		m := quality.Measure(image.NewGray(r))
		if m.Width != r.Dx() || m.Height != r.Dy() || !m.OneComponent {
			t.Errorf("%v: %+v", r, m)
		}
		_ = m.Findings()
	}
}

// The reduction is that of golang.org/x/image/draw, on which the thresholds were found.
func TestReduction(t *testing.T) {
	f, err := os.Open(filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	want := image.NewRGBA(image.Rect(0, 0, quality.Side, b.Dy()*quality.Side/b.Dx()))
	draw.BiLinear.Scale(want, want.Rect, img, b, draw.Src, nil)
	theirs, ours := quality.Measure(want), quality.Measure(img)
	theirs.Width, theirs.Height = ours.Width, ours.Height
	near := func(a, b, by float64) bool { return a-b <= by && b-a <= by }
	if !near(ours.EdgeWidth, theirs.EdgeWidth, 0.03) || !near(ours.Crete, theirs.Crete, 0.01) || !near(ours.Chroma, theirs.Chroma, 0.3) ||
		!near(ours.Light, theirs.Light, 1) || !near(ours.Dark, theirs.Dark, 1) || !near(ours.Skew, theirs.Skew, 0.3) {
		t.Errorf("measured %+v, want %+v", ours, theirs)
	}
}

// slanted turns a page clockwise by an angle, on a gray table.
func slanted(src *image.RGBA, degrees float64) *image.RGBA {
	dst := image.NewRGBA(image.Rect(0, 0, 1000, 1000))
	draw.Draw(dst, dst.Rect, image.NewUniform(color.Gray{0x90}), image.Point{}, draw.Src)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	draw.BiLinear.Transform(dst, f64.Aff3{0.75 * cos, -0.75 * sin, 500 - 0.75*(cos*w-sin*h)/2, 0.75 * sin, 0.75 * cos, 500 - 0.75*(sin*w+cos*h)/2}, src, src.Rect, draw.Src, nil)
	return dst
}

func TestSkew(t *testing.T) {
	page := specimen(t)
	for _, degrees := range []float64{-30, -12, -5, 0, 3, 9, 15, 40} {
		m := quality.Measure(slanted(page, degrees))
		if d := m.Skew - degrees; d > 1.5 || d < -1.5 {
			t.Errorf("slanted by %.0f: measured %.1f", degrees, m.Skew)
		}
		told := slices.ContainsFunc(m.Findings(), func(f quality.Finding) bool { return f.Code == "skew" })
		if told != (math.Abs(degrees) >= 9) {
			t.Errorf("slanted by %.0f: told %v", degrees, told)
		}
	}
}

func TestCut(t *testing.T) {
	whole := slanted(specimen(t), 0)
	for name, c := range map[string]struct {
		part image.Rectangle
		cut  bool
	}{
		"whole": {whole.Rect, false}, "bottom": {image.Rect(0, 0, 1000, 650), true}, "top": {image.Rect(0, 350, 1000, 1000), true},
		"left": {image.Rect(350, 0, 1000, 1000), true}, "right": {image.Rect(0, 0, 650, 1000), true},
		"the table's part": {image.Rect(50, 100, 950, 900), false},
	} {
		part := image.NewRGBA(image.Rect(0, 0, c.part.Dx(), c.part.Dy()))
		draw.Draw(part, part.Rect, whole, c.part.Min, draw.Src)
		if m := quality.Measure(part); m.Cut != c.cut {
			t.Errorf("%s: cut %v", name, m.Cut)
		}
	}
}

func TestGlareOnWhatMatters(t *testing.T) {
	lamp := mapped(specimen(t), func(c color.RGBA) color.RGBA { return c })
	draw.Draw(lamp, image.Rect(400, 300, 600, 400), image.White, image.Point{}, draw.Src)
	m := quality.Measure(lamp)
	for name, c := range map[string]struct {
		spots  []quality.Spot
		retake bool
	}{
		"nothing": {nil, false}, "elsewhere": {[]quality.Spot{{X: 0.05, Y: 0.1, W: 0.2, H: 0.2}}, false},
		"touching": {[]quality.Spot{{X: 0.05, Y: 0.1, W: 0.36, H: 0.4}}, false}, "covered": {[]quality.Spot{{X: 0.45, Y: 0.45, W: 0.1, H: 0.1}}, true},
	} {
		f := m.Findings(c.spots...)
		if len(f) != 1 || f[0].Code != "glare" || f[0].Retake != c.retake {
			t.Errorf("%s: %v at %v", name, f, m.Glared)
		}
	}
}

func BenchmarkMeasure(b *testing.B) {
	f, err := os.Open(filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	img, err := jpeg.Decode(f)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		quality.Measure(img)
	}
}
