package specimen

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"time"
)

const day = "2006-01-02"

// Moscow is the desk's time zone.
var Moscow = time.FixedZone("MSK", 3*3600)

// traits is what quotas decide about a person before details are drawn.
type traits struct {
	track       string
	citizenship string
	country     string // of stay, track B
	sex         string
	band        [2]int // youngest and oldest age
	stay        string // kind of stay proof, empty when none is needed
	language    string
	document    string // document type
	seq         int    // sequence number of all identifiers
}

// pick takes one element.
func pick[T any](r *rand.Rand, list []T) T { return list[r.IntN(len(list))] }

// person fills in everything a form and its papers say, for somebody who
// applies at the given moment.
func person(r *rand.Rand, t traits, at time.Time) map[string]string {
	n := nationOf(t.citizenship)
	a := map[string]string{"citizenship": t.citizenship, "sex": t.sex, "document-type": t.document, "account-type": "standard"}
	sur, given, patr := pick(r, n.surM), pick(r, n.givenM), n.patrM
	if t.sex == "F" {
		sur, given, patr = pick(r, n.surF), pick(r, n.givenF), n.patrF
	}
	a["surname"], a["surname-latin"] = sur.cyr, sur.lat
	a["given-name"], a["given-name-latin"] = given.cyr, given.lat
	if len(patr) > 0 {
		a["patronymic"] = pick(r, patr)
	}
	age := t.band[0] + r.IntN(t.band[1]-t.band[0]+1)
	birth := time.Date(at.Year()-age, at.Month(), at.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, -12-r.IntN(340))
	a["birth-date"] = birth.Format(day)
	a["birth-place"] = pick(r, n.places)
	identity(r, a, t, n, birth, at)
	if t.track == "from-abroad" {
		c := stayOf(t.country)
		a["residence-country"] = c.code
		a["residence-proof-type"] = pick(r, c.proofs)
		a["residence-address"] = fmt.Sprintf("%s, Specimen Street %d, apt. %d", c.city, 1+r.IntN(90), 1+r.IntN(120))
		if r.IntN(10) < 6 {
			a["snils"] = snils(t.seq, r.IntN(100))
		}
		if r.IntN(10) < 3 {
			a["inn"] = inn(t.seq, r.IntN(3))
		}
		if r.IntN(2) == 0 && t.document == "rf-passport" {
			delete(a, "surname-latin")
			delete(a, "given-name-latin")
		}
		return a
	}
	a["address"] = fmt.Sprintf("%s, ул. %s, д. %d, кв. %d", pick(r, words("г. Примерск, г. Образцовск, пос. Макетный, г. Эскизов")),
		pick(r, words("Образцовая, Пробная, Учебная, Шаблонная, Черновая")), 1+r.IntN(80), 1+r.IntN(150))
	if r.IntN(10) < 8 {
		a["postal-index"] = pick(r, words("101000, 190000, 344000, 625000, 690000"))
	}
	if r.IntN(100) < 35 {
		a["inn"] = inn(t.seq, r.IntN(3))
	}
	if r.IntN(100) < 30 {
		a["snils"] = snils(t.seq, r.IntN(100))
	}
	if r.IntN(100) < 12 {
		a["oms"] = oms(t.seq, r.IntN(3))
	}
	stay(r, a, t, at)
	return a
}

// identity adds the identity document. It is always valid at the moment of
// applying, with at least forty days left.
func identity(r *rand.Rand, a map[string]string, t traits, n *nation, birth, at time.Time) {
	issued := func(from, to time.Time) time.Time {
		if !to.After(from) {
			return from
		}
		return from.AddDate(0, 0, r.IntN(max(1, int(to.Sub(from).Hours()/24))))
	}
	if t.document == "rf-passport" {
		from, until := birth.AddDate(14, 1, 0), at.AddDate(0, -2, 0)
		if b := birth.AddDate(20, 0, 20); b.Before(until) {
			from = b
		}
		if b := birth.AddDate(45, 0, 20); b.Before(until) {
			from = b
		}
		if born := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC); from.Before(born) && born.Before(until) {
			from = born // the machine-readable lines came in July 2011
		}
		day0 := issued(from, until)
		a["document-number"] = fmt.Sprintf("%s %06d", internalSeries(day0.Year(), r.IntN(7)), t.seq)
		a["document-issue-date"] = day0.Format(day)
		a["document-issuer"] = "ОТДЕЛ ОБРАЗЦОВ ПО ГОР. ПРИМЕРСКУ"
		a["division-code"] = fmt.Sprintf("000-%03d", 1+r.IntN(60))
		return
	}
	years := 10
	if at.Sub(birth).Hours() < 18*8766 {
		years = 5
	}
	earliest := at.AddDate(-years, 0, 60)
	if b := birth.AddDate(10, 0, 0); earliest.Before(b) {
		earliest = b
	}
	day0 := issued(earliest, at.AddDate(0, -2, 0))
	a["document-issue-date"] = day0.Format(day)
	a["document-expiry-date"] = day0.AddDate(years, 0, -1).Format(day)
	switch {
	case t.document == "rf-travel-passport":
		a["document-number"] = fmt.Sprintf("%s %07d", pick(r, words("65, 75, 76")), t.seq)
		a["document-issuer"] = "ОБРАЗЕЦ 00001"
	case t.document == "stateless-document":
		a["document-number"] = foreignNumber(n, t.seq, 0)
		a["document-issuer"] = "SPECIMEN AUTHORITY 001"
	default:
		a["document-number"] = foreignNumber(n, t.seq, r.IntN(7))
		a["document-issuer"] = fmt.Sprintf("%s SPECIMEN OFFICE %02d", n.code, 1+r.IntN(40))
	}
}

// stay adds the proof of lawful stay.
func stay(r *rand.Rand, a map[string]string, t traits, at time.Time) {
	if t.stay == "" {
		return
	}
	from := at.AddDate(0, 0, -3-r.IntN(50))
	to := from.AddDate(0, 0, 89)
	switch t.stay {
	case "patent":
		from = at.AddDate(0, 0, -10-r.IntN(200))
		to = from.AddDate(1, 0, -1)
	case "visa":
		to = from.AddDate(0, 0, 179)
	case "temporary-residence-permit":
		from = at.AddDate(0, 0, -20-r.IntN(700))
		to = from.AddDate(3, 0, -1)
	case "residence-permit":
		from = at.AddDate(0, 0, -20-r.IntN(1500))
		to = from.AddDate(10, 0, -1)
	case "temporary-asylum":
		from = at.AddDate(0, 0, -10-r.IntN(200))
		to = from.AddDate(1, 0, -1)
	}
	a["stay-proof-type"] = t.stay
	number := stayNumber(t.stay, t.seq, r.IntN(100))
	if t.stay == "residence-permit" && t.citizenship == "XXA" {
		number = "83" + strings.TrimPrefix(number, "82")
	}
	a["stay-proof-number"] = number
	a["stay-from"], a["stay-to"] = from.Format(day), to.Format(day)
}

// shiftDate moves a date of the form by days.
func shiftDate(d string, days int) string {
	t, err := time.Parse(day, d)
	if err != nil {
		return d
	}
	return t.AddDate(0, 0, days).Format(day)
}

// with returns a copy of the answers with some replaced; an empty value removes.
func with(a, changes map[string]string) map[string]string {
	out := maps.Clone(a)
	for k, v := range changes {
		if v == "" {
			delete(out, k)
		} else {
			out[k] = v
		}
	}
	return out
}
