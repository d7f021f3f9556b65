package verdict

import (
	"context"
	"maps"
	"slices"
	"strings"

	"okno/review"
)

// Timeline is what happened with a case, newest first.
type Timeline struct {
	ID      review.SubmissionID
	Number  review.CaseNumber
	Track   review.Track
	Status  review.Status
	Entries []Entry
	// Options are what the actor can do; Links are the cases that belong to this one.
	Options map[Button]Option
	Links   []Link
	Parked  *review.Parking
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
	// From is the display name of whose unfinished verdict was handed over, Mentions
	// those whom a remark names, Other the number of a linked case.
	From     string
	Mentions []string
	Other    review.CaseNumber
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
	t := &Timeline{ID: s.ID, Number: s.Number, Track: s.Track, Status: s.Status, Options: v.Options(actor, s, v.Clock.Now()), Parked: s.Parked}
	blind := s.Blind(actor)
	people := map[review.StaffID]bool{}
	for _, e := range events {
		entry := Entry{Event: e}
		if blind && e.Actor == string(s.First.By) && !e.At.Before(s.First.At) && e.Detail["outcome"] != "" {
			entry.Reasons, entry.Hidden = nil, true
			entry.Detail = maps.Clone(e.Detail)
			maps.DeleteFunc(entry.Detail, func(key, _ string) bool { return key == "outcome" || strings.HasPrefix(key, ground) })
		}
		if blind && e.Actor == string(s.First.By) && e.Type == review.EventMarked {
			entry.Hidden = true
			entry.Detail = maps.Clone(e.Detail)
			delete(entry.Detail, "verdict")
		}
		for key := range e.Detail {
			if id, ok := strings.CutPrefix(key, mentioned); ok {
				people[review.StaffID(id)] = true
			}
		}
		if from := e.Detail["from"]; from != "" {
			people[review.StaffID(from)] = true
		}
		if e.Role != review.RoleApplicant && e.Role != review.RoleAccountHolder && e.Actor != "" {
			people[review.StaffID(e.Actor)] = true
		}
		if holder := e.Detail["holder"]; holder != "" {
			people[review.StaffID(holder)] = true
		}
		t.Entries = append(t.Entries, entry)
	}
	if t.Links, err = v.Store.Links(ctx, id); err != nil {
		return nil, err
	}
	if err := v.number(ctx, t); err != nil {
		return nil, err
	}
	if err := v.name(ctx, t, people); err != nil {
		return nil, err
	}
	seen := v.sees(actor, s, v.Clock.Now())
	if v.Messages != nil {
		sent, err := v.Messages.ForSubmission(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range sent {
			if !seen {
				m.Lines = nil
			}
			t.Entries = append(t.Entries, Entry{Event: review.Event{At: m.At}, Message: &m})
		}
	}
	slices.SortStableFunc(t.Entries, func(a, b Entry) int { return a.At.Compare(b.At) })
	slices.Reverse(t.Entries)
	return t, nil
}

// Prefixes of details that name a ground of a second review and a colleague.
const (
	ground    = "ground."
	mentioned = "mention."
)

// Grounds lists why a second review was needed, as the event tells.
func (e Entry) Grounds() (list []review.Ground) {
	for key := range e.Detail {
		if g, ok := strings.CutPrefix(key, ground); ok {
			list = append(list, review.Ground(g))
		}
	}
	slices.Sort(list)
	return list
}

// number finds the numbers of linked cases.
func (v *Service) number(ctx context.Context, t *Timeline) error {
	var ids []review.SubmissionID
	for _, e := range t.Entries {
		if other := review.SubmissionID(e.Detail["other"]); other != "" && !slices.Contains(ids, other) {
			ids = append(ids, other)
		}
	}
	numbers, err := v.Store.Numbers(ctx, ids)
	for i := range t.Entries {
		t.Entries[i].Other = numbers[review.SubmissionID(t.Entries[i].Detail["other"])]
	}
	return err
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
		e.Name, e.Holder, e.From = names[review.StaffID(e.Actor)], names[review.StaffID(e.Detail["holder"])], names[review.StaffID(e.Detail["from"])]
		for key := range e.Detail {
			if id, ok := strings.CutPrefix(key, mentioned); ok && names[review.StaffID(id)] != "" {
				e.Mentions = append(e.Mentions, names[review.StaffID(id)])
			}
		}
		slices.Sort(e.Mentions)
	}
	return nil
}
