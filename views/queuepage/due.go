package queuepage

import (
	"context"
	"time"

	"okno/views/i18n"
)

// soon is the time before the deadline from which it is shown in colour.
const soon = 30 * time.Minute

// Due says how long there is to a deadline, or how long ago it was; state is
// late, soon or empty. A zero deadline gives nothing: the clock stands still.
func Due(ctx context.Context, deadline, now time.Time) (text, state string) {
	left := deadline.Sub(now)
	switch {
	case deadline.IsZero():
		return "", ""
	case left < 0:
		return i18n.T(ctx, "queue.dueLate", "time", i18n.Duration(ctx, -left)), "late"
	case left < soon:
		return i18n.Duration(ctx, left), "soon"
	default:
		return i18n.Duration(ctx, left), ""
	}
}
