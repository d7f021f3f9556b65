package scan

import (
	"time"

	"okno/review"
)

// Portrait says whether a face is on a page. It never says whose: no face is
// measured, compared or kept.
type Portrait struct {
	Found    bool
	Box      review.Area // of the strongest face; zero when none was found
	Strength int         // agreeing hits of the detector
}

// Origin is what a picture file tells about its making. The values serve the
// reviewer as hints and are gone from the page pictures; where a picture was
// taken is never read, only that the file said so.
type Origin struct {
	Software string    // the program that wrote the file, by its own account
	Editor   string    // the picture editor among those programs; empty for none
	Make     string    // of the camera or telephone
	Model    string    // of the camera or telephone
	Taken    time.Time // by the camera's clock, without a zone; zero when unknown
	Changed  time.Time // likewise, when the file was last written
	Position bool      // the file said where the picture was taken
}

// Empty tells that the file says nothing about its making.
func (o Origin) Empty() bool { return o == Origin{} }

// Text is a value that a text reader thinks it sees on a page: a suggestion for
// a human, never a fact that a decision rests on.
type Text struct {
	Code       string // of the value: series, number, surname, given-names, birth-date …
	Value      string
	Confidence float64 // 0 to 1, by the reader's own account
	Box        review.Area
}
