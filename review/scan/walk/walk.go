// Package walk reads the skeleton of a JPEG file, its markers, without decoding a single pixel.
//
// A picture that claims 30 000 x 30 000 pixels, or that repeats two thousand progressive scans in
// 48 KB, costs a decoder seconds and hundreds of megabytes. Walk sees both in microseconds, so it runs first:
//
//	info, err := walk.Walk(body)
//	var refusal *walk.Refusal
//	if errors.As(err, &refusal) {
//		// refusal.Code says why; nothing has been decoded
//	}
//	img, err := jpeg.Decode(bytes.NewReader(info.Picture(body)))
//
// Everything is bounded: one pass over the bytes, at most 128 directory entries of EXIF, no recursion.
package walk

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Code names the cause of a refusal.
type Code string

// The causes for which Walk refuses a file.
const (
	Decode     Code = "decode"     // not a JPEG a browser could show
	Resolution Code = "resolution" // too small or too thin for a document
	Dimensions Code = "dimensions" // more pixels than any document needs
	Scans      Code = "scans"      // so many passes that decoding is an attack
)

// The limits of a picture.
const (
	MaxPixels = 50_000_000
	MaxSide   = 12_000
	MaxAspect = 8
	MinShort  = 200
	MaxScans  = 64
	// MaxWork bounds pixels times scans: every progressive scan visits the whole picture again.
	MaxWork = 600_000_000
	// MaxDecoded bounds the memory image/jpeg needs for planes and, in progressive files, coefficients.
	MaxDecoded = 384 << 20
)

// Refusal says that the file must not be decoded.
type Refusal struct {
	Code   Code
	Detail string // for engineers; never holds file content
}

// Error implements error.
func (r *Refusal) Error() string { return "jpeg refused (" + string(r.Code) + "): " + r.Detail }

func refuse(code Code, format string, args ...any) error {
	return &Refusal{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Info is what the markers say about a picture.
type Info struct {
	Width, Height int
	Components    int
	Progressive   bool
	Scans         int
	End           int  // offset just behind the end marker, or the file length when it is missing
	MissingEnd    bool // no end-of-image marker
	Trailing      int  // bytes behind the end marker
	Metadata      int  // bytes in EXIF, XMP, IPTC, ICC and comment segments
	Exif          Exif
	Tools         []string // programs named by EXIF or XMP as authors of the file
}

// Picture returns the bytes of the first image only, closed by an end marker. It copies nothing unless the
// marker is missing.
func (i Info) Picture(body []byte) []byte {
	if !i.MissingEnd {
		return body[:i.End]
	}
	return append(bytes.Clone(body[:i.End]), 0xFF, 0xD9)
}

// Walk reads the markers of a JPEG. The error is always a *Refusal; Info holds what was learnt until then.
func Walk(body []byte) (Info, error) {
	w := walker{body: body}
	err := w.run()
	return w.info, err
}

type walker struct {
	body  []byte
	info  Info
	frame bool
}

func (w *walker) run() error {
	if len(w.body) < 4 || w.body[0] != 0xFF || w.body[1] != 0xD8 {
		return refuse(Decode, "no start marker")
	}
	w.info.End = len(w.body)
	at := 2
	for {
		marker, next, ok := w.marker(at)
		if !ok {
			return w.finish(len(w.body), true)
		}
		at = next
		switch {
		case marker == 0xD9:
			return w.finish(at, false)
		case marker == 0xD8:
			return refuse(Decode, "second start marker inside the image")
		case marker == 0x01 || marker >= 0xD0 && marker <= 0xD7:
			continue
		}
		if at+2 > len(w.body) {
			return refuse(Decode, "cut inside a segment header")
		}
		length := int(binary.BigEndian.Uint16(w.body[at:]))
		if length < 2 || at+length > len(w.body) {
			return refuse(Decode, "segment runs past the end")
		}
		payload := w.body[at+2 : at+length]
		at += length
		if err := w.segment(marker, payload); err != nil {
			return err
		}
		if marker == 0xDA {
			at = skipEntropy(w.body, at)
		}
	}
}

// marker finds the next marker at or after at. Garbage between segments is skipped, as decoders do.
func (w *walker) marker(at int) (marker byte, next int, ok bool) {
	for at < len(w.body) {
		i := bytes.IndexByte(w.body[at:], 0xFF)
		if i < 0 {
			return 0, 0, false
		}
		at += i
		for at < len(w.body) && w.body[at] == 0xFF {
			at++
		}
		if at < len(w.body) && w.body[at] != 0 {
			return w.body[at], at + 1, true
		}
	}
	return 0, 0, false
}

// skipEntropy returns the offset of the first real marker behind entropy-coded data.
func skipEntropy(body []byte, at int) int {
	for at < len(body) {
		i := bytes.IndexByte(body[at:], 0xFF)
		if i < 0 || at+i+1 >= len(body) {
			return len(body)
		}
		at += i
		switch m := body[at+1]; {
		case m == 0 || m >= 0xD0 && m <= 0xD7:
			at += 2
		case m == 0xFF:
			at++
		default:
			return at
		}
	}
	return at
}

func (w *walker) segment(marker byte, payload []byte) error {
	switch {
	case marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC:
		return w.startFrame(marker, payload)
	case marker == 0xCC:
		return refuse(Decode, "arithmetic coding")
	case marker == 0xC8 || marker >= 0xDC && marker <= 0xDF && marker != 0xDD:
		return refuse(Decode, "hierarchical or extended file")
	case marker == 0xDA:
		if !w.frame {
			return refuse(Decode, "scan before frame")
		}
		w.info.Scans++
		if w.info.Scans > MaxScans {
			return refuse(Scans, "more than %d scans", MaxScans)
		}
		if w.info.Progressive && w.info.Scans*w.info.Width*w.info.Height > MaxWork {
			return refuse(Scans, "%d scans of %d x %d", w.info.Scans, w.info.Width, w.info.Height)
		}
	case marker == 0xE1:
		w.info.Metadata += len(payload)
		w.applicationData(payload)
	case marker == 0xE0 && (bytes.HasPrefix(payload, []byte("JFIF\x00")) || bytes.HasPrefix(payload, []byte("JFXX\x00"))):
		if len(payload) > 14 {
			w.info.Metadata += len(payload) - 14 // an embedded thumbnail
		}
	case marker == 0xEE && bytes.HasPrefix(payload, []byte("Adobe")) && len(payload) <= 14:
		// colour transform, needed for decoding
	case marker >= 0xE0 && marker <= 0xEF, marker == 0xFE:
		w.info.Metadata += len(payload)
		if marker == 0xEC && bytes.HasPrefix(payload, []byte("Ducky")) {
			w.tool("Adobe Photoshop") // "save for web" leaves this mark
		}
	}
	return nil
}

func (w *walker) applicationData(payload []byte) {
	switch {
	case bytes.HasPrefix(payload, []byte("Exif\x00")) && len(payload) > 6:
		e := readExif(payload[6:])
		if w.info.Exif.Orientation == 0 {
			w.info.Exif = e
		}
		w.tool(e.Software)
	case bytes.HasPrefix(payload, []byte("http://ns.adobe.com/xap/1.0/\x00")):
		w.tool(xmpTool(payload))
	}
}

// tool notes a program that had its hands on the file.
func (w *walker) tool(name string) {
	if name != "" && len(w.info.Tools) < 8 {
		w.info.Tools = append(w.info.Tools, name)
	}
}

func (w *walker) startFrame(marker byte, p []byte) error {
	if w.frame {
		return refuse(Decode, "second frame")
	}
	w.frame = true
	switch marker {
	case 0xC0, 0xC1:
	case 0xC2:
		w.info.Progressive = true
	case 0xC3, 0xC7, 0xCB, 0xCF:
		return refuse(Decode, "lossless coding")
	case 0xC5, 0xC6:
		return refuse(Decode, "hierarchical coding")
	default:
		return refuse(Decode, "arithmetic coding")
	}
	if len(p) < 6 {
		return refuse(Decode, "short frame header")
	}
	if p[0] != 8 {
		return refuse(Decode, "precision %d bit", p[0])
	}
	w.info.Height = int(binary.BigEndian.Uint16(p[1:]))
	w.info.Width = int(binary.BigEndian.Uint16(p[3:]))
	w.info.Components = int(p[5])
	if n := w.info.Components; n != 1 && n != 3 && n != 4 || len(p) < 6+3*n {
		return refuse(Decode, "%d components", n)
	}
	return w.dimensions(p[6:])
}

func (w *walker) dimensions(components []byte) error {
	width, height := w.info.Width, w.info.Height
	long, short := max(width, height), min(width, height)
	switch {
	case short == 0:
		return refuse(Decode, "zero dimension")
	case long > MaxSide && long <= MaxAspect*short, width*height > MaxPixels:
		return refuse(Dimensions, "%d x %d pixels", width, height)
	case short < MinShort, long > MaxAspect*short:
		return refuse(Resolution, "%d x %d pixels", width, height)
	}
	maxH, maxV := 1, 1
	for i := range w.info.Components {
		h, v := int(components[3*i+1]>>4), int(components[3*i+1]&15)
		if h < 1 || h > 4 || v < 1 || v > 4 {
			return refuse(Decode, "sampling factor")
		}
		maxH, maxV = max(maxH, h), max(maxV, v)
	}
	mcusX, mcusY := (width+8*maxH-1)/(8*maxH), (height+8*maxV-1)/(8*maxV)
	bytesNeeded := 0
	for i := range w.info.Components {
		h, v := int(components[3*i+1]>>4), int(components[3*i+1]&15)
		samples := 64 * mcusX * h * mcusY * v
		bytesNeeded += samples
		if w.info.Progressive {
			bytesNeeded += 4 * samples
		}
	}
	if w.info.Components == 4 {
		bytesNeeded += 4 * width * height
	}
	if bytesNeeded > MaxDecoded {
		return refuse(Dimensions, "%d x %d pixels need %d MB", width, height, bytesNeeded>>20)
	}
	return nil
}

func (w *walker) finish(end int, missing bool) error {
	w.info.End, w.info.MissingEnd = end, missing
	w.info.Trailing = len(w.body) - end
	if !w.frame || w.info.Scans == 0 {
		return refuse(Decode, "no picture data")
	}
	return nil
}
