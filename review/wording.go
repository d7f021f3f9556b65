package review

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MinAge is the age from which a person may hold an account of one's own.
const MinAge = 14

// Wording names things in the language of the person who will read them. The
// desk wires it to the translation catalogues.
type Wording struct {
	// Term returns the word for a key such as slot.passport or field.surname.
	Term func(language, key string) string
	// Date writes a calendar day in running text.
	Date func(language string, day time.Time) string
}

// Asked is what a reason wants to know from the reviewer beyond its target.
type Asked string

// The kinds of details.
const (
	AskNothing Asked = ""
	AskText    Asked = "text"   // a short explanation in the applicant's language
	AskNumber  Asked = "number" // the number of another case
	AskDate    Asked = "date"   // a calendar date that the answers do not hold
)

// Asks returns which details an item with this reason must carry.
func (s *Submission) Asks(r Reason) Asked {
	named := r.Placeholders()
	switch {
	case slices.Contains(named, "details"):
		return AskText
	case slices.Contains(named, "otherReference"):
		return AskNumber
	case slices.Contains(named, "date") && !isDay(s.Answers.Value(StayTo)):
		return AskDate
	}
	return AskNothing
}

// Normal returns the details in the form in which they are kept, or the code of
// what is wrong with them.
func (a Asked) Normal(details string) (normal, code string) {
	details = strings.Join(strings.Fields(details), " ")
	if a == AskNothing {
		return "", ""
	}
	if details == "" {
		return "", "details"
	}
	switch a {
	case AskNumber:
		n, ok := ParseCaseNumber(details)
		if !ok {
			return "", "details-number"
		}
		return n.String(), ""
	case AskDate:
		for _, layout := range []string{time.DateOnly, "02.01.2006", "2.1.2006"} {
			if day, err := time.Parse(layout, details); err == nil {
				return day.Format(time.DateOnly), ""
			}
		}
		return "", "details-date"
	}
	if len([]rune(details)) > MaxDetails {
		return "", "details-length"
	}
	return details, ""
}

func isDay(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// Facts are the values of the submission that the applicant's texts quote, in
// the form in which a notice carries them: deadline, appealDeadline and date as
// YYYY-MM-DD, minAge as a number. at is when the decision takes effect.
func (s *Submission) Facts(o Outcome, at time.Time) map[string]string {
	facts := map[string]string{
		"appealDeadline": at.Add(AppealTerm).UTC().Format(time.DateOnly),
		"minAge":         strconv.Itoa(MinAge),
	}
	facts["deadline"] = facts["appealDeadline"] // new papers may come with an appeal
	if o == RequestCorrection {
		facts["deadline"] = at.Add(CorrectionTerm).UTC().Format(time.DateOnly)
	}
	if end := s.Answers.Value(StayTo); isDay(end) {
		facts["date"] = end
	}
	return facts
}

// StandingFacts are the facts of the decision that stands, as they are now: when the
// deadline of the corrections was moved, the texts quote the new one.
func (s *Submission) StandingFacts() map[string]string {
	switch {
	case s.Status == CorrectionRequested:
		return s.Facts(RequestCorrection, s.CorrectionDue.Add(-CorrectionTerm))
	case s.Last != nil:
		return s.Facts(s.Last.Outcome, s.Last.EffectiveAt)
	}
	return nil
}

// tell puts the facts into a notice about a decision.
func (s *Submission) tell(n *Notice, o Outcome, at time.Time) {
	for k, v := range s.Facts(o, at) {
		n.Params[k] = v
	}
}

// Text is exactly what the applicant reads about the item. Facts are those of
// [Submission.Facts]. A placeholder without a value is an error.
func (i Item) Text(language string, facts map[string]string, w Wording) (string, error) {
	r, ok := Reasons().Reason(i.Reason)
	if !ok {
		return "", &Error{Kind: Internal, Code: "reason-unknown"}
	}
	day := func(v string) string {
		d, err := time.Parse(time.DateOnly, v)
		if err != nil {
			return ""
		}
		return w.Date(language, d)
	}
	params := map[string]string{
		"details":        i.Details,
		"otherReference": i.Details,
		"minAge":         facts["minAge"],
		"deadline":       day(facts["deadline"]),
		"appealDeadline": day(facts["appealDeadline"]),
		"date":           day(facts["date"]),
	}
	if params["date"] == "" {
		params["date"] = day(i.Details)
	}
	switch {
	case i.Target.Slot != "":
		params["document"] = w.Term(language, "slot."+string(i.Target.Slot))
	case i.Target.Field != "":
		params["field"] = w.Term(language, "field."+string(i.Target.Field))
	}
	return r.Text(language, params)
}
