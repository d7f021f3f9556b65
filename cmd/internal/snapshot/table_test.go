package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"okno/review/scan/ocrb"
	"okno/review/scan/walk"
)

const specimens = "../../../review/scan/testdata/specimens"

// printed is a specimen whose lines must be read.
type printed struct {
	name  string
	lines []string
}

// img is the specimen with a long side of at most 1000 pixels.
func (p printed) img(t testing.TB) *image.Gray {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(specimens, p.name))
	if err != nil {
		t.Fatal(err)
	}
	info, err := walk.Walk(body)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(info.Picture(body)))
	if err != nil {
		t.Fatal(err)
	}
	g := Clone(img)
	if b := g.Rect; max(b.Dx(), b.Dy()) > 1000 {
		g = long(g, 1000)
	}
	return g
}

// mustRead lists the specimens that must be read.
func mustRead(t testing.TB) (all []printed) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(specimens, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Items []struct {
			File, Kind string
			MRZ        []string
			Expect     struct{ MRZ string }
		}
	}
	if err := json.Unmarshal(body, &truth); err != nil {
		t.Fatal(err)
	}
	for _, item := range truth.Items {
		if item.Expect.MRZ == "must" && strings.HasSuffix(item.File, ".jpg") {
			all = append(all, printed{item.File, item.MRZ})
		}
	}
	return all
}

// long scales to a long side.
func long(g *image.Gray, side int) *image.Gray {
	return Resize(g, side*g.Rect.Dx()/max(g.Rect.Dx(), g.Rect.Dy()))
}

// spoils are the rows of the table; share is how many of the specimens must be read
// exactly at least.
var spoils = []struct {
	name  string
	spoil func(g *image.Gray, r *rand.Rand) *image.Gray
	share float64
}{
	{"none", func(g *image.Gray, _ *rand.Rand) *image.Gray { return g }, 1},
	{"blur 1", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Blur(g, 1, 1) }, 1},
	{"blur 1.5", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Blur(g, 1.5, 1.5) }, 0.9},
	{"blur 2", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Blur(g, 2, 2) }, 0.8},
	{"blur 2.5", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Blur(g, 2.5, 2.5) }, 0.5},
	{"blur 3", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Blur(g, 3, 3) }, 0},
	{"width 700", func(g *image.Gray, _ *rand.Rand) *image.Gray { return long(g, 700) }, 1},
	{"width 500", func(g *image.Gray, _ *rand.Rand) *image.Gray { return long(g, 500) }, 0.9},
	{"width 400", func(g *image.Gray, _ *rand.Rand) *image.Gray { return long(g, 400) }, 0.7},
	{"width 320", func(g *image.Gray, _ *rand.Rand) *image.Gray { return long(g, 320) }, 0.4},
	{"turned 3", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Rotate(g, 3) }, 1},
	{"turned 8", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Rotate(g, -8) }, 1},
	{"turned 15", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Rotate(g, 15) }, 0.9},
	{"turned 90", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Turn(g, 1) }, 1},
	{"turned 180", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Turn(g, 2) }, 1},
	{"turned 270", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Turn(g, 3) }, 1},
	{"noise 10", func(g *image.Gray, r *rand.Rand) *image.Gray { return Noise(g, 10, r) }, 1},
	{"noise 20", func(g *image.Gray, r *rand.Rand) *image.Gray { return Noise(g, 20, r) }, 0.9},
	{"exposure 0.25", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Expose(g, 0.25) }, 1},
	{"jpeg 20", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Compress(g, 20) }, 1},
	{"faded", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Fade(g, 170) }, 0.9},
	{"shadow", func(g *image.Gray, r *rand.Rand) *image.Gray { return Shadow(g, 0.6, r) }, 0.9},
	{"bent", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Bend(g, 0.012) }, 0.9},
	{"motion 4", func(g *image.Gray, _ *rand.Rand) *image.Gray { return Motion(g, 4) }, 0.8},
}

// TestSpoiled reads specimens after each kind of damage: what the reader stands by must be
// right. Every day each damage meets one specimen; SPOILED=1 reads all, wants as many as the
// table says, and prints it.
func TestSpoiled(t *testing.T) {
	whole := fromEnv("SPOILED", 0) > 0
	if raced() && !whole {
		t.Skip("arithmetic on pictures, ten times as slow with the race detector")
	}
	all := mustRead(t)
	reader := ocrb.New()
	lines := make([]string, len(spoils))
	t.Run("table", func(t *testing.T) {
		for k, s := range spoils {
			some, from := all, 0
			if !whole {
				from = k * 7 % len(all)
				some = all[from : from+1]
			}
			t.Run(s.name, func(t *testing.T) {
				t.Parallel()
				exact, accepted := 0, 0
				var missed []string
				for i, p := range some {
					g := s.spoil(p.img(t), rand.New(rand.NewPCG(11, uint64(from+i))))
					reading := reader.Read(context.Background(), g)
					right := slices.Equal(reading.Lines, p.lines)
					if right {
						exact++
					} else {
						missed = append(missed, p.name[:4])
					}
					if reading.Verdict == ocrb.Read {
						accepted++
						if !right {
							t.Errorf("%s: wrong, but accepted: %.3f\n%s\nwant\n%s", p.name, reading.Confidence, strings.Join(reading.Lines, "\n"), strings.Join(p.lines, "\n"))
						}
					}
				}
				if whole && float64(exact) < s.share*float64(len(some)) {
					t.Errorf("%d of %d exact, want %.0f %%", exact, len(some), 100*s.share)
				}
				lines[k] = fmt.Sprintf("%-14s exact %2d of %2d (at least %3.0f %%), accepted %2d  %s", s.name, exact, len(some), 100*s.share, accepted, strings.Join(missed, " "))
			})
		}
	})
	if whole {
		t.Log("\n" + strings.Join(lines, "\n"))
	}
}
