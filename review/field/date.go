package field

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Date is a calendar day without a time or a zone. A month or day of zero means that
// a document shows only the year, or only year and month.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// The precision of a [Date].
const (
	PrecisionDay   = "day"
	PrecisionMonth = "month"
	PrecisionYear  = "year"
)

// DateOf is the day of a moment in the zone the moment carries.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

var isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$`)

// ParseDate reads a full date in the form YYYY-MM-DD.
func ParseDate(s string) (Date, []Fault) {
	d, faults := ParsePartialDate(s)
	if faults == nil && d.Precision() != PrecisionDay {
		return d, fault("format")
	}
	return d, faults
}

// ParsePartialDate reads YYYY-MM-DD, YYYY-MM or YYYY.
func ParsePartialDate(s string) (Date, []Fault) {
	m := isoDate.FindStringSubmatch(s)
	if m == nil {
		return Date{}, fault("format")
	}
	d := Date{number(m[1]), time.Month(number(m[2])), number(m[3])}
	if m[2] == "00" || m[3] == "00" || !d.Real() {
		return Date{}, fault("not-a-date")
	}
	return d, nil
}

// number reads digits; anything else is zero.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

// Real reports whether the day is in the calendar. A partial date is, if its month is.
func (d Date) Real() bool {
	if d.Year < 1 || d.Year > 9999 || d.Month < 0 || d.Month > 12 || d.Month == 0 && d.Day != 0 {
		return false
	}
	return d.Precision() != PrecisionDay || DateOf(d.Time()) == d
}

// IsZero reports whether there is no date at all.
func (d Date) IsZero() bool { return d == Date{} }

// Precision tells which parts of the date are known.
func (d Date) Precision() string {
	switch {
	case d.Month == 0:
		return PrecisionYear
	case d.Day == 0:
		return PrecisionMonth
	}
	return PrecisionDay
}

// String is the date as stored: YYYY-MM-DD, YYYY-MM or YYYY; empty if zero.
func (d Date) String() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%04d-%02d", d.Year, d.Month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// Dotted is the date as shown in Russian: DD.MM.YYYY, MM.YYYY or YYYY.
func (d Date) Dotted() string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case d.Day == 0:
		return fmt.Sprintf("%02d.%04d", d.Month, d.Year)
	}
	return fmt.Sprintf("%02d.%02d.%04d", d.Day, d.Month, d.Year)
}

// Time is midnight UTC at the start of the day; of a partial date, of its first day.
func (d Date) Time() time.Time {
	return time.Date(d.Year, max(d.Month, 1), max(d.Day, 1), 0, 0, 0, 0, time.UTC)
}

// Before reports whether d is earlier than other.
func (d Date) Before(other Date) bool { return d.Time().Before(other.Time()) }

// After reports whether d is later than other.
func (d Date) After(other Date) bool { return other.Before(d) }

// AddDays moves the date by days.
func (d Date) AddDays(days int) Date { return DateOf(d.Time().AddDate(0, 0, days)) }

// DaysUntil counts the days from d to other; it is negative when other is earlier.
func (d Date) DaysUntil(other Date) int {
	return int((other.Time().Unix() - d.Time().Unix()) / (24 * 60 * 60))
}

// Birthday is the day somebody reaches an age. Who was born on 29 February does so on
// 1 March in other years.
func Birthday(birth Date, age int) Date {
	return DateOf(Date{birth.Year + age, max(birth.Month, 1), max(birth.Day, 1)}.Time())
}

// Age is the number of full years on a day; negative before birth. Of a partial date of
// birth it is the highest possible age.
func Age(birth, on Date) int {
	age := on.Year - birth.Year
	if on.Before(Birthday(birth, age)) {
		age--
	}
	return age
}
