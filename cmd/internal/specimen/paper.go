package specimen

import (
	_ "embed"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

//go:embed OCRB.ttf
var ocrbTTF []byte

// typeface names one of the embedded fonts.
type typeface int

const (
	regular typeface = iota
	bold
	italic
	ocrb
)

// glyph is a rasterised letter.
type glyph struct {
	mask    []uint8
	w, h    int
	dx, dy  int
	advance fixed.Int26_6
}

type glyphKey struct {
	face typeface
	size int
	r    rune
}

// glyphs rasterises every letter once; drawing text is then copying.
var glyphs struct {
	sync.RWMutex
	fonts [4]*opentype.Font
	faces map[[2]int]font.Face
	cache map[glyphKey]*glyph
}

func letter(k glyphKey) *glyph {
	glyphs.RLock()
	g := glyphs.cache[k]
	glyphs.RUnlock()
	if g != nil {
		return g
	}
	glyphs.Lock()
	defer glyphs.Unlock()
	if glyphs.cache == nil {
		glyphs.cache = map[glyphKey]*glyph{}
		glyphs.faces = map[[2]int]font.Face{}
		for i, b := range [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF, ocrbTTF} {
			f, err := opentype.Parse(b)
			if err != nil {
				panic(err) // the fonts are part of the program
			}
			glyphs.fonts[i] = f
		}
	}
	if g = glyphs.cache[k]; g != nil {
		return g
	}
	id := [2]int{int(k.face), k.size}
	f := glyphs.faces[id]
	if f == nil {
		var err error
		if f, err = opentype.NewFace(glyphs.fonts[k.face], &opentype.FaceOptions{Size: float64(k.size), DPI: 72}); err != nil {
			panic(err)
		}
		glyphs.faces[id] = f
	}
	g = &glyph{}
	if r, src, at, advance, ok := f.Glyph(fixed.Point26_6{}, k.r); ok {
		g.w, g.h, g.dx, g.dy, g.advance = r.Dx(), r.Dy(), r.Min.X, r.Min.Y, advance
		mask := image.NewAlpha(image.Rect(0, 0, g.w, g.h))
		draw.Draw(mask, mask.Rect, src, at, draw.Src)
		g.mask = mask.Pix
	}
	glyphs.cache[k] = g
	return g
}

// text writes at the base line and returns where it ended.
func text(dst *image.RGBA, x, y int, s string, face typeface, size int, k color.RGBA) int {
	at := fixed.I(x)
	for _, r := range s {
		g := letter(glyphKey{face, size, r})
		stamp(dst, at.Round()+g.dx, y+g.dy, g, k)
		at += g.advance
	}
	return at.Round()
}

// pitched writes with a fixed distance between letters, as the machine-readable
// lines need it.
func pitched(dst *image.RGBA, x, y int, pitch float64, s string, size int, k color.RGBA) {
	for i, r := range s {
		g := letter(glyphKey{ocrb, size, r})
		stamp(dst, x+int(float64(i)*pitch+0.5)+g.dx, y+g.dy, g, k)
	}
}

func stamp(dst *image.RGBA, x0, y0 int, g *glyph, k color.RGBA) {
	for y := range g.h {
		py := y0 + y
		if py < 0 || py >= dst.Rect.Dy() {
			continue
		}
		for x := range g.w {
			a := int(g.mask[y*g.w+x])
			px := x0 + x
			if a == 0 || px < 0 || px >= dst.Rect.Dx() {
				continue
			}
			mixPixel(dst.Pix[py*dst.Stride+4*px:], k, a)
		}
	}
}

// mixPixel lays a colour over a pixel with an opacity of a/255.
func mixPixel(p []uint8, k color.RGBA, a int) {
	p[0] = uint8(int(p[0]) + (int(k.R)-int(p[0]))*a/255)
	p[1] = uint8(int(p[1]) + (int(k.G)-int(p[1]))*a/255)
	p[2] = uint8(int(p[2]) + (int(k.B)-int(p[2]))*a/255)
}

func box(dst *image.RGBA, x0, y0, x1, y1 int, k color.RGBA, a int) {
	for y := max(0, y0); y < min(y1, dst.Rect.Dy()); y++ {
		for x := max(0, x0); x < min(x1, dst.Rect.Dx()); x++ {
			mixPixel(dst.Pix[y*dst.Stride+4*x:], k, a)
		}
	}
}

func frame(dst *image.RGBA, x0, y0, x1, y1, t int, k color.RGBA) {
	box(dst, x0, y0, x1, y0+t, k, 255)
	box(dst, x0, y1-t, x1, y1, k, 255)
	box(dst, x0, y0, x0+t, y1, k, 255)
	box(dst, x1-t, y0, x1, y1, k, 255)
}

func ellipse(dst *image.RGBA, cx, cy, rx, ry, soft float64, k color.RGBA, alpha int) {
	for y := max(0, int(cy-ry*(1+soft))-1); y <= min(dst.Rect.Dy()-1, int(cy+ry*(1+soft))+1); y++ {
		for x := max(0, int(cx-rx*(1+soft))-1); x <= min(dst.Rect.Dx()-1, int(cx+rx*(1+soft))+1); x++ {
			d := math.Hypot((float64(x)-cx)/rx, (float64(y)-cy)/ry)
			v := (1-d)*math.Min(rx, ry) + 0.5
			if soft > 0 {
				v = (1 + soft - d) / (2 * soft)
			}
			if v > 0 {
				mixPixel(dst.Pix[y*dst.Stride+4*x:], k, int(float64(alpha)*math.Min(1, v)))
			}
		}
	}
}

// blank is a fresh sheet of one colour.
func blank(w, h int, k color.RGBA) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(m, m.Rect, image.NewUniform(k), image.Point{}, draw.Src)
	return m
}

// guilloche draws bundles of fine waves.
func guilloche(dst *image.RGBA, r *rand.Rand, k color.RGBA, alpha, bundles int) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	for q := range bundles {
		f1, f2 := 2+6*r.Float64(), 5+14*r.Float64()
		a1, a2 := float64(h)*(0.05+0.12*r.Float64()), float64(h)*(0.01+0.04*r.Float64())
		phase := r.Float64() * 6
		middle := float64(h) * (float64(q) + 0.5) / float64(bundles)
		for t := range 6 {
			for x := range w {
				u := float64(x) / float64(w) * 2 * math.Pi
				y := middle + a1*math.Sin(f1*u+phase+float64(t)*0.22) + a2*math.Sin(f2*u)
				for i := -1; i <= 1; i++ {
					py := int(y) + i
					if py < 0 || py >= h {
						continue
					}
					if a := 1.2 - math.Abs(y-float64(py)); a > 0 {
						mixPixel(dst.Pix[py*dst.Stride+4*x:], k, int(float64(alpha)*math.Min(1, a)))
					}
				}
			}
		}
	}
}

// grain roughens the paper a little.
func grain(dst *image.RGBA, r *rand.Rand, depth int) {
	for i := 0; i < len(dst.Pix); i += 4 {
		d := r.IntN(2*depth+1) - depth
		for j := range 3 {
			dst.Pix[i+j] = uint8(max(0, min(255, int(dst.Pix[i+j])+d)))
		}
	}
}

// across writes ОБРАЗЕЦ SPECIMEN slanting over the whole sheet.
func across(dst *image.RGBA, k color.RGBA, alpha int) {
	w, h := dst.Rect.Dx(), dst.Rect.Dy()
	diagonal := math.Hypot(float64(w), float64(h))
	angle := -math.Atan2(float64(h), float64(w)) * 0.72
	size := int(math.Min(diagonal/12, float64(w)/math.Cos(angle)/11.5))
	strip := blank(int(diagonal), size*2, color.RGBA{A: 255})
	end := text(strip, 0, size*5/4, "ОБРАЗЕЦ SPECIMEN", bold, size, color.RGBA{255, 255, 255, 255})
	sin, cos := math.Sincos(angle)
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-float64(w)/2, float64(y)-float64(h)/2
			u, v := int(dx*cos+dy*sin+float64(end)/2), int(-dx*sin+dy*cos+float64(size)*0.8)
			if u >= 0 && v >= 0 && u < strip.Rect.Dx() && v < strip.Rect.Dy() {
				if a := int(strip.Pix[v*strip.Stride+4*u]); a > 0 {
					mixPixel(dst.Pix[y*dst.Stride+4*x:], k, alpha*a/255)
				}
			}
		}
	}
}

// portraits are silhouettes: twelve of each sex, drawn once.
var portraits sync.Map

func portrait(sex string, face uint64) *image.RGBA {
	key := sex + string(rune('a'+face%12))
	if m, ok := portraits.Load(key); ok {
		return m.(*image.RGBA)
	}
	m, _ := portraits.LoadOrStore(key, silhouette(sex, rand.New(rand.NewPCG(face%12, 77))))
	return m.(*image.RGBA)
}

func silhouette(sex string, r *rand.Rand) *image.RGBA {
	const w, h = 320, 410
	grey := uint8(214 + r.IntN(20))
	m := blank(w, h, color.RGBA{grey, grey, grey + 8, 255})
	tone := pick(r, []color.RGBA{{206, 174, 150, 255}, {192, 156, 128, 255}, {222, 192, 170, 255}, {170, 132, 106, 255}})
	hair := pick(r, []color.RGBA{{40, 34, 32, 255}, {66, 48, 38, 255}, {96, 74, 54, 255}, {30, 28, 30, 255}})
	cloth := pick(r, []color.RGBA{{52, 60, 86, 255}, {78, 78, 80, 255}, {112, 54, 60, 255}, {52, 88, 76, 255}, {150, 150, 160, 255}})
	dark := func(k color.RGBA, f float64) color.RGBA {
		return color.RGBA{uint8(float64(k.R) * f), uint8(float64(k.G) * f), uint8(float64(k.B) * f), 255}
	}
	cx, cy := w*0.5+4*r.NormFloat64(), h*0.42
	fw, fh := w*(0.2+0.025*r.Float64()), h*(0.22+0.02*r.Float64())
	if sex == "F" {
		ellipse(m, cx, cy+fh*0.3, fw*1.35, fh*(1.25+0.4*r.Float64()), 0.03, hair, 255)
	}
	ellipse(m, cx, h*1.08, w*0.45, h*0.34, 0.02, cloth, 255)
	box(m, int(cx-fw*0.45), int(cy+fh*0.6), int(cx+fw*0.45), int(h*0.8), dark(tone, 0.84), 255)
	ellipse(m, cx, h*0.8, fw*0.46, h*0.03, 0.1, dark(tone, 0.86), 255)
	ellipse(m, cx, cy-fh*0.18, fw*1.1, fh*1.02, 0.03, hair, 255)
	ellipse(m, cx, cy+fh*0.06, fw, fh*0.98, 0.03, tone, 255)
	for _, side := range []float64{-1, 1} {
		ellipse(m, cx+side*fw*1.02, cy+fh*0.08, fw*0.12, fh*0.18, 0.1, dark(tone, 0.8), 255)
		ellipse(m, cx+side*fw*0.42, cy-fh*0.04, fw*0.24, fh*0.1, 0.5, dark(tone, 0.5), 150)
		ellipse(m, cx+side*fw*0.42, cy-fh*0.22, fw*0.26, fh*0.035, 0.4, dark(hair, 0.9), 190)
	}
	ellipse(m, cx+fw*0.06, cy+fh*0.2, fw*0.1, fh*0.24, 0.7, dark(tone, 0.7), 120)
	ellipse(m, cx, cy+fh*0.55, fw*0.3, fh*0.06, 0.5, color.RGBA{150, 80, 78, 255}, 170)
	if sex == "M" && r.IntN(3) == 0 {
		ellipse(m, cx, cy+fh*0.78, fw*0.62, fh*0.24, 0.3, hair, 170)
	}
	grain(m, r, 2)
	return m
}
