package snapshot

import (
	"bytes"
	"context"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"okno/review/scan/ocrb"
)

// setSeed makes the set by which the reader is judged. Whoever adjusts the reader while
// looking at this set changes the seed before judging again.
const setSeed = 26457513

func studio(t testing.TB) *Studio {
	t.Helper()
	ttf, err := os.ReadFile("../specimen/OCRB.ttf")
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewStudio(ttf)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// fromEnv reads a number that makes a set larger than the one of every day.
func fromEnv(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return n
	}
	return usual
}

// TestUnseen reads a set that nothing was adjusted to. Every day it is a part of the two
// hundred; SNAPSHOTS=200 reads all.
func TestUnseen(t *testing.T) {
	n := fromEnv("SNAPSHOTS", 24)
	if raced() {
		n = min(n, 6)
	}
	s := studio(t)
	reader := ocrb.New()
	var mu sync.Mutex
	count := map[Class][3]int{} // pictures, exact, accepted
	t.Run("set", func(t *testing.T) {
		for i := range n {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				p := s.Take(setSeed, i)
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
				what := func() string {
					return p.Name + " " + string(r.Verdict) + " " + strconv.FormatFloat(r.Confidence, 'f', 3, 64) + "\n" + strings.Join(r.Lines, "\n") + "\nprinted\n" + strings.Join(p.Lines, "\n")
				}
				switch {
				case p.Class == Must && (!exact || r.Verdict != ocrb.Read):
					t.Error("not read:", what())
				case r.Verdict == ocrb.Read && !exact:
					t.Error("wrong, but accepted:", what())
				case p.Forged && r.Verdict == ocrb.Read && (r.Repaired > 0 || !slices.Contains(r.CheckDigits, ocrb.CheckDigit{Field: "birth-date"})):
					t.Error("a forged digit was not flagged:", what())
				}
			})
		}
	})
	for _, class := range []Class{Must, May, None} {
		c := count[class]
		t.Logf("%s: %d pictures, %d exact, %d accepted", class, c[0], c[1], c[2])
	}
}

// The same seed gives the same picture, another one another.
func TestTakeIsRepeatable(t *testing.T) {
	s := studio(t)
	one, two, other := s.Take(1, 3), s.Take(1, 3), s.Take(2, 3)
	if !bytes.Equal(one.Image.Pix, two.Image.Pix) || one.Name != two.Name || !slices.Equal(one.Lines, two.Lines) {
		t.Error("the same seed gave two pictures")
	}
	if bytes.Equal(one.Image.Pix, other.Image.Pix) {
		t.Error("two seeds gave the same picture")
	}
}
