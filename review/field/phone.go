package field

import (
	"regexp"
	"strings"
)

var international = regexp.MustCompile(`^\+[1-9][0-9]*$`)

// Phone checks a phone number of any country and returns it as E.164. The domestic
// Russian prefix 8 and a Russian number without its plus sign are understood.
func Phone(s string) (string, []Fault) {
	n := withCountry(compact(s, " -()."))
	digits := len(n) - 1
	switch {
	case n == "":
		return n, fault("empty")
	case !international.MatchString(n):
		return n, fault("format")
	case digits < 8 || digits > 15, n[1] == '7' && digits != 11:
		return n, fault("length")
	}
	return n, nil
}

func withCountry(n string) string {
	if len(n) == 11 && allDigits(n) && (n[0] == '7' || n[0] == '8') {
		return "+7" + n[1:]
	}
	return n
}

// MobileRU checks a Russian mobile number. Operator ranges are not looked at, as
// numbers move between operators.
func MobileRU(s string) (string, []Fault) {
	n, faults := Phone(s)
	switch {
	case faults != nil:
		return n, faults
	case !russianPhone(n):
		return n, fault("not-russian")
	case n[2] != '9':
		return n, fault("not-mobile")
	}
	return n, nil
}

// russianPhone leaves out Kazakhstan (+76, +77) and Abkhazia (+7 940), which share
// the country code.
func russianPhone(n string) bool {
	return strings.HasPrefix(n, "+7") && n[2] != '6' && n[2] != '7' && !strings.HasPrefix(n, "+7940")
}
