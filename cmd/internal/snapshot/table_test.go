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
	"strconv"
	"strings"
	"testing"

	"okno/review/scan/ocrb"
	"okno/review/scan/walk"
)

const specimens = "../../../review/scan/testdata/specimens"

// printed is a specimen whose lines must be read.
type printed struct {
	name  string
	img   *image.Gray
	lines []string
}

// mustRead loads every nth of the specimens that must be read, at a width of 1000 pixels.
func mustRead(t testing.TB, nth int) (all []printed) {
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
	n := 0
	for _, item := range truth.Items {
		if item.Expect.MRZ != "must" || !strings.HasSuffix(item.File, ".jpg") {
			continue
		}
		if n++; n%nth != 0 {
			continue
		}
		body, err := os.ReadFile(filepath.Join(specimens, item.File))
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
			g = Resize(g, 1000*b.Dx()/max(b.Dx(), b.Dy()))
		}
		all = append(all, printed{item.File, g, item.MRZ})
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

// BenchmarkSpoiled reads specimens after each kind of damage and prints a table beside what
// was hoped for: how many were read exactly, and how many wrongly though the reader stood
// by it. SPOILED_NTH=1 reads all of them instead of a sample. It is a measurement: damage
// worse than what a clear photograph shows is no promise yet.
func BenchmarkSpoiled(t *testing.B) {
	nth := 6
	if v, err := strconv.Atoi(os.Getenv("SPOILED_NTH")); err == nil {
		nth = v
	}
	all := mustRead(t, nth)
	reader := ocrb.New()
	var table strings.Builder
	wrong, read := 0, 0
	for _, s := range spoils {
		exact, accepted, misled := 0, 0, 0
		var missed []string
		for i, p := range all {
			g := s.spoil(p.img, rand.New(rand.NewPCG(11, uint64(i))))
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
					misled++
				}
			}
		}
		wrong += misled
		read += exact
		fmt.Fprintf(&table, "%-14s exact %2d of %2d (hoped %3.0f %%), accepted %2d, of them wrong %d  %s\n",
			s.name, exact, len(all), 100*s.share, accepted, misled, strings.Join(missed, " "))
	}
	t.ReportMetric(float64(wrong), "wrong")
	t.ReportMetric(float64(read)/float64(len(all)*len(spoils)), "exact")
	t.Log("\n" + table.String())
}
