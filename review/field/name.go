package field

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const longestName = 100

// NameCyrillic checks one part of a name in Cyrillic letters of any language.
func NameCyrillic(s string) (string, []Fault) { return name(s, unicode.Cyrillic) }

// NameLatin checks one part of a name in Latin letters with any diacritics.
func NameLatin(s string) (string, []Fault) { return name(s, unicode.Latin) }

func name(s string, script *unicode.RangeTable) (string, []Fault) {
	n := Normalize(s)
	switch {
	case n == "":
		return n, fault("empty")
	case utf8.RuneCountInString(n) > longestName:
		return n, fault("length")
	case strings.ContainsFunc(n, notInNames):
		return n, fault("charset")
	case mixesScripts(n):
		return n, fault("mixed-script")
	case strings.ContainsFunc(n, letterOutside(script)):
		return n, fault("wrong-script")
	case !nameShape.MatchString(n):
		return n, fault("separator")
	}
	return n, nil
}

// nameShape says where separators may stand; marks are diacritics that have no
// composed letter.
var nameShape = regexp.MustCompile(`^'?[\pL\pM]+(([ '-]|\. ?)[\pL\pM]+)*\.?$`)

func notInNames(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(" '-.", r)
}

func letterOutside(script *unicode.RangeTable) func(rune) bool {
	return func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(script, r) }
}

// mixesScripts finds a word of both scripts: the commonest typing accident, since
// many letters look alike, and a pattern of fraud.
func mixesScripts(n string) bool {
	for _, word := range strings.FieldsFunc(n, func(r rune) bool { return r == ' ' || r == '-' }) {
		if strings.ContainsFunc(word, isCyrillic) && strings.ContainsFunc(word, isLatin) {
			return true
		}
	}
	return false
}

func isCyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
func isLatin(r rune) bool    { return unicode.Is(unicode.Latin, r) }
