package mrz

import (
	"strconv"
	"time"
)

// BirthYear gives the century to a two-digit year of birth: the present one unless that
// would be after the year now.
func BirthYear(yy string, now int) (year int, ok bool) {
	year, ok = inCentury(yy, now)
	if year > now {
		year -= 100
	}
	return year, ok
}

// ExpiryYear gives the century to a two-digit year of expiry: within fifty years of the
// year now.
func ExpiryYear(yy string, now int) (year int, ok bool) {
	year, ok = inCentury(yy, now)
	switch {
	case year-now > 50:
		year -= 100
	case now-year > 50:
		year += 100
	}
	return year, ok
}

func inCentury(yy string, now int) (int, bool) {
	n, err := strconv.ParseUint(yy, 10, 8)
	if err != nil || len(yy) != 2 {
		return 0, false
	}
	return now - now%100 + int(n), true
}

// BirthDate turns a printed date of birth (or of issue, which is in the past as well)
// into YYYY-MM-DD; unknown parts leave YYYY-MM or YYYY. It is not ok if there is no such
// day.
func BirthDate(printed string, now int) (date string, ok bool) {
	return fullDate(printed, now, BirthYear)
}

// ExpiryDate is [BirthDate] for a date of expiry.
func ExpiryDate(printed string, now int) (date string, ok bool) {
	return fullDate(printed, now, ExpiryYear)
}

func fullDate(printed string, now int, century func(string, int) (int, bool)) (string, bool) {
	if !printedDate.MatchString(printed) {
		return "", false
	}
	year, ok := century(printed[:2], now)
	if !ok {
		return "", false
	}
	text := strconv.Itoa(year)
	for _, part := range []string{printed[2:4], printed[4:6]} {
		if part != "<<" {
			text += "-" + part
		}
	}
	_, err := time.Parse("2006-01-02"[:min(len(text), 10)], text)
	return text, err == nil
}
