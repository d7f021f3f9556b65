// Package scan takes in scans of documents. Its inspection engine turns uploaded bytes into a verdict and, for
// files that are kept, into page pictures drawn by us:
//
//	raster, _ := poppler.Find() // may be missing: then only photographs and plain scans are accepted
//	inspector := scan.Inspector{PDF: pdfdoc.Reader{}, Rasterizer: raster}
//	report, err := inspector.Inspect(ctx, "passport.jpg", body)
//	if err != nil {
//		// ctx ended while waiting or working: nothing is known about the file
//	}
//	if !report.Verdict.Stored() {
//		// report.Reason tells the applicant why; report.Actual what the file really is
//	}
//
// Whatever the sender put around the picture (position, camera, comments, a second file behind the first) is
// gone from report.Pages. The original bytes are for sealed storage and are never shown.
package scan

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"slices"
	"time"

	"okno/review/scan/walk"
)

const (
	// MaxBytes is the size of the largest file: "5 MB" is read generously, as 5 MiB.
	MaxBytes = 5 * 1024 * 1024
	// MaxPages is the number of pages a PDF may have.
	MaxPages = 20
	// DefaultTimeout is how long one file may be worked on when Inspector.Timeout is zero.
	DefaultTimeout = 5 * time.Second
)

// Workers is how many files are worked on at the same time in this process; further ones wait in the order in
// which they came.
const Workers = 2

// slots are the workers. A slot is given back when the work has really ended, so a file that makes a library
// linger cannot pile up goroutines.
var slots = make(chan struct{}, Workers)

// Inspector judges uploaded files. It holds no state and may be used by many goroutines.
type Inspector struct {
	PDF        PDFReader      // nil refuses every PDF with ReasonNoRasterizer
	Rasterizer Rasterizer     // nil refuses pages that are not plain scans with ReasonNoRasterizer
	Lines      LineReader     // nil: no page has a reading
	Portraits  PortraitFinder // nil: nobody looks for faces
	Texts      TextReader     // nil: no page has suggested texts
	Malware    MalwareScanner // nil: files are not scanned
	// MalwareRequired refuses a file about which the scanner knows nothing with ReasonScanner, so that it can be
	// sent again later. Without it such a file is accepted with a note.
	MalwareRequired bool
	Timeout         time.Duration // per file, waiting for a slot excluded; zero means DefaultTimeout
}

// Inspect judges one file of which nothing is expected. See [Inspector.InspectAs].
func (i Inspector) Inspect(ctx context.Context, name string, body []byte) (Report, error) {
	return i.InspectAs(ctx, AnyPaper, name, body)
}

// InspectAs judges one file. paper says what it should show and with that which readers look at its pages; name
// is the sender's file name, of which only the extension matters. The error is the context's; everything about
// the file itself is in the report. The work may outlive this call by a moment and still read body: nobody may
// write to it any more.
func (i Inspector) InspectAs(ctx context.Context, paper Paper, name string, body []byte) (Report, error) {
	report, format, done := triage(name, body)
	if done {
		return report, nil
	}
	unscanned, done := i.scan(ctx, &report, body)
	if ctx.Err() != nil {
		return Report{}, fmt.Errorf("inspect: %w", ctx.Err())
	}
	if done {
		return report, nil
	}
	select {
	case slots <- struct{}{}:
	case <-ctx.Done():
		return Report{}, fmt.Errorf("wait for inspection: %w", ctx.Err())
	}
	timeout := i.timeout()
	work, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	result := make(chan outcome, 1)
	go func() {
		defer func() { <-slots }()
		result <- i.examine(work, look{paper: paper, until: time.Now().Add(timeout / 2)}, format, body)
	}()
	var out outcome
	select {
	case out = <-result:
	case <-work.Done():
		out.err = work.Err()
	}
	if ctx.Err() != nil {
		return Report{}, fmt.Errorf("inspect: %w", ctx.Err())
	}
	out.notes = append(append(out.notes, wholeNotes(paper, out)...), unscanned...)
	return report.conclude(out), nil
}

func (i Inspector) timeout() time.Duration {
	if i.Timeout > 0 {
		return i.Timeout
	}
	return DefaultTimeout
}

// scan asks the malware scanner. done says that the report is final; notes are for a file that is not refused.
func (i Inspector) scan(ctx context.Context, report *Report, body []byte) (notes []Note, done bool) {
	if i.Malware == nil && !i.MalwareRequired {
		return nil, false
	}
	found, err := false, error(nil)
	if i.Malware != nil {
		found, err = i.Malware.Scan(ctx, body)
	}
	switch {
	case found:
		report.Verdict, report.Reason, report.Detail = Reject, ReasonMalware, "named by the scanner"
		return nil, true
	case i.MalwareRequired && (err != nil || i.Malware == nil):
		report.Verdict, report.Reason, report.Detail = Reject, ReasonScanner, "nothing is known"
		return nil, true
	case err != nil:
		return []Note{{Code: ReasonNotScanned, Level: Attend}}, false
	}
	return nil, false
}

// triage settles what size, name and first bytes can settle.
func triage(name string, body []byte) (report Report, format Format, done bool) {
	report = Report{SHA256: sha256.Sum256(body), Actual: Sniff(body)}
	refuse := func(r Reason, detail string) (Report, Format, bool) {
		report.Verdict, report.Reason, report.Detail = Reject, r, detail
		return report, "", true
	}
	switch {
	case len(body) == 0:
		return refuse(ReasonEmpty, "no bytes")
	case len(body) > MaxBytes:
		return refuse(ReasonTooLarge, fmt.Sprintf("%d bytes", len(body)))
	}
	switch report.Actual {
	case "jpeg":
		report.Format = JPEG
	case "pdf":
		report.Format = PDF
	default:
		return refuse(ReasonTypeMismatch, "content is "+report.Actual)
	}
	if !extensionFits(name, report.Format) {
		return refuse(ReasonTypeMismatch, "name and content differ")
	}
	return report, report.Format, false
}

type outcome struct {
	pages []Page
	notes []Note
	err   error
}

// conclude turns the outcome into the verdict: a refusal rejects, otherwise the gravest note decides.
func (r Report) conclude(out outcome) Report {
	var refusal *Refusal
	var walked *walk.Refusal
	switch {
	case out.err == nil:
	case errors.As(out.err, &refusal):
		r.Verdict, r.Reason, r.Detail = Reject, refusal.Reason, refusal.Detail
	case errors.As(out.err, &walked):
		r.Verdict, r.Reason, r.Detail = Reject, Reason(walked.Code), walked.Detail
	case errors.Is(out.err, context.DeadlineExceeded):
		r.Verdict, r.Reason, r.Detail = Reject, ReasonTimeout, "took too long"
	default:
		r.Verdict, r.Reason, r.Detail = Reject, ReasonDecode, "unreadable"
	}
	if out.err != nil {
		return r
	}
	r.Pages, r.Notes, r.Verdict = out.pages, out.notes, Accept
	r.DHash, r.Quality = out.pages[0].DHash, out.pages[0].Quality
	gravest := Advice
	for _, n := range r.Notes {
		if n.Level > gravest {
			gravest, r.Reason = n.Level, n.Code
		}
	}
	switch gravest {
	case Stripped:
		r.Verdict = AcceptStrip
	case Attend:
		r.Verdict = Review
	}
	return r
}

func (i Inspector) examine(ctx context.Context, l look, format Format, body []byte) (out outcome) {
	defer func() {
		if p := recover(); p != nil {
			// A decoder that trips over a file has refused it. The panic value may quote the file: drop it.
			out = outcome{err: &Refusal{Reason: ReasonDecode, Detail: "decoder gave up"}}
		}
	}()
	if format == PDF {
		return i.examinePDF(ctx, &l, body)
	}
	return i.examineJPEG(ctx, &l, body)
}

func (i Inspector) examineJPEG(ctx context.Context, l *look, body []byte) outcome {
	info, err := walk.Walk(body)
	if err != nil {
		return outcome{err: err}
	}
	page, err := i.photograph(ctx, l, 1, body, info, info.Exif.Orientation)
	if err != nil {
		return outcome{err: err}
	}
	return outcome{pages: []Page{page}, notes: append(pictureNotes(0, info), qualityNotes(l.paper, page)...)}
}

// photograph decodes a walked JPEG and redraws it.
func (i Inspector) photograph(ctx context.Context, l *look, number int, body []byte, info walk.Info, orientation int) (Page, error) {
	img, err := jpeg.Decode(bytes.NewReader(info.Picture(body)))
	if err != nil {
		return Page{}, &Refusal{Reason: ReasonDecode, Detail: "picture data: " + err.Error()}
	}
	page, err := i.redraw(ctx, l, number, img, orientation, false)
	page.Origin = origin(info)
	return page, err
}

func (i Inspector) examinePDF(ctx context.Context, l *look, body []byte) outcome {
	if i.PDF == nil {
		return outcome{err: &Refusal{Reason: ReasonNoRasterizer, Detail: "no PDF reader"}}
	}
	doc, err := i.PDF.Read(ctx, body)
	if err != nil {
		return outcome{err: err}
	}
	if len(doc.Pages) == 0 || len(doc.Pages) > MaxPages {
		return outcome{err: &Refusal{Reason: ReasonPages, Detail: fmt.Sprintf("%d pages", len(doc.Pages))}}
	}
	out := outcome{pages: make([]Page, len(doc.Pages)), notes: slices.Clone(doc.Notes)}
	var draw []int
	for n, p := range doc.Pages {
		if err := ctx.Err(); err != nil {
			return outcome{err: err}
		}
		if p.Scan == nil {
			draw = append(draw, n+1)
			continue
		}
		page, notes, err := i.embedded(ctx, l, n+1, p)
		if err != nil {
			return outcome{err: err}
		}
		out.pages[n] = page
		out.notes = append(out.notes, notes...)
	}
	if len(draw) > 0 {
		if err := i.drawPages(ctx, l, body, draw, out.pages); err != nil {
			return outcome{err: err}
		}
	}
	return out
}

// embedded redraws the photograph that is a whole PDF page. Its own orientation mark counts for nothing in a PDF.
func (i Inspector) embedded(ctx context.Context, l *look, number int, p DocumentPage) (Page, []Note, error) {
	info, err := walk.Walk(p.Scan)
	if err != nil {
		return Page{}, nil, err
	}
	page, err := i.photograph(ctx, l, number, p.Scan, info, orientationOf(p.Turn))
	if err != nil {
		return Page{}, nil, err
	}
	info.Trailing = 0 // padding before endstream is ordinary
	return page, append(pictureNotes(number, info), qualityNotes(l.paper, page)...), nil
}

func (i Inspector) drawPages(ctx context.Context, l *look, body []byte, wanted []int, pages []Page) error {
	if i.Rasterizer == nil {
		return &Refusal{Reason: ReasonNoRasterizer, Detail: "page is not a plain scan"}
	}
	drawn := 0
	err := i.Rasterizer.Rasterize(ctx, body, wanted, DrawnSide, func(n int, img image.Image) error {
		if n < 1 || n > len(pages) {
			return &Refusal{Reason: ReasonDecode, Detail: "unexpected page"}
		}
		page, err := i.redraw(ctx, l, n, img, 1, true)
		if err != nil {
			return err
		}
		pages[n-1] = page
		drawn++
		return nil
	})
	if err != nil {
		return err
	}
	if drawn != len(wanted) {
		return &Refusal{Reason: ReasonDecode, Detail: "pages missing from the drawing"}
	}
	return nil
}
