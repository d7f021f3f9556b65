package main

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"okno/cmd/internal/specimen"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/check"
	"okno/review/field"
)

// populace invents the people of a measurement and lets the domain's own rules act
// on them. The n-th person follows from the number alone, so whoever measures
// knows whom to look for.
type populace struct {
	now   time.Time
	size  int
	staff []review.Actor // reviewers, then one senior and one supervisor
	given func(language string, at time.Time) []review.Consent
	facts check.Facts
	store *submissionstore.Store
	ids   *orderedIDs
}

// life is one person's submission with everything that happened to it.
type life struct {
	sub          *review.Submission
	past         review.Change
	email, phone string
}

// openShare is how many of a hundred submissions are not finished.
const openShare = 2

// surname puts invented surnames together: some thousand, a few of them common.
func surname(r *rand.Rand) string {
	heads := strings.Fields("Ан Бах Вал Гал Дав Ерм Жур Зак Ибр Кар Лат Мус Наз Олим Пул Рах Саф Тур Умар Фай Хол Цой Шук Юсуп Яр Азим Бек Гул Дос Эрг")
	middles := strings.Fields("аз ал ам ар ат ид им ин ир об ол ом ор уд ул ум ур аб аг ад ак аш ил ит ов ож оз ош уб уг")
	tails := []string{"ов", "ев", "ин", "зода", "ян"}
	zipf := func(n int) int { return int(float64(n) * r.Float64() * r.Float64()) } // small numbers are common
	return heads[zipf(len(heads))] + middles[zipf(len(middles))] + tails[zipf(len(tails))]
}

// person is the n-th invented person, as typed when applying.
func (c *populace) person(n int) (specimen.Case, time.Time) {
	at := c.arrival(n)
	k := specimen.RandomCase(uint64(n), at)
	r := rand.New(rand.NewPCG(uint64(n), 0xbe7c4))
	name := surname(r)
	k.Answers["surname"] = name
	if k.Answers["surname-latin"] != "" {
		k.Answers["surname-latin"] = field.Transliterate(name)
	}
	if k.Track == string(review.ForeignCitizen) {
		k.Answers["document-number"] = fmt.Sprintf("%s%07d", []string{"AA", "FA", "FB", "AC"}[n%4], n%10_000_000)
	}
	k.Email, k.Phone = fmt.Sprintf("specimen%d@example.org", n), fmt.Sprintf("+7999%07d", n)
	return k, at
}

// arrival spreads the finished over a year; what is open came in the last hours.
func (c *populace) arrival(n int) time.Time {
	const year = 365 * 24 * time.Hour
	closed := c.size - c.size*openShare/100
	if n < closed {
		return c.now.Add(-year + time.Duration(float64(year-48*time.Hour)*float64(n)/float64(closed)))
	}
	return c.now.Add(-3 * time.Hour).Add(time.Duration(float64(3*time.Hour-20*time.Minute) * float64(n-closed) / float64(c.size-closed)))
}

// live lets the n-th person apply and the desk act.
func (c *populace) live(n int) (life, error) {
	k, at := c.person(n)
	r := rand.New(rand.NewPCG(uint64(n), 0x11fe))
	by := review.Actor{Account: review.AccountID(c.ids.NewID()), Roles: []review.Role{review.RoleApplicant}}
	s, past := review.NewSubmission(by, review.SubmissionID(c.ids.NewID()), c.ids.NewNumber(), review.Track(k.Track), "ru", at)
	l := life{sub: s, past: past, email: k.Email, phone: k.Phone}
	when := at.Truncate(time.Millisecond)
	do := func(after time.Duration, step func(at time.Time) (review.Change, error)) error {
		when = when.Add(after).Truncate(time.Millisecond)
		change, err := step(when)
		if err != nil {
			return err
		}
		s.Version++
		change.Notices = nil // nobody is written to
		l.past = l.past.Then(change)
		return nil
	}
	given := review.Answers{}
	for f, v := range k.Answers {
		given[review.Field(f)] = review.Answer{Typed: v, Value: v}
	}
	if err := do(time.Minute, func(at time.Time) (review.Change, error) { return s.Save(by, "person", given, at) }); err != nil {
		return l, err
	}
	for _, scan := range k.Scans {
		d := c.paper(n, scan)
		if err := do(time.Second, func(at time.Time) (review.Change, error) { return s.PutDocument(by, d, at) }); err != nil {
			return l, err
		}
	}
	if err := do(time.Second, func(at time.Time) (review.Change, error) { return s.Consented(by, c.given("ru", at), at) }); err != nil {
		return l, err
	}
	if err := do(time.Second, func(at time.Time) (review.Change, error) { return s.Send(by, at) }); err != nil {
		return l, err
	}
	facts := c.facts
	facts.Phone, facts.Email = k.Phone, k.Email
	checks := check.Run(s, facts, when)
	for i := range checks { // nobody invented comes back to the draft
		if checks[i].Raised() && checks[i].Effect == review.Block {
			checks[i].Effect = review.NoteOnly
		}
	}
	if n >= c.size-c.size*openShare/100 && n%7 == 0 { // a seventh of the open cases needs attention
		checks[0].Verdict, checks[0].Effect = review.Fail, review.Hold
	}
	if err := do(time.Second, func(at time.Time) (review.Change, error) { return s.Checked(review.System(), checks, at) }); err != nil {
		return l, err
	}
	return l, c.review(n, r, s, do)
}

// review lets the desk act on what was sent. A step that the rules refuse to
// this colleague ends the life where it stands: they know best.
func (c *populace) review(n int, r *rand.Rand, s *review.Submission, do func(time.Duration, func(at time.Time) (review.Change, error)) error) error {
	wait := func(mean time.Duration) time.Duration {
		return min(time.Duration(r.ExpFloat64()*float64(mean))+time.Second, 3*mean)
	}
	by := c.staff[r.IntN(len(c.staff)-2)]
	luck := r.IntN(1000)
	if n >= c.size-c.size*openShare/100 && luck < 600 {
		return nil // waits in the line
	}
	if n < c.size-c.size*openShare/100 && luck >= 970 {
		return do(wait(time.Hour), func(at time.Time) (review.Change, error) {
			return s.Withdraw(review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}, at)
		})
	}
	take := func(after time.Duration, by review.Actor) error {
		return do(after, func(at time.Time) (review.Change, error) { return s.Take(by, at) })
	}
	if err := take(wait(8*time.Minute), by); err != nil {
		return err
	}
	open := n >= c.size-c.size*openShare/100
	if open && luck < 680 {
		// In somebody's hands now: taken a moment ago.
		s.Claim.Since, s.Claim.LeaseUntil = c.now, c.now.Add(review.LeaseTerm*8)
		return nil
	}
	d := review.Decision{Outcome: review.Approve, Note: "SPECIMEN"}
	switch {
	case open && luck < 900:
		d.Outcome, d.Items = review.RequestCorrection, []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}
	case open:
		d.Outcome = review.Escalate
	case luck < 100:
		d.Outcome, d.Items = review.Reject, []review.Item{{Reason: "under-age"}}
	}
	decide := func(by review.Actor) error {
		if err := do(wait(4*time.Minute), func(at time.Time) (review.Change, error) { return s.Decide(by, d, 0, at) }); err != nil {
			return err
		}
		return do(0, s.Settle)
	}
	if err := decide(by); err != nil {
		return err
	}
	for i := len(c.staff) - 2; s.Status == review.SecondReview && !open && i < len(c.staff); i++ {
		if err := take(wait(5*time.Minute), c.staff[i]); err != nil {
			return err
		}
		if err := decide(c.staff[i]); err != nil {
			return err
		}
	}
	return nil
}

// paper describes a one-page scan. Its bytes are not stored: no page of the desk
// that is measured reads them.
func (c *populace) paper(n int, scan specimen.Scan) review.Document {
	print := binary.BigEndian.AppendUint64([]byte(scan.Slot), uint64(n))
	return review.Document{
		ID: review.DocumentID(c.ids.NewID()), Slot: review.Slot(scan.Slot), Name: "SPECIMEN.jpg", Format: scan.Format, Bytes: 840_000, Verdict: "accept",
		Print: c.store.Scans.Print(sha256.Sum256(print)), Original: c.ids.NewID(),
		Pages: []review.Page{{Number: 1, Width: 1600, Height: 1100, Image: c.ids.NewID(), Thumb: c.ids.NewID()}},
	}
}

// orderedIDs are identifiers that grow: rows that are written one after the other
// then stand beside each other in every index, which makes filling quick.
type orderedIDs struct {
	next    uint64
	numbers uint64
	rest    *rand.ChaCha8
}

const idDigits = "234567abcdefghijklmnopqrstuvwxyz" // in the order of their bytes

// NewID returns the next identifier: ten digits that grow, sixteen at random.
func (o *orderedIDs) NewID() string {
	var b [26]byte
	o.next++
	for i, n := 9, o.next; i >= 0; i, n = i-1, n/32 {
		b[i] = idDigits[n%32]
	}
	for i := 10; i < len(b); i++ {
		b[i] = idDigits[o.rest.Uint64()%32]
	}
	return string(b[:])
}

// NewNumber returns a case number that no other has: random ones would meet each
// other hundreds of times in a million.
func (o *orderedIDs) NewNumber() review.CaseNumber {
	const all, step = 900_000_000, 387_420_491 // without a common divisor
	o.numbers++
	head := 100_000_000 + o.numbers*step%all
	for check := range uint64(10) {
		if n, ok := review.ParseCaseNumber(fmt.Sprintf("%d%d", head, check)); ok {
			return n
		}
	}
	return ""
}
