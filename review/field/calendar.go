package field

import (
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Calendar says when a desk works. The zero value works round the clock. A closing time
// not after the opening time belongs to the next day.
type Calendar struct {
	Open, Close time.Duration  // since midnight
	Days        []time.Weekday // empty means every day
	Offset      time.Duration  // east of UTC
	Holidays    []Date
}

var deskHours = regexp.MustCompile(`^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$`)

// ParseHours reads desk hours in the form "09:00-21:00".
func ParseHours(s string) (open, close time.Duration, err error) {
	m := deskHours.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, fmt.Errorf("desk hours have to look like 09:00-21:00")
	}
	clock := func(h, m string) time.Duration {
		return time.Duration(number(h))*time.Hour + time.Duration(number(m))*time.Minute
	}
	return clock(m[1], m[2]), clock(m[3], m[4]), nil
}

// RoundTheClock reports whether the desk never closes.
func (c Calendar) RoundTheClock() bool {
	return c.Open == c.Close && len(c.Days) == 0 && len(c.Holidays) == 0
}

// Between is the desk time from one moment to another; zero if to is not later.
func (c Calendar) Between(from, to time.Time) time.Duration {
	if !to.After(from) {
		return 0
	}
	if c.RoundTheClock() {
		return to.Sub(from)
	}
	var total time.Duration
	for day := c.day(from).AddDays(-1); !day.After(c.day(to)); day = day.AddDays(1) {
		if open, close, works := c.shift(day); works {
			total += max(0, earlier(close, to).Sub(later(open, from)))
		}
	}
	return total
}

// horizonDays bounds the search of [Calendar.Add] in a calendar that never opens.
const horizonDays = 400

// Add is the first moment at which a desk time has passed since from. In a calendar
// without working days it is far in the future.
func (c Calendar) Add(from time.Time, desk time.Duration) time.Time {
	if desk <= 0 || c.RoundTheClock() {
		return from.Add(desk)
	}
	day := c.day(from).AddDays(-1)
	for range horizonDays {
		if open, close, works := c.shift(day); works {
			open = later(open, from)
			if rest := close.Sub(open); rest >= desk {
				return open.Add(desk)
			} else if rest > 0 {
				desk -= rest
			}
		}
		day = day.AddDays(1)
	}
	return day.Time().Add(desk)
}

// day is the calendar day of a moment at the desk.
func (c Calendar) day(t time.Time) Date { return DateOf(t.UTC().Add(c.Offset)) }

// shift is the working time that begins on a day.
func (c Calendar) shift(day Date) (open, close time.Time, works bool) {
	midnight := day.Time().Add(-c.Offset)
	if len(c.Days) > 0 && !slices.Contains(c.Days, day.Time().Weekday()) || slices.Contains(c.Holidays, day) {
		return midnight, midnight, false
	}
	end := c.Close
	if end <= c.Open {
		end += 24 * time.Hour
	}
	return midnight.Add(c.Open), midnight.Add(end), true
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
