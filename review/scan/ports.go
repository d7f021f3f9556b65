package scan

import (
	"context"
	"image"

	"okno/review/scan/ocrb"
)

// PDFReader opens a PDF far enough to judge it and to take out pages that are nothing but one photograph.
//
// Read returns a *Refusal when the file must not be accepted, the context's error when time ran out, and
// never panics. It neither writes to disk nor opens connections.
type PDFReader interface {
	Read(ctx context.Context, body []byte) (Document, error)
}

// Document is what a PDFReader found.
type Document struct {
	Pages []DocumentPage // 1 to 20
	Notes []Note
}

// DocumentPage is one page of a PDF.
type DocumentPage struct {
	// Scan is the JPEG that fills the page; nil when the page has to be drawn by a Rasterizer.
	Scan []byte
	// Turn is how far the scan has to be turned clockwise to stand as the page shows it: 0, 90, 180 or 270.
	Turn int
}

// Rasterizer draws PDF pages in a place where a hostile file can do no harm.
//
// Rasterize calls yield once per wanted page, in ascending order, with pictures whose long side is longSide.
// It returns a *Refusal when the file cannot be drawn within its limits, yield's error, or the context's.
type Rasterizer interface {
	Rasterize(ctx context.Context, pdf []byte, pages []int, longSide int, yield func(page int, img image.Image) error) error
}

// LineReader reads the machine-readable lines of a page, whichever way up it is. It ends early when ctx ends.
type LineReader interface {
	Read(ctx context.Context, img image.Image) ocrb.Reading
}

// PortraitFinder tells whether a face is on a page. turn says by how much the
// picture has to be turned clockwise to stand upright: 0, 90, 180 or 270, or
// [UnknownTurn] when nobody knows. The box is in the picture as given.
type PortraitFinder interface {
	Find(ctx context.Context, img image.Image, turn int) Portrait
}

// UnknownTurn says that it is not known how a page stands.
const UnknownTurn = -1

// TextReader reads the print of a page as suggestions. It returns the context's
// error, or one that says that the program behind it failed; nothing depends on
// its answer.
type TextReader interface {
	Texts(ctx context.Context, paper Paper, img image.Image) ([]Text, error)
}

// MalwareScanner asks a scanner about a file. Found is true when the scanner
// names something; the error means that nothing is known about the file.
type MalwareScanner interface {
	Scan(ctx context.Context, body []byte) (found bool, err error)
}
