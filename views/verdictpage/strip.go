package verdictpage

import (
	"context"
	"strconv"
	"time"

	"okno/views/i18n"
	"okno/views/link"
)

// NewStrip tells of a decision about a case: id and number name the case, until
// is the end of the time in which it can be taken back, zero when that is over.
func NewStrip(ctx context.Context, id, number string, until, now time.Time, csrf string) *StripModel {
	s := &StripModel{Text: i18n.T(ctx, "verdict.saved", "number", number), CSRF: csrf}
	if left := until.Sub(now); !until.IsZero() && left > 0 {
		seconds := int((left + time.Second - 1) / time.Second)
		s.UndoURL = link.CaseAction(id, "undo")
		s.Undo = i18n.T(ctx, "verdict.undoIn", "n", strconv.Itoa(seconds))
	}
	return s
}
