package i18n

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

// joiner keeps a line from breaking after a hyphen.
const joiner = "\u2060"

var monthsOf = map[string][]string{
	Russian: {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"},
	"uz":    {"yanvar", "fevral", "mart", "aprel", "may", "iyun", "iyul", "avgust", "sentabr", "oktabr", "noyabr", "dekabr"},
	"tg":    {"январи", "феврали", "марти", "апрели", "майи", "июни", "июли", "августи", "сентябри", "октябри", "ноябри", "декабри"},
	"ky":    {"январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"},
	English: {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Date is a date in running text: «5 декабря 2026 г.», "5 December 2026".
func Date(ctx context.Context, t time.Time) string {
	return longDate(Lang(ctx), t.In(Zone(ctx)))
}

func longDate(lang string, t time.Time) string {
	year := strconv.Itoa(t.Year())
	switch s := dayMonth(lang, t); lang {
	case Russian:
		return s + nbsp + year + nbsp + "г."
	case "uz":
		return year + "-" + joiner + "yil" + nbsp + s
	case "ky":
		return year + "-" + joiner + "ж." + nbsp + s
	default:
		return s + nbsp + year
	}
}

// dayMonth follows the order and the hyphens that each language writes.
func dayMonth(lang string, t time.Time) string {
	gap := nbsp
	if lang == "uz" || lang == "ky" {
		gap = "-" + joiner
	}
	return strconv.Itoa(t.Day()) + gap + monthsOf[lang][t.Month()-1]
}

// likeRussian tells whether a language groups thousands with a space and writes
// a decimal comma, as Russian does and English does not.
func likeRussian(lang string) bool { return lang != English }

// DayMonth is a date near enough to need no year: «5 декабря», "5 December".
func DayMonth(ctx context.Context, t time.Time) string {
	return dayMonth(Lang(ctx), t.In(Zone(ctx)))
}

// DateShort is a date in a table: 05.12.2026 in every language, as documents print it.
func DateShort(ctx context.Context, t time.Time) string {
	return t.In(Zone(ctx)).Format("02.01.2006")
}

// Clock is the time of day: 14:32.
func Clock(ctx context.Context, t time.Time) string {
	return t.In(Zone(ctx)).Format("15:04")
}

// ClockZone is the time of day with its zone, for people who may be elsewhere: 14:32 (UTC+3).
func ClockZone(ctx context.Context, t time.Time) string {
	t = t.In(Zone(ctx))
	return t.Format("15:04") + nbsp + "(" + zoneName(t) + ")"
}

// DateTime is a moment in running text with its zone: «5 декабря 2026 г., 14:32 (UTC+3)».
func DateTime(ctx context.Context, t time.Time) string {
	return Date(ctx, t) + ", " + ClockZone(ctx, t)
}

// DateTimeShort is a moment in a table: 05.12.2026 14:32.
func DateTimeShort(ctx context.Context, t time.Time) string {
	return t.In(Zone(ctx)).Format("02.01.2006" + nbsp + "15:04")
}

// Machine is a moment for the datetime attribute of a time element.
func Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func zoneName(t time.Time) string {
	_, off := t.Zone()
	if off == 0 {
		return "UTC"
	}
	sign := "+"
	if off < 0 {
		sign, off = "−", -off
	}
	s := "UTC" + sign + strconv.Itoa(off/3600)
	if m := off % 3600 / 60; m != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	return s
}

// Number is a whole number with its thousands grouped: «1 204», "1,204".
func Number(ctx context.Context, n int64) string { return number(Lang(ctx), n) }

func number(lang string, n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	gap := ","
	if likeRussian(lang) {
		gap = nbsp
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + gap + s[i:]
	}
	return sign + s
}

// Decimal is a number with the given digits after the comma, none of them a trailing zero.
func Decimal(ctx context.Context, f float64, digits int) string {
	return decimal(Lang(ctx), f, digits)
}

func decimal(lang string, f float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', digits, 64)
	head, tail, _ := strings.Cut(s, ".")
	tail = strings.TrimRight(tail, "0")
	n, err := strconv.ParseInt(head, 10, 64)
	if err != nil {
		return s
	}
	head = number(lang, n)
	if f < 0 && (n != 0 || tail != "") {
		head = "−" + head
	}
	switch {
	case tail == "":
		return head
	case likeRussian(lang):
		return head + "," + tail
	default:
		return head + "." + tail
	}
}

// Percent shows a share from 0 to 1: «94 %», "94%".
func Percent(ctx context.Context, share float64) string {
	lang := Lang(ctx)
	s := decimal(lang, share*100, 0)
	if lang == Russian || lang == "ky" {
		return s + nbsp + "%"
	}
	return s + "%"
}

// Bytes is the size of a file: «3,1 МБ», "3.1 MB"; a megabyte is 1,048,576 bytes as in the upload limit.
func Bytes(ctx context.Context, n int64) string {
	lang := Lang(ctx)
	units := []string{"B", "KB", "MB", "GB", "TB"}
	if lang != English && lang != "uz" {
		units = []string{"Б", "КБ", "МБ", "ГБ", "ТБ"}
	}
	f, unit := float64(n), 0
	for math.Abs(f) >= 1024 && unit < len(units)-1 {
		f /= 1024
		unit++
	}
	digits := 1
	if unit < 2 {
		digits = 0
	}
	return decimal(lang, f, digits) + nbsp + units[unit]
}

var unitsOfTime = map[string][]string{
	Russian: {"д", "ч", "мин", "с"},
	English: {"d", "h", "min", "s"},
	"uz":    {"kun", "soat", "daq", "son"},
	"tg":    {"рӯз", "соат", "дақ", "сон"},
	"ky":    {"күн", "саат", "мүн", "сек"},
}

// Duration is a length of time in its two largest units: «1 ч 40 мин», "2 d 3 h". Less than
// a minute is given in seconds; a negative one carries a minus sign.
func Duration(ctx context.Context, d time.Duration) string {
	u := unitsOfTime[Lang(ctx)]
	sign := ""
	if d < 0 {
		sign, d = "−", -d
	}
	part := func(n int64, unit int) string { return strconv.FormatInt(n, 10) + nbsp + u[unit] }
	join := func(a int64, ua int, b int64, ub int) string {
		if b == 0 {
			return sign + part(a, ua)
		}
		return sign + part(a, ua) + nbsp + part(b, ub)
	}
	switch {
	case d < time.Minute:
		return sign + part(int64(d/time.Second), 3)
	case d < time.Hour:
		return sign + part(int64(d/time.Minute), 2)
	case d < 24*time.Hour:
		return join(int64(d/time.Hour), 1, int64(d%time.Hour/time.Minute), 2)
	default:
		return join(int64(d/(24*time.Hour)), 0, int64(d%(24*time.Hour)/time.Hour), 1)
	}
}
