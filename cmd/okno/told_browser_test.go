package main

import (
	"os"
	"path/filepath"
	"testing"

	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// holder are the answers of the person in a specimen.
func holder(surname, given, nation, sex, birth, issue, expiry, number string) review.Answers {
	a := review.Answers{}
	for f, v := range map[review.Field]string{
		review.SurnameLatin: surname, review.GivenNameLatin: given, review.Surname: "Девмохпатан", review.GivenName: "Самплона", review.Patronymic: "", review.Citizenship: nation, review.Sex: sex,
		review.BirthDate: birth, review.DocumentIssueDate: issue, review.DocumentExpiryDate: expiry, review.DocumentNumber: number, review.DocumentType: "foreign-passport",
	} {
		a[f] = review.Answer{Typed: v, Value: v}
	}
	return a
}

// TestWhatWasReadIsSeenAtAGlance shows the upload page and the workbench a document that
// agrees with the answers, one that does not, one that cannot be read and one without
// lines: what is wrong stands out, what is right is quiet, with and without scripts.
func TestWhatWasReadIsSeenAtAGlance(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	right := holder("DEVMOHPATAN", "SAMPLONA", "IND", "F", "1953-12-12", "2021-05-12", "2031-05-11", "L2112477")
	wrong := holder("SAMPLONA", "DEVMOHPATAN", "IND", "F", "1953-12-21", "2021-05-12", "2031-05-11", "L2112478")
	cases := []struct {
		name, file     string
		answers        review.Answers
		differ, agrees bool
	}{
		{"right", "s001_passport.jpg", right, false, true}, {"wrong", "s001_passport.jpg", wrong, true, true},
		{"unreadable", "s015_passport.jpg", right, false, false}, {"no-lines", "s048_migration-card.jpg", right, false, false},
	}
	site, browser := h.live(), launch(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			body, err := os.ReadFile(filepath.Join("..", "..", "review", "scan", "testdata", "specimens", c.file))
			if err != nil {
				t.Fatal(err)
			}
			by := h.applicant(review.ForeignCitizen)
			s := h.draft(by, review.ForeignCitizen, append(h.readable(by), func(s *review.Submission) (review.Change, error) {
				return s.Save(by, "person", c.answers, h.clock.Now())
			})...)
			h.uploads(by, s.ID, review.SlotPassport, c.file, body)
			g := &gallery{house: h, site: site, token: map[string]string{c.name: h.accountToken(by.Account)}}
			for _, lang := range []string{i18n.Russian, i18n.English} {
				p := browser.open(t, site, c.name, lang, 1366, lang == i18n.English)
				p.unlooked = true
				g.signIn(p, c.name)
				p.visit(link.Upload("passport"))
				if p.has(".told") != c.differ || p.has(".quiet") != c.agrees {
					t.Errorf("%s: differences %v, agreement %v", lang, p.has(".told"), p.has(".quiet"))
				}
				if p.scripts {
					p.withstands("upload")
				} else {
					p.photograph("upload")
				}
				if c.differ {
					p.visit(link.CheckAnswers())
					p.photograph("check")
				}
			}
			now := h.clock.Now()
			for _, do := range []step{
				func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
				func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
				func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) },
			} {
				s, err = h.submissions.Update(t.Context(), s.ID, 0, do)
				h.must(err)
			}
			_, err = h.desk.checks.Recheck(t.Context(), reviewer, s.ID)
			h.must(err)
			p := browser.open(t, site, "desk-"+c.name, i18n.Russian, 1366, true)
			p.unlooked = true
			p.signedIn(h, reviewer)
			p.visit(link.Case(string(s.ID)))
			p.until("document.querySelector('[data-viewer][data-ready]')")
			eval[bool](p, "((document.querySelector('tr[data-match]') || document.body).scrollIntoView({block: 'center'}), true)")
			p.photograph("case")
			if p.has(`tr[data-match=different]`) != c.differ {
				t.Errorf("the workbench shows differences: %v", p.has(`tr[data-match=different]`))
			}
		})
	}
}
