package check

import (
	"strconv"

	"okno/review"
	"okno/review/field"
)

// treaty is an exception of one citizenship from the rules about staying in
// Russia. They change: each carries the days between which it holds, a zero day
// being no limit.
type treaty struct {
	citizenship string
	from, to    field.Date
	noProof     bool // needs no stay proof at all
	noLimit     bool // the ninety days do not count
	byContract  bool // may stay as long as an employment contract lasts
}

var treaties = []treaty{
	{citizenship: "BLR", noProof: true, noLimit: true},
	{citizenship: "ARM", from: field.Date{Year: 2015, Month: 1, Day: 2}, byContract: true},
	{citizenship: "KAZ", from: field.Date{Year: 2015, Month: 1, Day: 1}, byContract: true},
	{citizenship: "KGZ", from: field.Date{Year: 2015, Month: 8, Day: 12}, byContract: true},
}

// treatyOf returns the exceptions that hold for the citizenship on the day.
func treatyOf(citizenship string, day field.Date) (t treaty) {
	for _, x := range treaties {
		if x.citizenship == citizenship && !day.Before(x.from) && (x.to.IsZero() || !day.After(x.to)) {
			t.noProof = t.noProof || x.noProof
			t.noLimit = t.noLimit || x.noLimit
			t.byContract = t.byContract || x.byContract
		}
	}
	return t
}

// stayProof checks that a foreign citizen in Russia shows a right to stay.
func (r *run) stayProof() {
	exempt := treatyOf(r.value(review.Citizenship), r.today)
	paper, proof := r.s.Document(review.SlotStayProof)
	r.saw("document", string(paper.ID))
	kind := r.value(review.StayProofType)
	target := slot(review.SlotStayProof)
	switch {
	case kind == "registration-slip": // never alone
		r.add(review.Block, finding{verdict: review.Fail, reason: "supporting-only", target: target})
	case proof:
		r.pass(target, map[string]string{"type": kind})
	case exempt.noProof:
		r.skip("exempt", target)
	default:
		r.add(review.Block, finding{verdict: review.Fail, reason: "missing", target: target})
	}
}

// stayLength compares the declared stay with the term of the proof or, for a
// visa-free entry, with the ninety days. It never rejects: without border data
// the desk knows only what the applicant shows.
func (r *run) stayLength() {
	exempt, kind := treatyOf(r.value(review.Citizenship), r.today), r.value(review.StayProofType)
	target := on(review.StayTo)
	to, limited := r.date(review.StayTo)
	from, entered := r.date(review.StayFrom)
	values := map[string]string{}
	if entered {
		values["from"] = from.String()
	}
	if limited {
		values["to"] = to.String()
	}
	over := func(verdict review.CheckVerdict, reason string, fourEyes bool) {
		r.add(review.Hold, finding{verdict: verdict, reason: reason, target: target, values: values, fourEyes: fourEyes})
	}
	switch {
	case exempt.noLimit:
		r.skip("exempt", target)
	case limited && to.Before(r.today):
		over(review.Fail, "overstayed", true)
	case kind != "migration-card" && limited:
		r.pass(target, values)
	case kind != "migration-card":
		r.skip("no-term", target)
	case !entered:
		r.skip("unknown", on(review.StayFrom))
	default:
		stay := field.VisaFreeStay([]field.Stay{{Entry: from}}, r.today)
		values["days"] = strconv.Itoa(max(stay.Continuous, stay.UsedThisYear))
		switch {
		case stay.State == field.StayOverstayed && exempt.byContract:
			over(review.Warn, "contract", false)
		case stay.State == field.StayOverstayed:
			over(review.Fail, "overstayed", true)
		case stay.State == field.StayLastDays:
			r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "last-days", target: target, values: values})
		default:
			r.pass(target, values)
		}
	}
}

// residence checks the proof of living abroad. Missing or unusual proof is for
// the reviewer, who may ask for one.
func (r *run) residence() {
	target := slot(review.SlotResidenceProof)
	values := map[string]string{"country": r.value(review.ResidenceCountry)}
	if _, ok := r.s.Document(review.SlotResidenceProof); !ok {
		r.add(review.Hold, finding{verdict: review.Warn, reason: "missing", target: target, values: values})
		return
	}
	if kind := r.value(review.ResidenceProofType); kind != "" {
		values["type"] = kind
	}
	r.pass(target, values)
}
