package verdict

import (
	"errors"
	"time"

	"okno/review"
)

// Button is something that can be done with a case.
type Button string

// The buttons of the workbench.
const (
	Claim      Button = "claim"
	Release    Button = "release"
	ReleaseAny Button = "release-any"
	Mark       Button = "mark"
	Note       Button = "note"
	Approve    Button = "approve"
	Correct    Button = "request-correction"
	Reject     Button = "reject"
	Escalate   Button = "escalate"
	Undo       Button = "undo"
	Park       Button = "park"
	Recuse     Button = "recuse"
	Join       Button = "link"
	Answer     Button = "answer-appeal"
)

// Buttons lists every button in display order.
var Buttons = []Button{Claim, Approve, Correct, Reject, Escalate, Mark, Note, Join, Park, Recuse, Release, ReleaseAny, Undo, Answer}

// Option says whether a button works now and, if not, why: Why is the code of
// the error that the command would give, Holder the colleague in the way.
type Option struct {
	Allowed bool
	Why     string
	Holder  string
}

// Options maps every button to whether it works for the actor now. The
// commands of the domain are tried on a copy of s, which stays as it is.
func (v *Service) Options(actor review.Actor, s *review.Submission, at time.Time) map[Button]Option {
	try := func(action review.Action, command func(*review.Submission) (review.Change, error)) Option {
		if err := v.Gate.Allow(actor, action); err != nil {
			return refused(err)
		}
		_, err := command(copied(s))
		if err == nil || review.KindOf(err) == review.Invalid { // the form will ask for what is missing
			return Option{Allowed: true}
		}
		return refused(err)
	}
	decide := func(o review.Outcome, note string) Option {
		return try(deciding(s), func(x *review.Submission) (review.Change, error) {
			return x.Decide(actor, review.Decision{Outcome: o, Note: note}, v.Hold, at)
		})
	}
	free := v.may(actor, review.ActClaim)
	claim := review.ActClaim
	switch {
	case s.Status == review.SecondReview:
		claim = deciding(s)
	case !free:
		claim = review.ActTakeNext
	}
	undo := review.ActDecide
	if !v.may(actor, undo) {
		undo = review.ActArbitrate
	}
	options := map[Button]Option{
		Claim: try(claim, func(x *review.Submission) (review.Change, error) {
			return x.Pick(actor, free, at)
		}),
		Release: try(review.ActRelease, func(x *review.Submission) (review.Change, error) { return x.Release(actor, false, at) }),
		ReleaseAny: try(review.ActReleaseAny, func(x *review.Submission) (review.Change, error) {
			return x.Release(actor, true, at)
		}),
		Mark: try(deciding(s), func(x *review.Submission) (review.Change, error) {
			return x.MarkTarget(actor, review.Target{Slot: review.SlotPassport}, true, at)
		}),
		Park: try(review.ActRelease, func(x *review.Submission) (review.Change, error) {
			return x.Park(actor, "", "-", at.Add(time.Hour), at)
		}),
		Recuse: try(review.ActRelease, func(x *review.Submission) (review.Change, error) {
			return x.Recuse(actor, review.InterestDeclared, at)
		}),
		Join: try(review.ActNote, func(x *review.Submission) (review.Change, error) { return x.Link(actor, "-", at) }),
		Note: try(review.ActNote, func(x *review.Submission) (review.Change, error) {
			if x.Status == review.Draft || x.Status == review.Checking {
				return review.Change{}, review.ErrTransition
			}
			return review.Change{}, nil
		}),
		Approve:  decide(review.Approve, "-"),
		Correct:  decide(review.RequestCorrection, "-"),
		Reject:   decide(review.Reject, "-"),
		Escalate: decide(review.Escalate, "-"),
		Undo:     try(undo, func(x *review.Submission) (review.Change, error) { return x.Undo(actor, at) }),
		Answer: try(review.ActAppeal, func(x *review.Submission) (review.Change, error) {
			return x.AnswerAppeal(actor, review.AppealDismissed, "-", at)
		}),
	}
	return options
}

func refused(err error) Option {
	if e, ok := errors.AsType[*review.Error](err); ok {
		return Option{Why: e.Code, Holder: e.Holder}
	}
	return Option{Why: "internal"}
}

// copied returns a copy of s on which commands may be tried.
func copied(s *review.Submission) *review.Submission {
	x := *s
	if s.Claim != nil {
		claim := *s.Claim
		x.Claim = &claim
	}
	for _, d := range []**review.Decision{&x.Pending, &x.First, &x.Last} {
		if *d != nil {
			decision := **d
			*d = &decision
		}
	}
	if s.Appeal != nil {
		appeal := *s.Appeal
		x.Appeal = &appeal
	}
	x.Marks = append([]review.Mark(nil), s.Marks...)
	x.Corrections = append([]review.Item(nil), s.Corrections...)
	x.Recused = append([]review.StaffID(nil), s.Recused...)
	return &x
}
