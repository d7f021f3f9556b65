package quality

import (
	"image"
	"image/color"
	"math"
)

// reduce brings a page to the long side at which everything is measured, with a triangle filter as wide as the
// reduction: the thresholds were found on pictures reduced so. Smaller pictures stay as they are.
func reduce(img image.Image) *image.RGBA {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > Side {
		w, h = max(1, w*Side/long), max(1, h*Side/long)
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	across, down := taps(b.Dx(), w), taps(b.Dy(), h)
	row := colours(img)
	line := make([]byte, 3*b.Dx())
	// Rows already filtered across wait here until no row of the result needs them.
	waiting := make([][]float32, 0, 8)
	var spare [][]float32
	first, next := 0, 0
	for y, t := range down {
		for first < t.from && len(waiting) > 0 {
			spare = append(spare, waiting[0])
			waiting = waiting[1:]
			first++
		}
		for ; next < t.from+len(t.weights); next++ {
			var filtered []float32
			if n := len(spare); n > 0 {
				filtered, spare = spare[n-1], spare[:n-1]
			} else {
				filtered = make([]float32, 3*w)
			}
			row(line, next)
			filter(filtered, line, across)
			waiting = append(waiting, filtered)
		}
		out := dst.Pix[y*dst.Stride : y*dst.Stride+4*w]
		rows := waiting[t.from-first:][:len(t.weights)]
		for x := range w {
			var c [3]float32
			for k, weight := range t.weights {
				p := rows[k][3*x : 3*x+3]
				c[0], c[1], c[2] = c[0]+weight*p[0], c[1]+weight*p[1], c[2]+weight*p[2]
			}
			out[4*x], out[4*x+1], out[4*x+2], out[4*x+3] = rounded(c[0]), rounded(c[1]), rounded(c[2]), 255
		}
	}
	return dst
}

func rounded(v float32) byte { return byte(min(255, v+0.5)) }

// tap says which source pixels make up one pixel of the result.
type tap struct {
	from    int
	weights []float32
}

// taps spreads a triangle over as many source pixels as the reduction joins.
func taps(from, to int) []tap {
	list := make([]tap, to)
	scale := float64(from) / float64(to)
	reach := max(1, scale)
	for i := range list {
		centre := (float64(i)+0.5)*scale - 0.5
		first, last := max(0, int(math.Floor(centre-reach))), min(from-1, int(math.Ceil(centre+reach)))
		var weights []float32
		var sum float32
		start := first
		for k := first; k <= last; k++ {
			weight := float32(max(0, 1-math.Abs(centre-float64(k))/reach))
			if weight == 0 && len(weights) == 0 {
				start = k + 1
				continue
			}
			weights, sum = append(weights, weight), sum+weight
		}
		for k := range weights {
			weights[k] /= sum
		}
		list[i] = tap{start, weights}
	}
	return list
}

func filter(dst []float32, line []byte, across []tap) {
	for x, t := range across {
		var r, g, b float32
		p := line[3*t.from:]
		for k, weight := range t.weights {
			r, g, b = r+weight*float32(p[3*k]), g+weight*float32(p[3*k+1]), b+weight*float32(p[3*k+2])
		}
		dst[3*x], dst[3*x+1], dst[3*x+2] = r, g, b
	}
}

// colours returns a function that writes the colours of one row.
func colours(img image.Image) func(line []byte, y int) {
	b := img.Bounds()
	switch src := img.(type) {
	case *image.Gray:
		return func(line []byte, y int) {
			for x, v := range src.Pix[y*src.Stride:][:b.Dx()] {
				line[3*x], line[3*x+1], line[3*x+2] = v, v, v
			}
		}
	case *image.YCbCr:
		return func(line []byte, y int) {
			luma := src.Y[y*src.YStride:]
			for x := range b.Dx() {
				c := src.COffset(b.Min.X+x, b.Min.Y+y)
				line[3*x], line[3*x+1], line[3*x+2] = color.YCbCrToRGB(luma[x], src.Cb[c], src.Cr[c])
			}
		}
	case *image.RGBA:
		return func(line []byte, y int) {
			p := src.Pix[y*src.Stride:]
			for x := range b.Dx() {
				line[3*x], line[3*x+1], line[3*x+2] = p[4*x], p[4*x+1], p[4*x+2]
			}
		}
	}
	return func(line []byte, y int) {
		for x := range b.Dx() {
			r, g, bl, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
			line[3*x], line[3*x+1], line[3*x+2] = byte(r>>8), byte(g>>8), byte(bl>>8)
		}
	}
}
