package pdfdoc_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review/scan"
	"okno/review/scan/pdfdoc"
)

// build writes objects 1, 2, 3 … with a correct table; object 1 is the catalogue.
func build(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// updated appends an object to a file, as programs do that save without writing everything anew.
func updated(body []byte, number int, object string) []byte {
	before := bytes.LastIndex(body, []byte("\nxref\n")) + 1
	b := bytes.NewBuffer(bytes.Clone(body))
	at := b.Len()
	fmt.Fprintf(b, "%d 0 obj\n%s\nendobj\n", number, object)
	table := b.Len()
	fmt.Fprintf(b, "xref\n%d 1\n%010d 00000 n \ntrailer\n<< /Size %d /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n", number, at, max(number+1, 6), before, table)
	return b.Bytes()
}

// packed is a document whose object 6 waits in a compressed object stream, which only a stream of references names.
func packed(t *testing.T, object string) []byte {
	t.Helper()
	body := onePage(t, upright, "", "/Extra 6 0 R")
	b := bytes.NewBuffer(body)
	at := b.Len()
	inside := deflated([]byte("6 0 " + object))
	fmt.Fprintf(b, "7 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n", len(inside), inside)
	table := b.Len()
	row := func(kind byte, second uint32, third byte) []byte {
		return []byte{kind, byte(second >> 24), byte(second >> 16), byte(second >> 8), byte(second), third}
	}
	rows := append(append(row(2, 7, 0), row(1, uint32(at), 0)...), row(1, uint32(table), 0)...)
	fmt.Fprintf(b, "8 0 obj\n<< /Type /XRef /Size 9 /Root 1 0 R /Prev %d /W [1 4 1] /Index [6 3] /Length %d >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		bytes.LastIndex(body, []byte("\nxref\n"))+1, len(rows), rows, table)
	return b.Bytes()
}

func stream(dict string, data []byte) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

func photo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewYCbCr(image.Rect(0, 0, 600, 400), image.YCbCrSubsampleRatio420), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// onePage is a document with one page: its content, extra entries of page and catalogue, further objects from 6 on.
// Object 5 is a photograph called Im1.
func onePage(t testing.TB, content, page, catalogue string, more ...string) []byte {
	t.Helper()
	if !strings.Contains(page, "/Resources") {
		page += " /Resources << /XObject << /Im1 5 0 R >> >>"
	}
	return build(append([]string{
		"<< /Type /Catalog /Pages 2 0 R " + catalogue + " >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Contents 4 0 R " + page + " >>",
		stream("", []byte(content)),
		stream("/Type /XObject /Subtype /Image /Width 600 /Height 400 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode", photo(t)),
	}, more...)...)
}

const upright = "q 600 0 0 400 0 0 cm /Im1 Do Q"

func TestPlainScans(t *testing.T) {
	for name, c := range map[string]struct {
		content, page string
		scan          bool
		turn          int
	}{
		"upright":          {upright, "", true, 0},
		"two steps":        {"q 0.5 0 0 0.5 0 0 cm 1200 0 0 800 0 0 cm /Im1 Do Q", "", true, 0},
		"page turned":      {upright, "/Rotate 90", true, 90},
		"page turned back": {upright, "/Rotate -90", true, 270},
		"half turn":        {"q -600 0 0 -400 600 400 cm /Im1 Do Q", "", true, 180},
		"quarter turn":     {"q 0 -400 600 0 0 400 cm /Im1 Do Q", "", true, 90},
		"both turned":      {"q 0 -400 600 0 0 400 cm /Im1 Do Q", "/Rotate 270", true, 0},
		"mirrored":         {"q -600 0 0 400 600 0 cm /Im1 Do Q", "", false, 0},
		"slanted":          {"q 600 90 0 400 0 0 cm /Im1 Do Q", "", false, 0},
		"invisible text":   {upright + " BT 3 Tr /F1 9 Tf 9 9 Td (SPECIMEN \\) x) Tj [(A) -20 (B)] TJ ET", "", true, 0},
		"visible text":     {upright + " BT /F1 9 Tf 9 9 Td (SPECIMEN) Tj ET", "", false, 0},
		"text shown again": {upright + " q BT 3 Tr ET Q BT (SPECIMEN) Tj ET", "", false, 0},
		"painted over":     {upright + " 1 g 0 0 300 300 re f", "", false, 0},
		"shown twice":      {upright + " " + upright, "", false, 0},
		"inline picture":   {upright + " BI /W 1 /H 1 ID x EI", "", false, 0},
		"state changed":    {"/GS0 gs " + upright, "", false, 0},
		"harmless state":   {"/GS1 gs " + upright, "/Resources << /XObject << /Im1 5 0 R >> /ExtGState << /GS1 << /ca 1 /SMask /None /BM /Normal >> >> >>", true, 0},
		"half transparent": {"/GS1 gs " + upright, "/Resources << /XObject << /Im1 5 0 R >> /ExtGState << /GS1 << /ca 0.5 >> >> >>", false, 0},
		"unknown name":     {"q 600 0 0 400 0 0 cm /Im2 Do Q", "", false, 0},
		"annotation":       {upright, "/Annots [<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] >>]", false, 0},
		"empty":            {"", "", false, 0},
		"broken":           {upright + " ) ", "", false, 0},
	} {
		doc, err := pdfdoc.Reader{}.Read(context.Background(), onePage(t, c.content, c.page, ""))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		p := doc.Pages[0]
		if (p.Scan != nil) != c.scan || c.scan && p.Turn != c.turn {
			t.Errorf("%s: scan %v turn %d, want %v %d", name, p.Scan != nil, p.Turn, c.scan, c.turn)
		}
		if p.Scan != nil {
			if _, err := jpeg.Decode(bytes.NewReader(p.Scan)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	spaces := func(n int) []byte { return deflated(bytes.Repeat([]byte(" "), n)) }
	bomb := spaces(65 << 20)
	many := slices.Repeat([]string{stream("/Filter [/ASCIIHexDecode /FlateDecode]", []byte(hex.EncodeToString(spaces(1<<10))+">"))}, 129)
	hexBomb := []byte(hex.EncodeToString(spaces(17<<20)) + ">")
	for name, c := range map[string]struct {
		body []byte
		want scan.Reason
	}{
		"not at byte 0":       {append([]byte("\n"), onePage(t, upright, "", "")...), scan.ReasonTypeMismatch},
		"additional action":   {onePage(t, upright, "/AA << /O << /S /JavaScript /JS (1) >> >>", ""), scan.ReasonActiveContent},
		"chained action":      {onePage(t, upright, "", "/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next [<< /S /Launch /F (x) >>] >>"), scan.ReasonActiveContent},
		"other document":      {onePage(t, upright, "", "/OpenAction << /S /GoToR /F (x) /D (y) >>"), scan.ReasonActiveContent},
		"orphan action":       {onePage(t, upright, "", "", "<< /S /ImportData /F (x) >>"), scan.ReasonActiveContent},
		"attachment note":     {onePage(t, upright, "/Annots [<< /Type /Annot /Subtype /FileAttachment /Rect [0 0 9 9] /FS (x) >>]", ""), scan.ReasonActiveContent},
		"film":                {onePage(t, upright, "/Annots [<< /Type /Annot /Subtype /Movie /Rect [0 0 9 9] >>]", ""), scan.ReasonActiveContent},
		"escaped XFA":         {onePage(t, upright, "", "/AcroForm << /#58F#41 (x) /Fields [] >>"), scan.ReasonActiveContent},
		"kids of attachments": {onePage(t, upright, "", "/Names << /EmbeddedFiles << /Kids [6 0 R] >> >>", "<< /Names [(a) 7 0 R] >>", "<< /Type /Filespec /F (a) >>"), scan.ReasonActiveContent},
		"huge unit":           {onePage(t, upright, "/UserUnit 1000", ""), scan.ReasonDimensions},
		"huge crop":           {onePage(t, upright, "/CropBox [0 0 90000 10]", ""), scan.ReasonDimensions},
		"huge picture":        {onePage(t, upright, "", "", stream("/Type /XObject /Subtype /Image /Width 20000 /Height 20000 /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode", spaces(9))), scan.ReasonDimensions},
		"bomb in content":     {onePage(t, upright, "", "", stream("/Filter /FlateDecode", bomb)), scan.ReasonBomb},
		"bomb with escapes":   {onePage(t, upright, "", "", stream("/Filter /Fl#61teDecode /N 1 /F#69rst 9 /Subtype /Image /Width 1 /Height 1", bomb)), scan.ReasonBomb},
		"bomb as picture":     {onePage(t, upright, "", "", stream("/Subtype /Image /Width 1 /Height 1 /X (endobj) /First 1 /Filter /FlateDecode", bomb)), scan.ReasonBomb},
		"many small bombs":    {onePage(t, upright, "", "", many...), scan.ReasonBomb},
		"bomb behind hex":     {build("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 400] /Resources << >> /Contents 4 0 R >>", stream("/Filter [/ASCIIHexDecode /FlateDecode]", hexBomb)), scan.ReasonBomb},
		"five million [":      {onePage(t, upright, "", "/X "+strings.Repeat("[", 5_000_000)), scan.ReasonDecode},
		"dictionaries":        {onePage(t, upright, "", "/X "+strings.Repeat("<</A", 1_000_000)), scan.ReasonDecode},
		"added by an update":  {updated(onePage(t, upright, "", ""), 1, "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (1) >> >>"), scan.ReasonActiveContent},
		"escaped and added":   {updated(onePage(t, upright, "", ""), 1, "<< /Type /Catalog /Pages 2 0 R /Open#41ction << /#53 /L#61unch /F (x) >> >>"), scan.ReasonActiveContent},
		"hidden by an update": {updated(onePage(t, upright, "", "/OpenAction << /S /JavaScript /JS (1) >>"), 1, "<< /Type /Catalog /Pages 2 0 R >>"), scan.ReasonActiveContent},
		"escaped and hidden":  {updated(onePage(t, upright, "", "/OpenAction << /S/#4Aava#53cript /JS (1) >>"), 1, "<< /Type /Catalog /Pages 2 0 R >>"), scan.ReasonActiveContent},
		"in an object stream": {packed(t, "<< /S /JavaScript /JS (1) >>"), scan.ReasonActiveContent},
		"escaped in a stream": {packed(t, "<< /#53 /#4Aava#53cript /#4A#53 (1) >>"), scan.ReasonActiveContent},
		"header only":         {[]byte("%PDF-1.7\n"), scan.ReasonDecode},
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := time.Now()
		_, err := pdfdoc.Reader{}.Read(context.Background(), c.body)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		var refusal *scan.Refusal
		if !errors.As(err, &refusal) || refusal.Reason != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
		t.Logf("%-24s %v", name, took.Round(time.Millisecond))
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 400<<20 {
			t.Errorf("%s took %d MB", name, grown>>20)
		}
	}
}

func TestNotes(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		want scan.Reason // empty: no note
	}{
		"plain":             {onePage(t, upright, "", ""), ""},
		"opens on a page":   {onePage(t, upright, "", "/OpenAction [3 0 R /Fit]"), ""},
		"plain update":      {updated(onePage(t, upright, "", ""), 1, "<< /Type /Catalog /Pages 2 0 R /Lang (ru) >>"), ""},
		"plain packed":      {packed(t, "<< /S /GoTo /D [3 0 R /Fit] >>"), ""},
		"empty scripts":     {onePage(t, upright, "", "/Names << /JavaScript << >> >>"), ""},
		"empty attachments": {onePage(t, upright, "", "/Names << /EmbeddedFiles << /Names [] >> >>"), ""},
		"link":              {onePage(t, upright, "/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://127.0.0.1/) >> >>]", ""), scan.ReasonLink},
		"form":              {onePage(t, upright, "/Annots [6 0 R]", "/AcroForm << /Fields [6 0 R] >>", "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /Rect [0 0 9 9] /DA (/Helv 0 Tf) >>"), scan.ReasonForm},
		"bytes behind":      {append(onePage(t, upright, "", ""), "more"...), scan.ReasonTrailingData},
		"zeros behind":      {append(onePage(t, upright, "", ""), "\r\n\x00\x00"...), ""},
		"startxref wrong":   {bytes.Replace(onePage(t, upright, "", ""), []byte("startxref\n"), []byte("startxref\n9"), 1), scan.ReasonRepaired},
		"markup in comment": {bytes.Replace(onePage(t, upright, "", ""), []byte("%\xE2\xE3\xCF\xD3"), []byte("%<HTML>"), 1), scan.ReasonPolyglot},
	} {
		doc, err := pdfdoc.Reader{}.Read(context.Background(), c.body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.want == "" && len(doc.Notes) > 0 || c.want != "" && (len(doc.Notes) == 0 || doc.Notes[0].Code != c.want) {
			t.Errorf("%s: %v, want %q", name, doc.Notes, c.want)
		}
	}
}

func TestStopsWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (pdfdoc.Reader{}).Read(ctx, onePage(t, upright, "", "")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// The library must leave no folder behind: not in the home folder and not among the temporary files.
func TestWritesNothing(t *testing.T) {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "TMPDIR"} {
		t.Setenv(name, home)
	}
	if _, err := (pdfdoc.Reader{}).Read(context.Background(), onePage(t, upright, "", "")); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(home)
	if err != nil || len(entries) != 0 {
		t.Errorf("%v %v", entries, err)
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "badfiles", "*.pdf"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(body) < 20_000 {
			f.Add(body)
		}
	}
	f.Add(onePage(f, upright, "", ""))
	f.Fuzz(func(t *testing.T, body []byte) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		doc, err := pdfdoc.Reader{}.Read(ctx, body)
		if ctx.Err() != nil {
			t.Fatal("too slow")
		}
		var refusal *scan.Refusal
		if err != nil && (!errors.As(err, &refusal) || refusal.Reason == "") {
			t.Fatalf("error without a reason: %v", err)
		}
		if err == nil && (len(doc.Pages) < 1 || len(doc.Pages) > scan.MaxPages) {
			t.Fatalf("%d pages", len(doc.Pages))
		}
	})
}
