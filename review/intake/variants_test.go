package intake

import (
	"slices"
	"testing"
	"time"

	"okno/review"
	"okno/review/field"
)

func TestTheFourOutcomes(t *testing.T) {
	for _, c := range []struct {
		russian, inRussia bool
		want              review.TrackOutcome
	}{
		{false, true, review.OutcomeForeignCitizen}, {true, false, review.OutcomeFromAbroad},
		{true, true, review.OutcomeInRussia}, {false, false, review.OutcomeForeignAbroad},
	} {
		if got := review.TrackFor(c.russian, c.inRussia); got != c.want {
			t.Errorf("Russian document %v, in Russia %v: %s, want %s", c.russian, c.inRussia, got, c.want)
		}
	}
}

func TestTheVariantFromAbroad(t *testing.T) {
	by := review.Actor{Account: "account-1", Roles: []review.Role{review.RoleApplicant}}
	s, _ := review.NewSubmission(by, "id", "2600481275", review.FromAbroad, "ru", time.Now())
	if s.Answers.Value(review.Citizenship) != "RUS" || s.Answers.Value(review.AccountType) != "standard" {
		t.Errorf("preset %q, %q", s.Answers.Value(review.Citizenship), s.Answers.Value(review.AccountType))
	}
	var a, b []string
	for _, sec := range Sections(review.ForeignCitizen) {
		a = append(a, sec.Code)
	}
	for _, sec := range Sections(review.FromAbroad) {
		b = append(b, sec.Code)
	}
	if slices.Equal(a, b) || !slices.Contains(b, Residence) || slices.Contains(b, Stay) {
		t.Errorf("sections %v and %v", a, b)
	}
	// A travel passport will do, and the same personal section is asked for.
	document, _ := SectionByCode(review.FromAbroad, Document)
	for _, in := range document.Inputs {
		if in.Field == review.DocumentType && !slices.Contains(in.Options, "rf-travel-passport") {
			t.Error("the travel passport is not offered")
		}
	}
	person, _ := SectionByCode(review.FromAbroad, Person)
	for _, f := range []review.Field{review.Surname, review.GivenName, review.Patronymic, review.BirthDate, review.BirthPlace, review.Sex} {
		if !person.Has(f) {
			t.Errorf("%s is not asked for", f)
		}
	}
}

func TestWhatMayBeLeftOut(t *testing.T) {
	today := field.DateOf(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	for _, track := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		s := &review.Submission{Track: track, Status: review.Draft, Answers: review.Answers{}}
		sec, ok := SectionByCode(track, Identifiers)
		if !ok || len(Faults(s, sec, today)) > 0 {
			t.Errorf("%s: numbers are required", track)
		}
		for _, f := range []review.Field{review.INN, review.SNILS} {
			if !sec.Has(f) {
				t.Errorf("%s: %s cannot be given", track, f)
			}
		}
		if sec.Has(review.OMS) != (track == review.ForeignCitizen) {
			t.Errorf("%s: the policy's number", track)
		}
		for _, slot := range review.Slots(track) {
			optional := slot == review.SlotInsurance || slot == review.SlotTranslation
			if Required(s, slot, today) == optional {
				t.Errorf("%s: %s", track, slot)
			}
		}
	}
}
