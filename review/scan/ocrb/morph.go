package ocrb

import "encoding/binary"

// Gray morphology with rectangles on bytes. A running maximum over k pixels is made of
// maxima over 1, 2, 4, ... pixels, so its cost grows with the logarithm of k. Eight pixels
// are compared at a time, in one word.

// morpher keeps the pictures that the steps of one search leave behind, to be used again.
type morpher struct {
	spare [][]uint8
	stack []int32
}

// plane is a picture whose pixels may hold anything.
func (m *morpher) plane(w, h int) *plane {
	for i, pix := range m.spare {
		if cap(pix) >= w*h {
			last := len(m.spare) - 1
			m.spare[i] = m.spare[last]
			m.spare = m.spare[:last]
			return &plane{w, h, pix[:w*h]}
		}
	}
	return newPlane(w, h)
}

// free takes pictures back that are not needed any more.
func (m *morpher) free(planes ...*plane) {
	for _, p := range planes {
		m.spare = append(m.spare, p.pix)
	}
}

func (m *morpher) dilate(p *plane, kx, ky int) *plane { return m.running(p, kx, ky, larger) }

func (m *morpher) erode(p *plane, kx, ky int) *plane { return m.running(p, kx, ky, smaller) }

// closing fills what is darker than its surroundings and smaller than the rectangle.
func (m *morpher) closing(p *plane, kx, ky int) *plane {
	wide := m.dilate(p, kx, ky)
	defer m.free(wide)
	return m.erode(wide, kx, ky)
}

// opening removes what is brighter than its surroundings and smaller than the rectangle.
func (m *morpher) opening(p *plane, kx, ky int) *plane {
	narrow := m.erode(p, kx, ky)
	defer m.free(narrow)
	return m.dilate(narrow, kx, ky)
}

// running sets each pixel to the extreme of a rectangle around it; pick does so with two
// rows of pixels.
func (m *morpher) running(p *plane, kx, ky int, pick func(a, b []uint8)) *plane {
	out := m.plane(p.w, p.h)
	row := make([]uint8, p.w)
	for y := range p.h {
		copy(row, p.pix[y*p.w:(y+1)*p.w])
		for have := 1; have < kx; {
			step := min(have, kx-have)
			if step >= len(row) {
				break
			}
			pick(row, row[step:])
			have += step
		}
		centre(out.pix[y*p.w:(y+1)*p.w], row, kx/2)
	}
	if ky < 2 {
		return out
	}
	for have := 1; have < ky; {
		step := min(have, ky-have)
		if step < p.h {
			pick(out.pix, out.pix[step*p.w:])
		}
		have += step
	}
	shift := ky / 2
	for y := p.h - 1; y >= shift; y-- {
		copy(out.pix[y*p.w:(y+1)*p.w], out.pix[(y-shift)*p.w:(y-shift+1)*p.w])
	}
	for y := shift - 1; y >= 0; y-- {
		copy(out.pix[y*p.w:(y+1)*p.w], out.pix[min(shift, p.h-1)*p.w:][:p.w])
	}
	return out
}

// larger sets each byte of a to the larger of it and its counterpart in b, which may be a
// later part of a.
func larger(a, b []uint8) {
	for len(b) >= 8 && len(a) >= 8 {
		x, y := binary.LittleEndian.Uint64(a), binary.LittleEndian.Uint64(b)
		binary.LittleEndian.PutUint64(a, y^(x^y)&atLeast(x, y))
		a, b = a[8:], b[8:]
	}
	for i, v := range b {
		a[i] = max(a[i], v)
	}
}

// smaller is like larger for the smaller of both.
func smaller(a, b []uint8) {
	for len(b) >= 8 && len(a) >= 8 {
		x, y := binary.LittleEndian.Uint64(a), binary.LittleEndian.Uint64(b)
		binary.LittleEndian.PutUint64(a, x^(x^y)&atLeast(x, y))
		a, b = a[8:], b[8:]
	}
	for i, v := range b {
		a[i] = min(a[i], v)
	}
}

// atLeast has all bits of those bytes in which x is not smaller than y.
func atLeast(x, y uint64) uint64 {
	const top = 0x8080808080808080
	low := (x | top) - (y &^ top) // the top bit tells about the seven others
	is := (x&^y | ^(x^y)&low) & top
	return is | (is - is>>7)
}

// centre moves maxima from the start of their pixels to the middle.
func centre(dst, src []uint8, shift int) {
	shift = min(shift, len(dst))
	copy(dst[shift:], src)
	for x := range shift {
		dst[x] = src[0]
	}
}

// otsu is the threshold that separates the bytes best (Otsu 1979).
func otsu(pix []uint8) uint8 {
	var hist [256]float64
	var count [256]int
	for _, v := range pix {
		count[v]++
	}
	for v, n := range count {
		hist[v] = float64(n)
	}
	var total, sum float64
	for v, n := range hist {
		total += n
		sum += float64(v) * n
	}
	var below, sumBelow, best float64
	level := 0
	for v, n := range hist {
		below += n
		sumBelow += float64(v) * n
		if below == 0 || below == total {
			continue
		}
		d := sumBelow/below - (sum-sumBelow)/(total-below)
		if s := below * (total - below) * d * d; s > best {
			best, level = s, v
		}
	}
	return uint8(level)
}
