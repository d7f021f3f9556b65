package scan

import (
	"context"
	"strconv"

	"okno/review"
	"okno/review/scan/watermark"
)

// PairPage returns the picture of a page (JPEG) of another submission to the member of
// staff who holds a case whose checks name that one, with the case, the role and the
// time written into it. The history of the other submission says so, on the disk,
// before the first byte is handed out.
func (s *Service) PairPage(ctx context.Context, actor review.Actor, id, other review.SubmissionID, document review.DocumentID, page int, size Size) ([]byte, error) {
	for _, action := range []review.Action{review.ActScanView, review.ActDuplicates} {
		if err := s.Gate.Allow(actor, action); err != nil {
			return nil, err
		}
	}
	mine, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	if !mine.HeldBy(actor.Staff, now) {
		return nil, review.ErrNotClaimed
	}
	if !mine.Names(other) {
		return nil, review.ErrNotFound
	}
	sub, err := s.Submissions.Submission(ctx, other)
	if err != nil {
		return nil, err
	}
	picture, err := s.fetch(ctx, other, sub.Documents, document, page, size)
	if err != nil {
		return nil, err
	}
	view := view{actor.Staff, document, page}
	if size == Full || !s.views.recent(view, now) {
		e := actor.Event(review.EventScanViewed, now).With("document", string(document)).With("page", strconv.Itoa(page)).
			With("slot", string(slotOf(sub.Documents, document))).With("beside", string(id))
		e.Submission, e.Account, e.Before, e.After, e.Version, e.Round = sub.ID, sub.Account, sub.Status, sub.Status, sub.Version, sub.Round
		if err := s.Submissions.Record(ctx, e); err != nil {
			return nil, err
		}
		s.views.note(view, now)
	}
	if size == Thumb {
		return picture, nil
	}
	return watermark.Draw(picture, line(sub.Number, actor.FirstRole(), now))
}
