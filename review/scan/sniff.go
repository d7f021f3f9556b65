package scan

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Sniff names a file by its bytes alone. JPEG and PDF must begin at byte 0: a PDF with something in front is
// another file to somebody else.
func Sniff(body []byte) string {
	has := func(s string) bool { return bytes.HasPrefix(body, []byte(s)) }
	switch {
	case len(body) == 0:
		return "unknown"
	case has("\xFF\xD8\xFF"):
		return "jpeg"
	case has("%PDF-"):
		return "pdf"
	case has("\x89PNG\r\n\x1a\n"):
		return "png"
	case has("GIF87a"), has("GIF89a"):
		return "gif"
	case has("RIFF") && len(body) >= 12 && string(body[8:12]) == "WEBP":
		return "webp"
	case has("II*\x00"), has("MM\x00*"):
		return "tiff"
	case has("BM") && len(body) >= 26 && body[6] == 0 && body[7] == 0:
		return "bmp"
	case len(body) >= 12 && string(body[4:8]) == "ftyp":
		return movieBrand(body)
	case has("PK\x03\x04"), has("PK\x05\x06"):
		return "zip"
	case has("MZ"), has("\x7fELF"):
		return "exe"
	}
	return sniffText(body)
}

func movieBrand(body []byte) string {
	size := min(len(body), 64)
	for at := 8; at+4 <= size; at += 4 {
		switch string(body[at : at+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return "heic"
		case "avif", "avis":
			return "avif"
		}
	}
	if b := string(body[8:12]); b == "mif1" || b == "msf1" {
		return "heic"
	}
	return "unknown"
}

func sniffText(body []byte) string {
	head := body[:min(len(body), 1024)]
	lower := strings.ToLower(string(bytes.TrimLeft(head, "\xEF\xBB\xBF \t\r\n\f")))
	if strings.HasPrefix(lower, "<svg") || strings.HasPrefix(lower, "<?xml") && strings.Contains(lower, "<svg") {
		return "svg"
	}
	if markup(lower) && strings.HasPrefix(lower, "<") {
		return "html"
	}
	for len(head) > 0 {
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 && len(head) > utf8.UTFMax || r < 0x20 && r != '\n' && r != '\r' && r != '\t' && r != '\f' {
			return "unknown"
		}
		head = head[n:]
	}
	return "text"
}

func markup(lower string) bool {
	for _, tag := range []string{"<!doctype", "<html", "<head", "<body", "<script", "<svg", "<iframe", "<img", "<table", "<a ", "<div"} {
		if strings.Contains(lower, tag) {
			return true
		}
	}
	return false
}

// extensionFits tells whether a file name allows the content. Nothing after the last dot, or no dot at all,
// leaves the judgement to the content.
func extensionFits(name string, f Format) bool {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	i := strings.LastIndexByte(name, '.')
	if i < 0 || i == len(name)-1 {
		return true
	}
	switch strings.ToLower(strings.TrimSpace(name[i+1:])) {
	case "jpg", "jpeg", "jpe", "jfif":
		return f == JPEG
	case "pdf":
		return f == PDF
	}
	return false
}
