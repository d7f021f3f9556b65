package ocrb

import (
	"math"
	"slices"

	"okno/review/scan/ocrb/glyphnet"
)

// band is the surroundings of a candidate, cut out level and scaled to a fixed width.
type band struct {
	plane
	// ox, oy is the picture's place of the upper left corner; (ux, uy) and (vx, vy) are
	// one pixel of the band to the right and down.
	ox, oy, ux, uy, vx, vy float64
	rows                   []row
	longer                 bool    // cut out a second time
	score                  float64 // of the candidate
}

const bandWidth = 900

// row is one line of text in a band.
type row struct {
	a, b, c float64 // the middle is at a + b*t + c*t*t, with t from -1 to 1 across the band
	height  float64 // of the capitals
	pitch   float64
	beat    float64 // how strongly the row repeats after one pitch, 0 to 1
	left    float64 // extent of the ink
	right   float64
}

func (r row) at(x float64) float64 {
	t := x/(bandWidth/2) - 1
	return r.a + (r.b+r.c*t)*t
}

// pyramid holds the picture at full, half and quarter size, for cutting out without
// aliasing.
type pyramid [3]*plane

func newPyramid(p *plane) *pyramid {
	h := p.half()
	return &pyramid{p, h, h.half()}
}

// sampler picks the level at which one step is at most about 1.5 pixels.
func (y *pyramid) sampler(step float64) (p *plane, scale float64) {
	scale = 1
	level := 0
	for step*scale > 1.5 && level+1 < len(y) && y[level+1].w > 8 && y[level+1].h > 8 {
		scale /= 2
		level++
	}
	return y[level], scale
}

// cut makes the band of a candidate, with room for lines that the candidate lacks.
func cut(y *pyramid, c candidate) *band {
	length := c.length * 1.16
	height := c.height + 0.24*c.length
	q := length / bandWidth
	b := &band{ux: c.dx * q, uy: c.dy * q, vx: -c.dy * q, vy: c.dx * q}
	b.w, b.h = bandWidth, min(420, max(24, int(height/q)))
	b.pix = make([]uint8, b.w*b.h)
	b.ox = c.x - b.ux*bandWidth/2 - b.vx*float64(b.h)/2
	b.oy = c.y - b.uy*bandWidth/2 - b.vy*float64(b.h)/2
	src, scale := y.sampler(q)
	const one = 1 << 16
	fix := func(v float64) int { return int(math.Floor(v * one)) }
	ux, uy := fix(b.ux*scale), fix(b.uy*scale)
	for j := range b.h {
		x0 := (b.ox+b.vx*(float64(j)+0.5)+b.ux*0.5)*scale - 0.5
		y0 := (b.oy+b.vy*(float64(j)+0.5)+b.uy*0.5)*scale - 0.5
		px, py := fix(x0), fix(y0)
		dst := b.pix[j*b.w : (j+1)*b.w]
		for i := range dst {
			dst[i] = src.smooth(px, py)
			px += ux
			py += uy
		}
	}
	return b
}

// smooth reads between pixels; coordinates are in 65536ths. Outside the picture its
// border goes on.
func (p *plane) smooth(x, y int) uint8 {
	i, j := x>>16, y>>16
	if i < 0 || j < 0 || i+1 >= p.w || j+1 >= p.h {
		i0, j0 := min(p.w-1, max(0, i)), min(p.h-1, max(0, j))
		return p.pix[j0*p.w+i0]
	}
	wx, wy := x>>8&255, y>>8&255
	a := p.pix[j*p.w+i : j*p.w+i+2 : j*p.w+i+2]
	b := p.pix[(j+1)*p.w+i : (j+1)*p.w+i+2 : (j+1)*p.w+i+2]
	top := int(a[0])*(256-wx) + int(a[1])*wx
	bottom := int(b[0])*(256-wx) + int(b[1])*wx
	return uint8((top*(256-wy) + bottom*wy + 1<<15) >> 16)
}

const (
	chunks     = 36
	chunkWidth = bandWidth / chunks
)

// findRows measures the lines of text in the band: first the tilt that makes the row
// profile most uneven, then the rows, then each row's slope and curvature on segments.
func (b *band) findRows() {
	// profile[k][y] is the amount of vertical strokes in one chunk of a pixel row.
	var profile [chunks][]float64
	for k := range profile {
		profile[k] = make([]float64, b.h)
	}
	for y := range b.h {
		line := b.pix[y*b.w : (y+1)*b.w]
		for k := range profile {
			sum := 0
			from := max(1, k*chunkWidth)
			for x := from; x < min((k+1)*chunkWidth, b.w-2); x++ {
				d := int(line[x+1]) - int(line[x-1])
				sum += min(60, max(d, -d))
			}
			profile[k][y] = float64(sum)
		}
	}
	bestTilt, bestScore := 0.0, -1.0
	whole := make([]float64, b.h)
	for step := -24; step <= 24; step++ {
		tilt := float64(step) * 0.003 * bandWidth / 2
		tilted(whole, profile[:], tilt)
		if s := unevenness(whole); s > bestScore {
			bestScore, bestTilt = s, tilt
		}
	}
	tilted(whole, profile[:], bestTilt)
	for _, run := range peaks(whole) {
		r := row{a: (run[0] + run[1]) / 2, b: bestTilt, height: run[1] - run[0]}
		b.follow(&r, profile[:])
		b.measure(&r)
		b.rows = append(b.rows, r)
	}
}

// tilted sums the chunks along a line that rises by twice the tilt over the band.
func tilted(dst []float64, profile [][]float64, tilt float64) {
	clear(dst)
	for k, p := range profile {
		t := (float64(k)+0.5)/chunks*2 - 1
		shift := int(math.Round(tilt * t))
		for y := range dst {
			if j := y + shift; j >= 0 && j < len(p) {
				dst[y] += p[j]
			}
		}
	}
}

func unevenness(p []float64) (s float64) {
	for i := 3; i < len(p); i++ {
		d := p[i] - p[i-3]
		s += d * d
	}
	return s
}

// peaks finds the rows of a profile: runs above the middle between the valleys and the
// top around.
func peaks(p []float64) (runs [][2]float64) {
	n := len(p)
	smooth := make([]float64, n)
	for i := range p {
		smooth[i] = (p[max(0, i-1)] + 2*p[i] + p[min(n-1, i+1)]) / 4
	}
	const reach = 30
	above := func(i int) bool {
		lo, hi := smooth[i], smooth[i]
		for j := max(0, i-reach); j <= min(n-1, i+reach); j++ {
			lo, hi = min(lo, smooth[j]), max(hi, smooth[j])
		}
		return smooth[i] > lo+0.5*(hi-lo)
	}
	top := slices.Max(smooth)
	for i := 0; i < n; i++ {
		if !above(i) {
			continue
		}
		from, best := i, 0.0
		for i < n && above(i) {
			best = max(best, smooth[i])
			i++
		}
		if h := i - from; h >= 5 && h <= 48 && best > 0.3*top {
			runs = append(runs, [2]float64{float64(from), float64(i)})
		}
	}
	return runs
}

// follow fits a parabola to the places of a row on segments.
func (b *band) follow(r *row, profile [][]float64) {
	const segments, per = 9, chunks / 9
	half := r.height / 2
	var ts, ys, ws []float64
	for s := range segments {
		t := (float64(s)+0.5)/segments*2 - 1
		middle := r.a + r.b*t
		best, bestAt, base := -math.MaxFloat64, 0.0, 0.0
		for d := -10; d <= 10; d++ {
			var in, out float64
			for y := int(middle - 2*half); y <= int(middle+2*half); y++ {
				sum := 0.0
				if j := y + d; j >= 0 && j < b.h {
					for k := s * per; k < (s+1)*per; k++ {
						sum += profile[k][j]
					}
				}
				if math.Abs(float64(y)-middle+0.5) <= half {
					in += sum
				} else {
					out += sum
				}
			}
			v := in - 0.7*out - 0.01*in*math.Abs(float64(d))
			base += v / 21
			if v > best {
				best, bestAt = v, float64(d)
			}
		}
		if best > 0 {
			ts, ys, ws = append(ts, t), append(ys, middle+bestAt), append(ws, best)
		}
	}
	for range 3 {
		if len(ts) < 4 {
			return
		}
		a, bb, c := parabola(ts, ys, ws, len(ts) >= 6)
		r.a, r.b, r.c = a, bb, c
		worst, at := 0.0, -1
		for i, t := range ts {
			if d := math.Abs(ys[i] - (a + (bb+c*t)*t)); d > worst {
				worst, at = d, i
			}
		}
		if worst < 2 {
			return
		}
		ts, ys, ws = slices.Delete(ts, at, at+1), slices.Delete(ys, at, at+1), slices.Delete(ws, at, at+1)
	}
}

// parabola is the weighted least-squares fit of a + b*t + c*t*t; without curve c is 0.
func parabola(ts, ys, ws []float64, curve bool) (a, b, c float64) {
	var m [3][4]float64
	for i, t := range ts {
		p := [3]float64{1, t, t * t}
		for j := range 3 {
			for k := range 3 {
				m[j][k] += ws[i] * p[j] * p[k]
			}
			m[j][3] += ws[i] * p[j] * ys[i]
		}
	}
	n := 3
	if !curve {
		n = 2
		m[0][2], m[1][2] = m[0][3], m[1][3]
	}
	var x [3]float64
	for i := range n {
		if math.Abs(m[i][i]) < 1e-9 {
			return ys[0], 0, 0
		}
		for j := range n {
			if j == i {
				continue
			}
			f := m[j][i] / m[i][i]
			for k := i; k <= n; k++ {
				m[j][k] -= f * m[i][k]
			}
		}
	}
	for i := range n {
		x[i] = m[i][n] / m[i][i]
	}
	return x[0], x[1], x[2]
}

// measure finds a straightened row's exact height, extent and pitch.
func (b *band) measure(r *row) {
	reach := int(r.height) + 6
	across := make([]float64, 2*reach+1)
	along := make([]float64, b.w)
	half := max(3, int(r.height*0.5))
	for x := 1; x+1 < b.w; x++ {
		m := int(math.Round(r.at(float64(x))))
		lo, hi, sum := 255, 0, 0
		for d := -reach; d <= reach; d++ {
			y := m + d
			if y < 0 || y >= b.h {
				continue
			}
			v := int(b.pix[y*b.w+x])
			g := int(b.pix[y*b.w+x+1]) - int(b.pix[y*b.w+x-1])
			across[d+reach] += float64(min(60, max(g, -g)))
			if d >= -half && d <= half {
				lo, hi, sum = min(lo, v), max(hi, v), sum+v
			}
		}
		along[x] = float64(sum)
	}
	// Height at half of the rise above the valleys beside the row.
	peak, valley := 0.0, math.MaxFloat64
	for i, v := range across {
		if i > reach-half/2 && i < reach+half/2+1 {
			peak = max(peak, v)
		}
		valley = min(valley, v)
	}
	level := valley + 0.45*(peak-valley)
	cross := func(dir int) float64 {
		i := reach
		for i+dir >= 0 && i+dir < len(across) && across[i+dir] > level {
			i += dir
		}
		j := i + dir
		if j < 0 || j >= len(across) || across[i] == across[j] {
			return float64(i - reach)
		}
		return float64(i-reach) + float64(dir)*(across[i]-level)/(across[i]-across[j])
	}
	top, bottom := cross(-1), cross(1)
	r.a += (top + bottom) / 2
	r.height = bottom - top
	r.pitch, r.beat = pitchOf(along)
	r.left, r.right = 0, bandWidth
}

// pitchOf finds the distance after which a profile repeats, by autocorrelation over
// several repetitions.
func pitchOf(along []float64) (pitch, beat float64) {
	// Take out slow changes of brightness.
	n := len(along)
	sums := make([]float64, n+1)
	for i, v := range along {
		sums[i+1] = sums[i] + v
	}
	v := make([]float64, n)
	var energy float64
	for i := range v {
		lo, hi := max(0, i-16), min(n, i+17)
		v[i] = along[i] - (sums[hi]-sums[lo])/float64(hi-lo)
		energy += v[i] * v[i]
	}
	if energy == 0 {
		return 18, 0
	}
	limit := 4 * math.Sqrt(energy/float64(n))
	for i := range v {
		v[i] = min(limit, max(-limit, v[i]))
	}
	const most = 150
	var auto [most + 1]float64
	for lag := range auto {
		for i := lag; i < n; i++ {
			auto[lag] += v[i] * v[i-lag]
		}
		auto[lag] /= float64(n - lag)
	}
	at := func(x float64) float64 {
		i := int(x)
		if i+1 > most {
			return 0
		}
		f := x - float64(i)
		return auto[i]*(1-f) + auto[i+1]*f
	}
	for p := 10.0; p <= 36; p += 0.05 {
		sum, times := 0.0, 0.0
		for k := 1.0; k <= 4 && k*p < most-1; k++ {
			sum += at(k*p) - 0.5*(at((k-0.5)*p)+at((k+0.5)*p))
			times++
		}
		if s := sum / times / (2 * auto[0]); s > beat {
			beat, pitch = s, p
		}
	}
	return pitch, beat
}

// strip cuts a row out for the network: from is the place of its left edge and step the
// distance of two strip pixels in the band; up moves it in strip pixels.
func (b *band) strip(dst []float32, y *pyramid, r row, width int, place func(x float64) float64, height, up float64) []float32 {
	dst = dst[:0]
	unit := height / glyphnet.Cap
	q := math.Hypot(b.ux, b.uy)
	src, scale := y.sampler(q * min(unit, (place(float64(width))-place(0))/float64(width)))
	const one = 1 << 16
	for x := range width {
		bx := place(float64(x) + 0.5)
		by := r.at(bx) + (0.5-glyphnet.Height/2-up)*unit
		px := int(((b.ox+b.ux*bx+b.vx*by)*scale - 0.5) * one)
		py := int(((b.oy+b.uy*bx+b.vy*by)*scale - 0.5) * one)
		dx, dy := int(b.vx*unit*scale*one), int(b.vy*unit*scale*one)
		for range glyphnet.Height {
			dst = append(dst, float32(src.smooth(px, py)))
			px += dx
			py += dy
		}
	}
	return dst
}
