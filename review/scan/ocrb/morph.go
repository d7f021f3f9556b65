package ocrb

// Gray morphology with rectangles on bytes. A running maximum over k pixels is made of
// maxima over 1, 2, 4, ... pixels, so its cost grows with the logarithm of k.

func dilate(p *plane, kx, ky int) *plane {
	return running(p, kx, ky, func(a, b uint8) uint8 { return max(a, b) })
}

func erode(p *plane, kx, ky int) *plane {
	return running(p, kx, ky, func(a, b uint8) uint8 { return min(a, b) })
}

// closing fills what is darker than its surroundings and smaller than the rectangle.
func closing(p *plane, kx, ky int) *plane { return erode(dilate(p, kx, ky), kx, ky) }

// opening removes what is brighter than its surroundings and smaller than the rectangle.
func opening(p *plane, kx, ky int) *plane { return dilate(erode(p, kx, ky), kx, ky) }

func running(p *plane, kx, ky int, pick func(a, b uint8) uint8) *plane {
	out := newPlane(p.w, p.h)
	row := make([]uint8, p.w)
	for y := range p.h {
		copy(row, p.pix[y*p.w:(y+1)*p.w])
		for have := 1; have < kx; {
			step := min(have, kx-have)
			if step >= len(row) {
				break
			}
			ahead := row[step:]
			for x, v := range ahead {
				row[x] = pick(row[x], v)
			}
			have += step
		}
		centre(out.pix[y*p.w:(y+1)*p.w], row, kx/2)
	}
	if ky < 2 {
		return out
	}
	for have := 1; have < ky; {
		step := min(have, ky-have)
		for y := range p.h - step {
			a, b := out.pix[y*p.w:(y+1)*p.w], out.pix[(y+step)*p.w:(y+step+1)*p.w]
			for x, v := range b {
				a[x] = pick(a[x], v)
			}
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
	for _, v := range pix {
		hist[v]++
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
