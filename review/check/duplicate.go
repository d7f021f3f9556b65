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

// verdict compares this submission with another one, contacts included.
func (r *run) verdict(t Twin) field.Duplicate {
	v := compare(r.s.Answers, t.Answers)
	if v == field.DuplicateNone && (t.Phone || t.Email) {
		return field.DuplicatePossible
	}
	return v
}

// settled reports whether somebody has found that a pair is not one person.
func (r *run) settled(other review.SubmissionID) bool {
	v := r.facts.Judged[other].Verdict
	return v == Relative || v == Mistake
}

// duplicatePerson looks for the same person in other accounts. What people have
// decided about a pair stands until one of the two changes.
func (r *run) duplicatePerson() {
	found := false
	for _, t := range r.facts.Twins {
		if t.ID == r.s.ID || t.Account == r.s.Account {
			continue
		}
		verdict := r.verdict(t)
		judged, known := r.facts.Judged[t.ID]
		if verdict == field.DuplicateNone && judged.Verdict != SamePerson {
			continue
		}
		found = true
		values := map[string]string{"case": t.Number.String(), "status": string(t.Status), "twin": string(t.ID)}
		sure := verdict == field.DuplicateCertain || verdict == field.DuplicateProbable
		f := finding{verdict: review.Warn, reason: string(verdict), values: values, fourEyes: sure}
		switch {
		case known && judged.Verdict == SamePerson:
			f.verdict, f.reason, f.fourEyes = review.Fail, "judged-same", true
		case known:
			f = finding{verdict: review.Pass, reason: judgedAs[judged.Verdict], values: values}
		case sure:
			f.verdict = review.Fail
		case t.Phone || t.Email:
			if compare(r.s.Answers, t.Answers) == field.DuplicateNone {
				f.reason = "contact"
			}
		}
		r.add(review.Hold, f)
	}
	if !found {
		r.pass(review.Target{}, nil)
	}
}

// duplicateApplication looks for a second open submission.
//
// One of the same account blocks. One of another account only holds: blocking would
// let anybody shut a stranger out by sending the stranger's document number first, and
// would tell them that it is known here.
func (r *run) duplicateApplication() {
	open := false
	for _, t := range r.facts.Twins {
		if t.ID == r.s.ID || t.Status.Final() || r.settled(t.ID) {
			continue
		}
		values := map[string]string{"case": t.Number.String(), "status": string(t.Status), "twin": string(t.ID)}
		switch {
		case t.Account == r.s.Account:
			open = true
			r.add(review.Block, finding{verdict: review.Fail, reason: "own", values: values})
		case r.verdict(t) == field.DuplicateCertain:
			open = true
			r.add(review.Hold, finding{verdict: review.Warn, reason: "other-account", values: values})
		}
	}
	if !open {
		r.pass(review.Target{}, nil)
	}
}

// judgedAs are the reasons of pairs about which somebody has decided.
var judgedAs = map[PairVerdict]string{Relative: "judged-relative", Mistake: "judged-mistake"}
