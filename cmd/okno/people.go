package main

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"slices"
	"strings"

	"okno/review"
	"okno/review/staff"
	"okno/review/verdict"
)

// names finds the display names of colleagues.
func (k *desk) names(ctx context.Context, ids []review.StaffID) (map[review.StaffID]string, error) {
	all, err := k.members.Members(ctx)
	if err != nil {
		return nil, err
	}
	names := make(map[review.StaffID]string, len(ids))
	for _, m := range all {
		names[m.ID] = m.Name
	}
	return names, nil
}

// writers are the colleagues who read and write remarks, by name.
func (k *desk) writers(ctx context.Context) (list []verdict.Colleague, err error) {
	all, err := k.members.Members(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		if m.Status == staff.Active && k.gate.Allow(review.Actor{Staff: m.ID, Roles: m.Roles}, review.ActNote) == nil {
			list = append(list, verdict.Colleague{ID: m.ID, Name: m.Name})
		}
	}
	slices.SortFunc(list, func(a, b verdict.Colleague) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// own reports whether an applicant's account belongs to the member of staff: the
// same e-mail address.
func (k *desk) own(ctx context.Context, actor review.Actor, id review.AccountID) (bool, error) {
	m, err := k.members.Member(ctx, actor.Staff)
	if review.KindOf(err) == review.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	a, err := k.accounts.Account(ctx, id)
	if review.KindOf(err) == review.NotFound {
		return false, nil
	}
	return err == nil && strings.EqualFold(m.Email, a.Email), err
}

// draw returns a random number in [0, 1) with 53 bits.
func draw() float64 {
	var b [8]byte
	rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53)
}

// messages lists what was sent about a submission, each with the words that its
// recipient read: they are made anew from what is sealed, in the language of then.
type messages struct{ k *desk }

func (m messages) ForSubmission(ctx context.Context, id review.SubmissionID) (list []verdict.Sent, err error) {
	all, err := m.k.outbox.ForSubmission(ctx, id)
	if err != nil {
		return nil, err
	}
	writer := m.k.words()
	for _, x := range all {
		at := x.SentAt
		if at.IsZero() {
			at = x.NextAt
		}
		_, body, err := writer.said(x.Notice)
		if err != nil {
			return nil, err
		}
		list = append(list, verdict.Sent{Kind: x.Kind, Channel: x.Channel, At: at, Status: string(x.Status), Lines: lines(body)})
	}
	return list, nil
}
