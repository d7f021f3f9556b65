package snapshot

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Clone copies a picture's brightness.
func Clone(img image.Image) *image.Gray {
	b := img.Bounds()
	g := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			g.Pix[y*g.Stride+x] = luma(img, b.Min.X+x, b.Min.Y+y)
		}
	}
	return g
}

func luma(img image.Image, x, y int) uint8 {
	switch m := img.(type) {
	case *image.Gray:
		return m.Pix[m.PixOffset(x, y)]
	case *image.YCbCr:
		return m.Y[m.YOffset(x, y)]
	}
	r, g, b, _ := img.At(x, y).RGBA()
	return uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 24)
}

// Blur is a Gaussian blur; along x and y it may differ.
func Blur(g *image.Gray, sx, sy float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	tmp := make([]float32, w*h)
	kernel(sx, func(k []float32) {
		r := len(k) / 2
		for y := range h {
			row := g.Pix[y*g.Stride:]
			for x := range w {
				var s float32
				for i, f := range k {
					s += f * float32(row[min(w-1, max(0, x+i-r))])
				}
				tmp[y*w+x] = s
			}
		}
	})
	out := image.NewGray(g.Rect)
	kernel(sy, func(k []float32) {
		r := len(k) / 2
		for y := range h {
			for x := range w {
				var s float32
				for i, f := range k {
					s += f * tmp[min(h-1, max(0, y+i-r))*w+x]
				}
				out.Pix[y*out.Stride+x] = uint8(s + 0.5)
			}
		}
	})
	return out
}

func kernel(sigma float64, use func(k []float32)) {
	if sigma < 0.05 {
		use([]float32{1})
		return
	}
	r := int(math.Ceil(3 * sigma))
	k := make([]float32, 2*r+1)
	var sum float32
	for i := range k {
		d := float64(i-r) / sigma
		k[i] = float32(math.Exp(-d * d / 2))
		sum += k[i]
	}
	for i := range k {
		k[i] /= sum
	}
	use(k)
}

// Motion is a straight movement by a number of pixels while the shutter was open.
func Motion(g *image.Gray, pixels int) *image.Gray {
	out := image.NewGray(g.Rect)
	w := g.Rect.Dx()
	for y := range g.Rect.Dy() {
		row := g.Pix[y*g.Stride : y*g.Stride+w]
		for x := range w {
			s := 0
			for i := range pixels {
				s += int(row[min(w-1, x+i)])
			}
			out.Pix[y*out.Stride+x] = uint8(s / pixels)
		}
	}
	return out
}

// Resize scales to a width; each pixel is the mean of what it covers.
func Resize(g *image.Gray, width int) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	height := max(1, h*width/w)
	out := image.NewGray(image.Rect(0, 0, width, height))
	fx, fy := float64(w)/float64(width), float64(h)/float64(height)
	steps := max(1, int(math.Ceil(fx)))
	for y := range height {
		for x := range width {
			s := 0.0
			for j := range steps {
				for i := range steps {
					s += at(g, (float64(x)+(float64(i)+0.5)/float64(steps))*fx-0.5, (float64(y)+(float64(j)+0.5)/float64(steps))*fy-0.5, 255)
				}
			}
			out.Pix[y*out.Stride+x] = uint8(s/float64(steps*steps) + 0.5)
		}
	}
	return out
}

// at reads between pixels; beyond the border there is only the given brightness.
func at(g *image.Gray, x, y, beyond float64) float64 {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	if x < -1 || y < -1 || x > float64(w) || y > float64(h) {
		return beyond
	}
	i, j := int(math.Floor(x)), int(math.Floor(y))
	ax, ay := x-float64(i), y-float64(j)
	p := func(i, j int) float64 {
		return float64(g.Pix[min(h-1, max(0, j))*g.Stride+min(w-1, max(0, i))])
	}
	return (p(i, j)*(1-ax)+p(i+1, j)*ax)*(1-ay) + (p(i, j+1)*(1-ax)+p(i+1, j+1)*ax)*ay
}

// Rotate turns clockwise by degrees on a canvas that holds everything.
func Rotate(g *image.Gray, degrees float64) *image.Gray {
	a := degrees * math.Pi / 180
	sin, cos := math.Sin(a), math.Cos(a)
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	nw, nh := w*math.Abs(cos)+h*math.Abs(sin), w*math.Abs(sin)+h*math.Abs(cos)
	out := image.NewGray(image.Rect(0, 0, int(nw), int(nh)))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			dx, dy := float64(x)-nw/2, float64(y)-nh/2
			out.Pix[y*out.Stride+x] = uint8(at(g, dx*cos+dy*sin+w/2, -dx*sin+dy*cos+h/2, 235) + 0.5)
		}
	}
	return out
}

// Turn turns clockwise by quarters.
func Turn(g *image.Gray, quarters int) *image.Gray {
	for range quarters % 4 {
		w, h := g.Rect.Dx(), g.Rect.Dy()
		out := image.NewGray(image.Rect(0, 0, h, w))
		for y := range h {
			for x := range w {
				out.Pix[x*out.Stride+h-1-y] = g.Pix[y*g.Stride+x]
			}
		}
		g = out
	}
	return g
}

// Bend curls the page: rows rise by a share of the width towards the sides, and the sides
// come closer, as in a photograph of an open booklet.
func Bend(g *image.Gray, depth float64) *image.Gray {
	w, h := g.Rect.Dx(), g.Rect.Dy()
	out := image.NewGray(g.Rect)
	for y := range h {
		for x := range w {
			t := 2*float64(x)/float64(w) - 1
			sx := float64(w) / 2 * (1 + t*(1+0.5*depth*(t*t-1)))
			out.Pix[y*out.Stride+x] = uint8(at(g, sx, float64(y)+depth*float64(w)*(t*t-0.5), 235) + 0.5)
		}
	}
	return out
}

// Noise adds sensor noise.
func Noise(g *image.Gray, sigma float64, r *rand.Rand) *image.Gray {
	return each(g, func(_, _ int, v float64) float64 { return v + sigma*r.NormFloat64() })
}

// Expose multiplies the brightness.
func Expose(g *image.Gray, gain float64) *image.Gray {
	return each(g, func(_, _ int, v float64) float64 { return v * gain })
}

// Fade takes contrast away: black becomes the given brightness.
func Fade(g *image.Gray, black float64) *image.Gray {
	return each(g, func(_, _ int, v float64) float64 { return black + v*(255-black)/255 })
}

// Shadow darkens what lies beyond an edge across the page.
func Shadow(g *image.Gray, depth float64, r *rand.Rand) *image.Gray {
	a, w, h := r.Float64()*2*math.Pi, float64(g.Rect.Dx()), float64(g.Rect.Dy())
	soft := 0.005 + 0.15*r.Float64()
	return each(g, func(x, y int, v float64) float64 {
		t := (math.Cos(a)*(float64(x)/w-0.5) + math.Sin(a)*(float64(y)/h-0.6)) / soft
		return v * (1 - depth/(1+math.Exp(-t)))
	})
}

// Glare is the reflection of a lamp at a place given as shares of the picture.
func Glare(g *image.Gray, strength, atX, atY, radius float64) *image.Gray {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	return each(g, func(x, y int, v float64) float64 {
		return v + shine(strength, atX, atY, radius, w, h, float64(x), float64(y))
	})
}

// shine is what a reflection adds to a pixel.
func shine(strength, atX, atY, radius, w, h, x, y float64) float64 {
	d := math.Hypot(x-atX*w, (y-atY*h)*1.4) / (radius * w)
	return strength * 255 * math.Exp(-d*d)
}

// Screen is the pattern of a page photographed off a screen.
func Screen(g *image.Gray, depth, period float64) *image.Gray {
	return each(g, func(x, y int, v float64) float64 {
		u, t := float64(x), float64(y)
		return v * (1 + depth*(math.Sin(u*2.05*period/2+t*0.07)+0.8*math.Sin(t*1.93*period/2-u*0.05)+0.5*math.Sin(u*0.19+t*0.11)))
	})
}

// Lay puts the page on a table of a brightness, where it fills a share of the picture's
// width, seen slightly from aside: each corner is off by up to a share of the size. It
// tells where places of the page have gone.
func Lay(g *image.Gray, fill, sway, table float64, r *rand.Rand) (*image.Gray, func(point) point) {
	w, h := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	ow, oh := w/fill, h/fill
	src := quad(0, 0, w, h)
	dst := src
	for i := range dst {
		dst[i].x += (ow-w)/2 + sway*w*(2*r.Float64()-1)
		dst[i].y += (oh-h)/2 + sway*h*(2*r.Float64()-1)
	}
	back, forth := perspective(dst, src), perspective(src, dst)
	out := image.NewGray(image.Rect(0, 0, int(ow), int(oh)))
	return each(out, func(x, y int, _ float64) float64 {
		q := back(point{float64(x), float64(y)})
		if q.x < 0 || q.y < 0 || q.x >= w || q.y >= h {
			return table + 6*math.Sin(float64(x)*0.011+3*math.Sin(float64(y)*0.004)) + 4*math.Sin(float64(y)*0.31)
		}
		return at(g, q.x, q.y, table)
	}), forth
}

// perspective is the projection that takes four corners to four others.
func perspective(src, dst [4]point) func(point) point {
	var m [8][9]float64
	for i, p := range src {
		q := dst[i]
		m[2*i] = [9]float64{p.x, p.y, 1, 0, 0, 0, -q.x * p.x, -q.x * p.y, q.x}
		m[2*i+1] = [9]float64{0, 0, 0, p.x, p.y, 1, -q.y * p.x, -q.y * p.y, q.y}
	}
	for c := range 8 {
		top := c
		for i := c + 1; i < 8; i++ {
			if math.Abs(m[i][c]) > math.Abs(m[top][c]) {
				top = i
			}
		}
		m[c], m[top] = m[top], m[c]
		for i := range 8 {
			if i == c {
				continue
			}
			f := m[i][c] / m[c][c]
			for k := c; k < 9; k++ {
				m[i][k] -= f * m[c][k]
			}
		}
	}
	var k [8]float64
	for i := range k {
		k[i] = m[i][8] / m[i][i]
	}
	return func(p point) point {
		d := k[6]*p.x + k[7]*p.y + 1
		return point{(k[0]*p.x + k[1]*p.y + k[2]) / d, (k[3]*p.x + k[4]*p.y + k[5]) / d}
	}
}

func each(g *image.Gray, f func(x, y int, v float64) float64) *image.Gray {
	out := image.NewGray(g.Rect)
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			out.Pix[y*out.Stride+x] = uint8(min(255, max(0, f(x, y, float64(g.Pix[y*g.Stride+x]))+0.5)))
		}
	}
	return out
}

// Compress is the picture after JPEG of a quality.
func Compress(g *image.Gray, quality int) *image.Gray {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, g, &jpeg.Options{Quality: quality}); err != nil {
		panic(err) // writing to memory does not fail
	}
	img, err := jpeg.Decode(&b)
	if err != nil {
		panic(err) // it was written a moment ago
	}
	return Clone(img)
}
