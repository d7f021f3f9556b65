package check

import (
	"strconv"

	"okno/review"
	"okno/review/field"
)

// ageMinimum checks that the person may apply alone.
func (r *run) ageMinimum() {
	birth, faults := field.ParsePartialDate(r.value(review.BirthDate))
	switch {
	case faults != nil:
		r.skip("unknown", on(review.BirthDate))
	default:
		f := finding{verdict: review.Pass, target: on(review.BirthDate), values: map[string]string{"min": strconv.Itoa(review.MinAge)}}
		if wrong := field.CheckBirth(birth, r.today, review.MinAge); len(wrong) > 0 {
			f.verdict, f.reason = review.Fail, wrong[0].Code
		}
		r.add(review.Block, f)
	}
}

// trackConsistent checks whether the track fits the citizenship.
func (r *run) trackConsistent() {
	citizenship, residence := r.value(review.Citizenship), r.value(review.ResidenceCountry)
	f := finding{verdict: review.Pass, target: on(review.Citizenship), values: map[string]string{"citizenship": citizenship}}
	switch {
	case r.s.Track == review.ForeignCitizen && citizenship == "RUS":
		f.verdict, f.reason = review.Fail, "russian"
	case r.s.Track == review.FromAbroad && citizenship != "RUS":
		f.verdict, f.reason = review.Fail, "foreign"
	case r.s.Track == review.FromAbroad && residence == "RUS":
		f.verdict, f.reason, f.target = review.Fail, "in-russia", on(review.ResidenceCountry)
		f.values = map[string]string{"residence": residence}
	}
	r.add(review.Block, f)
}

// passportPattern notes a number that does not look like its country's.
func (r *run) passportPattern() {
	number, citizenship := r.value(review.DocumentNumber), r.value(review.Citizenship)
	if number == "" || r.value(review.DocumentType) != "foreign-passport" {
		r.skip("not-a-passport", on(review.DocumentNumber))
		return
	}
	f := finding{verdict: review.Pass, target: on(review.DocumentNumber), values: map[string]string{"citizenship": citizenship}}
	if _, faults := field.ForeignPassport(citizenship, number); len(faults) > 0 {
		f.verdict, f.reason = review.Warn, "pattern"
	}
	r.add(review.NoteOnly, f)
}

// expiry stops what is over and notes what soon will be.
func (r *run) expiry() {
	target := on(review.DocumentExpiryDate)
	if r.s.Track == review.FromAbroad && r.value(review.DocumentType) != "rf-travel-passport" {
		return // the internal passport prints no end: the age decides
	}
	if r.value(review.DocumentNoExpiry) == "yes" {
		r.skip("no-expiry", on(review.DocumentNoExpiry))
		return
	}
	expiry, known := r.date(review.DocumentExpiryDate)
	if !known {
		r.skip("unknown", target)
		return
	}
	issue, _ := r.date(review.DocumentIssueDate)
	values := map[string]string{"expiry": expiry.String()}
	faults := field.CheckExpiry(expiry, issue, r.today)
	switch {
	case len(faults) == 0:
		r.pass(target, values)
	case faults[0].Warning:
		values["days"] = strconv.Itoa(r.today.DaysUntil(expiry))
		r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "expires-soon", target: target, values: values})
	default:
		r.add(review.Block, finding{verdict: review.Fail, reason: faults[0].Code, target: target, values: values})
	}
}

// rfPassport checks whether a Russian passport is still the right one for the
// holder's age. It prints no expiry date: the age decides. Anything but valid
// is for a reviewer to judge, and for two when the passport is over.
func (r *run) rfPassport() {
	target := on(review.DocumentIssueDate)
	if r.value(review.DocumentType) == "rf-travel-passport" {
		r.skip("travel-passport", on(review.DocumentType))
		return
	}
	birth, born := r.date(review.BirthDate)
	issue, issued := r.date(review.DocumentIssueDate)
	if !born || !issued {
		r.add(review.Hold, finding{verdict: review.Warn, reason: "unknown", target: target})
		return
	}
	f := finding{target: target, values: map[string]string{"birth": birth.String(), "issue": issue.String()}}
	switch state := field.RFPassportState(birth, issue, r.today); state {
	case field.PassportValid:
		f.verdict = review.Pass
	case field.PassportGrace:
		f.verdict, f.reason = review.Warn, state
	default:
		f.verdict, f.reason = review.Fail, state
	}
	r.add(review.Hold, f)
}

func (r *run) snils() { r.arithmetic(review.SNILS, field.SNILS) }
func (r *run) inn()   { r.arithmetic(review.INN, field.INN) }
func (r *run) oms()   { r.arithmetic(review.OMS, field.OMS) }

// arithmetic checks the check digits of an identifier. All are optional: what is wrong
// can be corrected or left out.
func (r *run) arithmetic(f review.Field, rule func(string) (string, []field.Fault)) {
	value := r.value(f)
	if value == "" {
		r.skip("empty", on(f))
		return
	}
	if _, faults := rule(value); field.Blocking(faults) {
		r.add(review.Block, finding{verdict: review.Fail, reason: "wrong", target: on(f)})
		return
	}
	r.pass(on(f), nil)
}
