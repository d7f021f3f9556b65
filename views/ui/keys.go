package ui

import (
	"slices"
	"strings"

	"okno/views/i18n"
)

// KeyGroup is one part of the shortcut sheet.
type KeyGroup struct {
	Title string
	Keys  []KeyHelp
}

// KeyHelp is one line of the shortcut sheet.
type KeyHelp struct {
	Caps []string
	What string
}

// KeySwitch is the form in the shortcut sheet that turns shortcuts off or on; it posts the field
// "shortcuts". Without an address there is no form. Settings is where keys can be moved.
type KeySwitch struct {
	URL      string
	CSRF     string
	Settings string
	// Off tells that they are off now.
	Off bool
}

// keyLine is one line of the keyboard map: the words, and the keys of the desk as it comes. A key
// that begins with "Shift " is what Shift makes of the key after it.
type keyLine struct {
	words string
	keys  []string
}

var keyGroups = []struct {
	words string
	lines []keyLine
}{
	{"kit.keys.queue", []keyLine{
		{"kit.keys.rows", []string{"J", "K"}}, {"kit.keys.open", []string{"Enter"}}, {"kit.keys.take", []string{"N"}},
		{"kit.keys.find", []string{"/"}}, {"kit.keys.undo", []string{"Z"}}, {"kit.keys.sheet", []string{"?"}},
	}},
	{"kit.keys.documents", []keyLine{
		{"kit.keys.document", []string{"[", "]"}}, {"kit.keys.page", []string{"PgUp", "PgDn"}}, {"kit.keys.zoom", []string{"+", "-"}},
		{"kit.keys.fit", []string{"0"}}, {"kit.keys.fitWidth", []string{"W"}}, {"kit.keys.rotate", []string{"R", "Shift R"}},
		{"kit.keys.brightness", []string{"B", "Shift B"}}, {"kit.keys.contrast", []string{"C", "Shift C"}}, {"kit.keys.gray", []string{"G"}},
		{"kit.keys.reset", []string{"X"}}, {"kit.keys.wide", []string{"F"}}, {"kit.keys.compare", []string{"P"}}, {"kit.keys.lock", []string{"L"}},
		{"kit.keys.window", []string{"T"}}, {"kit.keys.pan", []string{"←", "↑", "↓", "→"}},
	}},
	{"kit.keys.fields", []keyLine{
		{"kit.keys.verified", []string{"V"}}, {"kit.keys.mismatch", []string{"M"}}, {"kit.keys.previous", []string{"D"}},
	}},
	{"kit.keys.decision", []keyLine{
		{"kit.keys.decide", []string{"1", "2", "3"}}, {"kit.keys.box", []string{"A"}}, {"kit.keys.commit", []string{"Ctrl Enter"}}, {"kit.keys.close", []string{"Esc"}},
		{"kit.keys.note", []string{"O"}}, {"kit.keys.escalate", []string{"E"}}, {"kit.keys.release", []string{"S"}},
	}},
}

// DeskKeys is the whole keyboard map of the desk in the given language. moved are the keys that
// the reader has given other places.
func DeskKeys(lang string, moved map[string]string) []KeyGroup {
	var groups []KeyGroup
	for _, g := range keyGroups {
		out := KeyGroup{Title: i18n.Text(lang, g.words)}
		for _, l := range g.lines {
			help := KeyHelp{What: i18n.Text(lang, l.words)}
			for _, key := range l.keys {
				help.Caps = append(help.Caps, capOf(key, moved))
			}
			out.Keys = append(out.Keys, help)
		}
		groups = append(groups, out)
	}
	return groups
}

func capOf(key string, moved map[string]string) string {
	bare, shifted := strings.CutPrefix(key, "Shift ")
	if to := moved[bare]; to != "" {
		bare = to
	}
	if bare == "-" {
		bare = "−"
	}
	if shifted {
		return "Shift " + bare
	}
	return bare
}

// ownWords are for keys that share a line of the sheet with others.
var ownWords = map[string]string{
	"J": "settings.key.next-row", "K": "settings.key.previous-row", "[": "settings.key.previous-document", "]": "settings.key.next-document",
	"+": "kit.view.zoomIn", "-": "kit.view.zoomOut", "1": "outcome.approve", "2": "outcome.request-correction", "3": "outcome.reject",
}

// KeyWords tells what a key of the desk as it comes does, and to which part of the
// sheet it belongs, in the given language.
func KeyWords(lang, key string) (part, words string) {
	for _, g := range keyGroups {
		for _, l := range g.lines {
			if slices.Contains(l.keys, key) {
				words = l.words
				if own := ownWords[key]; own != "" {
					words = own
				}
				return i18n.Text(lang, g.words), i18n.Text(lang, words)
			}
		}
	}
	return "", ""
}
