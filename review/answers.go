package review

import (
	"maps"
	"slices"
)

// Field is the code of one answer. Codes are stable: they stand in sealed
// data, in correction items and in translation keys (field.<code>).
type Field string

// The answers that a submission can hold.
const (
	Surname            Field = "surname"
	GivenName          Field = "given-name"
	Patronymic         Field = "patronymic"
	SurnameAbsent      Field = "surname-absent"    // "yes" when the document prints no surname
	GivenNameAbsent    Field = "given-name-absent" // likewise
	SurnameLatin       Field = "surname-latin"
	GivenNameLatin     Field = "given-name-latin"
	BirthDate          Field = "birth-date" // YYYY-MM-DD, YYYY-MM or YYYY
	BirthPlace         Field = "birth-place"
	Sex                Field = "sex" // M, F or X
	Citizenship        Field = "citizenship"
	DocumentType       Field = "document-type"
	DocumentNumber     Field = "document-number"
	DocumentIssueDate  Field = "document-issue-date"
	DocumentExpiryDate Field = "document-expiry-date"
	DocumentNoExpiry   Field = "document-no-expiry" // "yes" when the document prints none
	DocumentIssuer     Field = "document-issuer"
	DivisionCode       Field = "division-code"
	StayProofType      Field = "stay-proof-type"
	StayProofNumber    Field = "stay-proof-number"
	StayFrom           Field = "stay-from"
	StayTo             Field = "stay-to"
	ResidenceCountry   Field = "residence-country"
	ResidenceProofType Field = "residence-proof-type"
	ResidenceAddress   Field = "residence-address"
	Address            Field = "address"
	PostalIndex        Field = "postal-index"
	INN                Field = "inn"
	SNILS              Field = "snils"
	OMS                Field = "oms"
	AccountType        Field = "account-type" // standard, partner or organisation
	// MachineLines are the lines at the foot of the passport as the applicant typed
	// them: a help to fill other answers, which nobody reviews.
	MachineLines Field = "machine-lines"

	// Phone and Email are the account's confirmed contacts. They are never
	// stored among the answers but can be the target of a correction.
	Phone Field = "phone"
	Email Field = "email"
)

// Fields lists the fields of a track, the account's contacts included, in the
// order in which people read them.
func Fields(t Track) []Field {
	fields := []Field{
		Surname, SurnameAbsent, GivenName, GivenNameAbsent, Patronymic, SurnameLatin, GivenNameLatin,
		BirthDate, BirthPlace, Sex, Citizenship,
		DocumentType, DocumentNumber, DocumentIssueDate, DocumentExpiryDate, DocumentNoExpiry, DocumentIssuer, DivisionCode,
	}
	if t == FromAbroad {
		fields = append(fields, ResidenceCountry, ResidenceProofType, ResidenceAddress)
	} else {
		fields = append(fields, StayProofType, StayProofNumber, StayFrom, StayTo)
	}
	return append(fields, Address, PostalIndex, INN, SNILS, OMS, AccountType, Phone, Email)
}

// Answer is one answer: what was typed, and the normal form that search,
// comparison and display use.
type Answer struct {
	Typed string `json:"t"`
	Value string `json:"v"`
	// Confirmed lists warnings that the person has answered with "I checked it".
	Confirmed []string `json:"c,omitempty"`
}

// Answers holds the answers of a submission by field. It prints as [redacted].
type Answers map[Field]Answer

// String keeps personal data out of logs.
func (Answers) String() string { return "[redacted]" }

// GoString keeps personal data out of logs.
func (Answers) GoString() string { return "[redacted]" }

// Value returns the normal form of the answer, empty when there is none.
func (a Answers) Value(f Field) string { return a[f].Value }

// Clone returns an independent copy.
func (a Answers) Clone() Answers {
	c := maps.Clone(a)
	for f, v := range c {
		v.Confirmed = slices.Clone(v.Confirmed)
		c[f] = v
	}
	return c
}

// Slot is a place for one document of a submission.
type Slot string

// The document slots.
const (
	SlotPassport       Slot = "passport"        // photo page of the identity document; both tracks, required
	SlotStayProof      Slot = "stay-proof"      // migration card or another stay proof; track A
	SlotInsurance      Slot = "insurance"       // medical insurance policy; track A, optional
	SlotTranslation    Slot = "translation"     // notarised translation; track A, optional
	SlotResidenceProof Slot = "residence-proof" // proof of living abroad; track B
)

// Slots lists the slots of a track in display order.
func Slots(t Track) []Slot {
	if t == FromAbroad {
		return []Slot{SlotPassport, SlotResidenceProof}
	}
	return []Slot{SlotPassport, SlotStayProof, SlotInsurance, SlotTranslation}
}

// Consent is one agreement, with the exact text that was shown.
type Consent struct {
	Purpose  string `json:"purpose"` // translation key consent.<purpose>
	Version  string `json:"version"`
	Hash     string `json:"hash"` // SHA-256 of the text as shown, hex
	Language string `json:"language"`
	At       int64  `json:"at"` // Unix milliseconds
	Channel  string `json:"channel"`
}
