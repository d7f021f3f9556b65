package review_test

import (
	"testing"

	"okno/review"
)

func TestCaseNumbersCarryACheckDigit(t *testing.T) {
	seen := map[review.CaseNumber]bool{}
	for range 200 {
		n := review.RandomIDs{}.NewNumber()
		back, ok := review.ParseCaseNumber("№ " + n.String())
		if !ok || back != n || seen[n] {
			t.Fatalf("%s comes back as %s, %v", n, back, ok)
		}
		seen[n] = true
		for i := range len(n) { // any one digit mistyped is noticed
			wrong := []byte(n)
			wrong[i] = '0' + (wrong[i]-'0'+1)%10
			if _, ok := review.ParseCaseNumber(string(wrong)); ok {
				t.Fatalf("%s is taken for %s", wrong, n)
			}
		}
	}
	for _, bad := range []string{"", "2600481275 1", "26004812O5", "260048127"} {
		if n, ok := review.ParseCaseNumber(bad); ok {
			t.Errorf("%q is %s", bad, n)
		}
	}
}
