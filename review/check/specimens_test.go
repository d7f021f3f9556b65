package check_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"okno/review"
	"okno/review/check"
	"okno/review/reviewtest"
)

// On the specimens, a perfect reading raises nothing on what honest people typed and
// flags every planted mistake that lines can show.
func TestSpecimens(t *testing.T) {
	raw, err := os.ReadFile("../scan/testdata/specimens/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Items []struct {
			File  string
			MRZ   []string `json:"mrz"`
			Fraud []string
			Typed struct{ Surname, Given, SurnameCyr, GivenCyr, PatronymicCyr, Nationality, Sex, Birth, Issue, Expiry, Number, Dept string }
		}
	}
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	clean, flagged := 0, 0
	for _, i := range truth.Items {
		if len(i.MRZ) == 0 || strings.Contains(i.File, "visa") {
			continue
		}
		p := i.Typed
		s := &review.Submission{Track: review.ForeignCitizen, Answers: answers(map[review.Field]string{
			review.Surname: p.SurnameCyr, review.GivenName: p.GivenCyr, review.Patronymic: p.PatronymicCyr, review.SurnameLatin: p.Surname, review.GivenNameLatin: p.Given,
			review.Citizenship: p.Nationality, review.Sex: p.Sex, review.BirthDate: p.Birth, review.DocumentIssueDate: p.Issue, review.DocumentExpiryDate: p.Expiry, review.DocumentNumber: p.Number,
		}), Documents: []review.Document{scan(review.SlotPassport)}}
		if strings.Contains(i.File, "rf-") {
			s.Track = review.FromAbroad
			set(s, review.DocumentType, "rf-passport")
			set(s, review.DocumentNumber, p.Number[:4]+" "+p.Number[4:])
			set(s, review.DivisionCode, p.Dept[:3]+"-"+p.Dept[3:])
		}
		shows(s, reviewtest.Reading(i.MRZ...))
		var found []string
		for _, c := range check.Run(s, known(), now) {
			if c.Raised() && (strings.HasPrefix(c.Code, "mrz-") || c.Code == check.DocumentExpiry && p.Expiry != "") {
				found = append(found, c.Code+"/"+c.Reason)
			}
		}
		var want []string
		switch {
		case slices.Contains(i.Fraud, "bad-check-digit"):
			want = []string{"mrz-check-digits/wrong", "mrz-birth-date/one-character"} // a digit of the date was changed
		case slices.Contains(i.Fraud, "expired"):
			want = []string{"document-expiry/expired"}
		}
		if !slices.Equal(found, want) {
			t.Errorf("%s: found %v, want %v", i.File, found, want)
		}
		if len(want) == 0 {
			clean++
		} else {
			flagged++
		}
	}
	if clean < 46 || flagged < 3 {
		t.Errorf("%d clean, %d flagged", clean, flagged)
	}
	t.Logf("%d clean, %d flagged", clean, flagged)
}
