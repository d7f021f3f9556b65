package main

import (
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
)

// secret is an internal note that must never reach an applicant.
const secret = "СЛУЖЕБНОЕ-7731"

// page is what an applicant sees at a path in a language.
func (h *house) page(account review.AccountID, lang, path string) string {
	h.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "desk.example.org"
	r.AddCookie(&http.Cookie{Name: web.ApplicantCookie, Value: h.accountToken(account)})
	r.AddCookie(&http.Cookie{Name: web.LanguageCookie, Value: lang})
	resp, err := h.app.Test(r, -1)
	h.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	h.must(err)
	if resp.StatusCode != 200 {
		h.t.Fatalf("%s in %s: %d", path, lang, resp.StatusCode)
	}
	return html.UnescapeString(string(body))
}

var unfilled = regexp.MustCompile(`\{(details|otherReference|minAge|deadline|appealDeadline|date|document|field|number)\}`)

// leaks tells what of a decision an applicant must not read stands in a text.
func leaks(text string, r review.Reason) (found []string) {
	if strings.Contains(text, secret) {
		found = append(found, "the note")
	}
	if p := unfilled.FindString(text); p != "" {
		found = append(found, p)
	}
	for _, label := range []string{r.StaffLabel.RU, r.StaffLabel.EN} {
		if !strings.Contains(r.ApplicantMessage.RU+r.ApplicantMessage.EN, label) && strings.Contains(text, label) {
			found = append(found, label)
		}
	}
	if strings.Contains(text, string(r.Code)) {
		found = append(found, "the code")
	}
	return found
}

// TestEveryReasonReachesTheApplicantWhole decides with every reason on every target
// that it allows, in both tracks, and reads what the applicant gets: the mails and
// text messages, the status and the corrections, in every language.
func TestEveryReasonReachesTheApplicantWhole(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer, second := h.appoint(review.RoleReviewer), h.appoint(review.RoleSeniorReviewer)
	writer := h.words()
	outcomes := map[review.Outcome]func(review.Reason) bool{review.RequestCorrection: review.Reason.Corrects, review.Reject: review.Reason.Rejects}
	pages, letters, used := 0, 0, map[review.ReasonCode]bool{}
	for _, track := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		sent := func(by review.Actor) *review.Submission {
			now := h.clock.Now()
			return h.draft(by, track, func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
				func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
				func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, now) })
		}
		offered := sent(h.applicant(track))
		for outcome, fits := range outcomes {
			panel, err := h.verdict.Panel(t.Context(), reviewer, offered.ID, outcome)
			h.must(err)
			choices := map[review.ReasonCode][]review.Target{}
			for _, g := range panel.Groups {
				for _, r := range g.Reasons {
					choices[r.Code] = append(choices[r.Code], g.Target)
				}
			}
			for _, r := range review.Reasons().Reasons {
				want := r.TargetsFor(outcome, track)
				if !fits(r) || !r.On(track) {
					want = nil
				}
				if got := choices[r.Code]; len(got) != len(want) || slices.ContainsFunc(want, func(x review.Target) bool { return !slices.Contains(got, x) }) {
					t.Errorf("%s, %s: %s can be chosen for %v, allowed are %v", track, outcome, r.Code, got, want)
				}
				for n, target := range want {
					used[r.Code] = true
					by := h.applicant(track)
					about := func(s *review.Submission) review.Decision { // what has to be said differs by person
						item := review.Item{Target: target, Reason: r.Code}
						switch s.Asks(r) {
						case review.AskText:
							item.Details = "сведения различаются"
						case review.AskNumber:
							item.Details = offered.Number.String()
						case review.AskDate:
							item.Details = "15.01.2027"
						}
						return review.Decision{Outcome: outcome, Note: secret, Items: []review.Item{item}}
					}
					var told []review.Notice
					decide := func(by review.Actor) step {
						return func(s *review.Submission) (review.Change, error) {
							now := h.clock.Now()
							c, err := s.Decide(by, about(s), 0, now)
							if err != nil {
								return c, err
							}
							effect, err := s.Settle(now)
							told = append(told, effect.Notices...)
							return c.Then(effect), err
						}
					}
					if n > 0 { // the words differ by target; the pages are the same
						s, err := h.submissions.Submission(t.Context(), offered.ID)
						h.must(err)
						if _, err := decide(reviewer)(s); err != nil {
							t.Fatalf("%s on %s: %v", r.Code, target, err)
						}
						if s.Status == review.SecondReview {
							_, err := s.Take(second, h.clock.Now())
							h.must(err)
							_, err = decide(second)(s)
							h.must(err)
						}
					} else {
						s := sent(by)
						s, err := h.submissions.Update(t.Context(), s.ID, 0, decide(reviewer))
						if err != nil {
							t.Fatalf("%s on %s: %v", r.Code, target, err)
						}
						if s.Status == review.SecondReview {
							now := h.clock.Now()
							_, err = h.submissions.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) { return s.Take(second, now) })
							h.must(err)
							_, err = h.submissions.Update(t.Context(), s.ID, 0, decide(second))
							h.must(err)
						}
						paths := []string{link.Status()}
						if outcome == review.RequestCorrection {
							paths = append(paths, link.Corrections())
						}
						for _, lang := range []string{"ru", "en"} {
							whole := ""
							for _, path := range paths {
								text := h.page(by.Account, lang, path)
								for _, l := range leaks(text, r) {
									t.Errorf("%s on %s: %s in %s holds %s", r.Code, target, path, lang, l)
								}
								whole += text
								pages++
							}
							if words := r.ApplicantMessage.In(lang); !strings.Contains(strings.Join(strings.Fields(whole), " "), beginning(words)) {
								t.Errorf("%s on %s: the applicant does not read %q in %s", r.Code, target, beginning(words), lang)
							}
						}
					}
					if len(told) == 0 {
						t.Errorf("%s on %s: nobody is told", r.Code, target)
					}
					for _, notice := range told {
						for _, lang := range i18n.ForApplicants() {
							notice.Language = lang
							text, err := writer.Write(t.Context(), notice)
							if err != nil {
								t.Fatalf("%s on %s in %s: %v", r.Code, target, lang, err)
							}
							for _, l := range leaks(text.Subject+" "+text.Body, r) {
								t.Errorf("%s on %s: a message in %s holds %s", r.Code, target, lang, l)
							}
							letters++
						}
					}
				}
			}
		}
	}
	if len(used) != len(review.Reasons().Reasons) {
		t.Errorf("%d of %d reasons can be used", len(used), len(review.Reasons().Reasons))
	}
	t.Logf("%d reasons, %d pages, %d messages", len(used), pages, letters)
}

// beginning is a text up to its first placeholder.
func beginning(words string) string {
	head, _, _ := strings.Cut(words, "{")
	return strings.TrimSpace(strings.TrimRight(head, "«“ "))
}
