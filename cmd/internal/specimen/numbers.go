package specimen

import (
	"fmt"
	"strings"
)

// The numbers here lie in ranges that nobody is issued (00…, 96–98…, 9…) and
// differ by their sequence number; the desk uses 1 … 999, load cases the rest.

func snils(seq, salt int) string {
	d := fmt.Sprintf("9%02d%06d", salt%100, seq)
	sum := 0
	for i := range 9 {
		sum += int(d[i]-'0') * (9 - i)
	}
	return fmt.Sprintf("%s%02d", d, sum%101%100)
}

func inn(seq, salt int) string {
	d := fmt.Sprintf("%d%08d", 96+salt%3, seq)
	digit := func(weights ...int) int {
		sum := 0
		for i, w := range weights {
			sum += w * int(d[i]-'0')
		}
		return sum % 11 % 10
	}
	d += fmt.Sprint(digit(7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
	return d + fmt.Sprint(digit(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
}

func oms(seq, salt int) string {
	d := fmt.Sprintf("%d00%011d", 96+salt%3, seq)
	sum := 0
	for i := range 15 {
		v := int(d[14-i] - '0')
		if i%2 == 0 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return d + fmt.Sprint((10-sum%10)%10)
}

// phone spreads sequence numbers over the seven codes; seven neighbours get
// seven codes, so 70,000 numbers are different.
func phone(seq int) string {
	code := []int{907, 943, 944, 945, 946, 947, 948}[seq%7]
	return fmt.Sprintf("+7%d000%04d", code, seq/7%10000)
}

func mail(given, surname string, seq int) string {
	clean := func(s string) string {
		return strings.ToLower(strings.NewReplacer("'", "", " ", "").Replace(s))
	}
	return fmt.Sprintf("%s.%s%d@example.org", clean(given), clean(surname), seq)
}

// internalSeries gives a passport series of a region that does not exist and
// the year of issue.
func internalSeries(year, salt int) string {
	return []string{"02", "06", "13", "16", "21", "23", "31"}[salt%7] + fmt.Sprintf("%02d", year%100)
}

func foreignNumber(n *nation, seq, salt int) string {
	return n.series[salt%len(n.series)] + fmt.Sprintf("%0*d", n.digits, seq)
}

func stayNumber(kind string, seq, salt int) string {
	switch kind {
	case "migration-card":
		return fmt.Sprintf("99%02d %07d", salt%100, seq)
	case "patent":
		return fmt.Sprintf("%d %010d", 96+salt%4, seq)
	case "residence-permit":
		return fmt.Sprintf("82 %07d", seq)
	case "visa":
		return fmt.Sprintf("00 %07d", seq)
	case "temporary-residence-permit":
		return fmt.Sprintf("ОБР %04d/00", seq)
	default:
		return fmt.Sprintf("ОБР %07d", seq)
	}
}
