package specimen

import (
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// notes are the internal notes of the reasons that ask for one.
var notes = map[string]string{
	"wrong-track":             "По словам заявителя, есть и российский паспорт: нужен другой вид заявки.",
	"stay-expired":            "По отметке о въезде прошло больше 90 дней, продления не приложено.",
	"identity-not-confirmed":  "Портрет и подпись не сходятся с документами, присланными раньше.",
	"doc-reported-invalid":    "Документ значится недействительным по проверке от сегодняшнего дня.",
	"doc-tampering-suspected": "Контрольные цифры не сходятся, шрифт даты отличается.",
	"documents-inconsistent":  "Номер паспорта в подтверждении пребывания другой.",
	"doc-expired":             "Присланы только страницы документа, срок которого прошёл.",
	"under-age":               "По странице паспорта заявителю нет четырнадцати лет.",
}

// compose turns a plan into the case: what was typed and sent each time, and
// the steps between.
func compose(r *rand.Rand, p *plan, now time.Time) {
	c := &p.c
	if p.original != nil {
		o := &p.original.c
		c.DuplicateOf = o.Number
		c.truth = with(o.truth, nil)
		c.Answers = with(o.Answers, nil)
		if p.original.verdict != "exact" || p.original.rounds > 0 {
			c.Answers = with(o.truth, map[string]string{"personal-number": ""})
		}
		c.face = o.face
	}
	c.State, c.Rounds, c.NameVerdict = p.state, p.rounds, p.verdict
	c.Lane = "normal"
	if p.green {
		c.Lane = "green"
	} else if p.second || p.original != nil || p.verdict == "mismatch" {
		c.Lane = "attention"
	}
	if p.verdict == "variant" {
		c.Answers = with(c.Answers, map[string]string{"surname-latin": respell(c.Answers["surname-latin"])})
	}
	paper := map[string]string{} // what the papers of a refused case print
	switch p.refusal {
	case "stay-expired":
		from := p.start.AddDate(0, 0, -130)
		stay := map[string]string{"stay-from": from.Format(day), "stay-to": p.start.AddDate(0, 0, 12).Format(day)}
		c.Answers, c.truth = with(c.Answers, stay), with(c.truth, stay)
	case "under-age":
		paper["birth-date"] = p.start.AddDate(-13, 0, -r.IntN(300)).Format(day)
	case "doc-expired":
		paper = expired(c.truth)
	}
	sends := p.rounds - p.open() + 1
	scans := c.Scans
	c.Scans = nil
	revision := map[string]int{}
	typed := make([]map[string]string, sends)
	for k := range sends {
		faults := map[string]string{}
		for j := len(p.asked) - 1; j >= k; j-- {
			for _, x := range p.asked[j] {
				for f, v := range fault(c, p, x) {
					faults[f] = v
				}
			}
		}
		typed[k] = with(c.Answers, faults)
		for _, s := range scans {
			if k > 0 && !slices.ContainsFunc(p.asked[k-1], func(x Reason) bool { return x.Target == s.Slot }) {
				continue
			}
			revision[s.Slot]++
			s.Revision, s.sent = revision[s.Slot], k
			s.Flaw, s.printed = quirk(r, p, s.Slot), map[string]string{}
			if s.Slot == "passport" {
				s.printed = paper
			}
			if p.refusal == "doc-tampering-suspected" && s.Slot == "passport" {
				s.Flaw = FlawMRZ
			}
			if p.refusal == "doc-not-original" {
				s.Flaw = FlawScreen
			}
		asked:
			for j := k; j < len(p.asked); j++ {
				for _, x := range p.asked[j] {
					if x.Target == s.Slot {
						s.Flaw = flawOf[x.Code]
						switch x.Code {
						case "doc-expired":
							s.printed = expired(c.truth)
						case "documents-inconsistent":
							s.printed = map[string]string{"document-number": other(c.truth["document-number"])}
						}
						break asked
					}
				}
			}
			c.Scans = append(c.Scans, s)
		}
	}
	// The form now holds what was sent last, unanswered mistakes included.
	c.Answers = typed[sends-1]
	c.Steps = steps(r, p, typed, now)
}

// quirk gives some pictures a harmless or, while a case is open, a telling flaw.
func quirk(r *rand.Rand, p *plan, slot string) Flaw {
	x := r.IntN(100)
	switch {
	case p.green:
		return FlawNone
	case x < 4:
		return FlawTilted
	case x < 6:
		return FlawTurned
	case p.pinned > 0 && p.state != StateApproved && slot == "passport" && x < 30:
		return pick(r, []Flaw{FlawBlurry, FlawGrey, FlawGlare, FlawCropped})
	}
	return FlawNone
}

// other changes a number into one that nobody of the desk has.
func other(number string) string {
	i := len(number) - 3
	return number[:i] + string(number[i]+5) + number[i+1:]
}

// expired describes the passport before the present one.
func expired(truth map[string]string) map[string]string {
	return map[string]string{
		"document-number":      other(truth["document-number"]),
		"document-issue-date":  shiftDate(truth["document-issue-date"], -3650),
		"document-expiry-date": shiftDate(truth["document-issue-date"], -20),
	}
}

// fault is what was typed wrongly before the applicant was asked to correct it.
func fault(c *Case, p *plan, x Reason) map[string]string {
	t := c.truth
	switch x.Code {
	case "name-mismatch":
		cyr, lat := t[x.Target], t[x.Target+"-latin"]
		if p.verdict == "mismatch" {
			n := nationOf(t["citizenship"])
			list := n.givenM
			if t["sex"] == "F" {
				list = n.givenF
			}
			for _, g := range list {
				if g.cyr != t["given-name"] {
					cyr, lat = g.cyr, g.lat
				}
			}
			x.Target = "given-name"
		} else {
			cyr, lat = slip(cyr), slip(lat)
		}
		if c.Answers[x.Target+"-latin"] == "" {
			return map[string]string{x.Target: cyr}
		}
		return map[string]string{x.Target: cyr, x.Target + "-latin": lat}
	case "birth-data-mismatch":
		return map[string]string{"birth-date": shiftDate(t["birth-date"], -9)}
	case "doc-number-mismatch":
		return map[string]string{"document-number": other(t["document-number"])}
	case "citizenship-mismatch":
		if t["citizenship"] == "KAZ" {
			return map[string]string{"citizenship": "KGZ"}
		}
		return map[string]string{"citizenship": "KAZ"}
	case "identifier-invalid":
		if x.Target == "inn" {
			return map[string]string{"inn": inn(p.seq+500, 1)}
		}
		return map[string]string{"snils": snils(p.seq+500, 7)}
	}
	return nil
}

// slip swaps two inner letters, or doubles the last one of a short name.
func slip(s string) string {
	l := []rune(s)
	for i := len(l) - 3; i > 0; i-- {
		if l[i] != l[i+1] && !strings.ContainsRune(" '", l[i]) && !strings.ContainsRune(" '", l[i+1]) {
			l[i], l[i+1] = l[i+1], l[i]
			return string(l)
		}
	}
	return s + string(l[len(l)-1])
}

// steps tells the story between submissions.
func steps(r *rand.Rand, p *plan, typed []map[string]string, now time.Time) []Step {
	out := []Step{{At: p.start, Kind: Submitted, Answers: typed[0]}}
	at := p.start
	add := func(s Step) { out = append(out, s) }
	ago := func(seconds float64) time.Time { return now.Add(-time.Duration(seconds * float64(time.Second))) }
	total := p.desk
	if night(p.start) {
		total *= 1.6
	}
	decide := p.state == StateActivated || p.state == StateRejected || p.state == StateApproved
	parts := float64(p.rounds)
	if decide {
		parts++
	}
	minutes := func(m float64) time.Duration { return time.Duration(m * float64(time.Minute)) }
	part := 0.0
	if parts > 0 {
		part = max(total/parts, 1.5)
	}
	if p.state == StateQueued {
		part = 9 + float64(r.IntN(6))
	}
	// look lets a reviewer take the case and returns when the work is done.
	look := func(actor string, length float64) time.Time {
		share := 0.25 + 0.3*r.Float64()
		if actor == "reviewer-4" {
			share = 0.6 + 0.25*r.Float64()
		}
		claim := at.Add(minutes(length * (1 - share)))
		if length > 25 && r.IntN(25) == 0 && actor != "reviewer-1" {
			add(Step{At: at.Add(minutes(length * (1 - share) * 0.5)), Kind: Claimed, Actor: "reviewer-1"})
			add(Step{At: at.Add(minutes(length * (1 - share) * 0.7)), Kind: Released, Actor: "reviewer-1"})
		}
		add(Step{At: claim, Kind: Claimed, Actor: actor})
		return at.Add(minutes(length))
	}
	for k := range p.rounds {
		at = look(p.actor, part)
		s := Step{At: at, Kind: CorrectionRequested, Actor: p.actor, Reasons: p.asked[k], Due: at.AddDate(0, 0, 7)}
		for _, x := range s.Reasons {
			if s.Note == "" && x.Code == "documents-inconsistent" {
				s.Note = notes[x.Code]
			}
		}
		add(s)
		if k < len(typed)-1 {
			at = at.Add(p.answers[k])
			add(Step{At: at, Kind: Resubmitted, Answers: typed[k+1]})
		}
	}
	senior := pick(r, []string{"senior-1", "senior-2"})
	switch p.state {
	case StateExpired:
		add(Step{At: at.AddDate(0, 0, 7).Add(time.Duration(1+r.IntN(4)) * time.Minute), Kind: Expired})
	case StateWithdrawn:
		if r.IntN(2) == 0 {
			at = look(p.actor, p.desk)
			add(Step{At: at.Add(time.Duration(r.IntN(300)) * time.Second), Kind: Withdrawn})
		} else {
			add(Step{At: at.Add(minutes(2 + p.desk*r.Float64())), Kind: Withdrawn})
		}
	case StateInReview:
		age := now.Sub(p.start).Seconds()
		add(Step{At: ago(min(age*0.6, 60+float64(r.IntN(660)))), Kind: Claimed, Actor: p.actor})
	case StateSecondReview:
		age := now.Sub(p.start).Seconds()
		add(Step{At: ago(age * 0.55), Kind: Claimed, Actor: p.actor})
		add(Step{At: ago(age * 0.3), Kind: Escalated, Actor: p.actor, Verdict: pick(r, []string{"approve", "reject"}), Note: "Портрет вызывает сомнение, прошу второго взгляда."})
		if age > 80*60 {
			add(Step{At: ago(200 + float64(r.IntN(300))), Kind: SecondClaimed, Actor: senior})
		}
	case StateActivated, StateRejected, StateApproved:
		verdict, reject := "approve", p.state == StateRejected
		s := Step{Kind: Approve, Actor: p.actor}
		if reject {
			verdict = "reject"
			s.Kind, s.Reasons, s.Note = Reject, []Reason{{p.refusal, refusalTarget(p)}}, notes[p.refusal]
		}
		if p.state == StateApproved {
			age := now.Sub(p.start).Minutes()
			add(Step{At: p.start.Add(minutes(age * 0.6)), Kind: Claimed, Actor: p.actor})
			s.At = ago(2 + float64(r.IntN(22)))
			add(s)
			break
		}
		if p.second {
			first := at.Add(minutes(part))
			done := look(p.actor, part*0.55)
			if p.disagree {
				verdict = map[string]string{"approve": "reject", "reject": "approve"}[verdict]
			}
			add(Step{At: done, Kind: Escalated, Actor: p.actor, Verdict: verdict, Note: "Прошу второго взгляда."})
			add(Step{At: done.Add(first.Sub(done) / 2), Kind: SecondClaimed, Actor: senior})
			s.Actor, s.Agreed, s.At = senior, !p.disagree, first
		} else {
			s.At = look(p.actor, part)
		}
		add(s)
		if !reject {
			add(Step{At: s.At.Add(30 * time.Second), Kind: Activated})
		}
	}
	for i := range out {
		out[i].At = out[i].At.Truncate(time.Millisecond)
		out[i].Due = out[i].Due.Truncate(time.Millisecond)
	}
	return out
}

// refusalTarget names what the primary reason is about.
func refusalTarget(p *plan) string {
	switch {
	case p.refusal == "under-age":
		return "birth-date"
	case p.refusal == "stay-expired":
		return "stay-proof"
	case strings.HasPrefix(p.refusal, "doc-"):
		return "passport"
	}
	return ""
}
