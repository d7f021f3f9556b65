package main

import (
	"fmt"
	"image"
	"math"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"okno/review/scan/ocrb/glyphnet"
)

// A glyph is drawn from its distance field: the distance of each point to the nearest
// edge, negative inside. Adding to the distance makes strokes thinner or bolder, noise
// on it makes them ragged, and no outline has to be rasterised again. All lengths are in
// units of the pitch, the distance between two characters.
const (
	fieldRes  = 48 // samples of a field per pitch
	fieldW    = 84
	fieldH    = 100
	advance   = 0.723 // of the font's em: all characters of OCR-B are equally wide
	drawScale = 2     // the outline is drawn this much finer than the field
)

// glyphs holds the distance fields of the alphabet in some cuts: as designed, with
// rounded corners, and with sharpened joints.
type glyphs struct {
	cuts [3][][]float32
	cap  float64 // height of the capitals
}

func loadGlyphs(ttf []byte) (*glyphs, error) {
	f, err := opentype.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("the font: %w", err)
	}
	res := float64(fieldRes * drawScale)
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: res / advance, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, fmt.Errorf("the font: %w", err)
	}
	b, _, _ := face.GlyphBounds('H')
	top, bottom := float64(b.Min.Y)/64, float64(b.Max.Y)/64
	g := &glyphs{cap: (bottom - top) / res}
	w, h := fieldW*drawScale, fieldH*drawScale
	for _, r := range glyphnet.Alphabet {
		mask := image.NewAlpha(image.Rect(0, 0, w, h))
		adv, ok := face.GlyphAdvance(r)
		if !ok {
			return nil, fmt.Errorf("the font has no %q", r)
		}
		d := font.Drawer{Dst: mask, Src: image.Opaque, Face: face, Dot: fixed.Point26_6{
			X: fixed.Int26_6(w*32) - adv/2,
			Y: fixed.Int26_6(float64(h)*32 - (top+bottom)*32),
		}}
		d.DrawString(string(r))
		inside := make([]bool, w*h)
		ink := 0
		for i, a := range mask.Pix {
			if inside[i] = a >= 128; inside[i] {
				ink++
			}
		}
		if ink < 200 {
			return nil, fmt.Errorf("%q comes out blank: the outlines must be TrueType", r)
		}
		plain := signedDistance(inside, w, h)
		g.cuts[0] = append(g.cuts[0], shrink(plain, w, h))
		g.cuts[1] = append(g.cuts[1], shrink(shifted(plain, w, h, 5), w, h))
		g.cuts[2] = append(g.cuts[2], shrink(shifted(plain, w, h, -8), w, h))
	}
	return g, nil
}

// shifted erodes by r and dilates by r again, which rounds corners; a negative r does it
// the other way round, which fills joints.
func shifted(sdf []float32, w, h int, r float32) []float32 {
	inside := make([]bool, len(sdf))
	for i, d := range sdf {
		inside[i] = d < -r
	}
	out := signedDistance(inside, w, h)
	for i := range out {
		out[i] -= r
	}
	return out
}

func shrink(sdf []float32, w, h int) []float32 {
	out := make([]float32, 0, fieldW*fieldH)
	for y := 0; y < h; y += drawScale {
		for x := 0; x < w; x += drawScale {
			d := (sdf[y*w+x] + sdf[y*w+x+1] + sdf[(y+1)*w+x] + sdf[(y+1)*w+x+1]) / 4
			out = append(out, d/(fieldRes*drawScale))
		}
	}
	return out
}

// signedDistance is the exact Euclidean distance transform of Felzenszwalb and
// Huttenlocher (2012), inside and outside.
func signedDistance(inside []bool, w, h int) []float32 {
	in, out := squaredDistance(inside, w, h, true), squaredDistance(inside, w, h, false)
	d := make([]float32, w*h)
	for i := range d {
		if inside[i] {
			d[i] = 0.5 - float32(math.Sqrt(out[i]))
		} else {
			d[i] = float32(math.Sqrt(in[i])) - 0.5
		}
	}
	return d
}

func squaredDistance(inside []bool, w, h int, to bool) []float64 {
	d := make([]float64, w*h)
	for i, v := range inside {
		if v != to {
			d[i] = 1e9
		}
	}
	line := make([]float64, max(w, h))
	for x := range w {
		for y := range h {
			line[y] = d[y*w+x]
		}
		for y, v := range envelope(line[:h]) {
			d[y*w+x] = v
		}
	}
	for y := range h {
		copy(d[y*w:(y+1)*w], envelope(append(line[:0], d[y*w:(y+1)*w]...)))
	}
	return d
}

// envelope is the lower envelope of parabolas rooted at f.
func envelope(f []float64) []float64 {
	n := len(f)
	v, z, out := make([]int, n), make([]float64, n+1), make([]float64, n)
	k := 0
	z[0], z[1] = math.Inf(-1), math.Inf(1)
	for q := 1; q < n; q++ {
		cross := func() float64 {
			p := v[k]
			return (f[q] + float64(q*q) - f[p] - float64(p*p)) / float64(2*q-2*p)
		}
		s := cross()
		for s <= z[k] {
			k--
			s = cross()
		}
		k++
		v[k], z[k], z[k+1] = q, s, math.Inf(1)
	}
	k = 0
	for q := range n {
		for z[k+1] < float64(q) {
			k++
		}
		d := float64(q - v[k])
		out[q] = d*d + f[v[k]]
	}
	return out
}

// distance is the distance at a place relative to the glyph's centre, in pitches.
func distance(sdf []float32, x, y float64) float64 {
	fx, fy := x*fieldRes+fieldW/2-0.5, y*fieldRes+fieldH/2-0.5
	if fx < 0 || fy < 0 || fx >= fieldW-1 || fy >= fieldH-1 {
		return 1
	}
	i, j := int(fx), int(fy)
	ax, ay := float32(fx-float64(i)), float32(fy-float64(j))
	p := sdf[j*fieldW+i:]
	return float64((p[0]*(1-ax)+p[1]*ax)*(1-ay) + (p[fieldW]*(1-ax)+p[fieldW+1]*ax)*ay)
}
