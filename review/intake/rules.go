package intake

import (
	"slices"
	"strings"

	"okno/review"
	"okno/review/field"
)

// pass applies the rules of a section to typed inputs. Values of other sections
// come from what is stored.
type pass struct {
	track  review.Track
	today  field.Date
	typed  Typed
	open   func(review.Field) bool
	stored review.Answers

	answers review.Answers
	faults  []review.FieldFault
}

// judge returns the answers of the open inputs, and the faults in the order of
// the inputs. Answers with faults must not be stored.
func judge(sec Section, track review.Track, today field.Date, stored review.Answers, typed Typed, open func(review.Field) bool) (review.Answers, []review.FieldFault) {
	p := &pass{track: track, today: today, typed: typed, open: open, stored: stored, answers: review.Answers{}}
	for _, in := range sec.Inputs {
		if open(in.Field) {
			p.read(in)
		}
	}
	switch sec.Code {
	case Person:
		p.person()
	case Document:
		p.document()
	case Stay:
		p.stay()
	case Residence:
		p.residence()
	case Address:
		p.address()
	}
	order := func(f review.FieldFault) int {
		return slices.IndexFunc(sec.Inputs, func(in Input) bool { return string(in.Field) == f.Field })
	}
	slices.SortStableFunc(p.faults, func(a, b review.FieldFault) int { return order(a) - order(b) })
	return p.answers, p.faults
}

// value is the value after this form: typed here, or stored before.
func (p *pass) value(f review.Field) string {
	if a, ok := p.answers[f]; ok {
		return a.Value
	}
	return p.stored.Value(f)
}

func (p *pass) date(f review.Field) field.Date {
	d, faults := field.ParsePartialDate(p.value(f))
	if faults != nil {
		return field.Date{}
	}
	return d
}

// fault reports something wrong with an open input; the first fault of an input
// stands, what follows from it is not said.
func (p *pass) fault(f review.Field, code string) {
	if p.open(f) && !p.wrong(f) {
		p.faults = append(p.faults, review.FieldFault{Field: string(f), Code: code})
	}
}

func (p *pass) wrong(f review.Field) bool {
	return slices.ContainsFunc(p.faults, func(x review.FieldFault) bool { return x.Field == string(f) })
}

// warn reports a warning unless the person has confirmed it; a confirmation is
// kept with the answer.
func (p *pass) warn(f review.Field, code string) {
	if !p.open(f) || p.wrong(f) {
		return
	}
	if slices.Contains(strings.Fields(p.typed[ConfirmName(f)]), code) {
		a := p.answers[f]
		a.Confirmed = append(a.Confirmed, code)
		p.answers[f] = a
		return
	}
	p.faults = append(p.faults, review.FieldFault{Field: string(f), Code: code, Warning: true})
}

func (p *pass) all(f review.Field, faults []field.Fault) {
	for _, x := range faults {
		if x.Warning {
			p.warn(f, x.Code)
		} else {
			p.fault(f, x.Code)
		}
	}
}

// read takes one input in its normal form. Whether an empty one is a fault is
// decided by the section.
func (p *pass) read(in Input) {
	raw := p.typed.text(in)
	if in.Kind == Flag {
		a := review.Answer{}
		if raw != "" {
			a = review.Answer{Typed: "yes", Value: "yes"}
		}
		p.answers[in.Field] = a
		return
	}
	if field.Normalize(raw) == "" {
		p.answers[in.Field] = review.Answer{}
		return
	}
	var n string
	var faults []field.Fault
	switch in.Kind {
	case Date:
		read := field.DateBoxes
		if in.Partial {
			read = field.PartialDateBoxes
		}
		var d field.Date
		d, faults = read(p.typed.boxes(in.Field))
		n = d.String()
	case Choice:
		n = raw
		if !slices.Contains(in.Options, raw) {
			faults = []field.Fault{{Code: "unknown"}}
		}
	case Country:
		n, faults = field.Citizenship(raw)
	default:
		n, faults = p.text(in.Field, raw)
	}
	p.answers[in.Field] = review.Answer{Typed: raw, Value: n}
	p.all(in.Field, faults)
}

// text applies the rule of a field that does not depend on others.
func (p *pass) text(f review.Field, raw string) (string, []field.Fault) {
	switch f {
	case review.Surname, review.GivenName, review.Patronymic:
		return field.NameCyrillic(raw)
	case review.SurnameLatin, review.GivenNameLatin:
		return field.NameLatin(raw)
	case review.BirthPlace:
		return field.BirthPlace(raw)
	case review.DocumentIssuer:
		return field.FreeText(raw, 2, 200)
	case review.DivisionCode:
		return field.DivisionCode(raw)
	case review.Address, review.ResidenceAddress:
		return field.Address(raw)
	case review.PostalIndex:
		return field.PostalIndex(raw)
	case review.INN:
		return field.INN(raw)
	case review.SNILS:
		return field.SNILS(raw)
	case review.OMS:
		return field.OMS(raw)
	case review.MachineLines:
		return lines(raw)
	}
	return field.Normalize(raw), nil // numbers of documents: judged by their type
}

func (p *pass) need(fields ...review.Field) {
	for _, f := range fields {
		if p.value(f) == "" {
			p.fault(f, "empty")
		}
	}
}

func (p *pass) person() {
	noSurname, noGiven := p.value(review.SurnameAbsent) != "", p.value(review.GivenNameAbsent) != ""
	p.namePart(review.Surname, review.SurnameLatin, review.SurnameAbsent, noSurname)
	p.namePart(review.GivenName, review.GivenNameLatin, review.GivenNameAbsent, noGiven)
	if noSurname && noGiven {
		p.fault(review.GivenNameAbsent, "both-absent")
	}
	p.need(review.BirthDate, review.BirthPlace, review.Sex)
	if d := p.date(review.BirthDate); !d.IsZero() {
		p.all(review.BirthDate, field.CheckBirth(d, p.today, review.MinAge))
		if d.Precision() != field.PrecisionDay {
			p.warn(review.BirthDate, "partial-"+d.Precision())
		}
	}
	if p.track == review.ForeignCitizen {
		p.need(review.Citizenship)
		if p.value(review.Citizenship) == "RUS" {
			p.fault(review.Citizenship, "russian-citizen")
		}
	}
}

// namePart judges surname or given name: present in both scripts where the track
// asks for them, or absent from the document.
func (p *pass) namePart(name, latin, absent review.Field, isAbsent bool) {
	if isAbsent {
		if p.value(name) != "" || p.value(latin) != "" {
			p.fault(absent, "absent-but-given")
		}
		return
	}
	p.need(name)
	if p.track == review.ForeignCitizen {
		p.need(latin)
	}
	if c, l := p.value(name), p.value(latin); c != "" && l != "" && !p.wrong(name) && !p.wrong(latin) &&
		field.NameMatch(c, l, p.value(review.Citizenship)) == field.Different {
		p.warn(latin, "latin-differs")
	}
}

func (p *pass) document() {
	p.need(review.DocumentNumber, review.DocumentIssueDate, review.DocumentIssuer)
	birth, issue := p.date(review.BirthDate), p.date(review.DocumentIssueDate)
	if !issue.IsZero() {
		p.all(review.DocumentIssueDate, field.CheckIssue(issue, birth, p.today))
	}
	kind := p.value(review.DocumentType)
	if kind == "" && p.track == review.FromAbroad {
		kind = "rf-passport" // what a draft starts with
	} else {
		p.need(review.DocumentType)
	}
	switch kind {
	case "rf-passport":
		p.internalPassport(birth, issue)
		return
	case "rf-travel-passport":
		p.number(review.DocumentNumber, field.TravelPassport)
	default:
		p.number(review.DocumentNumber, p.foreignNumber)
	}
	expiry := p.date(review.DocumentExpiryDate)
	switch none := p.value(review.DocumentNoExpiry) != ""; {
	case none && !expiry.IsZero():
		p.fault(review.DocumentNoExpiry, "absent-but-given")
	case !none:
		p.need(review.DocumentExpiryDate)
	}
	if !expiry.IsZero() {
		p.all(review.DocumentExpiryDate, field.CheckExpiry(expiry, issue, p.today))
	}
}

// internalPassport applies the rules of the Russian internal passport, which
// prints no expiry date: its validity follows the holder's age.
func (p *pass) internalPassport(birth, issue field.Date) {
	p.need(review.DivisionCode)
	p.number(review.DocumentNumber, field.RFPassport)
	if p.value(review.DocumentExpiryDate) != "" {
		p.fault(review.DocumentExpiryDate, "not-printed")
	}
	if issue.IsZero() || birth.IsZero() || birth.Precision() != field.PrecisionDay {
		return
	}
	if state := field.RFPassportState(birth, issue, p.today); state != field.PassportValid && state != field.PassportNotYetIssued {
		p.warn(review.DocumentIssueDate, "passport-"+state)
	}
}

// number puts a typed number into the normal form of its rule.
func (p *pass) number(f review.Field, rule func(string) (string, []field.Fault)) {
	a, ok := p.answers[f]
	if !ok || a.Typed == "" || !p.open(f) {
		return
	}
	n, faults := rule(a.Typed)
	a.Value = n
	p.answers[f] = a
	p.all(f, faults)
}

func (p *pass) foreignNumber(s string) (string, []field.Fault) {
	switch p.value(review.DocumentType) {
	case "foreign-passport":
		return field.ForeignPassport(p.value(review.Citizenship), s)
	case "stateless-document", "refugee-certificate", "temporary-asylum":
		return field.FreeText(s, 2, 40)
	}
	return field.ForeignPassport("", s)
}

func (p *pass) stay() {
	kind := p.value(review.StayProofType)
	if kind == "" && StayExempt(p.value(review.Citizenship), p.today) {
		for _, f := range []review.Field{review.StayProofNumber, review.StayFrom, review.StayTo} {
			if p.value(f) != "" {
				p.fault(review.StayProofType, "empty")
			}
		}
		return
	}
	p.need(review.StayProofType, review.StayProofNumber)
	switch kind {
	case "migration-card":
		p.need(review.StayFrom, review.StayTo)
		p.number(review.StayProofNumber, field.MigrationCardRelaxed)
	case "visa":
		p.need(review.StayFrom, review.StayTo)
		p.number(review.StayProofNumber, field.Visa)
	case "patent":
		p.need(review.StayTo)
		p.number(review.StayProofNumber, field.Patent)
	case "residence-permit":
		p.number(review.StayProofNumber, field.ResidencePermit)
	default:
		p.number(review.StayProofNumber, func(s string) (string, []field.Fault) { return field.FreeText(s, 1, 60) })
	}
	from, to := p.date(review.StayFrom), p.date(review.StayTo)
	if !from.IsZero() {
		p.all(review.StayFrom, field.CheckIssue(from, p.date(review.BirthDate), p.today))
	}
	switch {
	case to.IsZero():
	case !from.IsZero() && to.Before(from):
		p.fault(review.StayTo, "before-stay")
	case to.Before(p.today):
		p.warn(review.StayTo, "stay-over")
	}
}

func (p *pass) residence() {
	p.need(review.ResidenceCountry, review.ResidenceProofType)
	switch c := p.value(review.ResidenceCountry); {
	case c == "RUS":
		p.fault(review.ResidenceCountry, "in-russia")
	case field.Stateless(c):
		p.fault(review.ResidenceCountry, "unknown")
	}
}

// address takes the postal index out of the address when it stands there and
// was left empty.
func (p *pass) address() {
	if p.track == review.FromAbroad {
		p.need(review.ResidenceAddress)
		return
	}
	p.need(review.Address)
	if index, ok := field.IndexIn(p.value(review.Address)); ok && p.value(review.PostalIndex) == "" && p.open(review.PostalIndex) {
		p.answers[review.PostalIndex] = review.Answer{Typed: index, Value: index}
	}
}
