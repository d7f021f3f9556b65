package field

import (
	"slices"
	"testing"
	"unicode/utf8"

	"okno/review/reviewtest"
)

// stable are the rules over one text. Whatever they accept they must accept again
// unchanged, since stored values are checked again.
var stable = map[string]func(string) (string, []Fault){
	"SNILS": SNILS, "INN": INN, "OMS": OMS, "Card": Card, "RFPassport": RFPassport, "TravelPassport": TravelPassport,
	"DivisionCode": DivisionCode, "MigrationCard": MigrationCard, "MigrationCardRelaxed": MigrationCardRelaxed,
	"ResidencePermit": ResidencePermit, "Patent": Patent, "Visa": Visa, "PostalIndex": PostalIndex, "Phone": Phone,
	"MobileRU": MobileRU, "Email": Email, "NameCyrillic": NameCyrillic, "NameLatin": NameLatin,
	"Citizenship": Citizenship, "Nationality": Nationality, "Sex": Sex, "Address": Address, "BirthPlace": BirthPlace,
	"ForeignPassport": func(s string) (string, []Fault) { return ForeignPassport("UZB", s) },
	"BirthDate":       func(s string) (string, []Fault) { return BirthDate(s, Date{2026, 3, 1}, DefaultMinAge) },
}

func FuzzRules(f *testing.F) {
	for _, seed := range []string{"", "901-234-507 52", "9701234567890122", "+7 (907) 000-00-17", "proba@пример.рф", "О'Проба", "NGUYỄN VĂN MẪU",
		"МР 0000073", "82 № 0000040", "000-004", "D<<", "2012-03-01", "\xff\u0345ß", "a@b.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, rule := range stable {
			normal, faults := rule(s)
			reviewtest.Brisk(t, name, func() { rule(s) })
			for _, found := range faults {
				if !slices.Contains(Codes, found.Code) {
					t.Errorf("%s: unlisted code %q", name, found.Code)
				}
			}
			if Blocking(faults) {
				continue
			}
			again, later := rule(normal)
			if again != normal || !slices.Equal(later, faults) {
				t.Errorf("%s: %q became %q, then %q with %v", name, s, normal, again, later)
			}
		}
		for _, mask := range []func(string) string{MaskDocument, MaskSNILS, MaskINN, MaskOMS, MaskPhone, MaskEmail} {
			mask(s)
		}
		for _, found := range Password(s) {
			if !slices.Contains(Codes, found.Code) {
				t.Errorf("unlisted code %q", found.Code)
			}
		}
		Prefixes(s, 2)
		DocumentFile(s, []byte(s), int64(len(s)))
	})
}

func FuzzNames(f *testing.F) {
	f.Add("Жасур", "JASUR", "UZB")
	f.Add("Сергей", "SIARHEI", "BLR")
	f.Add("Александр", "ALEXANDER", "")
	f.Add("ʻ", "\u0130", "UKR")
	f.Fuzz(func(t *testing.T, a, b, issuer string) {
		if len(a) > 200 || len(b) > 200 {
			return
		}
		if there, back := NameMatch(a, b, issuer), NameMatch(b, a, issuer); there != back {
			t.Errorf("%q and %q: %s one way, %s the other", a, b, there, back)
		}
		reviewtest.Brisk(t, "matching names", func() { NameMatch(a, b, issuer) })
		if NameMatch(a, a, issuer) != Exact {
			t.Errorf("%q does not match itself", a)
		}
		if folded := Fold(a); utf8.ValidString(a) && Fold(folded) != folded {
			t.Errorf("%q folds to %q, then to %q", a, folded, Fold(folded))
		}
		for _, key := range NameKeys(a) {
			if key == "" {
				t.Errorf("%q has an empty key", a)
			}
		}
		if len(a) < 30 && len(b) < 30 {
			NameMatchCut(a, b, issuer)
		}
	})
}

func FuzzDateBoxes(f *testing.F) {
	f.Add("15", "мая", "1990")
	f.Add("", "13", "90")
	f.Fuzz(func(t *testing.T, day, month, year string) {
		for _, read := range []func(string, string, string) (Date, []Fault){DateBoxes, PartialDateBoxes} {
			d, faults := read(day, month, year)
			reviewtest.Brisk(t, "a date", func() { read(day, month, year) })
			for _, found := range faults {
				if !slices.Contains(Codes, found.Code) {
					t.Errorf("unlisted code %q", found.Code)
				}
			}
			if faults != nil {
				continue
			}
			if again, later := ParsePartialDate(d.String()); again != d || later != nil {
				t.Errorf("%q %q %q is %v, read again as %v %v", day, month, year, d, again, later)
			}
		}
	})
}
