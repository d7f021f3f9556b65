package intakeweb_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"okno/review"
	"okno/review/intake"
	"okno/views/link"
)

// TestANewStartTakesOverWhatWasAnswered begins anew after a withdrawal, with and
// without the earlier answers, in the same track and in the other one.
func TestANewStartTakesOverWhatWasAnswered(t *testing.T) {
	for _, c := range []struct {
		name   string
		track  review.Track
		values map[string]string
		own    bool // every answer
		person bool // the names
	}{
		{"with all answers", review.ForeignCitizen, map[string]string{"carry": "yes"}, true, true},
		{"without them", review.ForeignCitizen, nil, false, false},
		{"in the other track", review.FromAbroad, map[string]string{"carry": "yes"}, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := open(t, review.ForeignCitizen, "uz")
			d.get(link.Apply())
			d.fill()
			before, err := d.store.ForAccount(t.Context(), applicant.Account)
			if err != nil {
				t.Fatal(err)
			}
			if p := d.post(link.Withdraw(), link.Withdraw(), nil); p.status != http.StatusSeeOther {
				t.Fatalf("withdrawn: %d", p.status)
			}
			if box := d.get(link.Apply()).Find("input[name=carry]"); box.Length() != 1 || !box.Is("[checked]") {
				t.Fatal("the earlier answers are not offered")
			}
			if p := d.post(link.Apply(), link.StartSubmission(), nil); p.status != http.StatusUnprocessableEntity || p.Find("input[name=carry]").Length() != 1 || p.Find("input[name=carry][checked]").Length() != 0 {
				t.Errorf("no track chosen: %d, what was typed about the answers is lost", p.status)
			}
			values := map[string]string{"track": string(c.track)}
			for k, v := range c.values {
				values[k] = v
			}
			if p := d.post(link.Apply(), link.StartSubmission(), values); p.location != link.Apply() {
				t.Fatalf("a new start: %d %s", p.status, p.location)
			}
			s, err := d.store.ForAccount(t.Context(), applicant.Account)
			if err != nil {
				t.Fatal(err)
			}
			if s.ID == before.ID || s.Status != review.Draft || s.Track != c.track || s.Language != "uz" || len(s.Documents) != 0 {
				t.Fatalf("%s in %s, %s, %d documents", s.Status, s.Language, s.Track, len(s.Documents))
			}
			for f, a := range before.Answers {
				_, asked := intake.SectionWith(c.track, f)
				got, ok := s.Answers[f]
				want := c.own || c.person && asked && slices.Contains([]review.Field{review.Surname, review.GivenName, review.BirthDate}, f)
				if want && (!ok || got.Value != a.Value || got.Typed != a.Typed) {
					t.Errorf("%s is lost", f)
				}
				if ok && !c.own && !c.person && f != review.AccountType { // a wish that is preset
					t.Errorf("%s was taken over unasked", f)
				}
				if f == review.DocumentNumber && ok && !c.own {
					t.Error("the number of another document was taken over")
				}
			}
			p := d.get(link.Section(intake.Person))
			shown := p.Find("input[name=surname]").AttrOr("value", "")
			if (shown != "") != c.person || strings.Contains(p.Text(), "{") {
				t.Errorf("the form shows the surname %q", shown)
			}
			if missing := intake.Missing(s, intake.Today(d.now)); len(missing) == 0 {
				t.Error("it could be sent without documents and consents")
			}
		})
	}
}
