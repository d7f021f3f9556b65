package field

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// undecomposed are lower-case letters that lose nothing but their look.
var undecomposed = strings.NewReplacer("ł", "l", "ı", "i", "ß", "ss", "đ", "d", "ð", "d",
	"ø", "o", "æ", "ae", "œ", "oe", "ə", "e", "þ", "th", "ŋ", "n", "ħ", "h", "ŧ", "t")

// Fold makes text comparable in search: case, diacritics, ё and й are levelled, white
// space, dashes and apostrophes made plain. Fold both what is stored and what is
// asked for.
func Fold(s string) string {
	// Taken apart first: a letter may hold an apostrophe or a dash that is to be made plain.
	s = norm.NFKD.String(strings.ToLower(Normalize(norm.NFKD.String(s))))
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(undecomposed.Replace(s)), " ")
}

// NameKeys are the search keys of a name: the folded words as written and, where it
// differs, in Latin letters, so that either script finds the other.
func NameKeys(s string) []string {
	var keys []string
	for _, word := range strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		keys = append(keys, strings.ReplaceAll(word, "'", ""))
	}
	for _, word := range strings.FieldsFunc(Normalize(s), func(r rune) bool { return r == ' ' || r == '-' || r == '.' }) {
		keys = append(keys, strings.ToLower(LatinOf(word)))
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	return slices.DeleteFunc(keys, func(k string) bool { return k == "" })
}

// Prefixes are the beginnings of a key from shortest characters on, the key itself
// included: what an index of hashed keys has to hold so that typing ahead works.
func Prefixes(key string, shortest int) []string {
	runes := []rune(key)
	var out []string
	for n := max(1, shortest); n < len(runes); n++ {
		out = append(out, string(runes[:n]))
	}
	if len(runes) > 0 {
		out = append(out, key)
	}
	return out
}
