package field

import (
	"slices"

	"okno/review"
)

// Told is what somebody may learn about their own document: the answers that agree with
// its machine-readable lines and those that they should look at again. It rests on the
// values alone. Whether check digits hold, how sure the reader is and what a text reader
// thinks it sees is for the desk: it would help nobody to fill in a form, only to make a
// better forgery.
func Told(list []Comparison) (agree, differ []Comparison) {
	latin := slices.ContainsFunc(list, func(c Comparison) bool {
		return (c.Field == review.SurnameLatin || c.Field == review.GivenNameLatin) && c.Rule != RuleUnreadable
	})
	for _, c := range list {
		cyrillic := c.Field == review.Surname || c.Field == review.GivenName
		switch {
		case c.Hint, c.Verdict == Unreadable, cyrillic && latin: // the spelling in Cyrillic letters is the applicant's own
		case c.Agrees():
			agree = append(agree, c)
		case !c.Uncertain:
			differ = append(differ, c)
		}
	}
	return agree, differ
}
