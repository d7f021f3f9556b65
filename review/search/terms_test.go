package search

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"okno/review"
	"okno/review/field"
	"okno/review/reviewtest"
)

// matches is what the store does with hashes, done with the terms themselves.
func matches(any [][]Term, terms []Term) bool {
	return slices.ContainsFunc(any, func(all []Term) bool {
		return !slices.ContainsFunc(all, func(t Term) bool { return !slices.Contains(terms, t) })
	})
}

func answers(pairs ...string) review.Answers {
	a := review.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		a[review.Field(pairs[i])] = review.Answer{Typed: pairs[i+1], Value: pairs[i+1]}
	}
	return a
}

// Every pair of names that the name rules call equal or equivalent finds one
// another, in both directions; what they call different does not.
func TestSearchFollowsTheNameRules(t *testing.T) {
	text, err := os.ReadFile("../field/testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Algorithms map[string]struct {
			Valid []map[string]any `json:"valid"`
		} `json:"algorithms"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	var spellings []string
	for _, v := range file.Algorithms["name-match"].Valid {
		spellings = append(spellings, v["cyrillic"].(string), v["latin"].(string))
	}
	seen := map[field.Match]int{}
	for _, issuer := range []string{"UZB", "BLR", "UKR", "RUS"} {
		for _, stored := range spellings { // each with each: most are different people
			terms := Terms(answers("surname", stored, "citizenship", issuer))
			for _, typed := range spellings {
				want := field.NameMatch(stored, typed, issuer)
				found := matches(names(typed, nil), terms)
				seen[want]++
				if equal := want == field.Exact || want == field.Equivalent; equal != found {
					t.Errorf("typing %s for %s of %s: found %v, the rules say %s", typed, stored, issuer, found, want)
				}
			}
		}
	}
	if seen[field.Exact] < 20 || seen[field.Equivalent] < 20 || seen[field.Different] < 100 {
		t.Fatalf("too few examples: %v", seen)
	}
}

func TestWhatFindsWhom(t *testing.T) {
	person := answers("surname", "Абдурахмонова", "surname-latin", "ABDURAHMONOVA", "given-name", "Мехри Бону", "given-name-latin", "MEKHRI BONU",
		"patronymic", "Жахонгир кизи", "birth-date", "1990-05-17", "citizenship", "UZB", "document-number", "FA1234567", "snils", "112-233-445 95")
	belarusian := answers("surname", "Галузина", "given-name", "Анна", "citizenship", "BLR")
	for _, c := range []struct {
		query Query
		who   review.Answers
		want  bool
	}{
		{Query{Text: "Абдурахмонова"}, person, true},
		{Query{Text: "abdurakhmonova"}, person, true},
		{Query{Text: "ABDURAXMONOVA mexri"}, person, true},
		{Query{Text: "мехри абдурахмонова"}, person, true},
		{Query{Text: "Мехрибону Абдурахмонова"}, person, true},
		{Query{Text: "Mekhri Bonu Abdurahmonova Jahongir qizi"}, person, true},
		{Query{Text: "Абдурахмонова", Birth: "1990-05-17"}, person, true},
		{Query{Birth: "1990-05-17"}, person, true},
		{Query{Text: "Абдурахмонова", Birth: "1990-05-18"}, person, false},
		{Query{Text: "Абдурахмонова Анна"}, person, false},
		{Query{Text: "Абдурахманов"}, person, false},
		{Query{Text: "fa 1234567"}, person, true},
		{Query{Text: "FA1234567", Birth: "1990-05-17"}, person, true},
		{Query{Text: "FA1234568"}, person, false},
		{Query{Text: "112 233 445 95"}, person, true},
		{Query{Text: "Haluzina"}, belarusian, true},
		{Query{Text: "Haluzina Hanna"}, belarusian, false},
		{Query{Text: "Halina"}, answers("surname", "Галина", "citizenship", "UZB"), false}, // only Belarus and Ukraine write Г as H
	} {
		if got := matches(c.query.plan().Any, Terms(c.who)); got != c.want {
			t.Errorf("%+v: found %v, want %v", c.query, got, c.want)
		}
	}
	for text, want := range map[string]bool{"Абдур": true, "abd": true, "ab": false, "Бону": false, "абдурахмоновский": true, "Абдур Мехри": true} {
		if got := matches(Query{Text: text}.beginning(), Terms(person)); got != want {
			t.Errorf("beginning %q: found %v, want %v", text, got, want)
		}
	}
}

func TestReadingsOfANumber(t *testing.T) {
	number := review.RandomIDs{}.NewNumber()
	p := Query{Text: number.String()}.plan()
	if len(p.Numbers) != 1 || p.Numbers[0] != number || len(p.Any) != 1 {
		t.Errorf("a case number reads as %+v", p)
	}
	if p := (Query{Text: "8 (907) 000-12-34"}).plan(); p.Contacts[review.SMS] != "+79070001234" {
		t.Errorf("telephone: %+v", p)
	}
	if p := (Query{Text: "907 000-12-34"}).plan(); p.Contacts[review.SMS] != "+79070001234" {
		t.Errorf("telephone without a country: %+v", p)
	}
	if p := (Query{Text: " Proba@Example.ORG "}).plan(); p.Contacts[review.Mail] != "proba@example.org" || len(p.Any) != 0 {
		t.Errorf("e-mail: %+v", p)
	}
	for _, text := range []string{"", "   ", "а б в г д е", "!!!", "12", "@", "proba@", "…"} {
		if err := (Query{Text: text}).check(); review.KindOf(err) != review.Invalid {
			t.Errorf("%q is searched for", text)
		}
	}
}

// The index grows by what a person has, not by what letters may stand for.
func TestTermsStayFew(t *testing.T) {
	if n := len(Terms(reviewtest.Answers())); n < 8 || n > 30 {
		t.Errorf("%d terms for an ordinary person", n)
	}
	worst := strings.Repeat("JCX-", 20) + "JCX"
	a := answers("surname", worst, "surname-latin", worst, "given-name", worst, "given-name-latin", worst, "patronymic", worst)
	if n := len(Terms(a)); n > 5000 {
		t.Errorf("%d terms for a hostile name", n)
	}
	if n := len(Query{Text: "JCX JCX JCX JCX JCX"}.plan().Any); n > mostAlternatives {
		t.Errorf("%d alternatives", n)
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{"иванов иван", "FA1234567", "+7 907 000 12 34", "a@b.cd", "\xff", "ё", "J C X", "’т Хоофт", "ABCDEFGHIJ9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q := Query{Text: text}
		if q.check() != nil {
			return
		}
		for _, all := range append(q.plan().Any, q.beginning()...) {
			for _, term := range all {
				if term.Value == "" || term.Kind == "" {
					t.Fatalf("%q asks for an empty term", text)
				}
			}
		}
		if letters(text) && len(split(text)) == 1 && len(keys(text, "")) > 0 && !matches(q.plan().Any, Terms(answers("surname", text))) {
			t.Fatalf("%q does not find itself", text)
		}
	})
}
