package review

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed reasons.json
var reasonsJSON []byte

// ReasonCode names a reason of the reason book.
type ReasonCode string

// Words is a text in the two languages that every reason has.
type Words struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

// In returns the text in the language, Russian for all but English.
func (w Words) In(language string) string {
	if language == "en" {
		return w.EN
	}
	return w.RU
}

// Reason is one entry of the reason book.
type Reason struct {
	Code             ReasonCode `json:"code"`
	Group            string     `json:"group"`
	Scope            string     `json:"scope"` // application, document or field
	Targets          []string   `json:"targets"`
	Tracks           []Track    `json:"tracks"`
	Outcomes         []string   `json:"outcomes"` // correction, rejection
	FourEyes         bool       `json:"fourEyes"`
	Disclosure       string     `json:"disclosure"` // full or neutral
	NoteRequired     bool       `json:"noteRequired"`
	StaffLabel       Words      `json:"staffLabel"`
	ApplicantMessage Words      `json:"applicantMessage"`
}

// ReasonGroup is a heading in the reason book.
type ReasonGroup struct {
	Code string `json:"code"`
	Words
}

// ReasonBook is the catalogue of reasons for corrections and rejections.
type ReasonBook struct {
	Version int           `json:"schemaVersion"`
	Groups  []ReasonGroup `json:"groups"`
	Reasons []Reason      `json:"reasons"`
}

// Reasons is the built-in reason book.
var Reasons = sync.OnceValue(func() *ReasonBook {
	var b ReasonBook
	if err := json.Unmarshal(reasonsJSON, &b); err != nil {
		panic("reasons.json: " + err.Error())
	}
	return &b
})

// Reason returns the entry for the code.
func (b *ReasonBook) Reason(code ReasonCode) (Reason, bool) {
	i := slices.IndexFunc(b.Reasons, func(r Reason) bool { return r.Code == code })
	if i < 0 {
		return Reason{}, false
	}
	return b.Reasons[i], true
}

// Corrects and Rejects report whether the reason may be used for that outcome.
func (r Reason) Corrects() bool { return slices.Contains(r.Outcomes, "correction") }

// Rejects reports whether the reason may be used for a rejection.
func (r Reason) Rejects() bool { return slices.Contains(r.Outcomes, "rejection") }

// On reports whether the reason may be used in the track.
func (r Reason) On(t Track) bool { return slices.Contains(r.Tracks, t) }

// targetNames maps the names used in the reason book to fields and slots of a
// track.
var targetNames = map[string][]Target{
	"surname":                 {{Field: Surname}, {Field: SurnameLatin}},
	"given-name":              {{Field: GivenName}, {Field: GivenNameLatin}},
	"patronymic":              {{Field: Patronymic}},
	"birth-date":              {{Field: BirthDate}},
	"birth-place":             {{Field: BirthPlace}},
	"citizenship":             {{Field: Citizenship}},
	"document-number":         {{Field: DocumentNumber}},
	"document-issue-date":     {{Field: DocumentIssueDate}},
	"document-expiry-date":    {{Field: DocumentExpiryDate}},
	"snils":                   {{Field: SNILS}},
	"inn":                     {{Field: INN}},
	"oms-policy":              {{Field: OMS}},
	"phone":                   {{Field: Phone}},
	"email":                   {{Field: Email}},
	"foreign-passport":        {{Slot: SlotPassport}},
	"rf-passport":             {{Slot: SlotPassport}},
	"stay-proof":              {{Slot: SlotStayProof}},
	"migration-card":          {{Slot: SlotStayProof}},
	"translation":             {{Slot: SlotTranslation}},
	"foreign-residence-proof": {{Slot: SlotResidenceProof}},
}

// AllowedTargets lists the targets that the reason may be attached to in a track.
func (r Reason) AllowedTargets(t Track) (targets []Target) {
	if !r.On(t) {
		return nil
	}
	slots := Slots(t)
	add := func(x Target) {
		if x.Slot != "" && !slices.Contains(slots, x.Slot) || slices.Contains(targets, x) {
			return
		}
		targets = append(targets, x)
	}
	for _, name := range r.Targets {
		if name == "any" {
			for _, slot := range slots {
				add(Target{Slot: slot})
			}
			if r.Scope == "application" { // who speaks for somebody else leaves the wrong contacts, too
				add(Target{Field: Phone})
				add(Target{Field: Email})
			}
			continue
		}
		for _, x := range targetNames[name] {
			add(x)
		}
	}
	return targets
}

// TargetsFor lists the targets that the reason may be attached to for an
// outcome. A correction always opens something; a refusal may be about the
// whole submission, unless its text names a document or field.
func (r Reason) TargetsFor(o Outcome, t Track) []Target {
	targets := r.AllowedTargets(t)
	if o == RequestCorrection || !r.On(t) {
		return targets
	}
	named := r.Placeholders()
	if r.Scope == "application" && !slices.Contains(named, "document") && !slices.Contains(named, "field") {
		return []Target{{}}
	}
	return targets
}

// placeholder takes a full stop behind it along: a value may bring its own.
var placeholder = regexp.MustCompile(`\{([a-zA-Z]+)\}(\.?)`)

// Placeholders lists the parameters that the applicant's text needs.
func (r Reason) Placeholders() (names []string) {
	for _, m := range placeholder.FindAllStringSubmatch(r.ApplicantMessage.RU+r.ApplicantMessage.EN, -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}

// Text fills the applicant's text. A placeholder without a value is an error:
// nothing half-filled is ever sent.
func (r Reason) Text(language string, params map[string]string) (string, error) {
	var missing []string
	text := placeholder.ReplaceAllStringFunc(r.ApplicantMessage.In(language), func(m string) string {
		parts := placeholder.FindStringSubmatch(m)
		name, stop := parts[1], parts[2]
		v := strings.TrimSpace(params[name])
		if v == "" {
			missing = append(missing, name)
		}
		return strings.TrimSuffix(v, stop) + stop
	})
	if len(missing) > 0 {
		return "", fmt.Errorf("reason %s: no value for %s", r.Code, strings.Join(missing, ", "))
	}
	return text, nil
}
