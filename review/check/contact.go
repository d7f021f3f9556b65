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

type contact struct {
	field review.Field
	value string
	taken bool
}

func (r *run) contacts() []contact {
	list := []contact{{review.Phone, r.facts.Phone, r.facts.PhoneTaken}, {review.Email, r.facts.Email, r.facts.EmailTaken}}
	for _, c := range list {
		r.saw(string(c.field), c.value)
	}
	return list
}

// contactsConfirmed checks that both ways to reach the person are confirmed.
func (r *run) contactsConfirmed() {
	confirmed := true
	for _, c := range r.contacts() {
		if c.value == "" {
			confirmed = false
			r.add(review.Block, finding{verdict: review.Fail, reason: string(c.field), target: on(c.field)})
		}
	}
	if confirmed {
		r.pass(review.Target{}, nil)
	}
}

// contactInUse checks that no other account has confirmed the same contact.
func (r *run) contactInUse() {
	free := true
	for _, c := range r.contacts() {
		if c.taken {
			free = false
			r.add(review.Block, finding{verdict: review.Fail, reason: string(c.field), target: on(c.field)})
		}
	}
	if free {
		r.pass(review.Target{}, nil)
	}
}

// mailDisposable notes a mailbox that will soon be gone.
func (r *run) mailDisposable() {
	email := r.facts.Email
	r.saw(string(review.Email), email)
	switch {
	case email == "":
		r.skip("empty", on(review.Email))
	case Disposable(email):
		r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "disposable", target: on(review.Email)})
	default:
		r.pass(on(review.Email), nil)
	}
}

// phoneType notes a number that is not a Russian mobile one.
func (r *run) phoneType() {
	phone := r.facts.Phone
	r.saw(string(review.Phone), phone)
	if phone == "" {
		r.skip("empty", on(review.Phone))
		return
	}
	if _, faults := field.MobileRU(phone); len(faults) > 0 {
		reason := "not-mobile"
		if faults[0].Code == "not-russian" {
			reason = "not-russian"
		}
		r.add(review.NoteOnly, finding{verdict: review.Warn, reason: reason, target: on(review.Phone)})
		return
	}
	r.pass(on(review.Phone), nil)
}
