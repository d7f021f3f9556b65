package verdict

import (
	"cmp"
	"context"
	"slices"
	"time"

	"okno/review"
)

// Panel is what the decision panel for one outcome is made of. It holds nothing
// personal.
type Panel struct {
	ID       review.SubmissionID
	Number   review.CaseNumber
	Track    review.Track
	Status   review.Status
	Language string // of the applicant
	Version  int64
	Outcome  review.Outcome
	Held     bool // the actor holds the lease now
	Option   Option
	Holds    int // raised checks that an approval must answer with a note
	Wrong    int // targets marked wrong
	Groups   []ReasonGroup
	// Sketch is the verdict that somebody has begun to write, for the holder;
	// Proposed are items for what is marked wrong, where nothing was chosen yet.
	Sketch   *review.Sketch
	Proposed []review.Item
	// AnswerBy is until when the applicant may send corrections; Grounds say why a
	// second person will look at an approval.
	AnswerBy time.Time
	Grounds  []review.Ground
}

// ReasonGroup lists the reasons that can be chosen for one target.
type ReasonGroup struct {
	Target  review.Target
	Wrong   bool // the reviewer has marked it wrong
	Reasons []ReasonChoice
}

// ReasonChoice is one reason, with what it wants to know beyond its target.
type ReasonChoice struct {
	review.Reason
	Asks review.Asked
}

// buttonOf maps an outcome to its button.
var buttonOf = map[review.Outcome]Button{
	review.Approve: Approve, review.RequestCorrection: Correct, review.Reject: Reject, review.Escalate: Escalate,
}

// Panel returns the decision panel for an outcome. The reasons are exactly those
// that the decision would accept; what is marked wrong comes first.
func (v *Service) Panel(ctx context.Context, actor review.Actor, id review.SubmissionID, o review.Outcome) (*Panel, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	button, ok := buttonOf[o]
	if !ok {
		return nil, review.ErrNotFound
	}
	s, err := v.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	now := v.Clock.Now()
	p := &Panel{
		ID: s.ID, Number: s.Number, Track: s.Track, Status: s.Status, Language: s.Language, Version: s.Version, Outcome: o,
		Held: s.HeldBy(actor.Staff, now), Option: v.Options(actor, s, now)[button], Holds: len(s.Holds()), Wrong: s.Wrong(),
	}
	if p.Held {
		p.Sketch = s.Sketch
	}
	if o == review.RequestCorrection {
		p.AnswerBy = now.Add(v.Hold).Add(review.CorrectionTerm)
	}
	if o == review.Approve && s.Status == review.InReview {
		p.Grounds = s.Grounds(&review.Decision{Outcome: o})
	}
	if o == review.RequestCorrection || o == review.Reject {
		p.Groups = groups(s, o, s.MarksFor(actor))
	}
	if p.Held && o == review.RequestCorrection {
		p.Proposed = propose(s, p.Groups)
	}
	return p, nil
}

// groups sorts the reasons that fit the submission and outcome by target.
func groups(s *review.Submission, o review.Outcome, marks []review.Mark) []ReasonGroup {
	var list []ReasonGroup
	for _, r := range review.Reasons().Reasons {
		fits := r.Corrects()
		if o == review.Reject {
			fits = r.Rejects() || r.Corrects() && s.Requests >= review.MaxRounds
		}
		if !fits {
			continue
		}
		for _, t := range r.TargetsFor(o, s.Track) {
			i := slices.IndexFunc(list, func(g ReasonGroup) bool { return g.Target == t })
			if i < 0 {
				m := mark(marks, t)
				list = append(list, ReasonGroup{Target: t, Wrong: m != nil && !m.Verified})
				i = len(list) - 1
			}
			list[i].Reasons = append(list[i].Reasons, ReasonChoice{r, s.Asks(r)})
		}
	}
	place := func(t review.Target) int {
		if t.Slot != "" {
			return 100 + slices.Index(review.Slots(s.Track), t.Slot)
		}
		return 200 + slices.Index(review.Fields(s.Track), t.Field)
	}
	rank := func(g ReasonGroup) int {
		switch {
		case g.Wrong:
			return 0
		case g.Target == review.Target{}:
			return 1
		default:
			return 2
		}
	}
	slices.SortStableFunc(list, func(a, b ReasonGroup) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(place(a.Target), place(b.Target)))
	})
	return list
}

// Recent returns the actor's latest decision about a case for the strip above
// the next page, or nil when there is none.
func (v *Service) Recent(ctx context.Context, actor review.Actor, id review.SubmissionID) (*Made, error) {
	s, err := v.Store.Submission(ctx, id)
	if err != nil {
		if review.KindOf(err) == review.NotFound {
			return nil, nil
		}
		return nil, err
	}
	m := Made{Submission: s.ID, Number: s.Number, Track: s.Track, Status: s.Status, State: Effective}
	d := s.Pending
	if d != nil {
		m.State = Pending
	} else if d = s.First; d == nil {
		d = s.Last
	}
	if d == nil || d.By != actor.Staff {
		return nil, nil
	}
	m.Outcome, m.At, m.EffectiveAt = d.Outcome, d.At, d.EffectiveAt
	return &m, nil
}

// Since lists what happened with a case after the given version, oldest first:
// it tells a reviewer with a stale page what has changed, and by whom.
func (v *Service) Since(ctx context.Context, actor review.Actor, id review.SubmissionID, version int64) ([]Entry, error) {
	t, err := v.Timeline(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	var later []Entry
	for _, e := range slices.Backward(t.Entries) {
		if e.Message == nil && e.Version > version && e.Type != review.EventCaseOpened && e.Type != review.EventScanViewed {
			later = append(later, e)
		}
	}
	return later, nil
}
