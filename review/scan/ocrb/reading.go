package ocrb

import "okno/review/mrz"

// Verdict is what became of a page.
type Verdict string

// The verdicts of a [Reading].
const (
	// Read: the lines are as printed, to the best of the reader's knowledge.
	Read Verdict = "read"
	// Unreadable: there are machine-readable lines, but some characters are in
	// doubt. Lines and Fields hold the best guess and must not be relied on.
	Unreadable Verdict = "unreadable"
	// None: no machine-readable lines were found.
	None Verdict = "none"
)

// Reading is what the reader saw on one picture.
type Reading struct {
	Verdict Verdict
	Format  mrz.Kind // empty unless lines were found
	Lines   []string // as printed
	// Confidence is the mean log-probability of the characters: 0 is certain,
	// below [AcceptAbove] nothing is accepted.
	Confidence float64
	// Repaired is how many characters were replaced by their second choice because
	// an elementary check digit demanded it.
	Repaired int
	// Turn is the clockwise turn in degrees (0, 90, 180, 270) that makes the picture
	// upright.
	Turn int
	// Chars are the characters of each line with their probabilities.
	Chars       [][]Char
	CheckDigits []CheckDigit
	Fields      []Field
	// Band surrounds all lines: corners in reading order from the start of the first
	// line, as fractions of the picture's width and height in its own orientation.
	Band [4][2]float64
	// Work is what the search has cost, in units of about a millisecond of one core.
	Work int
}

// Char is one printed character.
type Char struct {
	Rune rune
	P    float64 // probability of Rune
	Alt  rune    // the next likely character
	AltP float64
	// Free is what the picture alone says, before the format's grammar is applied.
	Free rune
	// Unexpected tells that the picture clearly shows a character which the format
	// does not allow at this place; Rune is then that character.
	Unexpected bool
	// Repaired tells that a check digit chose this character over a likelier one.
	Repaired bool
}

// CheckDigit is the outcome of one check digit, with the field names of [mrz.Check].
type CheckDigit struct {
	Field string
	OK    bool
}

// Field is one value of the lines and its place on the picture.
type Field struct {
	// Code is document-code, issuer, surname, given-names, document-number,
	// nationality, birth-date, sex, expiry-date or optional-data; the Russian internal
	// passport has given-name, patronymic, series, number, issue-date and division-code
	// as well.
	Code string
	// Value is the text without fillers; names of the Russian internal passport are in
	// Russian letters, dates are YYMMDD as printed.
	Value string
	// Line, From and To tell which characters were read: Lines[Line][From:To].
	Line, From, To int
	// Confidence is the probability of the least certain character.
	Confidence float64
	// Box has the corners in reading order from the upper left of the first character,
	// as fractions of the picture's width and height in its own orientation.
	Box [4][2]float64
}
