package specimen

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"
)

// degrade gives the picture its flaw.
func degrade(m *image.RGBA, s Scan, face uint64) image.Image {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if s.Revision > 1 { // another scan of the same page never has the same bytes
		box(m, 0, 0, 4*s.Revision, h, color.RGBA{90, 90, 90, 255}, 70)
	}
	switch s.Flaw {
	case FlawBlurry:
		blur(m, 5)
		blur(m, 4)
	case FlawCropped:
		cut := image.Rect(0, 0, w, h*74/100)
		if face%2 == 0 {
			cut = image.Rect(w*22/100, 0, w, h*80/100)
		}
		o := image.NewRGBA(image.Rect(0, 0, cut.Dx(), cut.Dy()))
		draw.Draw(o, o.Rect, m, cut.Min, draw.Src)
		return o
	case FlawGlare:
		ellipse(m, float64(w)*(0.42+0.03*float64(face%10)), float64(h)*0.5, float64(w)*0.2, float64(h)*0.26, 0.5, color.RGBA{255, 255, 252, 255}, 250)
	case FlawGrey:
		o := image.NewGray(m.Rect)
		for i := range o.Pix {
			p := m.Pix[4*i:]
			o.Pix[i] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000)
		}
		return o
	case FlawSmall:
		return scaled(m, 720)
	case FlawTurned:
		if face%2 == 0 {
			return turned(m, 1)
		}
		return turned(m, 2)
	case FlawTilted:
		angle := (2.5 + float64(face%4)) * math.Pi / 180
		if face%2 == 0 {
			angle = -angle
		}
		return tilted(m, angle)
	case FlawScreen:
		for y := range h {
			for x := range w {
				k := 0.86 + 0.07*math.Sin(float64(x)*0.9+float64(y)*0.06) + 0.07*math.Sin(float64(y)*0.83+float64(x)*0.05)
				p := m.Pix[y*m.Stride+4*x:]
				p[0], p[1], p[2] = uint8(float64(p[0])*k*0.92), uint8(float64(p[1])*k*0.97), uint8(float64(p[2])*k)
			}
		}
	case FlawFaint:
		for i := range m.Pix {
			if i%4 != 3 {
				m.Pix[i] = uint8(226 + (int(m.Pix[i])-226)/9)
			}
		}
		blur(m, 4)
	}
	return m
}

// blur averages over 2r+1 pixels, first in rows and then in columns.
func blur(m *image.RGBA, r int) {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	line := make([]uint8, 4*max(w, h))
	pass := func(n, step, start int) {
		for i := range n {
			copy(line[4*i:4*i+3], m.Pix[start+i*step:start+i*step+3])
		}
		var sum [3]int
		at := func(i, j int) int { return int(line[4*min(max(i, 0), n-1)+j]) }
		for j := range 3 {
			for i := -r; i <= r; i++ {
				sum[j] += at(i, j)
			}
		}
		for i := range n {
			for j := range 3 {
				m.Pix[start+i*step+j] = uint8(sum[j] / (2*r + 1))
				sum[j] += at(i+r+1, j) - at(i-r, j)
			}
		}
	}
	for y := range h {
		pass(w, 4, y*m.Stride)
	}
	for x := range w {
		pass(h, m.Stride, 4*x)
	}
}

func scaled(m image.Image, width int) *image.RGBA {
	b := m.Bounds()
	o := image.NewRGBA(image.Rect(0, 0, width, max(1, b.Dy()*width/b.Dx())))
	draw.ApproxBiLinear.Scale(o, o.Rect, m, b, draw.Src, nil)
	return o
}

// turned rotates by quarter turns clockwise.
func turned(m *image.RGBA, quarters int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if quarters == 2 {
		o := image.NewRGBA(m.Rect)
		for i := range w * h {
			copy(o.Pix[4*i:4*i+4], m.Pix[4*(w*h-1-i):])
		}
		return o
	}
	o := image.NewRGBA(image.Rect(0, 0, h, w))
	for y := range h {
		for x := range w {
			copy(o.Pix[x*o.Stride+4*(h-1-y):][:4], m.Pix[y*m.Stride+4*x:])
		}
	}
	return o
}

// tilted lays the paper slightly askew on a desk.
func tilted(m *image.RGBA, angle float64) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	o := blank(w+160, h+160, color.RGBA{146, 120, 94, 255})
	sin, cos := math.Sincos(angle)
	cx, cy := float64(w)/2, float64(h)/2
	ox, oy := cx+80, cy+80
	draw.ApproxBiLinear.Transform(o, f64.Aff3{cos, -sin, ox - cx*cos + cy*sin, sin, cos, oy - cx*sin - cy*cos}, m, m.Rect, draw.Over, nil)
	return o
}

// wrapPDF puts a JPEG on the only page of a PDF of A4 width.
func wrapPDF(body []byte) []byte {
	cfg, err := jpeg.DecodeConfig(bytes.NewReader(body))
	if err != nil {
		panic(err) // only pictures of this package come here
	}
	space := "DeviceRGB"
	if cfg.ColorModel == color.GrayModel {
		space = "DeviceGray"
	}
	const width = 595
	height := width * cfg.Height / cfg.Width
	var b bytes.Buffer
	var offsets []int
	object := func(head string, stream []byte) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\n", len(offsets), head)
		if stream != nil {
			b.WriteString("stream\n")
			b.Write(stream)
			b.WriteString("\nendstream\n")
		}
		b.WriteString("endobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	content := fmt.Sprintf("q %d 0 0 %d 0 0 cm /Im1 Do Q", width, height)
	object("<< /Type /Catalog /Pages 2 0 R >>", nil)
	object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>", nil)
	object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /XObject << /Im1 5 0 R >> >> /Contents 4 0 R >>", width, height), nil)
	object(fmt.Sprintf("<< /Length %d >>", len(content)), []byte(content))
	object(fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s /BitsPerComponent 8 /Filter /DCTDecode /Length %d >>",
		cfg.Width, cfg.Height, space, len(body)), body)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, start)
	return b.Bytes()
}

// Resize returns the JPEG scaled to the width in pixels.
func Resize(body []byte, width int) ([]byte, error) {
	m, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if width < 1 {
		return nil, errors.New("specimen: width below one pixel")
	}
	return encode(scaled(m, width)), nil
}

// Pad returns the JPEG grown to exactly size bytes by comment segments after
// its start mark; the picture stays the same.
func Pad(body []byte, size int) ([]byte, error) {
	missing := size - len(body)
	if len(body) < 2 || body[0] != 0xff || body[1] != 0xd8 || missing < 0 || missing > 0 && missing < 4 {
		return nil, errors.New("specimen: not a JPEG, or no room for a comment")
	}
	out := make([]byte, 0, size)
	out = append(out, body[:2]...)
	for missing > 0 {
		n := min(missing, 60000)
		if left := missing - n; left > 0 && left < 4 {
			n -= 4
		}
		out = append(out, 0xff, 0xfe, byte((n-2)>>8), byte(n-2))
		out = append(out, make([]byte, n-4)...)
		missing -= n
	}
	return append(out, body[2:]...), nil
}
