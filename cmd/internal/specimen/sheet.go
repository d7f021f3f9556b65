package specimen

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"sync"
)

// quality is the JPEG quality of all pictures: the papers of a whole desk stay
// below 120 MB, and the machine-readable lines stay clean.
const quality = 64

// templates holds the empty forms by kind; each is drawn once.
var templates sync.Map

// template is an empty form together with its compressed picture. The picture
// is cut into strips of a few blocks with restart marks between them, so a
// filled form needs compressing only where something was written.
type template struct {
	once   sync.Once
	sheet  *image.RGBA
	blocks int      // 16-pixel blocks in a strip
	head   []byte   // everything up to the first strip
	strips [][]byte // compressed, row by row
}

// sheet is a form being filled in.
type sheet struct {
	*image.RGBA
	form *template
}

// buffers lends the pixels of finished pictures to the next ones.
var buffers sync.Pool

// form returns a copy of the empty form that build draws. Both sides must be
// multiples of sixteen pixels.
func form(key string, build func(r *rand.Rand) *image.RGBA) *sheet {
	v, _ := templates.LoadOrStore(key, &template{})
	t := v.(*template)
	t.once.Do(func() {
		seed := uint64(17)
		for _, b := range []byte(key) {
			seed = seed*131 + uint64(b)
		}
		t.prepare(build(rand.New(rand.NewPCG(seed, 3))))
	})
	m, _ := buffers.Get().(*image.RGBA)
	if m == nil || m.Rect != t.sheet.Rect {
		m = image.NewRGBA(t.sheet.Rect)
	}
	copy(m.Pix, t.sheet.Pix)
	return &sheet{m, t}
}

func (t *template) prepare(m *image.RGBA) {
	t.sheet = m
	wide := m.Rect.Dx() / 16
	t.blocks = wide
	for _, n := range []int{8, 7, 6} {
		if wide%n == 0 {
			t.blocks = n
			break
		}
	}
	whole := encode(m)
	start, data := entropy(whole)
	t.head = append(t.head, whole[:start]...)
	t.head = append(t.head, 0xff, 0xdd, 0, 4, byte(t.blocks>>8), byte(t.blocks))
	t.head = append(t.head, whole[start:data]...)
	for y := 0; y < m.Rect.Dy(); y += 16 {
		for x := 0; x < m.Rect.Dx(); x += 16 * t.blocks {
			t.strips = append(t.strips, t.strip(m, x, y))
		}
	}
}

// strip compresses one strip of the picture.
func (t *template) strip(m *image.RGBA, x, y int) []byte {
	b := encode(m.SubImage(image.Rect(x, y, x+16*t.blocks, y+16)))
	_, data := entropy(b)
	return b[data : len(b)-2]
}

// entropy finds the start-of-scan mark and the compressed data behind it.
func entropy(b []byte) (mark, data int) {
	for i := 2; ; {
		n := 2 + int(b[i+2])<<8 + int(b[i+3])
		if b[i+1] == 0xda {
			return i, i + n
		}
		i += n
	}
}

// encode compresses the filled form, taking over every strip that is still empty.
func (s *sheet) encode() []byte {
	t := s.form
	out := make([]byte, 0, 256<<10)
	out = append(out, t.head...)
	i, width := 0, 64*t.blocks
	for y := 0; y < s.Rect.Dy(); y += 16 {
		for x := 0; x < s.Stride; x += width {
			if i > 0 {
				out = append(out, 0xff, 0xd0+byte((i-1)%8))
			}
			strip := t.strips[i]
			for row := y; row < y+16; row++ {
				at := row*s.Stride + x
				if !bytes.Equal(s.Pix[at:at+width], t.sheet.Pix[at:at+width]) {
					strip = t.strip(s.RGBA, x/4, y)
					break
				}
			}
			out = append(out, strip...)
			i++
		}
	}
	return append(out, 0xff, 0xd9)
}

// recycle gives the pixels back; the sheet must not be used afterwards.
func (s *sheet) recycle() { buffers.Put(s.RGBA) }

// encode compresses any picture.
func encode(m image.Image) []byte {
	var b bytes.Buffer
	// Writing to memory does not fail, and the sizes are far below the limit.
	_ = jpeg.Encode(&b, m, &jpeg.Options{Quality: quality})
	return b.Bytes()
}
