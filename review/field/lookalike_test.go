package field

import (
	"testing"
	"unicode"
)

func TestUnmix(t *testing.T) {
	for _, c := range []struct {
		typed  string
		script *unicode.RangeTable
		want   string // empty: nothing is suggested
	}{
		{"Hамунаев", unicode.Cyrillic, "Намунаев"}, // the first letter is Latin
		{"NAMUNАEV", unicode.Latin, "NAMUNAEV"},    // one A is Cyrillic
		{"Анна Мaрия", unicode.Cyrillic, "Анна Мария"},
		{"НАМУНАЕВ", unicode.Latin, ""}, // typed in Russian on purpose: HAMYHAEB is no name
		{"Жасур", unicode.Latin, ""},
		{"POXA", unicode.Cyrillic, ""},
		{"Анна MAPИЯ COBA", unicode.Cyrillic, ""},
		{"Намунаев", unicode.Cyrillic, ""},
		{"NAMUNAЕВЖ", unicode.Latin, ""}, // one letter has no twin
		{"", unicode.Latin, ""},
	} {
		got, ok := Unmix(c.typed, c.script)
		if !ok {
			got = ""
		}
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%q: %q %v, want %q", c.typed, got, ok, c.want)
		}
	}
}
