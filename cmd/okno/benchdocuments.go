package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"okno/review/scan"
	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
	"okno/review/scan/poppler"
	"okno/review/scan/walk"
)

// documentTruth is what truth.json says about a file: the lines as printed, and whether
// they must be read, may be read or are not there.
type documentTruth struct {
	File     string   `json:"file"`
	MRZ      []string `json:"mrz"`
	ChecksOK *bool    `json:"mrz_checks_ok"`
	Expect   struct {
		MRZ string `json:"mrz"`
	} `json:"expect"`
}

// documentResult is one file of the measurement.
type documentResult struct {
	File       string            `json:"file"`
	Verdict    string            `json:"verdict"` // read, unreadable, none, error
	Error      string            `json:"error,omitempty"`
	Format     string            `json:"format,omitempty"`
	Lines      []string          `json:"lines,omitempty"`
	Checks     []ocrb.CheckDigit `json:"check_digits,omitempty"`
	Confidence float64           `json:"confidence"`
	Repaired   int               `json:"repaired,omitempty"`
	Turn       int               `json:"turn"`
	Millis     float64           `json:"ms"`        // reading the lines
	CPU        float64           `json:"cpu_ms"`    // processor time of reading, all cores
	Prepare    float64           `json:"decode_ms"` // decoding and orienting
	Work       int               `json:"work"`
	Class      string            `json:"class,omitempty"` // must, may, none
	Exact      *bool             `json:"exact,omitempty"`
	Wrong      bool              `json:"wrong_accepted,omitempty"`
}

// classTotals counts the files of one class.
type classTotals struct {
	Files    int `json:"files"`
	Exact    int `json:"exact"`
	Accepted int `json:"accepted"`
	Wrong    int `json:"wrong_accepted"`
}

// documentTotals sums a measurement up.
type documentTotals struct {
	Files         int                     `json:"files"`
	Errors        int                     `json:"errors"`
	Read          int                     `json:"read"`
	Unreadable    int                     `json:"unreadable"`
	None          int                     `json:"none"`
	WithTruth     int                     `json:"with_truth"`
	Exact         int                     `json:"exact"`
	ExactAccepted int                     `json:"exact_accepted"`
	WrongAccepted int                     `json:"wrong_accepted"`
	ChecksValid   int                     `json:"all_check_digits_valid"`
	Classes       map[string]*classTotals `json:"classes,omitempty"`
	MedianMillis  float64                 `json:"median_ms"`
	P95Millis     float64                 `json:"p95_ms"`
	WorstMillis   float64                 `json:"worst_ms"`
	MedianCPU     float64                 `json:"median_cpu_ms"`
	P95CPU        float64                 `json:"p95_cpu_ms"`
	WorstCPU      float64                 `json:"worst_cpu_ms"`
}

// benchDocuments reads a folder of pictures and scans.
func (p program) benchDocuments(ctx context.Context, args []string) error {
	f := p.flags("bench documents")
	out := f.String("json", "", "write all results and the totals to this file")
	truthFile := f.String("truth", "", "the truth; DIR/truth.json unless given")
	var dir string
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		dir, args = args[0], args[1:]
	}
	if err := f.Parse(args); err != nil {
		return err
	}
	if dir == "" {
		dir = f.Arg(0)
	}
	if dir == "" {
		return errors.New("usage: okno bench documents DIR [-json FILE] [-truth FILE]")
	}
	if *truthFile == "" {
		*truthFile = filepath.Join(dir, "truth.json")
	}
	truth, err := readTruth(*truthFile)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	reader := ocrb.New()
	reader.Read(ctx, image.NewGray(image.Rect(0, 0, 64, 64))) // unpack the weights outside the measurement
	var results []documentResult
	for _, e := range entries {
		if !e.Type().IsRegular() || !documentName(e.Name()) || ctx.Err() != nil {
			continue
		}
		r := readDocument(ctx, reader, filepath.Join(dir, e.Name()))
		r.File = e.Name()
		if t, ok := truth[e.Name()]; ok {
			r.compare(t)
		}
		r.print(p)
		results = append(results, r)
	}
	totals := totalsOf(results)
	body, err := json.MarshalIndent(totals, "", " ")
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s\n", body)
	if *out == "" {
		return ctx.Err()
	}
	body, err = json.MarshalIndent(map[string]any{"totals": totals, "items": results}, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(*out, append(body, '\n'), 0o644)
}

func documentName(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg", ".pdf", ".png":
		return true
	}
	return false
}

// readTruth reads the truth by file name; without a file there is none. It may be a list
// or an object with the list under "items".
func readTruth(name string) (map[string]documentTruth, error) {
	body, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var wrapped struct{ Items []documentTruth }
	if json.Unmarshal(body, &wrapped) != nil || wrapped.Items == nil {
		if err := json.Unmarshal(body, &wrapped.Items); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	truth := map[string]documentTruth{}
	for _, t := range wrapped.Items {
		truth[t.File] = t
	}
	return truth, nil
}

// readDocument reads one file; the best page of a PDF counts. A file that cannot be read
// is a result, too.
func readDocument(ctx context.Context, reader *ocrb.Reader, name string) (r documentResult) {
	defer func() {
		if recover() != nil {
			r = documentResult{Verdict: "error", Error: "a decoder gave up"}
		}
	}()
	start := time.Now()
	pages, err := documentPages(ctx, name)
	r.Prepare = millis(time.Since(start))
	if err != nil {
		r.Verdict, r.Error = "error", err.Error()
		return r
	}
	for i, page := range pages {
		start, used := time.Now(), processorTime()
		reading := reader.Read(ctx, page)
		r.Millis, r.CPU = max(r.Millis, millis(time.Since(start))), max(r.CPU, millis(processorTime()-used))
		if i == 0 || better(reading, r) {
			r.Verdict, r.Format, r.Lines, r.Checks = string(reading.Verdict), string(reading.Format), reading.Lines, reading.CheckDigits
			r.Confidence, r.Repaired, r.Turn, r.Work = reading.Confidence, reading.Repaired, reading.Turn, reading.Work
		}
	}
	return r
}

func better(reading ocrb.Reading, r documentResult) bool {
	rank := map[string]int{string(ocrb.Read): 2, string(ocrb.Unreadable): 1}
	return rank[string(reading.Verdict)] > rank[r.Verdict]
}

// processorTime is what this process has used; on a busy machine it says more than a
// clock.
func processorTime() time.Duration {
	var use syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &use) != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func millis(d time.Duration) float64 {
	return float64(d.Round(10*time.Microsecond)) / float64(time.Millisecond)
}

// documentPages decodes a photograph or the pages of a PDF, upright as their marks say.
func documentPages(ctx context.Context, name string) ([]image.Image, error) {
	body, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	switch scan.Sniff(body) {
	case "pdf":
	case "png":
		img, err := png.Decode(bytes.NewReader(body))
		return []image.Image{img}, err
	default:
		img, err := documentPhoto(body, 0)
		return []image.Image{img}, err
	}
	doc, err := pdfdoc.Reader{}.Read(ctx, body)
	if err != nil {
		return nil, err
	}
	var pages []image.Image
	var draw []int
	for i, page := range doc.Pages {
		if page.Scan == nil {
			draw = append(draw, i+1)
			continue
		}
		img, err := documentPhoto(page.Scan, map[int]int{90: 6, 180: 3, 270: 8}[page.Turn])
		if err != nil {
			return nil, err
		}
		pages = append(pages, img)
	}
	if len(draw) == 0 {
		return pages, nil
	}
	drawer, ok := poppler.Find()
	if !ok {
		if len(pages) == 0 {
			return nil, errors.New("the pages are no plain scans and there is no pdftoppm to draw them")
		}
		return pages, nil
	}
	err = drawer.Rasterize(ctx, body, draw, scan.DrawnSide, func(_ int, img image.Image) error {
		pages = append(pages, img)
		return nil
	})
	return pages, err
}

// documentPhoto decodes a JPEG and applies an orientation; 0 asks the picture itself. A
// picture that the desk finds too small is read here all the same.
func documentPhoto(body []byte, orientation int) (image.Image, error) {
	info, err := walk.Walk(body)
	var refused *walk.Refusal
	switch {
	case errors.As(err, &refused) && refused.Code == walk.Resolution:
		info.End = len(body)
	case err != nil:
		return nil, err
	}
	img, err := jpeg.Decode(bytes.NewReader(info.Picture(body)))
	if err != nil {
		return nil, err
	}
	if orientation == 0 {
		orientation = info.Exif.Orientation
	}
	return oriented(img, orientation), nil
}

// oriented applies one of the eight orientations to the brightness of a picture, which is
// all that reading needs.
func oriented(img image.Image, orientation int) image.Image {
	if orientation <= 1 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	gray := image.NewGray(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		gray = image.NewGray(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			c := brightness(img, b.Min.X+x, b.Min.Y+y)
			dx, dy := x, y
			switch orientation {
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			gray.Pix[dy*gray.Stride+dx] = c
		}
	}
	return gray
}

// brightness is the brightness of a pixel.
func brightness(img image.Image, x, y int) uint8 {
	switch m := img.(type) {
	case *image.YCbCr:
		return m.Y[m.YOffset(x, y)]
	case *image.Gray:
		return m.Pix[m.PixOffset(x, y)]
	}
	r, g, b, _ := img.At(x, y).RGBA()
	return uint8((19595*r + 38470*g + 7471*b + 1<<15) >> 24)
}

// compare judges a result by the truth. Without a class a page with lines counts as one
// that must be read.
func (r *documentResult) compare(t documentTruth) {
	r.Class = t.Expect.MRZ
	if r.Class == "" {
		if r.Class = "none"; len(t.MRZ) > 0 {
			r.Class = "must"
		}
	}
	exact := len(t.MRZ) > 0 && slices.Equal(r.Lines, t.MRZ)
	if r.Class == "none" {
		exact = r.Verdict != string(ocrb.Read)
	}
	r.Exact = &exact
	r.Wrong = r.Verdict == string(ocrb.Read) && !exact
}

func (r documentResult) checks() string {
	if len(r.Checks) == 0 {
		return "-"
	}
	var b strings.Builder
	for _, c := range r.Checks {
		if c.OK {
			b.WriteByte('+')
		} else {
			b.WriteByte('!')
		}
	}
	return b.String()
}

func (r documentResult) print(p program) {
	mark := ""
	switch {
	case r.Wrong:
		mark = "  WRONG"
	case r.Exact != nil && *r.Exact:
		mark = "  ok"
	case r.Exact != nil:
		mark = "  not exact"
	}
	fmt.Fprintf(p.stdout, "%-32s %-10s %-6s checks %-5s confidence %6.3f  repaired %d  turn %3d  %7.1f ms  cpu %7.1f ms%s", r.File, r.Verdict, r.Format, r.checks(), r.Confidence, r.Repaired, r.Turn, r.Millis, r.CPU, mark)
	if r.Class != "" {
		fmt.Fprintf(p.stdout, " (%s)", r.Class)
	}
	fmt.Fprintln(p.stdout)
	if r.Error != "" {
		fmt.Fprintf(p.stdout, "    %s\n", r.Error)
	}
	for _, line := range r.Lines {
		fmt.Fprintf(p.stdout, "    %s\n", line)
	}
}

func totalsOf(results []documentResult) documentTotals {
	t := documentTotals{Files: len(results), Classes: map[string]*classTotals{}}
	var all, cpu []float64
	for _, r := range results {
		switch r.Verdict {
		case "error":
			t.Errors++
			continue
		case string(ocrb.Read):
			t.Read++
		case string(ocrb.Unreadable):
			t.Unreadable++
		default:
			t.None++
		}
		all, cpu = append(all, r.Millis), append(cpu, r.CPU)
		if len(r.Checks) > 0 && !strings.Contains(r.checks(), "!") {
			t.ChecksValid++
		}
		if r.Exact == nil {
			continue
		}
		t.WithTruth++
		class := t.Classes[r.Class]
		if class == nil {
			class = &classTotals{}
			t.Classes[r.Class] = class
		}
		class.Files++
		if *r.Exact {
			class.Exact++
			if r.Class != "none" {
				t.Exact++
			}
		}
		if r.Verdict == string(ocrb.Read) {
			class.Accepted++
			if *r.Exact {
				t.ExactAccepted++
			}
		}
		if r.Wrong {
			class.Wrong++
			t.WrongAccepted++
		}
	}
	t.MedianMillis, t.P95Millis, t.WorstMillis = quantile(all, 0.5), quantile(all, 0.95), quantile(all, 1)
	t.MedianCPU, t.P95CPU, t.WorstCPU = quantile(cpu, 0.5), quantile(cpu, 0.95), quantile(cpu, 1)
	return t
}

func quantile(v []float64, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[min(len(v)-1, int(q*float64(len(v))))]
}
