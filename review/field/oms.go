package field

// OMS checks the sixteen-digit number of a medical insurance policy (ENP). Its
// check digit, described as Mod10 of ISO/HL7 27931, always equals the Luhn digit.
func OMS(s string) (string, []Fault) {
	n, faults := digitsOf(s, " -", 16, 16)
	switch {
	case faults != nil:
		return n, faults
	case allZero(n):
		return n, fault("reserved")
	case !luhn(n):
		return n, fault("checksum")
	}
	return n, nil
}

// luhn tests the check digit at the end of n.
func luhn(n string) bool {
	sum := 0
	for i := range n {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}
