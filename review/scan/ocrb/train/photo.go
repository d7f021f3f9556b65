package main

import (
	"math"
	"math/rand/v2"
)

// photograph turns ink on paper into the gray picture that a camera or scanner makes of
// it. res is the number of pixels per pitch. Each fault appears in a part of the
// pictures only, so that good pictures stay the most frequent.
func (p *page) photograph(r *rand.Rand, res float64) {
	one := func(n int) bool { return r.IntN(n) == 0 }
	paper := between(r, 150, 250)
	contrast := between(r, 0.45, 0.97) // 1 is black ink
	if one(6) {
		contrast = between(r, 0.18, 0.5)
	}
	clouds, grain := newNoise(r), newNoise(r)
	cloudy, grainy := 0.0, 0.0
	if one(2) {
		cloudy = between(r, 0, 0.25)
	}
	if one(3) {
		grainy = between(r, 0, 0.22)
	}
	lines := newGuilloche(r)
	gx, gy := r.NormFloat64()*0.008, r.NormFloat64()*0.05 // light falling off, per pitch
	edge := newEdge(r)
	clutter := newClutter(r)
	gain := 1.0
	if one(6) {
		gain = between(r, 0.2, 0.9)
	}
	glare := newGlare(r)
	for y := range p.h {
		for x := range p.w {
			u, v := float64(x)/res, float64(y)/res-spare
			back := 1 + cloudy*clouds.at(u*0.5, v*0.5) + grainy*grain.at(u*5, v*5) - lines.at(u, v) - clutter.at(u, v)
			ink := float64(p.ink[y*p.w+x]) * contrast
			light := gain * (1 + gx*(u-14) + gy*v) * edge.at(u, v)
			p.gray[y*p.w+x] = float32(paper*max(0.05, back)*(1-ink)*max(0.1, light) + glare.at(u, v))
		}
	}
	switch {
	case one(3):
		p.blur(res*between(r, 0, 0.17), res*between(r, 0, 0.17))
	case one(2):
		s := res * between(r, 0, 0.11)
		p.blur(s, s)
	}
	if one(14) {
		p.smear(int(res*between(r, 0.08, 0.26)), one(2))
	}
	if one(5) {
		p.sharpen(float32(between(r, 0.3, 1.6)), max(0.7, res*0.06))
	}
	if one(4) {
		p.addNoise(r, between(r, 2, 24))
	} else {
		p.addNoise(r, between(r, 0, 3))
	}
	switch {
	case one(8):
		p.stretch(between(r, 0.02, 0.2), between(r, 0.8, 0.98), between(r, 0.6, 1.7))
	case one(40):
		p.stretch(0.47, 0.53, 1)
	}
	if !one(4) {
		quality := 60 + r.IntN(36)
		if one(4) {
			quality = 12 + r.IntN(50)
		}
		p.compress(quality)
	}
}

// noise is value noise: random heights on a grid, smoothly joined, from -1 to 1.
type noise struct {
	grid *[64 * 64]float32
}

func newNoise(r *rand.Rand) noise {
	n := noise{new([64 * 64]float32)}
	for i := range n.grid {
		n.grid[i] = r.Float32()*2 - 1
	}
	return n
}

func (n noise) at(x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	i, j := int(fx), int(fy)
	ax, ay := x-fx, y-fy
	ax, ay = ax*ax*(3-2*ax), ay*ay*(3-2*ay)
	g := func(i, j int) float64 { return float64(n.grid[(j&63)*64+i&63]) }
	return (g(i, j)*(1-ax)+g(i+1, j)*ax)*(1-ay) + (g(i, j+1)*(1-ax)+g(i+1, j+1)*ax)*ay
}

// guilloche is a bundle of fine waves, as printed on security paper.
type guilloche struct {
	strength, spacing, width, height, length, phase, tilt float64
}

func newGuilloche(r *rand.Rand) guilloche {
	g := guilloche{spacing: between(r, 0.12, 1.4), width: between(r, 0.15, 0.6), height: between(r, 0, 0.8), length: between(r, 1, 14), phase: r.Float64() * 7, tilt: r.NormFloat64()}
	if r.IntN(2) == 0 {
		g.strength = between(r, 0.03, 0.4)
	}
	return g
}

func (g guilloche) at(u, v float64) float64 {
	if g.strength == 0 {
		return 0
	}
	t := (v + g.tilt*u + g.height*math.Sin(u/g.length*2*math.Pi+g.phase)) / g.spacing
	if t -= math.Floor(t); t < g.width {
		return g.strength * math.Sin(t/g.width*math.Pi)
	}
	return 0
}

// edge is the border of a shadow or of a coloured area.
type edge struct{ depth, at0, nx, ny, soft float64 }

func newEdge(r *rand.Rand) edge {
	if r.IntN(6) > 0 {
		return edge{}
	}
	a := r.Float64() * 2 * math.Pi
	return edge{between(r, 0.1, 0.65), between(r, 2, 26), math.Cos(a), math.Sin(a), between(r, 0.03, 1.5)}
}

func (e edge) at(u, v float64) float64 {
	if e.depth == 0 {
		return 1
	}
	t := ((u-e.at0)*e.nx + v*e.ny) / e.soft
	return 1 - e.depth/(1+math.Exp(-t))
}

// clutter is dark matter above, below or beside a line: the edge of the page, a photo,
// a ruled line.
type clutter struct{ above, below, left, right, depth, rule float64 }

func newClutter(r *rand.Rand) clutter {
	c := clutter{above: -9, below: 9, left: -9, right: 99, rule: 9}
	if r.IntN(3) > 0 {
		return c
	}
	c.depth = between(r, 0.15, 0.9)
	switch r.IntN(6) {
	case 0:
		c.above = -between(r, 0.62, 1.1)
	case 1:
		c.below = between(r, 0.62, 1.1)
	case 2:
		c.left = margin - between(r, 0.15, 1.5)
	case 3:
		c.right = margin + lineChars + between(r, 0.15, 1.5)
	default:
		c.rule = between(r, 0.58, 1.0) * float64(1-2*r.IntN(2))
	}
	return c
}

func (c clutter) at(u, v float64) float64 {
	if v < c.above || v > c.below || u < c.left || u > c.right || math.Abs(v-c.rule) < 0.05 {
		return c.depth
	}
	return 0
}

// glare is the reflection of a lamp.
type glare struct{ strength, u, v, ru, rv float64 }

func newGlare(r *rand.Rand) glare {
	if r.IntN(12) > 0 {
		return glare{}
	}
	return glare{between(r, 30, 200), between(r, 2, 26), between(r, -1, 1), between(r, 0.6, 4), between(r, 0.4, 2.5)}
}

func (g glare) at(u, v float64) float64 {
	if g.strength == 0 {
		return 0
	}
	x, y := (u-g.u)/g.ru, (v-g.v)/g.rv
	return g.strength * math.Exp(-x*x-y*y)
}

// blur is a Gaussian blur with its own width along and across the line.
func (p *page) blur(sx, sy float64) {
	tmp := make([]float32, len(p.gray))
	convolve(tmp, p.gray, p.w, p.h, 1, p.w, gaussian(sx))
	convolve(p.gray, tmp, p.h, p.w, p.w, 1, gaussian(sy))
}

func gaussian(sigma float64) []float32 {
	if sigma < 0.15 {
		return []float32{1}
	}
	reach := int(math.Ceil(2.6 * sigma))
	k := make([]float32, 2*reach+1)
	var sum float32
	for i := range k {
		d := float64(i-reach) / sigma
		k[i] = float32(math.Exp(-d * d / 2))
		sum += k[i]
	}
	for i := range k {
		k[i] /= sum
	}
	return k
}

// convolve runs a kernel along lines of n pixels that lie step apart, for m lines that
// lie stride apart.
func convolve(dst, src []float32, n, m, step, stride int, k []float32) {
	reach := len(k) / 2
	for j := range m {
		base := j * stride
		for i := range n {
			var s float32
			for t, w := range k {
				s += w * src[base+min(n-1, max(0, i+t-reach))*step]
			}
			dst[base+i*step] = s
		}
	}
}

// smear is motion along or across the line.
func (p *page) smear(length int, along bool) {
	if length < 2 {
		return
	}
	k := make([]float32, length)
	for i := range k {
		k[i] = 1 / float32(length)
	}
	src := append([]float32(nil), p.gray...)
	if along {
		convolve(p.gray, src, p.w, p.h, 1, p.w, k)
	} else {
		convolve(p.gray, src, p.h, p.w, p.w, 1, k)
	}
}

func (p *page) sharpen(amount float32, sigma float64) {
	src := append([]float32(nil), p.gray...)
	p.blur(sigma, sigma)
	for i, v := range src {
		p.gray[i] = min(255, max(0, v+amount*(v-p.gray[i])))
	}
}

func (p *page) addNoise(r *rand.Rand, sigma float64) {
	for i := range p.gray {
		p.gray[i] = min(255, max(0, p.gray[i]+float32(sigma*r.NormFloat64())))
	}
}

// stretch moves two shares of the range to black and white, with a gamma.
func (p *page) stretch(low, high, gamma float64) {
	lo, hi := p.gray[0], p.gray[0]
	for _, v := range p.gray {
		lo, hi = min(lo, v), max(hi, v)
	}
	for i, v := range p.gray {
		t := (float64(v-lo)/float64(hi-lo+1) - low) / (high - low)
		p.gray[i] = float32(255 * math.Pow(min(1, max(0, t)), gamma))
	}
}
