// Package appeal is how the desk answers an appeal against a refusal: somebody
// who had no part in the decision reads it beside the papers (package verdict
// shows them) and judges it.
//
//	c, err := appeals.Open(ctx, actor, id)                              // what is to be answered
//	l, err := appeals.Letter(ctx, actor, id, outcome, answer, language) // what the applicant would read
//	s, err := appeals.Answer(ctx, actor, id, version, outcome, answer)
//
// An answer cannot be taken back, so it is shown as it will be sent before it is.
package appeal

import (
	"context"
	"strings"

	"okno/review"
)

// Store is what answering needs of the rows; see package submissionstore.
type Store interface {
	Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error)
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
}

// Letter is a message as the applicant reads it.
type Letter struct {
	Subject string
	Text    string
}

// Service answers appeals. Own tells whether an account belongs to the actor, nil
// when nobody can be both; Words writes a notice in its language.
type Service struct {
	Gate  review.Gate
	Store Store
	Clock review.Clock
	Own   func(ctx context.Context, actor review.Actor, account review.AccountID) (bool, error)
	Words func(ctx context.Context, n review.Notice) (Letter, error)
}

// Case is a case whose appeal waits for its answer.
type Case struct {
	ID       review.SubmissionID
	Number   review.CaseNumber
	Version  int64
	Language string // of the applicant
	Appeal   review.Appeal
}

// Open returns the case if the actor may answer its appeal.
func (s *Service) Open(ctx context.Context, actor review.Actor, id review.SubmissionID) (*Case, error) {
	x, err := s.judged(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return &Case{ID: x.ID, Number: x.Number, Version: x.Version, Language: x.Language, Appeal: *x.Appeal}, nil
}

// judged returns a submission whose appeal the actor may answer.
func (s *Service) judged(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActAppeal); err != nil {
		return nil, err
	}
	x, err := s.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := x.MayAnswerAppeal(actor); err != nil {
		return nil, err
	}
	return x, s.strange(ctx, actor, x)
}

// strange refuses to let somebody judge an application of their own.
func (s *Service) strange(ctx context.Context, actor review.Actor, x *review.Submission) error {
	if s.Own == nil {
		return nil
	}
	own, err := s.Own(ctx, actor, x.Account)
	if err == nil && own {
		return review.ErrInterest
	}
	return err
}

// Letter words the answer in a language as it would be sent now, and reports
// Invalid where it could not be sent. Nothing changes.
func (s *Service) Letter(ctx context.Context, actor review.Actor, id review.SubmissionID, o review.AppealOutcome, answer, language string) (Letter, error) {
	x, err := s.judged(ctx, actor, id)
	if err != nil {
		return Letter{}, err
	}
	c, err := x.AnswerAppeal(actor, o, answer, s.Clock.Now()) // x is this call's own copy of what is stored
	if err != nil {
		return Letter{}, err
	}
	n := c.Notices[0]
	n.Language = language
	return s.Words(ctx, n)
}

// Answer judges the appeal over the version that the actor saw. A form sent
// twice answers once.
func (s *Service) Answer(ctx context.Context, actor review.Actor, id review.SubmissionID, version int64, o review.AppealOutcome, answer string) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActAppeal); err != nil {
		return nil, err
	}
	x, err := s.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.strange(ctx, actor, x); err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	answered, err := s.Store.Update(ctx, id, max(version, 1), func(x *review.Submission) (review.Change, error) {
		return x.AnswerAppeal(actor, o, answer, now)
	})
	if review.KindOf(err) != review.Conflict {
		return answered, err
	}
	if x, again := s.Store.Submission(ctx, id); again == nil && same(x.Objection(), actor, o, answer) {
		return x, nil
	}
	return nil, err
}

// same reports whether the appeal was answered in just this way by the actor.
func same(a *review.Appeal, by review.Actor, o review.AppealOutcome, answer string) bool {
	return a != nil && a.Outcome == o && a.By == by.Staff && a.Answer == strings.TrimSpace(answer)
}
