package field_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"okno/review"
	"okno/review/field"
	"okno/review/mrz"
	"okno/review/reviewtest"
)

var today = field.Date{Year: 2026, Month: 11, Day: 22}

func filled(pairs ...string) review.Answers {
	a := review.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		a[review.Field(pairs[i])] = review.Answer{Typed: pairs[i+1], Value: pairs[i+1]}
	}
	return a
}

// read is a submission whose passport page reads so.
func read(a review.Answers, slot review.Slot, r *review.Reading) *review.Submission {
	return &review.Submission{Answers: a, Documents: []review.Document{{ID: "doc", Slot: slot,
		Pages: []review.Page{{Number: 1}, {Number: 2, Report: review.PageReport{Reading: r}}}}}}
}

func td3(t *testing.T, d mrz.Document) *review.Reading {
	t.Helper()
	lines, err := mrz.BuildTD3(d)
	if err != nil {
		t.Fatal(err)
	}
	return reviewtest.Reading(lines[:]...)
}

// uzbek is a passport of Uzbekistan whose holder typed everything right.
var uzbek = mrz.Document{Issuer: "UZB", Nationality: "UZB", Surname: "OBRAZTSOVA", GivenNames: "NODIRA", Number: "AA1234567", BirthDate: "910403", Sex: "F", ExpiryDate: "310202"}

func typedUzbek() review.Answers {
	return filled("surname", "ОБРАЗЦОВА", "given-name", "НОДИРА", "surname-latin", "OBRAZTSOVA", "given-name-latin", "NODIRA", "birth-date", "1991-04-03",
		"sex", "F", "citizenship", "UZB", "document-number", "AA1234567", "document-expiry-date", "2031-02-02")
}

func TestCompareEveryFieldOfAPassport(t *testing.T) {
	got := field.Compare(read(typedUzbek(), review.SlotPassport, td3(t, uzbek)), today)
	var verdicts []string
	for _, c := range got {
		verdicts = append(verdicts, fmt.Sprintf("%s=%s/%s", c.Field, c.Verdict, c.Rule))
		if c.Page != 2 || c.Document != "doc" || c.Slot != review.SlotPassport || c.Box.Empty() {
			t.Errorf("%s stands on page %d of %q at %v", c.Field, c.Page, c.Document, c.Box)
		}
	}
	want := "surname=exact/transliterated given-name=exact/transliterated surname-latin=exact/same given-name-latin=exact/same" +
		" document-number=exact/same citizenship=exact/same document-expiry-date=exact/same birth-date=exact/same sex=exact/same"
	if strings.Join(verdicts, " ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(verdicts, " "), want)
	}
}

func TestCompareOneField(t *testing.T) {
	pass := func(change func(*mrz.Document)) func(*testing.T) *review.Reading {
		return func(t *testing.T) *review.Reading {
			d := uzbek
			change(&d)
			return td3(t, d)
		}
	}
	for _, c := range []struct {
		name    string
		typed   []string // changes to what was typed; an empty value removes it
		printed func(*mrz.Document)
		field   review.Field
		want    string // verdict/rule/read
	}{
		{"another romanisation", []string{"surname-latin", "OBRASTSOVA"}, func(d *mrz.Document) { d.Surname = "OBRAZTSOVA" }, review.SurnameLatin, "close/similar-spelling/OBRAZTSOVA"},
		{"same sounds", []string{"surname-latin", "JURAEV"}, func(d *mrz.Document) { d.Surname = "ZHURAEV" }, review.SurnameLatin, "equivalent/same-sound/ZHURAEV"},
		{"Cyrillic sounds", []string{"surname", "ЖЎРАЕВ"}, func(d *mrz.Document) { d.Surname = "JURAEV" }, review.Surname, "equivalent/same-sound/JURAEV"},
		{"one letter", []string{"surname-latin", "OBRAZTSOVO"}, nil, review.SurnameLatin, "close/similar-spelling/OBRAZTSOVA"},
		{"somebody else", []string{"surname-latin", "PROBINA"}, nil, review.SurnameLatin, "different/other/OBRAZTSOVA"},
		{"changed places", []string{"surname-latin", "NODIRA", "given-name-latin", "OBRAZTSOVA"}, nil, review.SurnameLatin, "close/swapped/OBRAZTSOVA"},
		{"patronymic in the lines", []string{"patronymic", "РУСТАМОВНА"}, func(d *mrz.Document) { d.GivenNames = "NODIRA RUSTAMOVNA" }, review.GivenNameLatin, "equivalent/with-patronymic/NODIRA RUSTAMOVNA"},
		{"second name not typed", nil, func(d *mrz.Document) { d.GivenNames = "NODIRA MARIAM" }, review.GivenNameLatin, "close/more-names/NODIRA MARIAM"},
		{"second name not printed", []string{"given-name-latin", "NODIRA MARIAM"}, nil, review.GivenNameLatin, "close/fewer-names/NODIRA"},
		{"hyphen for a space", []string{"given-name-latin", "ANNA-MARIA"}, func(d *mrz.Document) { d.GivenNames = "ANNA MARIA" }, review.GivenNameLatin, "exact/same/ANNA MARIA"},
		{"line too short", []string{"given-name-latin", "ALEXANDRINA MAGDALENA WILHELMINA"}, func(d *mrz.Document) { d.GivenNames = "ALEXANDRINA MAGDALENA WILHELMINA" }, review.GivenNameLatin,
			"equivalent/cut-line/ALEXANDRINA MAGDALENA WILHE"},
		{"one name", []string{"surname-latin", "", "surname", "", "surname-absent", "yes"}, func(d *mrz.Document) { d.Surname, d.GivenNames = "NODIRA", "" }, review.GivenNameLatin, "exact/one-name/NODIRA"},
		{"two digits of a date", []string{"birth-date", "1953-12-21"}, func(d *mrz.Document) { d.BirthDate = "531212" }, review.BirthDate, "different/transposed/1953-12-12"},
		{"day and month", []string{"birth-date", "1991-03-04"}, nil, review.BirthDate, "different/day-month/1991-04-03"},
		{"one digit of the year", []string{"birth-date", "1981-04-03"}, nil, review.BirthDate, "different/one-character/1991-04-03"},
		{"another day", []string{"birth-date", "1985-12-31"}, nil, review.BirthDate, "different/other/1991-04-03"},
		{"a hundred years old", []string{"birth-date", "1926-01-05"}, func(d *mrz.Document) { d.BirthDate = "260105" }, review.BirthDate, "equivalent/two-digit-year/2026-01-05"},
		{"last year's century", []string{"birth-date", "1927-01-05"}, func(d *mrz.Document) { d.BirthDate = "270105" }, review.BirthDate, "exact/same/1927-01-05"},
		{"only the year is printed", nil, func(d *mrz.Document) { d.BirthDate = "91<<<<" }, review.BirthDate, "equivalent/partial-date/1991"},
		{"only the year was typed", []string{"birth-date", "1991"}, nil, review.BirthDate, "close/partial-date/1991-04-03"},
		{"no such day", nil, func(d *mrz.Document) { d.BirthDate = "910231" }, review.BirthDate, "unreadable/not-a-date/"},
		{"zero for a letter", []string{"document-number", "AO1234567"}, func(d *mrz.Document) { d.Number = "A01234567" }, review.DocumentNumber, "close/look-alike/A01234567"},
		{"Cyrillic letters", []string{"document-number", "АВ 1234567"}, func(d *mrz.Document) { d.Number = "AB1234567" }, review.DocumentNumber, "exact/same/AB1234567"},
		{"one digit", []string{"document-number", "AA1234568"}, nil, review.DocumentNumber, "different/one-character/AA1234567"},
		{"neighbours", []string{"document-number", "AA1243567"}, nil, review.DocumentNumber, "different/transposed/AA1234567"},
		{"another number", []string{"document-number", "FA7654321"}, nil, review.DocumentNumber, "different/other/AA1234567"},
		{"Germany's short code", []string{"citizenship", "DEU"}, func(d *mrz.Document) { d.Nationality, d.Issuer = "D", "D" }, review.Citizenship, "equivalent/alias-code/D"},
		{"British overseas", []string{"citizenship", "GBR"}, func(d *mrz.Document) { d.Nationality = "GBO" }, review.Citizenship, "equivalent/alias-code/GBO"},
		{"invented state", nil, func(d *mrz.Document) { d.Nationality = "UTO" }, review.Citizenship, "unreadable/unknown-code/UTO"},
		{"stateless with a passport of Uzbekistan", nil, func(d *mrz.Document) { d.Nationality = "XXA" }, review.Citizenship, "different/issuer-instead/XXA"},
		{"another state", nil, func(d *mrz.Document) { d.Nationality, d.Issuer = "TJK", "TJK" }, review.Citizenship, "different/other/TJK"},
		{"sex", []string{"sex", "M"}, nil, review.Sex, "different/other/F"},
		{"sex not stated", nil, func(d *mrz.Document) { d.Sex = "<" }, review.Sex, "unreadable/not-stated/"},
		{"sex X not stated", []string{"sex", "X"}, func(d *mrz.Document) { d.Sex = "<" }, review.Sex, "equivalent/not-stated/"},
		{"expiry a year off", []string{"document-expiry-date", "2032-02-02"}, nil, review.DocumentExpiryDate, "different/one-character/2031-02-02"},
		{"expiry long ago", []string{"document-expiry-date", "1999-02-02"}, func(d *mrz.Document) { d.ExpiryDate = "990202" }, review.DocumentExpiryDate, "exact/same/1999-02-02"},
		{"no end was typed", []string{"document-expiry-date", "", "document-no-expiry", "yes"}, nil, review.DocumentNoExpiry, "different/has-expiry/2031-02-02"},
		{"no end is printed", []string{"document-expiry-date", "", "document-no-expiry", "yes"}, func(d *mrz.Document) { d.ExpiryDate = "<<<<<<" }, review.DocumentNoExpiry, "exact/same/yes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := typedUzbek()
			for i := 0; i < len(c.typed); i += 2 {
				if c.typed[i+1] == "" {
					delete(a, review.Field(c.typed[i]))
				} else {
					a[review.Field(c.typed[i])] = review.Answer{Value: c.typed[i+1]}
				}
			}
			if c.printed == nil {
				c.printed = func(*mrz.Document) {}
			}
			got, ok := field.Compared(field.Compare(read(a, review.SlotPassport, pass(c.printed)(t)), today), c.field)
			if s := fmt.Sprintf("%s/%s/%s", got.Verdict, got.Rule, got.Read); !ok || s != c.want {
				t.Errorf("got %s, want %s", s, c.want)
			}
		})
	}
}

func TestCompareDoubtfulLettersSayNothing(t *testing.T) {
	r := td3(t, uzbek)
	for i := range r.Fields {
		r.Fields[i].Confidence = 0.3
	}
	a := typedUzbek()
	a[review.SurnameLatin] = review.Answer{Value: "PROBINA"}
	c, _ := field.Compared(field.Compare(read(a, review.SlotPassport, r), today), review.SurnameLatin)
	if c.Verdict != field.Unreadable || c.Rule != field.RuleUncertain || !c.Uncertain {
		t.Errorf("%s by %s", c.Verdict, c.Rule)
	}
}

func TestCompareLinesThatCannotBeRead(t *testing.T) {
	r := td3(t, uzbek)
	r.Verdict = review.LinesUnreadable
	got := field.Compare(read(typedUzbek(), review.SlotPassport, r), today)
	if len(got) != 9 {
		t.Errorf("%d fields", len(got))
	}
	for _, c := range got {
		if c.Verdict != field.Unreadable || c.Read != "" {
			t.Errorf("%s: %s", c.Field, c.Verdict)
		}
	}
	for _, r := range []*review.Reading{nil, {Verdict: review.LinesNone}} {
		if got := field.Compare(read(typedUzbek(), review.SlotPassport, r), today); got != nil {
			t.Errorf("%d comparisons with nothing", len(got))
		}
	}
}

func TestCompareRussianPassport(t *testing.T) {
	build := func(change func(*mrz.Internal)) *review.Reading {
		d := mrz.Internal{Surname: "ЁЛКИНА-ПРОБНАЯ", GivenName: "АННА", Patronymic: "СЕРГЕЕВНА", Series: "4509", Number: "000123", BirthDate: "850515", Sex: "F", IssueDate: "200629", DivisionCode: "770-001"}
		change(&d)
		lines, err := mrz.BuildPNRUS(d)
		if err != nil {
			t.Fatal(err)
		}
		return reviewtest.Reading(lines[:]...)
	}
	same := func(*mrz.Internal) {}
	for _, c := range []struct {
		field   review.Field
		typed   string
		printed func(*mrz.Internal)
		want    string
	}{
		{review.Surname, "Ёлкина-Пробная", same, "exact/same/ЁЛКИНА ПРОБНАЯ"},
		{review.Surname, "Елкина Пробная", same, "equivalent/yo/ЁЛКИНА ПРОБНАЯ"},
		{review.Surname, "Ёлкин-Пробный", same, "close/similar-spelling/ЁЛКИНА ПРОБНАЯ"},
		{review.GivenName, "Анна", same, "exact/same/АННА"},
		{review.GivenName, "Аня", same, "close/similar-spelling/АННА"},
		{review.Surname, "Макетьев", same, "different/other/ЁЛКИНА ПРОБНАЯ"},
		{review.Patronymic, "Сергеевна", same, "exact/same/СЕРГЕЕВНА"},
		{review.Patronymic, "Сергевна", same, "close/similar-spelling/СЕРГЕЕВНА"},
		{review.Patronymic, "Ивановна", same, "different/other/СЕРГЕЕВНА"},
		{review.DocumentNumber, "4509 000123", same, "exact/same/4509 000123"},
		{review.DocumentNumber, "4508 000123", same, "different/one-character/4509 000123"},
		{review.DocumentIssueDate, "2020-06-29", same, "exact/same/2020-06-29"},
		{review.DocumentIssueDate, "2020-06-28", same, "different/one-character/2020-06-29"},
		{review.DivisionCode, "770-001", same, "exact/same/770-001"},
		{review.DivisionCode, "770-010", same, "different/transposed/770-001"},
		{review.BirthDate, "1985-05-15", same, "exact/same/1985-05-15"},
		{review.Sex, "F", same, "exact/same/F"},
	} {
		got, _ := field.Compared(field.Compare(read(filled(string(c.field), c.typed), review.SlotPassport, build(c.printed)), today), c.field)
		if s := fmt.Sprintf("%s/%s/%s", got.Verdict, got.Rule, got.Read); s != c.want {
			t.Errorf("%s %q: got %s, want %s", c.field, c.typed, s, c.want)
		}
	}
}

func TestCompareVisa(t *testing.T) {
	visa := reviewtest.Reading("V<RUSMUSSAMSON<<SAMPLON<SAMAN<<<<<<<<<<<<<<<", "L3011914G0UTO8802107M340826100459899737717<<")
	for to, want := range map[string]string{
		"2034-08-26": "exact/same/2034-08-26", "2027-01-01": "equivalent/within-term/2034-08-26", "2034-08-27": "different/after-term/2034-08-26",
	} {
		a := filled("stay-proof-type", "visa", "stay-proof-number", "L3011914G", "stay-to", to)
		list := field.Compare(read(a, review.SlotStayProof, visa), today)
		got, _ := field.Compared(list, review.StayTo)
		if s := fmt.Sprintf("%s/%s/%s", got.Verdict, got.Rule, got.Read); s != want {
			t.Errorf("to %s: got %s, want %s", to, s, want)
		}
		if n, _ := field.Compared(list, review.StayProofNumber); n.Verdict != field.Exact {
			t.Errorf("number: %s", n.Verdict)
		}
	}
	if list := field.Compare(read(filled("stay-proof-type", "patent", "stay-to", "2027-01-01"), review.SlotStayProof, visa), today); list != nil {
		t.Error("a visa was compared with a patent")
	}
}

func TestWhatATextReaderSawIsAHint(t *testing.T) {
	s := read(filled("stay-proof-number", "4521 0000123"), review.SlotStayProof, nil)
	see := func(number string, confidence float64) {
		s.Documents[0].Pages[0].Report.Texts = []review.ReadField{
			{Code: "series", Value: "4521", Confidence: 0.9, Box: review.Area{X: 0.1, Y: 0.1, W: 0.1, H: 0.05}},
			{Code: "number", Value: number, Confidence: confidence, Box: review.Area{X: 0.3, Y: 0.1, W: 0.2, H: 0.05}}}
	}
	see("0000123", 0.9)
	if c, ok := field.Compared(field.Compare(s, today), review.StayProofNumber); !ok || c.Verdict != field.Exact || !c.Hint || c.Box.W < 0.39 {
		t.Errorf("the same: %s, hint %v, box %v", c.Verdict, c.Hint, c.Box)
	}
	see("0000128", 0.9)
	if c, ok := field.Compared(field.Compare(s, today), review.StayProofNumber); !ok || c.Verdict != field.Close || c.Rule != field.RuleTextDiffers {
		t.Errorf("another: %s by %s", c.Verdict, c.Rule)
	}
	see("0000128", 0.2)
	if _, ok := field.Compared(field.Compare(s, today), review.StayProofNumber); ok {
		t.Error("what can hardly be seen is shown")
	}
}

// Comparisons hold names and numbers: none of them may reach a log.
func TestComparisonsPrintNothing(t *testing.T) {
	s := read(typedUzbek(), review.SlotPassport, td3(t, uzbek))
	for _, v := range []any{field.Compare(s, today), s.Documents[0].Pages[1].Report, *s.Documents[0].Pages[1].Report.Reading, s.Documents[0].Pages[1].Report.Reading.Fields} {
		for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(format, v); strings.Contains(text, "OBRAZTSOVA") || strings.Contains(text, "AA1234567") {
				t.Errorf("%T prints its content with %s", v, format)
			}
		}
	}
}

// Every rule has words in both languages.
func TestEveryRuleHasWords(t *testing.T) {
	for _, language := range []string{"ru", "en"} {
		words, err := os.ReadFile("../../views/i18n/" + language + "/compare.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range field.CompareRules {
			if !strings.Contains(string(words), `"compare.`+rule+`"`) {
				t.Errorf("%s: no words for %s", language, rule)
			}
		}
	}
}
