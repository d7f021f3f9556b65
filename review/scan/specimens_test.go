package scan_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"okno/review/scan"
	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/portrait"
	"okno/review/scan/quality"
	"okno/review/scan/walk"
	"okno/review/scan/watermark"
)

// TestWholeInspection sends the specimens through everything that is embedded and holds the notes to what the
// specimens were made to show: a clean page is not sent back, what is missing is named, and no honest file refused.
func TestWholeInspection(t *testing.T) {
	dir := filepath.Join("testdata", "specimens")
	if other := os.Getenv("OKNO_SPECIMENS"); other != "" {
		dir = other
	}
	var truth struct {
		Items []struct {
			File, Kind string
			Portrait   []struct{} `json:"portrait_quad"`
			Expect     struct {
				MRZ, Sharpness, Exposure, Resolution string
			}
			Degradation struct {
				Glare string `json:"glare_at"`
			}
		}
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "truth.json")), &truth); err != nil {
		t.Fatal(err)
	}
	in, clean, sentBack, faces, found := full(), 0, 0, 0, 0
	for i, s := range truth.Items {
		if slow && i%12 != 0 {
			continue
		}
		paper := scan.Letter
		switch s.Kind {
		case "passport":
			paper = scan.Passport
		case "rf-passport":
			paper = scan.RussianPassport
		case "visa", "id-card":
			paper = scan.AnyPaper
		}
		body := read(t, filepath.Join(dir, s.File))
		report, err := in.InspectAs(context.Background(), paper, s.File, body)
		if sha256.Sum256(body) != report.SHA256 {
			t.Errorf("%s: the inspection has written to the file", s.File)
		}
		if err != nil || !report.Verdict.Stored() {
			t.Errorf("%s: %s %s %s %v", s.File, report.Verdict, report.Reason, report.Detail, err)
			continue
		}
		noted := func(r scan.Reason) bool {
			return slices.ContainsFunc(report.Notes, func(n scan.Note) bool { return n.Code == r })
		}
		page := report.Pages[0]
		if e := s.Expect; e.Sharpness == "ok" && e.Exposure == "ok" && e.Resolution == "ok" {
			clean++
			if noted(scan.ReasonRetake) {
				sentBack++
				t.Logf("%s: a clean page is sent back: %v", s.File, report.Notes)
			}
		}
		if s.Degradation.Glare != "" && paper == scan.Passport && !noted(scan.ReasonRetake) && page.Reading.Verdict != ocrb.Read {
			t.Errorf("%s: glare hides the %s, and no new picture is asked for: %v", s.File, s.Degradation.Glare, report.Notes)
		}
		if paper == scan.Passport && s.Expect.MRZ == "none" && !noted(scan.ReasonNoLines) {
			t.Errorf("%s: missing lines are not named: %v", s.File, report.Notes)
		}
		if paper != scan.Letter && len(s.Portrait) > 0 && s.Degradation.Glare != "portrait" {
			faces++
			if page.Portrait != nil && page.Portrait.Found {
				found++
			} else {
				t.Logf("%s: the face is missed", s.File)
			}
		}
	}
	t.Logf("sent back: %d of %d clean pages; faces: %d of %d", sentBack, clean, found, faces)
	if sentBack*100 > clean || found*100 < 95*faces {
		t.Errorf("%d of %d clean pages are sent back, %d of %d faces found", sentBack, clean, found, faces)
	}
}

// BenchmarkStages measures every stage of inspecting one photograph of 1600 pixels, and all of them together, for a
// page with lines and for one without, on which everything is looked for in vain.
func BenchmarkStages(b *testing.B) {
	body := read(b, filepath.Join("testdata", "specimens", "s001_passport.jpg"))
	bare := read(b, filepath.Join("testdata", "specimens", "s048_migration-card.jpg"))
	scanned := read(b, filepath.Join("testdata", "specimens", "s055_passport.pdf"))
	decoded := func(body []byte) image.Image {
		img, err := jpeg.Decode(bytes.NewReader(body))
		if err != nil {
			b.Fatal(err)
		}
		return img
	}
	img, card := decoded(body), decoded(bare)
	thumb := scan.Fit(img, scan.ThumbSide)
	ctx, lines := context.Background(), ocrb.New()
	whole := scan.Inspector{PDF: pdfdoc.Reader{}, Lines: lines, Portraits: portrait.Finder{}, Timeout: patient}
	for _, stage := range []struct {
		name string
		run  func()
	}{
		{"sniff", func() { scan.Sniff(body) }},
		{"walk", func() { _, _ = walk.Walk(body) }},
		{"pdf", func() { _, _ = pdfdoc.Reader{}.Read(ctx, scanned) }},
		{"decode", func() { _, _ = jpeg.Decode(bytes.NewReader(body)) }},
		{"reduce", func() { scan.Fit(img, 1200) }},
		{"turn", func() { scan.Orient(img, 6) }},
		{"lines", func() { lines.Read(ctx, img) }},
		{"lines, none there", func() { lines.Read(ctx, card) }},
		{"portrait", func() { portrait.Finder{}.Find(ctx, img, 0) }},
		{"portrait, four turns", func() { portrait.Finder{}.Find(ctx, img, scan.UnknownTurn) }},
		{"quality", func() { quality.Measure(img) }},
		{"encode", func() { _ = jpeg.Encode(io.Discard, img, &jpeg.Options{Quality: 88}) }},
		{"thumbnail", func() { scan.Fit(img, scan.ThumbSide) }},
		{"hash", func() { scan.HashOf(thumb) }},
		{"watermark", func() { _, _ = watermark.Draw(body, "26 004 812 7  REVIEWER  2026-11-22 08:15 UTC") }},
		{"redraw", func() { _, _ = scan.Inspector{Timeout: patient}.InspectAs(ctx, scan.Letter, "a.jpg", body) }},
		{"all", func() { _, _ = whole.InspectAs(ctx, scan.Passport, "a.jpg", body) }},
		{"all, no lines there", func() { _, _ = whole.InspectAs(ctx, scan.AnyPaper, "a.jpg", bare) }},
	} {
		b.Run(stage.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				stage.run()
			}
		})
	}
}
