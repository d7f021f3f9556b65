package ocrb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/walk"
)

const folder = "../testdata/specimens"

type specimen struct {
	File   string
	Kind   string
	MRZ    []string
	Quad   []struct{ X, Y float64 } `json:"mrz_quad"`
	Right  bool                     `json:"mrz_checks_ok"`
	Expect struct {
		MRZ      string
		Rotation int `json:"rotation_needed"`
	}
	Degradation struct {
		Exif int `json:"exif_orientation"`
	}
}

func allSpecimens(t testing.TB) []specimen {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(folder, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct{ Items []specimen }
	if err := json.Unmarshal(body, &truth); err != nil {
		t.Fatal(err)
	}
	return truth.Items
}

// pages decodes a specimen as it is stored, without applying orientation marks: the
// reader finds the lines in any of the four orientations.
func pages(t testing.TB, name string) (all []image.Image) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	bodies := [][]byte{body}
	if strings.HasSuffix(name, ".pdf") {
		doc, err := pdfdoc.Reader{}.Read(context.Background(), body)
		if err != nil {
			t.Fatal(err)
		}
		bodies = nil
		for _, p := range doc.Pages {
			bodies = append(bodies, p.Scan)
		}
	}
	for _, b := range bodies {
		if b == nil {
			continue // a page of text, which only pdftoppm can draw
		}
		info, err := walk.Walk(b)
		if err != nil {
			t.Fatal(err)
		}
		img, err := jpeg.Decode(bytes.NewReader(info.Picture(b)))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, img)
	}
	return all
}

// raced tells that the test was built with the race detector, which makes arithmetic ten
// times as slow.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// TestSpecimens holds the reader to the expectations of the set: what must be read is
// read exactly, what may be is read exactly or not accepted, nothing is read from pages
// without lines, and wrong check digits are flagged, never repaired.
func TestSpecimens(t *testing.T) {
	nth := 1
	if raced() {
		nth = 8
	}
	reader := ocrb.New()
	for i, s := range allSpecimens(t) {
		if i%nth != 0 && s.Right {
			continue
		}
		t.Run(s.File, func(t *testing.T) {
			t.Parallel()
			for n, page := range pages(t, s.File) {
				if n > 0 && s.Expect.MRZ != "none" {
					break // the second page is another document
				}
				judge(t, s, reader.Read(context.Background(), page))
			}
		})
	}
}

func judge(t *testing.T, s specimen, r ocrb.Reading) {
	t.Helper()
	exact := slices.Equal(r.Lines, s.MRZ)
	switch {
	case s.Expect.MRZ == "none" && r.Verdict == ocrb.Read:
		t.Errorf("read from a page without lines: %q", r.Lines)
	case s.Expect.MRZ == "must" && (r.Verdict != ocrb.Read || !exact):
		t.Errorf("%s %.3f\n%s\nwant\n%s", r.Verdict, r.Confidence, strings.Join(r.Lines, "\n"), strings.Join(s.MRZ, "\n"))
	case s.Expect.MRZ == "may" && r.Verdict == ocrb.Read && !exact:
		t.Errorf("wrong, but accepted: %.3f\n%s\nwant\n%s", r.Confidence, strings.Join(r.Lines, "\n"), strings.Join(s.MRZ, "\n"))
	}
	if r.Verdict != ocrb.Read {
		return
	}
	valid := !slices.ContainsFunc(r.CheckDigits, func(c ocrb.CheckDigit) bool { return !c.OK })
	if valid != s.Right {
		t.Errorf("check digits %v, printed right: %v", r.CheckDigits, s.Right)
	}
	if r.Repaired > 0 && !s.Right {
		t.Error("a forged check digit was repaired")
	}
	turn := (s.Expect.Rotation*90 + map[int]int{3: 180, 6: 90, 8: 270}[s.Degradation.Exif]) % 360
	if r.Turn != turn {
		t.Errorf("turn %d, want %d", r.Turn, turn)
	}
}

// TestPlaces compares the places of lines and fields with where the specimens have them.
func TestPlaces(t *testing.T) {
	reader := ocrb.New()
	for _, s := range allSpecimens(t) {
		if !slices.Contains([]string{"s001_passport.jpg", "s009_passport.jpg", "s040_id-card.jpg", "s045_rf-passport.jpg"}, s.File) {
			continue
		}
		img := pages(t, s.File)[0]
		w, h := float64(img.Bounds().Dx()), float64(img.Bounds().Dy())
		r := reader.Read(context.Background(), img)
		for i, corner := range r.Band {
			want := s.Quad[i]
			if d := max(abs(corner[0]*w-want.X), abs(corner[1]*h-want.Y)); d > 0.025*max(w, h) {
				t.Errorf("%s: corner %d is %.0f, %.0f, want %.0f, %.0f", s.File, i, corner[0]*w, corner[1]*h, want.X, want.Y)
			}
		}
		codes := map[string]bool{}
		for _, f := range r.Fields {
			codes[f.Code] = true
			if f.Confidence < 0.5 || f.From >= f.To || f.To > len(r.Lines[f.Line]) {
				t.Errorf("%s: field %+v", s.File, f)
			}
			for _, corner := range f.Box {
				if corner[0] < 0 || corner[0] > 1 || corner[1] < 0 || corner[1] > 1 {
					t.Errorf("%s: %s lies outside the page: %v", s.File, f.Code, f.Box)
				}
			}
		}
		for _, code := range []string{"surname", "birth-date", "sex", "nationality"} {
			if !codes[code] {
				t.Errorf("%s: no field %s", s.File, code)
			}
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }

// The context ends a search early.
func TestReadStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := ocrb.New().Read(ctx, pages(t, "s048_migration-card.jpg")[0])
	if r.Verdict != ocrb.None || r.Work > 100 {
		t.Errorf("verdict %s after %d units of work", r.Verdict, r.Work)
	}
}

// Strange pictures are answered, not refused.
func TestReadStrangePictures(t *testing.T) {
	reader := ocrb.New()
	for _, img := range []image.Image{
		image.NewGray(image.Rect(0, 0, 0, 0)), image.NewGray(image.Rect(0, 0, 1, 900)), image.NewRGBA(image.Rect(-50, -50, 70, 33)),
		image.NewNRGBA(image.Rect(0, 0, 2000, 40)), image.NewCMYK(image.Rect(5, 5, 205, 305)), image.NewGray16(image.Rect(0, 0, 64, 64)),
	} {
		if r := reader.Read(context.Background(), img); r.Verdict != ocrb.None {
			t.Errorf("%T %v: %s", img, img.Bounds(), r.Verdict)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	reader := ocrb.New()
	for _, name := range []string{"s001_passport.jpg", "s007_passport.jpg", "s009_passport.jpg", "s025_passport.jpg", "s041_id-card.jpg", "s048_migration-card.jpg"} {
		img := pages(b, name)[0]
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			work := 0
			for b.Loop() {
				work = reader.Read(context.Background(), img).Work
			}
			b.ReportMetric(float64(work), "work")
		})
	}
}
