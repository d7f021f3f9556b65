package mrz

import (
	"fmt"
	"strings"
)

// national is the table of ICAO Doc 9303 part 3 for Latin letters beyond A to Z: the
// letters of a group, then what they become.
var national = nationalTable(`ÀÁÂÃĀĂĄǍẠẢẤẦẨẪẬẮẰẲẴẶ A  ÅǺ AA  ÄÆǼ AE  ÇĆĈĊČ C  ÐĎĐ D
	ÈÉÊËĒĔĖĘĚƏẸẺẼẾỀỂỄỆ E  ĜĞĠĢǤ G  ĤĦ H  ÌÍÎÏĨĪĬĮİIỈỊ I  Ĵ J  Ķ K  ĹĻĽĿŁ L  ÑŃŅŇ N  Ŋ N
	ÒÓÔÕŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ O  ÖØŒ OE  ŔŖŘ R  ŚŜŞŠȘ S  ẞ SS  ŢŤŦȚ T  Þ TH  ÙÚÛŨŪŬŮŰŲƯỤỦỨỪỬỮỰ U  Ü UE
	Ŵ W  ÝŶŸỲỴỶỸ Y  ŹŻŽ Z`)

func nationalTable(text string) map[rune]string {
	table := make(map[rune]string)
	fields := strings.Fields(text)
	for i := 0; i < len(fields); i += 2 {
		for _, r := range fields[i] {
			table[r] = fields[i+1]
		}
	}
	return table
}

// Letters writes a Latin name in the letters of a machine-readable line: diacritics by
// the ICAO table, spaces and hyphens as fillers, apostrophes and periods dropped.
// Cyrillic names have to be transliterated before.
func Letters(name string) (string, error) {
	var b strings.Builder
	for _, r := range strings.ToUpper(strings.ReplaceAll(name, "ß", "ss")) {
		switch to, ok := national[r]; {
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r)
		case ok:
			b.WriteString(to)
		case r == ' ' || r == '-' || r == '<':
			b.WriteByte('<')
		case strings.ContainsRune("'.`´’‘ʻʼʾʿ", r):
		default:
			return "", fmt.Errorf("mrz: a letter of the name is not Latin")
		}
	}
	return strings.Join(strings.FieldsFunc(b.String(), func(r rune) bool { return r == '<' }), "<"), nil
}
