package intake

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"okno/review"
	"okno/review/field"
	"okno/review/mrz"
)

// Offer is a value for an empty input, read from machine-readable lines. It is
// never taken without the person's word.
type Offer struct {
	Field  review.Field
	Value  string // as it would be stored
	Inputs Typed  // the inputs that it would fill
}

// LinesError is the code of what is wrong with typed lines.
const (
	LinesUnknown  = "lines-unknown"  // not the lines of a document that we can read
	LinesMistyped = "lines-mistyped" // a check digit does not fit
)

// OffersFromLines reads lines that the person typed from the foot of the passport
// and offers them for the empty inputs of a section. code says what is wrong.
func OffersFromLines(track review.Track, section Section, typed Typed, lines string, today field.Date) (offers []Offer, code string) {
	kind, l := mrz.Split(lines)
	var values map[review.Field]string
	var faults []string
	switch kind {
	case mrz.KindTD3:
		var d mrz.Document
		d, faults = mrz.TD3(l[0], l[1])
		values = travelDocument(track, d, today)
	case mrz.KindTD1:
		var d mrz.Document
		d, faults = mrz.TD1(l[0], l[1], l[2])
		values = travelDocument(track, d, today)
	case mrz.KindPNRUS:
		var d mrz.Internal
		d, faults = mrz.PNRUS(l[0], l[1])
		values = internalDocument(track, d, today)
	default:
		return nil, LinesUnknown
	}
	switch {
	case slices.Contains(faults, "length"), slices.Contains(faults, "charset"), slices.Contains(faults, "document-code"):
		return nil, LinesUnknown
	case len(faults) > 0:
		return nil, LinesMistyped
	}
	return empty(section, typed, values), ""
}

// OffersFromScan offers what was read from the uploaded passport for the empty
// inputs of a section. Only an accepted reading is offered.
func OffersFromScan(s *review.Submission, section Section, typed Typed, today field.Date) []Offer {
	d, ok := s.Document(review.SlotPassport)
	if !ok {
		return nil
	}
	r, _ := d.Lines()
	if r == nil || r.Verdict != review.LinesRead {
		return nil
	}
	offers, _ := OffersFromLines(s.Track, section, typed, strings.Join(r.Lines, "\n"), today)
	return offers
}

// empty keeps the values of inputs that belong to the section and hold nothing.
func empty(section Section, typed Typed, values map[review.Field]string) (offers []Offer) {
	for _, in := range section.Inputs {
		v := values[in.Field]
		// What a draft starts with is no answer yet.
		if v == "" || strings.TrimSpace(typed.text(in)) != "" {
			continue
		}
		o := Offer{Field: in.Field, Value: v, Inputs: Typed{}}
		if in.Kind == Date {
			d, faults := field.ParsePartialDate(v)
			if faults != nil {
				continue
			}
			o.Inputs.setDate(in.Field, d)
		} else {
			o.Inputs[string(in.Field)] = v
		}
		offers = append(offers, o)
	}
	return offers
}

func travelDocument(track review.Track, d mrz.Document, today field.Date) map[review.Field]string {
	v := map[review.Field]string{review.DocumentNumber: d.Number, review.Sex: d.Sex}
	if !d.NamesCut { // a name that was cut off is not the name
		v[review.SurnameLatin], v[review.GivenNameLatin] = d.Surname, d.GivenNames
	}
	v[review.BirthDate], _ = mrz.BirthDate(d.BirthDate, today.Year)
	v[review.DocumentExpiryDate], _ = mrz.ExpiryDate(d.ExpiryDate, today.Year)
	nation, faults := field.Nationality(d.Nationality)
	known := !field.Blocking(faults)
	if track == review.FromAbroad {
		if nation != "RUS" {
			return nil
		}
		v[review.DocumentType] = "rf-travel-passport"
		return v
	}
	if known && nation != "RUS" {
		v[review.Citizenship] = nation
	}
	if strings.HasPrefix(d.Code, "P") {
		v[review.DocumentType] = "foreign-passport"
	}
	return v
}

func internalDocument(track review.Track, d mrz.Internal, today field.Date) map[review.Field]string {
	if track != review.FromAbroad {
		return nil
	}
	v := map[review.Field]string{
		review.DocumentType: "rf-passport", review.DocumentNumber: d.Series + d.Number, review.Sex: d.Sex, review.DivisionCode: d.DivisionCode,
	}
	if !d.NamesCut {
		v[review.Surname], v[review.GivenName], v[review.Patronymic] = capital(d.Surname), capital(d.GivenName), capital(d.Patronymic)
	}
	v[review.BirthDate], _ = mrz.BirthDate(d.BirthDate, today.Year)
	v[review.DocumentIssueDate], _ = mrz.BirthDate(d.IssueDate, today.Year) // in the past, as a birth is
	return v
}

// capital writes a name of capital letters the way names are written.
func capital(s string) string {
	start := true
	return strings.Map(func(r rune) rune {
		first := start
		start = !unicode.IsLetter(r)
		if first {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, s)
}

// Suggest offers to write a name in the one script of its input where letters of
// the other script look the same.
func Suggest(f review.Field, typed string) (string, bool) {
	switch f {
	case review.Surname, review.GivenName, review.Patronymic:
		return field.Unmix(typed, unicode.Cyrillic)
	case review.SurnameLatin, review.GivenNameLatin:
		return field.Unmix(typed, unicode.Latin)
	}
	return "", false
}

// Rewritten lists the fields of a section whose stored form has other letters or
// digits than what was typed, spaces, dashes and case apart: people are told.
func Rewritten(section Section, answers review.Answers) (fields []review.Field) {
	for _, in := range section.Inputs {
		a, ok := answers[in.Field]
		if ok && (in.Kind == Text || in.Kind == Area) && in.Field != review.MachineLines && bareText(a.Typed) != bareText(a.Value) {
			fields = append(fields, in.Field)
		}
	}
	return fields
}

func bareText(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToUpper(r)
		}
		return -1
	}, s)
}

// lines takes typed machine-readable lines in: one per line, without spaces. They
// help to fill other inputs; nothing is decided by them.
func lines(raw string) (string, []field.Fault) {
	_, l := mrz.Split(raw)
	n := strings.Join(l, "\n")
	if len(n) > maxLines {
		return "", []field.Fault{{Code: "length"}}
	}
	return n, nil
}

const maxLines = 300

// HintDigits is how many digits the browser may tell to expect in an input; empty
// where it varies.
func HintDigits(f review.Field) string {
	n := map[review.Field]int{review.SNILS: 11, review.INN: 12, review.OMS: 16, review.PostalIndex: 6, review.DivisionCode: 6}[f]
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
