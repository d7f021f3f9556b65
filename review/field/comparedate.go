package field

import (
	"strings"

	"okno/review"
	"okno/review/mrz"
)

// date compares a date of six printed digits with a typed one.
func (l *lines) date(f review.Field, code string, expiry bool) {
	read, ok := l.get(f, code)
	if !ok {
		return
	}
	century := mrz.BirthDate
	if expiry {
		century = mrz.ExpiryDate
	}
	day, real := century(read.Value, l.today.Year)
	if !real {
		l.put(f, "", Unreadable, RuleNoDate, read)
		return
	}
	verdict, rule := matchDate(l.a.Value(f), day)
	l.put(f, day, verdict, rule, read)
}

// matchDate compares two dates of full or partial precision.
func matchDate(typed, read string) (Match, string) {
	switch {
	case typed == read:
		return Exact, RuleSame
	case len(typed) == len(read) && len(typed) > 4 && typed[2:] == read[2:]:
		return Equivalent, RuleTwoDigitYear
	case len(read) < len(typed) && strings.HasPrefix(typed, read):
		return Equivalent, RulePartial
	case len(typed) < len(read) && strings.HasPrefix(read, typed):
		return Close, RulePartial
	case len(typed) == len(read) && len(typed) == 10 && typed[:4] == read[:4] && typed[5:7] == read[8:] && typed[8:] == read[5:7]:
		return Different, RuleDayMonth
	case transposed(typed, read):
		return Different, RuleTransposed
	case len(typed) == len(read) && distance(typed, read) == 1:
		return Different, RuleOneCharacter
	}
	return Different, RuleOther
}

// expiry compares the end of the document. A document without an end has fillers.
func (l *lines) expiry() {
	read, found := l.r.Field("expiry-date")
	endless := !found || strings.Trim(read.Value, "<") == ""
	switch {
	case l.a.Value(review.DocumentNoExpiry) != "yes":
		if !endless {
			l.date(review.DocumentExpiryDate, "expiry-date", true)
		} else if l.a.Value(review.DocumentExpiryDate) != "" && found {
			l.put(review.DocumentExpiryDate, "", Unreadable, RuleNotStated, read)
		}
	case endless:
		if found {
			l.put(review.DocumentNoExpiry, "yes", Exact, RuleSame, read)
		}
	default:
		day, _ := mrz.ExpiryDate(read.Value, l.today.Year)
		l.put(review.DocumentNoExpiry, day, Different, RuleHasExpiry, read)
	}
}

// term compares the end of the stay with the end of the visa.
func (l *lines) term() {
	read, ok := l.get(review.StayTo, "expiry-date")
	if !ok {
		return
	}
	day, real := mrz.ExpiryDate(read.Value, l.today.Year)
	typed, faults := ParseDate(l.a.Value(review.StayTo))
	end, wrong := ParseDate(day)
	switch {
	case !real || wrong != nil || faults != nil:
		l.put(review.StayTo, "", Unreadable, RuleNoDate, read)
	case typed == end:
		l.put(review.StayTo, day, Exact, RuleSame, read)
	case typed.Before(end):
		l.put(review.StayTo, day, Equivalent, RuleWithinTerm, read)
	default:
		l.put(review.StayTo, day, Different, RuleAfterTerm, read)
	}
}
