package ocrb

import (
	"image"
	"image/color"
)

// plane is a gray picture.
type plane struct {
	w, h int
	pix  []uint8
}

func newPlane(w, h int) *plane { return &plane{w, h, make([]uint8, w*h)} }

// maxSide is the long side of the picture that lines are cut from: 44 characters across
// the page are then 40 pixels wide, more than the network can use.
const maxSide = 1800

// grayOf takes the brightness of a picture, made smaller by a whole factor if it is
// very large. The returned factor is how many pixels of img one pixel stands for.
func grayOf(img image.Image) (p *plane, factor int) {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	factor = max(1, (max(w, h)+maxSide-1)/maxSide)
	if w < 32 || h < 32 {
		return newPlane(0, 0), 1
	}
	luma, stride := lumaOf(img)
	p = newPlane(w/factor, h/factor)
	if factor == 1 {
		for y := range h {
			copy(p.pix[y*w:(y+1)*w], luma[y*stride:])
		}
		return p, 1
	}
	sums := make([]int, p.w)
	n := factor * factor
	for y := range p.h {
		clear(sums)
		for dy := range factor {
			row := luma[(y*factor+dy)*stride:]
			for x := range sums {
				s := 0
				for _, v := range row[x*factor : x*factor+factor] {
					s += int(v)
				}
				sums[x] += s
			}
		}
		for x, s := range sums {
			p.pix[y*p.w+x] = uint8(s / n)
		}
	}
	return p, factor
}

// lumaOf is the brightness of each pixel, without copying where the picture has it.
func lumaOf(img image.Image) (pix []uint8, stride int) {
	b := img.Bounds()
	switch m := img.(type) {
	case *image.Gray:
		return m.Pix[m.PixOffset(b.Min.X, b.Min.Y):], m.Stride
	case *image.YCbCr:
		return m.Y[m.YOffset(b.Min.X, b.Min.Y):], m.YStride
	}
	w, h := b.Dx(), b.Dy()
	pix = make([]uint8, w*h)
	for y := range h {
		dst := pix[y*w : (y+1)*w]
		switch m := img.(type) {
		case *image.RGBA:
			lumaRow(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		case *image.NRGBA:
			lumaRow(dst, m.Pix[m.PixOffset(b.Min.X, b.Min.Y+y):])
		default:
			for x := range dst {
				dst[x] = color.GrayModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.Gray).Y
			}
		}
	}
	return pix, w
}

func lumaRow(dst, rgba []uint8) {
	for x := range dst {
		c := rgba[4*x : 4*x+3 : 4*x+3]
		dst[x] = uint8((77*int(c[0]) + 150*int(c[1]) + 29*int(c[2]) + 128) >> 8)
	}
}

// half is the picture at half the size.
func (p *plane) half() *plane {
	s := newPlane(p.w/2, p.h/2)
	for y := range s.h {
		a, b := p.pix[2*y*p.w:(2*y+1)*p.w], p.pix[(2*y+1)*p.w:(2*y+2)*p.w]
		dst := s.pix[y*s.w : (y+1)*s.w]
		for x := range dst {
			dst[x] = uint8((int(a[2*x]) + int(a[2*x+1]) + int(b[2*x]) + int(b[2*x+1]) + 2) >> 2)
		}
	}
	return s
}

// scaled is the picture at another size; each pixel is the mean of those it covers.
func (y *pyramid) scaled(w, h int) *plane {
	p := y[0]
	for level := 1; p.w >= 2*w && p.h >= 2*h; level++ {
		if level < len(y) {
			p = y[level]
		} else {
			p = p.half()
		}
	}
	s := newPlane(w, h)
	fx, fy := float64(p.w)/float64(w), float64(p.h)/float64(h)
	left, weight := make([]int, w), make([]int, w)
	for x := range w {
		left[x], weight[x] = between((float64(x)+0.5)*fx-0.5, p.w)
	}
	for y := range h {
		j, wy := between((float64(y)+0.5)*fy-0.5, p.h)
		a, b := p.pix[j*p.w:], p.pix[min(p.h-1, j+1)*p.w:]
		dst := s.pix[y*w : (y+1)*w]
		for x := range dst {
			i, wx := left[x], weight[x]
			k := min(p.w-1, i+1)
			top := int(a[i])*(256-wx) + int(a[k])*wx
			bottom := int(b[i])*(256-wx) + int(b[k])*wx
			dst[x] = uint8((top*(256-wy) + bottom*wy + 1<<15) >> 16)
		}
	}
	return s
}

// between splits a coordinate into a pixel and the share of the next, in 256ths.
func between(v float64, n int) (i, share int) {
	v = min(float64(n-1), max(0, v))
	i = int(v)
	return i, int((v - float64(i)) * 256)
}

// turned swaps rows and columns.
func (p *plane) turned() *plane {
	t := newPlane(p.h, p.w)
	for y := range p.h {
		for x, v := range p.pix[y*p.w : (y+1)*p.w] {
			t.pix[x*t.w+y] = v
		}
	}
	return t
}
