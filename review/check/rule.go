package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"okno/review"
)

// First is the version with which most rules began.
const First = "2026-11"

// The codes of the checks, each a translation key check.<code>.
const (
	FormComplete         = "form-complete"
	ConsentGiven         = "consent-given"
	ContactsConfirmed    = "contacts-confirmed"
	ContactInUse         = "contact-in-use"
	PhoneType            = "phone-type"
	MailDisposable       = "mail-disposable"
	AgeMinimum           = "age-minimum"
	TrackConsistent      = "track-consistent"
	DocumentExpiry       = "document-expiry"
	PassportPattern      = "passport-country-pattern"
	RFPassportAgeState   = "rf-passport-age-state"
	SNILS                = "snils"
	INN                  = "inn"
	OMS                  = "oms"
	StayProofPresent     = "stay-proof-present"
	StayLength           = "stay-length"
	ResidenceProof       = "residence-proof"
	MRZPresent           = "mrz-present"
	MRZCheckDigits       = "mrz-check-digits"
	MRZName              = "mrz-name"
	MRZBirthDate         = "mrz-birth-date"
	MRZNumber            = "mrz-number"
	MRZCitizenship       = "mrz-citizenship"
	MRZExpiry            = "mrz-expiry"
	MRZSex               = "mrz-sex"
	MRZIssue             = "mrz-issue"
	StayPrint            = "stay-print"
	FileType             = "file-type"
	FileSize             = "file-size"
	FileReadable         = "file-readable"
	FileMalware          = "file-malware"
	PDFActiveContent     = "pdf-active-content"
	ImageResolution      = "image-resolution"
	ImageColor           = "image-color"
	ImageBlur            = "image-blur"
	ImageGlare           = "image-glare"
	ImageOrigin          = "image-origin"
	PortraitPresent      = "portrait-present"
	FileReused           = "file-reused"
	ImageReused          = "image-reused"
	DuplicatePerson      = "duplicate-person"
	DuplicateApplication = "duplicate-application"
	Velocity             = "velocity"
)

// Codes lists every check in the order of the ledger.
var Codes = []string{
	FormComplete, ConsentGiven, ContactsConfirmed, ContactInUse, PhoneType, MailDisposable,
	AgeMinimum, TrackConsistent, DocumentExpiry, PassportPattern, RFPassportAgeState, SNILS, INN, OMS,
	StayProofPresent, StayLength, ResidenceProof,
	MRZPresent, MRZCheckDigits, MRZName, MRZBirthDate, MRZNumber, MRZCitizenship, MRZExpiry, MRZSex, MRZIssue, StayPrint,
	FileType, FileSize, FileReadable, FileMalware, PDFActiveContent,
	ImageResolution, ImageColor, ImageBlur, ImageGlare, ImageOrigin, PortraitPresent, FileReused, ImageReused,
	DuplicatePerson, DuplicateApplication, Velocity,
}

// Rule is one version of one check.
type Rule struct {
	Code    string
	Version string
	Effect  review.Effect // the gravest that it can have
	Track   review.Track  // empty for both
	look    func(*run)
}

// book holds every version of every rule. The first of a code is the one that a new
// desk switches on.
var book = []Rule{
	{FormComplete, First, review.Block, "", (*run).formComplete},
	{ConsentGiven, First, review.Block, "", (*run).consentGiven},
	{ContactsConfirmed, First, review.Block, "", (*run).contactsConfirmed},
	{ContactInUse, First, review.Block, "", (*run).contactInUse},
	{PhoneType, First, review.NoteOnly, "", (*run).phoneType},
	{MailDisposable, First, review.NoteOnly, "", (*run).mailDisposable},
	{AgeMinimum, First, review.Block, "", (*run).ageMinimum},
	{TrackConsistent, First, review.Block, "", (*run).trackConsistent},
	{DocumentExpiry, First, review.Block, "", (*run).expiry},
	{PassportPattern, First, review.NoteOnly, review.ForeignCitizen, (*run).passportPattern},
	{RFPassportAgeState, First, review.Hold, review.FromAbroad, (*run).rfPassport},
	{SNILS, First, review.Block, "", (*run).snils},
	{INN, First, review.Block, "", (*run).inn},
	{OMS, First, review.Block, "", (*run).oms},
	{StayProofPresent, First, review.Block, review.ForeignCitizen, (*run).stayProof},
	{StayLength, First, review.Hold, review.ForeignCitizen, (*run).stayLength},
	{ResidenceProof, First, review.Hold, review.FromAbroad, (*run).residence},
	{MRZPresent, First, review.Hold, "", (*run).linesPresent},
	{MRZCheckDigits, First, review.Hold, "", (*run).checkDigits},
	{MRZName, First, review.Hold, "", (*run).names},
	{MRZName, "2026-12", review.Hold, "", (*run).namesStrictly},
	{MRZBirthDate, First, review.Hold, "", compares(review.BirthDate)},
	{MRZNumber, First, review.Hold, "", compares(review.DocumentNumber)},
	{MRZCitizenship, First, review.Hold, review.ForeignCitizen, compares(review.Citizenship)},
	{MRZExpiry, First, review.Hold, "", compares(review.DocumentExpiryDate, review.DocumentNoExpiry)},
	{MRZSex, First, review.Hold, "", compares(review.Sex)},
	{MRZIssue, First, review.Hold, review.FromAbroad, compares(review.DocumentIssueDate, review.DivisionCode)},
	{StayPrint, First, review.Hold, review.ForeignCitizen, compares(review.StayProofNumber, review.StayTo)},
	{FileType, First, review.Block, "", (*run).fileType},
	{FileSize, First, review.Block, "", (*run).fileSize},
	{FileReadable, First, review.Block, "", (*run).fileReadable},
	{FileMalware, First, review.Block, "", (*run).fileMalware},
	{PDFActiveContent, First, review.Block, "", (*run).activeContent},
	{ImageResolution, First, review.Block, "", (*run).resolution},
	{ImageColor, First, review.NoteOnly, "", picture(map[string]string{"grayscale": "grayscale"})},
	{ImageBlur, First, review.NoteOnly, "", picture(map[string]string{"blur": "blur"})},
	{ImageGlare, First, review.NoteOnly, "", picture(map[string]string{"glare": "glare", "bright": "bright", "dark": "dark"})},
	{ImageOrigin, First, review.NoteOnly, "", picture(map[string]string{"editing-software": "editor"})},
	{PortraitPresent, First, review.NoteOnly, "", (*run).portrait},
	{FileReused, First, review.Hold, "", (*run).fileReused},
	{ImageReused, First, review.Hold, "", (*run).imageReused},
	{DuplicatePerson, First, review.Hold, "", (*run).duplicatePerson},
	{DuplicateApplication, First, review.Block, "", (*run).duplicateApplication},
	{Velocity, First, review.Hold, "", velocity(10)},
	{Velocity, "2026-12", review.Hold, "", velocity(25)},
}

// Rules lists every version of every rule, in the order of the ledger; of each code
// the one that a new desk switches on comes first.
func Rules() []Rule { return slices.Clone(book) }

// Find returns one version of a rule.
func Find(code, version string) (Rule, bool) {
	i := slices.IndexFunc(book, func(r Rule) bool { return r.Code == code && r.Version == version })
	if i < 0 {
		return Rule{}, false
	}
	return book[i], true
}

// Set says which version of each check is switched on.
type Set struct {
	versions map[string]string
	reader   string // what looks at documents; a part of the print
}

// Current is the set of a new desk: the first version of each rule.
func Current() Set {
	set := Set{versions: map[string]string{}}
	for _, r := range slices.Backward(book) {
		set.versions[r.Code] = r.Version
	}
	return set
}

// With returns the set with another version of one check; an empty version switches
// the check off. A version that the book does not know leaves the set as it is.
func (set Set) With(code, version string) Set {
	if _, ok := Find(code, version); !ok && version != "" {
		return set
	}
	versions := maps.Clone(set.versions)
	versions[code] = version
	return Set{versions, set.reader}
}

// Version is the version of a check that is switched on, empty when it is off.
func (set Set) Version(code string) string { return set.versions[code] }

// Print is a short fingerprint of the set and of what looks at documents: two sets that
// say the same have the same.
func (set Set) Print() string {
	h := sha256.New()
	for _, code := range Codes {
		fmt.Fprintf(h, "%s@%s\n", code, set.versions[code])
	}
	if set.reader != "" {
		fmt.Fprintf(h, "read by %s\n", set.reader)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}

func (set Set) rule(code string) (Rule, bool) {
	version := set.versions[code]
	if version == "" {
		return Rule{}, false
	}
	return Find(code, version)
}
