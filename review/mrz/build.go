package mrz

import (
	"fmt"
	"strings"
)

// BuildTD3 writes the two lines of a passport. Names are taken in Latin letters with any
// diacritics and cut to the space there is; an empty code means "P<".
func BuildTD3(d Document) (lines [2]string, err error) {
	surname, err := Letters(d.Surname)
	if err != nil {
		return lines, err
	}
	given, err := Letters(d.GivenNames)
	if err != nil {
		return lines, err
	}
	if d.Code == "" {
		d.Code = "P<"
	}
	b := withCheck(pad(d.Number, 9)) + pad(d.Nationality, 3) + withCheck(pad(d.BirthDate, 6)) +
		pad(d.Sex, 1) + withCheck(pad(d.ExpiryDate, 6)) + optional(d.OptionalData)
	b += string(rune('0' + CheckDigit(b[:10]+b[13:20]+b[21:43])))
	lines = [2]string{pad(d.Code, 2) + pad(d.Issuer, 3) + fitNames(surname, given), b}
	if _, faults := TD3(lines[0], lines[1]); faults != nil {
		return lines, fmt.Errorf("mrz: the data do not fit the lines: %s", strings.Join(faults, ", "))
	}
	return lines, nil
}

// optional fills the optional data of a passport; the check digit of nothing is a filler.
func optional(data string) string {
	if data == "" {
		return pad("", 15)
	}
	return withCheck(pad(data, 14))
}

// nameSpace is the length of the name field of a passport.
const nameSpace = 39

// fitNames fills the name field; of names that are too long at least one letter of each
// part remains.
func fitNames(surname, given string) string {
	if given != "" && len(surname)+2+len(given) > nameSpace {
		surname = strings.TrimRight(surname[:min(len(surname), nameSpace-3)], "<")
	}
	if given != "" {
		surname += "<<" + given
	}
	return pad(surname[:min(len(surname), nameSpace)], nameSpace)
}

// BuildPNRUS writes the two lines of a Russian internal passport from Russian names, a
// series of four digits, a number of six and dates as YYMMDD. What does not fit is cut
// from the end: first the patronymic, then the name.
func BuildPNRUS(d Internal) (lines [2]string, err error) {
	if len(d.Series) != 4 || len(d.Number) != 6 {
		return lines, fmt.Errorf("mrz: a series of four digits and a number of six are needed")
	}
	var parts [3]string
	for i, name := range []string{d.Surname, d.GivenName, d.Patronymic} {
		if parts[i], err = EncodeRussian(name); err != nil {
			return lines, err
		}
	}
	name := strings.TrimRight(parts[0]+"<<"+parts[1]+"<"+parts[2], "<")
	b := withCheck(d.Series[:3]+d.Number) + "RUS" + withCheck(pad(d.BirthDate, 6)) + pad(d.Sex, 1) + pad("", 7) +
		withCheck(pad(d.Series[3:]+d.IssueDate+strings.ReplaceAll(d.DivisionCode, "-", ""), 14))
	b += string(rune('0' + CheckDigit(b[:10]+b[13:20]+b[21:43])))
	lines = [2]string{"PNRUS" + pad(name[:min(len(name), nameSpace)], nameSpace), b}
	if _, faults := PNRUS(lines[0], lines[1]); faults != nil {
		return lines, fmt.Errorf("mrz: the data do not fit the lines: %s", strings.Join(faults, ", "))
	}
	return lines, nil
}

// pad fills a field; what is too long stays too long and is found by reading back.
func pad(s string, length int) string {
	return s + strings.Repeat("<", max(0, length-len(s)))
}
