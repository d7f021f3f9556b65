package pdfdoc

import (
	"bytes"
	"slices"

	"okno/review/scan"
)

// leftovers looks for actions in objects that no table mentions any more: an update appended to a file may have
// replaced them, and another program may follow another table. It reads the bytes between streams as they stand,
// with escaped names written out. Objects inside of streams are seen by the visitor or by nobody.
func leftovers(body []byte) error {
	for len(body) > 0 {
		part, rest := body, []byte(nil)
		if i := bytes.Index(body, []byte("stream")); i >= 0 {
			part, rest = body[:i], body[i+len("stream"):]
			if end := bytes.Index(rest, []byte("endstream")); end >= 0 && !bytes.HasSuffix(part, []byte("end")) {
				rest = rest[end+len("endstream"):]
			}
		}
		if action := namedAction(part); action != "" {
			return refuse(scan.ReasonActiveContent, "action %s in an object out of use", action)
		}
		body = rest
	}
	return nil
}

// namedAction finds the name /S followed by the name of an action that is refused.
func namedAction(text []byte) string {
	last := ""
	for {
		i := bytes.IndexByte(text, '/')
		if i < 0 {
			return ""
		}
		if len(bytes.TrimSpace(text[:i])) > 0 {
			last = "" // something stands between the two names
		}
		text = text[i+1:]
		end := 0
		for end < len(text) && !isSpace(text[end]) && !bytes.ContainsRune([]byte("()<>[]{}/%"), rune(text[end])) {
			end++
		}
		if end > 64 { // no name of interest is as long
			text, last = text[end:], ""
			continue
		}
		name := decoded(string(text[:end]))
		if last == "S" && slices.Contains(refusedActions, name) {
			return name
		}
		text, last = text[end:], name
	}
}
