package field

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Normalize prepares typed text for every rule: Unicode NFC, invisible characters
// dropped, all dashes and apostrophes turned into the plain ones, white space
// trimmed and collapsed to single spaces.
func Normalize(s string) string {
	s = strings.Map(plainRune, norm.NFC.String(s))
	return strings.Join(strings.Fields(s), " ")
}

func plainRune(r rune) rune {
	switch {
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return '-'
	case strings.ContainsRune("\u2018\u2019\u201b\u02bb\u02bc\u02be\u02bf`\u00b4\u2032", r):
		return '\''
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// compact normalizes s and deletes every character of drop.
func compact(s, drop string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(drop, r) {
			return -1
		}
		return r
	}, Normalize(s))
}

// digitsOf is the common start of the numeric rules: the text without the
// separators in drop, tested for empty, charset and length.
func digitsOf(s, drop string, shortest, longest int) (string, []Fault) {
	n := compact(s, drop)
	switch {
	case n == "":
		return n, fault("empty")
	case !allDigits(n):
		return n, fault("charset")
	case len(n) < shortest || len(n) > longest:
		return n, fault("length")
	}
	return n, nil
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// oneDigit reports whether s repeats a single character.
func oneDigit(s string) bool { return strings.Trim(s, s[:1]) == "" }

func allZero(s string) bool { return strings.Trim(s, "0") == "" }
