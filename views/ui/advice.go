package ui

import (
	"context"

	"okno/views/i18n"
)

// PictureAdvice is one sentence about a picture and the drawing that shows what it means.
type PictureAdvice struct {
	Text    string
	Example string // of img/example-….svg; empty for none
}

// drawings are the examples by what was noticed. What is missing has words only.
var drawings = map[string]string{
	"blur": "blur", "glare": "glare", "dark": "dark", "bright": "bright", "cut": "cut", "skew": "skew", "resolution": "small", "grayscale": "gray",
}

// AdviceOn returns what to do about a page of which the inspection noticed something; ok is false when there is
// nothing for the applicant to do.
func AdviceOn(ctx context.Context, noticed string) (a PictureAdvice, ok bool) {
	key := "quality." + noticed
	if !i18n.Has(key) {
		return PictureAdvice{}, false
	}
	return PictureAdvice{Text: i18n.T(ctx, key), Example: drawings[noticed]}, true
}
