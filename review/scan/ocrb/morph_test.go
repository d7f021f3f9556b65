package ocrb

import (
	"math/rand/v2"
	"testing"
)

// Eight bytes at a time give what one at a time gives, also where a row is compared with a
// later part of itself.
func TestExtremesOfWords(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 40 {
		for step := range 20 {
			pix := make([]uint8, n+step)
			for i := range pix {
				pix[i] = uint8(r.IntN(256))
				if r.IntN(3) == 0 {
					pix[i] = []uint8{0, 1, 127, 128, 255}[r.IntN(5)]
				}
			}
			up, down := append([]uint8(nil), pix...), append([]uint8(nil), pix...)
			larger(up, up[step:])
			smaller(down, down[step:])
			for i, v := range pix[:n] {
				if up[i] != max(v, pix[i+step]) || down[i] != min(v, pix[i+step]) {
					t.Fatalf("%d of %d and %d beside: %d and %d from %d and %d", i, n, step, up[i], down[i], v, pix[i+step])
				}
			}
		}
	}
}

// A row is known again from either side, and no other row is taken for it.
func TestSegmentRepeats(t *testing.T) {
	s := segment{100, 50, 1000, 80, 20, 18}
	for name, c := range map[string]struct {
		o    segment
		want bool
	}{
		"same":             {s, true},
		"from the end":     {segment{1000, 80, 100, 50, 20, 18}, true},
		"a little off":     {segment{130, 54, 1020, 83, 19, 18.3}, true},
		"the next row":     {segment{100, 80, 1000, 110, 20, 18}, false},
		"another tilt":     {segment{100, 60, 1000, 70, 20, 18}, false},
		"further along":    {segment{300, 57, 1200, 87, 20, 18}, false},
		"of other letters": {segment{100, 50, 1000, 80, 20, 15}, false},
	} {
		if got := s.repeats(c.o); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
