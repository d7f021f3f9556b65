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
// twin that looks the same; ok is false when there is nothing to change or when
// some letter has none. What it returns is a suggestion, never a correction.
func Unmix(s string, script *unicode.RangeTable) (name string, ok bool) {
	outside := letterOutside(script)
	changed, failed := false, false
	name = strings.Map(func(r rune) rune {
		if !outside(r) {
			return r
		}
		twin, known := twins[r]
		failed = failed || !known
		changed = true
		return twin
	}, Normalize(s))
	return name, changed && !failed && utf8.ValidString(name)
}
