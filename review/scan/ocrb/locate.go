package ocrb

import (
	"bytes"
	"cmp"
	"math"
	"slices"
)

// candidate is a long narrow place with the texture of text, in pixels of the gray
// picture: the axis runs along the text, in one of its two directions.
type candidate struct {
	x, y           float64 // middle
	dx, dy         float64 // unit vector along
	length, height float64
	score          float64
}

// locate looks for candidates on a reduced copy of the picture with the given long side,
// in rows and, on a turned copy, in columns.
func (m *morpher) locate(y *pyramid, side int) []candidate {
	p := y[0]
	scale := float64(side) / float64(max(p.w, p.h))
	small := y.scaled(max(16, int(float64(p.w)*scale+0.5)), max(16, int(float64(p.h)*scale+0.5)))
	var all []candidate
	for _, c := range m.textBlobs(small) {
		all = append(all, c.enlarged(1/scale))
	}
	for _, c := range m.textBlobs(small.turned()) {
		c.x, c.y, c.dx, c.dy = c.y, c.x, c.dy, c.dx
		all = append(all, c.enlarged(1/scale))
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	return distinct(all)
}

func (c candidate) enlarged(f float64) candidate {
	c.x, c.y, c.length, c.height = c.x*f, c.y*f, c.length*f, c.height*f
	return c
}

// distinct drops candidates that show what a better one shows.
func distinct(all []candidate) []candidate {
	var kept []candidate
	for _, c := range all {
		if !slices.ContainsFunc(kept, func(k candidate) bool { return k.covers(c) }) {
			kept = append(kept, c)
		}
	}
	return kept
}

func (c candidate) covers(o candidate) bool {
	if math.Abs(c.dx*o.dx+c.dy*o.dy) < 0.998 || o.length > 1.15*c.length || c.length > 1.5*o.length {
		return false
	}
	x, y := o.x-c.x, o.y-c.y
	along, across := math.Abs(x*c.dx+y*c.dy), math.Abs(y*c.dx-x*c.dy)
	return along < 0.1*c.length && across < 0.5*c.height+0.015*c.length && o.height < 1.6*c.height && c.height < 2.2*o.height
}

// textBlobs finds elongated areas in which dark strokes follow one another along rows:
// strokes by a black-hat, their sides by the horizontal gradient, areas by closings of
// different heights, so that lines are found alone and together.
func (m *morpher) textBlobs(p *plane) []candidate {
	side := max(p.w, p.h)
	unit := max(1, side/450)
	strokes := m.closing(p, 9*unit, 7*unit)
	for i, v := range p.pix {
		strokes.pix[i] -= v
	}
	grad := m.plane(p.w, p.h)
	clear(grad.pix)
	for y := 1; y+1 < p.h; y++ {
		above, row, below := strokes.pix[(y-1)*p.w:y*p.w], strokes.pix[y*p.w:(y+1)*p.w], strokes.pix[(y+1)*p.w:(y+2)*p.w]
		dst := grad.pix[y*p.w : (y+1)*p.w]
		for x := 1; x+1 < p.w; x++ {
			d := 2*(int(row[x+1])-int(row[x-1])) + int(above[x+1]) - int(above[x-1]) + int(below[x+1]) - int(below[x-1])
			dst[x] = uint8(min(255, max(d, -d)))
		}
	}
	joined := m.closing(grad, 19*unit, 3*unit)
	level := otsu(joined.pix)
	var all []candidate
	for _, share := range []float64{1, 0.55} {
		var above [256]uint8
		for v := range above {
			if float64(v) > share*float64(level) {
				above[v] = 1
			}
		}
		binary := m.plane(p.w, p.h)
		for i, v := range joined.pix {
			binary.pix[i] = above[v]
		}
		clean := m.opening(binary, 13*unit, 3*unit)
		m.free(binary)
		for _, height := range []int{1, 5, 10} {
			area := clean
			if height > 1 {
				area = m.closing(clean, 15*unit, height*unit)
			}
			all = append(all, m.blobs(area, grad, float64(side))...)
			if area != clean {
				m.free(area)
			}
		}
		m.free(clean)
	}
	m.free(strokes, grad, joined)
	return all
}

// blobs measures the connected areas of a picture of zeros and ones.
func (m *morpher) blobs(area, grad *plane, side float64) []candidate {
	rest := m.plane(area.w, area.h) // what was not met yet
	defer m.free(rest)
	copy(rest.pix, area.pix)
	stack := m.stack
	defer func() { m.stack = stack }()
	var out []candidate
	for start := 0; ; start++ {
		next := bytes.IndexByte(rest.pix[start:], 1)
		if next < 0 {
			return out
		}
		start += next
		var n, sx, sy, sxx, sxy, syy, energy float64
		stack = append(stack[:0], int32(start))
		rest.pix[start] = 0
		for len(stack) > 0 {
			i := int(stack[len(stack)-1])
			stack = stack[:len(stack)-1]
			px, py := i%area.w, i/area.w
			x, y := float64(px), float64(py)
			n, sx, sy, sxx, sxy, syy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
			energy += float64(grad.pix[i])
			push := func(j int) {
				if rest.pix[j] != 0 {
					rest.pix[j] = 0
					stack = append(stack, int32(j))
				}
			}
			if px > 0 {
				push(i - 1)
			}
			if px+1 < area.w {
				push(i + 1)
			}
			if py > 0 {
				push(i - area.w)
			}
			if py+1 < area.h {
				push(i + area.w)
			}
		}
		if n < 0.0006*side*side {
			continue
		}
		mx, my := sx/n, sy/n
		vxx, vxy, vyy := sxx/n-mx*mx, sxy/n-mx*my, syy/n-my*my
		mean, diff := (vxx+vyy)/2, math.Hypot((vxx-vyy)/2, vxy)
		angle := math.Atan2(2*vxy, vxx-vyy) / 2
		c := candidate{x: mx + 0.5, y: my + 0.5, dx: math.Cos(angle), dy: math.Sin(angle),
			length: math.Sqrt(12 * (mean + diff)), height: math.Sqrt(12*max(0, mean-diff)) + 1}
		fill := n / (c.length * c.height)
		if c.length < 0.2*side || c.length < 4.2*c.height || math.Abs(angle) > 0.6 || fill < 0.5 {
			continue
		}
		c.score = energy / n * math.Sqrt(c.length/side) * fill
		out = append(out, c)
	}
}
