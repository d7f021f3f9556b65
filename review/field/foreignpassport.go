package field

import (
	"regexp"
	"strings"
)

// passportPatterns are the forms of passport numbers known by country of issue. They
// are the business of other states, so a deviation is only a warning.
var passportPatterns = patterns(map[string]string{
	"UZB": `[A-Z]{2}\d{7}`,
	"TJK": `4\d{8}`,
	"KGZ": `[A-Z]{2}\d{7}`,
	"KAZ": `[A-Z]\d{7,8}`,
	"ARM": `[A-Z]{2}\d{7}`,
	"AZE": `C\d{8}|P\d{7}|[A-Z]{2}\d{7}`,
	"BLR": `[A-Z]{2}\d{7}`,
	"MDA": `[A-Z]{1,2}\d{7}`,
	"CHN": `G\d{8}|E\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP][A-Z]?\d{7,8}`,
	"IND": `[A-Z]\d{7}`,
	"VNM": `[A-Z]\d{7,8}`,
	"TUR": `[A-Z]\d{8}`,
	"UKR": `[A-Z]{2}\d{6}`,
	"GEO": `\d{2}[A-Z]{2}\d{5}`,
	"TKM": `[A-Z]{1,2}\d{7}`,
	"SRB": `\d{9}`,
	"DEU": `[CFGHJKLMNPRTVWXYZ0-9]{9}`,
	"USA": `[A-Z]\d{8}|\d{9}`,
	"IRN": `[A-Z]\d{8}`,
	"PAK": `[A-Z]{2}\d{7}`,
})

func patterns(texts map[string]string) map[string]*regexp.Regexp {
	compiled := make(map[string]*regexp.Regexp, len(texts))
	for country, text := range texts {
		compiled[country] = regexp.MustCompile(`^(?:` + text + `)$`)
	}
	return compiled
}

var documentNumber = regexp.MustCompile(`^[A-Z0-9]+$`)

// lookAlike turns the Cyrillic letters that look Latin into Latin ones.
var lookAlike = strings.NewReplacer("А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K",
	"М", "M", "О", "O", "Р", "P", "Т", "T", "Х", "X", "У", "Y")

// PassportKey is the normal form of a passport number, without any test: upper case,
// no separators, look-alike Cyrillic letters made Latin.
func PassportKey(s string) string {
	return lookAlike.Replace(strings.ToUpper(compact(s, " -№")))
}

// ForeignPassport checks a passport number by its country of issue (three letters).
func ForeignPassport(country, s string) (string, []Fault) {
	n := PassportKey(s)
	switch {
	case n == "":
		return n, fault("empty")
	case !documentNumber.MatchString(n):
		return n, fault("charset")
	case len(n) < 5 || len(n) > 15:
		return n, fault("length")
	case zeroDigits(n):
		return n, fault("reserved")
	}
	if pattern := passportPatterns[country]; pattern != nil && !pattern.MatchString(n) {
		return n, warning("country-pattern")
	}
	return n, nil
}

// zeroDigits reports whether n has digits and all of them are zero.
func zeroDigits(n string) bool {
	return strings.Contains(n, "0") && !strings.ContainsAny(n, "123456789")
}
