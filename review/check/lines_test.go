package check_test

import (
	"slices"
	"strings"
	"testing"

	"okno/review"
	"okno/review/check"
	"okno/review/mrz"
	"okno/review/reviewtest"
)

// passport is what the passport of [foreigner] prints, changed by change.
func passport(t *testing.T, change func(*mrz.Document)) *review.Reading {
	t.Helper()
	d := mrz.Document{Issuer: "TJK", Nationality: "TJK", Surname: "OBRAZTSOV", GivenNames: "DALER", Number: "400000017", BirthDate: "910314", Sex: "M", ExpiryDate: "310202"}
	if change != nil {
		change(&d)
	}
	lines, err := mrz.BuildTD3(d)
	if err != nil {
		t.Fatal(err)
	}
	return reviewtest.Reading(lines[:]...)
}

func shows(s *review.Submission, r *review.Reading) {
	s.Documents[0].Pages = slices.Clone(s.Documents[0].Pages)
	s.Documents[0].Pages[0].Report.Reading = r
}

func TestChecksOfTheMachineReadableLines(t *testing.T) {
	for _, c := range []struct {
		name     string
		change   func(*review.Submission)
		reading  func(*testing.T) *review.Reading
		want     string
		fourEyes bool
	}{
		{"all agrees", nil, func(t *testing.T) *review.Reading { return passport(t, nil) }, "", false},
		{"nobody looked", nil, func(*testing.T) *review.Reading { return nil }, "", false},
		{"no lines", nil, func(*testing.T) *review.Reading { return &review.Reading{Verdict: review.LinesNone} }, "mrz-present/none/hold/doc:passport", false},
		{"lines that nobody can read", nil, func(t *testing.T) *review.Reading {
			r := passport(t, nil)
			r.Verdict = review.LinesUnreadable
			return r
		}, "mrz-present/unreadable/hold/doc:passport", false},
		{"forged check digit", nil, func(t *testing.T) *review.Reading {
			r := passport(t, nil)
			r.Digits[1].OK = false
			return r
		}, "mrz-check-digits/wrong/hold/doc:passport", true},
		{"a repaired character", nil, func(t *testing.T) *review.Reading {
			r := passport(t, nil)
			r.Repaired = 1
			return r
		}, "mrz-check-digits/repaired/note/doc:passport", false},
		{"another spelling", func(s *review.Submission) { set(s, review.SurnameLatin, "OBRASTSOV") }, nil, "mrz-name/similar-spelling/note/field:surname-latin", false},
		{"somebody else", func(s *review.Submission) { set(s, review.SurnameLatin, "PROBIN") }, nil, "mrz-name/other/hold/field:surname-latin", true},
		{"another Cyrillic name", func(s *review.Submission) { set(s, review.Surname, "ПРОБИН") }, nil, "mrz-name/cyrillic/note/field:surname", false},
		{"day and month", func(s *review.Submission) { set(s, review.BirthDate, "1991-03-15") }, nil, "mrz-birth-date/one-character/hold/field:birth-date", false},
		{"one digit of the number", func(s *review.Submission) { set(s, review.DocumentNumber, "400000018") }, nil, "mrz-number/one-character/hold/field:document-number", false},
		{"another state", nil, func(t *testing.T) *review.Reading {
			return passport(t, func(d *mrz.Document) { d.Nationality, d.Issuer = "UZB", "UZB" })
		}, "mrz-citizenship/other/hold/field:citizenship", false},
		{"earlier end", nil, func(t *testing.T) *review.Reading {
			return passport(t, func(d *mrz.Document) { d.ExpiryDate = "260202" })
		}, "mrz-expiry/other/hold/field:document-expiry-date", false},
		{"sex", func(s *review.Submission) { set(s, review.Sex, "F") }, nil, "mrz-sex/other/hold/field:sex", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := foreigner()
			if c.change != nil {
				c.change(s)
			}
			if c.reading == nil {
				c.reading = func(t *testing.T) *review.Reading { return passport(t, nil) }
			}
			shows(s, c.reading(t))
			ledger := check.Run(s, known(), now)
			if got := strings.Join(raised(ledger), " "); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
			if eyes := slices.ContainsFunc(ledger, func(x review.Check) bool { return x.FourEyes && x.Raised() }); eyes != c.fourEyes {
				t.Errorf("four eyes: %v", eyes)
			}
		})
	}
}

func TestOldRussianPassportsHaveNoLines(t *testing.T) {
	s := abroad() // issued in May 2011
	shows(s, &review.Reading{Verdict: review.LinesNone})
	if got := raised(check.Run(s, known(), now)); len(got) != 0 {
		t.Errorf("before July 2011: %v", got)
	}
	set(s, review.DocumentIssueDate, "2011-07-01")
	if got := raised(check.Run(s, known(), now)); len(got) != 1 || !strings.HasPrefix(got[0], "mrz-present/none/hold") {
		t.Errorf("since then: %v", got)
	}
}

// The fingerprint changes with what a check looks at and with nothing else.
func TestThePrintIsOfTheInputs(t *testing.T) {
	prints := func(change func(*review.Submission, *check.Facts), set check.Set) map[string]string {
		s, facts := foreigner(), known()
		shows(s, passport(t, nil))
		if change != nil {
			change(s, &facts)
		}
		m := map[string]string{}
		for _, c := range set.Run(s, facts, now) {
			m[c.Code] += c.Print
		}
		return m
	}
	differ := func(a, b map[string]string) (codes []string) {
		for _, code := range check.Codes {
			if a[code] != b[code] {
				codes = append(codes, code)
			}
		}
		return codes
	}
	before := prints(nil, check.Current())
	if len(before) < 30 {
		t.Fatalf("%d checks", len(before))
	}
	if got := differ(before, prints(nil, check.Current())); got != nil {
		t.Errorf("the same inputs: %v", got)
	}
	if got := differ(before, prints(nil, check.Current().With(check.MRZName, "2026-12"))); got != nil {
		t.Errorf("another version of a rule: %v", got)
	}
	got := differ(before, prints(func(s *review.Submission, _ *check.Facts) { set(s, review.BirthDate, "1991-03-13") }, check.Current()))
	if want := []string{check.AgeMinimum, check.MRZBirthDate}; !slices.Equal(got, want) {
		t.Errorf("another date of birth: %v, want %v", got, want)
	}
	got = differ(before, prints(func(_ *review.Submission, f *check.Facts) { f.Phone = "+79070000018" }, check.Current()))
	if want := []string{check.ContactsConfirmed, check.ContactInUse, check.PhoneType}; !slices.Equal(got, want) {
		t.Errorf("another phone: %v, want %v", got, want)
	}
}

func TestVersionsOfRules(t *testing.T) {
	s := foreigner()
	shows(s, passport(t, nil))
	set(s, review.SurnameLatin, "OBRASTSOV")
	strict := check.Current().With(check.MRZName, "2026-12")
	if got := raised(strict.Run(s, known(), now)); len(got) != 1 || got[0] != "mrz-name/similar-spelling/hold/field:surname-latin" {
		t.Errorf("by the stricter version: %v", got)
	}
	if got := raised(check.Current().With(check.MRZName, "").Run(s, known(), now)); len(got) != 0 {
		t.Errorf("switched off: %v", got)
	}
	if check.Current().Print() != check.Current().With(check.MRZName, "1999-01").Print() {
		t.Error("a version nobody knows changed the set")
	}
	if check.Current().Print() == strict.Print() {
		t.Error("two sets have one print")
	}
	seen := map[string]bool{}
	for _, r := range check.Rules() {
		if !slices.Contains(check.Codes, r.Code) || seen[r.Code+r.Version] || r.Effect == "" {
			t.Errorf("rule %s@%s", r.Code, r.Version)
		}
		seen[r.Code+r.Version] = true
		seen[r.Code] = true
	}
	for _, code := range check.Codes {
		if !seen[code] {
			t.Errorf("no rule for %s", code)
		}
	}
}
