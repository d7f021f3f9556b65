package walk

import (
	"bytes"
	"encoding/binary"
	"strings"
	"time"
)

// Exif is the little we want to know from the camera's notes. None of it survives re-encoding. Where a picture
// was taken is not read: only that the file says so.
type Exif struct {
	Orientation int       // 1..8; 1 when the file says nothing or nonsense, 0 when there is no EXIF
	Software    string    // printable ASCII, at most 64 characters
	Make        string    // likewise
	Model       string    // likewise
	Taken       time.Time // by the camera's clock, without a zone; zero when unknown
	Changed     time.Time // likewise, when the file was last written
	GPS         bool      // a position block is present
}

const (
	maxEntries = 128
	maxText    = 64
)

// readExif reads the first directory of a TIFF block and the camera's directory that it points to: two loops of
// bounded length, no following of further directories, so a directory that points to itself is as harmless as
// random bytes.
func readExif(tiff []byte) Exif {
	e := Exif{Orientation: 1}
	var order binary.ByteOrder
	switch {
	case len(tiff) < 8:
		return e
	case string(tiff[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(tiff[:4]) == "MM\x00*":
		order = binary.BigEndian
	default:
		return e
	}
	camera := uint32(0)
	entries(tiff, order, order.Uint32(tiff[4:]), func(tag uint16, entry []byte) {
		switch tag {
		case 0x0112:
			if v := int(order.Uint16(entry[8:])); order.Uint16(entry[2:]) == 3 && v >= 1 && v <= 8 {
				e.Orientation = v
			}
		case 0x0131:
			e.Software = text(tiff, entry, order)
		case 0x010F:
			e.Make = text(tiff, entry, order)
		case 0x0110:
			e.Model = text(tiff, entry, order)
		case 0x0132:
			e.Changed = moment(text(tiff, entry, order))
		case 0x8769:
			camera = order.Uint32(entry[8:])
		case 0x8825:
			e.GPS = true
		}
	})
	entries(tiff, order, camera, func(tag uint16, entry []byte) {
		if tag == 0x9003 {
			e.Taken = moment(text(tiff, entry, order))
		}
	})
	return e
}

// entries goes through the directory at an offset; an offset inside the header stands for none.
func entries(tiff []byte, order binary.ByteOrder, offset uint32, visit func(tag uint16, entry []byte)) {
	at := int64(offset)
	if at < 8 || at+2 > int64(len(tiff)) {
		return
	}
	count := min(int(order.Uint16(tiff[at:])), maxEntries)
	at += 2
	for range count {
		if at+12 > int64(len(tiff)) {
			return
		}
		entry := tiff[at : at+12]
		at += 12
		visit(order.Uint16(entry), entry)
	}
}

// moment reads a date and time as cameras write it; zero for anything else.
func moment(s string) time.Time {
	at, err := time.Parse("2006:01:02 15:04:05", s)
	if err != nil || at.Year() < 1990 {
		return time.Time{}
	}
	return at
}

func text(tiff, entry []byte, order binary.ByteOrder) string {
	n := int64(order.Uint32(entry[4:]))
	if order.Uint16(entry[2:]) != 2 || n == 0 {
		return ""
	}
	raw := entry[8:12]
	if n > 4 {
		off := int64(order.Uint32(entry[8:]))
		if off >= int64(len(tiff)) {
			return ""
		}
		raw = tiff[off:]
	}
	return printable(raw[:min(n, int64(len(raw)))])
}

func printable(raw []byte) string {
	if i := bytes.IndexByte(raw, 0); i >= 0 {
		raw = raw[:i]
	}
	raw = raw[:min(len(raw), maxText)]
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7E {
			return -1
		}
		return r
	}, string(raw)))
}

// xmpTool takes the CreatorTool out of an XMP packet by its text alone; an XML parser has no business here.
func xmpTool(packet []byte) string {
	_, after, ok := bytes.Cut(packet, []byte("CreatorTool"))
	if !ok {
		return ""
	}
	after = bytes.TrimLeft(after[:min(len(after), 2*maxText)], "=\"'> ")
	if i := bytes.IndexAny(after, "<\"'"); i >= 0 {
		after = after[:i]
	}
	return printable(after)
}

// editors are programs that change what a picture shows. Camera and scanner software is not among them.
var editors = []string{
	"photoshop", "gimp", "lightroom", "paint", "pixelmator", "affinity", "snapseed", "picsart", "canva",
	"photopea", "facetune", "faceapp", "remini", "lensa", "meitu", "fotor", "photoscape", "corel", "krita",
	"pixlr", "illustrator", "inkscape", "polarr", "vsco", "befunky", "photodirector", "luminar", "acdsee",
	"firefly", "midjourney", "stable diffusion", "dall-e",
}

// Edited tells which picture editor a program's name belongs to; empty for none.
func Edited(tool string) string {
	lower := strings.ToLower(tool)
	for _, e := range editors {
		if strings.Contains(lower, e) {
			return e
		}
	}
	return ""
}

// Editor tells which picture editor wrote the file, by its own account; empty for none.
func (i Info) Editor() string {
	for _, tool := range i.Tools {
		if e := Edited(tool); e != "" {
			return e
		}
	}
	return ""
}
