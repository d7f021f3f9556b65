package quality

import "math"

// Spot is a place on a page, as shares of its width and height.
type Spot struct{ X, Y, W, H float64 }

// covers tells whether a place takes more than a quarter of another one.
func (s Spot) covers(o Spot) bool {
	w, h := min(s.X+s.W, o.X+o.W)-max(s.X, o.X), min(s.Y+s.H, o.Y+o.H)-max(s.Y, o.Y)
	return w > 0 && h > 0 && 4*w*h > o.W*o.H
}

const (
	// skewed is the slant, in degrees, from which people have to tilt their heads. Lines are read up to 15.
	skewed = 8
	// step is the jump in luma that an edge of a document makes against what it lies on.
	step = 30
)

// skew estimates by how many degrees the page is slanted clockwise, within half a right angle. It is zero when no
// direction stands out.
//
// This is the projection profile of document analysis (Postl 1986): lines of print, frames and the edges of the
// paper fall into few bins when strong edges are projected along them, and into many when they are not. Both
// directions of the page count, so a page with few lines of print is judged by its frame.
func skew(luma []float32, w, h int) float64 {
	const strong, limit, bin = 60, 45, 2
	type point struct{ x, y float64 }
	var ink []point
	for y := 2; y < h-2; y += 2 {
		for x := 2; x < w-2; x += 2 {
			at := y*w + x
			gx, gy := luma[at+1]-luma[at-1], luma[at+w]-luma[at-w]
			if gx*gx+gy*gy > strong*strong {
				ink = append(ink, point{float64(x-w/2) / bin, float64(y-h/2) / bin})
			}
		}
	}
	if len(ink) < 500 {
		return 0
	}
	for len(ink) > 20_000 { // every second one is plenty
		for i := range len(ink) / 2 {
			ink[i] = ink[2*i]
		}
		ink = ink[:len(ink)/2]
	}
	half := int(math.Hypot(float64(w), float64(h)))/(2*bin) + 2
	rows, columns := make([]int, 2*half), make([]int, 2*half)
	gathered := func(degrees float64) float64 {
		clear(rows)
		clear(columns)
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		for _, p := range ink {
			rows[half+int(math.Floor(p.y*cos-p.x*sin))]++
			columns[half+int(math.Floor(p.x*cos+p.y*sin))]++
		}
		sum := 0
		for i := range rows {
			sum += rows[i]*rows[i] + columns[i]*columns[i]
		}
		return float64(sum)
	}
	best, most, all := 0.0, 0.0, 0.0
	for d := -limit; d < limit; d++ {
		g := gathered(float64(d))
		all += g
		if g > most {
			best, most = float64(d), g
		}
	}
	if most < 1.3*all/(2*limit) {
		return 0
	}
	for _, d := range [4]float64{best - 0.5, best - 0.25, best + 0.25, best + 0.5} {
		if g := gathered(d); g > most {
			best, most = d, g
		}
	}
	return best
}

// cut tells whether the picture ends before the document does: along one edge of the picture the document's own
// edges can be seen, while at two others at least there is nothing but what it lies on.
func cut(luma []float32, w, h int) bool {
	if w < 100 || h < 100 {
		return false
	}
	busy, quiet := 0, 0
	for _, n := range [4]int{
		steps(luma, w, 1, w, 3), steps(luma[(h-4)*w:], w, 1, w, 3),
		steps(luma, h, w, 1, 3), steps(luma[w-4:], h, w, 1, 3),
	} {
		switch {
		case n == 0:
			quiet++
		case n >= 2:
			busy++
		}
	}
	return busy > 0 && quiet >= 2
}

// steps counts the jumps along a border of n pixels, taken over a few rows. along is the distance of two pixels
// on the border, across that of two rows.
func steps(luma []float32, n, along, across, rows int) int {
	const reach = 6
	mean := func(i int) float32 {
		var s float32
		for r := range rows {
			s += luma[i*along+r*across]
		}
		return s / float32(rows)
	}
	count := 0
	for i := reach; i < n-reach; i++ {
		if d := mean(i+reach/2) - mean(i-reach/2); d > step || d < -step {
			count++
			i += 2 * reach
		}
	}
	return count
}
