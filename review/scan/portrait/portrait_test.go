package portrait_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"okno/review"
	"okno/review/scan"
	"okno/review/scan/portrait"
)

// specimen is what the truth file says about one page.
type specimen struct {
	File     string
	Portrait []struct{ X, Y float64 } `json:"portrait_quad"`
	Expect   struct {
		Turn     int `json:"rotation_needed"` // quarters
		Exposure string
	}
	Degradation struct {
		Orientation int    `json:"exif_orientation"`
		Glare       string `json:"glare_at"`
	}
}

// specimens lists the photographs of the set; OKNO_SPECIMENS names another one.
func specimens(t testing.TB) (dir string, list []specimen) {
	t.Helper()
	dir = filepath.Join("..", "testdata", "specimens")
	if other := os.Getenv("OKNO_SPECIMENS"); other != "" {
		dir = other
	}
	body, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct{ Items []specimen }
	if err := json.Unmarshal(body, &truth); err != nil {
		t.Fatal(err)
	}
	for i, s := range truth.Items {
		if filepath.Ext(s.File) == ".jpg" && (!slow || i%4 == 0) {
			list = append(list, s)
		}
	}
	if len(list) < 10 {
		t.Fatal("too few specimens")
	}
	return dir, list
}

func open(t testing.TB, path string) image.Image {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// TestSpecimens demands the face on 95 of 100 upright pages that show one, at
// its place, and none on any page that shows none.
func TestSpecimens(t *testing.T) {
	dir, list := specimens(t)
	shown, found, turned, foundTurned := 0, 0, 0, 0
	for _, s := range list {
		img := open(t, filepath.Join(dir, s.File))
		upright := s.Expect.Turn == 0 && s.Degradation.Orientation <= 1
		turn := scan.UnknownTurn
		if upright && len(s.Portrait) > 0 {
			turn = 0
		}
		p := portrait.Finder{}.Find(context.Background(), img, turn)
		t.Logf("%-26s %v", s.File, p)
		if len(s.Portrait) == 0 {
			if p.Found {
				t.Errorf("%s: a face where there is none: %v", s.File, p)
			}
			continue
		}
		hit := p.Found && within(p.Box, s, img.Bounds())
		if p.Found && !hit {
			t.Errorf("%s: a face elsewhere: %v", s.File, p)
		}
		switch {
		case s.Degradation.Glare == "portrait":
			if p.Found {
				t.Logf("%s: found in spite of glare", s.File)
			}
		case upright:
			shown++
			if hit {
				found++
			} else {
				t.Logf("%s: missed", s.File)
			}
		default:
			turned++
			if hit {
				foundTurned++
			}
		}
	}
	t.Logf("upright: %d of %d, turned: %d of %d", found, shown, foundTurned, turned)
	if found*100 < shown*95 {
		t.Errorf("only %d of %d faces found", found, shown)
	}
	if foundTurned*100 < turned*75 {
		t.Errorf("only %d of %d faces on turned pages found", foundTurned, turned)
	}
}

// within tells whether the middle of a box lies in the specimen's portrait.
func within(b review.Area, s specimen, r image.Rectangle) bool {
	x, y := (b.X+b.W/2)*float64(r.Dx()), (b.Y+b.H/2)*float64(r.Dy())
	inside := true
	var sign float64
	for i, p := range s.Portrait {
		q := s.Portrait[(i+1)%len(s.Portrait)]
		cross := (q.X-p.X)*(y-p.Y) - (q.Y-p.Y)*(x-p.X)
		if sign == 0 {
			sign = cross
		}
		inside = inside && cross*sign >= 0
	}
	return inside
}

// quarter turns a picture clockwise by quarters.
func quarter(img image.Image, turn int) image.Image {
	b := img.Bounds()
	for range turn / 90 {
		out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
		for y := range b.Dy() {
			for x := range b.Dx() {
				out.Set(b.Dy()-1-y, x, img.At(b.Min.X+x, b.Min.Y+y))
			}
		}
		img, b = out, out.Bounds()
	}
	return img
}

func TestTurnedPagesAndPlaces(t *testing.T) {
	img := open(t, filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	upright := portrait.Finder{}.Find(context.Background(), img, 0)
	if !upright.Found {
		t.Fatal("no face on the plain specimen")
	}
	b := upright.Box
	for turn, want := range map[int]review.Area{
		0:   b,
		90:  {X: 1 - b.Y - b.H, Y: b.X, W: b.H, H: b.W},
		180: {X: 1 - b.X - b.W, Y: 1 - b.Y - b.H, W: b.W, H: b.H},
		270: {X: b.Y, Y: 1 - b.X - b.W, W: b.H, H: b.W},
	} {
		page := quarter(img, turn)
		told := portrait.Finder{}.Find(context.Background(), page, (360-turn)%360)
		unknown := portrait.Finder{}.Find(context.Background(), page, scan.UnknownTurn)
		for name, p := range map[string]scan.Portrait{"told": told, "unknown": unknown} {
			if !p.Found || !near(p.Box, want) {
				t.Errorf("turned by %d, %s: %v, want %v", turn, name, p, want)
			}
		}
	}
}

func near(a, b review.Area) bool {
	const far = 0.03
	for _, d := range []float64{a.X - b.X, a.Y - b.Y, a.W - b.W, a.H - b.H} {
		if d > far || d < -far {
			return false
		}
	}
	return true
}

func TestPicturesWithoutAFace(t *testing.T) {
	flat := image.NewGray(image.Rect(0, 0, 900, 600))
	noise := image.NewNRGBA(image.Rect(0, 0, 900, 600))
	seed := uint32(1)
	for i := range noise.Pix {
		seed = seed*1664525 + 1013904223
		noise.Pix[i] = byte(seed >> 24)
	}
	for name, img := range map[string]image.Image{
		"flat": flat, "noise": noise, "tiny": image.NewGray(image.Rect(0, 0, 3, 2)), "narrow": image.NewGray(image.Rect(0, 0, 4000, 10)),
		"empty": image.NewGray(image.Rectangle{}), "uniform": image.NewCMYK(image.Rect(0, 0, 640, 480)), "model": wrapped{flat},
	} {
		if p := (portrait.Finder{}).Find(context.Background(), img, scan.UnknownTurn); p.Found || p.Strength != 0 {
			t.Errorf("%s: %v", name, p)
		}
	}
}

// wrapped hides the kind of a picture.
type wrapped struct{ image.Image }

// All kinds of pixels are read alike.
func TestKindsOfPixels(t *testing.T) {
	img := open(t, filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	want := portrait.Finder{}.Find(context.Background(), img, 0)
	b := img.Bounds()
	g, rgba := image.NewGray(b), image.NewRGBA(b)
	for y := range b.Dy() {
		for x := range b.Dx() {
			g.SetGray(x, y, color.GrayModel.Convert(img.At(x, y)).(color.Gray))
			rgba.Set(x, y, img.At(x, y))
		}
	}
	for name, same := range map[string]image.Image{"gray": g, "rgba": rgba, "wrapped": wrapped{rgba}} {
		if p := (portrait.Finder{}).Find(context.Background(), same, 0); !p.Found || !near(p.Box, want.Box) {
			t.Errorf("%s: %v, want %v", name, p, want)
		}
	}
}

func TestStopsWithTheContext(t *testing.T) {
	img := open(t, filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if p := (portrait.Finder{}).Find(ctx, img, scan.UnknownTurn); p.Found {
		t.Errorf("found %v after the end", p)
	}
}

func BenchmarkFind(b *testing.B) {
	img := open(b, filepath.Join("..", "testdata", "specimens", "s001_passport.jpg"))
	for name, turn := range map[string]int{"upright": 0, "unknown": scan.UnknownTurn} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				portrait.Finder{}.Find(context.Background(), img, turn)
			}
		})
	}
}
