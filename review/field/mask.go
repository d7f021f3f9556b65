package field

import (
	"strings"
	"unicode/utf8"
)

// MaskDocument hides a document number but for its last three characters.
func MaskDocument(s string) string { return maskTail(s, 3) }

// MaskSNILS hides a SNILS as ***-***-507 **.
func MaskSNILS(s string) string {
	n := compact(s, " -")
	if len(n) != 11 {
		return maskTail(n, 0)
	}
	return "***-***-" + n[6:9] + " **"
}

// MaskINN hides an INN but for its last four digits.
func MaskINN(s string) string { return maskTail(s, 4) }

// MaskOMS hides the number of a medical policy but for its last four digits.
func MaskOMS(s string) string { return maskTail(s, 4) }

// MaskPhone hides a phone number as +7 907 ***-**-17; of a foreign number the
// beginning and the last two digits remain.
func MaskPhone(s string) string {
	n, faults := Phone(s)
	switch {
	case faults != nil:
		return maskTail(n, 2)
	case n[1] == '7':
		return n[:2] + " " + n[2:5] + " ***-**-" + n[10:]
	}
	return n[:4] + " " + strings.Repeat("*", len(n)-6) + n[len(n)-2:]
}

// MaskEmail hides an address as p***@example.org.
func MaskEmail(s string) string {
	local, host, found := strings.Cut(s, "@")
	if local == "" || !found {
		return maskTail(s, 0)
	}
	first, _ := utf8.DecodeRuneInString(local)
	return string(first) + "***@" + host
}

// maskTail replaces all but the last characters, keeping at least half hidden.
func maskTail(s string, shown int) string {
	runes := []rune(Normalize(s))
	hidden := len(runes) - min(shown, len(runes)/2)
	return strings.Repeat("*", hidden) + string(runes[hidden:])
}
