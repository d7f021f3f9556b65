package field

import (
	"unicode"
	"unicode/utf8"
)

// FreeText checks text of any script with a number of characters between shortest
// and longest, such as an address (5 to 500) or a place of birth (2 to 200).
func FreeText(s string, shortest, longest int) (string, []Fault) {
	n := Normalize(s)
	length := utf8.RuneCountInString(n)
	switch {
	case n == "":
		return n, fault("empty")
	case !printable(n):
		return n, fault("charset")
	case length < shortest || length > longest:
		return n, fault("length")
	}
	return n, nil
}

// BirthPlace checks a place of birth: any script, 2 to 200 characters.
func BirthPlace(s string) (string, []Fault) { return FreeText(s, 2, 200) }

// Address checks an address in free form: any script, 5 to 500 characters.
func Address(s string) (string, []Fault) { return FreeText(s, 5, 500) }

// Sex checks the sex as printed in a document: M, F or X.
func Sex(s string) (string, []Fault) {
	switch n := Fold(s); n {
	case "m", "f", "x":
		return string(n[0] - 'a' + 'A'), nil
	case "":
		return n, fault("empty")
	default:
		return n, fault("unknown")
	}
}

// printable reports whether s is well-formed text without control characters.
func printable(s string) bool {
	for _, r := range s {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return false
		}
	}
	return utf8.ValidString(s)
}
