package field

// DefaultMinAge is the age at which a person may apply in their own name.
const DefaultMinAge = 14

const oldestAge = 120

// expiresSoonDays is how close the end of a document has to be for a warning.
const expiresSoonDays = 30

// BirthDate checks a full date of birth in the form YYYY-MM-DD against the day of the
// test and the least age.
func BirthDate(s string, asOf Date, minAge int) (string, []Fault) {
	d, faults := ParseDate(s)
	if faults == nil {
		faults = CheckBirth(d, asOf, minAge)
	}
	return d.String(), faults
}

// CheckBirth is [BirthDate] for a date already read, full or partial. Of a partial date
// only what is certain is a fault.
func CheckBirth(d, asOf Date, minAge int) []Fault {
	switch {
	case d.After(asOf):
		return fault("future")
	case Age(latest(d), asOf) > oldestAge:
		return fault("too-old")
	case Age(d, asOf) < minAge:
		return fault("too-young")
	}
	return nil
}

// latest is the last day that a partial date can mean.
func latest(d Date) Date {
	switch d.Precision() {
	case PrecisionYear:
		return Date{d.Year, 12, 31}
	case PrecisionMonth:
		return Date{d.Year, d.Month + 1, 1}.AddDays(-1)
	}
	return d
}

// CheckIssue checks the day a document was issued: not before birth, not in the future.
// A zero birth date is not compared.
func CheckIssue(issue, birth, asOf Date) []Fault {
	switch {
	case issue.After(asOf):
		return fault("future")
	case !birth.IsZero() && issue.Before(birth):
		return fault("before-birth")
	}
	return nil
}

// CheckExpiry checks the last day of a document: after its issue and not passed. Fewer
// than thirty days left are a warning. A zero issue date is not compared.
func CheckExpiry(expiry, issue, asOf Date) []Fault {
	switch {
	case !issue.IsZero() && !expiry.After(issue):
		return fault("before-issue")
	case expiry.Before(asOf):
		return fault("expired")
	case asOf.DaysUntil(expiry) < expiresSoonDays:
		return warning("expires-soon")
	}
	return nil
}
