package review_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/review"
)

var plain = review.Wording{
	Term: func(language, key string) string { return language + ":" + key },
	Date: func(language string, day time.Time) string { return day.Format("02.01.2006") },
}

// blame are words that no text for applicants has.
var blame = regexp.MustCompile(`(?i)пожалуйста|некорректн|недопустим|\bplease\b|\binvalid\b|\billegal\b`)

func TestReasonBook(t *testing.T) {
	book := review.Reasons()
	if len(book.Reasons) != 35 || len(book.Groups) != 8 {
		t.Fatalf("%d reasons in %d groups", len(book.Reasons), len(book.Groups))
	}
	seen := map[review.ReasonCode]bool{}
	starred := 0
	for _, r := range book.Reasons {
		if seen[r.Code] {
			t.Errorf("%s stands twice", r.Code)
		}
		seen[r.Code] = true
		if r.FourEyes {
			starred++
		}
		if !r.Corrects() && !r.Rejects() || len(r.Tracks) == 0 {
			t.Errorf("%s can never be used", r.Code)
		}
		for _, w := range []review.Words{r.StaffLabel, r.ApplicantMessage} {
			if strings.TrimSpace(w.RU) == "" || strings.TrimSpace(w.EN) == "" {
				t.Errorf("%s has no words in a language", r.Code)
			}
		}
		if banned := blame.FindString(r.ApplicantMessage.RU + " " + r.ApplicantMessage.EN); banned != "" {
			t.Errorf("%s says %q to the applicant", r.Code, banned)
		}
		if !slices.ContainsFunc(book.Groups, func(g review.ReasonGroup) bool { return g.Code == r.Group }) {
			t.Errorf("%s is in no group", r.Code)
		}
		if r.Disclosure == "neutral" && !r.NoteRequired {
			t.Errorf("%s hides its reason from everybody", r.Code)
		}
		for _, track := range r.Tracks {
			if r.Corrects() && len(r.TargetsFor(review.RequestCorrection, track)) == 0 && r.Scope != "document" {
				t.Errorf("%s corrects nothing in %s", r.Code, track)
			}
			if r.Rejects() && len(r.TargetsFor(review.Reject, track)) == 0 {
				t.Errorf("%s rejects nothing in %s", r.Code, track)
			}
			for _, target := range r.TargetsFor(review.RequestCorrection, track) {
				if target.Slot != "" && !slices.Contains(review.Slots(track), target.Slot) {
					t.Errorf("%s: %s is no slot of %s", r.Code, target, track)
				}
				if target == (review.Target{}) {
					t.Errorf("%s: a correction must open something", r.Code)
				}
			}
		}
	}
	if starred != 4 {
		t.Errorf("%d starred reasons", starred)
	}
}

func TestTargetsOfAReason(t *testing.T) {
	for _, c := range []struct {
		code    review.ReasonCode
		outcome review.Outcome
		track   review.Track
		want    string
	}{
		{"doc-blurry", review.RequestCorrection, review.ForeignCitizen, "doc:passport doc:stay-proof doc:insurance doc:translation"},
		{"doc-blurry", review.RequestCorrection, review.FromAbroad, "doc:passport doc:residence-proof"},
		{"doc-not-color", review.RequestCorrection, review.ForeignCitizen, "doc:passport doc:stay-proof"},
		{"doc-not-color", review.RequestCorrection, review.FromAbroad, "doc:passport"},
		{"name-mismatch", review.RequestCorrection, review.FromAbroad, "field:surname field:surname-latin field:given-name field:given-name-latin field:patronymic"},
		{"stay-proof-missing", review.RequestCorrection, review.ForeignCitizen, "doc:stay-proof"},
		{"stay-proof-missing", review.RequestCorrection, review.FromAbroad, ""},
		{"stay-expired", review.RequestCorrection, review.ForeignCitizen, "doc:stay-proof"},
		{"stay-expired", review.Reject, review.ForeignCitizen, "case"},
		{"stay-expired", review.Reject, review.FromAbroad, ""},
		{"third-party-submission", review.RequestCorrection, review.FromAbroad, "doc:passport doc:residence-proof field:phone field:email"},
		{"under-age", review.Reject, review.FromAbroad, "case"},
		{"duplicate-account", review.Reject, review.FromAbroad, "case"},
		{"doc-reported-invalid", review.Reject, review.FromAbroad, "doc:passport"},
		{"doc-expired", review.Reject, review.ForeignCitizen, "doc:passport doc:stay-proof doc:translation"},
		{"contact-in-use", review.RequestCorrection, review.ForeignCitizen, "field:phone field:email"},
	} {
		r, ok := review.Reasons().Reason(c.code)
		if !ok {
			t.Fatal(c.code)
		}
		var got []string
		for _, target := range r.TargetsFor(c.outcome, c.track) {
			got = append(got, target.String())
			if back, ok := review.ParseTarget(target.String()); !ok || back != target {
				t.Errorf("%s does not come back", target)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s, %s, %s: %v", c.code, c.outcome, c.track, got)
		}
	}
}

// TestEveryTextIsFilled takes every reason for every outcome, track, target and
// language through a decision and reads what the applicant would.
func TestEveryTextIsFilled(t *testing.T) {
	texts := 0
	for _, withStay := range []bool{true, false} {
		for _, r := range review.Reasons().Reasons {
			for _, track := range r.Tracks {
				for _, outcome := range []review.Outcome{review.RequestCorrection, review.Reject} {
					if outcome == review.RequestCorrection && !r.Corrects() || outcome == review.Reject && !r.Rejects() {
						continue
					}
					for _, target := range r.TargetsFor(outcome, track) {
						w := queued(t)
						w.s.Track = track
						if !withStay {
							delete(w.s.Answers, review.StayTo)
						}
						w.take(anna)
						details := map[review.Asked]string{review.AskText: "номер служебный", review.AskNumber: "26-004-812-75", review.AskDate: "15.01.2027"}
						i := review.Item{Target: target, Reason: r.Code, Details: details[w.s.Asks(r)]}
						w.decide(anna, review.Decision{Outcome: outcome, Items: []review.Item{i}, Note: "ВНУТРЕННЕЕ"})
						if w.s.Status == review.SecondReview {
							w.take(boris).decide(boris, review.Decision{Outcome: outcome, Items: []review.Item{i}, Note: "ВНУТРЕННЕЕ"})
						}
						n := w.c.Notices[0]
						for _, language := range []string{"ru", "en"} {
							text, err := n.Items[0].Text(language, n.Params, plain)
							if err != nil {
								t.Fatalf("%s on %s: %v", r.Code, target, err)
							}
							texts++
							if strings.ContainsAny(text, "{}") || strings.Contains(text, "«»") || strings.Contains(text, "ВНУТРЕННЕЕ") || strings.Contains(text, r.StaffLabel.In(language)) && r.Disclosure == "neutral" {
								t.Errorf("%s in %s: %s", r.Code, language, text)
							}
							if target.Slot != "" && slices.Contains(r.Placeholders(), "document") && !strings.Contains(text, language+":slot."+string(target.Slot)) {
								t.Errorf("%s does not name %s: %s", r.Code, target, text)
							}
							if target.Field != "" && slices.Contains(r.Placeholders(), "field") && !strings.Contains(text, language+":field."+string(target.Field)) {
								t.Errorf("%s does not name %s: %s", r.Code, target, text)
							}
						}
					}
				}
			}
		}
	}
	if texts < 400 {
		t.Errorf("only %d texts were read", texts)
	}
}

func TestTextSaysWhatIsMissing(t *testing.T) {
	i := review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}
	if text, err := i.Text("ru", nil, plain); err == nil {
		t.Errorf("half a text: %s", text)
	}
	if _, err := (review.Item{Reason: "ugly"}).Text("ru", nil, plain); err == nil {
		t.Error("an unknown reason has a text")
	}
}

func TestADateAtTheEndBringsItsOwnFullStop(t *testing.T) {
	w := plain
	w.Date = func(string, time.Time) string { return "1 декабря 2026 г." }
	i := review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}
	text, err := i.Text("ru", map[string]string{"deadline": "2026-12-01"}, w)
	if err != nil || strings.Contains(text, "..") || !strings.HasSuffix(text, "1 декабря 2026 г.") {
		t.Errorf("%q, %v", text, err)
	}
}

func TestAskedDate(t *testing.T) {
	w := queued(t).take(anna)
	stay, _ := review.Reasons().Reason("stay-expired")
	if w.s.Asks(stay) != review.AskNothing {
		t.Error("asks for a date that the answers hold")
	}
	delete(w.s.Answers, review.StayTo)
	d := func(details string) review.Decision {
		return review.Decision{Outcome: review.Reject, Note: "x", Items: []review.Item{{Reason: "stay-expired", Details: details}}}
	}
	if _, err := w.s.Decide(anna, d("в январе"), 0, w.at); faults(err) != "reason.case.stay-expired details-date" {
		t.Error(err)
	}
	w.did(w.s.Decide(anna, d("5.1.2027"), 0, w.at))
	if got := w.s.Pending.Items[0].Details; got != "2027-01-05" {
		t.Error(got)
	}
}
