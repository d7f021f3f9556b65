package specimen

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

func count[K comparable](cases []Case, key func(Case) K) map[K]int {
	out := map[K]int{}
	for _, c := range cases {
		out[key(c)]++
	}
	return out
}

func same[K comparable](t *testing.T, what string, got, want map[K]int) {
	t.Helper()
	if !maps.Equal(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestDeskCounts(t *testing.T) {
	cases := Desk(1, now)
	if len(cases) != 500 {
		t.Fatalf("%d cases", len(cases))
	}
	same(t, "tracks", count(cases, func(c Case) string { return c.Track }), map[string]int{"foreign-citizen": 350, "from-abroad": 150})
	citizens := map[string]int{"RUS": 150, "UZB": 88, "TJK": 62, "KGZ": 39, "KAZ": 24, "BLR": 22, "ARM": 20, "AZE": 19, "CHN": 16, "UKR": 14,
		"TKM": 11, "IND": 9, "MDA": 8, "VNM": 7, "TUR": 5, "GEO": 4, "XXA": 2}
	same(t, "citizenship", count(cases, func(c Case) string { return c.truth["citizenship"] }), citizens)
	stays := count(cases, func(c Case) string { return c.Answers["residence-country"] })
	for code, n := range map[string]int{"": 350, "KAZ": 22, "SRB": 17, "GEO": 16, "DEU": 15, "TUR": 15, "ISR": 13, "ARM": 12, "THA": 9, "ARE": 9, "CYP": 7, "ESP": 6, "USA": 5} {
		if stays[code] != n {
			t.Errorf("stay in %q: %d, want %d", code, stays[code], n)
		}
	}
	same(t, "states", count(cases, func(c Case) State { return c.State }), map[State]int{StateActivated: 371, StateApproved: 6, StateSecondReview: 4,
		StateInReview: 12, StateQueued: 22, StateCorrection: 25, StateRejected: 38, StateWithdrawn: 9, StateExpired: 13})
	same(t, "languages", count(cases, func(c Case) string { return c.Language }),
		map[string]int{"ru": 290, "uz": 70, "tg": 40, "en": 40, "ky": 25, "zh": 15, "hy": 8, "kk": 7, "az": 5})
	same(t, "sex", count(cases, func(c Case) string { return c.Track + c.Answers["sex"] }),
		map[string]int{"foreign-citizenM": 238, "foreign-citizenF": 112, "from-abroadF": 78, "from-abroadM": 72})
	same(t, "stay proofs", count(cases, func(c Case) string { return c.Answers["stay-proof-type"] }), map[string]int{"": 172, "migration-card": 210,
		"patent": 46, "residence-permit": 29, "temporary-residence-permit": 16, "visa": 20, "temporary-asylum": 7})
	same(t, "names", count(cases, func(c Case) string { return c.NameVerdict }), map[string]int{"exact": 460, "variant": 30, "mismatch": 10})
	factors := count(cases, func(c Case) string { return c.SecondFactor })
	same(t, "second factors", factors, map[string]int{"totp": 115, "passkey": 33, "none": 352})
}

func TestCorrectionsAndRefusals(t *testing.T) {
	cases := Desk(1, now)
	corrected := map[State]int{}
	several, firstPass, approvals := 0, 0, 0
	reasons, refusals, appeals := map[string]int{}, map[string]int{}, map[string]int{}
	for _, c := range cases {
		if c.Rounds > 0 {
			corrected[c.State]++
		}
		if c.Rounds > 1 {
			several++
		}
		if c.State == StateActivated || c.State == StateApproved {
			approvals++
			if c.Rounds == 0 {
				firstPass++
			}
		}
		rounds := 0
		for _, s := range c.Steps {
			if s.Kind == CorrectionRequested {
				rounds++
				if len(s.Reasons) < 1 || len(s.Reasons) > 5 {
					t.Errorf("case %d: %d reasons", c.Number, len(s.Reasons))
				}
				for _, x := range s.Reasons {
					reasons[x.Code]++
				}
			}
			if s.Kind == Reject {
				refusals[s.Reasons[0].Code]++
			}
		}
		if rounds != c.Rounds {
			t.Errorf("case %d: %d rounds in the steps, %d said", c.Number, rounds, c.Rounds)
		}
		if c.Appeal != nil {
			appeals[c.Appeal.Outcome]++
		}
	}
	same(t, "corrected", corrected, map[State]int{StateActivated: 86, StateRejected: 8, StateExpired: 13, StateCorrection: 25, StateQueued: 3})
	if several != 19 || approvals != 377 || firstPass != 291 {
		t.Errorf("several rounds %d, approvals %d, at once %d", several, approvals, firstPass)
	}
	for _, w := range correctionWeights {
		if reasons[w.code] != 2*w.weight {
			t.Errorf("%s: %d, want %d", w.code, reasons[w.code], 2*w.weight)
		}
	}
	same(t, "refusals", refusals, map[string]int{"duplicate-account": 9, "duplicate-application": 6, "wrong-track": 6, "stay-expired": 5, "doc-expired": 3,
		"identity-not-confirmed": 3, "doc-reported-invalid": 2, "under-age": 2, "doc-tampering-suspected": 1, "doc-not-original": 1})
	same(t, "appeals", appeals, map[string]int{"upheld": 1, "partly-upheld": 1, "dismissed": 4, "open": 1})
}

// TestStories checks that every case can be replayed, for several desks.
func TestStories(t *testing.T) {
	after := map[Kind][]Kind{
		Submitted: {Claimed, Withdrawn}, Resubmitted: {Claimed}, Claimed: {Released, CorrectionRequested, Escalated, Approve, Reject, Withdrawn},
		Released: {Claimed}, CorrectionRequested: {Resubmitted, Expired}, Escalated: {SecondClaimed}, SecondClaimed: {Approve, Reject},
		Approve: {Activated}, Reject: {Appealed}, Appealed: {AppealDecided},
	}
	ends := map[State][]Kind{StateActivated: {Activated}, StateApproved: {Approve}, StateSecondReview: {Escalated, SecondClaimed}, StateInReview: {Claimed},
		StateQueued: {Submitted, Resubmitted}, StateCorrection: {CorrectionRequested}, StateRejected: {Reject, Appealed, AppealDecided},
		StateWithdrawn: {Withdrawn}, StateExpired: {Expired}}
	for _, seed := range []uint64{1, 2, 3, 4, 5, 99} {
		for _, at := range []time.Time{now, now.Add(13*time.Hour + 11*time.Minute)} {
			cases := Desk(seed, at)
			first := at.AddDate(0, 0, -30).Add(-time.Hour)
			previous := first
			for _, c := range cases {
				if c.Steps[0].Kind != Submitted || c.Steps[0].At.Before(previous) {
					t.Fatalf("seed %d case %d: starts with %s at %s", seed, c.Number, c.Steps[0].Kind, c.Steps[0].At)
				}
				previous = c.Steps[0].At
				for i, s := range c.Steps {
					if s.At.After(at) || i > 0 && s.At.Before(c.Steps[i-1].At) {
						t.Errorf("seed %d case %d (%s): step %d %s at %s is out of order", seed, c.Number, c.State, i, s.Kind, s.At)
					}
					if i > 0 && !slices.Contains(after[c.Steps[i-1].Kind], s.Kind) {
						t.Errorf("seed %d case %d: %s after %s", seed, c.Number, s.Kind, c.Steps[i-1].Kind)
					}
					switch s.Kind {
					case Submitted, Resubmitted:
						if len(s.Answers) == 0 || s.Kind == Submitted && len(s.Scans) == 0 {
							t.Errorf("seed %d case %d: %s without answers or files", seed, c.Number, s.Kind)
						}
					case Claimed, Released, CorrectionRequested, Escalated, Approve, Reject, SecondClaimed:
						if s.Actor == "" {
							t.Errorf("seed %d case %d: nobody did %s", seed, c.Number, s.Kind)
						}
					}
				}
				last := c.Steps[len(c.Steps)-1]
				if !slices.Contains(ends[c.State], last.Kind) {
					t.Errorf("seed %d case %d: %s ends with %s", seed, c.Number, c.State, last.Kind)
				}
				if c.State == StateCorrection && last.Due.Before(at) {
					t.Errorf("seed %d case %d: the answer is overdue since %s", seed, c.Number, last.Due)
				}
				if len(c.Scans) == 0 || c.Scans[0].Slot != "passport" {
					t.Errorf("seed %d case %d has no passport", seed, c.Number)
				}
			}
			checkTwins(t, cases)
		}
	}
}

// checkTwins checks that duplicates really are the same person, and that nobody
// else shares a contact or a number.
func checkTwins(t *testing.T, cases []Case) {
	t.Helper()
	owner := map[string]int{}
	claim := func(c Case, what, v string) {
		if v == "" {
			return
		}
		if n, taken := owner[what+v]; taken && n != c.DuplicateOf {
			t.Errorf("cases %d and %d share %s %s", n, c.Number, what, v)
		} else if !taken {
			owner[what+v] = c.Number
		}
	}
	twins := 0
	for _, c := range cases {
		for _, contact := range []string{c.Email, c.Phone} {
			if n, taken := owner[contact]; taken {
				t.Errorf("cases %d and %d share %s", n, c.Number, contact)
			}
			owner[contact] = c.Number
		}
		for _, f := range []string{"document-number", "snils", "inn", "oms", "stay-proof-number"} {
			claim(c, f, c.truth[f])
		}
		claim(c, "person", strings.Join([]string{c.truth["surname"], c.truth["given-name"], c.truth["birth-date"]}, " "))
		if c.DuplicateOf == 0 {
			continue
		}
		twins++
		o := cases[c.DuplicateOf-1]
		if o.Steps[0].At.After(c.Steps[0].At) || o.truth["document-number"] != c.truth["document-number"] || c.State != StateRejected {
			t.Errorf("case %d is no duplicate of %d", c.Number, o.Number)
		}
		code := c.end()
		if k := c.Steps[len(c.Steps)-1].Reasons; len(k) > 0 && k[0].Code == "duplicate-account" && (o.State != StateActivated || o.end().After(code)) {
			t.Errorf("case %d: case %d was not active", c.Number, o.Number)
		} else if len(k) > 0 && k[0].Code == "duplicate-application" && o.State != StateCorrection && o.end().Before(code) {
			t.Errorf("case %d: case %d was closed", c.Number, o.Number)
		}
	}
	if twins != 15 {
		t.Errorf("%d duplicates", twins)
	}
}

func TestDeskTimes(t *testing.T) {
	cases := Desk(1, now)
	var total []float64
	var answers []time.Duration
	hours := map[int]int{}
	load, late := map[string]int{}, 0
	disagreed := map[string]int{}
	for _, c := range cases {
		spent, since := time.Duration(0), time.Time{}
		for i, s := range c.Steps {
			switch s.Kind {
			case Submitted, Resubmitted:
				since = s.At
				if s.Kind == Resubmitted {
					answers = append(answers, s.At.Sub(c.Steps[i-1].At))
				} else {
					hours[s.At.In(Moscow).Hour()]++
				}
			case CorrectionRequested, Approve, Reject:
				spent += s.At.Sub(since)
				load[s.Actor]++
				if i > 0 && c.Steps[i-1].Kind == SecondClaimed && !s.Agreed {
					for _, e := range c.Steps {
						if e.Kind == Escalated {
							disagreed[e.Actor]++
						}
					}
				}
			}
		}
		if c.State == StateActivated || c.State == StateRejected {
			total = append(total, spent.Minutes())
			if spent > 2*time.Hour {
				late++
			}
		}
	}
	slices.Sort(total)
	if m := total[len(total)/2]; m < 28 || m > 34 {
		t.Errorf("median desk time %.1f minutes", m)
	}
	if m := total[len(total)*9/10]; m < 72 || m > 92 {
		t.Errorf("90th percentile %.1f minutes", m)
	}
	if share := float64(late) / float64(len(total)); share < 0.02 || share > 0.055 {
		t.Errorf("%.1f %% breaches", 100*share)
	}
	slices.Sort(answers)
	if m := answers[len(answers)/2]; m < 4*time.Hour || m > 6*time.Hour {
		t.Errorf("median answer after %s", m)
	}
	if hours[10]+hours[11]+hours[12] < 80 || hours[2]+hours[3]+hours[4] > 25 {
		t.Errorf("arrivals by hour: %v", hours)
	}
	if load["reviewer-1"] < load["reviewer-6"]*3/2 || load["reviewer-6"] == 0 || load["senior-1"] == 0 {
		t.Errorf("load: %v", load)
	}
	if disagreed["reviewer-5"] != 4 {
		t.Errorf("disagreements: %v", disagreed)
	}
	queue := map[string]int{}
	for _, c := range cases {
		if c.State != StateQueued || c.Rounds > 0 {
			continue
		}
		switch m := now.Sub(c.Steps[0].At).Minutes(); {
		case m > 120:
			queue["late"]++
		case m > 90:
			queue["near"]++
		default:
			queue["in time"]++
		}
	}
	same(t, "queue", queue, map[string]int{"late": 1, "near": 3, "in time": 15})
}
