package snapshot

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"okno/review/scan/ocrb"
)

// foundSeed makes the set of found pictures; the rule of [setSeed] holds for it, too.
const foundSeed = 22360679

// TestFound reads documents as they are found in public. What the reader stands by must be
// right, and nearly all that must be read is. Every day it is a part; FOUND=120 reads all.
func TestFound(t *testing.T) {
	n := fromEnv("FOUND", 16)
	if raced() {
		n = min(n, 4)
	}
	s := studio(t)
	reader := ocrb.New()
	var mu sync.Mutex
	count := map[Class][3]int{} // pictures, exact, accepted
	t.Run("set", func(t *testing.T) {
		for i := range n {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				p := s.Found(foundSeed, i)
				r := reader.Read(context.Background(), p.Image)
				exact := slices.Equal(r.Lines, p.Lines)
				mu.Lock()
				c := count[p.Class]
				c[0]++
				if exact {
					c[1]++
				}
				if r.Verdict == ocrb.Read {
					c[2]++
				}
				count[p.Class] = c
				mu.Unlock()
				what := p.Name + " " + string(r.Verdict) + "\n" + strings.Join(r.Lines, "\n") + "\nprinted\n" + strings.Join(p.Lines, "\n")
				switch {
				case r.Verdict == ocrb.Read && !exact:
					t.Error("wrong, but accepted:", what)
				case p.Class == Must && !exact:
					t.Log("not exact:", what)
				}
			})
		}
	})
	for _, class := range []Class{Must, May, None} {
		c := count[class]
		t.Logf("%s: %d pictures, %d exact, %d accepted", class, c[0], c[1], c[2])
	}
	if c := count[Must]; n >= 16 && (10*c[1] < 9*c[0] || 10*c[2] < 8*c[0]) {
		t.Errorf("of %d pictures that must be read, %d are exact and %d accepted", c[0], c[1], c[2])
	}
}

// The same seed gives the same picture, another one another.
func TestFoundIsRepeatable(t *testing.T) {
	s := studio(t)
	one, two, other := s.Found(1, 3), s.Found(1, 3), s.Found(2, 3)
	if !bytes.Equal(one.Image.Pix, two.Image.Pix) || one.Name != two.Name || !slices.Equal(one.Lines, two.Lines) {
		t.Error("the same seed gave two pictures")
	}
	if bytes.Equal(one.Image.Pix, other.Image.Pix) {
		t.Error("two seeds gave the same picture")
	}
}
