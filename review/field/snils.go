package field

// SNILS checks a pension insurance number. The normal form is eleven digits.
func SNILS(s string) (string, []Fault) {
	n, faults := digitsOf(s, " -", 11, 11)
	switch {
	case faults != nil:
		return n, faults
	case allZero(n):
		return n, fault("reserved")
	case n[:9] > "001001998" && n[9:] != snilsCheck(n):
		return n, fault("checksum")
	}
	return n, nil
}

// snilsCheck is the two-digit check number over the first nine digits; numbers up
// to 001-001-998 were issued before it was introduced.
func snilsCheck(n string) string {
	sum := 0
	for i := range 9 {
		sum += int(n[i]-'0') * (9 - i)
	}
	k := sum % 101 % 100
	return string([]byte{'0' + byte(k/10), '0' + byte(k%10)})
}

// FormatSNILS prints a normal SNILS as 901-234-507 52.
func FormatSNILS(n string) string {
	if len(n) != 11 {
		return n
	}
	return n[:3] + "-" + n[3:6] + "-" + n[6:9] + " " + n[9:]
}
