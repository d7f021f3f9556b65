package glyphnet

import (
	"math"
	"testing"
)

func TestHalf(t *testing.T) {
	for _, f := range []float32{0, 1, -1, 0.5, 1.0 / 3, -2.71828, 65504, 1e-5, -6e-8, 0.00006103515625, 12345} {
		got := fromHalf(toHalf(f))
		if math.Abs(float64(got-f)) > math.Max(math.Abs(float64(f))/2048, 3e-8) {
			t.Errorf("%v became %v", f, got)
		}
	}
	if got := fromHalf(toHalf(1e9)); got != 65504 {
		t.Errorf("too large: %v", got)
	}
	for h := range 0x7c00 {
		if got := toHalf(fromHalf(uint16(h))); got != uint16(h) {
			t.Fatalf("%#x became %#x", h, got)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	body := NewNet().Encode()
	if _, err := Decode(body); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][]byte{"short": body[:len(body)-2], "foreign": append([]byte("x"), body[1:]...), "empty": nil} {
		if _, err := Decode(bad); err == nil {
			t.Errorf("%s weights were taken", name)
		}
	}
}

func TestMultiply(t *testing.T) {
	for _, c := range []struct{ m, n, k int }{{1, 1, 1}, {2, 4, 3}, {3, 5, 7}, {5, 38, 72}} {
		a, w, bias := make([]float32, c.m*c.k), make([]float32, c.n*c.k), make([]float32, c.n)
		for i := range a {
			a[i] = float32(i%7) - 3
		}
		for i := range w {
			w[i] = float32(i%5) - 2
		}
		for i := range bias {
			bias[i] = float32(i)
		}
		dst := make([]float32, c.m*c.n)
		Multiply(dst, a, w, bias, c.m, c.n, c.k)
		for i := range c.m {
			for j := range c.n {
				want := bias[j]
				for l := range c.k {
					want += a[i*c.k+l] * w[j*c.k+l]
				}
				if dst[i*c.n+j] != want {
					t.Fatalf("%v: row %d column %d is %v, want %v", c, i, j, dst[i*c.n+j], want)
				}
			}
		}
	}
}

func TestNormalise(t *testing.T) {
	strip := make([]float32, 90*Height)
	for x := range 90 {
		for y := range Height {
			strip[x*Height+y] = 200 - float32(x) // light falls off
			if y > 10 && y < 16 && x%18 < 4 {
				strip[x*Height+y] = 80 - float32(x)/2
			}
		}
	}
	Normalise(strip)
	first, last := strip[1*Height+12], strip[73*Height+12]
	if first < 1 || last < 1 || math.Abs(float64(first-last)) > 0.8 {
		t.Errorf("ink is %v at the start and %v at the end", first, last)
	}
	if paper := strip[9*Height+2]; paper > 0 {
		t.Errorf("paper is %v", paper)
	}
	Normalise(nil)
}
