package web

import (
	"context"
	"errors"

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

// FaultAt returns the words of the first fault at a field, to stand beside it.
func FaultAt(faults []ui.Fault, field string) string {
	for _, f := range faults {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}
