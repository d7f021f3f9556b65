package signin

import (
	"embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"okno/review/field"
)

// The roots of common passwords: latin.txt is folded from the lists of
// @zxcvbn-ts/language-common (leaked passwords) and zxcvbn (names, surnames,
// words), whose licence lies beside it; cyrillic.txt is our own.
//
//go:embed roots/*.txt
var rootFiles embed.FS

// deskWords are words that anybody thinks of on this desk.
const deskWords = "okno desk registration passport account cabinet gosuslugi service window admin reviewer supervisor auditor " +
	"окно регистрация паспорт госуслуги кабинет"

// scoredRunes is how much of a password is looked at: longer ones are cut, so
// that the work is bounded.
const scoredRunes = 72

type rootSet map[string]struct{}

func (s rootSet) add(word string) {
	if k := skeleton(word); k != "" {
		s[k] = struct{}{}
	}
}

func (s rootSet) has(key string) bool {
	_, ok := s[key]
	return ok
}

// commonRoots are the skeletons of all roots; Russian ones also as they look in
// Latin letters.
var commonRoots = sync.OnceValue(func() rootSet {
	set := make(rootSet, 64_000)
	for _, name := range []string{"roots/latin.txt", "roots/cyrillic.txt"} {
		text, err := rootFiles.ReadFile(name)
		if err != nil { // embedded: cannot happen in a program that was built
			panic(err)
		}
		for word := range strings.FieldsSeq(string(text)) {
			set.add(word)
			if word[0] >= utf8.RuneSelf {
				set.add(field.LatinOf(word))
			}
		}
	}
	for word := range strings.FieldsSeq(deskWords) {
		set.add(word)
	}
	return set
})

// leet are the letters that digits and signs stand for. The letter l is written
// like i, because 1 and ! mean both.
var leet = strings.NewReplacer("0", "o", "1", "i", "!", "i", "|", "i", "l", "i", "3", "e", "4", "a", "@", "a",
	"5", "s", "$", "s", "7", "t", "+", "t", "8", "b", "9", "g", "€", "e")

// shifted are the digits under the signs of the number row.
var shifted = strings.NewReplacer("!", "1", "@", "2", "#", "3", "$", "4", "%", "5", "^", "6", "&", "7", "*", "8", "(", "9", ")", "0")

const (
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбюё"
)

// layout maps characters to what the same keys give on the other layout.
var layout = func() map[rune]rune {
	m := make(map[rune]rune)
	cyrillic := []rune(cyrillicKeys)
	for i, r := range []rune(latinKeys) {
		m[r], m[cyrillic[i]] = cyrillic[i], r
	}
	return m
}()

func otherLayout(s string) string {
	return strings.Map(func(r rune) rune {
		if o, ok := layout[r]; ok {
			return o
		}
		return r
	}, s)
}

func trimmed(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

// skeleton is what remains of a word when case, marks, leet spelling, digits and
// signs at the ends, doubled letters and repetitions are taken away.
func skeleton(s string) string { return bones(trimmed(field.Fold(s))) }

// bones undoes leet spelling in a folded word and shortens repeats.
func bones(s string) string {
	s = leet.Replace(s)
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return period(b.String())
}

// period returns the shortest text whose repetition is s.
func period(s string) string {
	for n := 3; n <= len(s)/2; n++ {
		if len(s)%n == 0 && strings.Repeat(s[:n], len(s)/n) == s && utf8.ValidString(s[:n]) {
			return s[:n]
		}
	}
	return s
}

// Common reports whether a password is a common one in disguise: a well-known
// password, a name or a word, written in leet or on the wrong keyboard layout,
// with digits and signs around it, doubled, or two short ones put together.
func Common(password string, own ...string) bool {
	runes := []rune(strings.ToLower(field.Normalize(password)))
	password = string(runes[:min(len(runes), scoredRunes)])

	distinct := map[rune]bool{}
	for _, r := range password {
		distinct[r] = true
	}
	if len(distinct) <= 4 { // aaaa1111!A
		return true
	}
	roots, ownRoots := commonRoots(), rootSet{}
	for _, o := range own {
		ownRoots.add(o)
	}
	known := func(key string) bool {
		return ownRoots.has(key) || utf8.RuneCountInString(key) >= 3 && roots.has(key)
	}
	for _, spelling := range []string{password, otherLayout(password), shifted.Replace(password)} {
		folded := field.Fold(spelling)
		for _, core := range []string{
			trimmed(folded),           // Пароль123!
			trimmed(trimTail(folded)), // Qwerty!1a: one letter at the end
			folded,                    // 4dm1n0… as a whole
		} {
			if guessable(folded, core, known) {
				return true
			}
		}
		if core := trimmed(leet.Replace(folded)); guessable(folded, core, known) { // p@$$w0rd
			return true
		}
		if words := parts(folded); len(words) > 0 && len(words) <= 2 && short(words) && allKnown(words, known) {
			return true
		}
	}
	return false
}

// pairLetters is how many letters two known words together may have and still
// count as one guess: Love_You1 is, Purple-Tractor-81 is not.
const pairLetters = 10

func short(words []string) bool {
	return utf8.RuneCountInString(strings.Join(words, "")) <= pairLetters
}

// guessable reports whether the core of a password is known and what stands
// around it is what people put there. A long core is enough by itself.
func guessable(folded, core string, known func(string) bool) bool {
	key := bones(core)
	if !known(key) && !sequence(key) {
		return false
	}
	n := utf8.RuneCountInString(core)
	return n >= 6 || n >= 3 && plain(folded, core)
}

// plain reports whether the digits and signs around a core come in few runs,
// like the 2026! of a year and a sign.
func plain(folded, core string) bool {
	head, tail, ok := strings.Cut(folded, core)
	if !ok { // leet was undone in the core
		n := len(folded) - len(core)
		return n <= 4 && n >= 0
	}
	return runs(head) <= 1 && runs(tail) <= 2 && runs(head)+runs(tail) <= 2
}

// runs counts the stretches of digits and of other characters; a longer stretch
// of unlike signs counts for itself.
func runs(s string) int {
	n, last, length := 0, 0, 0
	var before rune
	for _, r := range s {
		class := 1
		if unicode.IsDigit(r) {
			class = 2
		}
		if class != last {
			n, last, length = n+1, class, 0
		}
		if length++; class == 1 && length > 1 && r != before && !strings.ContainsRune("!@#$%^&*()", r) {
			n++
		}
		before = r
	}
	return n
}

// trimTail drops a single letter at the end that only digits and signs precede.
func trimTail(s string) string {
	runes := []rune(s)
	if n := len(runes); n > 2 && unicode.IsLetter(runes[n-1]) && !unicode.IsLetter(runes[n-2]) {
		return string(runes[:n-1])
	}
	return s
}

// parts are the words between digits and signs, if they make up most of the text.
func parts(folded string) []string {
	var words []string
	letters := 0
	for _, w := range strings.FieldsFunc(folded, func(r rune) bool { return !unicode.IsLetter(r) }) {
		letters += utf8.RuneCountInString(w)
		words = append(words, bones(w))
	}
	if 3*letters < 2*utf8.RuneCountInString(folded) {
		return nil
	}
	return words
}

func allKnown(words []string, known func(string) bool) bool {
	for _, w := range words {
		if !known(w) {
			return false
		}
	}
	return true
}

// rows are the orders in which neighbouring keys and letters follow each other.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "абвгдежзиклмнопрстуфхцчшщъыьэюя", "йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"}

// sequence reports whether the text runs along a row, either way, for at least three characters.
func sequence(s string) bool {
	n := utf8.RuneCountInString(s)
	if n < 3 {
		return false
	}
	backwards := []rune(s)
	for i, j := 0, len(backwards)-1; i < j; i, j = i+1, j-1 {
		backwards[i], backwards[j] = backwards[j], backwards[i]
	}
	for _, row := range rows {
		row = leet.Replace(field.Fold(row))
		if strings.Contains(row, s) || strings.Contains(row, string(backwards)) {
			return true
		}
	}
	return false
}
