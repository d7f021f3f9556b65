package field

import "strings"

// MigrationCard checks series and number of a migration card and returns them as
// "9900 0000017".
func MigrationCard(s string) (string, []Fault) { return seriesNumber(s, 4, 7) }

// MigrationCardRelaxed is the rule for desks that meet unusual blanks: a number of
// six or eight digits is only a warning.
func MigrationCardRelaxed(s string) (string, []Fault) {
	for _, number := range []int{6, 8} {
		if n, faults := seriesNumber(s, 4, number); faults == nil {
			return n, warning("length")
		}
	}
	return MigrationCard(s)
}

// ResidencePermit checks series and number of a residence permit and returns them
// as "82 0000017". Series other than 82 and 83 are only a warning.
func ResidencePermit(s string) (string, []Fault) {
	n, faults := seriesNumber(s, 2, 7)
	if faults == nil && !strings.HasPrefix(n, "82") && !strings.HasPrefix(n, "83") {
		faults = warning("series")
	}
	return n, faults
}

// Patent checks series and number of a work patent and returns them as
// "00 0000000017". The number of the blank (two letters) is another thing.
func Patent(s string) (string, []Fault) { return seriesNumber(s, 2, 10) }

// longestVisa bounds a visa number of an unusual form.
const longestVisa = 20

// Visa checks the number of a visa: two digits and seven digits. What deviates is a
// warning, as the form of visas is no rule of this desk.
func Visa(s string) (string, []Fault) {
	n, faults := seriesNumber(s, 2, 7)
	for i := range faults {
		faults[i].Warning = n != "" && len(n) <= longestVisa && printable(n)
	}
	return n, faults
}
