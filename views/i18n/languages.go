package i18n

import (
	_ "embed"
	"encoding/json"
	"slices"
	"sync"
)

// Russian is the source language and the default.
const Russian = "ru"

// English is the second language.
const English = "en"

// Language is what languages.json says of one catalogue.
type Language struct {
	Code string `json:"code"`
	// Name is what speakers call the language; it is never translated.
	Name string `json:"name"`
	// Complete means that every key is written in it: pages of staff too. The
	// others are offered to applicants; what they lack is shown in Russian.
	Complete bool `json:"complete"`
	// Reviewed tells whether a native speaker has read the translation.
	Reviewed bool   `json:"reviewed"`
	Note     string `json:"note,omitempty"`
}

//go:embed languages.json
var languageList []byte

var known = sync.OnceValue(func() (all []Language) {
	if err := json.Unmarshal(languageList, &all); err != nil {
		panic("i18n: languages.json: " + err.Error())
	}
	return all
})

func language(code string) (Language, bool) {
	all := known()
	i := slices.IndexFunc(all, func(l Language) bool { return l.Code == code })
	if i < 0 {
		return Language{}, false
	}
	return all[i], true
}

// Languages lists the languages in which everything is written, in the order in
// which people are offered them.
func Languages() (codes []string) {
	for _, l := range known() {
		if l.Complete {
			codes = append(codes, l.Code)
		}
	}
	return codes
}

// ForApplicants lists every language an applicant may choose, complete ones first.
func ForApplicants() (codes []string) {
	for _, l := range known() {
		codes = append(codes, l.Code)
	}
	return codes
}

// OwnName is what speakers call their language.
func OwnName(code string) string {
	if l, ok := language(code); ok {
		return l.Name
	}
	return code
}

// InFull lists the languages in which readers of lang get what is written in the
// complete languages only, the decisions of the desk above all: their own, or all of
// those, Russian first. Nothing of that kind is translated silently.
func InFull(lang string) []string {
	if Complete(lang) {
		return []string{lang}
	}
	return Languages()
}

// Supported tells whether there is a catalogue for the language.
func Supported(code string) bool {
	_, ok := language(code)
	return ok
}

// Complete tells whether every page can be shown in the language.
func Complete(code string) bool {
	l, _ := language(code)
	return l.Complete
}

// Reviewed tells whether a native speaker has read the translation.
func Reviewed(code string) bool {
	l, _ := language(code)
	return l.Reviewed
}
