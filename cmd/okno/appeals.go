package main

import (
	"maps"
	"slices"
	"time"

	"okno/cmd/internal/specimen"
	"okno/review"
)

// answer lets a supervisor judge the appeal of a story. One that is upheld ends
// in an approval, one that is upheld in part in a request for corrections.
func (f *filler) answer(s *story, step specimen.Step) {
	f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) {
		if !sub.Appeal.Open() {
			return review.Change{}, nil
		}
		judge := f.judge(sub, step.Actor)
		outcome := review.AppealOutcome(s.Appeal.Outcome)
		answer := "Мы проверили документы ещё раз. Причина отказа остаётся: её можно устранить в новом заявлении."
		if outcome != review.AppealDismissed {
			answer = "Мы проверили документы ещё раз."
		}
		c, err := sub.AnswerAppeal(judge, outcome, answer, at)
		if err != nil || outcome == review.AppealDismissed {
			return c, err
		}
		d := review.Decision{Outcome: review.Approve, Note: "По возражению"}
		if outcome == review.AppealPartly {
			d = review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}}
		}
		made, err := sub.Decide(judge, d, 0, at)
		if err != nil {
			return c, err
		}
		effect, err := sub.Settle(at)
		return c.Then(made).Then(effect), err
	})
}

// judge is the named colleague, or another one when they had a part in the decision.
func (f *filler) judge(sub *review.Submission, key string) review.Actor {
	if by := f.staff[key]; !slices.Contains(sub.Appeal.Against, by.Staff) {
		return by
	}
	for _, key := range slices.Sorted(maps.Keys(f.staff)) {
		by := f.staff[key]
		if (by.Has(review.RoleSupervisor) || by.Has(review.RoleSeniorReviewer)) && !slices.Contains(sub.Appeal.Against, by.Staff) {
			return by
		}
	}
	return f.staff[key]
}
