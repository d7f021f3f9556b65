package specimen

import "strings"

// checkDigit is the 7-3-1 sum over machine-readable characters.
func checkDigit(s string) string {
	sum := 0
	for i := range len(s) {
		v := 0
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			v = int(c - '0')
		case c >= 'A' && c <= 'Z':
			v = int(c-'A') + 10
		}
		sum += v * [3]int{7, 3, 1}[i%3]
	}
	return string(rune('0' + sum%10))
}

func filled(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s + strings.Repeat("<", n-len(s))
}

var mrzLatin = strings.NewReplacer("'", "", " ", "<", "-", "<", ".", "")

var internalCode = strings.NewReplacer("А", "A", "Б", "B", "В", "V", "Г", "G", "Д", "D", "Е", "E", "Ё", "2", "Ж", "J", "З", "Z",
	"И", "I", "Й", "Q", "К", "K", "Л", "L", "М", "M", "Н", "N", "О", "O", "П", "P", "Р", "R", "С", "S", "Т", "T", "У", "U",
	"Ф", "F", "Х", "H", "Ц", "C", "Ч", "3", "Ш", "4", "Щ", "W", "Ъ", "X", "Ы", "Y", "Ь", "9", "Э", "6", "Ю", "7", "Я", "8",
	" ", "<", "-", "<")

// shortDate turns YYYY-MM-DD into YYMMDD.
func shortDate(d string) string {
	if len(d) != 10 {
		return "<<<<<<"
	}
	return d[2:4] + d[5:7] + d[8:10]
}

// readable builds the two machine-readable lines of an identity document.
func readable(p map[string]string) [2]string {
	number := strings.ReplaceAll(p["document-number"], " ", "")
	birth := shortDate(p["birth-date"])
	birth += checkDigit(birth)
	if p["document-type"] == "rf-passport" {
		names := strings.ToUpper(p["surname"] + "|" + p["given-name"] + "+" + p["patronymic"])
		names = strings.NewReplacer("|", "<<", "+", "<").Replace(internalCode.Replace(names))
		n := number[:3] + number[4:]
		n += checkDigit(n)
		rest := number[3:4] + shortDate(p["document-issue-date"]) + strings.ReplaceAll(p["division-code"], "-", "") + "<"
		rest += checkDigit(rest)
		const none = "<<<<<<<"
		return [2]string{filled("PNRUS"+names, 44), n + "RUS" + birth + p["sex"] + none + rest + checkDigit(n+birth+none+rest)}
	}
	state := p["citizenship"]
	n := filled(number, 9)
	n += checkDigit(n)
	expiry := shortDate(p["document-expiry-date"])
	expiry += checkDigit(expiry)
	optional := filled(p["personal-number"], 14)
	if p["personal-number"] == "" {
		optional += "<"
	} else {
		optional += checkDigit(optional)
	}
	names := mrzLatin.Replace(p["surname-latin"]) + "<<" + mrzLatin.Replace(p["given-name-latin"])
	return [2]string{filled("P<"+state+names, 44), n + state + birth + p["sex"] + expiry + optional + checkDigit(n+birth+expiry+optional)}
}
