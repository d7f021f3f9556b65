package intake

import (
	"context"

	"okno/review"
)

// SaveSection stores a section, whole or not at all. Faults arrive as an Invalid
// error over the inputs. In a draft every input of the section is taken, one
// that was not sent counts as empty. In corrections only the marked inputs are
// taken; a form with any other is refused with review.ErrTransition.
// want is the version that the person saw, 0 takes any. A form that says with
// [SeenName] which answers it showed is refused with review.ErrStale when others
// were stored since.
func (s *Service) SaveSection(ctx context.Context, actor review.Actor, code string, want int64, typed Typed) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	own, err := s.own(ctx, actor)
	if err != nil {
		return nil, err
	}
	sec, ok := SectionByCode(own.Track, code)
	if !ok || code == Consents {
		return nil, review.ErrNotFound
	}
	return s.Submissions.Update(ctx, own.ID, want, func(sub *review.Submission) (review.Change, error) {
		if !sub.Status.Editable() {
			return review.Change{}, review.ErrTransition
		}
		if err := onlyOpen(sub, sec, typed); err != nil {
			return review.Change{}, err
		}
		answers, faults := judge(sec, sub.Track, s.today(), sub.Answers, typed, openIn(sub, sec))
		if len(faults) > 0 {
			return review.Change{}, review.Faulty(faults...)
		}
		if overtaken(sec, sub.Answers, answers, typed) {
			return review.Change{}, review.ErrStale
		}
		return sub.Save(actor, sec.Code, answers, s.Clock.Now())
	})
}

// onlyOpen refuses a form that holds a field which is not open: nobody's form
// has one unless it was made by hand, or is older than the correction request.
func onlyOpen(sub *review.Submission, sec Section, typed Typed) error {
	if sub.Status == review.Draft {
		return nil
	}
	any := false
	for _, other := range Sections(sub.Track) {
		for _, in := range other.Inputs {
			open := sub.Open(review.Target{Field: in.Field})
			if typed.Has(in.Field) && !open {
				return review.ErrTransition
			}
			any = any || open && other.Code == sec.Code
		}
	}
	if !any {
		return review.ErrTransition
	}
	return nil
}
