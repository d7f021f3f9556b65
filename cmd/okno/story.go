package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"okno/cmd/internal/specimen"
	"okno/review"
	"okno/review/intake"
)

// plan turns the steps of a story into tasks. A decision takes effect after the
// usual hold; what was decided a moment ago is still pending when the desk opens.
func (f *filler) plan(s *story) {
	for i, step := range s.Steps {
		switch step.Kind {
		case specimen.Submitted:
			f.account(s, step.At.Add(-30*time.Minute))
			f.save(s, step.At.Add(-25*time.Minute), step.Answers)
			f.papersUntil(s, step.At.Add(-10*time.Minute), step.Scans)
			f.consent(s, step.At.Add(-2*time.Minute))
			f.send(s, step.At)
		case specimen.Resubmitted:
			f.correct(s, step)
			f.send(s, step.At)
		case specimen.Claimed, specimen.SecondClaimed:
			f.claim(s, f.staff[step.Actor], step.At)
			f.alarm(s, f.staff[step.Actor], step.At.Add(2*time.Minute))
			f.keep(s, f.staff[step.Actor], step.At, s.until(i, f.now))
		case specimen.Released:
			f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) {
				return sub.Release(f.holder(sub, f.staff[step.Actor]), false, at)
			})
		case specimen.CorrectionRequested:
			s.asked = step.At
			f.decide(s, step, review.RequestCorrection)
		case specimen.Escalated:
			f.decide(s, step, review.Escalate)
		case specimen.Approve:
			f.decide(s, step, review.Approve)
		case specimen.Reject:
			f.decide(s, step, review.Reject)
		case specimen.Withdrawn:
			f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) { return sub.Withdraw(s.actor, at) })
		case specimen.Appealed:
			f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) {
				if sub.Status != review.Rejected { // the refusal has not taken effect yet
					return review.Change{}, nil
				}
				return sub.MakeAppeal(s.actor, s.Appeal.Text, at)
			})
		case specimen.AppealDecided:
			f.answer(s, step)
		case specimen.Expired:
			f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) {
				return sub.Expire(review.System(), later(at, sub.CorrectionDue.Add(time.Second)))
			})
		}
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// until is when the claim of step i ends: at the next step, or still running.
func (s *story) until(i int, now time.Time) time.Time {
	if i+1 < len(s.Steps) {
		return s.Steps[i+1].At
	}
	return now
}

// send sends the submission, which is checked two seconds later.
func (f *filler) send(s *story, at time.Time) {
	f.change(s, at, func(sub *review.Submission, at time.Time) (review.Change, error) { return sub.Send(s.actor, at) })
	f.check(f.ctx, s, at.Add(2*time.Second))
}

func (f *filler) claim(s *story, by review.Actor, at time.Time) {
	f.change(s, at, func(sub *review.Submission, at time.Time) (review.Change, error) { return f.take(sub, by, at) })
	f.change(s, at.Add(time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
		e := f.holder(sub, by).Event(review.EventCaseOpened, at)
		e.Submission, e.Account = sub.ID, sub.Account
		return review.Change{Events: []review.Event{e}}, nil
	})
	for _, doc := range s.papers[:s.sent] {
		f.change(s, at.Add(5*time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
			e := f.holder(sub, by).Event(review.EventScanViewed, at)
			e.Submission, e.Account = sub.ID, sub.Account
			return review.Change{Events: []review.Event{e.With("document", string(doc.ID)).With("page", "1")}}, nil
		})
	}
}

// take claims for the colleague of the story, or for the supervisor where the
// rules leave the decision to nobody else.
func (f *filler) take(sub *review.Submission, by review.Actor, at time.Time) (review.Change, error) {
	if r := sub.Reserved; r != nil && r.Staff != by.Staff && at.Before(r.Until) {
		for _, colleague := range f.staff { // who asked for the corrections looks first
			if colleague.Staff == r.Staff {
				by = colleague
			}
		}
	}
	c, err := sub.Take(by, at)
	if errors.Is(err, &review.Error{Kind: review.Forbidden}) {
		return sub.Take(f.staff["supervisor-1"], at)
	}
	return c, err
}

// holder is who holds the case, by when nobody does.
func (f *filler) holder(sub *review.Submission, by review.Actor) review.Actor {
	for _, colleague := range f.staff {
		if sub.Claim != nil && sub.Claim.Staff == colleague.Staff {
			return colleague
		}
	}
	return by
}

// keep renews the lease as somebody at work does.
func (f *filler) keep(s *story, by review.Actor, from, to time.Time) {
	for at := from.Add(10 * time.Minute); at.Before(to); at = at.Add(10 * time.Minute) {
		f.change(s, at, func(sub *review.Submission, at time.Time) (review.Change, error) {
			return sub.Renew(f.holder(sub, by), at)
		})
	}
}

// decide makes a decision and lets it take effect when its hold is over.
func (f *filler) decide(s *story, step specimen.Step, outcome review.Outcome) {
	by := f.staff[step.Actor]
	f.change(s, step.At, func(sub *review.Submission, at time.Time) (review.Change, error) {
		outcome := outcome
		if sub.Status == review.InReview && sub.Requests >= review.MaxRounds {
			outcome = review.Escalate // after three rounds a supervisor decides
		}
		d := review.Decision{Outcome: outcome, Note: step.Note}
		if outcome != review.Approve && outcome != review.Escalate {
			d.Items = items(sub, outcome, step.Reasons)
		}
		if d.Note == "" {
			d.Note = f.remark(sub, d)
		}
		return sub.Decide(f.holder(sub, by), d, holdTerm, at)
	})
	if effective := step.At.Add(holdTerm); !effective.After(f.now) {
		f.settle(s, effective)
		if outcome == review.Approve || outcome == review.Reject {
			f.second(s, by, step, outcome, effective.Add(2*time.Minute))
		}
	}
}

const holdTerm = 30 * time.Second

func (f *filler) settle(s *story, at time.Time) {
	f.change(s, at, func(sub *review.Submission, at time.Time) (review.Change, error) {
		if sub.Pending == nil {
			return review.Change{}, nil
		}
		return sub.Settle(at)
	})
}

// second lets a senior confirm what may not be decided alone, where the story
// did not bring a second reviewer itself.
func (f *filler) second(s *story, first review.Actor, step specimen.Step, outcome review.Outcome, at time.Time) {
	by := f.staff["senior-1"]
	if by.Staff == first.Staff {
		by = f.staff["senior-2"]
	}
	needed := func(do func(sub *review.Submission, at time.Time) (review.Change, error)) func(sub *review.Submission, at time.Time) (review.Change, error) {
		return func(sub *review.Submission, at time.Time) (review.Change, error) {
			if sub.Status != review.SecondReview {
				return review.Change{}, nil
			}
			return do(sub, at)
		}
	}
	f.change(s, at, needed(func(sub *review.Submission, at time.Time) (review.Change, error) { return f.take(sub, by, at) }))
	f.change(s, at.Add(3*time.Minute), needed(func(sub *review.Submission, at time.Time) (review.Change, error) {
		d := review.Decision{Outcome: outcome}
		if outcome == review.Reject {
			d.Items = items(sub, outcome, step.Reasons)
		}
		d.Note = f.remark(sub, d)
		return sub.Decide(f.holder(sub, by), d, holdTerm, at)
	}))
	f.settle(s, at.Add(3*time.Minute+holdTerm))
}

// remark is the internal note that the rules ask for.
func (f *filler) remark(sub *review.Submission, d review.Decision) string {
	needed := d.Outcome == review.Escalate || d.Outcome == review.Approve && len(sub.Holds()) > 0
	for _, i := range d.Items {
		r, _ := review.Reasons().Reason(i.Reason)
		needed = needed || r.NoteRequired
	}
	if !needed {
		return ""
	}
	return "Сверено с документами, расхождения объяснимы."
}

// items turns the story's reasons into what the rules accept: a target that the
// reason may have, and the details that its text asks for.
func items(sub *review.Submission, outcome review.Outcome, reasons []specimen.Reason) (list []review.Item) {
	for _, x := range reasons {
		r, ok := review.Reasons().Reason(review.ReasonCode(x.Code))
		if !ok {
			continue
		}
		item := review.Item{Reason: r.Code, Target: targetOf(r, outcome, sub.Track, x.Target)}
		switch sub.Asks(r) {
		case review.AskText:
			item.Details = "сведения в документах различаются"
		case review.AskNumber:
			item.Details = string(sub.Number)
		case review.AskDate:
			item.Details = sub.SubmittedAt.AddDate(0, 0, -40).Format(time.DateOnly)
		}
		list = append(list, item)
	}
	return list
}

// targetOf reads the story's target, or takes the first that the reason allows.
func targetOf(r review.Reason, outcome review.Outcome, track review.Track, name string) review.Target {
	allowed := r.TargetsFor(outcome, track)
	for _, t := range []review.Target{{Slot: review.Slot(name)}, {Field: review.Field(name)}} {
		if slices.Contains(allowed, t) {
			return t
		}
	}
	if len(allowed) > 0 {
		return allowed[0]
	}
	return review.Target{}
}

// correct answers what was asked: the fields with the story's new values, the
// papers with new ones, contacts as confirmed anew.
func (f *filler) correct(s *story, step specimen.Step) {
	f.papersUntil(s, later(step.At.Add(-9*time.Minute), s.asked.Add(holdTerm+5*time.Second)), step.Scans)
	f.change(s, step.At.Add(-3*time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
		given := review.Answers{}
		for _, i := range sub.Corrections {
			if field := i.Target.Field; field != "" && field != review.Phone && field != review.Email {
				v := step.Answers[string(field)]
				given[field] = review.Answer{Typed: v, Value: v}
			}
		}
		if len(given) == 0 {
			return review.Change{}, nil
		}
		for _, section := range intake.Sections(sub.Track) {
			given = checked(sub, section, given, at)
		}
		return sub.Save(s.actor, "corrections", given, at)
	})
	for _, field := range []review.Field{review.Phone, review.Email} {
		f.change(s, step.At.Add(-2*time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
			if !sub.Open(review.Target{Field: field}) {
				return review.Change{}, nil
			}
			return sub.ContactChanged(s.actor, field, at)
		})
	}
	f.change(s, step.At.Add(-time.Second), func(sub *review.Submission, at time.Time) (review.Change, error) {
		if sub.OpenItems() > 0 {
			return review.Change{}, fmt.Errorf("%d corrections of case %d are unanswered: %v", sub.OpenItems(), s.Number, sub.Corrections)
		}
		return review.Change{}, nil
	})
}
