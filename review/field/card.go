package field

import "strings"

// Card checks a payment card number: 13 to 19 digits with a Luhn check digit. The
// number must never be stored; keep [CardBrand] and [CardLast4].
func Card(s string) (string, []Fault) {
	n, faults := digitsOf(s, " -", 13, 19)
	switch {
	case faults != nil:
		return n, faults
	case oneDigit(n):
		return n, fault("reserved")
	case !luhn(n):
		return n, fault("checksum")
	}
	return n, nil
}

// CardLast4 is the part of a card number that may be shown and kept.
func CardLast4(n string) string { return n[max(0, len(n)-4):] }

// CardBrand names the payment system of a normal card number: mir, visa,
// mastercard, unionpay, or other.
func CardBrand(n string) string {
	switch {
	case between(n, "2200", "2204"):
		return "mir"
	case strings.HasPrefix(n, "4"):
		return "visa"
	case between(n, "51", "55"), between(n, "2221", "2720"):
		return "mastercard"
	case strings.HasPrefix(n, "62"):
		return "unionpay"
	}
	return "other"
}

// between reports whether n starts with a prefix in the given range.
func between(n, low, high string) bool {
	return len(n) >= len(low) && n[:len(low)] >= low && n[:len(low)] <= high
}
