package field

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// icao is the table of ICAO Doc 9303 part 3 for Russian, followed by letters of
// neighbouring alphabets, which serve comparison only.
var icao = pairs(`А A Б B В V Г G Д D Е E Ё E Ж ZH З Z И I Й I К K Л L М M Н N О O П P
	Р R С S Т T У U Ф F Х KH Ц TS Ч CH Ш SH Щ SHCH Ъ IE Ы Y Ь - Э E Ю IU Я IA
	Ў U Қ Q Ғ G Ҳ H Ҷ J Ӣ I Ӯ U Ә A Ң N Ө O Ұ U Ү U Һ H І I Ї I Є IE Ґ G`)

// bare holds the Latin letters that Unicode does not decompose.
var bare = pairs(`ı I Ə E Đ D Ð D Ł L Ø O ß SS ẞ SS Æ AE Œ OE Þ TH Ŋ N Ħ H Ŧ T`)

// pairs reads a table of letters and their replacements; "-" stands for nothing.
func pairs(table string) map[rune]string {
	m := make(map[rune]string)
	words := strings.Fields(table)
	for i := 0; i < len(words); i += 2 {
		m[[]rune(words[i])[0]] = strings.Trim(words[i+1], "-")
	}
	return m
}

// Transliterate writes Cyrillic in upper-case Latin letters the way Russian
// passports do. Everything that is not Cyrillic stays, in upper case.
func Transliterate(s string) string {
	return replaceLetters(strings.ToUpper(norm.NFC.String(s)), icao)
}

// LatinOf is the bare Latin spelling of a name for comparison: transliterated if it
// is Cyrillic, otherwise without diacritics; upper-case letters only.
func LatinOf(s string) string {
	s = Transliterate(s)
	s = replaceLetters(norm.NFD.String(s), bare)
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func replaceLetters(s string, table map[rune]string) string {
	var b strings.Builder
	for _, r := range s {
		if to, ok := table[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
