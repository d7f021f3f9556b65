package verdict

import (
	"context"
	"slices"
	"time"

	"okno/review"
)

// Mention is a remark that names somebody.
type Mention struct {
	review.Note
	Case   review.SubmissionID
	Number review.CaseNumber
	Track  review.Track
	Status review.Status
	Unseen bool
}

// Colleague is somebody who can be mentioned.
type Colleague struct {
	ID   review.StaffID
	Name string
}

// Mentions lists the remarks that name the actor, made before a moment (zero:
// now), newest first, and marks all of them as seen. Being named in a remark is
// leave to read it.
func (v *Service) Mentions(ctx context.Context, actor review.Actor, before time.Time, limit int) ([]Mention, error) {
	if err := v.Gate.Allow(actor, review.ActNote); err != nil {
		return nil, err
	}
	now := v.Clock.Now()
	if before.IsZero() {
		before = now.Add(time.Second)
	}
	list, err := v.Store.Mentions(ctx, actor.Staff, before, limit)
	if err != nil || !slices.ContainsFunc(list, func(m Mention) bool { return m.Unseen }) {
		return list, err
	}
	return list, v.Store.Seen(ctx, actor.Staff, now)
}

// Unseen counts the remarks that name the actor and were not seen yet; zero for
// people who write no remarks.
func (v *Service) Unseen(ctx context.Context, actor review.Actor) (int, error) {
	if !v.may(actor, review.ActNote) {
		return 0, nil
	}
	return v.Store.Unseen(ctx, actor.Staff)
}

// Mentionable lists the colleagues whom the actor may name in a remark, by name.
func (v *Service) Mentionable(ctx context.Context, actor review.Actor) ([]Colleague, error) {
	if v.Colleagues == nil || !v.may(actor, review.ActNote) {
		return nil, nil
	}
	all, err := v.Colleagues(ctx)
	return slices.DeleteFunc(all, func(c Colleague) bool { return c.ID == actor.Staff }), err
}
