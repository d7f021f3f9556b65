package snapshot

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
)

// A photograph is "hard", so that its lines may be read or be answered unreadable, by what
// is measured on it and not by what a reader makes of it:
//
//   - fewer than 13 pixels for a character at the narrow end of the lines;
//   - JPEG of a quality below 35, or any screen pattern;
//   - shares of damage that sum to more than one. A share is 1 for a blur of 0.055
//     character widths, a movement of 0.11 character widths along the lines or 0.14 across
//     them, a curl of 0.6 % of the width, noise of 8 % of the contrast between ink and
//     paper, a contrast of 45 of 255 (at 90 it is none), a shadow that takes 55 % of the light, an exposure
//     1.6 times too long, or a reflection that adds 60 of 255 anywhere on the lines.

type point struct{ x, y float64 }

func quad(x0, y0, x1, y1 float64) [4]point {
	return [4]point{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}
}

// photo is a sheet on its way through the camera.
type photo struct {
	sheet
	share float64 // of the damage that exact reading stands
	hard  bool
	notes []string
}

func (p *photo) note(format string, v ...any) { p.notes = append(p.notes, fmt.Sprintf(format, v...)) }

// moved replaces the picture by one in which every place has gone elsewhere.
func (p *photo) moved(g *image.Gray, to func(point) point) {
	p.Gray = g
	for i := range p.lines {
		p.lines[i] = to(p.lines[i])
	}
}

// fine is the number of pixels of a character where the lines are narrowest.
func (p *photo) fine() float64 {
	edge := func(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }
	top, bottom := edge(p.lines[0], p.lines[1]), edge(p.lines[3], p.lines[2])
	left, right := edge(p.lines[0], p.lines[3]), edge(p.lines[1], p.lines[2])
	return min(top, bottom) / float64(p.length) * min(1, 2*left/(left+right), 2*right/(left+right))
}

// photograph spoils a page. hard tells that exact reading is too much to ask.
func photograph(r *rand.Rand, s sheet) (out *image.Gray, hard bool, what string) {
	p := &photo{sheet: s}
	p.place(r)
	kinds := []func(*rand.Rand){p.blur, p.motion, p.noise, p.dark, p.shadow, p.glare, p.bend, p.fade, p.bright}
	for range []int{0, 1, 1, 1, 2}[r.IntN(5)] {
		kinds[r.IntN(len(kinds))](r)
	}
	if r.IntN(20) == 0 {
		p.screen(r)
	}
	p.share += max(0, 90/p.contrast-1)
	quality := 40 + r.IntN(55)
	if r.IntN(12) == 0 {
		quality = 15 + r.IntN(20)
	}
	p.note("quality %d", quality)
	turn := 0
	if r.IntN(4) == 0 {
		turn = 1 + r.IntN(3)
		p.note("turned %d", turn)
	}
	p.note("fine %.1f share %.2f", p.fine(), p.share)
	p.hard = p.hard || p.fine() < 13 || quality < 35 || p.share > 1
	return Turn(Compress(p.Gray, quality), turn), p.hard, strings.Join(p.notes, ", ")
}

// place lays the page before the camera: level on a scanner, or askew on a table.
func (p *photo) place(r *rand.Rand) {
	if r.IntN(2) == 0 {
		sway, table := 0.05*r.Float64(), []float64{250, 150, 45}[r.IntN(3)]
		p.moved(Lay(p.Gray, 0.66+0.3*r.Float64(), sway, table, r))
		p.note("table %.0f sway %.3f", table, sway)
	}
	if r.IntN(2) == 0 {
		a := 3 * r.NormFloat64()
		if r.IntN(5) == 0 {
			a = 15 * (2*r.Float64() - 1)
		}
		w, h := float64(p.Rect.Dx()), float64(p.Rect.Dy())
		g := Rotate(p.Gray, a)
		sin, cos := math.Sincos(a * math.Pi / 180)
		nw, nh := float64(g.Rect.Dx()), float64(g.Rect.Dy())
		p.moved(g, func(q point) point {
			x, y := q.x-w/2, q.y-h/2
			return point{x*cos - y*sin + nw/2, x*sin + y*cos + nh/2}
		})
		p.note("tilt %.1f", a)
	}
	width := 700 + r.IntN(800)
	if r.IntN(6) == 0 {
		width = 330 + r.IntN(300)
	}
	scale := float64(width) / float64(p.Rect.Dx())
	p.moved(Resize(p.Gray, width), func(q point) point { return point{q.x * scale, q.y * scale} })
	p.note("width %d", width)
}

func (p *photo) blur(r *rand.Rand) {
	sigma := 0.3 + 2*r.Float64()
	p.Gray = Blur(p.Gray, sigma, sigma)
	p.note("blur %.1f", sigma)
	p.share += sigma / (0.055 * p.fine())
}

func (p *photo) motion(r *rand.Rand) {
	n, limit := 2+r.IntN(4), 0.11
	if r.IntN(2) == 0 {
		p.Gray = Motion(p.Gray, n)
		p.note("motion %d", n)
	} else {
		p.Gray, limit = Turn(Motion(Turn(p.Gray, 1), n), 3), 0.14
		p.note("motion across %d", n)
	}
	p.share += float64(n) / (limit * p.fine())
}

func (p *photo) noise(r *rand.Rand) {
	sigma := 3 + 15*r.Float64()
	p.Gray = Noise(p.Gray, sigma, r)
	p.note("noise %.0f", sigma)
	p.share += sigma / (0.08 * p.contrast)
}

func (p *photo) dark(r *rand.Rand) {
	gain := 0.25 + 0.45*r.Float64()
	p.Gray = Noise(Expose(p.Gray, gain), 2, r)
	p.note("dark %.2f", gain)
	p.contrast *= gain
	p.share += 2 / (0.08 * p.contrast)
}

func (p *photo) shadow(r *rand.Rand) {
	depth := 0.2 + 0.4*r.Float64()
	p.Gray = Shadow(p.Gray, depth, r)
	p.note("shadow %.2f", depth)
	p.contrast *= 1 - depth
	p.share += depth / 0.55
}

func (p *photo) glare(r *rand.Rand) {
	x, y, strength := 0.2+0.6*r.Float64(), 0.1+0.85*r.Float64(), 0.3+0.7*r.Float64()
	p.Gray = Glare(p.Gray, strength, x, y, 0.1)
	w, h := float64(p.Rect.Dx()), float64(p.Rect.Dy())
	added := 0.0
	for i := range 41 {
		for j := range 9 {
			u, v := float64(i)/40, float64(j)/8
			q := p.lines
			at := func(a, b, c, d float64) float64 { return (a*(1-u)+b*u)*(1-v) + (d*(1-u)+c*u)*v }
			added = max(added, shine(strength, x, y, 0.1, w, h, at(q[0].x, q[1].x, q[2].x, q[3].x), at(q[0].y, q[1].y, q[2].y, q[3].y)))
		}
	}
	p.note("glare %.2f adds %.0f", strength, added)
	p.share += added / 60
}

func (p *photo) bend(r *rand.Rand) {
	depth := 0.01 * r.Float64()
	p.Gray = Bend(p.Gray, depth)
	p.note("bent %.3f", depth)
	p.share += depth / 0.006
}

func (p *photo) fade(r *rand.Rand) {
	black := 60 + 90*r.Float64()
	p.Gray = Fade(p.Gray, black)
	p.note("faded %.0f", black)
	p.contrast *= (255 - black) / 255
}

func (p *photo) bright(r *rand.Rand) {
	gain := 1.1 + 0.5*r.Float64()
	p.Gray = Expose(p.Gray, gain)
	p.note("bright %.2f", gain)
	p.share += (gain - 1) / 0.6
}

func (p *photo) screen(r *rand.Rand) {
	depth := 0.04 + 0.12*r.Float64()
	p.Gray = Screen(p.Gray, depth, 1.6+0.8*r.Float64())
	p.hard = true
	p.note("screen %.2f", depth)
}
