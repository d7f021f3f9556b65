// Package watermark writes who looks at a page into the picture of the page, so
// that a photograph of the screen tells where it came from. It works on the
// brightness of the picture alone and leaves colours, size and what can be read
// as they are.
//
//	marked, err := watermark.Draw(jpeg, "26 004 812 7  REVIEWER  2026-11-22 08:15 UTC")
package watermark

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"okno/review"
)

const (
	quality = 88
	// change is how much lighter or darker a marked pixel becomes, of 255.
	change = 22
	// share is the part of the picture's width that one line of text takes.
	share = 0.6
	// rows is how often the text stands over the height of a square picture.
	rows = 5
)

// red is the line around a cut-out place.
var red = image.NewUniform(color.RGBA{R: 0xB3, G: 0x26, B: 0x1E, A: 0xFF})

var errNotOurs = errors.New("watermark: not a picture that this desk encoded")

// Draw writes the text, slanting and repeated, over a picture and encodes it
// anew. Letters beyond ASCII are left out.
func Draw(picture []byte, text string) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	switch p := img.(type) {
	case *image.YCbCr:
		write(p.Y, p.YStride, p.Rect, text)
	case *image.Gray:
		write(p.Pix, p.Stride, p.Rect, text)
	default:
		return nil, errNotOurs
	}
	var out bytes.Buffer
	out.Grow(len(picture) + len(picture)/4)
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// stamp is the text as a mask, one byte a pixel.
func stamp(text string) *image.Alpha {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f':
			return ' '
		case r < ' ' || r > '~':
			return -1
		}
		return r
	}, text)
	face := basicfont.Face7x13
	mask := image.NewAlpha(image.Rect(0, 0, max(1, face.Advance*len(text)), face.Height))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(text)
	return mask
}

// write changes the brightness under the text. The lines rise by two pixels in
// five, which sets them apart from whatever is printed on the page.
func write(pix []byte, stride int, r image.Rectangle, text string) {
	mask := stamp(text)
	w, h := r.Dx(), r.Dy()
	scale := max(1, int(float64(w)*share/float64(mask.Rect.Dx())+0.5))
	step := max(mask.Rect.Dy()*scale*2, w/rows)
	gap := mask.Rect.Dx()*scale + 8*basicfont.Face7x13.Advance*scale
	for line, y0 := 0, 0; y0 < h+w*2/5+step; line, y0 = line+1, y0+step {
		for x0 := -(line % 2) * gap / 2; x0 < w; x0 += gap {
			for my := range mask.Rect.Dy() {
				for mx := range mask.Rect.Dx() {
					if mask.Pix[my*mask.Stride+mx] != 0 {
						dot(pix, stride, w, h, x0+mx*scale, y0+my*scale, scale)
					}
				}
			}
		}
	}
}

func dot(pix []byte, stride, w, h, x, y, scale int) {
	for px := max(0, x); px < min(w, x+scale); px++ {
		top := y - px*2/5
		for py := max(0, top); py < min(h, top+scale); py++ {
			v := &pix[py*stride+px]
			if *v >= 128 {
				*v -= change
			} else {
				*v += change
			}
		}
	}
}

// Crop cuts a place out of a picture with some of what surrounds it, frames it and
// turns it clockwise by 0, 90, 180 or 270 degrees.
func Crop(picture []byte, at review.Area, turn int) ([]byte, error) {
	img, err := jpeg.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	full := func(v float64, side int) int { return int(v*float64(side) + 0.5) }
	place := image.Rect(full(at.X, b.Dx()), full(at.Y, b.Dy()), full(at.X+at.W, b.Dx()), full(at.Y+at.H, b.Dy()))
	around := max(place.Dx(), place.Dy(), max(b.Dx(), b.Dy())/8) / 2
	part := place.Inset(-around).Intersect(b)
	out := image.NewRGBA(image.Rect(0, 0, part.Dx(), part.Dy()))
	draw.Draw(out, out.Rect, img, part.Min, draw.Src)
	thick := max(2, max(part.Dx(), part.Dy())/200)
	frame(out, place.Sub(part.Min), thick)
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, turned(out, turn), &jpeg.Options{Quality: quality}); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// turned is the picture after a clockwise turn by quarters.
func turned(src *image.RGBA, turn int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	var to func(x, y int) (int, int)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	switch turn {
	case 90:
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
		to = func(x, y int) (int, int) { return h - 1 - y, x }
	case 180:
		to = func(x, y int) (int, int) { return w - 1 - x, h - 1 - y }
	case 270:
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
		to = func(x, y int) (int, int) { return y, w - 1 - x }
	default:
		return src
	}
	for y := range h {
		for x := range w {
			tx, ty := to(x, y)
			dst.SetRGBA(tx, ty, src.RGBAAt(x, y))
		}
	}
	return dst
}

// frame draws a red line with a white one around it: one of both is seen on any paper.
func frame(out *image.RGBA, r image.Rectangle, thick int) {
	ring := func(r image.Rectangle, c image.Image) {
		for _, side := range []image.Rectangle{
			{r.Min, image.Pt(r.Max.X, r.Min.Y+thick)}, {image.Pt(r.Min.X, r.Max.Y-thick), r.Max},
			{r.Min, image.Pt(r.Min.X+thick, r.Max.Y)}, {image.Pt(r.Max.X-thick, r.Min.Y), r.Max},
		} {
			draw.Draw(out, side.Intersect(out.Rect), c, image.Point{}, draw.Src)
		}
	}
	ring(r.Inset(-2*thick), image.White)
	ring(r.Inset(-thick), red)
}
