package snapshot

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"

	"okno/review/mrz"
)

// Found makes picture number n of another kind of set: documents as pictures of them are
// found in public. Their print is not as even as that of [Studio.Take], their lines stand
// further apart or closer, at the page's very edge, on rosettes and below an overprint; the
// picture shows an open booklet or a small card on wood or cloth, is cropped, small,
// enlarged again, sharpened or copied, and was compressed twice.
func (s *Studio) Found(seed uint64, n int) Picture {
	r := rand.New(rand.NewPCG(seed, 1<<32|uint64(n)))
	kinds := []mrz.Kind{mrz.KindTD3, mrz.KindTD3, mrz.KindTD3, mrz.KindTD3, mrz.KindTD1, mrz.KindTD1, mrz.KindTD2, mrz.KindMRVA, mrz.KindMRVB, mrz.KindUnknown}
	p := Picture{Class: Must}
	kind := kinds[r.IntN(len(kinds))]
	p.Lines = printedLines(r, kind)
	if kind == mrz.KindUnknown {
		p.Class = None
	}
	f := &find{photo: photo{sheet: s.issued(r, kind, p.Lines)}}
	f.shoot(r)
	if f.hard && p.Class == Must {
		p.Class = May
	}
	p.Name = fmt.Sprintf("%03d %s %s", n, kind, strings.Join(f.notes, ", "))
	p.Image = f.Gray
	return p
}

// issued prints a document less evenly than [Studio.paper].
func (s *Studio) issued(r *rand.Rand, kind mrz.Kind, lines []string) sheet {
	w, h, pitch := format(kind)
	if kind == mrz.KindUnknown {
		w, h = 1476, 1040
	}
	g := image.NewGray(image.Rect(0, 0, w, h))
	tone := 195 + 55*r.Float64()
	back := s.rosettes(r, float64(w), float64(h))
	g = each(g, func(x, y int, _ float64) float64 { return tone - back(float64(x), float64(y)) })
	dark := 0.72 + 0.26*r.Float64()
	s.portrait(g, r, w/22, h/5, w/4, h*2/5)
	if r.IntN(3) == 0 && kind != mrz.KindTD1 { // a smaller copy of the photo, close to the lines
		s.portrait(g, r, w*3/4, h*2/5, w/8, h/4)
	}
	for i := range 9 {
		y := float64(h) * (0.14 + float64(i)*0.062)
		s.text(g, pick(r, []string{"Surname / Nom / Familienname", "Given names / Prénoms", "Date of birth / Date de naissance", "Authority / Autorité"}), s.plain, float64(w)/80, float64(w)*0.33, y-float64(h)*0.03, 0.6*dark)
		s.text(g, pick(r, []string{"SPECIMENOVA", "UTOPIAN", "01 FEB / FEV 1990", "MINISTRY OF THE INTERIOR", "F  178 cm  PRIMEROVO", "U68502040", "12.04.2031"}), s.bold, float64(w)/44, float64(w)*0.33, y, dark)
	}
	page := sheet{Gray: g, length: 44, contrast: (tone - 20) * dark}
	if kind == mrz.KindUnknown {
		page.lines = quad(0, 0.8*float64(h), float64(w), float64(h))
		for i := range 1 + r.IntN(3) {
			s.text(g, pick(r, []string{"<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "0123456789 0123456789 0123456789 012", "UTOPIA UTOPIA UTOPIA UTOPIA UTOPIA U"}), s.mono, float64(w)/26, 60, float64(h)*0.86+float64(i)*60, dark)
		}
	} else {
		s.zone(r, &page, lines, pitch, dark)
	}
	if r.IntN(3) == 0 {
		s.overprint(r, &page)
	}
	if r.IntN(3) == 0 && kind != mrz.KindTD1 && kind != mrz.KindTD2 {
		s.booklet(r, &page, tone)
	}
	return page
}

// rosettes is security print: bundles of fine waves around centres and along the page, and
// areas of another tone.
func (s *Studio) rosettes(r *rand.Rand, w, h float64) func(x, y float64) float64 {
	type bundle struct{ x, y, petals, depth, period, sway, phase, angle float64 }
	var all []bundle
	for range r.IntN(4) {
		b := bundle{x: w * r.Float64(), y: h * (0.2 + 0.9*r.Float64()), petals: float64(3 + r.IntN(12)), depth: 6 + 32*r.Float64(), period: 6 + 22*r.Float64(), sway: 10 + 50*r.Float64(), phase: 7 * r.Float64()}
		if r.IntN(2) == 0 {
			b.petals, b.angle = 0, math.Pi*r.Float64()
		}
		all = append(all, b)
	}
	stain, edge := 50*r.Float64(), h*(0.6+0.35*r.Float64())
	if r.IntN(2) == 0 {
		stain = 0
	}
	return func(x, y float64) (v float64) {
		for _, b := range all {
			dx, dy := x-b.x, y-b.y
			var t float64
			if b.petals > 0 {
				t = math.Hypot(dx, dy) + b.sway*math.Sin(b.petals*math.Atan2(dy, dx)+b.phase)
			} else {
				sin, cos := math.Sincos(b.angle)
				t = dx*sin + dy*cos + b.sway*math.Sin((dx*cos-dy*sin)/w*12+b.phase)
			}
			v += b.depth * max(0, math.Sin(t/b.period*2*math.Pi)-0.3)
		}
		if y < edge { // the lines often have a paler strip of their own
			v += stain * (0.5 + 0.5*math.Sin(x/w*5))
		}
		return v
	}
}

// zone prints the machine-readable lines: heavier or lighter than the font, taller or
// narrower, at any distance allowed, not quite level with one another.
func (s *Studio) zone(r *rand.Rand, page *sheet, lines []string, pitch, dark float64) {
	w, h := float64(page.Rect.Dx()), float64(page.Rect.Dy())
	n := float64(len(lines[0]))
	pitch *= 0.96 + 0.06*r.Float64()
	gap := pitch * (1.5 + 1.05*r.Float64())
	if len(lines) == 3 {
		gap = pitch * (1.45 + 0.7*r.Float64())
	}
	x := (w - pitch*n) * (0.25 + 0.5*r.Float64())
	y := h - pitch*(0.5+1.4*r.Float64()) - gap*float64(len(lines)-1)
	size := pitch / 0.723 * (0.88 + 0.14*r.Float64())
	heavy := []float64{0, 0, 0, 0.035, 0.06}[r.IntN(5)] * pitch
	light := r.IntN(6) == 0
	wobble := 0.0
	if r.IntN(3) == 0 {
		wobble = 0.035 * pitch
	}
	for i, line := range lines {
		dx, slope := 0.2*pitch*r.NormFloat64()*float64(r.IntN(2)), 0.0012*r.NormFloat64()
		for k, c := range line {
			px := x + dx + pitch*float64(k) + wobble*r.NormFloat64()
			py := y + gap*float64(i) + slope*pitch*float64(k) + wobble*r.NormFloat64()
			ink := dark
			if light {
				ink = dark * (0.75 + 0.25*r.Float64())
			}
			s.text(page.Gray, string(c), s.machine, size, px, py, ink)
			if heavy > 0 {
				s.text(page.Gray, string(c), s.machine, size, px+heavy, py, ink)
			}
		}
	}
	page.length = len(lines[0])
	page.lines = quad(x, y-pitch, x+pitch*n, y+gap*float64(len(lines)-1))
}

// overprint says SPECIMEN across the page, as published pages do, sometimes over the lines.
func (s *Studio) overprint(r *rand.Rand, page *sheet) {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	layer := image.NewGray(page.Rect)
	for i := range layer.Pix {
		layer.Pix[i] = 255
	}
	y := float64(h) * (0.45 + 0.5*r.Float64())
	s.text(layer, "SPECIMEN", s.bold, float64(w)/(4.5+3*r.Float64()), float64(w)*0.05, y, 1)
	layer = Rotate(layer, -35*r.Float64())
	ox, oy := (layer.Rect.Dx()-w)/2, (layer.Rect.Dy()-h)/2
	ink := 0.08 + 0.22*r.Float64()
	page.Gray = each(page.Gray, func(x, y int, v float64) float64 {
		return v * (1 - ink*(1-float64(layer.Pix[(y+oy)*layer.Stride+x+ox])/255))
	})
}

// booklet adds the page above, printed or stamped, with the fold between.
func (s *Studio) booklet(r *rand.Rand, page *sheet, tone float64) {
	w, h := page.Rect.Dx(), page.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, w, 2*h))
	back := s.rosettes(r, float64(w), float64(h))
	out = each(out, func(x, y int, _ float64) float64 {
		v := tone - 10 - back(float64(x), float64(y))
		if y >= h {
			v = float64(page.Pix[(y-h)*page.Stride+x])
		}
		d := float64(y-h) / 30
		return v * (1 - 0.5*math.Exp(-d*d))
	})
	for i := range r.IntN(14) {
		s.text(out, pick(r, []string{"This passport contains 32 pages", "Ce passeport contient 32 pages", "BEARER'S SIGNATURE", "NOTES 0123456789 NOTES 0123456789 NOTES", "<<<<<<<<<<<<<<<<<<<<"}), s.plain, float64(w)/42, float64(w)*0.08, float64(h)*(0.12+0.06*float64(i)), 0.85)
	}
	page.Gray = out
	for i := range page.lines {
		page.lines[i].y += float64(h)
	}
}

// find is a picture of a document on its way into the public.
type find struct{ photo }

// shoot photographs, crops, scales and compresses.
func (f *find) shoot(r *rand.Rand) {
	if r.IntN(4) == 0 {
		f.spine(r)
	}
	switch r.IntN(5) {
	case 0, 1: // level on a scanner, the lid white, gray or black
	default:
		sway := 0.07 * r.Float64()
		f.moved(Lay(f.Gray, 0.45+0.52*r.Float64(), sway, 30+210*r.Float64(), r))
		f.texture(r)
		f.note("sway %.3f", sway)
	}
	if r.IntN(3) > 0 {
		f.tilt(4 * r.NormFloat64())
	}
	if r.IntN(3) == 0 {
		f.crop(r)
	}
	f.reduce(r)
	for range r.IntN(3) {
		[]func(*rand.Rand){f.blur, f.noise, f.shadow, f.streak, f.fade, f.sharpen, f.sharpen, f.copied}[r.IntN(8)](r)
	}
	f.share += max(0, 90/f.contrast-1)
	quality := 35 + r.IntN(60)
	f.Gray = Compress(f.Gray, quality)
	if r.IntN(2) == 0 { // and once more, at another grid
		f.cropTo(image.Rect(3, 5, f.Rect.Dx(), f.Rect.Dy()))
		f.Gray = Compress(f.Gray, 50+r.IntN(45))
	}
	f.note("quality %d fine %.1f share %.2f", quality, f.fine(), f.share)
	f.hard = f.hard || f.fine() < 10 || f.fine() < 13 && f.share > 0.5 || f.share > 1
	if r.IntN(6) == 0 {
		turn := 1 + r.IntN(3)
		f.Gray = Turn(f.Gray, turn)
		f.note("turned %d", turn)
	}
}

func (f *find) tilt(degrees float64) {
	w, h := float64(f.Rect.Dx()), float64(f.Rect.Dy())
	g := Rotate(f.Gray, degrees)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	nw, nh := float64(g.Rect.Dx()), float64(g.Rect.Dy())
	f.moved(g, func(q point) point {
		x, y := q.x-w/2, q.y-h/2
		return point{x*cos - y*sin + nw/2, x*sin + y*cos + nh/2}
	})
	f.note("tilt %.1f", degrees)
}

// spine bends the page down on the side where it is bound.
func (f *find) spine(r *rand.Rand) {
	w := float64(f.Rect.Dx())
	depth, left := 0.012*r.Float64(), r.IntN(2) == 0
	drop := func(x float64) float64 {
		t := x / w
		if left {
			t = 1 - t
		}
		return depth * w * t * t * t
	}
	src := f.Gray
	f.Gray = each(src, func(x, y int, _ float64) float64 {
		return at(src, float64(x), float64(y)-drop(float64(x)), 235) * (1 - 0.4*drop(float64(x))/(0.012*w))
	})
	for i, q := range f.lines {
		f.lines[i].y += drop(q.x)
	}
	f.note("spine %.3f", depth)
	f.share += depth / 0.012
}

// texture is wood, cloth or tiles under the document and, faintly, everywhere.
func (f *find) texture(r *rand.Rand) {
	kind, depth, period := r.IntN(3), 4+8*r.Float64(), 9+20*r.Float64()
	f.Gray = each(f.Gray, func(x, y int, v float64) float64 {
		u, t := float64(x), float64(y)
		switch kind {
		case 0:
			v += 0.4 * depth * math.Sin(t/period+2*math.Sin(u/170))
		case 1:
			v += 0.3 * depth * math.Sin(u*2*math.Pi/5) * math.Sin(t*2*math.Pi/5)
		default:
			v += 0.4 * depth * math.Sin(u/period/3) * math.Sin(t/period/3)
		}
		return v
	})
}

// crop cuts close to the lines, or leaves only the lower part of the page.
func (f *find) crop(r *rand.Rand) {
	pitch := f.fine()
	left, right, top, bottom := math.MaxFloat64, 0.0, math.MaxFloat64, 0.0
	for _, q := range f.lines {
		left, right, top, bottom = min(left, q.x), max(right, q.x), min(top, q.y), max(bottom, q.y)
	}
	b := f.Rect
	side := func() float64 { return pitch * (0.4 + 1.2*r.Float64()) }
	if r.IntN(2) == 0 {
		b.Min.X, b.Max.X = int(left-side()), int(right+side())
		b.Max.Y = int(bottom + side())
	}
	if r.IntN(2) == 0 {
		b.Min.Y = int(top - (2+10*r.Float64())*pitch)
	}
	f.cropTo(b.Intersect(f.Rect))
	f.note("cropped")
}

func (f *find) cropTo(b image.Rectangle) {
	f.moved(Clone(f.SubImage(b)), func(q point) point { return point{q.x - float64(b.Min.X), q.y - float64(b.Min.Y)} })
}

// reduce makes the picture as small as those one finds, smoothly, roughly, or smaller than
// it is in the end.
func (f *find) reduce(r *rand.Rand) {
	fine := f.fine()
	want := 9 + 11*r.Float64()
	if r.IntN(4) == 0 {
		want = 6 + 4*r.Float64()
	}
	want = min(want, fine)
	to := func(fine float64) {
		scale := fine / f.fine()
		width := max(40, int(float64(f.Rect.Dx())*scale))
		scale = float64(width) / float64(f.Rect.Dx())
		f.moved(Resize(f.Gray, width), func(q point) point { return point{q.x * scale, q.y * scale} })
	}
	switch r.IntN(6) {
	case 0: // enlarged again
		to(want)
		f.hard = f.hard || want < 10
		f.share += 3.3 / want
		to(min(fine, want*(1.3+r.Float64())))
		f.note("enlarged from %.1f", want)
	case 1: // single pixels were left out
		to(min(fine, want*1.6))
		rough := f.Gray
		scale := want / f.fine()
		w, h := int(float64(rough.Rect.Dx())*scale), int(float64(rough.Rect.Dy())*scale)
		out := image.NewGray(image.Rect(0, 0, w, h))
		f.moved(each(out, func(x, y int, _ float64) float64 {
			return float64(rough.Pix[int(float64(y)/scale)*rough.Stride+int(float64(x)/scale)])
		}), func(q point) point { return point{q.x * scale, q.y * scale} })
		f.share += 4 / want
		f.note("rough")
	default:
		to(want)
	}
}

// sharpen is what cameras and editors do, with the halos they leave.
func (f *find) sharpen(r *rand.Rand) {
	amount, sigma := 0.4+1.4*r.Float64(), 0.7+1.3*r.Float64()
	soft := Blur(f.Gray, sigma, sigma)
	f.Gray = each(f.Gray, func(x, y int, v float64) float64 {
		return v + amount*(v-float64(soft.Pix[y*soft.Stride+x]))
	})
	f.note("sharpened %.1f", amount)
	f.share += 0.2 * amount
}

// copied is a copier's idea of black and white.
func (f *find) copied(r *rand.Rand) {
	level, hard := f.tone()*(0.55+0.2*r.Float64()), 4+10*r.Float64()
	f.Gray = each(f.Gray, func(_, _ int, v float64) float64 {
		return 255 / (1 + math.Exp(-(v-level)/255*4*hard))
	})
	f.note("copied %.0f", hard)
	f.share += 0.06 * hard
	f.hard = f.hard || f.fine() < 13
}

// tone is the brightness of the paper around the lines.
func (f *find) tone() float64 {
	var hist [256]int
	n := 0
	x0, y0, x1, y1 := int(f.lines[0].x), int(f.lines[0].y), int(f.lines[2].x), int(f.lines[2].y)
	for y := max(0, min(y0, y1)); y < min(f.Rect.Dy(), max(y0, y1)); y++ {
		for x := max(0, min(x0, x1)); x < min(f.Rect.Dx(), max(x0, x1)); x++ {
			hist[f.Pix[y*f.Stride+x]]++
			n++
		}
	}
	for v, sum := 255, 0; v > 0; v-- {
		if sum += hist[v]; 3*sum > n {
			return float64(v)
		}
	}
	return 200
}

// streak is a narrow reflection or a hologram: brighter bands that do not hide the print.
func (f *find) streak(r *rand.Rand) {
	strength, period, angle := 15+45*r.Float64(), 20+200*r.Float64(), math.Pi*r.Float64()
	sin, cos := math.Sincos(angle)
	f.Gray = each(f.Gray, func(x, y int, v float64) float64 {
		t := (float64(x)*cos + float64(y)*sin) / period
		return v + strength*max(0, math.Sin(t*2*math.Pi+math.Sin(float64(y)/40)))
	})
	f.note("streaks %.0f", strength)
	f.share += strength / 70
}
