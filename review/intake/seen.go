package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"

	"okno/review"
)

// SeenName is the input that says which answers the person saw when the form was
// opened. A form without it is taken as it is.
const SeenName = "seen"

// Seen is the mark of a section's stored answers, for the input [SeenName].
func Seen(section Section, answers review.Answers) string {
	h := sha256.New()
	for _, in := range section.Inputs {
		a := answers[in.Field]
		h.Write([]byte(string(in.Field) + "\x00" + a.Typed + "\x00" + a.Value + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// overtaken reports whether the section was changed since the person saw it, in
// another window or on another device, to something else than what is sent now.
func overtaken(section Section, stored, sent review.Answers, typed Typed) bool {
	seen, ok := typed[SeenName]
	if !ok || seen == Seen(section, stored) {
		return false
	}
	after := maps.Clone(stored)
	if after == nil {
		after = review.Answers{}
	}
	for f, a := range sent {
		after[f] = a
	}
	return Seen(section, after) != Seen(section, stored)
}
