package mrz

import "strings"

// CheckDigit is the ICAO 7-3-1 check digit of a field, or -1 if the field holds a
// character that no line can have.
func CheckDigit(s string) int {
	weights := [...]int{7, 3, 1}
	sum := 0
	for i, r := range s {
		v := weight(r)
		if v < 0 {
			return -1
		}
		sum += v * weights[i%3]
	}
	return sum % 10
}

func weight(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= 'A' && r <= 'Z':
		return int(r-'A') + 10
	case r == '<':
		return 0
	}
	return -1
}

// withCheck appends its check digit to a field.
func withCheck(s string) string { return s + string(rune('0'+CheckDigit(s))) }

// compare tests a field against the printed check digit. The check digit of an empty
// optional field may be a filler.
func compare(field, text, digit string) Check {
	c := Check{Field: field, Result: Mismatch}
	switch {
	case digit == string(rune('0'+CheckDigit(text))):
		c.Result = Match
	case digit == "<" && field == "optional-data" && strings.Trim(text, "<") == "":
		c.Result = Match
	case digit < "0" || digit > "9":
		c.Result = Unreadable
	}
	return c
}

// findings gathers the faults of one document in the order they are tested.
type findings struct {
	codes  []string
	checks []Check
}

func (f *findings) check(field, text, digit string) {
	c := compare(field, text, digit)
	f.checks = append(f.checks, c)
	f.require(c.Result == Match, "check:"+field)
}

func (f *findings) require(ok bool, code string) {
	if !ok {
		f.codes = append(f.codes, code)
	}
}
