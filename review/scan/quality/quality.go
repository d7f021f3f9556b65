// Package quality measures whether a person could read a photographed or scanned page.
//
//	m := quality.Measure(img)      // any image; it is reduced to 1000 px on its long side first
//	for _, f := range m.Findings() {
//		// f.Code is "blur", "dark", "bright", "glare", "grayscale" or "resolution"; f.Retake asks for a new picture
//	}
//
// The numbers and thresholds come from measurements on real and synthetic pages: edge width separates sharp
// from blurred pages without overlap where the usual variance of the Laplacian does not.
package quality

import (
	"image"
	"math"
	"slices"
)

// Side is the long side, in pixels, at which everything is measured. Smaller pictures are not enlarged.
const Side = 1000

// Metrics are the measured numbers of one page.
type Metrics struct {
	Width, Height int     // of the page before reduction
	EdgeWidth     float64 // EW: 35th percentile rise width of strong horizontal edges; 0 when there are none
	Crete         float64 // CT: median no-reference blur of the busiest quarter of a 12 x 12 grid
	Dark          float64 // 5th percentile of luma
	Light         float64 // 95th percentile of luma
	Saturated     float64 // share of pixels at 252 and above
	Glare         float64 // area share of the largest saturated blob that does not touch the border
	Chroma        float64 // colour left when a tint of the whole page is taken out
	OneComponent  bool    // the file stores gray only
	Glared        Spot    // around the largest saturated blob
	Skew          float64 // slant of the page in degrees, clockwise; 0 when nothing tells
	Cut           bool    // the picture ends before the document does
}

// Finding is something to tell the applicant or the reviewer.
type Finding struct {
	Code   string
	Retake bool // bad enough to ask for a new picture
}

// Findings compares the metrics with the thresholds. spots are the places that matter most, the portrait and the
// machine-readable lines: glare on one of them asks for a new picture.
func (m Metrics) Findings(spots ...Spot) []Finding {
	var f []Finding
	long, short := max(m.Width, m.Height), min(m.Width, m.Height)
	switch {
	case long < 600 || short < 400:
		f = append(f, Finding{"resolution", true})
	case long < 1000:
		f = append(f, Finding{"resolution", false})
	}
	switch {
	case m.EdgeWidth >= 3.6 && m.Crete >= 0.50:
		f = append(f, Finding{"blur", true})
	case m.EdgeWidth >= 2.8 || m.Crete >= 0.40:
		f = append(f, Finding{"blur", false})
	}
	switch {
	case m.Light < 90:
		f = append(f, Finding{"dark", true})
	case m.Light < 130:
		f = append(f, Finding{"dark", false})
	}
	if m.Saturated > 0.35 && m.Dark > 140 {
		f = append(f, Finding{"bright", false})
	}
	if m.Glare >= 0.01 && m.Glare <= 0.20 && m.Saturated < 0.35 {
		f = append(f, Finding{"glare", slices.ContainsFunc(spots, m.Glared.covers)})
	}
	if m.OneComponent || m.Chroma < 8 && m.Light >= 130 {
		f = append(f, Finding{"grayscale", false})
	}
	if m.Cut {
		f = append(f, Finding{"cut", false})
	}
	if math.Abs(m.Skew) >= skewed {
		f = append(f, Finding{"skew", false})
	}
	return f
}

// Measure reduces the page and takes all metrics.
func Measure(img image.Image) Metrics {
	b := img.Bounds()
	m := Metrics{Width: b.Dx(), Height: b.Dy()}
	if _, gray := img.(*image.Gray); gray {
		m.OneComponent = true
	}
	small := reduce(img)
	luma := m.scan(small)
	w, h := small.Rect.Dx(), small.Rect.Dy()
	m.EdgeWidth = edgeWidth(luma, w, h)
	m.Crete = crete(luma, w, h)
	m.Glare, m.Glared = glare(luma, w, h)
	m.Skew = skew(luma, w, h)
	m.Cut = cut(luma, w, h)
	return m
}

// scan fills exposure and colour and returns the luma plane.
func (m *Metrics) scan(img *image.RGBA) []float32 {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	luma := make([]float32, w*h)
	var hist [256]int
	var by, ry regression
	for y := range h {
		row := img.Pix[y*img.Stride : y*img.Stride+4*w]
		for x := range w {
			r, g, b := float64(row[4*x]), float64(row[4*x+1]), float64(row[4*x+2])
			l := 0.299*r + 0.587*g + 0.114*b
			luma[y*w+x] = float32(l)
			hist[min(255, int(l+0.5))]++
			if l >= 25 && l <= 235 {
				by.add(l, b-l)
				ry.add(l, r-l)
			}
		}
	}
	n := w * h
	m.Dark, m.Light = percentile(&hist, n, 0.05), percentile(&hist, n, 0.95)
	bright := 0
	for v := 252; v < 256; v++ {
		bright += hist[v]
	}
	m.Saturated = float64(bright) / float64(max(1, n))
	m.Chroma = by.residual() + ry.residual()
	return luma
}

func percentile(hist *[256]int, n int, p float64) float64 {
	want, sum := int(p*float64(n)), 0
	for v, c := range hist {
		sum += c
		if sum > want {
			return float64(v)
		}
	}
	return 255
}

// regression fits d = a + b*y + c*y*y by least squares, from sums only.
type regression struct {
	n, y1, y2, y3, y4, d1, yd, y2d, d2 float64
}

func (r *regression) add(y, d float64) {
	y /= 255
	yy := y * y
	r.n++
	r.y1 += y
	r.y2 += yy
	r.y3 += yy * y
	r.y4 += yy * yy
	r.d1 += d
	r.yd += y * d
	r.y2d += yy * d
	r.d2 += d * d
}

// residual is the standard deviation left after the fit.
func (r *regression) residual() float64 {
	if r.n < 16 {
		return 0
	}
	a := [3][4]float64{{r.n, r.y1, r.y2, r.d1}, {r.y1, r.y2, r.y3, r.yd}, {r.y2, r.y3, r.y4, r.y2d}}
	for i := range 3 {
		p := i
		for k := i + 1; k < 3; k++ {
			if math.Abs(a[k][i]) > math.Abs(a[p][i]) {
				p = k
			}
		}
		a[i], a[p] = a[p], a[i]
		if math.Abs(a[i][i]) < 1e-9*r.n {
			continue
		}
		for k := range 3 {
			if k == i {
				continue
			}
			f := a[k][i] / a[i][i]
			for j := i; j < 4; j++ {
				a[k][j] -= f * a[i][j]
			}
		}
	}
	var c [3]float64
	for i := range 3 {
		if math.Abs(a[i][i]) >= 1e-9*r.n {
			c[i] = a[i][3] / a[i][i]
		}
	}
	sse := r.d2 - c[0]*r.d1 - c[1]*r.yd - c[2]*r.y2d
	return math.Sqrt(max(0, sse/r.n))
}

// edgeWidth follows strong horizontal luma edges to their ends and returns the 35th percentile of the
// distance between 10 % and 90 % of the rise.
func edgeWidth(luma []float32, w, h int) float64 {
	const strong = 40
	var widths []float64
	for y := 1; y < h-1; y += 2 {
		row := luma[y*w : (y+1)*w]
		for x := 1; x < w-1; {
			d := row[x+1] - row[x]
			if d > -2 && d < 2 {
				x++
				continue
			}
			rising := d > 0
			end := x + 1
			for end < w-1 && (row[end+1]-row[end] > 0.5) == rising && (rising || row[end+1]-row[end] < -0.5) {
				end++
			}
			if rise := row[end] - row[x]; rise > strong || rise < -strong {
				widths = append(widths, crossing(row[x:end+1], 0.9)-crossing(row[x:end+1], 0.1))
			}
			x = end
		}
	}
	if len(widths) < 50 {
		return 0
	}
	slices.Sort(widths)
	return widths[len(widths)*35/100] * 1.25
}

// crossing is the sub-pixel place where a monotonic run reaches a share of its rise.
func crossing(run []float32, share float32) float64 {
	from, to := run[0], run[len(run)-1]
	want := (to - from) * share
	if want < 0 {
		want = -want
	}
	for i := 1; i < len(run); i++ {
		v, prev := run[i]-from, run[i-1]-from
		if v < 0 {
			v, prev = -v, -prev
		}
		if v >= want {
			if v == prev {
				return float64(i)
			}
			return float64(i-1) + float64((want-prev)/(v-prev))
		}
	}
	return float64(len(run) - 1)
}

// crete compares neighbour differences before and after a strong blur (Crete 2007), cell by cell.
func crete(luma []float32, w, h int) float64 {
	const grid, half = 12, 4
	if w < grid*12 || h < grid*12 {
		return 0
	}
	type cell struct{ busy, blur float64 }
	cells := make([]cell, 0, grid*grid)
	for gy := range grid {
		for gx := range grid {
			x0, x1 := max(gx*w/grid, half+1), min((gx+1)*w/grid, w-half-1)
			y0, y1 := max(gy*h/grid, half+1), min((gy+1)*h/grid, h-half-1)
			var diffX, lostX, diffY, lostY float64
			for y := y0; y < y1; y += 2 {
				for x := x0; x < x1; x += 2 {
					dx, lx := lost(luma, y*w+x, 1, half)
					dy, ly := lost(luma, y*w+x, w, half)
					diffX, lostX, diffY, lostY = diffX+dx, lostX+lx, diffY+dy, lostY+ly
				}
			}
			c := cell{busy: diffX + diffY}
			if diffX > 0 && diffY > 0 {
				c.blur = max(1-lostX/diffX, 1-lostY/diffY)
			}
			cells = append(cells, c)
		}
	}
	slices.SortFunc(cells, func(a, b cell) int {
		switch {
		case a.busy > b.busy:
			return -1
		case a.busy < b.busy:
			return 1
		}
		return 0
	})
	busiest := cells[:len(cells)/4]
	blurs := make([]float64, len(busiest))
	for i, c := range busiest {
		blurs[i] = c.blur
	}
	slices.Sort(blurs)
	return blurs[len(blurs)/2]
}

// lost gives the difference to the previous pixel along a step, and how much of it a 9-tap mean would remove.
func lost(luma []float32, at, step, half int) (diff, removed float64) {
	d := abs32(luma[at] - luma[at-step])
	// The mean moves by (entering - leaving) / 9 between the two positions.
	mean := abs32(luma[at+half*step]-luma[at-(half+1)*step]) / float32(2*half+1)
	return float64(d), float64(max(0, d-mean))
}

func abs32(v float32) float32 {
	if v < 0 {
		return -v
	}
	return v
}

// glare measures the largest saturated blob on a grid of every fourth pixel. Blobs at the border are scanner
// lids and tables.
func glare(luma []float32, w, h int) (float64, Spot) {
	const step = 4
	gw, gh := w/step, h/step
	if gw < 3 || gh < 3 {
		return 0, Spot{}
	}
	open := make([]bool, gw*gh)
	for y := range gh {
		for x := range gw {
			open[y*gw+x] = luma[y*step*w+x*step] >= 252
		}
	}
	best, where := 0, Spot{}
	var todo []int
	for start := range open {
		if !open[start] {
			continue
		}
		open[start] = false
		todo = append(todo[:0], start)
		size, border := 0, false
		left, top, right, bottom := gw, gh, 0, 0
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			size++
			x, y := at%gw, at/gw
			left, top, right, bottom = min(left, x), min(top, y), max(right, x+1), max(bottom, y+1)
			border = border || x == 0 || y == 0 || x == gw-1 || y == gh-1
			for _, n := range [4]struct {
				at   int
				have bool
			}{{at - 1, x > 0}, {at + 1, x < gw-1}, {at - gw, y > 0}, {at + gw, y < gh-1}} {
				if n.have && open[n.at] {
					open[n.at] = false
					todo = append(todo, n.at)
				}
			}
		}
		if !border && size > best {
			best = size
			where = Spot{
				X: float64(left) / float64(gw), Y: float64(top) / float64(gh),
				W: float64(right-left) / float64(gw), H: float64(bottom-top) / float64(gh),
			}
		}
	}
	return float64(best) / float64(gw*gh), where
}
