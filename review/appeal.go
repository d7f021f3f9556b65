package review

import (
	"slices"
	"strings"
	"time"
)

// AppealTarget is how soon an appeal should be answered, AppealLimit how late at
// the latest: five and fifteen working days (domain rules of appeals), counted
// from Monday to Friday.
const (
	AppealTarget = 5
	AppealLimit  = 15
)

// MaxAppeal bounds, in characters, what an applicant writes against a decision
// and what the desk answers.
const MaxAppeal = 4000

// AppealOutcome is how an appeal was answered.
type AppealOutcome string

// The outcomes of an appeal.
const (
	AppealUpheld    AppealOutcome = "upheld"        // the submission returns to review
	AppealPartly    AppealOutcome = "partly-upheld" // the review goes on with corrections instead of the refusal
	AppealDismissed AppealOutcome = "dismissed"
)

// AppealOutcomes lists them in display order.
var AppealOutcomes = []AppealOutcome{AppealUpheld, AppealPartly, AppealDismissed}

// Appeal is what an applicant says against a rejection, and the answer.
type Appeal struct {
	Decided  time.Time     `json:"decided"` // when the decision took effect; names it
	At       time.Time     `json:"at"`
	Target   time.Time     `json:"target"` // the answer should be given by then
	Limit    time.Time     `json:"limit"`  // and must be by then
	Text     string        `json:"text"`
	Against  []StaffID     `json:"against"` // who decided: none of them answers
	Outcome  AppealOutcome `json:"outcome,omitempty"`
	Answer   string        `json:"answer,omitempty"` // told to the applicant
	By       StaffID       `json:"by,omitempty"`
	Name     string        `json:"name,omitempty"`
	ClosedAt time.Time     `json:"closedAt,omitzero"`
}

// Open reports whether the appeal waits for its answer.
func (a *Appeal) Open() bool { return a != nil && a.Outcome == "" }

// Refusals of appeals.
var (
	// ErrAppealed says that this decision was appealed before: once is the rule.
	ErrAppealed = &Error{Kind: Conflict, Code: "appealed-already"}
	// ErrAppealLate says that the term for an appeal is over.
	ErrAppealLate = &Error{Kind: Conflict, Code: "appeal-late"}
	// ErrAppealDecider says that whoever made a decision does not judge the appeal
	// against it, and does not decide again after it was upheld.
	ErrAppealDecider = &Error{Kind: Forbidden, Code: "appeal-decider"}
)

// AppealUntil is the last moment for an appeal against the last decision; zero
// when there is nothing to appeal against, or when it was appealed already.
func (s *Submission) AppealUntil() time.Time {
	if s.Status != Rejected || s.Last == nil || s.appealed() {
		return time.Time{}
	}
	return s.Last.EffectiveAt.Add(AppealTerm)
}

// appealed reports whether the last decision has been appealed.
func (s *Submission) appealed() bool {
	return s.Appeal != nil && s.Last != nil && s.Appeal.Decided.Equal(s.Last.EffectiveAt)
}

// AppealText is what an applicant typed against a decision as it is kept. Errors are
// faults of the field "appeal": empty, or length beyond [MaxAppeal].
func AppealText(typed string) (string, error) {
	text := strings.TrimSpace(typed)
	switch {
	case text == "":
		return "", Faulty(FieldFault{Field: "appeal", Code: "empty"})
	case len([]rune(text)) > MaxAppeal:
		return "", Faulty(FieldFault{Field: "appeal", Code: "length"})
	}
	return text, nil
}

// MakeAppeal puts an appeal against the last rejection. Until it is answered the
// applicant may add newer scans of the documents.
func (s *Submission) MakeAppeal(by Actor, text string, at time.Time) (Change, error) {
	switch {
	case by.Account == "" || by.Account != s.Account:
		return Change{}, ErrNotFound
	case s.Status != Rejected || s.Last == nil:
		return Change{}, ErrTransition
	case s.appealed():
		return Change{}, ErrAppealed
	case at.After(s.AppealUntil()):
		return Change{}, ErrAppealLate
	}
	text, err := AppealText(text)
	if err != nil {
		return Change{}, err
	}
	s.Appeal = &Appeal{Decided: s.Last.EffectiveAt, At: at, Text: text, Against: s.Last.Deciders(),
		Target: workingDays(at, AppealTarget), Limit: workingDays(at, AppealLimit)}
	s.ChangedAt = at
	n := s.notice(NoticeAppealMade, Mail)
	n.Params["deadline"] = s.Appeal.Target.UTC().Format(time.DateOnly)
	return Change{Events: []Event{s.event(by, EventAppealMade, at)}, Notices: []Notice{n}}, nil
}

// Objection is the appeal against the last decision, open or answered; nil when
// there is none.
func (s *Submission) Objection() *Appeal {
	if !s.appealed() {
		return nil
	}
	return s.Appeal
}

// MayAnswerAppeal refuses whoever decided or has an interest in the case, and an
// appeal that is not open.
func (s *Submission) MayAnswerAppeal(by Actor) error {
	if s.Status != Rejected || !s.Appeal.Open() {
		return ErrTransition
	}
	if slices.Contains(s.Appeal.Against, by.Staff) {
		return ErrAppealDecider
	}
	if s.recused(by.Staff) {
		return ErrInterest
	}
	return nil
}

// AnswerAppeal judges an open appeal. One that is upheld, wholly or partly,
// brings the submission back into review, in the hands of whoever judged it; the
// account must have no other open submission then, which the store sees to. An
// answer is needed for a dismissal and may go with the others.
func (s *Submission) AnswerAppeal(by Actor, o AppealOutcome, answer string, at time.Time) (Change, error) {
	if by.Staff == "" {
		return Change{}, ErrForbidden
	}
	if err := s.MayAnswerAppeal(by); err != nil {
		return Change{}, err
	}
	if !slices.Contains(AppealOutcomes, o) {
		return Change{}, Faulty(FieldFault{Field: "outcome", Code: "unknown"})
	}
	answer = strings.TrimSpace(answer)
	switch {
	case answer == "" && o == AppealDismissed:
		return Change{}, Faulty(FieldFault{Field: "answer", Code: "empty"})
	case len([]rune(answer)) > MaxAppeal:
		return Change{}, Faulty(FieldFault{Field: "answer", Code: "length"})
	}
	a := s.Appeal
	a.Outcome, a.Answer, a.By, a.Name, a.ClosedAt = o, answer, by.Staff, by.Name, at
	var e Event
	if o == AppealDismissed {
		e = s.event(by, EventAppealAnswered, at)
		s.ChangedAt = at
	} else {
		var err error
		if e, err = s.move(by, InReview, EventAppealAnswered, at); err != nil {
			return Change{}, err
		}
		s.ClosedAt = time.Time{}
		s.RunningSince, s.DueAt = at, at.Add(max(s.Remaining, ServiceFloor))
		s.ClaimedAt = at
		s.Claim = &Claim{Staff: by.Staff, Name: by.Name, Since: at, LeaseUntil: at.Add(LeaseTerm)}
	}
	n := s.notice(NoticeKind("appeal-"+string(o)), Mail)
	n.Params["answer"] = answer
	return Change{Events: []Event{e.With("outcome", string(o))}, Notices: []Notice{n}}, nil
}

// afterAppeal refuses the people whose decision was overturned as reviewers of
// what came back.
func (s *Submission) afterAppeal(by Actor) error {
	if a := s.Appeal; a != nil && a.Outcome != "" && a.Outcome != AppealDismissed && slices.Contains(a.Against, by.Staff) {
		return ErrAppealDecider
	}
	return nil
}

// Deciders lists who took part in a decision.
func (d *Decision) Deciders() []StaffID {
	list := []StaffID{d.By}
	for _, id := range append(slices.Clone(d.With), d.Against) {
		if id != "" && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// workingDays adds working days, Saturday and Sunday left out.
func workingDays(from time.Time, n int) time.Time {
	for n > 0 {
		from = from.AddDate(0, 0, 1)
		if d := from.Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return from
}

// partlyUpheld reports whether corrections were granted in answer to an appeal
// and have not been asked for yet.
func (s *Submission) partlyUpheld() bool {
	return s.Appeal != nil && s.Appeal.Outcome == AppealPartly && s.appealed()
}
