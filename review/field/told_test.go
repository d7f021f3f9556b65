package field_test

import (
	"testing"

	"okno/review"
	"okno/review/field"
)

func TestApplicantsAreToldValuesAndNothingElse(t *testing.T) {
	list := []field.Comparison{
		{Field: review.BirthDate, Verdict: field.Different, Rule: field.RuleDayMonth},
		{Field: review.SurnameLatin, Verdict: field.Close, Rule: field.RuleSpelling},
		{Field: review.Surname, Verdict: field.Different, Rule: field.RuleOther}, // the Latin spelling speaks for the name
		{Field: review.Sex, Verdict: field.Exact, Rule: field.RuleSame},
		{Field: review.Citizenship, Verdict: field.Equivalent, Rule: field.RuleAlias, Uncertain: true},
		{Field: review.DocumentNumber, Verdict: field.Different, Rule: field.RuleOneCharacter, Uncertain: true},
		{Field: review.DocumentExpiryDate, Verdict: field.Unreadable, Rule: field.RuleNoDate},
		{Field: review.StayProofNumber, Verdict: field.Close, Rule: field.RuleTextDiffers, Hint: true},
		{Field: review.OMS, Verdict: field.Exact, Rule: field.RuleTextSame, Hint: true},
	}
	fields := func(list []field.Comparison) (out string) {
		for _, c := range list {
			out += string(c.Field) + " "
		}
		return out
	}
	agree, differ := field.Told(list)
	if fields(agree) != "sex citizenship " || fields(differ) != "birth-date surname-latin " {
		t.Errorf("told: %s agree, %s differ", fields(agree), fields(differ))
	}
	_, differ = field.Told([]field.Comparison{{Field: review.Surname, Verdict: field.Different, Rule: field.RuleOther}})
	if fields(differ) != "surname " {
		t.Errorf("a document in Cyrillic letters: %s differ", fields(differ))
	}
}
