package check

import (
	"okno/review"
	"okno/review/field"
)

// personOf reads what identifies somebody from answers. Contacts are not among
// them: they belong to the account.
func personOf(a review.Answers) field.Person {
	surname, given := a.Value(review.SurnameLatin), a.Value(review.GivenNameLatin)
	if surname+given == "" {
		surname, given = a.Value(review.Surname), a.Value(review.GivenName)
	}
	return field.Person{
		Surname: surname, Given: given, BirthDate: a.Value(review.BirthDate),
		DocCountry: a.Value(review.Citizenship), DocNumber: a.Value(review.DocumentNumber),
		SNILS: a.Value(review.SNILS), INN: a.Value(review.INN), OMS: a.Value(review.OMS),
	}
}

// compare looks at the Latin and at the Cyrillic names: two people may have typed
// only one of the scripts the same way.
func compare(a, b review.Answers) field.Duplicate {
	x, y := personOf(a), personOf(b)
	verdict := field.CompareDuplicate(x, y)
	if verdict == field.DuplicateCertain || verdict == field.DuplicateProbable {
		return verdict
	}
	x.Surname, x.Given = a.Value(review.Surname), a.Value(review.GivenName)
	y.Surname, y.Given = b.Value(review.Surname), b.Value(review.GivenName)
	if second := field.CompareDuplicate(x, y); rank(second) > rank(verdict) {
		return second
	}
	return verdict
}

func rank(d field.Duplicate) int {
	switch d {
	case field.DuplicateCertain:
		return 3
	case field.DuplicateProbable:
		return 2
	case field.DuplicatePossible:
		return 1
	}
	return 0
}

// duplicates looks for the same person in other accounts, and for a second open
// submission of the same account.
//
// A second open submission of the same account blocks. One of another account
// only holds: blocking would let anybody shut a stranger out by sending the
// stranger's document number first, and would tell them that it is known here.
func (r *run) duplicates() {
	found, open := false, false
	for _, t := range r.facts.Twins {
		if t.ID == r.s.ID {
			continue
		}
		if t.Account == r.s.Account {
			if !t.Status.Final() {
				open = true
				r.add(DuplicateApplication, review.Block, finding{verdict: review.Fail, reason: "own", values: map[string]string{"case": t.Number.String()}})
			}
			continue
		}
		verdict := compare(r.s.Answers, t.Answers)
		if verdict == field.DuplicateNone {
			continue
		}
		found = true
		values := map[string]string{"case": t.Number.String(), "status": string(t.Status)}
		sure := verdict != field.DuplicatePossible
		f := finding{verdict: review.Warn, reason: string(verdict), values: values, fourEyes: sure}
		if sure {
			f.verdict = review.Fail
		}
		r.add(DuplicatePerson, review.Hold, f)
		if verdict == field.DuplicateCertain && !t.Status.Final() {
			open = true
			r.add(DuplicateApplication, review.Hold, finding{verdict: review.Warn, reason: "other-account", values: values})
		}
	}
	if !found {
		r.pass(DuplicatePerson, review.Hold, review.Target{}, nil)
	}
	if !open {
		r.pass(DuplicateApplication, review.Block, review.Target{}, nil)
	}
}
