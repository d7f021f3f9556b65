package snapshot

import (
	"bytes"
	"slices"
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
	count := readSet(t, n, func(i int) Picture { return s.Found(foundSeed, i) }, func(t *testing.T, p Picture, r ocrb.Reading, exact bool, what string) {
		switch {
		case r.Verdict == ocrb.Read && !exact:
			t.Error("wrong, but accepted:", what)
		case p.Class == Must && !exact:
			t.Log("not exact:", what)
		}
	})
	if c := count[Must]; n >= 16 && (10*c.exact < 9*c.pictures || 10*c.accepted < 8*c.pictures) {
		t.Errorf("of %d pictures that must be read, %d are exact and %d accepted", c.pictures, c.exact, c.accepted)
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
