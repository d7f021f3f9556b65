package walk_test

import (
	"encoding/binary"
	"testing"
	"time"

	"okno/review/scan/walk"
)

// block builds a TIFF block by hand: a directory of entries at 8, whatever is needed behind it.
type block struct {
	order binary.AppendByteOrder
	body  []byte
}

func newBlock(order binary.AppendByteOrder, magic string) *block {
	return &block{order, order.AppendUint32([]byte(magic), 8)}
}

func (b *block) directory(entries ...[4]uint32) *block {
	b.body = b.order.AppendUint16(b.body, uint16(len(entries)))
	for _, e := range entries {
		b.body = b.order.AppendUint16(b.body, uint16(e[0]))
		b.body = b.order.AppendUint16(b.body, uint16(e[1]))
		b.body = b.order.AppendUint32(b.body, e[2])
		b.body = b.order.AppendUint32(b.body, e[3])
	}
	b.body = b.order.AppendUint32(b.body, 0)
	return b
}

func (b *block) text(s string) *block { b.body = append(b.body, s...); return b }

func TestCameraNotes(t *testing.T) {
	good := picture(t, 640, 480)
	const stamp = "2026:03:01 10:20:30\x00"
	taken := time.Date(2026, 3, 1, 10, 20, 30, 0, time.UTC)
	little := func() *block { return newBlock(binary.LittleEndian, "II*\x00") }
	for name, c := range map[string]struct {
		block *block
		want  walk.Exif
	}{
		// The first directory ends at 8+2+3*12+4 = 50, the camera's at 50+2+12+4 = 68.
		"all": {little().directory([4]uint32{0x0110, 2, 9, 68}, [4]uint32{0x0132, 2, 20, 77}, [4]uint32{0x8769, 4, 1, 50}).
			directory([4]uint32{0x9003, 2, 20, 77}).text("OBRAZETS\x00" + stamp), walk.Exif{Orientation: 1, Model: "OBRAZETS", Taken: taken, Changed: taken}},
		"to itself":  {little().directory([4]uint32{0x8769, 4, 1, 8}), walk.Exif{Orientation: 1}},
		"far away":   {little().directory([4]uint32{0x8769, 4, 1, 1 << 31}), walk.Exif{Orientation: 1}},
		"header":     {little().directory([4]uint32{0x8769, 4, 1, 3}), walk.Exif{Orientation: 1}},
		"no date":    {little().directory([4]uint32{0x0132, 2, 20, 26}).text("0000:00:00 00:00:00\x00"), walk.Exif{Orientation: 1}},
		"short date": {little().directory([4]uint32{0x0132, 2, 20, 26}).text("2026"), walk.Exif{Orientation: 1}},
		"number":     {little().directory([4]uint32{0x0132, 4, 1, 2026}), walk.Exif{Orientation: 1}},
	} {
		info, err := walk.Walk(with(good, 0xE1, "Exif\x00\x00"+string(c.block.body)))
		if err != nil {
			t.Fatal(name, err)
		}
		if info.Exif != c.want {
			t.Errorf("%s: got %+v, want %+v", name, info.Exif, c.want)
		}
	}
}

func TestEditors(t *testing.T) {
	good := picture(t, 640, 480)
	xmp := "http://ns.adobe.com/xap/1.0/\x00"
	for name, c := range map[string]struct {
		marker  byte
		payload string
		want    string
	}{
		"save for web": {0xEC, "Ducky\x00\x01\x00\x04", "photoshop"},
		"other APP12":  {0xEC, "AGFA", ""},
		"XMP":          {0xE1, xmp + `<x xmp:CreatorTool="GIMP 2.10"/>`, "gimp"},
		"camera XMP":   {0xE1, xmp + `<x xmp:CreatorTool="Pixel 9"/>`, ""},
		"comment":      {0xFE, "Photoshop", ""},
	} {
		info, err := walk.Walk(with(good, c.marker, c.payload))
		if err != nil || info.Editor() != c.want {
			t.Errorf("%s: %q %v", name, info.Editor(), err)
		}
	}
}

// FuzzExif gives the reader of the camera's notes any bytes: it ends, and what it
// says stays within its promises.
func FuzzExif(f *testing.F) {
	good := picture(f, 640, 480)
	f.Add(newBlock(binary.LittleEndian, "II*\x00").directory([4]uint32{0x0110, 2, 9, 44}, [4]uint32{0x8769, 4, 1, 8}).text("OBRAZETS\x00").body)
	f.Add(newBlock(binary.BigEndian, "MM\x00*").directory([4]uint32{0x0112, 3, 1, 6 << 16}, [4]uint32{0x8825, 4, 1, 8}).body)
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) == 0 || len(body) > 60_000 { // nothing is no block
			return
		}
		info, err := walk.Walk(with(good, 0xE1, "Exif\x00\x00"+string(body)))
		if err != nil {
			t.Fatalf("the notes decide about the file: %v", err)
		}
		e := info.Exif
		if e.Orientation < 1 || e.Orientation > 8 || len(e.Software) > 64 || len(e.Make) > 64 || len(e.Model) > 64 {
			t.Errorf("%+v", e)
		}
		for _, s := range []string{e.Software, e.Make, e.Model} {
			for _, r := range s {
				if r < 0x20 || r > 0x7E {
					t.Errorf("%q", s)
				}
			}
		}
		if !e.Taken.IsZero() && e.Taken.Year() < 1990 || e.Taken.Year() > 9999 {
			t.Errorf("taken %v", e.Taken)
		}
	})
}
