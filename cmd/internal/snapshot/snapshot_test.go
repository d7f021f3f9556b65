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
	readSet(t, n, func(i int) Picture { return s.Take(setSeed, i) }, func(t *testing.T, p Picture, r ocrb.Reading, exact bool, what string) {
		switch {
		case p.Class == Must && (!exact || r.Verdict != ocrb.Read):
			t.Error("not read:", what)
		case r.Verdict == ocrb.Read && !exact:
			t.Error("wrong, but accepted:", what)
		case p.Forged && r.Verdict == ocrb.Read && (r.Repaired > 0 || !slices.Contains(r.CheckDigits, ocrb.CheckDigit{Field: "birth-date"})):
			t.Error("a forged digit was not flagged:", what)
		}
	})
}

// tally counts the pictures of a class, those read exactly and those accepted.
type tally struct{ pictures, exact, accepted int }

// readSet reads n pictures side by side, has each result judged and counts by class.
func readSet(t *testing.T, n int, take func(i int) Picture, judge func(t *testing.T, p Picture, r ocrb.Reading, exact bool, what string)) map[Class]tally {
	t.Helper()
	reader := ocrb.New()
	var mu sync.Mutex
	count := map[Class]tally{}
	t.Run("set", func(t *testing.T) {
		for i := range n {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				p := take(i)
				r := reader.Read(context.Background(), p.Image)
				exact := slices.Equal(r.Lines, p.Lines)
				mu.Lock()
				c := count[p.Class]
				c.pictures++
				if exact {
					c.exact++
				}
				if r.Verdict == ocrb.Read {
					c.accepted++
				}
				count[p.Class] = c
				mu.Unlock()
				judge(t, p, r, exact, p.Name+" "+string(r.Verdict)+" "+strconv.FormatFloat(r.Confidence, 'f', 3, 64)+
					"\n"+strings.Join(r.Lines, "\n")+"\nprinted\n"+strings.Join(p.Lines, "\n"))
			})
		}
	})
	for _, class := range []Class{Must, May, None} {
		c := count[class]
		t.Logf("%s: %d pictures, %d exact, %d accepted", class, c.pictures, c.exact, c.accepted)
	}
	return count
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
