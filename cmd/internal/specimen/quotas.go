package specimen

import (
	"math/rand/v2"
	"slices"
)

// population returns the traits of the desk's five hundred people, shuffled;
// every count of the demo's description is met exactly.
func population(r *rand.Rand) []traits {
	var a []*traits
	for i := range nations {
		for range nations[i].count {
			a = append(a, &traits{track: "foreign-citizen", citizenship: nations[i].code, document: "foreign-passport", language: "ru"})
		}
	}
	mix(r, a)
	for _, t := range a {
		if t.citizenship == "XXA" {
			t.document, t.stay = "stateless-document", "residence-permit"
		}
	}
	give := func(kind string, n int, from ...string) {
		for _, t := range a {
			if n > 0 && t.stay == "" && slices.Contains(from, t.citizenship) {
				t.stay = kind
				n--
			}
		}
	}
	give("temporary-asylum", 7, "UKR")
	give("visa", 20, "CHN", "IND", "VNM", "TKM")
	give("patent", 46, "UZB", "TJK", "AZE", "MDA")
	give("temporary-residence-permit", 16, "UKR", "KAZ", "UZB", "ARM", "GEO")
	give("residence-permit", 27, "UZB", "TJK", "KGZ", "KAZ", "ARM", "AZE", "CHN")
	for _, t := range a {
		if t.stay == "" && t.citizenship != "BLR" {
			t.stay = "migration-card"
		}
	}
	speak := func(people []*traits, language string, n int, from ...string) {
		for _, t := range people {
			if n > 0 && t.language == "ru" && (len(from) == 0 || slices.Contains(from, t.citizenship)) {
				t.language = language
				n--
			}
		}
	}
	speak(a, "uz", 70, "UZB")
	speak(a, "tg", 40, "TJK")
	speak(a, "ky", 25, "KGZ")
	speak(a, "zh", 15, "CHN")
	speak(a, "hy", 8, "ARM")
	speak(a, "kk", 7, "KAZ")
	speak(a, "az", 5, "AZE")
	speak(a, "en", 26, "IND", "VNM", "TUR", "GEO", "CHN")
	mix(r, a)
	young := 10
	for _, t := range a {
		if young > 0 && (t.stay == "migration-card" || t.stay == "") && t.document == "foreign-passport" {
			t.band = [2]int{14, 17}
			young--
		}
	}
	mix(r, a)
	spread(a, 25, [2]int{51, 68})
	spread(a, 105, [2]int{36, 50})
	spread(a, 210, [2]int{18, 35})
	mix(r, a)
	for i, t := range a {
		if t.sex = "F"; i < 238 {
			t.sex = "M"
		}
	}

	var b []*traits
	for _, c := range countriesOfStay {
		for range c.count {
			b = append(b, &traits{track: "from-abroad", citizenship: "RUS", country: c.code, document: "rf-passport", language: "ru"})
		}
	}
	mix(r, b)
	speak(b, "en", 14)
	mix(r, b)
	spread(b, 20, [2]int{21, 24})
	spread(b, 25, [2]int{47, 68})
	spread(b, 105, [2]int{25, 44})
	mix(r, b)
	for i, t := range b {
		if t.sex = "F"; i >= 78 {
			t.sex = "M"
		}
	}
	mix(r, b)
	for _, t := range b[:30] {
		t.document = "rf-travel-passport"
	}
	all := append(a, b...)
	mix(r, all)
	out := make([]traits, len(all))
	for i, t := range all {
		out[i] = *t
	}
	return out
}

// spread gives an age band to the next n people who have none.
func spread(people []*traits, n int, band [2]int) {
	for _, t := range people {
		if n > 0 && t.band[1] == 0 {
			t.band = band
			n--
		}
	}
}

func mix[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// correctionWeights says how many of every hundred correction reasons are of a kind.
var correctionWeights = []struct {
	code   string
	weight int
}{
	{"stay-proof-missing", 3}, {"foreign-residence-proof-needed", 1}, {"doc-translation-needed", 2}, {"citizenship-mismatch", 1},
	{"documents-inconsistent", 1}, {"phone-not-accepted", 1}, {"contact-in-use", 1}, {"identifier-invalid", 2}, {"doc-expired", 3},
	{"name-mismatch", 9}, {"birth-data-mismatch", 2}, {"doc-number-mismatch", 5},
	{"doc-mrz-invalid", 4}, {"doc-not-color", 5}, {"doc-low-resolution", 4}, {"doc-wrong-page", 6}, {"doc-missing", 5},
	{"doc-wrong-type", 3}, {"doc-not-original", 3}, {"doc-file-unreadable", 2}, {"doc-glare", 9}, {"doc-cropped", 11}, {"doc-blurry", 17},
}

// flawOf tells how the picture looked that made a reviewer give the reason.
var flawOf = map[string]Flaw{
	"doc-blurry": FlawBlurry, "doc-cropped": FlawCropped, "doc-glare": FlawGlare, "doc-wrong-page": FlawWrongPage,
	"doc-not-color": FlawGrey, "doc-missing": FlawWrongPage, "doc-low-resolution": FlawSmall, "doc-mrz-invalid": FlawMRZ,
	"doc-not-original": FlawScreen, "doc-wrong-type": FlawWrongPage, "stay-proof-missing": FlawWrongPage,
	"foreign-residence-proof-needed": FlawWrongPage, "doc-file-unreadable": FlawFaint,
}

// corrections deals the two hundred reasons over the rounds of the plans: one
// to each round, then a second one to some.
func corrections(r *rand.Rand, plans []*plan) {
	type place struct {
		p     *plan
		round int
	}
	var places []place
	for _, p := range plans {
		p.asked = make([][]Reason, p.rounds)
		for k := range p.rounds {
			places = append(places, place{p, k})
		}
	}
	var tokens []string
	for _, w := range correctionWeights {
		for range 2 * w.weight {
			tokens = append(tokens, w.code)
		}
	}
	mix(r, places)
	put := func(code string, limit int) bool {
		for _, q := range places {
			if len(q.p.asked[q.round]) >= limit {
				continue
			}
			if t, ok := target(r, q.p, q.round, code); ok {
				q.p.asked[q.round] = append(q.p.asked[q.round], Reason{code, t})
				return true
			}
		}
		return false
	}
	for i, code := range tokens {
		left := len(tokens) - i
		empty := 0
		for _, q := range places {
			if len(q.p.asked[q.round]) == 0 {
				empty++
			}
		}
		// Rare reasons come first and may share a round; the rest must leave
		// no round without a reason.
		second := empty == 0 || (left > empty && r.IntN(5) == 0)
		if second {
			for _, q := range places {
				if len(q.p.asked[q.round]) == 1 {
					if t, ok := target(r, q.p, q.round, code); ok {
						q.p.asked[q.round] = append(q.p.asked[q.round], Reason{code, t})
						goto placed
					}
				}
			}
		}
		if !put(code, 1) && !put(code, 2) && !put(code, 3) {
			panic("specimen: no submission fits the reason " + code)
		}
	placed:
		mix(r, places)
	}
}

// target chooses what a reason is about, or reports that it does not fit the
// round: one reason per target, one kind of reason per submission.
func target(r *rand.Rand, p *plan, round int, code string) (string, bool) {
	for k, reasons := range p.asked {
		for _, x := range reasons {
			if x.Code == code && (k == round || flawOf[code] == FlawNone) {
				return "", false
			}
		}
	}
	free := func(t string) bool {
		return !slices.ContainsFunc(p.asked[round], func(x Reason) bool { return x.Target == t })
	}
	foreign := p.track == "foreign-citizen"
	second := "residence-proof"
	if foreign {
		if second = "stay-proof"; p.stay == "" {
			second = ""
		}
	}
	var options []string
	switch code {
	case "stay-proof-missing", "documents-inconsistent":
		if foreign && second != "" {
			options = []string{second}
		}
	case "foreign-residence-proof-needed":
		if !foreign {
			options = []string{second}
		}
	case "doc-translation-needed":
		if foreign {
			options = []string{"passport"}
		}
	case "citizenship-mismatch":
		// Whoever is exempt from the stay proof would be asked for it at once.
		if foreign && p.document == "foreign-passport" && p.stay != "" {
			options = []string{"citizenship"}
		}
	case "phone-not-accepted", "contact-in-use":
		options = []string{"phone"}
	case "identifier-invalid":
		options = []string{pick(r, []string{"inn", "snils"})}
	case "doc-expired":
		if p.document == "foreign-passport" {
			options = []string{"passport"}
		}
	case "name-mismatch":
		options = []string{pick(r, []string{"surname", "given-name"})}
	case "birth-data-mismatch":
		options = []string{"birth-date"}
	case "doc-number-mismatch":
		options = []string{"document-number"}
	case "doc-mrz-invalid":
		options = []string{"passport"}
	case "doc-not-color":
		if options = []string{"passport"}; p.stay == "migration-card" {
			options = append(options, second)
		}
	default:
		options = []string{"passport", "passport", second}
	}
	options = slices.DeleteFunc(options, func(t string) bool { return t == "" || !free(t) })
	if len(options) == 0 {
		return "", false
	}
	return pick(r, options), true
}
