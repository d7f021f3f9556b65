package verdict

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"okno/review"
)

// Result is what became of a decision.
type Result struct {
	Submission *review.Submission
	// Until is the moment to which it can be taken back; zero when it has taken
	// effect already.
	Until time.Time
	// Repeated says that the same decision had been made a moment before: the
	// form was sent twice and nothing was done this time.
	Repeated bool
}

// Decide records the actor's decision over the version that the actor saw.
// Another version is review.ErrStale, unless it is this very decision that made
// it: a form sent twice decides once.
func (v *Service) Decide(ctx context.Context, actor review.Actor, id review.SubmissionID, version int64, d review.Decision) (Result, error) {
	if !v.may(actor, review.ActDecide) && !v.may(actor, review.ActArbitrate) {
		return Result{}, v.Gate.Allow(actor, review.ActDecide)
	}
	d.Items = tidy(d.Items)
	notes, err := v.Store.Notes(ctx, id)
	if err != nil {
		return Result{}, err
	}
	made, err := v.Store.DecidedBy(ctx, actor.Staff, v.Oversight.Probation)
	if err != nil {
		return Result{}, err
	}
	draw := 1.0
	if v.Draw != nil {
		draw = v.Draw()
	}
	now := v.Clock.Now()
	s, err := v.Store.Update(ctx, id, max(version, 1), func(s *review.Submission) (review.Change, error) {
		if !v.may(actor, deciding(s)) {
			return review.Change{}, review.ErrForbidden
		}
		d.Watch = v.Oversight.Watch(actor, s.Lane, made, draw)
		c, err := s.Decide(actor, d, v.Hold, now)
		if err != nil {
			return c, err
		}
		if note := s.Pending.Note; note != "" && !slices.ContainsFunc(notes, func(n review.Note) bool { return n.By == actor.Staff && n.Text == note }) {
			n, err := s.AddNote(actor, v.IDs.NewID(), note, now)
			if err != nil {
				return c, err
			}
			c = c.Then(n)
		}
		if v.Hold <= 0 {
			effect, err := s.Settle(now)
			if err != nil {
				return c, err
			}
			c = c.Then(effect)
		}
		return c, nil
	})
	if err == nil {
		return result(s, false), nil
	}
	if review.KindOf(err) != review.Conflict {
		return Result{}, err
	}
	// Is it this very decision that is in the way? Asked inside a write, so that
	// the answer comes after the first one has reached the disk.
	s, again := v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		if s.Version > version+2 || !sameDecision(s, actor, d) {
			return review.Change{}, err
		}
		return review.Change{}, nil
	})
	if again != nil {
		return Result{}, err
	}
	return result(s, true), nil
}

func result(s *review.Submission, repeated bool) Result {
	r := Result{Submission: s, Repeated: repeated}
	if s.Pending != nil {
		r.Until = s.Pending.EffectiveAt
	}
	return r
}

// sameDecision reports whether the last decision about s is d by the actor.
func sameDecision(s *review.Submission, actor review.Actor, d review.Decision) bool {
	if f := s.First; s.Pending == nil && f != nil && f.Against == actor.Staff {
		return f.Outcome != d.Outcome // the second verdict that called for an arbiter
	}
	for _, x := range []*review.Decision{s.Pending, s.First, s.Last} {
		if x == nil {
			continue
		}
		return x.By == actor.Staff && x.Outcome == d.Outcome && x.Note == strings.TrimSpace(d.Note) &&
			slices.EqualFunc(x.Items, d.Items, func(a, b review.Item) bool { return a.Target == b.Target && a.Reason == b.Reason })
	}
	return false
}

// tidy drops items that were sent twice.
func tidy(items []review.Item) (kept []review.Item) {
	for _, i := range items {
		if !slices.ContainsFunc(kept, func(k review.Item) bool { return k.Target == i.Target && k.Reason == i.Reason }) {
			kept = append(kept, i)
		}
	}
	return kept
}

// Undo takes the actor's own decision back while it has not taken effect; the
// actor holds the case again.
func (v *Service) Undo(ctx context.Context, actor review.Actor, id review.SubmissionID) (*review.Submission, error) {
	if !v.may(actor, review.ActDecide) && !v.may(actor, review.ActArbitrate) {
		return nil, v.Gate.Allow(actor, review.ActDecide)
	}
	now := v.Clock.Now()
	return v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) { return s.Undo(actor, now) })
}

const settleLimit = 100

// Settle lets decisions take effect whose hold is over, and returns how many.
// It is the tick of a background loop; every second is often enough.
func (v *Service) Settle(ctx context.Context) (int, error) {
	now := v.Clock.Now()
	ids, err := v.Store.DueForSettling(ctx, now, settleLimit)
	if err != nil {
		return 0, err
	}
	n := 0
	var failed error
	for _, id := range ids {
		_, err := v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) { return s.Settle(now) })
		switch {
		case err == nil:
			n++
		case review.KindOf(err) != review.Conflict: // taken back a moment ago: fine
			failed = errors.Join(failed, err) // one bad case must not keep the others waiting
		}
	}
	return n, failed
}

// Mark records the verdict on one field or document: verified, wrong, or open
// again.
func (v *Service) Mark(ctx context.Context, actor review.Actor, id review.SubmissionID, t review.Target, verdict string) (*review.Submission, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	now := v.Clock.Now()
	return v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		if !v.may(actor, deciding(s)) {
			return review.Change{}, review.ErrForbidden
		}
		switch verdict {
		case "verified":
			return s.MarkTarget(actor, t, true, now)
		case "wrong":
			return s.MarkTarget(actor, t, false, now)
		case "open":
			return s.Unmark(actor, t, now)
		}
		return review.Change{}, review.Faulty(review.FieldFault{Field: "verdict", Code: "unknown"})
	})
}

// AddNote adds a remark that colleagues see and applicants never do. Who is
// mentioned is told of it; whoever cannot be mentioned is left out.
func (v *Service) AddNote(ctx context.Context, actor review.Actor, id review.SubmissionID, text string, mentions ...review.StaffID) (*review.Submission, error) {
	if err := v.Gate.Allow(actor, review.ActNote); err != nil {
		return nil, err
	}
	people, err := v.Mentionable(ctx, actor)
	if err != nil {
		return nil, err
	}
	mentions = slices.DeleteFunc(slices.Clone(mentions), func(id review.StaffID) bool {
		return !slices.ContainsFunc(people, func(c Colleague) bool { return c.ID == id })
	})
	now := v.Clock.Now()
	return v.Store.Update(ctx, id, 0, func(s *review.Submission) (review.Change, error) {
		if s.Status == review.Draft || s.Status == review.Checking {
			return review.Change{}, review.ErrTransition
		}
		return s.AddNote(actor, v.IDs.NewID(), text, now, mentions...)
	})
}

// Decisions lists the actor's own decisions made before the given moment (zero:
// now), newest first.
func (v *Service) Decisions(ctx context.Context, actor review.Actor, before time.Time, limit int) ([]Made, error) {
	if !v.may(actor, review.ActDecide) && !v.may(actor, review.ActArbitrate) {
		return nil, v.Gate.Allow(actor, review.ActDecide)
	}
	if before.IsZero() {
		before = v.Clock.Now().Add(time.Second)
	}
	return v.Store.Decisions(ctx, actor.Staff, before, limit)
}

// Line is what the applicant will read about one item.
type Line struct {
	Item review.Item
	Text string
	// Missing is set instead of Text while the reviewer has not written the
	// details that the text needs.
	Missing review.Asked
}

// Preview returns the applicant's texts for the items as they would be sent if
// the decision were made now.
func (v *Service) Preview(ctx context.Context, actor review.Actor, id review.SubmissionID, o review.Outcome, items []review.Item, language string) ([]Line, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	s, err := v.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	now := v.Clock.Now()
	if !s.HeldBy(actor.Staff, now) {
		return nil, review.ErrNotClaimed
	}
	facts := s.Facts(o, now.Add(v.Hold))
	var lines []Line
	for _, i := range tidy(items) {
		r, ok := review.Reasons().Reason(i.Reason)
		if !ok || !slices.Contains(r.TargetsFor(o, s.Track), i.Target) {
			continue
		}
		asked := s.Asks(r)
		details, fault := asked.Normal(i.Details)
		line := Line{Item: i}
		if fault != "" {
			line.Missing = asked
		} else {
			i.Details = details
			if line.Text, err = i.Text(language, facts, v.Wording); err != nil {
				return nil, err
			}
		}
		lines = append(lines, line)
	}
	return lines, nil
}
