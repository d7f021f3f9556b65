package field

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DateBoxes reads a date from three text boxes. The month may be a number or a Russian
// or English name. A missing part is reported as part:day, part:month or part:year, an
// unreadable one as format:day and so on; all parts are reported at once. Three empty
// boxes are "empty".
func DateBoxes(day, month, year string) (Date, []Fault) {
	return readBoxes(day, month, year, PrecisionDay)
}

// PartialDateBoxes is [DateBoxes] for documents that show only the year, or only month
// and year: an empty day is accepted, and with it an empty month.
func PartialDateBoxes(day, month, year string) (Date, []Fault) {
	precision := PrecisionDay
	switch {
	case Normalize(day) == "" && Normalize(month) == "":
		precision = PrecisionYear
	case Normalize(day) == "":
		precision = PrecisionMonth
	}
	return readBoxes(day, month, year, precision)
}

func readBoxes(day, month, year, precision string) (Date, []Fault) {
	day, month, year = boxText(day), boxText(month), boxText(year)
	if day+month+year == "" {
		return Date{}, fault("empty")
	}
	d := Date{boxYear(year), monthOf(month), boxDay(day)}
	var faults []Fault
	if precision == PrecisionDay {
		faults = append(faults, boxFault("day", day, d.Day != 0)...)
	}
	if precision != PrecisionYear {
		faults = append(faults, boxFault("month", month, d.Month != 0)...)
	}
	faults = append(faults, boxFault("year", year, d.Year != 0)...)
	switch {
	case faults != nil:
		return Date{}, faults
	case !d.Real():
		return Date{}, fault("not-a-date")
	}
	return d, nil
}

// boxText levels what is typed into a box: "15-е", "15." and " 15 " all begin the same.
func boxText(s string) string { return strings.Trim(Fold(s), " .,") }

func boxFault(part, text string, read bool) []Fault {
	switch {
	case text == "":
		return fault("part:" + part)
	case !read:
		return fault("format:" + part)
	}
	return nil
}

func boxDay(s string) int {
	for _, ending := range []string{"-е", "-го", "st", "nd", "rd", "th"} {
		s = strings.TrimSuffix(s, ending)
	}
	if len(s) > 2 || !allDigits(s) || number(s) > 31 {
		return 0
	}
	return number(s)
}

func boxYear(s string) int {
	s = strings.TrimSpace(strings.TrimRight(s, "года."))
	if len(s) != 4 || !allDigits(s) {
		return 0
	}
	return number(s)
}

// monthNames are the folded beginnings that tell a month in Russian, in any case form,
// and in English; the index is the month less one.
var monthNames = [12][]string{
	{"янв", "jan"}, {"фев", "feb"}, {"мар", "mar"}, {"апр", "apr"}, {"маи", "мая", "мае", "may"}, {"июн", "jun"},
	{"июл", "jul"}, {"авг", "aug"}, {"сен", "sep"}, {"окт", "oct"}, {"ноя", "nov"}, {"дек", "dec"},
}

// monthOf reads a month by number or by name; zero if it cannot.
func monthOf(s string) time.Month {
	if allDigits(s) {
		if n := number(s); len(s) <= 2 && n <= 12 {
			return time.Month(n)
		}
		return 0
	}
	if utf8.RuneCountInString(s) > len("september") {
		return 0
	}
	for i, beginnings := range monthNames {
		if slices.ContainsFunc(beginnings, func(b string) bool { return strings.HasPrefix(s, b) }) {
			return time.Month(i + 1)
		}
	}
	return 0
}
