// Package pdfdoc judges PDF files with pdfcpu and takes out pages that are nothing but one photograph.
//
//	inspector := scan.Inspector{PDF: pdfdoc.Reader{}}
//
// The order matters. Raw bytes come first: compressed streams are inflated into nothing, within a budget, so a
// bomb is known before a library meets it. Then pdfcpu reads the structure (relaxed, repairing), every object
// of the table is looked at, also those hidden in compressed object streams, then the structure is validated,
// then pages are counted and measured. Nothing here renders, writes a file or opens a connection.
package pdfdoc

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"okno/review/scan"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

const (
	maxPageSide   = 14_400 // points, the largest page PDF readers agree on
	maxImageArea  = 50_000_000
	maxDepth      = 100
	maxObjects    = 200_000
	maxDecoded    = 8 << 20  // of one structural stream
	maxContent    = 16 << 20 // of the content of one page
	maxAllContent = 64 << 20 // of the content of all pages
)

// Reader implements scan.PDFReader. The zero value is ready.
type Reader struct{}

var _ scan.PDFReader = Reader{}

// pdfcpu would otherwise create a folder with a configuration and fonts in the home of the user.
var withoutConfig = sync.OnceFunc(func() { api.DisableConfigDir() })

func refuse(r scan.Reason, format string, args ...any) error {
	return &scan.Refusal{Reason: r, Detail: fmt.Sprintf(format, args...)}
}

// Read implements scan.PDFReader.
func (Reader) Read(ctx context.Context, body []byte) (doc scan.Document, err error) {
	defer func() {
		if p := recover(); p != nil {
			doc, err = scan.Document{}, refuse(scan.ReasonDecode, "pdf library gave up")
		}
	}()
	if !bytes.HasPrefix(body, []byte("%PDF-")) {
		return scan.Document{}, refuse(scan.ReasonTypeMismatch, "no header at byte 0")
	}
	if err := defuse(ctx, body); err != nil {
		return scan.Document{}, err
	}
	pdf, err := open(ctx, body)
	if err != nil {
		return scan.Document{}, err
	}
	v := visitor{pdf: pdf, ctx: ctx}
	if err := v.visit(); err != nil {
		return scan.Document{}, err
	}
	if err := leftovers(body); err != nil {
		return scan.Document{}, err
	}
	if err := countPages(pdf); err != nil {
		return scan.Document{}, err
	}
	if err := api.ValidateContext(pdf); err != nil {
		return scan.Document{}, broken(err, "structure")
	}
	doc.Notes = append(wrapping(body), v.notes()...)
	doc.Pages, err = readPages(ctx, pdf)
	return doc, err
}

func open(ctx context.Context, body []byte) (*model.Context, error) {
	withoutConfig()
	conf := model.NewDefaultConfiguration()
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.ValidateLinks = false
	conf.DecodeAllStreams = false
	conf.Limits = model.ResourceLimits{
		MaxStreamBytes:       scan.MaxBytes,
		MaxDecodeBytes:       maxDecoded,
		MaxImagePixels:       maxImageArea,
		MaxImageBytes:        4 * maxImageArea,
		MaxObjectCount:       maxObjects,
		MaxObjectStreamCount: maxObjects,
		MaxObjectStreamFirst: 4 << 20,
		MaxXRefEntries:       maxObjects,
		MaxRecursionDepth:    maxDepth,
	}
	pdf, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(body), conf)
	switch {
	case err == nil:
		return pdf, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, pdfcpu.ErrWrongPassword), errors.Is(err, pdfcpu.ErrUnsupportedEncryptionFeature):
		return nil, refuse(scan.ReasonEncrypted, "needs a password")
	}
	return nil, broken(err, "cross references or objects")
}

// broken tells a stream that inflates without end from ordinary damage. The error's text may quote the file, so
// it goes no further.
func broken(err error, where string) error {
	if errors.Is(err, filter.ErrDecodeLimitExceeded) {
		return refuse(scan.ReasonBomb, "%s", where)
	}
	return refuse(scan.ReasonDecode, "%s", where)
}

// countPages runs before validation, so that a file without pages is told from a broken one.
func countPages(pdf *model.Context) error {
	if err := pdf.EnsurePageCount(); err != nil {
		return refuse(scan.ReasonDecode, "page tree")
	}
	if n := pdf.PageCount; n < 1 || n > scan.MaxPages {
		return refuse(scan.ReasonPages, "%d pages", n)
	}
	return nil
}

// wrapping looks at what surrounds the document: a second format, bytes behind the end, a table that had to be
// repaired. The gravest comes first, for the first note names the report.
func wrapping(body []byte) []scan.Note {
	var notes []scan.Note
	note := func(r scan.Reason) { notes = append(notes, scan.Note{Code: r, Level: scan.Attend}) }
	if markedUp(body) {
		note(scan.ReasonPolyglot)
	}
	if end := bytes.LastIndex(body, []byte("%%EOF")); end < 0 || len(bytes.Trim(body[end+5:], "\x00 \t\r\n\f\x1a")) > 0 {
		note(scan.ReasonTrailingData)
	}
	if unpackable(body) {
		note(scan.ReasonPolyglot)
	}
	if !tableInPlace(body) {
		note(scan.ReasonRepaired)
	}
	return notes
}

// tableInPlace checks that the last startxref points at a table or at an object.
func tableInPlace(body []byte) bool {
	i := bytes.LastIndex(body, []byte("startxref"))
	if i < 0 {
		return false
	}
	tail := bytes.TrimLeft(body[i+len("startxref"):], " \t\r\n")
	offset, digits := 0, 0
	for digits < len(tail) && digits < 9 && tail[digits] >= '0' && tail[digits] <= '9' {
		offset = offset*10 + int(tail[digits]-'0')
		digits++
	}
	if digits == 0 || offset >= len(body) {
		return false
	}
	at := bytes.TrimLeft(body[offset:min(len(body), offset+64)], " \t\r\n")
	if bytes.HasPrefix(at, []byte("xref")) {
		return true
	}
	fields := strings.Fields(string(at))
	return len(fields) >= 3 && digitsOnly(fields[0]) && digitsOnly(fields[1]) && strings.HasPrefix(fields[2], "obj")
}

func digitsOnly(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// markedUp finds markup where browsers sniff for it.
func markedUp(body []byte) bool {
	head := strings.ToLower(string(body[:min(len(body), 1024)]))
	for _, tag := range []string{"<!doctype html", "<html", "<script", "<svg", "<iframe", "<body"} {
		if strings.Contains(head, tag) {
			return true
		}
	}
	return false
}

// unpackable finds a ZIP directory where unpackers look for it.
func unpackable(body []byte) bool {
	tail := body[max(0, len(body)-(1<<16)-22):]
	return bytes.Contains(tail, []byte("PK\x05\x06")) && bytes.Contains(body, []byte("PK\x01\x02"))
}
