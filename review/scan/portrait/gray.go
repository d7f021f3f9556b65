package portrait

import (
	"image"
	"image/color"
)

// gray is a plane of luma without gaps between its rows.
type gray struct {
	w, h int
	pix  []byte
}

// luma takes the brightness of a picture, reduced to a long side by averaging.
func luma(img image.Image, side int) gray {
	b := img.Bounds()
	row := rows(img)
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > side {
		w, h = max(1, (w*side+long/2)/long), max(1, (h*side+long/2)/long)
	}
	out := gray{w: w, h: h, pix: make([]byte, w*h)}
	line, sums := make([]byte, b.Dx()), make([]int, w)
	for y := range h {
		clear(sums)
		y0, y1 := y*b.Dy()/h, max((y+1)*b.Dy()/h, y*b.Dy()/h+1)
		for sy := y0; sy < y1; sy++ {
			row(line, sy)
			for x := range w {
				x0, x1 := x*b.Dx()/w, max((x+1)*b.Dx()/w, x*b.Dx()/w+1)
				s := 0
				for _, v := range line[x0:x1] {
					s += int(v)
				}
				// Blocks differ in width by one at most: weigh them alike.
				sums[x] += s * 256 / (x1 - x0)
			}
		}
		for x, s := range sums {
			out.pix[y*w+x] = byte((s/(y1-y0) + 128) >> 8)
		}
	}
	return out
}

// rows returns a function that writes the luma of one row.
func rows(img image.Image) func(line []byte, y int) {
	b := img.Bounds()
	switch src := img.(type) {
	case *image.Gray:
		return func(line []byte, y int) { copy(line, src.Pix[y*src.Stride:]) }
	case *image.YCbCr:
		return func(line []byte, y int) { copy(line, src.Y[y*src.YStride:]) }
	case *image.RGBA:
		return func(line []byte, y int) {
			p := src.Pix[y*src.Stride:]
			for x := range line {
				line[x] = byte((299*int(p[4*x]) + 587*int(p[4*x+1]) + 114*int(p[4*x+2]) + 500) / 1000)
			}
		}
	}
	return func(line []byte, y int) {
		for x := range line {
			line[x] = color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
		}
	}
}

// turned turns the plane clockwise.
func (g gray) turned(turn int) gray {
	if turn == 0 {
		return g
	}
	out := gray{w: g.w, h: g.h, pix: make([]byte, len(g.pix))}
	if turn != 180 {
		out.w, out.h = g.h, g.w
	}
	for y := range g.h {
		for x, v := range g.pix[y*g.w : (y+1)*g.w] {
			switch turn {
			case 90:
				out.pix[x*out.w+out.w-1-y] = v
			case 180:
				out.pix[(g.h-1-y)*out.w+g.w-1-x] = v
			default:
				out.pix[(out.h-1-x)*out.w+y] = v
			}
		}
	}
	return out
}

// resample fills a smaller plane by bilinear interpolation.
func (g gray) resample(to *gray) {
	const one = 1 << 11
	fx, fy := float64(g.w)/float64(to.w), float64(g.h)/float64(to.h)
	type tap struct{ at, next, share int }
	taps := make([]tap, to.w)
	for x := range taps {
		at, next, share := between(x, fx, g.w, one)
		taps[x] = tap{at, next, share}
	}
	for y := range to.h {
		y0, y1, sy := between(y, fy, g.h, one)
		top, low := g.pix[y0*g.w:y0*g.w+g.w], g.pix[y1*g.w:y1*g.w+g.w]
		dst := to.pix[y*to.w : (y+1)*to.w]
		for x, t := range taps {
			a := int(top[t.at])*(one-t.share) + int(top[t.next])*t.share
			b := int(low[t.at])*(one-t.share) + int(low[t.next])*t.share
			dst[x] = byte((a*(one-sy) + b*sy + one*one/2) / (one * one))
		}
	}
}

// between finds the two source pixels around the middle of a target pixel and
// the share of the second one.
func between(i int, factor float64, n, one int) (at, next, share int) {
	pos := (float64(i)+0.5)*factor - 0.5
	if pos <= 0 {
		return 0, 0, 0
	}
	at = min(int(pos), n-1)
	return at, min(at+1, n-1), int((pos - float64(at)) * float64(one))
}

// sum fills the table of sums: the entry (x, y) is the sum of everything above
// and to the left of it.
func (g gray) sum(sums []uint32, stride int) {
	clear(sums[:g.w+1])
	for y := range g.h {
		var line uint32
		above, here := sums[y*stride:], sums[(y+1)*stride:]
		here[0] = 0
		for x, v := range g.pix[y*g.w : (y+1)*g.w] {
			line += uint32(v)
			here[x+1] = above[x+1] + line
		}
	}
}
