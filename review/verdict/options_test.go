package verdict_test

import (
	"testing"
	"time"

	"okno/review"
	"okno/review/appeal"
	"okno/review/queue"
	"okno/review/verdict"
)

// TestButtonsAgreeWithCommands presses every button in every situation as every
// person, whether it is offered or not: a button that is offered must work, one
// that is not must be refused with the code that the option gave.
func TestButtonsAgreeWithCommands(t *testing.T) {
	situations := map[string]func(t *testing.T, d *desk) *review.Submission{
		"queued": func(t *testing.T, d *desk) *review.Submission { return d.Queued(t) },
		"held":   func(t *testing.T, d *desk) *review.Submission { return d.Taken(t, anna) },
		"held with a hold": func(t *testing.T, d *desk) *review.Submission {
			return d.Taken(t, anna, review.Check{Code: "x", Verdict: review.Fail, Effect: review.Hold})
		},
		"lease over": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, anna)
			d.Clock.Add(review.LeaseTerm)
			return s
		},
		"decided": func(t *testing.T, d *desk) *review.Submission {
			return d.decide(t, anna, d.Taken(t, anna), approve).Submission
		},
		"hold over": func(t *testing.T, d *desk) *review.Submission {
			s := d.decide(t, anna, d.Taken(t, anna), approve).Submission
			d.Clock.Add(holdTime)
			return s
		},
		"second review": func(t *testing.T, d *desk) *review.Submission { return d.Decided(t, anna, forged) },
		"second review held": func(t *testing.T, d *desk) *review.Submission {
			s := d.Decided(t, anna, forged)
			return d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(boris, d.Clock.Now()) })
		},
		"escalated": func(t *testing.T, d *desk) *review.Submission { return d.Decided(t, anna, escalate) },
		"escalated held": func(t *testing.T, d *desk) *review.Submission {
			s := d.Decided(t, anna, escalate)
			return d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(senior, d.Clock.Now()) })
		},
		"disagreed": disagreed,
		"arbiter holds": func(t *testing.T, d *desk) *review.Submission {
			s := disagreed(t, d)
			return d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(supervisor, d.Clock.Now()) })
		},
		"corrections": func(t *testing.T, d *desk) *review.Submission { return d.Decided(t, anna, blurred) },
		"approved":    func(t *testing.T, d *desk) *review.Submission { return d.Decided(t, anna, approve) },
		"appealed": func(t *testing.T, d *desk) *review.Submission {
			s := d.Decided(t, anna, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "duplicate-account"}}})
			return d.Do(t, s.ID, func(x *review.Submission) (review.Change, error) {
				return x.MakeAppeal(review.Actor{Account: x.Account}, "нет", d.Clock.Now())
			})
		},
		"withdrawn": func(t *testing.T, d *desk) *review.Submission {
			s := d.Queued(t)
			return d.Do(t, s.ID, func(x *review.Submission) (review.Change, error) {
				return x.Withdraw(review.Actor{Account: s.Account}, d.Clock.Now())
			})
		},
		"rounds used up": func(t *testing.T, d *desk) *review.Submission {
			s := d.Taken(t, anna)
			for range review.MaxRounds {
				d.Do(t, s.ID, func(x *review.Submission) (review.Change, error) {
					c, err := x.Decide(anna, blurred, 0, d.Clock.Now())
					if err != nil {
						return c, err
					}
					e, err := x.Settle(d.Clock.Now())
					return c.Then(e), err
				})
				d.Do(t, s.ID, func(x *review.Submission) (review.Change, error) {
					return x.PutDocument(review.Actor{Account: x.Account}, d.Document(review.SlotPassport), d.Clock.Now())
				})
				d.Send(t, s.ID)
				s = d.Do(t, s.ID, func(x *review.Submission) (review.Change, error) { return x.Take(anna, d.Clock.Now()) })
			}
			return s
		},
	}
	both := review.Actor{Staff: "vera", Name: "Вера", Roles: []review.Role{review.RoleSeniorReviewer, review.RoleSupervisor}}
	people := map[string]review.Actor{"first": anna, "colleague": boris, "senior": senior, "supervisor": supervisor, "auditor": auditor, "both": both}
	noted := func(o review.Outcome, items ...review.Item) review.Decision {
		return review.Decision{Outcome: o, Note: "записка", Items: items}
	}
	for situation, make := range situations {
		t.Run(situation, func(t *testing.T) {
			d := open(t, holdTime)
			q := &queue.Service{Gate: d.verdict.Gate, Store: d.Store, Clock: d.Clock, IDs: d.IDs}
			works := map[verdict.Button]bool{}
			var s *review.Submission // made anew after a command that worked
			for name, by := range people {
				for _, button := range verdict.Buttons {
					if s == nil {
						s = make(t, d)
					}
					at := d.Clock.Now()
					before := *s
					option := d.verdict.Options(by, s, at)[button]
					if s.Status != before.Status || s.Version != before.Version || len(s.Marks) != len(before.Marks) || s.Pending != before.Pending {
						t.Fatalf("%s, %s: looking at the buttons changed the case", name, button)
					}
					_, err := press(t, d, q, by, s, button, noted)
					if option.Allowed != (err == nil) {
						t.Errorf("%s, %s: offered %v (%s), the command says %v", name, button, option.Allowed, option.Why, err)
					}
					if err != nil && option.Why == "" {
						t.Errorf("%s, %s: no reason why not", name, button)
					}
					works[button] = works[button] || option.Allowed
					if err == nil {
						s = nil
					}
				}
			}
			if situation == "held" && !(works[verdict.Approve] && works[verdict.Correct] && works[verdict.Reject] && works[verdict.Escalate] && works[verdict.ReleaseAny]) {
				t.Errorf("%v", works)
			}
		})
	}
}

func disagreed(t *testing.T, d *desk) *review.Submission {
	s := d.Decided(t, anna, forged)
	return d.Do(t, s.ID, func(s *review.Submission) (review.Change, error) {
		now := d.Clock.Now()
		c, err := s.Take(boris, now)
		if err != nil {
			return c, err
		}
		made, err := s.Decide(boris, approve, 0, now)
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(now)
		return c.Then(made).Then(effect), err
	})
}

func press(t *testing.T, d *desk, q *queue.Service, by review.Actor, s *review.Submission, b verdict.Button, noted func(review.Outcome, ...review.Item) review.Decision) (any, error) {
	ctx := t.Context()
	switch b {
	case verdict.Claim:
		return q.Claim(ctx, by, s.ID)
	case verdict.Release:
		return q.Release(ctx, by, s.ID, "")
	case verdict.ReleaseAny:
		return q.ReleaseAny(ctx, by, s.ID)
	case verdict.Mark:
		return d.verdict.Mark(ctx, by, s.ID, passport, "verified")
	case verdict.Note:
		return d.verdict.AddNote(ctx, by, s.ID, "записка")
	case verdict.Approve:
		return d.verdict.Decide(ctx, by, s.ID, s.Version, noted(review.Approve))
	case verdict.Correct:
		return d.verdict.Decide(ctx, by, s.ID, s.Version, noted(review.RequestCorrection, review.Item{Target: passport, Reason: "doc-blurry"}))
	case verdict.Reject:
		return d.verdict.Decide(ctx, by, s.ID, s.Version, noted(review.Reject, review.Item{Reason: "duplicate-account"}))
	case verdict.Escalate:
		return d.verdict.Decide(ctx, by, s.ID, s.Version, noted(review.Escalate))
	case verdict.Undo:
		return d.verdict.Undo(ctx, by, s.ID)
	case verdict.Park:
		return q.Park(ctx, by, s.ID, "жду", d.Clock.Now().Add(time.Hour))
	case verdict.Recuse:
		return q.Recuse(ctx, by, s.ID)
	case verdict.Answer:
		return (&appeal.Service{Gate: d.verdict.Gate, Store: d.Store, Clock: d.Clock}).Answer(ctx, by, s.ID, s.Version, review.AppealDismissed, "нет")
	case verdict.Join:
		return nil, d.verdict.Link(ctx, by, s.ID, d.Queued(t).Number.String())
	}
	t.Fatalf("no command for %s", b)
	return nil, nil
}
