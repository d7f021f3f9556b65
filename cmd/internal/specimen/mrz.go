package specimen

import (
	"strings"

	"okno/review/mrz"
)

// shortDate turns YYYY-MM-DD into YYMMDD.
func shortDate(d string) string {
	if len(d) != 10 {
		return "<<<<<<"
	}
	return d[2:4] + d[5:7] + d[8:10]
}

// lines are the machine-readable lines that the passport in the scan prints;
// empty when the data cannot be written so, which the tests rule out.
func (c Case) lines(s Scan) [2]string {
	p := with(c.truth, s.printed)
	number := strings.ReplaceAll(p["document-number"], " ", "")
	var out [2]string
	var err error
	if p["document-type"] == "rf-passport" {
		out, err = mrz.BuildPNRUS(mrz.Internal{Surname: strings.ToUpper(p["surname"]), GivenName: strings.ToUpper(p["given-name"]),
			Patronymic: strings.ToUpper(p["patronymic"]), Series: number[:4], Number: number[4:], BirthDate: shortDate(p["birth-date"]), Sex: p["sex"],
			IssueDate: shortDate(p["document-issue-date"]), DivisionCode: p["division-code"]})
	} else {
		out, err = mrz.BuildTD3(mrz.Document{Issuer: p["citizenship"], Surname: p["surname-latin"], GivenNames: p["given-name-latin"], Number: number,
			Nationality: p["citizenship"], BirthDate: shortDate(p["birth-date"]), Sex: p["sex"], ExpiryDate: shortDate(p["document-expiry-date"]),
			OptionalData: p["personal-number"]})
	}
	if err != nil {
		return [2]string{}
	}
	if s.Flaw == FlawMRZ {
		last := out[1][43]
		out[1] = out[1][:43] + string('0'+(last-'0'+3)%10)
	}
	return out
}
