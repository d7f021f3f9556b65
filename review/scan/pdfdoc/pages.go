package pdfdoc

import (
	"bytes"
	"context"
	"errors"
	"math"

	"okno/review/scan"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// readPages measures every page and finds the photographs among them.
func readPages(ctx context.Context, pdf *model.Context) ([]scan.DocumentPage, error) {
	pages := make([]scan.DocumentPage, 0, pdf.PageCount)
	total := 0
	for n := 1; n <= pdf.PageCount; n++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, _, inherited, err := pdf.PageDict(n, false)
		if err != nil || d == nil || inherited == nil {
			return nil, refuse(scan.ReasonDecode, "page %d", n)
		}
		if err := measure(d, pdf, inherited); err != nil {
			return nil, err
		}
		content, err := pageContent(pdf, d)
		if err != nil {
			return nil, err
		}
		if total += len(content); total > maxAllContent {
			return nil, refuse(scan.ReasonBomb, "page contents")
		}
		p := scan.DocumentPage{}
		if placed, ok := solePicture(content); ok && !annotated(pdf, d) {
			if raw, ok := photograph(pdf, d, inherited, placed); ok {
				p.Scan = raw
				p.Turn = (placed.turn + turn(inherited.Rotate)) % 360
			}
		}
		pages = append(pages, p)
	}
	return pages, nil
}

func turn(rotate int) int { return ((rotate % 360) + 360) % 360 }

func measure(d types.Dict, pdf *model.Context, inherited *model.InheritedPageAttrs) error {
	for _, box := range []*types.Rectangle{inherited.MediaBox, inherited.CropBox} {
		if box != nil && !sane(box.Width(), box.Height()) {
			return refuse(scan.ReasonDimensions, "page of %.0f x %.0f pt", box.Width(), box.Height())
		}
	}
	if inherited.MediaBox == nil {
		return refuse(scan.ReasonDecode, "page without size")
	}
	unit, ok := d.Find("UserUnit")
	if !ok {
		return nil
	}
	scale, err := pdf.DereferenceNumber(unit)
	if err != nil || !sane(inherited.MediaBox.Width()*scale, inherited.MediaBox.Height()*scale) {
		return refuse(scan.ReasonDimensions, "page unit")
	}
	return nil
}

func sane(w, h float64) bool {
	w, h = math.Abs(w), math.Abs(h)
	return w >= 1 && h >= 1 && w <= maxPageSide && h <= maxPageSide
}

// pageContent joins the content streams of a page, inflated within the limit.
func pageContent(pdf *model.Context, d types.Dict) ([]byte, error) {
	o, ok := d.Find("Contents")
	if !ok {
		return nil, nil
	}
	resolved, err := pdf.Dereference(o)
	if err != nil {
		return nil, refuse(scan.ReasonDecode, "page content")
	}
	parts := types.Array{o}
	if a, ok := resolved.(types.Array); ok {
		parts = a
	}
	if len(parts) > 10_000 {
		return nil, refuse(scan.ReasonBomb, "page content in %d parts", len(parts))
	}
	var all []byte
	for _, part := range parts {
		s, _, err := pdf.DereferenceStreamDict(part)
		if err != nil {
			return nil, refuse(scan.ReasonDecode, "page content")
		}
		if s == nil {
			continue
		}
		if err := s.DecodeWithLimit(maxContent); err != nil {
			if errors.Is(err, filter.ErrDecodeLimitExceeded) {
				return nil, refuse(scan.ReasonBomb, "page content")
			}
			// Damaged content is drawn as far as it goes; it just does not pass for a plain scan.
			all = append(all, " damaged "...)
			continue
		}
		all = append(append(all, s.Content...), '\n')
		s.Content = nil
		if len(all) > maxContent {
			return nil, refuse(scan.ReasonBomb, "page content")
		}
	}
	return all, nil
}

func annotated(pdf *model.Context, d types.Dict) bool {
	o, ok := d.Find("Annots")
	if !ok {
		return false
	}
	a, err := pdf.DereferenceArray(o)
	return err != nil || len(a) > 0
}

// photograph returns the JPEG behind a resource name when showing it needs nothing but decoding it.
func photograph(pdf *model.Context, d types.Dict, inherited *model.InheritedPageAttrs, placed placement) ([]byte, bool) {
	resources := inherited.Resources
	if o, ok := d.Find("Resources"); ok {
		if own, err := pdf.DereferenceDict(o); err == nil && own != nil {
			resources = own
		}
	}
	for _, state := range placed.states {
		o, ok := resource(pdf, resources, "ExtGState", state)
		if !ok || !plainState(pdf, o) {
			return nil, false
		}
	}
	o, ok := resource(pdf, resources, "XObject", placed.name)
	if !ok {
		return nil, false
	}
	s, _, err := pdf.DereferenceStreamDict(o)
	if err != nil || s == nil || !plainJPEG(pdf, s) {
		return nil, false
	}
	raw := bytes.TrimLeft(s.Raw, "\r\n")
	return raw, bytes.HasPrefix(raw, []byte("\xFF\xD8\xFF"))
}

func resource(pdf *model.Context, resources types.Dict, kind, name string) (types.Object, bool) {
	o, ok := resources.Find(kind)
	if !ok {
		return nil, false
	}
	d, err := pdf.DereferenceDict(o)
	if err != nil || d == nil {
		return nil, false
	}
	return d.Find(name)
}

// plainState tells whether a graphics state leaves the picture as it is.
func plainState(pdf *model.Context, o types.Object) bool {
	d, err := pdf.DereferenceDict(o)
	if err != nil {
		return false
	}
	for key, value := range d {
		value, err := pdf.Dereference(value)
		if err != nil {
			return false
		}
		name, _ := value.(types.Name)
		switch decoded(key) {
		case "Type", "LW", "LC", "LJ", "ML", "D", "RI", "Font", "FL", "SM", "SA", "AIS", "TK", "CA", "OP", "op", "OPM":
		case "SMask":
			if name != "None" {
				return false
			}
		case "BM":
			if name != "Normal" && name != "Compatible" {
				return false
			}
		case "ca":
			if n, err := pdf.DereferenceNumber(value); err != nil || n != 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func plainJPEG(pdf *model.Context, s *types.StreamDict) bool {
	if sub := s.Subtype(); sub == nil || *sub != "Image" {
		return false
	}
	if len(s.FilterPipeline) != 1 || s.FilterPipeline[0].Name != "DCTDecode" {
		return false
	}
	for _, key := range []string{"SMask", "Mask", "Decode", "ImageMask", "SMaskInData", "OC", "Alternates"} {
		if _, has := s.Find(key); has {
			return false
		}
	}
	o, ok := s.Find("ColorSpace")
	if !ok {
		return false
	}
	o, err := pdf.Dereference(o)
	if err != nil {
		return false
	}
	if a, ok := o.(types.Array); ok && len(a) > 0 {
		if o, err = pdf.Dereference(a[0]); err != nil {
			return false
		}
		if n, ok := o.(types.Name); ok && n == "ICCBased" && len(a) == 2 {
			profile, _, err := pdf.DereferenceStreamDict(a[1])
			if err != nil || profile == nil {
				return false
			}
			components := profile.IntEntry("N")
			return components != nil && (*components == 1 || *components == 3)
		}
	}
	n, ok := o.(types.Name)
	return ok && (n == "DeviceRGB" || n == "DeviceGray" || n == "CalRGB" || n == "CalGray")
}
