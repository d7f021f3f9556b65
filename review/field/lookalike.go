package field

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// twins are letters of the two scripts that look the same in print: the commonest
// typing accident.
var twins = func() map[rune]rune {
	m := map[rune]rune{}
	cyrillic, latin := []rune("АВСЕНКМОРТХУІЈЅасекорхуіјѕ"), []rune("ABCEHKMOPTXYIJSacekopxyijs")
	for i, c := range cyrillic {
		m[c], m[latin[i]] = latin[i], c
	}
	return m
}()

// Unmix writes a name in one script when every letter of the other script has a
// twin that looks the same; ok is false when there is nothing to change, when some
// letter has none, and when a whole word is in the other script: who typed that meant
// it, and its twins are no name. What it returns is a suggestion, never a correction.
func Unmix(s string, script *unicode.RangeTable) (name string, ok bool) {
	outside := letterOutside(script)
	words := strings.Split(Normalize(s), " ")
	changed := false
	for i, word := range words {
		if !strings.ContainsFunc(word, outside) {
			continue
		}
		known := strings.ContainsFunc(word, func(r rune) bool { return unicode.Is(script, r) })
		words[i] = strings.Map(func(r rune) rune {
			if !outside(r) {
				return r
			}
			twin, ok := twins[r]
			known = known && ok
			return twin
		}, word)
		if !known {
			return "", false
		}
		changed = true
	}
	name = strings.Join(words, " ")
	return name, changed && utf8.ValidString(name)
}
