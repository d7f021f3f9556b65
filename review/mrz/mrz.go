// Package mrz reads and writes the machine-readable lines of identity documents:
// passports (TD3), identity cards (TD1 and TD2), visas (MRV-A and MRV-B) and the Russian
// internal passport (PNRUS).
//
// A reader takes the lines as typed or recognised, in any case and with spaces, and
// returns what they say with the codes of all faults:
//
//	doc, faults := mrz.TD3(line1, line2)
//	if len(faults) == 0 {
//		compare(doc.Surname, doc.Number)
//	}
//
// Values are returned as printed, so a document with a wrong check digit can still be
// compared. Dates are YYMMDD; [BirthDate] and [ExpiryDate] give them a century.
// [Repair] undoes the confusions of a text reader in fields that hold only digits.
package mrz

import (
	"strings"
	"unicode"
)

// Codes lists every fault code of this package, so that a test of the catalogues can
// ask for a text in each language.
var Codes = []string{
	"length", "charset", "document-code", "format:document-number", "nationality", "sex",
	"check:document-number", "check:birth-date", "check:expiry-date", "check:optional-data",
	"check:composite", "format:birth-date", "format:expiry-date",
}

// Document is what the lines of a passport, identity card or visa say.
type Document struct {
	Code         string // as printed: "P<", "I<", "V<", ...
	Issuer       string
	Surname      string
	GivenNames   string
	NamesCut     bool // the name field is full, so the names may be incomplete
	Number       string
	Nationality  string
	BirthDate    string // YYMMDD, unknown parts are "<"
	Sex          string // M, F, X, or empty if unspecified
	ExpiryDate   string
	OptionalData string
	Checks       []Check
}

// Check is the outcome of one check digit.
type Check struct {
	Field  string // document-number, birth-date, expiry-date, optional-data, composite
	Result Result
}

// Result tells whether a field agrees with its check digit.
type Result string

// The outcomes of a [Check].
const (
	Match      Result = "match"
	Mismatch   Result = "mismatch"
	Unreadable Result = "unreadable"
)

// Clean drops white space and folds the case of a line.
func Clean(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, line)
}

// prepare cleans the lines and tests their length and characters, without which
// nothing else can be said.
func prepare(length int, lines ...string) ([]string, []string) {
	clean := make([]string, len(lines))
	for i, line := range lines {
		clean[i] = Clean(line)
	}
	for _, line := range clean {
		if len([]rune(line)) != length {
			return clean, []string{"length"}
		}
	}
	for _, line := range clean {
		if strings.Trim(line, alphabet) != "" {
			return clean, []string{"charset"}
		}
	}
	return clean, nil
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

// value is a field without its fillers.
func value(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(s, "<", " "))
}

// names splits a name field at the first double filler; without one there is only a
// single name, which counts as the surname.
func names(s string) (surname, given string) {
	surname, given, _ = strings.Cut(strings.TrimRight(s, "<"), "<<")
	return words(surname), words(given)
}

// words are the parts of a name with one space between.
func words(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '<' }), " ")
}
