// Package field holds the rules for everything a person types or a document
// shows: names, dates, phones, numbers of documents, and the small calculations
// built on them (name comparison, duplicates, length of stay, the review clock).
//
// Almost every rule has one shape: it takes the text as typed and returns the
// normal form with the faults found.
//
//	normal, faults := field.SNILS("901-234-507 52")
//	if field.Blocking(faults) {
//		// show faults[0].Code next to the field
//	}
//	store(normal) // "90123450752"
//
// The normal form is meant for storing, searching and uniqueness; keep the text
// as typed beside it. It is only meaningful when no fault blocks. A numeric
// identifier is text and is never parsed as a number: leading zeros matter.
//
// Nothing here reads a clock: rules that depend on a day take that day. The codes
// of all faults are listed in [Codes]; their wording belongs to the catalogues.
package field

// Fault is one finding of a rule. A warning lets the applicant confirm that the
// value is right; everything else stops submission.
type Fault struct {
	Code    string
	Warning bool
}

// Blocking reports whether any of the faults is more than a warning.
func Blocking(faults []Fault) bool {
	for _, f := range faults {
		if !f.Warning {
			return true
		}
	}
	return false
}

func fault(code string) []Fault   { return []Fault{{Code: code}} }
func warning(code string) []Fault { return []Fault{{Code: code, Warning: true}} }
