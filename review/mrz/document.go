package mrz

import (
	"regexp"
	"strings"
)

var (
	passportCode = regexp.MustCompile(`^P[A-Z<]$`)
	cardCode     = regexp.MustCompile(`^[ACI][A-Z<]$`)
	visaCode     = regexp.MustCompile(`^V[A-Z<]$`)
	printedSex   = regexp.MustCompile(`^[MFX<]$`)
	printedDate  = regexp.MustCompile(`^(\d{6}|\d{4}<<|\d\d<<<<|<<<<<<)$`)
)

// TD3 reads the two lines of a passport, 44 characters each.
func TD3(line1, line2 string) (Document, []string) {
	l, faults := prepare(44, line1, line2)
	if faults != nil {
		return Document{}, faults
	}
	a, b := l[0], l[1]
	var f findings
	f.require(passportCode.MatchString(a[:2]), "document-code")
	f.check("document-number", b[:9], b[9:10])
	f.check("birth-date", b[13:19], b[19:20])
	f.require(printedSex.MatchString(b[20:21]), "sex")
	f.check("expiry-date", b[21:27], b[27:28])
	f.check("optional-data", b[28:42], b[42:43])
	f.check("composite", b[:10]+b[13:20]+b[21:43], b[43:])
	f.dates(b[13:19], b[21:27])
	d := Document{
		Code: a[:2], Issuer: value(a[2:5]), Number: value(b[:9]), Nationality: value(b[10:13]),
		BirthDate: b[13:19], Sex: value(b[20:21]), ExpiryDate: b[21:27], OptionalData: value(b[28:42]),
		Checks: f.checks,
	}
	d.takeNames(a[5:])
	return d, f.codes
}

// TD1 reads the three lines of an identity card, 30 characters each. A number longer
// than nine characters continues in the optional data.
func TD1(line1, line2, line3 string) (Document, []string) {
	l, faults := prepare(30, line1, line2, line3)
	if faults != nil {
		return Document{}, faults
	}
	a, b := l[0], l[1]
	number, digit, optional := longNumber(a[5:14], a[14:15], a[15:])
	var f findings
	f.require(cardCode.MatchString(a[:2]), "document-code")
	f.check("document-number", number, digit)
	f.check("birth-date", b[:6], b[6:7])
	f.require(printedSex.MatchString(b[7:8]), "sex")
	f.check("expiry-date", b[8:14], b[14:15])
	f.check("composite", a[5:]+b[:7]+b[8:15]+b[18:29], b[29:])
	f.dates(b[:6], b[8:14])
	d := Document{
		Code: a[:2], Issuer: value(a[2:5]), Number: value(number), Nationality: value(b[15:18]),
		BirthDate: b[:6], Sex: value(b[7:8]), ExpiryDate: b[8:14],
		OptionalData: words(optional + "<" + b[18:29]), Checks: f.checks,
	}
	d.takeNames(l[2])
	return d, f.codes
}

// longNumber joins a document number whose check digit is a filler with its
// continuation, which ends with the real check digit.
func longNumber(number, digit, optional string) (string, string, string) {
	rest, after, _ := strings.Cut(optional, "<")
	if digit != "<" || len(rest) < 2 {
		return number, digit, optional
	}
	last := len(rest) - 1
	return number + rest[:last], rest[last:], after
}

// TD2 reads the two lines of an identity card of the larger size, 36 characters each. A
// number longer than nine characters continues in the optional data.
func TD2(line1, line2 string) (Document, []string) {
	l, faults := prepare(36, line1, line2)
	if faults != nil {
		return Document{}, faults
	}
	a, b := l[0], l[1]
	number, digit, optional := longNumber(b[:9], b[9:10], b[28:35])
	var f findings
	f.require(cardCode.MatchString(a[:2]), "document-code")
	f.check("document-number", number, digit)
	f.check("birth-date", b[13:19], b[19:20])
	f.require(printedSex.MatchString(b[20:21]), "sex")
	f.check("expiry-date", b[21:27], b[27:28])
	f.check("composite", b[:10]+b[13:20]+b[21:35], b[35:])
	f.dates(b[13:19], b[21:27])
	d := Document{
		Code: a[:2], Issuer: value(a[2:5]), Number: value(number), Nationality: value(b[10:13]),
		BirthDate: b[13:19], Sex: value(b[20:21]), ExpiryDate: b[21:27], OptionalData: words(optional),
		Checks: f.checks,
	}
	d.takeNames(a[5:])
	return d, f.codes
}

// MRVA reads the two lines of a visa of the larger size, 44 characters each. A visa has
// no composite check digit.
func MRVA(line1, line2 string) (Document, []string) { return visa(44, line1, line2) }

// MRVB reads the two lines of a visa of the smaller size, 36 characters each.
func MRVB(line1, line2 string) (Document, []string) { return visa(36, line1, line2) }

func visa(length int, line1, line2 string) (Document, []string) {
	l, faults := prepare(length, line1, line2)
	if faults != nil {
		return Document{}, faults
	}
	a, b := l[0], l[1]
	var f findings
	f.require(visaCode.MatchString(a[:2]), "document-code")
	f.check("document-number", b[:9], b[9:10])
	f.check("birth-date", b[13:19], b[19:20])
	f.require(printedSex.MatchString(b[20:21]), "sex")
	f.check("expiry-date", b[21:27], b[27:28])
	f.dates(b[13:19], b[21:27])
	d := Document{
		Code: a[:2], Issuer: value(a[2:5]), Number: value(b[:9]), Nationality: value(b[10:13]),
		BirthDate: b[13:19], Sex: value(b[20:21]), ExpiryDate: b[21:27], OptionalData: value(b[28:]),
		Checks: f.checks,
	}
	d.takeNames(a[5:])
	return d, f.codes
}

func (f *findings) dates(birth, expiry string) {
	f.require(printedDate.MatchString(birth), "format:birth-date")
	f.require(printedDate.MatchString(expiry), "format:expiry-date")
}

func (d *Document) takeNames(field string) {
	d.Surname, d.GivenNames = names(field)
	d.NamesCut = !strings.HasSuffix(field, "<")
}
