package specimen

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// plan is a case before its details are drawn.
type plan struct {
	traits
	state    State
	rounds   int
	asked    [][]Reason      // by round
	desk     float64         // desk minutes until the decision, without the night factor
	answers  []time.Duration // how long the applicant took, by answered round
	pinned   time.Duration   // age of what is still open; 0 for the rest
	start    time.Time
	refusal  string // primary reason of a rejection
	second   bool   // a second reviewer decided
	disagree bool   // … against the first opinion
	actor    string // first reviewer
	original *plan  // the same person's other case
	verdict  string // name comparison
	green    bool
	c        Case
}

// open reports how many rounds still wait for an answer.
func (p *plan) open() int {
	if p.state == StateCorrection || p.state == StateExpired {
		return 1
	}
	return 0
}

// longest is how long the story can take at most, reminders and night included.
func (p *plan) longest() time.Duration {
	d := time.Duration(p.desk*1.6*float64(time.Minute)) + 2*time.Minute
	for _, a := range p.answers {
		d += a
	}
	if p.state == StateExpired {
		d += 7*24*time.Hour + 30*time.Minute
	}
	return d
}

func (p *plan) shortest() time.Duration {
	d := time.Duration(0)
	for _, a := range p.answers {
		d += a
	}
	return d
}

// Desk invents the five hundred submissions of the demo desk as they stand at
// the given moment. The same seed and moment give the same cases.
func Desk(seed uint64, now time.Time) []Case {
	r := rand.New(rand.NewPCG(seed, 0xde5c))
	now = now.UTC().Truncate(time.Millisecond)
	plans := states(r)
	for i, t := range population(r) {
		if t.seq = i; i == 0 { // zero is reserved; other() needs the hundreds below five
			t.seq = 1000
		}
		plans[i].traits = t
	}
	times(r, plans)
	schedule(r, plans, now)
	refusals(r, plans, now)
	var corrected []*plan
	for _, p := range plans {
		if p.rounds > 0 {
			corrected = append(corrected, p)
		}
	}
	corrections(r, corrected)
	secondLooks(r, plans)
	assign(r, plans)
	names(r, plans)
	known := map[[3]string]bool{}
	for _, p := range plans {
		for {
			p.c = newCase(r, p.traits, p.start)
			who := [3]string{p.c.truth["surname"], p.c.truth["given-name"], p.c.truth["birth-date"]}
			if !known[who] {
				known[who] = true
				break
			}
		}
	}
	slices.SortStableFunc(plans, func(a, b *plan) int { return a.start.Compare(b.start) })
	for i, p := range plans {
		p.c.Number = i + 1
	}
	for _, p := range plans {
		compose(r, p, now)
	}
	formats(r, plans)
	appeals(r, plans, now)
	factors(r, plans)
	out := make([]Case, len(plans))
	for i, p := range plans {
		p.c.now = now
		out[i] = p.c
	}
	return out
}

// states deals states and correction rounds.
func states(r *rand.Rand) []*plan {
	var out []*plan
	add := func(n int, s State, rounds int) {
		for range n {
			out = append(out, &plan{state: s, rounds: rounds, verdict: "exact"})
		}
	}
	add(285, StateActivated, 0)
	add(74, StateActivated, 1)
	add(9, StateActivated, 2)
	add(3, StateActivated, 3)
	add(6, StateApproved, 0)
	add(4, StateSecondReview, 0)
	add(12, StateInReview, 0)
	add(19, StateQueued, 0)
	add(2, StateQueued, 1)
	add(1, StateQueued, 2)
	add(23, StateCorrection, 1)
	add(2, StateCorrection, 2)
	add(30, StateRejected, 0)
	add(5, StateRejected, 1)
	add(1, StateRejected, 2)
	add(2, StateRejected, 3)
	add(9, StateWithdrawn, 0)
	add(12, StateExpired, 1)
	add(1, StateExpired, 2)
	mix(r, out)
	return out
}

// Ages in minutes of what is open at the desk, so that a live queue shows
// items in time, close to the limit and late.
var (
	queuedAges = []float64{0.6, 2, 4, 6, 9, 13, 17, 22, 28, 35, 43, 52, 61, 72, 83, 94, 103, 113, 131}
	reviewAges = []float64{7, 11, 16, 22, 29, 36, 45, 54, 68, 82, 99, 126}
	secondAges = []float64{34, 58, 97, 138}
	justAges   = []float64{14, 21, 27, 38, 52, 71}
)

// times gives desk times, answer times and the ages of open items.
func times(r *rand.Rand, plans []*plan) {
	var decided, answering []*plan
	next := map[State]int{}
	jitter := func(minutes float64) time.Duration {
		return time.Duration(minutes*float64(time.Minute)) + time.Duration(r.IntN(25_000))*time.Millisecond
	}
	for _, p := range plans {
		i := next[p.state]
		switch p.state {
		case StateActivated, StateRejected:
			decided = append(decided, p)
		case StateApproved:
			p.pinned = jitter(justAges[i])
		case StateSecondReview:
			p.pinned = jitter(secondAges[i])
		case StateInReview:
			p.pinned = jitter(reviewAges[i])
		case StateQueued:
			if p.rounds == 0 {
				p.pinned = jitter(queuedAges[i])
			}
		}
		if p.state != StateQueued || p.rounds == 0 {
			next[p.state]++
		}
		for range p.rounds - p.open() {
			answering = append(answering, p)
		}
		p.desk = 12 + 40*r.Float64()
	}
	mix(r, decided)
	for i, m := range deskMinutes(len(decided)) {
		decided[i].desk = m
		decided[i].green = i < 85 && decided[i].rounds == 0 && decided[i].state == StateActivated
	}
	mix(r, answering)
	for i, d := range answerTimes(len(answering)) {
		p := answering[i]
		if p.rounds > 1 {
			d = min(d, 70*time.Hour)
		}
		p.answers = append(p.answers, d)
	}
	waited := []float64{4, 41, 77}
	for _, p := range plans {
		if p.state == StateQueued && p.rounds > 0 {
			p.desk = 18
			p.pinned = jitter(waited[0]) + 29*time.Minute
			for _, a := range p.answers {
				p.pinned += a
			}
			waited = waited[1:]
		}
	}
}

// ordinary is an activated first-pass case that nothing else is planned for.
func ordinary(p *plan) bool {
	return p.state == StateActivated && p.rounds == 0 && p.original == nil
}

// refusals deals the primary reasons of the rejections and makes the people fit.
func refusals(r *rand.Rand, plans []*plan, now time.Time) {
	var plain, corrected []*plan
	for _, p := range plans {
		if p.state == StateRejected && p.rounds > 0 {
			corrected = append(corrected, p)
		} else if p.state == StateRejected {
			plain = append(plain, p)
		}
	}
	slices.SortStableFunc(plain, func(a, b *plan) int { return b.start.Compare(a.start) })
	used := map[*plan]bool{}
	fit := func(p *plan, ok func(t traits) bool) {
		if ok(p.traits) {
			return
		}
		for _, q := range plans {
			if ordinary(q) && !used[q] && ok(q.traits) {
				p.traits, q.traits = q.traits, p.traits
				return
			}
		}
	}
	foreign := func(t traits) bool { return t.track == "foreign-citizen" && t.document == "foreign-passport" }
	twin := func(p, o *plan) bool {
		same := func(t traits) bool {
			return t.track == o.track && t.citizenship == o.citizenship && t.country == o.country && t.sex == o.sex &&
				t.band == o.band && t.stay == o.stay && t.document == o.document
		}
		for _, q := range plans {
			if q != o && !used[q] && (q == p || ordinary(q)) && same(q.traits) {
				p.traits, q.traits = q.traits, p.traits
				p.original = o
				used[o], used[p] = true, true
				return true
			}
		}
		return false
	}
	for range 9 { // the same person has an account already
		p := plain[0]
		plain = plain[1:]
		p.refusal = "duplicate-account"
		for _, o := range plans {
			if o.state == StateActivated && o != p && !used[o] && o.start.Add(o.longest()+2*time.Hour).Before(p.start) && twin(p, o) {
				break
			}
		}
	}
	for range 6 { // the same person has another submission open
		p := plain[0]
		plain = plain[1:]
		p.refusal = "duplicate-application"
	search:
		for _, o := range plans {
			if o.state != StateExpired && o.state != StateCorrection || used[o] {
				continue
			}
			for _, q := range plans {
				end := o.start.Add(o.longest())
				if o.state == StateCorrection {
					end = now
				}
				if ordinary(q) && !used[q] && q.start.After(o.start.Add(2*time.Hour)) && q.start.Add(max(p.longest(), q.longest())).Before(end.Add(-time.Hour)) &&
					p.start.Add(max(p.longest(), q.longest())).Before(now.Add(-30*time.Minute)) && twin(p, o) {
					p.start, q.start = q.start, p.start
					break search
				}
			}
		}
	}
	deal := func(list *[]*plan, code string, n int, ok func(t traits) bool) {
		for range n {
			p := (*list)[0]
			*list = (*list)[1:]
			p.refusal = code
			fit(p, ok)
			used[p] = true
		}
	}
	anybody := func(traits) bool { return true }
	onCard := func(t traits) bool { return foreign(t) && t.stay == "migration-card" }
	deal(&plain, "wrong-track", 6, foreign)
	deal(&plain, "stay-expired", 4, onCard)
	deal(&plain, "under-age", 2, func(t traits) bool { return foreign(t) && t.band[0] == 14 })
	deal(&plain, "doc-reported-invalid", 2, anybody)
	deal(&plain, "identity-not-confirmed", 1, anybody)
	deal(&corrected, "doc-expired", 3, foreign)
	deal(&corrected, "identity-not-confirmed", 2, anybody)
	deal(&corrected, "stay-expired", 1, onCard)
	deal(&corrected, "doc-tampering-suspected", 1, anybody)
	deal(&corrected, "doc-not-original", 1, anybody)
	mix(r, plain)
}

// fourEyes are the reasons that need a second reviewer.
var fourEyes = []string{"stay-expired", "identity-not-confirmed", "doc-reported-invalid", "doc-tampering-suspected"}

// secondLooks marks the cases that a senior decided: what the rules demand and
// a sample of the approvals. Six times the senior saw it differently, four of
// them with reviewer 5.
func secondLooks(r *rand.Rand, plans []*plan) {
	sample := 17
	var seen []*plan
	for _, p := range plans {
		switch {
		case p.state == StateSecondReview, slices.Contains(fourEyes, p.refusal):
			p.second = true
		case p.state == StateActivated && p.citizenship == "XXA":
			p.second = true
		case ordinary(p) && sample > 0 && r.IntN(12) == 0:
			p.second = true
			sample--
		}
		if p.second {
			p.green = false
			if p.state != StateSecondReview {
				seen = append(seen, p)
			}
		}
	}
	mix(r, seen)
	for i, p := range seen {
		p.disagree = i < 6
		if i < 4 || i >= 6 && i < 10 {
			p.actor = "reviewer-5"
		}
	}
}

// assign gives every case its first reviewer, unevenly; the slow one gets more
// of the long ones.
func assign(r *rand.Rand, plans []*plan) {
	for _, p := range plans {
		if p.actor != "" {
			continue
		}
		var weights []int
		total := 0
		for _, s := range Staff()[:6] {
			w := s.Share * 10
			switch {
			case s.Key == "reviewer-4" && p.desk > 40:
				w = w * 17 / 10
			case s.Key == "reviewer-4" && p.desk < 20:
				w = w * 3 / 10
			case s.Key == "reviewer-5" && p.second:
				w = 0
			}
			weights = append(weights, w)
			total += w
		}
		x := r.IntN(total)
		for i, w := range weights {
			if x -= w; x < 0 {
				p.actor = Staff()[i].Key
				break
			}
		}
	}
}

// names marks thirty people whose typed Latin name is another spelling of the
// printed one, and ten whose name really differs.
func names(r *rand.Rand, plans []*plan) {
	order := slices.Clone(plans)
	mix(r, order)
	variants, wrong := 30, 10
	for _, p := range order {
		asked := slices.ContainsFunc(p.asked, func(list []Reason) bool {
			return slices.ContainsFunc(list, func(x Reason) bool { return x.Code == "name-mismatch" })
		})
		switch {
		case asked && wrong > 0:
			p.verdict = "mismatch"
			wrong--
		case !asked && variants > 0 && p.track == "foreign-citizen" && p.original == nil && p.refusal == "":
			p.verdict = "variant"
			p.green = false
			variants--
		}
	}
}

// formats makes 18 per cent of all files PDFs and copies them into the steps.
func formats(r *rand.Rand, plans []*plan) {
	var all []*Scan
	for _, p := range plans {
		for i := range p.c.Scans {
			all = append(all, &p.c.Scans[i])
		}
	}
	order := slices.Clone(all)
	mix(r, order)
	for i, s := range order {
		if s.Format = "jpeg"; i < (len(order)*18+50)/100 {
			s.Format = "pdf"
		}
	}
	for _, p := range plans {
		sent := 0
		for i := range p.c.Steps {
			if k := p.c.Steps[i].Kind; k != Submitted && k != Resubmitted {
				continue
			}
			for _, s := range p.c.Scans {
				if s.sent == sent {
					p.c.Steps[i].Scans = append(p.c.Steps[i].Scans, s)
				}
			}
			sent++
		}
	}
}

// factors deals second factors among the active accounts.
func factors(r *rand.Rand, plans []*plan) {
	var active []*plan
	for _, p := range plans {
		if p.state == StateActivated {
			active = append(active, p)
		}
	}
	mix(r, active)
	for i, p := range active {
		switch {
		case i < 115:
			p.c.SecondFactor = "totp"
		case i < 148:
			p.c.SecondFactor = "passkey"
		}
	}
}

// appeals lets seven of the rejected object; one objection is still open.
func appeals(r *rand.Rand, plans []*plan, now time.Time) {
	var refused []*plan
	for _, p := range plans {
		if p.state == StateRejected && !strings.HasPrefix(p.refusal, "duplicate") {
			refused = append(refused, p)
		}
	}
	slices.SortStableFunc(refused, func(a, b *plan) int { return cmp.Compare(a.c.end().Unix(), b.c.end().Unix()) })
	texts := []string{
		"Я не согласен с решением. Документ действителен, прошу проверить ещё раз.",
		"Прошу пересмотреть отказ: срок пребывания продлён, прилагаю подтверждение.",
		"I do not agree with the decision and ask you to look at my documents again.",
		"В заявке указаны верные данные, прошу повторной проверки другим сотрудником.",
	}
	for i, outcome := range []string{"dismissed", "upheld", "dismissed", "partly-upheld", "dismissed", "dismissed", "open"} {
		p := refused[i]
		if outcome == "open" {
			p = refused[len(refused)-1]
		}
		end, room := p.c.end(), now.Sub(p.c.end())
		a := &Appeal{Outcome: outcome, Text: texts[i%len(texts)]}
		a.At = end.Add(min(room/3, time.Duration(10+r.IntN(60))*time.Hour))
		p.c.Appeal = a
		p.c.Steps = append(p.c.Steps, Step{At: a.At, Kind: Appealed})
		if outcome != "open" {
			a.DecidedAt = a.At.Add(min(room/3, time.Duration(20+r.IntN(60))*time.Hour))
			a.DecidedBy = "supervisor-1"
			p.c.Steps = append(p.c.Steps, Step{At: a.DecidedAt, Kind: AppealDecided, Actor: a.DecidedBy})
		}
	}
}

// end is the moment of the last step.
func (c Case) end() time.Time { return c.Steps[len(c.Steps)-1].At }
