package field

import (
	"slices"
	"strings"
)

// historic are states that exist no more; a person has to pick a present citizenship.
var historic = []string{"SUN", "YUG", "DDR", "CSK", "SCG"}

// nationalityAliases are codes of machine-readable lines for citizens of one state.
var nationalityAliases = map[string]string{
	"D": "DEU", "GBD": "GBR", "GBN": "GBR", "GBO": "GBR", "GBP": "GBR", "GBS": "GBR",
}

// Citizenship checks a three-letter citizenship code in any case.
func Citizenship(s string) (string, []Fault) {
	n := strings.ToUpper(Normalize(s))
	switch {
	case !threeLetters(n):
		return n, fault("format")
	case slices.Contains(historic, n):
		return n, fault("historic")
	}
	if _, known := CountryByCode(n); !known {
		return n, fault("unknown")
	}
	return n, nil
}

// Nationality turns the nationality of a machine-readable line into a citizenship
// code. Keep the original beside it.
func Nationality(s string) (string, []Fault) {
	n := strings.TrimRight(strings.ToUpper(Normalize(s)), "<")
	if alias, ok := nationalityAliases[n]; ok {
		return alias, nil
	}
	return Citizenship(n)
}

// Stateless reports whether a code stands for a person without a citizenship:
// stateless, refugee or unspecified.
func Stateless(code string) bool { return strings.HasPrefix(code, "XX") }

// ProtectionStatus is the status that a citizenship code implies: XXB and XXC are no
// citizenship but a protection ("refugee"); for others it is empty.
func ProtectionStatus(code string) string {
	if code == "XXB" || code == "XXC" {
		return "refugee"
	}
	return ""
}

func threeLetters(n string) bool {
	return len(n) == 3 && strings.Trim(n, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
