package intake

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"okno/review"
)

const numberTries = 5

// ErrActiveAlready says that the account is active: nothing to apply for.
var ErrActiveAlready = &review.Error{Kind: review.Conflict, Code: "active-already"}

// ErrPaused says that the account has to wait before its next submission;
// [Service.Pause] says why and until when.
var ErrPaused = &review.Error{Kind: review.Conflict, Code: "paused"}

const begunLooked = 100 // more than can be begun in the longest of the windows

// Pause returns why and until when the actor's account may not begin another
// submission; the zero value says that it may.
func (s *Service) Pause(ctx context.Context, actor review.Actor) (review.Pause, error) {
	if err := s.Gate.Allow(actor, review.ActStatus); err != nil {
		return review.Pause{}, err
	}
	if actor.Account == "" {
		return review.Pause{}, review.ErrUnauthenticated
	}
	return s.pause(ctx, actor)
}

func (s *Service) pause(ctx context.Context, actor review.Actor) (review.Pause, error) {
	begun, err := s.Submissions.Begun(ctx, actor.Account, begunLooked)
	if err != nil {
		return review.Pause{}, err
	}
	return review.PauseAfter(begun, s.Clock.Now()), nil
}

// Start begins a submission for the actor's account. An account has one open
// submission at most: if there is one, it is returned as it is, whatever its
// track. After a rejection, withdrawal or expiry a new one may be started, unless
// there were too many: [ErrPaused]. After an approval there is nothing left to
// apply for.
func (s *Service) Start(ctx context.Context, actor review.Actor, track review.Track, language string) (*review.Submission, error) {
	return s.start(ctx, actor, track, language, false)
}

// StartAgain is Start that takes over what was answered in the earlier submission, as
// far as the new one asks for it: nobody types twice what was right. Documents and
// consents are given anew.
func (s *Service) StartAgain(ctx context.Context, actor review.Actor, track review.Track, language string) (*review.Submission, error) {
	return s.start(ctx, actor, track, language, true)
}

func (s *Service) start(ctx context.Context, actor review.Actor, track review.Track, language string, carry bool) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	if track != review.ForeignCitizen && track != review.FromAbroad {
		return nil, review.Faulty(review.FieldFault{Field: "track", Code: "empty"})
	}
	sub, err := s.own(ctx, actor)
	switch {
	case err == nil && !sub.Status.Final():
		return sub, nil
	case err == nil && sub.Status == review.Approved:
		return nil, ErrActiveAlready
	case err != nil && !errors.Is(err, review.ErrNoSubmission):
		return nil, err
	}
	if pause, err := s.pause(ctx, actor); err != nil || pause.Reason != "" {
		return nil, cmp.Or(err, error(ErrPaused))
	}
	old := sub
	for range numberTries {
		var c review.Change
		now := s.Clock.Now()
		sub, c = review.NewSubmission(actor, review.SubmissionID(s.IDs.NewID()), s.IDs.NewNumber(), track, language, now)
		if carry && old != nil {
			more, err := carryOver(actor, old, sub, now)
			if err != nil {
				return nil, err
			}
			c = c.Then(more)
		}
		err = s.Submissions.Create(ctx, sub, c)
		if e, ok := errors.AsType[*review.Error](err); !ok || e.Code != "number-taken" {
			break
		}
	}
	if e, ok := errors.AsType[*review.Error](err); ok && e.Code == "already-open" { // started at the same moment in another window
		return s.own(ctx, actor)
	}
	if err != nil {
		return nil, err
	}
	return sub, nil
}

// CanCarry reports whether anything was answered that another submission of the
// account could take over.
func CanCarry(old *review.Submission, track review.Track) bool {
	return slices.ContainsFunc(Sections(track), func(sec Section) bool { return len(kept(old, track, sec)) > 0 })
}

// kept are the answers of an earlier submission to the questions of a section. What
// proves identity and stay differs between the tracks, the person does not.
func kept(old *review.Submission, track review.Track, sec Section) review.Answers {
	if old.Track != track && sec.Code != Person && sec.Code != Identifiers {
		return nil
	}
	answers := review.Answers{}
	for _, in := range sec.Inputs {
		if a, ok := old.Answers[in.Field]; ok && (old.Track == track || in.Field != review.Citizenship && in.Field != review.MachineLines) {
			answers[in.Field] = a
		}
	}
	return answers
}

func carryOver(by review.Actor, old, sub *review.Submission, now time.Time) (all review.Change, err error) {
	for _, sec := range Sections(sub.Track) {
		answers := kept(old, sub.Track, sec)
		if len(answers) == 0 {
			continue
		}
		c, err := sub.Save(by, sec.Code, answers, now)
		if err != nil {
			return all, err
		}
		all = all.Then(c)
	}
	return all, nil
}
