package ui

import (
	"context"

	"okno/views/i18n"
)

// Difference is an answer that is not what was read from the document: both, the place
// on the page, and where the answer is corrected.
type Difference struct {
	What        string // the name of the answer
	Read, Typed Passage
	Mono        bool
	Hints       []string
	Crop        string // address of the picture of the place; empty when it is not known
	Fix         Link   // without an address the answer cannot be changed now
}

// DifferenceHints say how two values differ, as far as there are words for the rule that
// compared them, and how to read the place.
func DifferenceHints(ctx context.Context, rule string, date, crop bool) (list []string) {
	if key := "told." + rule; i18n.Has(key) {
		list = append(list, i18n.T(ctx, key))
	}
	if date && crop {
		list = append(list, i18n.T(ctx, "told.date"))
	}
	return list
}
