package reviewtest

import (
	"strings"

	"okno/review"
	"okno/review/mrz"
)

// Reading is what a perfect reader says about machine-readable lines. Lines that are
// none give the verdict none.
func Reading(lines ...string) *review.Reading {
	kind, lines := mrz.Split(strings.Join(lines, "\n"))
	r := &review.Reading{Verdict: review.LinesRead, Format: string(kind), Lines: lines, Confidence: -0.01, Band: review.Area{X: 0.05, Y: 0.85, W: 0.9, H: 0.1}}
	var d mrz.Document
	switch kind {
	case mrz.KindTD3:
		d, _ = mrz.TD3(lines[0], lines[1])
	case mrz.KindTD1:
		d, _ = mrz.TD1(lines[0], lines[1], lines[2])
	case mrz.KindMRVA:
		d, _ = mrz.MRVA(lines[0], lines[1])
	case mrz.KindPNRUS:
		russian(r, lines)
		return r
	default:
		return &review.Reading{Verdict: review.LinesNone}
	}
	digits(r, d.Checks)
	fields(r, "document-code", d.Code, "issuer", d.Issuer, "surname", d.Surname, "given-names", d.GivenNames, "document-number", d.Number,
		"nationality", d.Nationality, "birth-date", d.BirthDate, "sex", d.Sex, "expiry-date", d.ExpiryDate, "optional-data", d.OptionalData)
	return r
}

func russian(r *review.Reading, lines []string) {
	d, _ := mrz.PNRUS(lines[0], lines[1])
	digits(r, d.Checks)
	fields(r, "document-code", "PN", "issuer", "RUS", "surname", d.Surname, "given-name", d.GivenName, "patronymic", d.Patronymic, "series", d.Series,
		"number", d.Number, "birth-date", d.BirthDate, "sex", d.Sex, "issue-date", d.IssueDate, "division-code", d.DivisionCode)
}

func digits(r *review.Reading, checks []mrz.Check) {
	for _, c := range checks {
		r.Digits = append(r.Digits, review.DigitResult{Field: c.Field, OK: c.Result == mrz.Match})
	}
}

func fields(r *review.Reading, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		r.Fields = append(r.Fields, review.ReadField{Code: pairs[i], Value: pairs[i+1], Confidence: 0.99,
			Box: review.Area{X: 0.05 + 0.04*float64(i), Y: 0.85, W: 0.2, H: 0.04}})
	}
}
