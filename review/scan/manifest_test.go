package scan_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
	"time"

	"okno/review/scan"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/poppler"
	"okno/review/scan/walk"
)

// patient is the time a file gets in tests: a loaded machine under the race
// detector is many times slower, and a verdict must not depend on that.
const patient = time.Minute

func inspector(t testing.TB) scan.Inspector {
	t.Helper()
	raster, ok := poppler.Find()
	if !ok {
		t.Fatal("pdftoppm is missing: install poppler-utils (make test does)")
	}
	return scan.Inspector{PDF: pdfdoc.Reader{}, Rasterizer: raster, Timeout: patient}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// TestManifest runs every bad file of a folder and compares verdict and reason with its manifest. Set
// OKNO_BADFILES to judge another folder of the same form.
func TestManifest(t *testing.T) {
	dir := filepath.Join("testdata", "badfiles")
	if other := os.Getenv("OKNO_BADFILES"); other != "" {
		dir = other
	}
	var manifest struct {
		Items []struct{ File, Verdict, Reason string }
	}
	if err := json.Unmarshal(read(t, filepath.Join(dir, "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	if len(manifest.Items) == 0 {
		t.Fatal("empty manifest")
	}
	in := inspector(t)
	for _, item := range manifest.Items {
		t.Run(item.File, func(t *testing.T) {
			body := read(t, filepath.Join(dir, item.File))
			start := time.Now()
			report, err := in.Inspect(context.Background(), item.File, body)
			took := time.Since(start)
			if err != nil {
				t.Fatal(err)
			}
			if string(report.Verdict) != item.Verdict || item.Reason != "" && string(report.Reason) != item.Reason {
				t.Errorf("got %s %q (%s) in %v, want %s %q; notes %v", report.Verdict, report.Reason, report.Detail,
					took, item.Verdict, item.Reason, report.Notes)
			}
			if sha256.Sum256(body) != report.SHA256 { // it is what will be stored
				t.Error("the inspection has written to the file")
			}
			if report.Verdict.Stored() {
				checkPages(t, report)
			} else if len(report.Pages) != 0 {
				t.Error("a rejected file must not have pages")
			}
		})
	}
}

// checkPages demands that what people see is our own plain JPEG within the promised size.
func checkPages(t *testing.T, report scan.Report) {
	t.Helper()
	if len(report.Pages) == 0 {
		t.Fatal("accepted without pages")
	}
	for i, p := range report.Pages {
		if p.Number != i+1 {
			t.Errorf("page %d has number %d", i+1, p.Number)
		}
		for name, picture := range map[string][]byte{"page": p.JPEG, "thumbnail": p.Thumb} {
			limit := scan.LongSide
			if name == "thumbnail" {
				limit = scan.ThumbSide
			}
			config, err := jpeg.DecodeConfig(bytes.NewReader(picture))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if config.Width > limit || config.Height > limit {
				t.Errorf("%s is %d x %d", name, config.Width, config.Height)
			}
			if name == "page" && (config.Width != p.Width || config.Height != p.Height) {
				t.Errorf("page says %d x %d, is %d x %d", p.Width, p.Height, config.Width, config.Height)
			}
		}
		info, err := walk.Walk(p.JPEG)
		if err != nil || info.Metadata != 0 || info.Trailing != 0 || info.MissingEnd || len(info.Tools) != 0 || info.Exif.GPS {
			t.Errorf("page is not plain: %+v %v", info, err)
		}
	}
}

// TestSpecimens accepts every honest document; OKNO_SPECIMENS names a folder with more of them.
func TestSpecimens(t *testing.T) {
	dir := filepath.Join("testdata", "specimens")
	if other := os.Getenv("OKNO_SPECIMENS"); other != "" {
		dir = other
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	in, n := inspector(t), 0
	for _, e := range entries {
		ext := filepath.Ext(e.Name())
		if ext != ".jpg" && ext != ".pdf" {
			continue
		}
		n++
		start := time.Now()
		report, err := in.Inspect(context.Background(), e.Name(), read(t, filepath.Join(dir, e.Name())))
		if err != nil || !report.Verdict.Stored() {
			t.Errorf("%s: %s %s %s %v", e.Name(), report.Verdict, report.Reason, report.Detail, err)
			continue
		}
		checkPages(t, report)
		q := report.Quality
		t.Logf("%-24s %-12s %-16s EW %.2f CT %.2f dark %3.0f light %3.0f sat %.2f chroma %5.1f %v %v", e.Name(), report.Verdict,
			report.Reason, q.EdgeWidth, q.Crete, q.Dark, q.Light, q.Saturated, q.Chroma, report.Notes, time.Since(start).Round(time.Millisecond))
	}
	if n == 0 {
		t.Fatal("no specimens")
	}
}
