package verdict

import (
	"context"
	"maps"
	"slices"

	"okno/review"
)

// Timeline is what happened with a case, newest first.
type Timeline struct {
	ID      review.SubmissionID
	Number  review.CaseNumber
	Track   review.Track
	Status  review.Status
	Entries []Entry
}

// Entry is one line of a timeline: an event, or a message that was sent.
type Entry struct {
	review.Event
	// Name is the display name of the member of staff, if one did it.
	Name string
	// Holder is the display name of whose claim ended.
	Holder string
	// Message is set for a message to the applicant.
	Message *Sent
	// Hidden says that outcome and reasons are kept from a second reviewer.
	Hidden bool
}

// Timeline returns the history of a case. It holds work data only and is open
// to everybody who may open cases.
func (v *Service) Timeline(ctx context.Context, actor review.Actor, id review.SubmissionID) (*Timeline, error) {
	if err := v.Gate.Allow(actor, review.ActCaseOpen); err != nil {
		return nil, err
	}
	s, err := v.Store.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if s.Round == 0 {
		return nil, review.ErrNotFound
	}
	events, err := v.History.ForSubmission(ctx, id)
	if err != nil {
		return nil, err
	}
	t := &Timeline{ID: s.ID, Number: s.Number, Track: s.Track, Status: s.Status}
	blind := v.blind(actor, s)
	people := map[review.StaffID]bool{}
	for _, e := range events {
		entry := Entry{Event: e}
		if blind && e.Actor == string(s.First.By) && !e.At.Before(s.First.At) && e.Detail["outcome"] != "" {
			entry.Reasons, entry.Hidden = nil, true
			entry.Detail = maps.Clone(e.Detail)
			delete(entry.Detail, "outcome")
		}
		if e.Role != review.RoleApplicant && e.Role != review.RoleAccountHolder && e.Actor != "" {
			people[review.StaffID(e.Actor)] = true
		}
		if holder := e.Detail["holder"]; holder != "" {
			people[review.StaffID(holder)] = true
		}
		t.Entries = append(t.Entries, entry)
	}
	if err := v.name(ctx, t, people); err != nil {
		return nil, err
	}
	if v.Messages != nil {
		sent, err := v.Messages.ForSubmission(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range sent {
			t.Entries = append(t.Entries, Entry{Event: review.Event{At: m.At}, Message: &m})
		}
	}
	slices.SortStableFunc(t.Entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	slices.Reverse(t.Entries)
	return t, nil
}

func (v *Service) name(ctx context.Context, t *Timeline, people map[review.StaffID]bool) error {
	if v.Names == nil || len(people) == 0 {
		return nil
	}
	names, err := v.Names(ctx, slices.Sorted(maps.Keys(people)))
	if err != nil {
		return err
	}
	for i := range t.Entries {
		e := &t.Entries[i]
		e.Name, e.Holder = names[review.StaffID(e.Actor)], names[review.StaffID(e.Detail["holder"])]
	}
	return nil
}
