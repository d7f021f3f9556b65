package intake

import (
	_ "embed"
	"encoding/json"
	"slices"

	"okno/review"
	"okno/review/field"
)

// Kind is how an input is filled.
type Kind int

// The kinds of inputs.
const (
	Text    Kind = iota // one line
	Area                // several lines
	Date                // day, month, year
	Choice              // one of Options
	Country             // a country from the table of review/field
	Flag                // "yes" or nothing
)

// Input is one input of a section.
type Input struct {
	Field   review.Field
	Kind    Kind
	Options []string // codes of a Choice
	Partial bool     // a date of which the document may show only the year or the month
}

// Section is a form that is saved as a whole.
type Section struct {
	Code   string
	Inputs []Input
}

// The codes of the sections.
const (
	Person      = "person"
	Document    = "document"
	Stay        = "stay"      // track A
	Residence   = "residence" // track B
	Address     = "address"
	Identifiers = "identifiers"
	AccountType = "account-type"
	Consents    = "consents" // no inputs: see [Service.Consent]
)

// The codes of choices.
var (
	foreignDocuments = []string{"foreign-passport", "foreign-id-card", "stateless-document", "refugee-certificate", "temporary-asylum"}
	russianDocuments = []string{"rf-passport", "rf-travel-passport"}
	stayProofs       = []string{"migration-card", "visa", "temporary-residence-permit", "residence-permit", "patent",
		"temporary-asylum", "refugee-certificate", "asylum-application-certificate", "work-permit"}
	residenceProofs = []string{"visa", "residence-permit", "lease", "embassy-certificate"}
	accountTypes    = []string{"standard", "partner", "organisation"}
	sexes           = []string{"M", "F", "X"}
)

var names = []Input{
	{Field: review.Surname}, {Field: review.SurnameAbsent, Kind: Flag},
	{Field: review.GivenName}, {Field: review.GivenNameAbsent, Kind: Flag},
	{Field: review.Patronymic},
	{Field: review.SurnameLatin}, {Field: review.GivenNameLatin},
	{Field: review.BirthDate, Kind: Date, Partial: true}, {Field: review.BirthPlace},
	{Field: review.Sex, Kind: Choice, Options: sexes}, {Field: review.MachineLines, Kind: Area},
}

var foreignCitizen = []Section{
	{Person, append(slices.Clone(names), Input{Field: review.Citizenship, Kind: Country})},
	{Document, []Input{
		{Field: review.DocumentType, Kind: Choice, Options: foreignDocuments}, {Field: review.DocumentNumber},
		{Field: review.DocumentIssueDate, Kind: Date}, {Field: review.DocumentExpiryDate, Kind: Date},
		{Field: review.DocumentNoExpiry, Kind: Flag}, {Field: review.DocumentIssuer},
	}},
	{Stay, []Input{
		{Field: review.StayProofType, Kind: Choice, Options: stayProofs}, {Field: review.StayProofNumber},
		{Field: review.StayFrom, Kind: Date}, {Field: review.StayTo, Kind: Date},
	}},
	{Address, []Input{{Field: review.Address, Kind: Area}, {Field: review.PostalIndex}}},
	{Identifiers, []Input{{Field: review.INN}, {Field: review.SNILS}, {Field: review.OMS}}},
	{AccountType, []Input{{Field: review.AccountType, Kind: Choice, Options: accountTypes}}},
	{Consents, nil},
}

var fromAbroad = []Section{
	{Person, names},
	{Document, []Input{
		{Field: review.DocumentType, Kind: Choice, Options: russianDocuments}, {Field: review.DocumentNumber},
		{Field: review.DocumentIssueDate, Kind: Date}, {Field: review.DocumentExpiryDate, Kind: Date},
		{Field: review.DocumentIssuer}, {Field: review.DivisionCode},
	}},
	{Residence, []Input{
		{Field: review.ResidenceCountry, Kind: Country},
		{Field: review.ResidenceProofType, Kind: Choice, Options: residenceProofs},
	}},
	{Address, []Input{{Field: review.ResidenceAddress, Kind: Area}}},
	{Identifiers, []Input{{Field: review.INN}, {Field: review.SNILS}}},
	{AccountType, []Input{{Field: review.AccountType, Kind: Choice, Options: accountTypes}}},
	{Consents, nil},
}

// Sections lists the sections of a track in the order in which they are offered.
func Sections(t review.Track) []Section {
	if t == review.FromAbroad {
		return fromAbroad
	}
	return foreignCitizen
}

// SectionByCode finds a section of the track.
func SectionByCode(t review.Track, code string) (Section, bool) {
	for _, sec := range Sections(t) {
		if sec.Code == code {
			return sec, true
		}
	}
	return Section{}, false
}

// SectionWith finds the section of the track that holds the field.
func SectionWith(t review.Track, f review.Field) (Section, bool) {
	for _, sec := range Sections(t) {
		if sec.Has(f) {
			return sec, true
		}
	}
	return Section{}, false
}

// Has reports whether the section holds the field.
func (sec Section) Has(f review.Field) bool {
	return slices.ContainsFunc(sec.Inputs, func(in Input) bool { return in.Field == f })
}

//go:embed exemptions.json
var exemptionsJSON []byte

type exemption struct {
	Citizenship string `json:"citizenship"`
	From        string `json:"from"`
	Until       string `json:"until"`
	Basis       string `json:"basis"`
}

var exemptions = func() (list []exemption) {
	if err := json.Unmarshal(exemptionsJSON, &list); err != nil {
		panic("exemptions.json: " + err.Error())
	}
	return list
}()

// StayExempt reports whether citizens of the country need no stay proof on the day.
func StayExempt(citizenship string, day field.Date) bool {
	d := day.String()
	return slices.ContainsFunc(exemptions, func(e exemption) bool {
		return e.Citizenship == citizenship && e.From <= d && (e.Until == "" || d <= e.Until)
	})
}

// Required reports whether the slot must hold a document before the submission
// can be sent.
func Required(s *review.Submission, slot review.Slot, day field.Date) bool {
	switch slot {
	case review.SlotPassport, review.SlotResidenceProof:
		return true
	case review.SlotStayProof:
		return !StayExempt(s.Answers.Value(review.Citizenship), day)
	}
	return false
}
