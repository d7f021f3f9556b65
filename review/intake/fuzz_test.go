package intake

import (
	"slices"
	"testing"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
	"okno/review/reviewtest"
)

// FuzzSections judges every section of both tracks with the same text in all of
// its inputs: nothing breaks, every fault is over an input of the section, and what
// is accepted is accepted again when it is shown and sent back.
func FuzzSections(f *testing.F) {
	for _, seed := range []string{"", "Намунаев", "NAMUNAYEV", "Hамунаев", "AA1234567", "14", "марта", "1991", "31", "901-234-507 52", "UZB", "M", "yes", "visa",
		"101000, Москва, ул. Примерная, 1", "P<UZBNAMUNAYEV<<JASUR<<<<<<<<<<<<<<<<<<<<<<<<\nFA12345677UZB9103147M3005046<<<<<<<<<<<<<<00", "\u202e\u0000\xff", "ʻ'’` -.-"} {
		f.Add(seed, "foreign-passport", "UZB", "14", "3", "1991")
	}
	f.Fuzz(func(t *testing.T, text, kind, country, day, month, year string) {
		today := field.Date{Year: 2026, Month: 11, Day: 22}
		for _, track := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
			for _, sec := range Sections(track) {
				typed := Typed{"machine-lines": text}
				for _, in := range sec.Inputs {
					name := string(in.Field)
					switch in.Kind {
					case Date:
						typed[name+"-day"], typed[name+"-month"], typed[name+"-year"] = day, month, year
					case Choice:
						typed[name] = kind
					case Country:
						typed[name] = country
					default:
						typed[name] = text
					}
				}
				answers, faults := judge(sec, track, today, review.Answers{}, typed, everything)
				offers, _ := OffersFromLines(track, sec, Typed{}, text, today)
				reviewtest.Brisk(t, sec.Code, func() {
					judge(sec, track, today, review.Answers{}, typed, everything)
					for _, in := range sec.Inputs {
						Suggest(in.Field, text)
					}
					Rewritten(sec, answers)
					Seen(sec, answers)
				})
				for _, x := range faults {
					if !sec.Has(review.Field(x.Field)) || x.Code == "" {
						t.Errorf("%s: a fault %q over %q", sec.Code, x.Code, x.Field)
					}
				}
				for _, o := range offers {
					if !sec.Has(o.Field) || o.Value == "" {
						t.Errorf("%s: an offer for %s", sec.Code, o.Field)
					}
				}
				if len(faults) > 0 || !utf8.ValidString(text) {
					continue
				}
				again, later := judge(sec, track, today, review.Answers{}, Retype(sec, answers), everything)
				for _, in := range sec.Inputs {
					if again.Value(in.Field) != answers.Value(in.Field) {
						t.Errorf("%s: %q became %q", in.Field, answers.Value(in.Field), again.Value(in.Field))
					}
				}
				if slices.ContainsFunc(later, func(x review.FieldFault) bool { return !x.Warning }) {
					t.Errorf("%s: what was taken is refused: %v", sec.Code, later)
				}
			}
		}
	})
}
