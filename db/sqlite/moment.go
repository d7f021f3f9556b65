package sqlite

import "time"

// Times are stored as Unix milliseconds; 0 stands for no time.

// Millis returns the stored form of a time.
func Millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// Moment is the inverse of [Millis], in UTC.
func Moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
