package mrz

import (
	"fmt"
	"strings"
)

// The code of Russian letters in the internal passport; the two run in parallel.
const (
	russianLetters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"
	russianCode    = "ABVGDE2JZIQKLMNOPRSTUFHC34WXY9678"
)

var encodeTable, decodeTable = russianTables()

func russianTables() (encode, decode map[rune]rune) {
	encode, decode = map[rune]rune{}, map[rune]rune{}
	code := []rune(russianCode)
	for i, letter := range []rune(russianLetters) {
		encode[letter], decode[code[i]] = code[i], letter
	}
	return encode, decode
}

// EncodeRussian writes a Russian name in the letter code of the internal passport; a
// hyphen or space becomes a filler, apostrophes and periods vanish.
func EncodeRussian(name string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToUpper(strings.Join(strings.Fields(name), " ")) {
		switch code, ok := encodeTable[r]; {
		case ok:
			b.WriteRune(code)
		case r == ' ' || r == '-':
			b.WriteByte('<')
		case r == '\'' || r == '.':
		default:
			return "", fmt.Errorf("mrz: a letter of the name is not Russian")
		}
	}
	return b.String(), nil
}

// DecodeRussian reads a name in the letter code of the internal passport; fillers become
// spaces. A character that stands for no letter stays as it is.
func DecodeRussian(code string) string {
	return words(strings.Map(func(r rune) rune {
		if letter, ok := decodeTable[r]; ok {
			return letter
		}
		return r
	}, code))
}
