package web

import (
	"context"
	"time"

	"okno/views/i18n"
)

// Usual says how long a decision takes: from the desk's own last ones, of which half
// came within half and nine in ten within most, or what is usual elsewhere while too few
// of them are known.
func Usual(ctx context.Context, known bool, half, most time.Duration) string {
	if !known {
		return i18n.T(ctx, "progress.status.usual")
	}
	return i18n.T(ctx, "progress.status.honest", "half", i18n.Duration(ctx, roundUp(half)), "most", i18n.Duration(ctx, roundUp(most)))
}

// roundUp gives whole minutes, and from two hours on whole quarters of an hour.
func roundUp(d time.Duration) time.Duration {
	step := time.Minute
	if d > 2*time.Hour {
		step = 15 * time.Minute
	}
	return max((d+step-1)/step*step, time.Minute)
}
