package field

import "strings"

// RFPassport checks series and number of the Russian internal passport and returns
// them as "0219 000017". The region in the series is not checked against a list.
func RFPassport(s string) (string, []Fault) {
	n, faults := seriesNumber(s, 4, 6)
	if faults == nil && strings.HasPrefix(n, "0000") {
		faults = fault("reserved")
	}
	return n, faults
}

// TravelPassport checks series and number of the Russian passport for travel
// abroad and returns them as "75 0000017".
func TravelPassport(s string) (string, []Fault) { return seriesNumber(s, 2, 7) }

// DivisionCode checks the code of the division that issued a Russian passport and
// returns it as "770-999".
func DivisionCode(s string) (string, []Fault) {
	n, faults := digitsOf(s, " -", 6, 6)
	if faults != nil {
		return n, faults
	}
	return n[:3] + "-" + n[3:], nil
}

// The states of a Russian internal passport on a day.
const (
	PassportValid            = "valid"
	PassportGrace            = "grace"
	PassportExpired          = "expired"
	PassportIssuedBefore14   = "issued-before-14"
	PassportNotYetIssued     = "not-yet-issued"
	PassportIssuedBeforeForm = "issued-before-form"
)

// passportGraceDays is how long the old passport still serves after the birthday
// that calls for a new one.
const passportGraceDays = 90

// passportForm is the day the present form of the passport was introduced.
var passportForm = Date{1997, 10, 1}

// RFPassportState tells whether a Russian internal passport is valid on a day. It is
// replaced at 20 and at 45; one issued after that has no end.
func RFPassportState(birth, issue, asOf Date) string {
	switch {
	case issue.Before(passportForm):
		return PassportIssuedBeforeForm
	case Age(birth, issue) < 14:
		return PassportIssuedBefore14
	case asOf.Before(issue):
		return PassportNotYetIssued
	}
	end, limited := passportEnd(birth, issue)
	switch {
	case !limited || asOf.Before(end):
		return PassportValid
	case !asOf.After(end.AddDays(passportGraceDays)):
		return PassportGrace
	}
	return PassportExpired
}

// passportEnd is the birthday at which a passport has to be replaced.
func passportEnd(birth, issue Date) (end Date, limited bool) {
	for _, age := range []int{20, 45} {
		if birthday := Birthday(birth, age); issue.Before(birthday) {
			return birthday, true
		}
	}
	return Date{}, false
}
