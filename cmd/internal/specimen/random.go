package specimen

import (
	"math/rand/v2"
	"time"

	"okno/review/mrz"
)

// RandomCase invents one more applicant, who has just submitted. Load
// generators use it: seeds that differ by less than 60,000 give different
// contacts and numbers, and none that [Desk] uses.
func RandomCase(seed uint64, now time.Time) Case {
	r := rand.New(rand.NewPCG(seed, 0x5eed))
	seq := 7000 + int(seed%60000)
	t := traits{track: "foreign-citizen", sex: pick(r, []string{"M", "M", "F"}), band: [2]int{18, 60}, seq: seq, language: "ru", document: "foreign-passport"}
	if r.IntN(10) < 3 {
		t.track, t.citizenship, t.document = "from-abroad", "RUS", "rf-passport"
		t.country = pick(r, countriesOfStay).code
	} else {
		n := &nations[r.IntN(len(nations)-1)]
		t.citizenship = n.code
		if t.stay = "migration-card"; n.code == "BLR" {
			t.stay = ""
		}
	}
	c := newCase(r, t, now)
	c.Number, c.State, c.Lane = int(seed%1000000), StateQueued, "normal"
	c.Steps = []Step{{At: now, Kind: Submitted, Answers: c.Answers, Scans: c.Scans}}
	return c
}

// newCase draws the person, the contacts and the first, faultless papers.
func newCase(r *rand.Rand, t traits, at time.Time) Case {
	c := Case{Track: t.track, Language: t.language, NameVerdict: "exact", SecondFactor: "none", now: at, face: r.Uint64()}
	full := person(r, t, at)
	c.Answers = full
	c.truth = with(full, nil)
	if full["surname-latin"] == "" {
		c.truth["surname-latin"], c.truth["given-name-latin"] = latinOf(full)
	}
	if t.citizenship == "UZB" {
		c.truth["personal-number"] = personalNumber(full, t.seq)
	}
	_, lat := latinOf(c.truth)
	c.Phone = phone(t.seq)
	sur, _ := latinOf(c.truth)
	c.Email = mail(lat, sur, t.seq)
	for _, slot := range slotsOf(t, r) {
		c.Scans = append(c.Scans, Scan{Slot: slot, Revision: 1, Format: "jpeg"})
	}
	return c
}

// slotsOf lists the papers a person sends: identity, then stay or residence
// proof, and for a third of the foreigners an insurance policy.
func slotsOf(t traits, r *rand.Rand) []string {
	slots := []string{"passport"}
	if t.track == "from-abroad" {
		return append(slots, "residence-proof")
	}
	if t.stay != "" {
		slots = append(slots, "stay-proof")
	}
	if r.IntN(100) < 33 {
		slots = append(slots, "insurance")
	}
	return slots
}

// latinOf gives the Latin names of the answers, or finds them in the tables.
func latinOf(a map[string]string) (surname, given string) {
	if a["surname-latin"] != "" {
		return a["surname-latin"], a["given-name-latin"]
	}
	n := nationOf(a["citizenship"])
	find := func(cyr string, lists ...[]pair) string {
		for _, l := range lists {
			for _, p := range l {
				if p.cyr == cyr {
					return p.lat
				}
			}
		}
		return "SPECIMEN"
	}
	return find(a["surname"], n.surM, n.surF), find(a["given-name"], n.givenM, n.givenF)
}

// personalNumber is the fourteen-digit number that Uzbek passports print.
func personalNumber(a map[string]string, seq int) string {
	century := map[string]string{"M": "5", "F": "6"}[a["sex"]]
	if a["birth-date"] < "2000" {
		century = map[string]string{"M": "3", "F": "4"}[a["sex"]]
	}
	d := a["birth-date"]
	n := century + d[8:10] + d[5:7] + d[2:4] + "000" + pad3(seq%1000)
	return n + string(rune('0'+mrz.CheckDigit(n)))
}

func pad3(n int) string {
	return string([]byte{byte('0' + n/100), byte('0' + n/10%10), byte('0' + n%10)})
}
