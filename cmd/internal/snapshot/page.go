package snapshot

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"okno/review/mrz"
)

// Class says what may be asked of the reader.
type Class string

// The classes: the lines must be read exactly; they may be read exactly or reported as
// unreadable; there are none.
const (
	Must Class = "must"
	May  Class = "may"
	None Class = "none"
)

// Picture is a photographed document.
type Picture struct {
	Name   string
	Class  Class
	Lines  []string
	Forged bool // one digit does not agree with its check digit
	Image  *image.Gray
}

// Studio prints documents and photographs them.
type Studio struct {
	machine, plain, bold, mono *opentype.Font
}

// NewStudio takes OCR-B with TrueType outlines.
func NewStudio(ocrb []byte) (*Studio, error) {
	s := &Studio{}
	for _, f := range []struct {
		dst **opentype.Font
		ttf []byte
	}{{&s.machine, ocrb}, {&s.plain, goregular.TTF}, {&s.bold, gobold.TTF}, {&s.mono, gomono.TTF}} {
		font, err := opentype.Parse(f.ttf)
		if err != nil {
			return nil, fmt.Errorf("snapshot: %w", err)
		}
		*f.dst = font
	}
	return s, nil
}

// Take makes picture number n of the set with a seed.
func (s *Studio) Take(seed uint64, n int) Picture {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	kinds := []mrz.Kind{mrz.KindTD3, mrz.KindTD3, mrz.KindTD3, mrz.KindTD3, mrz.KindTD1, mrz.KindTD2, mrz.KindMRVA, mrz.KindMRVB, mrz.KindPNRUS, mrz.KindUnknown, mrz.KindUnknown}
	p := Picture{Class: Must}
	kind := kinds[r.IntN(len(kinds))]
	p.Lines = printedLines(r, kind)
	if kind == mrz.KindUnknown {
		p.Class = None
		if r.IntN(3) == 0 { // a page whose last line was cut off
			kind = mrz.KindTD3
			p.Lines = printedLines(r, kind)[:1]
		}
	}
	if kind == mrz.KindTD3 && p.Class == Must && r.IntN(8) == 0 {
		b := []byte(p.Lines[1])
		b[14] = '0' + (b[14]-'0'+1+byte(r.IntN(8)))%10
		p.Lines[1], p.Forged = string(b), true
	}
	shown := p.Lines
	if p.Class == None {
		p.Lines = nil
	}
	img, hard, what := photograph(r, s.paper(r, kind, shown))
	if hard && p.Class == Must {
		p.Class = May
	}
	p.Name = fmt.Sprintf("%03d %s %s", n, kind, what)
	p.Image = img
	return p
}

var (
	syllables = []string{"BA", "CHO", "DU", "EQ", "FI", "GUL", "HAM", "IO", "JO", "KIR", "LOO", "MUN", "NOV", "OB", "PQ", "RUS", "SAI", "TZ", "UV", "VYI", "WO", "XO", "YU", "ZI", "OCO", "QI"}
	surnames  = []string{"SPECIMENOVA", "OBRAZTSOV", "MUSTERMANN", "TESTUR", "PRIMEROV", "DE LA PRUEBA", "VAN VOORBEELD", "OYBEKSAMPLE", "QODIRTEST", "ZHUMAXEMPL", "KJWHVYGF", "XI"}
	givens    = []string{"ANNA MARIA", "SAMPLON", "TESTINA", "BEK", "PROBA QUINN", "WOLF", "JUNG HEE", "ZYX", ""}
	issuers   = []string{"UZB", "TJK", "KGZ", "KAZ", "ARM", "AZE", "D", "FRA", "UTO", "CHN", "IND", "TUR", "GBR", "BLR", "MDA", "VNM"}
)

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

// number begins with letters; one in eight ends in one.
func number(r *rand.Rand, n int, letters int) string {
	b := make([]byte, n)
	for i := range b {
		if b[i] = byte('0' + r.IntN(10)); i < letters || letters > 0 && i == n-1 && r.IntN(8) == 0 {
			b[i] = byte('A' + r.IntN(26))
		}
	}
	return string(b)
}

// name is one of a list or made of syllables.
func name(r *rand.Rand, list []string) string {
	if r.IntN(2) == 0 {
		return pick(r, list)
	}
	s := ""
	for range 2 + r.IntN(5) {
		if s += pick(r, syllables); r.IntN(8) == 0 {
			s += " "
		}
	}
	return strings.TrimSpace(s)
}

func fill(s string, n int) string {
	s = strings.ReplaceAll(s, " ", "<")
	return (s + strings.Repeat("<", n))[:n]
}

func checked(s string) string { return s + string(rune('0'+mrz.CheckDigit(s))) }

// printedLines invents the lines of a document.
func printedLines(r *rand.Rand, kind mrz.Kind) []string {
	state := pick(r, issuers)
	names := name(r, surnames) + "<<" + name(r, givens)
	doc := checked(fill(number(r, 7+r.IntN(3), r.IntN(3)), 9))
	birth := checked(fmt.Sprintf("%02d%02d%02d", 30+r.IntN(70), 1+r.IntN(12), 1+r.IntN(28)))
	expiry := checked(fmt.Sprintf("%02d%02d%02d", 27+r.IntN(9), 1+r.IntN(12), 1+r.IntN(28)))
	sex := pick(r, []string{"M", "F", "M", "F", "<"})
	optional := ""
	if r.IntN(2) == 0 {
		if optional = number(r, 14, 0); r.IntN(4) == 0 {
			optional = number(r, 5+r.IntN(9), 3)
		}
	}
	body := func(n int) string { return doc + fill(state, 3) + birth + sex + expiry + fill(optional, n) }
	composite := func(s string) string { return string(rune('0' + mrz.CheckDigit(s))) }
	switch kind {
	case mrz.KindTD3:
		b := doc + fill(state, 3) + birth + sex + expiry + checked(fill(optional, 14))
		return []string{fill("P<"+fill(state, 3)+names, 44), b + composite(b[:10]+b[13:20]+b[21:43])}
	case mrz.KindMRVA:
		return []string{fill("V<"+fill(state, 3)+names, 44), body(16)}
	case mrz.KindMRVB:
		optional = optional[:min(8, len(optional))]
		return []string{fill("V<"+fill(state, 3)+names, 36), body(8)}
	case mrz.KindTD2:
		optional = optional[:min(7, len(optional))]
		b := body(7)
		return []string{fill("I<"+fill(state, 3)+names, 36), b + composite(b[:10]+b[13:20]+b[21:35])}
	case mrz.KindTD1:
		a := fill("I<"+fill(state, 3)+doc+optional, 30)
		b := birth + sex + expiry + fill(state, 3) + fill("", 11)
		return []string{a, b + composite(a[5:]+b[:7]+b[8:15]+b[18:29]), fill(names, 30)}
	case mrz.KindPNRUS:
		first, last := number(r, 3, 0), number(r, 1, 0)
		sex = pick(r, []string{"M", "F"})
		b := checked(first+number(r, 6, 0)) + "RUS" + birth + sex + fill("", 7) + checked(fill(last+fmt.Sprintf("%02d%02d%02d", 11+r.IntN(15), 1+r.IntN(12), 1+r.IntN(28))+number(r, 6, 0), 14))
		name := pick(r, []string{"OBRAZCOV<<SPECIMEN<PRIMEROVI3", "TESTOVA8<<UL8<MIHAQLOVNA", "WUKIN<<ILZ<JUR9EVI3"})
		return []string{fill("PNRUS"+name, 44), b + composite(b[:10]+b[13:20]+b[21:43])}
	}
	return nil
}

// pixel sizes of a document's page and the pitch of its lines.
func format(kind mrz.Kind) (w, h int, pitch float64) {
	switch kind {
	case mrz.KindTD1:
		return 1012, 638, 30.2
	case mrz.KindTD2, mrz.KindMRVB:
		return 1240, 870, 30.2
	case mrz.KindUnknown:
		return 1000, 1400, 0
	}
	return 1476, 1040, 30.2
}

// sheet is a printed page: where its lines are, how many characters they have, and how
// much darker than the paper their ink is.
type sheet struct {
	*image.Gray
	lines    [4]point // corners of the lines, in reading order
	length   int
	contrast float64
}

// paper prints a document on its background.
func (s *Studio) paper(r *rand.Rand, kind mrz.Kind, lines []string) sheet {
	w, h, pitch := format(kind)
	g := image.NewGray(image.Rect(0, 0, w, h))
	tone := 205 + 45*r.Float64()
	waves, depth, period := 2+3*r.Float64(), 0.0, 7+30*r.Float64()
	if r.IntN(3) > 0 {
		depth = 10 + 50*r.Float64()
	}
	g = each(g, func(x, y int, _ float64) float64 {
		t := math.Sin((float64(y)+40*math.Sin(float64(x)/float64(w)*waves*6)+0.3*float64(x))/period*2*math.Pi) + 0.4*math.Sin(float64(x)/period)
		return tone - depth*max(0, t)
	})
	s.text(g, "SPECIMEN ОБРАЗЕЦ", s.bold, float64(w)/14, 40, float64(h)/9, 0.35)
	dark := 0.7 + 0.28*r.Float64()
	s.portrait(g, r, w/22, h/5, w/4, h*2/5)
	for i := range 9 {
		y := float64(h)*0.2 + float64(i)*float64(h)*0.055
		if kind == mrz.KindUnknown {
			y = float64(h)*0.2 + float64(i)*float64(h)*0.08
		}
		s.text(g, pick(r, []string{"SURNAME / NOM", "ФАМИЛИЯ", "DATE OF BIRTH 01.02.1990", "PLACE OF BIRTH", "AUTHORITY 77 SPECIMEN", "ПАСПОРТ № 0000000", "VALID UNTIL 12 DEC 2031", "NATIONALITY <<<<"}), s.plain, float64(w)/48, float64(w)*0.33, y, dark)
	}
	page := sheet{Gray: g, length: 44, contrast: (tone - 20) * dark}
	if kind == mrz.KindUnknown {
		page.lines = quad(0, 0.8*float64(h), float64(w), float64(h))
		for i := range 5 {
			s.text(g, pick(r, []string{"AB1234567890123456789012345678901234567890", "TOTAL 100 000 RUB <<<<<<<<<<<<<<<<<<<<<<", "0000 1111 2222 3333 4444 5555 6666 7777"}), s.mono, float64(w)/38, 60, float64(h)*0.9+float64(i)*26-60, dark)
		}
		return page
	}
	gap := pitch * (1.55 + 0.35*r.Float64())
	x := (float64(w) - pitch*float64(len(lines[0]))) / 2
	y := float64(h) - pitch*1.2 - gap*float64(len(lines)-1)
	for i, line := range lines {
		for k, c := range line {
			s.text(g, string(c), s.machine, pitch/0.723*0.95, x+pitch*(float64(k)+0.02), y+gap*float64(i), dark)
		}
	}
	page.length = len(lines[0])
	page.lines = quad(x, y-pitch, x+pitch*float64(page.length), y+gap*float64(len(lines)-1))
	return page
}

// text prints with a strength of ink.
func (s *Studio) text(g *image.Gray, text string, f *opentype.Font, size, x, y, ink float64) {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the options are constant
	}
	d := font.Drawer{Dst: g, Src: image.NewUniform(color.Alpha16{uint16(ink * 65535)}), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}}
	d.Src = image.NewUniform(color.NRGBA{18, 18, 24, uint8(255 * ink)})
	d.DrawString(text)
}

// portrait is a dark oval on a light field: enough to distract.
func (s *Studio) portrait(g *image.Gray, r *rand.Rand, x0, y0, w, h int) {
	tone := 60 + 90*r.Float64()
	for y := range h {
		for x := range w {
			dx, dy := float64(x)/float64(w)*2-1, float64(y)/float64(h)*2-1
			v := 225.0
			if dx*dx/0.4+dy*dy/0.6 < 1 || dy > 0.6 && math.Abs(dx) < 0.8 {
				v = tone + 30*math.Sin(dx*9)*math.Cos(dy*7)
			}
			g.Pix[(y0+y)*g.Stride+x0+x] = uint8(v)
		}
	}
}
