package mrz

import (
	"regexp"
	"slices"
	"strings"
)

// Internal is what the lines of a Russian internal passport say. The names are exact:
// the lines hold a code of one letter for each Russian letter, in which only hyphen and
// space cannot be told apart.
type Internal struct {
	Surname      string
	GivenName    string
	Patronymic   string
	NamesCut     bool // the name field is full, so the names may be incomplete
	Series       string
	Number       string
	BirthDate    string // YYMMDD
	Sex          string
	IssueDate    string // YYMMDD
	DivisionCode string // "770-001"
	Checks       []Check
}

var (
	internalNumber = regexp.MustCompile(`^\d{9}$`)
	internalSex    = regexp.MustCompile(`^[MF]$`)
)

// PNRUS reads the two lines of a Russian internal passport, 44 characters each.
func PNRUS(line1, line2 string) (Internal, []string) {
	l, faults := prepare(44, line1, line2)
	if faults != nil {
		return Internal{}, faults
	}
	a, b := l[0], l[1]
	var f findings
	f.require(a[:5] == "PNRUS", "document-code")
	f.require(internalNumber.MatchString(b[:9]), "format:document-number")
	f.check("document-number", b[:9], b[9:10])
	f.require(b[10:13] == "RUS", "nationality")
	f.check("birth-date", b[13:19], b[19:20])
	f.require(internalSex.MatchString(b[20:21]), "sex")
	f.require(b[21:28] == "<<<<<<<", "format:expiry-date")
	f.check("optional-data", b[28:42], b[42:43])
	f.check("composite", b[:10]+b[13:20]+b[21:43], b[43:])
	d := Internal{
		Series: value(b[:3] + b[28:29]), Number: value(b[3:9]), BirthDate: b[13:19], Sex: value(b[20:21]),
		IssueDate: b[29:35], DivisionCode: division(b[35:41]), Checks: f.checks,
		NamesCut: !strings.HasSuffix(a, "<"),
	}
	surname, rest, _ := strings.Cut(strings.TrimRight(a[5:], "<"), "<<")
	d.Surname = DecodeRussian(surname)
	d.GivenName, d.Patronymic = givenNames(DecodeRussian(rest))
	return d, f.codes
}

func division(code string) string {
	if code = value(code); len(code) != 6 {
		return code
	}
	return code[:3] + "-" + code[3:]
}

// patronymicParticles end a patronymic of two words.
var patronymicParticles = []string{"ОГЛЫ", "КЫЗЫ", "УГЛИ", "КИЗИ", "УУЛУ", "ОГЛУ"}

// givenNames splits the words after the surname: the last is the patronymic, together
// with the word before it when it is a particle; a single word is a given name.
func givenNames(s string) (given, patronymic string) {
	parts := strings.Fields(s)
	last := len(parts) - 1
	if last > 1 && slices.Contains(patronymicParticles, parts[last]) {
		last--
	}
	if last < 1 {
		return s, ""
	}
	return strings.Join(parts[:last], " "), strings.Join(parts[last:], " ")
}
