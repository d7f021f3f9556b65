// Package check runs the automatic checks of a submission that need no reading
// of the scans: the answers against the rules, the contacts, the measured
// quality of the pages, and the search for the same person among other
// submissions.
//
// [Run] is pure: it takes the submission and the [Facts] that others know about
// it, and returns one ledger entry per check.
//
//	checks := check.Run(s, facts, now)
//	if review.Blocked(checks) {
//		// the applicant fixes it; no colleague spends time on it
//	}
//
// Every entry says what was compared, by which version of the rules, and what
// it means for the approval. [Service.Tick] gathers the facts and runs the
// checks of everything that waits for them.
package check

import (
	"maps"
	"slices"
	"time"

	"okno/review"
	"okno/review/field"
)

// Rule is the version of the rules, written into every ledger entry.
const Rule = "2026-11"

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
	ImageResolution      = "image-resolution"
	ImageColor           = "image-color"
	ImageBlur            = "image-blur"
	ImageGlare           = "image-glare"
	FileReused           = "file-reused"
	DuplicatePerson      = "duplicate-person"
	DuplicateApplication = "duplicate-application"
)

// Codes lists every check in the order of the ledger.
var Codes = []string{
	FormComplete, ConsentGiven, ContactsConfirmed, ContactInUse, PhoneType, MailDisposable,
	AgeMinimum, TrackConsistent, DocumentExpiry, PassportPattern, RFPassportAgeState, SNILS, INN, OMS,
	StayProofPresent, StayLength, ResidenceProof,
	ImageResolution, ImageColor, ImageBlur, ImageGlare, FileReused,
	DuplicatePerson, DuplicateApplication,
}

// Facts are what the submission itself does not hold.
type Facts struct {
	// Missing lists what the intake rules still ask for.
	Missing []review.Target
	// Consents lists the purposes that every submission must agree to.
	Consents []string
	// Phone and Email are the account's confirmed contacts, empty if there is none.
	Phone, Email string
	// PhoneTaken and EmailTaken say that another account confirmed the same contact.
	PhoneTaken, EmailTaken bool
	// Twins are other sent submissions that share an identifier or the date of birth.
	Twins []Twin
	// Zone is the desk's time zone: it decides which day it is. Nil means UTC.
	Zone *time.Location
}

// Twin is another submission that may be about the same person.
type Twin struct {
	ID      review.SubmissionID
	Number  review.CaseNumber
	Account review.AccountID
	Status  review.Status
	Answers review.Answers
}

// Run checks the submission and returns the ledger, in the order of [Codes].
// The submission is only read.
func Run(s *review.Submission, facts Facts, now time.Time) []review.Check {
	zone := facts.Zone
	if zone == nil {
		zone = time.UTC
	}
	r := &run{s: s, facts: facts, today: field.DateOf(now.In(zone))}
	r.form()
	r.contacts()
	r.person()
	r.identityDocument()
	r.numbers()
	if s.Track == review.FromAbroad {
		r.residence()
	} else {
		r.stay()
	}
	r.files()
	r.duplicates()
	slices.SortStableFunc(r.ledger, func(a, b review.Check) int {
		return slices.Index(Codes, a.Code) - slices.Index(Codes, b.Code)
	})
	return r.ledger
}

// run collects the ledger of one submission.
type run struct {
	s      *review.Submission
	facts  Facts
	today  field.Date
	ledger []review.Check
}

// finding is what a check has to say when it does not simply pass.
type finding struct {
	verdict  review.CheckVerdict
	reason   string
	target   review.Target
	values   map[string]string
	fourEyes bool
}

func (r *run) add(code string, effect review.Effect, f finding) {
	r.ledger = append(r.ledger, review.Check{
		Code: code, Verdict: f.verdict, Effect: effect, Reason: f.reason, Target: f.target,
		Values: maps.Clone(f.values), Rule: Rule, FourEyes: f.fourEyes,
	})
}

func (r *run) pass(code string, effect review.Effect, t review.Target, values map[string]string) {
	r.add(code, effect, finding{verdict: review.Pass, target: t, values: values})
}

func (r *run) skip(code string, effect review.Effect, reason string, t review.Target) {
	r.add(code, effect, finding{verdict: review.Skipped, reason: reason, target: t})
}

func (r *run) value(f review.Field) string { return r.s.Answers.Value(f) }

// date reads an answer that is a full date.
func (r *run) date(f review.Field) (field.Date, bool) {
	d, faults := field.ParseDate(r.value(f))
	return d, faults == nil
}

func on(f review.Field) review.Target  { return review.Target{Field: f} }
func slot(s review.Slot) review.Target { return review.Target{Slot: s} }

// form checks that nothing is missing and every required consent was given.
func (r *run) form() {
	for _, t := range r.facts.Missing {
		r.add(FormComplete, review.Block, finding{verdict: review.Fail, reason: "missing", target: t})
	}
	if len(r.facts.Missing) == 0 {
		r.pass(FormComplete, review.Block, review.Target{}, nil)
	}
	given := true
	for _, purpose := range r.facts.Consents {
		if !slices.ContainsFunc(r.s.Consents, func(c review.Consent) bool { return c.Purpose == purpose }) {
			given = false
			r.add(ConsentGiven, review.Block, finding{verdict: review.Fail, reason: "missing", values: map[string]string{"purpose": purpose}})
		}
	}
	if given {
		r.pass(ConsentGiven, review.Block, review.Target{}, nil)
	}
}
