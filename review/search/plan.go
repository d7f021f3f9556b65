package search

import (
	"regexp"
	"strings"

	"okno/review"
	"okno/review/field"
)

const (
	mostWords        = 5  // of a name; more are run together by nobody
	mostAlternatives = 96 // what a query may grow to by letters that stand for several sounds
)

// plan turns the query into what the store looks for. The same text may be read
// in several ways: ten digits are a case number, a passport and a telephone.
func (q Query) plan() Plan {
	p := Plan{Contacts: map[review.Channel]string{}}
	text := strings.TrimSpace(q.Text)
	var birth []Term
	if q.Birth != "" {
		birth = []Term{{BirthDate, q.Birth}}
	}
	if text == "" {
		if birth != nil {
			p.Any = [][]Term{birth}
		}
		return p
	}
	if letters(text) {
		p.Any = names(text, birth)
		return p
	}
	if strings.Contains(text, "@") {
		if v, faults := field.Email(text); !field.Blocking(faults) {
			p.Contacts[review.Mail] = field.EmailKey(v)
		}
		return p
	}
	if n, ok := review.ParseCaseNumber(text); ok {
		p.Numbers = append(p.Numbers, n)
	}
	if v, faults := field.Phone(text); !field.Blocking(faults) {
		p.Contacts[review.SMS] = v
	} else if v, faults := field.Phone("8" + text); !field.Blocking(faults) && strings.HasPrefix(strings.TrimLeft(text, "( "), "9") {
		p.Contacts[review.SMS] = v // without the country, as people say it
	}
	if v := field.PassportKey(text); documentNumber.MatchString(v) {
		p.Any = append(p.Any, append([]Term{{NumberOf, v}}, birth...))
	}
	return p
}

var documentNumber = regexp.MustCompile(`^[\p{Cyrillic}A-Z0-9/]{4,20}$`)

// names lists the ways to read a text as parts of a name: neighbouring words may
// be one word of the document, so each way of running them together is tried.
func names(text string, birth []Term) (any [][]Term) {
	words := split(text)
	if len(words) == 0 || len(words) > mostWords {
		return nil
	}
	for _, h := range []bool{false, true} {
		issuer, name, pair := "", Name, Pair
		if h {
			issuer, name, pair = "BLR", NameH, PairH
		}
		for _, reading := range joined(words) {
			choices := make([][]string, len(reading))
			for i, w := range reading {
				choices[i] = keys(w, issuer)
			}
			for _, chosen := range product(choices) {
				any = append(any, person(chosen, name, pair, birth))
				if len(any) == mostAlternatives {
					return any
				}
			}
		}
	}
	return any
}

// person lists the terms of one reading, the rarest first: the date of birth,
// then two words together, then single ones.
func person(chosen []string, name, pair Kind, birth []Term) []Term {
	terms := append([]Term(nil), birth...)
	if len(birth) == 0 && len(chosen) > 1 {
		terms = append(terms, Term{pair, pairs(chosen[:1], chosen[1:2])[0]})
		chosen = chosen[2:]
	}
	for _, k := range chosen {
		terms = append(terms, Term{name, k})
	}
	return terms
}

// beginning lists the readings in which one of the words is only the beginning
// of a surname, for when no whole name was found.
func (q Query) beginning() (any [][]Term) {
	text := strings.TrimSpace(q.Text)
	words := split(text)
	if !letters(text) || len(words) == 0 || len(words) > mostWords {
		return nil
	}
	var birth []Term
	if q.Birth != "" {
		birth = []Term{{BirthDate, q.Birth}}
	}
	for _, h := range []bool{false, true} {
		issuer, name, begin := "", Name, Beginning
		if h {
			issuer, name, begin = "BLR", NameH, BeginningH
		}
		for i := range words {
			choices := make([][]string, len(words))
			for j, w := range words {
				if choices[j] = keys(w, issuer); i == j {
					choices[j] = starts(choices[j])
				}
			}
			for _, chosen := range product(choices) {
				terms := append([]Term(nil), birth...)
				for j, k := range chosen {
					if j != i {
						terms = append(terms, Term{name, k})
					}
				}
				any = append(any, append(terms, Term{begin, chosen[i]}))
				if len(any) == mostAlternatives {
					return any
				}
			}
		}
	}
	return any
}

// starts cuts keys to what is indexed. A final I may vanish once the next letter
// is a vowel, so it may be left away.
func starts(keys []string) (list []string) {
	for _, k := range keys {
		for _, k := range []string{k, strings.TrimSuffix(k, "I")} {
			if k = k[:min(len(k), longestBeginning)]; len(k) >= shortestBeginning {
				list = append(list, k)
			}
		}
	}
	return list
}

// joined lists every way to run neighbouring words together; the words as typed
// come first.
func joined(words []string) (readings [][]string) {
	for mask := range 1 << (len(words) - 1) {
		reading := []string{words[0]}
		for i, w := range words[1:] {
			if mask>>i&1 == 1 {
				reading[len(reading)-1] += w
			} else {
				reading = append(reading, w)
			}
		}
		readings = append(readings, reading)
	}
	return readings
}

// product lists every choice of one key per word; none when a word has none.
func product(choices [][]string) [][]string {
	list := [][]string{{}}
	for _, keys := range choices {
		var next [][]string
		for _, head := range list {
			for _, k := range keys {
				next = append(next, append(append([]string(nil), head...), k))
			}
			if len(next) > mostAlternatives {
				break
			}
		}
		list = next
	}
	return list
}
