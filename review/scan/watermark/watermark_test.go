package watermark_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"testing"

	"okno/review"
	"okno/review/scan/watermark"
)

// page is a sheet of paper in one colour.
func page(t testing.TB, w, h int, c color.Color) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := 0; i < len(img.Pix); i += 4 {
		r, g, b, _ := c.RGBA()
		img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3] = byte(r>>8), byte(g>>8), byte(b>>8), 255
	}
	return encode(t, img)
}

func encode(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decode(t testing.TB, b []byte) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

func gray(img image.Image, x, y int) int {
	return int(color.GrayModel.Convert(img.At(x, y)).(color.Gray).Y)
}

// marked counts the pixels that differ from an unmarked sheet, in each quarter.
func marked(img image.Image, from int) (quarters [4]int) {
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if d := gray(img, x, y) - from; d > 8 || d < -8 {
				i := 0
				if x >= b.Dx()/2 {
					i++
				}
				if y >= b.Dy()/2 {
					i += 2
				}
				quarters[i]++
			}
		}
	}
	return quarters
}

const line = "26 004 812 7  REVIEWER  2026-11-22 08:15 UTC"

func TestTheTextStandsInEveryQuarterAndStaysFaint(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		ink  color.Gray
	}{{"upright page", 1200, 1700, color.Gray{Y: 250}}, {"lying page", 1700, 1200, color.Gray{Y: 250}}, {"dark page", 900, 900, color.Gray{Y: 20}}, {"small page", 300, 200, color.Gray{Y: 200}}} {
		t.Run(c.name, func(t *testing.T) {
			b, err := watermark.Draw(page(t, c.w, c.h, c.ink), line)
			if err != nil {
				t.Fatal(err)
			}
			img := decode(t, b)
			if img.Bounds() != image.Rect(0, 0, c.w, c.h) {
				t.Fatalf("the picture became %v", img.Bounds())
			}
			total := 0
			for i, n := range marked(img, int(c.ink.Y)) {
				total += n
				if n < c.w*c.h/4/200 {
					t.Errorf("quarter %d has %d marked pixels", i, n)
				}
			}
			if total > c.w*c.h/4 {
				t.Errorf("%d of %d pixels are marked: too much to read through", total, c.w*c.h)
			}
			for y := 0; y < c.h; y += 3 {
				for x := 0; x < c.w; x += 3 {
					if d := gray(img, x, y) - int(c.ink.Y); d > 60 || d < -60 {
						t.Fatalf("the mark at %d,%d is as strong as print: %d", x, y, d)
					}
				}
			}
		})
	}
}

func TestAnotherReaderOrMinuteGivesAnotherPicture(t *testing.T) {
	sheet := page(t, 600, 800, color.White)
	first, err := watermark.Draw(sheet, line)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"26 004 812 7  REVIEWER  2026-11-22 08:16 UTC", "26 004 812 7  SUPERVISOR  2026-11-22 08:15 UTC", "26 004 813 5  REVIEWER  2026-11-22 08:15 UTC"} {
		if other, err := watermark.Draw(sheet, text); err != nil || bytes.Equal(first, other) {
			t.Errorf("%s: the same picture (%v)", text, err)
		}
	}
	if same, err := watermark.Draw(sheet, "26\u00a0004\u00a0812\u00a07  REVIEWER  2026-11-22 08:15 UTC"); err != nil || !bytes.Equal(first, same) {
		t.Errorf("spaces that do not break are not spaces: %v", err)
	}
}

func TestGrayPagesAreMarkedAndForeignBytesRefused(t *testing.T) {
	sheet := image.NewGray(image.Rect(0, 0, 500, 500))
	for i := range sheet.Pix {
		sheet.Pix[i] = 240
	}
	b, err := watermark.Draw(encode(t, sheet), line)
	if err != nil {
		t.Fatal(err)
	}
	if n := marked(decode(t, b), 240); n[0] == 0 || n[3] == 0 {
		t.Errorf("marked %v", n)
	}
	for _, bad := range [][]byte{nil, []byte("%PDF-1.7 SPECIMEN"), encode(t, sheet)[:200]} {
		if _, err := watermark.Draw(bad, line); err == nil {
			t.Errorf("%d bytes that are no picture were taken", len(bad))
		}
		if _, err := watermark.Crop(bad, review.Area{W: 1, H: 1}, 0); err == nil {
			t.Errorf("%d bytes that are no picture were cut", len(bad))
		}
	}
}

func TestACropHoldsThePlaceWithItsSurroundings(t *testing.T) {
	sheet := image.NewGray(image.Rect(0, 0, 1000, 800))
	for i := range sheet.Pix {
		sheet.Pix[i] = 240
	}
	for y := 400; y < 480; y++ { // a black stamp at a tenth of the width
		for x := 100; x < 300; x++ {
			sheet.SetGray(x, y, color.Gray{Y: 10})
		}
	}
	b, err := watermark.Crop(encode(t, sheet), review.Area{X: 0.1, Y: 0.5, W: 0.2, H: 0.1}, 0)
	if err != nil {
		t.Fatal(err)
	}
	img := decode(t, b)
	if w := img.Bounds().Dx(); w < 250 || w > 500 {
		t.Errorf("%d pixels wide", w)
	}
	black, red := 0, 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			r, g, _, _ := img.At(x, y).RGBA()
			if gray(img, x, y) < 40 {
				black++
			}
			if r>>8 > 140 && g>>8 < 100 {
				red++
			}
		}
	}
	if black < 200*80*9/10 {
		t.Errorf("%d black pixels of the place are left", black)
	}
	if red < 500 {
		t.Errorf("the frame has %d pixels", red)
	}
	if _, err := watermark.Crop(encode(t, sheet), review.Area{X: 0.95, Y: 0.95, W: 0.05, H: 0.05}, 0); err != nil {
		t.Errorf("a corner: %v", err)
	}
}

func TestACropIsTurnedAsThePageWas(t *testing.T) {
	sheet := image.NewGray(image.Rect(0, 0, 1000, 800))
	for i := range sheet.Pix {
		sheet.Pix[i] = 240
	}
	for y := 300; y < 500; y++ { // the left half of the place is black
		for x := 300; x < 400; x++ {
			sheet.SetGray(x, y, color.Gray{Y: 10})
		}
	}
	place := review.Area{X: 0.3, Y: 0.375, W: 0.2, H: 0.25}
	for turn, want := range map[int][2]float64{0: {-1, 0}, 90: {0, -1}, 180: {1, 0}, 270: {0, 1}} {
		b, err := watermark.Crop(encode(t, sheet), place, turn)
		if err != nil {
			t.Fatal(err)
		}
		img := decode(t, b)
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		dx, dy, n := 0, 0, 0
		for y := range h {
			for x := range w {
				if gray(img, x, y) < 40 {
					dx, dy, n = dx+x-w/2, dy+y-h/2, n+1
				}
			}
		}
		if n < 100*200*9/10 {
			t.Fatalf("%d: %d black pixels are left", turn, n)
		}
		if x, y := float64(dx)/float64(n), float64(dy)/float64(n); math.Abs(x-want[0]*50) > 5 || math.Abs(y-want[1]*50) > 5 {
			t.Errorf("%d: the black half lies at %.0f, %.0f from the middle", turn, x, y)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	sheet := page(b, 1700, 2400, color.Gray{Y: 230})
	for b.Loop() {
		if _, err := watermark.Draw(sheet, line); err != nil {
			b.Fatal(err)
		}
	}
}
