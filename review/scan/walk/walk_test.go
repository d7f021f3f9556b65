package walk_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"okno/review/scan/walk"
)

func picture(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range img.Y {
		img.Y[i] = byte(i)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with inserts a segment right behind the start marker.
func with(body []byte, marker byte, payload string) []byte {
	seg := []byte{0xFF, marker, 0, 0}
	binary.BigEndian.PutUint16(seg[2:], uint16(len(payload)+2))
	return bytes.Join([][]byte{body[:2], seg, []byte(payload), body[2:]}, nil)
}

// frame replaces bytes behind the start-of-frame marker: offset 0 is the precision.
func frame(body []byte, offset int, value ...byte) []byte {
	out := bytes.Clone(body)
	i := bytes.Index(out, []byte{0xFF, 0xC0})
	if i < 0 {
		i = bytes.Index(out, []byte{0xFF, 0xC2})
	}
	copy(out[i+4+offset:], value)
	return out
}

func TestWalk(t *testing.T) {
	good := picture(t, 640, 480)
	scanned := bytes.Index(good, []byte{0xFF, 0xDA})
	sof := bytes.Index(good, []byte{0xFF, 0xC0})
	flood := bytes.Join([][]byte{good[:len(good)-2], bytes.Repeat(good[scanned:scanned+14], 64), good[len(good)-2:]}, nil)
	marker := func(m byte) []byte { b := bytes.Clone(good); b[sof+1] = m; return b }
	for name, c := range map[string]struct {
		body []byte
		want walk.Code // empty: accepted
	}{
		"plain":            {good, ""},
		"empty":            {nil, walk.Decode},
		"two bytes":        {good[:2], walk.Decode},
		"header only":      {good[:scanned], walk.Decode},
		"png":              {[]byte("\x89PNG\r\n\x1a\n0000"), walk.Decode},
		"12 bit":           {frame(good, 0, 12), walk.Decode},
		"zero height":      {frame(good, 1, 0, 0), walk.Decode},
		"two components":   {frame(good, 5, 2), walk.Decode},
		"sampling 5":       {frame(good, 7, 0x55), walk.Decode},
		"lossless":         {marker(0xC3), walk.Decode},
		"arithmetic":       {marker(0xC9), walk.Decode},
		"hierarchical":     {marker(0xC5), walk.Decode},
		"30000 x 30000":    {frame(good, 1, 0x75, 0x30, 0x75, 0x30), walk.Dimensions},
		"13000 x 3000":     {frame(good, 1, 0x0B, 0xB8, 0x32, 0xC8), walk.Dimensions},
		"7100 x 7100":      {frame(good, 1, 0x1B, 0xBC, 0x1B, 0xBC), walk.Dimensions},
		"199 wide":         {frame(good, 1, 0x01, 0xE0, 0x00, 0xC7), walk.Resolution},
		"nine to one":      {frame(good, 1, 0x07, 0x08, 0x00, 0xC8), walk.Resolution},
		"eight to one":     {frame(good, 1, 0x06, 0x40, 0x00, 0xC8), ""},
		"65 scans":         {flood, walk.Scans},
		"13 huge scans":    {frame(bytes.Join([][]byte{bytes.Replace(good[:len(good)-2], []byte{0xFF, 0xC0}, []byte{0xFF, 0xC2}, 1), bytes.Repeat(good[scanned:scanned+14], 12), good[len(good)-2:]}, nil), 1, 0x1A, 0x90, 0x1B, 0x58), walk.Scans},
		"segment past end": {append(bytes.Clone(good[:2]), 0xFF, 0xE1, 0xFF, 0xFF, 1), walk.Decode},
		"second frame":     {bytes.Join([][]byte{good[:scanned], good[sof:]}, nil), walk.Decode},
		"second start":     {bytes.Join([][]byte{good[:scanned], good}, nil), walk.Decode},
	} {
		_, err := walk.Walk(c.body)
		var refusal *walk.Refusal
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want != "" && (!errors.As(err, &refusal) || refusal.Code != c.want):
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func TestWalkReports(t *testing.T) {
	good := picture(t, 640, 480)
	info, err := walk.Walk(append(bytes.Clone(good), "<html>"...))
	if err != nil || info.Trailing != 6 || info.End != len(good) || info.MissingEnd || info.Metadata != 0 {
		t.Errorf("trailing: %+v %v", info, err)
	}
	if !bytes.Equal(info.Picture(append(bytes.Clone(good), "<html>"...)), good) {
		t.Error("Picture keeps trailing bytes")
	}
	info, err = walk.Walk(good[:len(good)-2])
	if err != nil || !info.MissingEnd {
		t.Errorf("missing end: %+v %v", info, err)
	}
	if got := info.Picture(good[:len(good)-2]); !bytes.Equal(got, good) {
		t.Error("Picture does not close the image")
	}
	info, err = walk.Walk(with(good, 0xFE, "a comment"))
	if err != nil || info.Metadata != 9 || info.Width != 640 || info.Height != 480 || info.Components != 3 || info.Scans != 1 {
		t.Errorf("comment: %+v %v", info, err)
	}
	info, _ = walk.Walk(with(good, 0xE1, "http://ns.adobe.com/xap/1.0/\x00<x xmp:CreatorTool=\"GIMP 2.10\">"))
	if info.Editor() != "gimp" {
		t.Errorf("editor %q of %q", info.Editor(), info.Tools)
	}
}

func tiff(order binary.AppendByteOrder, head string, entries ...[4]uint32) string {
	b := []byte(head)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, uint16(len(entries)))
	for _, e := range entries {
		b = order.AppendUint16(b, uint16(e[0]))
		b = order.AppendUint16(b, uint16(e[1]))
		b = order.AppendUint32(b, e[2])
		if e[1] == 3 {
			b = order.AppendUint16(b, uint16(e[3]))
			b = order.AppendUint16(b, 0)
		} else {
			b = order.AppendUint32(b, e[3])
		}
	}
	return string(order.AppendUint32(b, 8))
}

func TestExif(t *testing.T) {
	good := picture(t, 640, 480)
	little := tiff(binary.LittleEndian, "II*\x00", [4]uint32{0x0112, 3, 1, 6}, [4]uint32{0x0131, 2, 12, 62}, [4]uint32{0x8825, 4, 1, 8}, [4]uint32{0x010F, 2, 3, 0x004F4B}) + "Snapseed 2.0"
	for name, c := range map[string]struct {
		block string
		want  walk.Exif
	}{
		"little":          {little, walk.Exif{Orientation: 6, Software: "Snapseed 2.0", Make: "KO", GPS: true}},
		"big":             {tiff(binary.BigEndian, "MM\x00*", [4]uint32{0x0112, 3, 1, 3}), walk.Exif{Orientation: 3}},
		"99":              {tiff(binary.BigEndian, "MM\x00*", [4]uint32{0x0112, 3, 1, 99}), walk.Exif{Orientation: 1}},
		"0":               {tiff(binary.BigEndian, "MM\x00*", [4]uint32{0x0112, 3, 1, 0}), walk.Exif{Orientation: 1}},
		"garbage":         {strings.Repeat("\xA7\x13", 90), walk.Exif{Orientation: 1}},
		"text far behind": {tiff(binary.LittleEndian, "II*\x00", [4]uint32{0x0131, 2, 1 << 31, 1 << 31}), walk.Exif{Orientation: 1}},
	} {
		info, err := walk.Walk(with(good, 0xE1, "Exif\x00\x00"+c.block))
		if err != nil {
			t.Fatal(name, err)
		}
		if info.Exif != c.want {
			t.Errorf("%s: got %+v, want %+v", name, info.Exif, c.want)
		}
	}
	info, _ := walk.Walk(with(good, 0xE1, "Exif\x00\x00"+little))
	if info.Editor() != "snapseed" {
		t.Errorf("editor %q", info.Editor())
	}
	info, _ = walk.Walk(good)
	if info.Exif.Orientation != 0 || info.Editor() != "" {
		t.Errorf("no EXIF: %+v", info.Exif)
	}
}

// A file of markers only must not take more than linear time.
func TestWalkIsLinear(t *testing.T) {
	start := time.Now()
	for _, unit := range []string{"\xFF", "\xFF\x01", "\xFF\xD0", "\xFF\xFE\x00\x02", "\xFF\xDB\x00\x04ab", "\x00"} {
		_, _ = walk.Walk([]byte("\xFF\xD8" + strings.Repeat(unit, (5<<20)/len(unit))))
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v", took)
	}
}

func FuzzWalk(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("..", "testdata", "badfiles", "*.jpg"))
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(body) < 100_000 {
			f.Add(body)
		}
	}
	var gray bytes.Buffer
	img := image.NewGray(image.Rect(0, 0, 200, 200))
	img.SetGray(1, 1, color.Gray{Y: 9})
	if err := jpeg.Encode(&gray, img, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(gray.Bytes())
	f.Fuzz(func(t *testing.T, body []byte) {
		info, err := walk.Walk(body)
		if err != nil {
			var refusal *walk.Refusal
			if !errors.As(err, &refusal) || refusal.Code == "" {
				t.Fatalf("error without a code: %v", err)
			}
			return
		}
		if info.End+info.Trailing != len(body) || info.Exif.Orientation > 8 || info.Width*info.Height > walk.MaxPixels {
			t.Fatalf("%+v", info)
		}
		start := time.Now()
		_, _ = jpeg.Decode(bytes.NewReader(info.Picture(body))) // must neither panic nor linger
		if took := time.Since(start); took > time.Minute {
			t.Fatalf("decoding took %v", took)
		}
	})
}
