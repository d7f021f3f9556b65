package scan_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/review/scan"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/walk"

	"golang.org/x/image/draw"
)

func bad(t testing.TB, name string) []byte {
	return read(t, filepath.Join("testdata", "badfiles", name))
}

func inspect(t testing.TB, in scan.Inspector, name string, body []byte) scan.Report {
	t.Helper()
	report, err := in.Inspect(context.Background(), name, body)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return report
}

func TestWithoutRasterizer(t *testing.T) {
	in := scan.Inspector{PDF: pdfdoc.Reader{}, Timeout: patient}
	for name, want := range map[string]scan.Reason{"plain_ok.pdf": scan.ReasonNoRasterizer, "uri_link.pdf": scan.ReasonNoRasterizer,
		"scan_ok.pdf": "", "launch.pdf": scan.ReasonActiveContent, "progressive.jpg": ""} {
		report := inspect(t, in, name, bad(t, name))
		if report.Reason != want || report.Verdict.Stored() != (want == "") {
			t.Errorf("%s: %s %s", name, report.Verdict, report.Reason)
		}
	}
	if report := inspect(t, scan.Inspector{Timeout: patient}, "scan_ok.pdf", bad(t, "scan_ok.pdf")); report.Reason != scan.ReasonNoRasterizer {
		t.Errorf("without a reader: %s", report.Reason)
	}
}

func TestNamesAndContentAgree(t *testing.T) {
	photo, doc := bad(t, "restart.jpg"), bad(t, "scan_ok.pdf")
	in := scan.Inspector{PDF: pdfdoc.Reader{}, Timeout: patient}
	for _, c := range []struct {
		name string
		body []byte
		fits bool
	}{
		{"a.jpg", photo, true}, {"A.JPG", photo, true}, {"a.jpeg", photo, true}, {"a.jpe", photo, true}, {"a.JFIF", photo, true},
		{"", photo, true}, {"photo", photo, true}, {"photo.", photo, true}, {"паспорт.Jpeg", photo, true}, {"a.pdf.jpg", photo, true},
		{`C:\my.files\photo`, photo, true}, {"../../etc/photo.jpg", photo, true},
		{"a.pdf", photo, false}, {"a.png", photo, false}, {"a.jpg.exe", photo, false}, {"a.jpg\u202Efdp.exe", photo, false},
		{"a.pdf", doc, true}, {"a.PDF", doc, true}, {"doc", doc, true}, {"a.jpg", doc, false}, {"a.txt", doc, false},
	} {
		report := inspect(t, in, c.name, c.body)
		if report.Verdict.Stored() != c.fits || !c.fits && report.Reason != scan.ReasonTypeMismatch {
			t.Errorf("%q: %s %s, want fits %v", c.name, report.Verdict, report.Reason, c.fits)
		}
	}
}

func TestSniff(t *testing.T) {
	for content, want := range map[string]string{
		"": "unknown", "\xFF\xD8\xFF\xE0": "jpeg", "%PDF-1.4": "pdf", "\n%PDF-1.4": "text", "\x89PNG\r\n\x1a\n": "png",
		"GIF89a": "gif", "RIFF\x00\x00\x00\x00WEBPVP8 ": "webp", "II*\x00": "tiff", "MM\x00*": "tiff",
		"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic": "heic", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic": "heic",
		"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00miafMiHB": "heic", "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1": "avif",
		"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00mp41": "unknown", "PK\x03\x04": "zip", "MZ\x90\x00": "exe", "\x7fELF": "exe",
		"<svg xmlns='x'>": "svg", "<?xml version='1.0'?>\n<svg>": "svg", "\xEF\xBB\xBF <!DOCTYPE html>": "html", "<script>": "html",
		"plain words": "text", "просто слова": "text", "\x00\x01\x02": "unknown", "\xFF\xFE\x00": "unknown",
	} {
		if got := scan.Sniff([]byte(content)); got != want {
			t.Errorf("%q: %s, want %s", content, got, want)
		}
	}
	report := inspect(t, scan.Inspector{Timeout: patient}, "IMG_0001.HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"))
	if report.Reason != scan.ReasonTypeMismatch || report.Actual != "heic" {
		t.Errorf("HEIC: %s %s", report.Reason, report.Actual)
	}
}

// quadrants is a picture whose corners are red, green, blue and white, clockwise from the top left.
func quadrants(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill := func(r image.Rectangle, c color.RGBA) { draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src) }
	fill(image.Rect(0, 0, w/2, h/2), color.RGBA{255, 0, 0, 255})
	fill(image.Rect(w/2, 0, w, h/2), color.RGBA{0, 255, 0, 255})
	fill(image.Rect(w/2, h/2, w, h), color.RGBA{0, 0, 255, 255})
	fill(image.Rect(0, h/2, w/2, h), color.RGBA{255, 255, 255, 255})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tagged adds an EXIF block with an orientation and a position.
func tagged(body []byte, orientation uint16) []byte {
	block := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02\x01\x12\x00\x03\x00\x00\x00\x01")
	block = binary.BigEndian.AppendUint16(block, orientation)
	block = append(block, "\x00\x00\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00"...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(block)+2))
	return bytes.Join([][]byte{body[:2], segment, block, body[2:]}, nil)
}

func corners(t testing.TB, body []byte) string {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	var out strings.Builder
	for _, p := range []image.Point{{b.Dx() / 8, b.Dy() / 8}, {b.Dx() * 7 / 8, b.Dy() / 8}, {b.Dx() * 7 / 8, b.Dy() * 7 / 8}, {b.Dx() / 8, b.Dy() * 7 / 8}} {
		r, g, bl, _ := img.At(p.X, p.Y).RGBA()
		switch {
		case r > 0xC000 && g > 0xC000:
			out.WriteByte('W')
		case r > 0xC000:
			out.WriteByte('R')
		case g > 0xC000:
			out.WriteByte('G')
		case bl > 0xC000:
			out.WriteByte('B')
		default:
			out.WriteByte('?')
		}
	}
	return out.String()
}

func TestOrientationIsAppliedAndForgotten(t *testing.T) {
	plain := quadrants(t, 640, 420)
	for orientation, want := range map[uint16]string{1: "RGBW", 2: "GRWB", 3: "BWRG", 4: "WBGR", 5: "RWBG", 6: "WRGB", 7: "BGRW", 8: "GBWR", 0: "RGBW", 9: "RGBW"} {
		report := inspect(t, scan.Inspector{Timeout: patient}, "a.jpg", tagged(plain, orientation))
		if len(report.Pages) != 1 {
			t.Fatalf("%d: %s %s", orientation, report.Verdict, report.Detail)
		}
		page := report.Pages[0]
		if got := corners(t, page.JPEG); got != want {
			t.Errorf("orientation %d: %s, want %s", orientation, got, want)
		}
		if got := corners(t, page.Thumb); got != want {
			t.Errorf("thumbnail %d: %s, want %s", orientation, got, want)
		}
		if turned := orientation >= 5 && orientation <= 8; turned != (page.Width < page.Height) {
			t.Errorf("orientation %d: %d x %d", orientation, page.Width, page.Height)
		}
		if !slices.ContainsFunc(report.Notes, func(n scan.Note) bool { return n.Code == scan.ReasonGPS }) {
			t.Errorf("orientation %d: no note about the position", orientation)
		}
		checkPages(t, report)
	}
}

func TestTurnedPDFPage(t *testing.T) {
	var pdf bytes.Buffer
	photo := quadrants(t, 640, 420)
	pdf.WriteString("%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" +
		"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 640 420]/Rotate 90/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>\nendobj\n" +
		"4 0 obj\n<</Length 29>>\nstream\nq 640 0 0 420 0 0 cm /I Do Q \nendstream\nendobj\n5 0 obj\n<</Subtype/Image/Width 640/Height 420/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length ")
	pdf.WriteString(strconv.Itoa(len(photo)) + ">>\nstream\n")
	pdf.Write(photo)
	pdf.WriteString("\nendstream\nendobj\ntrailer\n<</Size 6/Root 1 0 R>>\nstartxref\n0\n%%EOF\n")
	for name, in := range map[string]scan.Inspector{"unpacked": {PDF: pdfdoc.Reader{}, Timeout: patient}, "drawn": {PDF: drawn{pdfdoc.Reader{}}, Rasterizer: inspector(t).Rasterizer, Timeout: patient}} {
		report := inspect(t, in, "a.pdf", pdf.Bytes())
		if len(report.Pages) != 1 {
			t.Fatalf("%s: %s %s %s", name, report.Verdict, report.Reason, report.Detail)
		}
		if got := corners(t, report.Pages[0].JPEG); got != "WRGB" {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// drawn hides the photographs that its reader finds, so that every page has to be drawn.
type drawn struct{ scan.PDFReader }

func (d drawn) Read(ctx context.Context, body []byte) (scan.Document, error) {
	doc, err := d.PDFReader.Read(ctx, body)
	for i := range doc.Pages {
		doc.Pages[i].Scan = nil
	}
	return doc, err
}

func TestLargePicturesAreReduced(t *testing.T) {
	for _, size := range []image.Point{{4900, 650}, {601, 2401}, {2400, 600}} {
		report := inspect(t, scan.Inspector{Timeout: time.Minute}, "a.jpg", quadrants(t, size.X, size.Y))
		if len(report.Pages) != 1 {
			t.Fatalf("%v: %s %s", size, report.Reason, report.Detail)
		}
		p := report.Pages[0]
		if max(p.Width, p.Height) != scan.LongSide && max(p.Width, p.Height) != min(scan.LongSide, max(size.X, size.Y)) {
			t.Errorf("%v became %d x %d", size, p.Width, p.Height)
		}
		if got := corners(t, p.JPEG); got != "RGBW" {
			t.Errorf("%v: %s", size, got)
		}
		if p.Quality.Width != size.X || p.Quality.Height != size.Y {
			t.Errorf("%v measured as %d x %d", size, p.Quality.Width, p.Quality.Height)
		}
		checkPages(t, report)
	}
}

func TestNothingAroundThePictureSurvives(t *testing.T) {
	for _, name := range []string{"exif_gps_software.jpg", "comment_script.jpg", "polyglot_html.jpg", "polyglot_zip.jpg", "two_images.jpg", "size_5mib_exact.jpg"} {
		body := bad(t, name)
		report := inspect(t, scan.Inspector{Timeout: patient}, name, body)
		if !report.Verdict.Stored() {
			t.Fatalf("%s: %s", name, report.Reason)
		}
		checkPages(t, report)
		for _, secret := range []string{"Exif", "Photoshop", "script", "PK\x03\x04", "SPECIMEN"} {
			if bytes.Contains(report.Pages[0].JPEG, []byte(secret)) || bytes.Contains(report.Pages[0].Thumb, []byte(secret)) {
				t.Errorf("%s: %q survived", name, secret)
			}
		}
	}
	source, err := walk.Walk(bad(t, "exif_gps_software.jpg"))
	if err != nil || source.Exif.Orientation != 6 {
		t.Fatalf("%+v %v", source.Exif, err)
	}
	page := inspect(t, scan.Inspector{Timeout: patient}, "a.jpg", bad(t, "exif_gps_software.jpg")).Pages[0]
	if page.Width != source.Height || page.Height != source.Width {
		t.Errorf("%d x %d from %d x %d", page.Width, page.Height, source.Width, source.Height)
	}
}

func TestHashes(t *testing.T) {
	original := read(t, filepath.Join("testdata", "specimens", "s001_passport.jpg"))
	img, err := jpeg.Decode(bytes.NewReader(original))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx()*7/10, img.Bounds().Dy()*7/10))
	draw.CatmullRom.Scale(small, small.Rect, img, img.Bounds(), draw.Src, nil)
	var again bytes.Buffer
	if err := jpeg.Encode(&again, small, &jpeg.Options{Quality: 55}); err != nil {
		t.Fatal(err)
	}
	first, resaved := inspect(t, scan.Inspector{Timeout: patient}, "a.jpg", original), inspect(t, scan.Inspector{Timeout: patient}, "a.jpg", again.Bytes())
	other := inspect(t, scan.Inspector{Timeout: patient}, "a.jpg", read(t, filepath.Join("testdata", "specimens", "s048_migration-card.jpg")))
	if d := first.DHash.Distance(resaved.DHash); d > 40 {
		t.Errorf("saved again: %d bits", d)
	}
	if d := first.DHash.Distance(other.DHash); d < 55 {
		t.Errorf("another page: %d bits", d)
	}
	if first.SHA256 == resaved.SHA256 || first.SHA256 == [32]byte{} || len(first.DHash.String()) != 64 {
		t.Error("hashes of the file")
	}
}

// waiting is a rasterizer that does nothing until it is told to stop.
type waiting struct{}

func (waiting) Rasterize(ctx context.Context, _ []byte, _ []int, _ int, _ func(int, image.Image) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// panicking is a reader that trips over every file.
type panicking struct{}

func (panicking) Read(context.Context, []byte) (scan.Document, error) { panic("tripped") }

func TestTimeIsBounded(t *testing.T) {
	body := bad(t, "plain_ok.pdf")
	in := scan.Inspector{PDF: pdfdoc.Reader{}, Rasterizer: waiting{}, Timeout: 200 * time.Millisecond}
	for range 2 * runtime.NumCPU() { // slots must come back
		if report := inspect(t, in, "a.pdf", body); report.Reason != scan.ReasonTimeout || report.Verdict != scan.Reject {
			t.Fatalf("%s %s", report.Verdict, report.Reason)
		}
	}
	in.Timeout = time.Minute
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range 2*runtime.NumCPU() + 1 { // more than there are slots: some wait for one
		wg.Go(func() {
			if _, err := in.Inspect(ctx, "a.pdf", body); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	cancel()
	wg.Wait()
	if report := inspect(t, scan.Inspector{PDF: panicking{}, Timeout: patient}, "a.pdf", body); report.Reason != scan.ReasonDecode {
		t.Errorf("panic: %s", report.Reason)
	}
}

func TestManyAtOnce(t *testing.T) {
	in := inspector(t)
	in.Timeout = time.Minute
	names := []string{"scan_ok.pdf", "plain_ok.pdf", "cmyk.jpg", "js_in_object_stream.pdf", "flate_bomb.pdf", "encrypted_owner_only.pdf", "progressive.jpg"}
	bodies := make([][]byte, len(names))
	for i, n := range names {
		bodies[i] = bad(t, n)
	}
	var wg sync.WaitGroup
	for i, n := range names {
		want := inspect(t, in, n, bodies[i])
		for range 4 {
			wg.Go(func() {
				got, err := in.Inspect(context.Background(), n, bodies[i])
				if err != nil || got.Verdict != want.Verdict || got.Reason != want.Reason || len(got.Pages) != len(want.Pages) {
					t.Errorf("%s: %v %s %s", n, err, got.Verdict, got.Reason)
				}
			})
		}
	}
	wg.Wait()
}
