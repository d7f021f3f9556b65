package check

import (
	_ "embed"
	"strings"
	"sync"

	"okno/review"
	"okno/review/field"
)

//go:embed disposable.txt
var disposableText string

// disposable holds domains whose mailboxes live for minutes.
var disposable = sync.OnceValue(func() map[string]bool {
	domains := map[string]bool{}
	for line := range strings.Lines(disposableText) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			domains[line] = true
		}
	}
	return domains
})

// Disposable reports whether an address belongs to a service that gives out
// mailboxes for minutes. Subdomains of such a service count.
func Disposable(address string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	for domain != "" {
		if disposable()[domain] {
			return true
		}
		_, domain, _ = strings.Cut(domain, ".")
	}
	return false
}

// contacts checks that both ways to reach the person are confirmed, belong to
// nobody else and are likely to last.
func (r *run) contacts() {
	phone, email := r.facts.Phone, r.facts.Email
	for _, c := range []struct {
		field review.Field
		value string
		taken bool
	}{{review.Phone, phone, r.facts.PhoneTaken}, {review.Email, email, r.facts.EmailTaken}} {
		if c.value == "" {
			r.add(ContactsConfirmed, review.Block, finding{verdict: review.Fail, reason: string(c.field), target: on(c.field)})
		}
		if c.taken {
			r.add(ContactInUse, review.Block, finding{verdict: review.Fail, reason: string(c.field), target: on(c.field)})
		}
	}
	if phone != "" && email != "" {
		r.pass(ContactsConfirmed, review.Block, review.Target{}, nil)
	}
	if !r.facts.PhoneTaken && !r.facts.EmailTaken {
		r.pass(ContactInUse, review.Block, review.Target{}, nil)
	}
	r.phone(phone)
	switch {
	case email == "":
		r.skip(MailDisposable, review.NoteOnly, "empty", on(review.Email))
	case Disposable(email):
		r.add(MailDisposable, review.NoteOnly, finding{verdict: review.Warn, reason: "disposable", target: on(review.Email)})
	default:
		r.pass(MailDisposable, review.NoteOnly, on(review.Email), nil)
	}
}

// phone notes a number that is not a Russian mobile one.
func (r *run) phone(phone string) {
	if phone == "" {
		r.skip(PhoneType, review.NoteOnly, "empty", on(review.Phone))
		return
	}
	if _, faults := field.MobileRU(phone); len(faults) > 0 {
		reason := "not-mobile"
		if faults[0].Code == "not-russian" {
			reason = "not-russian"
		}
		r.add(PhoneType, review.NoteOnly, finding{verdict: review.Warn, reason: reason, target: on(review.Phone)})
		return
	}
	r.pass(PhoneType, review.NoteOnly, on(review.Phone), nil)
}
