// Package check runs the automatic checks of a submission: the answers against the
// rules, against what was read from the documents, the contacts, the measured quality
// of the pages, and the search for the same person and the same pictures among other
// submissions.
//
// The checks are data: a [Rule] is one version of one check, a [Set] says which
// version of each is switched on. [Set.Run] is pure: it takes the submission and the
// [Facts] that others know about it, and returns one ledger entry per finding.
//
//	checks := check.Current().Run(s, facts, now)
//	if review.Blocked(checks) {
//		// the applicant fixes it; no colleague spends time on it
//	}
//
// Every entry says what was compared, by which version of the rule, what it means for
// the approval, and carries a fingerprint of everything that was looked at.
// [Service.Tick] gathers the facts and runs the checks of everything that waits for
// them; [Service.Catch] runs them again for what waits in the queue since before a
// rule was switched; [Service.Replay] tells what another version of a rule would have
// said about past cases.
package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"okno/review"
	"okno/review/field"
)

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
	// Reused are pages and files that stand in other submissions, too.
	Reused []Reuse
	// Judged says what people have decided about pairs with other submissions.
	Judged map[review.SubmissionID]Judgement
	// Network is how many other accounts sent something from the same network within
	// a day of the sending; -1 when the network is not known.
	Network int
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
	// Phone and Email say that a contact of this account was confirmed there, too.
	Phone, Email bool
}

// Run checks the submission by the current rules.
func Run(s *review.Submission, facts Facts, now time.Time) []review.Check {
	return Current().Run(s, facts, now)
}

// Run checks the submission and returns the ledger, in the order of [Codes]. The
// submission is only read.
func (set Set) Run(s *review.Submission, facts Facts, now time.Time) []review.Check {
	zone := facts.Zone
	if zone == nil {
		zone = time.UTC
	}
	r := &run{s: s, facts: facts, today: field.DateOf(now.In(zone)), now: now}
	r.read = field.Compare(s, r.today)
	for _, code := range Codes {
		rule, ok := set.rule(code)
		if !ok || rule.Track != "" && rule.Track != s.Track {
			continue
		}
		r.apply(rule)
	}
	return r.ledger
}

// run collects the ledger of one submission.
type run struct {
	s      *review.Submission
	facts  Facts
	today  field.Date
	now    time.Time
	read   []field.Comparison
	rule   Rule
	seen   map[string]string // what the present rule has looked at
	ledger []review.Check
}

// apply runs one rule and gives its entries their fingerprints.
func (r *run) apply(rule Rule) {
	r.rule, r.seen = rule, map[string]string{}
	from := len(r.ledger)
	rule.look(r)
	for i := from; i < len(r.ledger); i++ {
		r.ledger[i].Print = print(r.ledger[i], r.seen)
	}
}

// print is the fingerprint of what a check looked at: the inputs of its rule, what the
// entry is about and the values that it names, but not the version of the rule.
func print(c review.Check, seen map[string]string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", c.Code, c.Target.String())
	for _, m := range []map[string]string{seen, c.Values} {
		for _, k := range slices.Sorted(maps.Keys(m)) {
			fmt.Fprintf(h, "%q=%q\n", k, m[k])
		}
		io.WriteString(h, "\n")
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// finding is what a check has to say when it does not simply pass.
type finding struct {
	verdict  review.CheckVerdict
	reason   string
	target   review.Target
	values   map[string]string
	fourEyes bool
}

// add writes an entry. Its effect is the rule's unless the finding is milder or graver.
func (r *run) add(effect review.Effect, f finding) {
	r.ledger = append(r.ledger, review.Check{
		Code: r.rule.Code, Verdict: f.verdict, Effect: effect, Reason: f.reason, Target: f.target,
		Values: maps.Clone(f.values), Rule: r.rule.Version, FourEyes: f.fourEyes, At: r.now,
	})
}

func (r *run) pass(t review.Target, values map[string]string) {
	r.add(r.rule.Effect, finding{verdict: review.Pass, target: t, values: values})
}

func (r *run) skip(reason string, t review.Target) {
	r.add(r.rule.Effect, finding{verdict: review.Skipped, reason: reason, target: t})
}

// value is an answer; that it was looked at goes into the fingerprint.
func (r *run) value(f review.Field) string {
	v := r.s.Answers.Value(f)
	r.saw(string(f), v)
	return v
}

// saw notes an input of the present rule.
func (r *run) saw(name, value string) { r.seen[name] = value }

// date reads an answer that is a full date.
func (r *run) date(f review.Field) (field.Date, bool) {
	d, faults := field.ParseDate(r.value(f))
	return d, faults == nil
}

func on(f review.Field) review.Target  { return review.Target{Field: f} }
func slot(s review.Slot) review.Target { return review.Target{Slot: s} }
