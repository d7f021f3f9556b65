package review_test

import (
	"testing"
	"time"

	"okno/review"
)

func TestAPauseAfterThreeRejectionsWithinThirtyDays(t *testing.T) {
	const day = 24 * time.Hour
	begin := time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	at := func(d time.Duration) time.Time { return begin.Add(d) }
	rejected := func(when ...time.Duration) (list []review.Begun) {
		for _, w := range when {
			list = append(list, review.Begun{At: at(w - 2*time.Hour), Rejected: at(w)})
		}
		return list
	}
	started := func(when ...time.Duration) (list []review.Begun) {
		for _, w := range when {
			list = append(list, review.Begun{At: at(w)})
		}
		return list
	}
	for name, c := range map[string]struct {
		begun []review.Begun
		now   time.Duration
		want  review.Pause
	}{
		"nothing yet":              {nil, 0, review.Pause{}},
		"two rejections":           {rejected(0, day), 2 * day, review.Pause{}},
		"three":                    {rejected(0, 5*day, 10*day), 10 * day, review.Pause{Reason: review.PauseRejections, Until: at(17 * day)}},
		"in any order":             {rejected(10*day, 0, 5*day), 11 * day, review.Pause{Reason: review.PauseRejections, Until: at(17 * day)}},
		"the last moment":          {rejected(0, 5*day, 10*day), 17*day - 1, review.Pause{Reason: review.PauseRejections, Until: at(17 * day)}},
		"seven days later":         {rejected(0, 5*day, 10*day), 17 * day, review.Pause{}},
		"exactly thirty days":      {rejected(0, 5*day, 30*day), 30 * day, review.Pause{Reason: review.PauseRejections, Until: at(37 * day)}},
		"thirty days and a moment": {rejected(0, 5*day, 30*day+1), 31 * day, review.Pause{}},
		"a fourth begins it again": {rejected(0, 5*day, 10*day, 18*day), 18 * day, review.Pause{Reason: review.PauseRejections, Until: at(25 * day)}},
		"one lifted by an appeal":  {append(rejected(0, 5*day), started(9*day)...), 10 * day, review.Pause{}},
		"two starts in a day":      {started(0, time.Hour), 2 * time.Hour, review.Pause{}},
		"three starts in a day":    {started(0, time.Hour, 2*time.Hour), 3 * time.Hour, review.Pause{Reason: review.PauseStarts, Until: at(day)}},
		"a day after the first":    {started(0, time.Hour, 2*time.Hour), day, review.Pause{}},
		"the longer of two counts": {rejected(2*time.Hour, 5*time.Hour, 8*time.Hour), 9 * time.Hour, review.Pause{Reason: review.PauseRejections, Until: at(7*day + 8*time.Hour)}},
	} {
		if got := review.PauseAfter(c.begun, at(c.now)); got.Reason != c.want.Reason || !got.Until.Equal(c.want.Until) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
