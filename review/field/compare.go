package field

import (
	"strings"

	"okno/review"
)

// Unreadable says that a value stands in the document but cannot be compared. It is
// no step of [Worst]'s scale.
const Unreadable Match = "unreadable"

// The rules by which a typed value was compared with one read from the document; each
// is a translation key compare.<rule>.
const (
	RuleSame         = "same"           // the same characters
	RuleTransliterat = "transliterated" // the same letters in the other script
	RuleSound        = "same-sound"     // another romanisation of the same sounds
	RuleCut          = "cut-line"       // the line was too short for the whole name
	RulePatronymic   = "with-patronymic"
	RuleOneName      = "one-name" // the document has one name only
	RuleYo           = "yo"       // Е for Ё
	RuleSpelling     = "similar-spelling"
	RuleSwapped      = "swapped" // surname and given name change places
	RuleMoreNames    = "more-names"
	RuleFewerNames   = "fewer-names"
	RuleOther        = "other"
	RuleUncertain    = "uncertain" // the reader is not sure of the letters
	RuleLookAlike    = "look-alike"
	RuleOneCharacter = "one-character"
	RuleTransposed   = "transposed"
	RuleTwoDigitYear = "two-digit-year" // the line has no century
	RulePartial      = "partial-date"
	RuleDayMonth     = "day-month"
	RuleNoDate       = "not-a-date"
	RuleHasExpiry    = "has-expiry"
	RuleWithinTerm   = "within-term"
	RuleAfterTerm    = "after-term"
	RuleAlias        = "alias-code"
	RuleUnknownCode  = "unknown-code"
	RuleIssuer       = "issuer-instead" // the issuing state was typed for the citizenship
	RuleNotStated    = "not-stated"
	RuleUnreadable   = "unreadable"   // there are lines, but they cannot be relied on
	RuleTextSame     = "text-same"    // a text reader saw the same
	RuleTextDiffers  = "text-differs" // a text reader saw something else: a hint only
)

// CompareRules lists every rule, so that a test of the catalogues can ask for words.
var CompareRules = []string{
	RuleSame, RuleTransliterat, RuleSound, RuleCut, RulePatronymic, RuleOneName, RuleYo, RuleSpelling, RuleSwapped, RuleMoreNames, RuleFewerNames,
	RuleOther, RuleUncertain, RuleLookAlike, RuleOneCharacter, RuleTransposed, RuleTwoDigitYear, RulePartial, RuleDayMonth, RuleNoDate, RuleHasExpiry,
	RuleWithinTerm, RuleAfterTerm, RuleAlias, RuleUnknownCode, RuleIssuer, RuleNotStated, RuleUnreadable, RuleTextSame, RuleTextDiffers,
}

// Comparison is a typed value beside what the document says, with the rule that led to
// the verdict. It prints as [redacted].
type Comparison struct {
	Field   review.Field
	Typed   string
	Read    string // in the form of answers: full dates, codes of three letters
	Verdict Match
	Rule    string
	// Uncertain says that the reader doubts a character.
	Uncertain bool
	// Hint says that a text reader saw it: nothing may rest on that.
	Hint bool

	Slot     review.Slot
	Document review.DocumentID
	Page     int
	Box      review.Area
}

// String keeps personal data out of logs.
func (Comparison) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Comparison) GoString() string { return "[redacted]" }

// Agrees reports whether nobody has to look at the two values again.
func (c Comparison) Agrees() bool { return c.Verdict == Exact || c.Verdict == Equivalent }

// sure is the probability of the least certain character below which a letter that no
// check digit protects is in doubt.
const sure = 0.5

// Compare sets what was typed beside what was read from the documents. Fields that no
// document shows are not in the list; today gives two-digit years their century.
func Compare(s *review.Submission, today Date) (list []Comparison) {
	for _, d := range s.Documents {
		r, page := d.Lines()
		var found []Comparison
		switch {
		case r == nil || r.Verdict == review.LinesNone:
		case d.Slot == review.SlotPassport:
			found = identity(s.Answers, r, today)
		case d.Slot == review.SlotStayProof && s.Answers.Value(review.StayProofType) == "visa" && visa(r):
			found = visaTerm(s.Answers, r, today)
		}
		for _, c := range found {
			c.Page = page
			list = append(list, placed(c, d))
		}
		list = append(list, hints(s.Answers, d, list)...)
	}
	return list
}

func placed(c Comparison, d review.Document) Comparison {
	c.Slot, c.Document = d.Slot, d.ID
	return c
}

// Compared returns the comparison of a field, if there is one.
func Compared(list []Comparison, f review.Field) (Comparison, bool) {
	for _, c := range list {
		if c.Field == f {
			return c, true
		}
	}
	return Comparison{}, false
}

func visa(r *review.Reading) bool {
	return r.Format == review.FormatMRVA || r.Format == review.FormatMRVB
}

// identityFields are the answers that an identity document's lines speak about.
func identityFields(format string) []review.Field {
	if format == review.FormatPNRUS {
		return []review.Field{review.Surname, review.GivenName, review.Patronymic, review.BirthDate, review.Sex, review.DocumentNumber, review.DocumentIssueDate, review.DivisionCode}
	}
	return []review.Field{review.Surname, review.GivenName, review.SurnameLatin, review.GivenNameLatin, review.BirthDate, review.Sex, review.Citizenship, review.DocumentNumber, review.DocumentExpiryDate}
}

// identity compares the answers with the lines of the identity document.
func identity(a review.Answers, r *review.Reading, today Date) (list []Comparison) {
	if r.Verdict != review.LinesRead {
		for _, f := range identityFields(r.Format) {
			if v := a.Value(f); v != "" {
				list = append(list, Comparison{Field: f, Typed: v, Verdict: Unreadable, Rule: RuleUnreadable})
			}
		}
		return list
	}
	l := lines{a: a, r: r, today: today}
	if r.Format == review.FormatPNRUS {
		l.russianNames()
		l.russianNumber()
		l.date(review.DocumentIssueDate, "issue-date", false)
		l.division()
	} else {
		l.names()
		l.number(review.DocumentNumber, "document-number")
		l.citizenship()
		l.expiry()
	}
	l.date(review.BirthDate, "birth-date", false)
	l.sex()
	return l.list
}

// visaTerm compares number and term of a visa that proves the stay.
func visaTerm(a review.Answers, r *review.Reading, today Date) []Comparison {
	l := lines{a: a, r: r, today: today}
	if r.Verdict != review.LinesRead {
		if v := a.Value(review.StayProofNumber); v != "" {
			l.put(review.StayProofNumber, "", Unreadable, RuleUnreadable, review.ReadField{Confidence: 1})
		}
		return l.list
	}
	l.number(review.StayProofNumber, "document-number")
	l.term()
	return l.list
}

// lines compares answers with one reading.
type lines struct {
	a     review.Answers
	r     *review.Reading
	today Date
	list  []Comparison
}

func (l *lines) put(f review.Field, read string, verdict Match, rule string, from review.ReadField) {
	l.list = append(l.list, Comparison{
		Field: f, Typed: l.a.Value(f), Read: read, Verdict: verdict, Rule: rule, Box: from.Box,
		Uncertain: from.Confidence < sure,
	})
}

// get returns a value that was read, and whether there is something to compare.
func (l *lines) get(f review.Field, code string) (read review.ReadField, ok bool) {
	if l.a.Value(f) == "" {
		return read, false
	}
	read, found := l.r.Field(code)
	return read, found && read.Value != ""
}

// cut reports whether the name field of the lines is full.
func (l *lines) cut() bool {
	if len(l.r.Lines) == 0 {
		return false
	}
	name := l.r.Lines[0]
	if l.r.Format == review.FormatTD1 {
		name = l.r.Lines[len(l.r.Lines)-1]
	}
	return name != "" && !strings.HasSuffix(name, "<")
}

func (l *lines) sex() {
	typed := l.a.Value(review.Sex)
	read, found := l.r.Field("sex")
	switch {
	case typed == "" || !found:
	case read.Value == typed:
		l.put(review.Sex, read.Value, Exact, RuleSame, read)
	case read.Value == "" || read.Value == "<" || read.Value == "X":
		verdict := Unreadable
		if typed == "X" {
			verdict = Equivalent
		}
		l.put(review.Sex, "", verdict, RuleNotStated, read)
	default:
		l.put(review.Sex, read.Value, Different, RuleOther, read)
	}
}

func (l *lines) citizenship() {
	read, ok := l.get(review.Citizenship, "nationality")
	if !ok {
		return
	}
	typed := l.a.Value(review.Citizenship)
	issuer, _ := l.r.Field("issuer")
	code, faults := Nationality(read.Value)
	of := func(s string) string { c, _ := Nationality(s); return c }
	switch {
	case read.Value == typed:
		l.put(review.Citizenship, typed, Exact, RuleSame, read)
	case code == typed:
		l.put(review.Citizenship, read.Value, Equivalent, RuleAlias, read)
	case len(faults) > 0:
		l.put(review.Citizenship, read.Value, Unreadable, RuleUnknownCode, read)
	case read.Confidence < sure:
		l.put(review.Citizenship, code, Unreadable, RuleUncertain, read)
	case issuer.Value != "" && of(issuer.Value) == typed:
		l.put(review.Citizenship, code, Different, RuleIssuer, read)
	default:
		l.put(review.Citizenship, code, Different, RuleOther, read)
	}
}

func (l *lines) division() {
	read, ok := l.get(review.DivisionCode, "division-code")
	if !ok {
		return
	}
	l.characters(review.DivisionCode, plainNumber(l.a.Value(review.DivisionCode)), plainNumber(read.Value), read.Value, read)
}

// number compares a document number by its key, in which separators and Cyrillic
// letters in place of Latin ones do not count.
func (l *lines) number(f review.Field, code string) {
	read, ok := l.get(f, code)
	if !ok {
		return
	}
	typed, key := PassportKey(l.a.Value(f)), PassportKey(read.Value)
	if len(key) == 9 && len(typed) > 9 && strings.HasPrefix(typed, key) {
		l.put(f, read.Value, Equivalent, RuleCut, read)
		return
	}
	l.characters(f, typed, key, read.Value, read)
}

// russianNumber puts the number of an internal passport together from its two places.
func (l *lines) russianNumber() {
	number, ok := l.get(review.DocumentNumber, "number")
	series, found := l.r.Field("series")
	if !ok || !found {
		return
	}
	number.Box = around(series.Box, number.Box)
	number.Confidence = min(number.Confidence, series.Confidence)
	read := series.Value + " " + number.Value
	l.characters(review.DocumentNumber, PassportKey(l.a.Value(review.DocumentNumber)), PassportKey(read), read, number)
}

// around is the smallest area over two; the fourth digit of the series stands away from
// the rest, so the line between them is part of it.
func around(a, b review.Area) review.Area {
	switch {
	case a.Empty():
		return b
	case b.Empty():
		return a
	}
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return review.Area{X: x, Y: y, W: max(a.X+a.W, b.X+b.W) - x, H: max(a.Y+a.H, b.Y+b.H) - y}
}

// characters compares codes in which every character counts.
func (l *lines) characters(f review.Field, typed, key, shown string, read review.ReadField) {
	verdict, rule := matchCode(typed, key)
	l.put(f, shown, verdict, rule, read)
}

func matchCode(typed, read string) (Match, string) {
	switch {
	case typed == read:
		return Exact, RuleSame
	case confusable.Replace(typed) == confusable.Replace(read):
		return Close, RuleLookAlike
	case transposed(typed, read):
		return Different, RuleTransposed
	case len(typed) == len(read) && distance(typed, read) == 1:
		return Different, RuleOneCharacter
	}
	return Different, RuleOther
}

// confusable levels the characters that people and machines take for each other.
var confusable = strings.NewReplacer("O", "0", "Q", "0", "D", "0", "I", "1", "L", "1", "B", "8", "S", "5", "Z", "2", "G", "6")

// transposed reports whether two neighbours have changed places.
func transposed(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i+1 < len(a); i++ {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}
