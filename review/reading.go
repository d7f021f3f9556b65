package review

import "time"

// Area is an upright rectangle on a page picture, in fractions of its width and
// height from the upper left corner.
type Area struct {
	X, Y, W, H float64
}

// Empty reports whether nothing is known about the place.
func (a Area) Empty() bool { return a.W <= 0 || a.H <= 0 }

// ReadVerdict is how a look for machine-readable lines ended.
type ReadVerdict string

// The ways in which the look for machine-readable lines ends.
const (
	LinesRead       ReadVerdict = "read"       // accepted: sure enough to be compared
	LinesUnreadable ReadVerdict = "unreadable" // there are lines, but not sure enough
	LinesNone       ReadVerdict = "none"       // the page has none
)

// The formats of machine-readable lines.
const (
	FormatTD1   = "td1"
	FormatTD2   = "td2"
	FormatTD3   = "td3"
	FormatMRVA  = "mrv-a"
	FormatMRVB  = "mrv-b"
	FormatPNRUS = "pnrus"
)

// Reading is what the machine-readable lines of one page say. It holds personal
// data: it is sealed with the page and prints as [redacted].
type Reading struct {
	Verdict    ReadVerdict   `json:"verdict"`
	Format     string        `json:"format,omitempty"` // one of the Format constants
	Lines      []string      `json:"lines,omitempty"`
	Confidence float64       `json:"confidence,omitempty"` // mean logarithm of the characters' probabilities
	Repaired   int           `json:"repaired,omitempty"`   // characters that a check digit has corrected
	Turn       int           `json:"turn,omitempty"`       // 0, 90, 180 or 270: clockwise, to make the page upright
	Digits     []DigitResult `json:"digits,omitempty"`
	Fields     []ReadField   `json:"fields,omitempty"`
	Band       Area          `json:"band"` // where the lines are
}

// DigitResult is the outcome of one check digit.
type DigitResult struct {
	Field string `json:"field"` // document-number, birth-date, expiry-date, optional-data or composite
	OK    bool   `json:"ok"`
}

// ReadField is one value read from a page and where it stands.
type ReadField struct {
	// Code says what it is: document-code, issuer, surname, given-names,
	// document-number, nationality, birth-date, sex, expiry-date, optional-data; the
	// Russian internal passport has given-name, patronymic, series, number,
	// issue-date and division-code. Dates are YYMMDD as printed. A text reader has
	// codes of its own.
	Code       string  `json:"code"`
	Value      string  `json:"value"`
	Confidence float64 `json:"confidence"` // probability of the least certain character, 0 to 1
	Box        Area    `json:"box"`
}

// Portrait says whether a face is on a page, never whose.
type Portrait struct {
	Found bool `json:"found"`
	Box   Area `json:"box"`
}

// PageReport is what the inspection found out about a page beyond its picture.
// It holds personal data: it is sealed with the page and prints as [redacted].
type PageReport struct {
	// Look is the picture's difference hash of 256 bits, empty when there is none.
	Look     []byte      `json:"look,omitempty"`
	Reading  *Reading    `json:"reading,omitempty"`  // nil when nobody looked for lines
	Portrait *Portrait   `json:"portrait,omitempty"` // nil when nobody looked for a face
	Editor   string      `json:"editor,omitempty"`   // the picture editor that the file names
	Taken    time.Time   `json:"taken,omitzero"`     // by the camera's clock
	Texts    []ReadField `json:"texts,omitempty"`    // suggestions of a text reader, never facts
	Notes    []string    `json:"notes,omitempty"`    // codes of what was noticed about this page
	Reader   string      `json:"reader,omitempty"`   // names those who looked at the page
}

// Empty reports whether nothing was found out.
func (r PageReport) Empty() bool {
	return len(r.Look) == 0 && r.Reading == nil && r.Portrait == nil && r.Editor == "" && r.Taken.IsZero() && len(r.Texts) == 0 && len(r.Notes) == 0
}

// String keeps personal data out of logs.
func (Reading) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Reading) GoString() string { return "[redacted]" }

// String keeps personal data out of logs.
func (ReadField) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (ReadField) GoString() string { return "[redacted]" }

// String keeps personal data out of logs.
func (PageReport) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (PageReport) GoString() string { return "[redacted]" }

// Field returns a value that was read, by its code.
func (r *Reading) Field(code string) (ReadField, bool) {
	if r == nil {
		return ReadField{}, false
	}
	for _, f := range r.Fields {
		if f.Code == code {
			return f, true
		}
	}
	return ReadField{}, false
}

// Lines returns the reading of a document that is worth most: an accepted one
// before an unreadable one before none. It returns nil when nobody looked.
func (d Document) Lines() (best *Reading, page int) {
	rank := map[ReadVerdict]int{LinesNone: 1, LinesUnreadable: 2, LinesRead: 3}
	for _, p := range d.Pages {
		if r := p.Report.Reading; r != nil && (best == nil || rank[r.Verdict] > rank[best.Verdict]) {
			best, page = r, p.Number
		}
	}
	return best, page
}
