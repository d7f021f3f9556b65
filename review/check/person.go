package check

import (
	"strconv"

	"okno/review"
	"okno/review/field"
)

// person checks the age and whether the track fits the citizenship.
func (r *run) person() {
	birth, faults := field.ParsePartialDate(r.value(review.BirthDate))
	switch {
	case faults != nil:
		r.skip(AgeMinimum, review.Block, "unknown", on(review.BirthDate))
	default:
		f := finding{verdict: review.Pass, target: on(review.BirthDate), values: map[string]string{"min": strconv.Itoa(review.MinAge)}}
		if wrong := field.CheckBirth(birth, r.today, review.MinAge); len(wrong) > 0 {
			f.verdict, f.reason = review.Fail, wrong[0].Code
		}
		r.add(AgeMinimum, review.Block, f)
	}
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
	r.add(TrackConsistent, review.Block, f)
}

// identityDocument checks dates and number of the identity document.
func (r *run) identityDocument() {
	if r.s.Track == review.FromAbroad {
		r.rfPassport()
		return
	}
	r.expiry()
	number, citizenship := r.value(review.DocumentNumber), r.value(review.Citizenship)
	if number == "" || r.value(review.DocumentType) != "foreign-passport" {
		r.skip(PassportPattern, review.NoteOnly, "not-a-passport", on(review.DocumentNumber))
		return
	}
	f := finding{verdict: review.Pass, target: on(review.DocumentNumber), values: map[string]string{"citizenship": citizenship}}
	if _, faults := field.ForeignPassport(citizenship, number); len(faults) > 0 {
		f.verdict, f.reason = review.Warn, "pattern"
	}
	r.add(PassportPattern, review.NoteOnly, f)
}

// expiry stops what is over and notes what soon will be.
func (r *run) expiry() {
	target := on(review.DocumentExpiryDate)
	if r.value(review.DocumentNoExpiry) == "yes" {
		r.skip(DocumentExpiry, review.NoteOnly, "no-expiry", on(review.DocumentNoExpiry))
		return
	}
	expiry, known := r.date(review.DocumentExpiryDate)
	if !known {
		r.skip(DocumentExpiry, review.NoteOnly, "unknown", target)
		return
	}
	issue, _ := r.date(review.DocumentIssueDate)
	values := map[string]string{"expiry": expiry.String()}
	faults := field.CheckExpiry(expiry, issue, r.today)
	switch {
	case len(faults) == 0:
		r.pass(DocumentExpiry, review.Block, target, values)
	case faults[0].Warning:
		values["days"] = strconv.Itoa(r.today.DaysUntil(expiry))
		r.add(DocumentExpiry, review.NoteOnly, finding{verdict: review.Warn, reason: "expires-soon", target: target, values: values})
	default:
		r.add(DocumentExpiry, review.Block, finding{verdict: review.Fail, reason: faults[0].Code, target: target, values: values})
	}
}

// rfPassport checks whether a Russian passport is still the right one for the
// holder's age. It prints no expiry date: the age decides. Anything but valid
// is for a reviewer to judge, and for two when the passport is over.
func (r *run) rfPassport() {
	target := on(review.DocumentIssueDate)
	if r.value(review.DocumentType) == "rf-travel-passport" {
		r.expiry()
		r.skip(RFPassportAgeState, review.Hold, "travel-passport", on(review.DocumentType))
		return
	}
	birth, born := r.date(review.BirthDate)
	issue, issued := r.date(review.DocumentIssueDate)
	if !born || !issued {
		r.add(RFPassportAgeState, review.Hold, finding{verdict: review.Warn, reason: "unknown", target: target})
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
	r.add(RFPassportAgeState, review.Hold, f)
}

// numbers checks the arithmetic of the identifiers. All are optional: what is
// wrong can be corrected or left out.
func (r *run) numbers() {
	for _, n := range []struct {
		code  string
		field review.Field
		rule  func(string) (string, []field.Fault)
	}{
		{SNILS, review.SNILS, field.SNILS},
		{INN, review.INN, field.INN},
		{OMS, review.OMS, field.OMS},
	} {
		value := r.value(n.field)
		if value == "" {
			r.skip(n.code, review.Block, "empty", on(n.field))
			continue
		}
		if _, faults := n.rule(value); field.Blocking(faults) {
			r.add(n.code, review.Block, finding{verdict: review.Fail, reason: "wrong", target: on(n.field)})
			continue
		}
		r.pass(n.code, review.Block, on(n.field), nil)
	}
}
