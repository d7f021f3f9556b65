package activity

import (
	"context"
	"time"

	"okno/review"
)

// Figures reads the report of a checked query. now decides the age of what is open.
type Figures interface {
	Report(ctx context.Context, q Query, now time.Time) (Report, error)
}

// History writes down events that belong to no other change.
type History interface {
	Record(ctx context.Context, events ...review.Event) error
}

// Service answers supervisors.
type Service struct {
	Gate    review.Gate
	Figures Figures
	History History
	Clock   review.Clock
}

// Report returns the figures of a period.
func (s *Service) Report(ctx context.Context, by review.Actor, q Query) (Report, error) {
	if err := s.Gate.Allow(by, review.ActReport); err != nil {
		return Report{}, err
	}
	if err := q.Check(); err != nil {
		return Report{}, err
	}
	return s.Figures.Report(ctx, q, s.Clock.Now())
}

// Export returns the figures for a file. The history says so before anything
// leaves the desk.
func (s *Service) Export(ctx context.Context, by review.Actor, q Query) (Report, error) {
	if err := s.Gate.Allow(by, review.ActReportExport); err != nil {
		return Report{}, err
	}
	if err := q.Check(); err != nil {
		return Report{}, err
	}
	now := s.Clock.Now()
	r, err := s.Figures.Report(ctx, q, now)
	if err != nil {
		return Report{}, err
	}
	e := by.Event(review.EventReportExported, now).With("report", "activity").With("from", q.From).With("to", q.To)
	if q.Track != "" {
		e = e.With("track", string(q.Track))
	}
	return r, s.History.Record(ctx, e)
}
