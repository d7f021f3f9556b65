package field

// INN checks the taxpayer number of a person: twelve digits, the last two of them
// check digits.
func INN(s string) (string, []Fault) {
	n, faults := digitsOf(s, " ", 12, 12)
	switch {
	case faults != nil:
		return n, faults
	case allZero(n):
		return n, fault("reserved")
	case n[10] != innCheck(n[:10]) || n[11] != innCheck(n[:11]):
		return n, fault("checksum")
	}
	return n, nil
}

// innCheck computes the check digit that follows head. The weights of the shorter
// sum are the tail of those of the longer one.
func innCheck(head string) byte {
	weights := [...]int{3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8}
	w := weights[len(weights)-len(head):]
	sum := 0
	for i := range head {
		sum += int(head[i]-'0') * w[i]
	}
	return '0' + byte(sum%11%10)
}

// OrganisationINN reports whether s has the ten digits of an organisation, so that
// the form can say so instead of only counting characters.
func OrganisationINN(s string) bool {
	n := compact(s, " ")
	return len(n) == 10 && allDigits(n)
}
