package queue

import (
	"context"
	"strings"
	"time"

	"okno/review"
)

// Saved is a view of the queue that somebody has named. Query holds tab and
// filters as they stand in the address: codes, nothing personal.
type Saved struct {
	Name  string
	Query string
}

// MaxSaved and MaxViewName bound the saved views of one person.
const (
	MaxSaved    = 12
	MaxViewName = 40
)

// ErrTooManyViews says that the person has as many saved views as there may be.
var ErrTooManyViews = review.Faulty(review.FieldFault{Field: "name", Code: "too-many"})

// Views keeps each person's saved views.
type Views interface {
	SavedViews(ctx context.Context, staff review.StaffID) ([]Saved, error)
	// SaveView returns ErrTooManyViews when limit other names are taken.
	SaveView(ctx context.Context, staff review.StaffID, v Saved, limit int, at time.Time) error
	DropView(ctx context.Context, staff review.StaffID, name string) error
}

// SavedViews lists the actor's own views, by name.
func (s *Service) SavedViews(ctx context.Context, actor review.Actor) ([]Saved, error) {
	if err := s.Gate.Allow(actor, review.ActQueueList); err != nil {
		return nil, err
	}
	return s.Store.SavedViews(ctx, actor.Staff)
}

// SaveView names the present view for the actor; an older one of that name is
// replaced.
func (s *Service) SaveView(ctx context.Context, actor review.Actor, v Saved) error {
	if err := s.Gate.Allow(actor, review.ActQueueList); err != nil {
		return err
	}
	v.Name = strings.Join(strings.Fields(v.Name), " ")
	switch {
	case v.Name == "":
		return review.Faulty(review.FieldFault{Field: "name", Code: "empty"})
	case len([]rune(v.Name)) > MaxViewName:
		return review.Faulty(review.FieldFault{Field: "name", Code: "length"})
	}
	return s.Store.SaveView(ctx, actor.Staff, v, MaxSaved, s.Clock.Now())
}

// DropView forgets one of the actor's views.
func (s *Service) DropView(ctx context.Context, actor review.Actor, name string) error {
	if err := s.Gate.Allow(actor, review.ActQueueList); err != nil {
		return err
	}
	return s.Store.DropView(ctx, actor.Staff, name)
}
