package field

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Password checks the composition of a password and reports everything that is
// wrong at once. It normalizes nothing.
func Password(s string) []Fault {
	length := utf8.RuneCountInString(s)
	rules := []struct {
		code   string
		broken bool
	}{
		{"too-short", length < 8},
		{"too-long", length > 128},
		{"no-upper", !strings.ContainsFunc(s, unicode.IsUpper)},
		{"no-lower", !strings.ContainsFunc(s, unicode.IsLower)},
		{"no-digit", !strings.ContainsFunc(s, unicode.IsDigit)},
		{"no-special", !strings.ContainsFunc(s, special)},
		{"charset", !printable(s)},
	}
	var faults []Fault
	for _, r := range rules {
		if r.broken {
			faults = append(faults, Fault{Code: r.code})
		}
	}
	return faults
}

func special(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }

// PasswordHolds reports whether a password contains any of the owner's own words,
// such as the name, the mail name or the digits of the phone. Words shorter than
// three characters are too common to count.
func PasswordHolds(password string, own ...string) bool {
	folded := Fold(password)
	for _, word := range own {
		word = Fold(word)
		if utf8.RuneCountInString(word) >= 3 && strings.Contains(folded, word) {
			return true
		}
	}
	return false
}
