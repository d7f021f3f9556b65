package scan

import (
	"context"
	"image"
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
