package signin

import (
	"strings"
	"unicode/utf8"

	"okno/review"
	"okno/review/field"
)

// The bounds of passwords. What is longer than maxBytes is refused before it
// costs anything.
const (
	staffLength = 12
	maxBytes    = 1024
)

// ApplicantPassword checks a new password of an applicant: its composition,
// whether it is one of the common ones in disguise, and whether it holds one of
// the owner's contacts. It reports everything that is wrong at once, as Invalid
// with field password.
func ApplicantPassword(password string, own ...string) error {
	return checkPassword(password, 8, own)
}

// StaffPassword is [ApplicantPassword] for staff, who need twelve characters.
func StaffPassword(password string, own ...string) error {
	return checkPassword(password, staffLength, own)
}

func checkPassword(password string, shortest int, own []string) error {
	if len(password) > maxBytes {
		return passwordFaults("too-long")
	}
	var codes []string
	for _, f := range field.Password(password) {
		codes = append(codes, f.Code)
	}
	if n := utf8.RuneCountInString(password); n >= 8 && n < shortest {
		codes = append(codes, "too-short-staff")
	}
	if len(codes) > 0 {
		return passwordFaults(codes...)
	}
	if field.PasswordHolds(password, ownWords(own)...) {
		return passwordFaults("own-words")
	}
	if Common(password, ownWords(own)...) {
		return passwordFaults("common")
	}
	return nil
}

func passwordFaults(codes ...string) error {
	var faults []review.FieldFault
	for _, c := range codes {
		faults = append(faults, review.FieldFault{Field: "password", Code: c})
	}
	return review.Faulty(faults...)
}

// ownWords takes contacts and names apart: the mail name, its parts, and the
// digits of a phone without the country code.
func ownWords(own []string) []string {
	var words []string
	for _, o := range own {
		if name, _, isMail := strings.Cut(o, "@"); isMail {
			words = append(words, name)
			words = append(words, strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("._+-", r) })...)
		} else if strings.HasPrefix(o, "+") && len(o) > 8 {
			words = append(words, o[1:], o[len(o)-7:], o[2:])
		} else {
			words = append(words, strings.Fields(o)...)
		}
	}
	out := words[:0]
	for _, w := range words {
		if utf8.RuneCountInString(w) >= 4 { // shorter ones occur by chance
			out = append(out, w)
		}
	}
	return out
}
