package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
)

// Kind keeps equal values of different fields apart.
type Kind string

// The kinds of terms. Belarus and Ukraine write Г as H, so names of their
// citizens have kinds of their own: only there an H may stand for a G.
const (
	Name       Kind = "name"   // sound key of one word, or of all words of a part run together
	NameH      Kind = "name-h" // the same where H may be G
	Pair       Kind = "pair"   // two such keys, in the order of the alphabet
	PairH      Kind = "pair-h"
	Beginning  Kind = "beginning" // of a surname's key
	BeginningH Kind = "beginning-h"
	NumberOf   Kind = "document" // number of any document, without separators
	BirthDate  Kind = "birth"    // YYYY-MM-DD
)

// plain is the kind as the history names it.
func (k Kind) plain() string {
	k = Kind(strings.TrimSuffix(string(k), "-h"))
	if k == Pair || k == Beginning {
		return string(Name)
	}
	return string(k)
}

// Term is one value that is hashed.
type Term struct {
	Kind  Kind
	Value string
}

// The beginnings of a surname that are indexed, in signs of its sound key. What
// is typed beyond the longest is not compared. mostPairs bounds what a name made
// up for the purpose can cost; an ordinary one has about ten.
const (
	mostPairs         = 200
	shortestBeginning = 3
	longestBeginning  = 6
)

// nameFields are the parts of a name, each in the scripts it may be typed in.
var nameFields = [][]review.Field{
	{review.Surname, review.SurnameLatin},
	{review.GivenName, review.GivenNameLatin},
	{review.Patronymic},
}

// documentNumbers are the answers that hold the number of a document.
var documentNumbers = []review.Field{review.DocumentNumber, review.StayProofNumber, review.SNILS, review.INN, review.OMS}

// Terms lists everything under which a submission with these answers is found,
// each once.
func Terms(a review.Answers) (terms []Term) {
	issuer := a.Value(review.Citizenship)
	name, pair, beginning := Name, Pair, Beginning
	if softG(issuer) {
		name, pair, beginning = NameH, PairH, BeginningH
	}
	add := func(k Kind, v string) { terms = append(terms, Term{k, v}) }
	var parts [][]word
	for i, fields := range nameFields {
		var words []word
		for _, f := range fields {
			words = append(words, wordsOf(a.Value(f), issuer)...)
		}
		parts = append(parts, words)
		for _, w := range words {
			for _, key := range w.keys {
				add(name, key)
				if i > 0 {
					continue
				}
				for n := shortestBeginning; n <= min(longestBeginning, len(key)); n++ {
					add(beginning, key[:n])
				}
			}
		}
	}
	count := 0
	for i, words := range parts {
		for j, w := range words {
			others := words[j+1:]
			for _, later := range parts[i+1:] {
				others = append(slices.Clip(others), later...)
			}
			for _, o := range others {
				if !w.overlaps(o) {
					for _, v := range pairs(w.keys, o.keys) {
						if count++; count <= mostPairs {
							add(pair, v)
						}
					}
				}
			}
		}
	}
	for _, f := range documentNumbers {
		if v := field.PassportKey(a.Value(f)); v != "" {
			add(NumberOf, v)
		}
	}
	if v := a.Value(review.BirthDate); v != "" {
		add(BirthDate, v)
	}
	slices.SortFunc(terms, func(a, b Term) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Value, b.Value)) })
	return slices.Compact(terms)
}

// softG reports whether the state writes Г as H.
func softG(issuer string) bool { return issuer == "BLR" || issuer == "UKR" }

// word is one word of a part of a name, or all of them run together.
type word struct {
	keys  []string
	value string // of the part it belongs to
	first int    // place of its first and after its last word
	last  int
}

// overlaps reports whether both hold a common word of the same typed text, or
// are the same word in two scripts: such a pair says no more than one of them.
func (w word) overlaps(o word) bool {
	if w.value == o.value {
		return w.first < o.last && o.first < w.last
	}
	return slices.ContainsFunc(w.keys, func(k string) bool { return slices.Contains(o.keys, k) })
}

// wordsOf cuts a part of a name into words with their sound keys; more than one
// also count as a single word, because spaces and hyphens do not matter.
func wordsOf(part, issuer string) (words []word) {
	list := split(part)
	for i, w := range list {
		words = append(words, word{keys(w, issuer), part, i, i + 1})
	}
	if len(list) > 1 {
		words = append(words, word{keys(part, issuer), part, 0, len(list)})
	}
	return slices.DeleteFunc(words, func(w word) bool { return len(w.keys) == 0 })
}

func split(s string) []string {
	return strings.FieldsFunc(field.Normalize(s), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("-.,", r) })
}

// keys are the sound keys that are not empty.
func keys(s, issuer string) []string {
	return slices.DeleteFunc(field.SoundKeys(s, issuer), func(k string) bool { return k == "" })
}

// pairs joins each key of one word with each of another, in the order of the alphabet.
func pairs(a, b []string) (list []string) {
	for _, x := range a {
		for _, y := range b {
			list = append(list, min(x, y)+" "+max(x, y))
		}
	}
	return list
}

// letters reports whether the text has letters and nothing that no name has.
func letters(s string) bool {
	return utf8.ValidString(s) && strings.ContainsFunc(s, unicode.IsLetter) && !strings.ContainsFunc(s, unicode.IsDigit) && !strings.Contains(s, "@")
}
