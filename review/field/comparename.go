package field

import (
	"slices"
	"strings"

	"okno/review"
)

// names compares both spellings of the names with the Latin ones of the lines.
func (l *lines) names() {
	issuer, _ := l.r.Field("issuer")
	state, _ := Nationality(issuer.Value)
	surname, given := l.part("surname"), l.part("given-names")
	patronymic := l.a.Value(review.Patronymic)
	for _, script := range []struct{ surname, given review.Field }{{review.Surname, review.GivenName}, {review.SurnameLatin, review.GivenNameLatin}} {
		s, g := l.a.Value(script.surname), l.a.Value(script.given)
		one := surname
		switch {
		case s == "" && g == "":
			continue
		case s != "" && g != "" && surname.Value != "" && given.Value != "" && swapped(s, g, surname.Value, given.Value, state):
			l.put(script.surname, surname.Value, Close, RuleSwapped, surname)
			l.put(script.given, given.Value, Close, RuleSwapped, given)
			continue
		case given.Value == "" && (s == "" || g == ""): // one name only: it stands where the surname does
			f := script.surname
			if s == "" {
				f = script.given
			}
			verdict, rule := matchName(s+g, one.Value, "", state, l.cut())
			if verdict == Exact {
				rule = RuleOneName
			}
			l.name(f, verdict, rule, one)
			continue
		}
		if s != "" && surname.Value != "" {
			verdict, rule := matchName(s, surname.Value, "", state, l.cut() && given.Value == "")
			l.name(script.surname, verdict, rule, surname)
		}
		if g != "" && given.Value != "" {
			verdict, rule := matchName(g, given.Value, patronymic, state, l.cut())
			l.name(script.given, verdict, rule, given)
		}
	}
}

func (l *lines) part(code string) review.ReadField {
	f, _ := l.r.Field(code)
	return f
}

// name writes the verdict on one name. No check digit protects letters: where the
// reader is in doubt, a difference says nothing.
func (l *lines) name(f review.Field, verdict Match, rule string, read review.ReadField) {
	if verdict == Different && read.Confidence < sure {
		verdict, rule = Unreadable, RuleUncertain
	}
	l.put(f, read.Value, verdict, rule, read)
}

// matchName compares one part of a name and says by which rule.
func matchName(typed, read, patronymic, issuer string, cut bool) (Match, string) {
	verdict := NameMatch(typed, read, issuer)
	switch {
	case verdict == Exact && strings.ContainsFunc(typed, isCyrillic) != strings.ContainsFunc(read, isCyrillic):
		return Exact, RuleTransliterat
	case verdict == Exact:
		return Exact, RuleSame
	case verdict == Equivalent:
		return Equivalent, RuleSound
	}
	if cut {
		if m := NameMatchCut(typed, read, issuer); m == Exact || m == Equivalent {
			return Equivalent, RuleCut
		}
	}
	if patronymic != "" {
		full := typed + " " + patronymic
		m := NameMatch(full, read, issuer)
		if cut {
			m = NameMatchCut(full, read, issuer)
		}
		if m == Exact || m == Equivalent {
			return Equivalent, RulePatronymic
		}
	}
	switch {
	case beginsWith(read, typed, issuer):
		return Close, RuleMoreNames
	case beginsWith(typed, read, issuer):
		return Close, RuleFewerNames
	case verdict == Close:
		return Close, RuleSpelling
	}
	return Different, RuleOther
}

// beginsWith reports whether the first words of a longer name are the shorter one.
func beginsWith(long, short, issuer string) bool {
	l, s := nameWords(long), nameWords(short)
	if len(s) == 0 || len(l) <= len(s) {
		return false
	}
	m := NameMatch(strings.Join(l[:len(s)], " "), strings.Join(s, " "), issuer)
	return m == Exact || m == Equivalent
}

func nameWords(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '-' || r == '<' })
}

// swapped reports whether surname and given name have changed places.
func swapped(surname, given, readSurname, readGiven, issuer string) bool {
	good := func(a, b string) bool { m := NameMatch(a, b, issuer); return m == Exact || m == Equivalent }
	return good(surname, readGiven) && good(given, readSurname) && !good(surname, readSurname)
}

// russianNames compares with the lines of the internal passport, which hold the Russian
// letters themselves.
func (l *lines) russianNames() {
	for _, n := range []struct {
		field review.Field
		code  string
	}{{review.Surname, "surname"}, {review.GivenName, "given-name"}, {review.Patronymic, "patronymic"}} {
		read, ok := l.get(n.field, n.code)
		if !ok {
			continue
		}
		verdict, rule := matchRussian(l.a.Value(n.field), read.Value, l.cut())
		l.name(n.field, verdict, rule, read)
	}
}

func matchRussian(typed, read string, cut bool) (Match, string) {
	a, b := russianWords(typed), russianWords(read)
	yo := strings.NewReplacer("Ё", "Е")
	switch {
	case slices.Equal(a, b):
		return Exact, RuleSame
	case yo.Replace(strings.Join(a, " ")) == yo.Replace(strings.Join(b, " ")):
		return Equivalent, RuleYo
	case cut && strings.HasPrefix(strings.Join(a, " "), strings.Join(b, " ")):
		return Equivalent, RuleCut
	}
	if m := NameMatch(typed, read, "RUS"); m != Different {
		return Close, RuleSpelling
	}
	return Different, RuleOther
}

func russianWords(s string) []string { return nameWords(strings.ToUpper(Normalize(s))) }
