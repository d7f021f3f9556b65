package web

import (
	"context"
	"errors"
	"strings"

	"okno/review"
	"okno/views/i18n"
	"okno/views/ui"
)

// Faults turns an error of kind Invalid into the lines of an error summary. The
// words of a fault are those of <prefix>.fault.<field>.<code> or, without such a
// key, of fault.<code>. Any other error has no lines.
func Faults(ctx context.Context, err error, prefix string) []ui.Fault {
	e, ok := errors.AsType[*review.Error](err)
	if !ok || e.Kind != review.Invalid {
		return nil
	}
	var list []ui.Fault
	for _, f := range e.Fields {
		key := prefix + ".fault." + f.Field + "." + f.Code
		if !i18n.Has(key) {
			key = "fault." + f.Code
		}
		list = append(list, ui.Fault{Field: f.Field, Text: i18n.T(ctx, key)})
	}
	return list
}

// FaultAt returns the words of the faults at a field, to stand beside it.
func FaultAt(faults []ui.Fault, field string) (words string) {
	for _, f := range faults {
		switch {
		case f.Field != field:
		case words == "":
			words = f.Text
		default:
			words = strings.TrimSuffix(words, ".") + ". " + f.Text
		}
	}
	return words
}
