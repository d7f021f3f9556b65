package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"okno/review/scan/ocrb/glyphnet"
)

// A line of the training: invented text, printed well or badly, photographed well or
// badly, and cut out again about as exactly as the reader does it.

// sample is one window of a line, stored column by column, and what it shows.
type sample struct {
	pixels []float32
	class  int
}

const lineChars = 24 // of one training line

// imprint is how a line came onto paper.
type imprint struct {
	text     []int
	cut      [][]float32
	affine   [len(glyphnet.Alphabet)][4]float64 // of the whole alphabet, with small differences
	shift    [lineChars][2]float64
	bold     float64 // added to the stroke on both sides
	ragged   float64
	rough    noise
	slant    float64
	scratchy bool
	other    []int // the neighbouring line
	otherAt  float64
	rotated  bool // printed upside down, to be told from upright text
}

func randomText(r *rand.Rand, n int) []int {
	text := make([]int, n)
	style := r.IntN(10)
	for i := range text {
		switch {
		case style < 5:
			text[i] = r.IntN(len(glyphnet.Alphabet))
		case style < 7: // names
			if text[i] = 10 + r.IntN(26); r.IntN(7) == 0 || i > 0 && text[i-1] == 36 && r.IntN(2) == 0 {
				text[i] = 36
			}
		case style < 9: // numbers
			if text[i] = r.IntN(10); r.IntN(5) == 0 {
				text[i] = 10 + r.IntN(27)
			}
		default:
			if text[i] = 36; r.IntN(3) == 0 {
				text[i] = r.IntN(len(glyphnet.Alphabet))
			}
		}
	}
	return text
}

func (g *glyphs) newPrint(r *rand.Rand) *imprint {
	p := &imprint{text: randomText(r, lineChars), cut: g.cuts[[]int{0, 0, 1, 2}[r.IntN(4)]]}
	sx, sy := between(r, 0.88, 1.12), between(r, 0.96, 1.04)
	shear := r.NormFloat64() * 0.02
	for i := range p.affine {
		p.affine[i] = [4]float64{1 / (sx * (1 + 0.025*r.NormFloat64())), shear + 0.02*r.NormFloat64(), 0.015 * r.NormFloat64(), 1 / (sy * (1 + 0.015*r.NormFloat64()))}
	}
	wobble := 0.0
	if r.IntN(3) == 0 {
		wobble = 0.03 * r.Float64()
	}
	for i := range p.shift {
		p.shift[i] = [2]float64{wobble * r.NormFloat64(), wobble * r.NormFloat64()}
	}
	p.bold = between(r, -0.035, 0.05)
	if r.IntN(3) == 0 {
		p.ragged = 0.05 * r.Float64()
	}
	p.rough = newNoise(r)
	p.slant = 0.05 * r.NormFloat64()
	p.scratchy = r.IntN(12) == 0
	if r.IntN(3) == 0 {
		p.other, p.otherAt = randomText(r, lineChars), between(r, 1.45, 2.2)
		if r.IntN(2) == 0 {
			p.otherAt = -p.otherAt
		}
	}
	p.rotated = r.IntN(16) == 0
	return p
}

// ink is how far the place (u along, v across the line, in pitches) lies outside the ink.
func (p *imprint) ink(u, v float64) float64 {
	if p.rotated {
		u, v = lineChars-u, -v
	}
	u += p.slant * v
	d := p.inkOf(p.text, u, v)
	if p.other != nil {
		d = min(d, p.inkOf(p.other, u+0.31, v-p.otherAt))
	}
	d -= p.bold
	if p.ragged > 0 {
		d += p.ragged * p.rough.at(u*6, v*6)
	}
	if p.scratchy && p.rough.at(u*1.3+40, v*5) > 0.75 {
		d += 0.05
	}
	return d
}

func (p *imprint) inkOf(text []int, u, v float64) float64 {
	if v < -0.95 || v > 0.95 {
		return 1
	}
	i := int(math.Floor(u))
	d := p.inkAt(text, i, u, v)
	if side := u - float64(i); side < 0.2 {
		d = min(d, p.inkAt(text, i-1, u, v))
	} else if side > 0.8 {
		d = min(d, p.inkAt(text, i+1, u, v))
	}
	return d
}

func (p *imprint) inkAt(text []int, i int, u, v float64) float64 {
	if i < 0 || i >= len(text) {
		return 1
	}
	x, y := u-float64(i)-0.5-p.shift[i][0], v-p.shift[i][1]
	a := &p.affine[text[i]]
	return distance(p.cut[text[i]], a[0]*x+a[1]*y, a[2]*x+a[3]*y)
}

const (
	margin  = 2.5              // pitches beside the line
	spare   = 1.5              // pitches above and below its middle
	upright = "0HINOSXZ86901U" // upside down these may look like characters
)

// lineSamples prints, photographs and cuts out one line and returns windows of it.
func (g *glyphs) lineSamples(r *rand.Rand) []sample {
	p := g.newPrint(r)
	res := math.Exp(between(r, math.Log(5.2), math.Log(30))) // pixels of the photograph per pitch
	if r.IntN(3) == 0 {
		res = between(r, 12, 22)
	}
	slope, bend := 0.012*r.NormFloat64(), 0.0006*r.NormFloat64()
	w, h := int((lineChars+2*margin)*res), int(2*spare*res)
	page := newPage(w, h)
	place := func(x, y float64) (u, v float64) {
		u = x/res - margin
		m := u - lineChars/2
		return u, y/res - spare - slope*m - bend*m*m
	}
	soft := 0.5/res + 0.01
	for y := range h {
		for x := range w {
			u, v := place(float64(x)+0.5, float64(y)+0.5)
			page.ink[y*w+x] = float32(min(1, max(0, 0.5-p.ink(u, v)/(2*soft))))
		}
	}
	page.photograph(r, res)
	return g.cutOut(r, p, page, res, slope, bend)
}

// cutOut scales the line to the network's size, with the errors that the reader makes
// when it measures a line, and takes windows.
func (g *glyphs) cutOut(r *rand.Rand, p *imprint, page *page, res, slope, bend float64) (out []sample) {
	sx, sy := 1+0.025*r.NormFloat64(), 1+0.05*r.NormFloat64()
	dy := 0.045 * r.NormFloat64()
	slope += 0.004 * r.NormFloat64()
	off := 0
	switch r.IntN(24) {
	case 0: // between two lines
		off = 1
		dy += between(r, 0.45, 0.9) * float64(1-2*r.IntN(2))
	case 1: // far too large or small
		off = 1
		sy *= 1.75
		if r.IntN(2) == 0 {
			sy *= 0.3
		}
	}
	width := int((lineChars + 2*margin - 0.5) / sx * glyphnet.Pitch)
	start := 0.25
	strip := make([]float32, width*glyphnet.Height)
	unit := sy * g.cap / glyphnet.Cap
	for x := range width {
		u := start + (float64(x)+0.5)/glyphnet.Pitch*sx - margin
		m := u - lineChars/2
		base := dy + slope*m + bend*m*m + spare
		for y := range glyphnet.Height {
			v := base + (float64(y)+0.5-glyphnet.Height/2)*unit
			strip[x*glyphnet.Height+y] = page.at((u+margin)*res-0.5, v*res-0.5)
		}
	}
	glyphnet.Normalise(strip)
	take := func(centre float64, class int) {
		x := int(math.Round(centre)) - glyphnet.Width/2
		if x < 0 || x+glyphnet.Width > width {
			return
		}
		out = append(out, sample{strip[x*glyphnet.Height : (x+glyphnet.Width)*glyphnet.Height], class})
	}
	for i := range lineChars {
		class := p.text[i]
		slot := i
		if p.rotated {
			slot = lineChars - 1 - i
		}
		centre := (float64(slot) + 0.5 + margin - start) / sx * glyphnet.Pitch
		switch {
		case off > 0:
			if r.IntN(4) == 0 {
				take(centre+between(r, -9, 9), glyphnet.Blank)
			}
			continue
		case p.rotated:
			if r.IntN(2) == 0 && !bytes.ContainsRune([]byte(upright), rune(glyphnet.Alphabet[class])) {
				take(centre+between(r, -2, 2), glyphnet.Blank)
			}
			continue
		}
		take(centre+between(r, -2.4, 2.4), class)
		if r.IntN(2) == 0 {
			take(centre+between(r, -1.5, 1.5), class)
		}
		if r.IntN(3) == 0 {
			side := between(r, 6.8, glyphnet.Pitch/2)
			if r.IntN(2) == 0 {
				side = -side
			}
			take(centre+side, glyphnet.Blank)
		}
	}
	if off == 0 {
		take((margin-start-between(r, 0.5, 1.4))/sx*glyphnet.Pitch, glyphnet.Blank)
		take((margin-start+lineChars+between(r, 0.5, 1.4))/sx*glyphnet.Pitch, glyphnet.Blank)
	}
	return out
}

func between(r *rand.Rand, a, b float64) float64 { return a + (b-a)*r.Float64() }

// page is a small gray picture around a line.
type page struct {
	w, h int
	ink  []float32 // 0 paper, 1 ink
	gray []float32 // 0 to 255, after photograph
}

func newPage(w, h int) *page {
	return &page{w: w, h: h, ink: make([]float32, w*h), gray: make([]float32, w*h)}
}

// at reads the picture between its pixels.
func (p *page) at(x, y float64) float32 {
	i, j := int(math.Floor(x)), int(math.Floor(y))
	ax, ay := float32(x-float64(i)), float32(y-float64(j))
	i0, i1 := min(p.w-1, max(0, i)), min(p.w-1, max(0, i+1))
	j0, j1 := min(p.h-1, max(0, j)), min(p.h-1, max(0, j+1))
	a, b := p.gray[j0*p.w:(j0+1)*p.w], p.gray[j1*p.w:(j1+1)*p.w]
	return (a[i0]*(1-ax)+a[i1]*ax)*(1-ay) + (b[i0]*(1-ax)+b[i1]*ax)*ay
}

func (p *page) compress(quality int) {
	img := image.NewGray(image.Rect(0, 0, p.w, p.h))
	for i, v := range p.gray {
		img.Pix[i] = uint8(min(255, max(0, v+0.5)))
	}
	var b bytes.Buffer
	if jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}) != nil {
		return
	}
	back, err := jpeg.Decode(&b)
	if err != nil {
		return
	}
	gray := back.(*image.Gray) // its rows are longer than ours
	for y := range p.h {
		for x := range p.w {
			p.gray[y*p.w+x] = float32(gray.Pix[y*gray.Stride+x])
		}
	}
}
