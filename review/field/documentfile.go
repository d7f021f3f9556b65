package field

import (
	"bytes"
	"path"
	"strings"
)

// MaxFileBytes is the size up to which a document file is accepted, inclusive.
const MaxFileBytes = 5 << 20

// DocumentFile checks an uploaded file by its name, first bytes and size. The kind is
// decided by the content, "jpeg" or "pdf"; the extension only has to agree.
func DocumentFile(name string, head []byte, size int64) (kind string, faults []Fault) {
	kind = fileKind(head)
	switch {
	case size <= 0:
		return kind, fault("empty")
	case size > MaxFileBytes:
		return kind, fault("too-large")
	case kind == "":
		return kind, fault("type")
	case extensionKind(name) != kind:
		return kind, fault("type-mismatch")
	}
	return kind, nil
}

func fileKind(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}):
		return "jpeg"
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return "pdf"
	}
	return ""
}

func extensionKind(name string) string {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg":
		return "jpeg"
	case ".pdf":
		return "pdf"
	}
	return ""
}
