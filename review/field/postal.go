package field

import "regexp"

// PostalIndex checks a Russian postal index: six digits, the first from 1 to 6.
func PostalIndex(s string) (string, []Fault) {
	n, faults := digitsOf(s, " ", 6, 6)
	if faults == nil && (n[0] < '1' || n[0] > '6') {
		faults = fault("range")
	}
	return n, faults
}

var digitGroup = regexp.MustCompile(`[0-9]+`)

// IndexIn finds the postal index in a free-form address: the only group of six
// digits, if there is exactly one and it is valid. The form offers it.
func IndexIn(address string) (index string, ok bool) {
	for _, group := range digitGroup.FindAllString(Normalize(address), -1) {
		if len(group) != 6 {
			continue
		}
		if index != "" {
			return "", false
		}
		index = group
	}
	_, faults := PostalIndex(index)
	return index, faults == nil
}
