package scan

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"okno/review"
	"okno/review/scan/watermark"
)

// Size is which picture of a page is wanted.
type Size string

// The sizes.
const (
	Full  Size = "page"
	Thumb Size = "thumb"
)

// OwnPage returns the picture of a page (JPEG) of the actor's own document.
func (s *Service) OwnPage(ctx context.Context, actor review.Actor, id review.SubmissionID, document review.DocumentID, page int, size Size) ([]byte, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	sub, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Account == "" || sub.Account != actor.Account {
		return nil, review.ErrNotFound
	}
	return s.fetch(ctx, sub.ID, sub.Documents, document, page, size)
}

// StaffPage returns the picture of a page (JPEG) to the member of staff who holds
// the submission, who gave a decision on it or who may answer the appeal that
// waits, with the case, the role and the
// time written into it. That the page was looked at is in the history, on the
// disk, before the first byte is handed out: every page as often as it is asked
// for, a thumbnail once in the time of a lease.
func (s *Service) StaffPage(ctx context.Context, actor review.Actor, id review.SubmissionID, document review.DocumentID, page int, size Size) ([]byte, error) {
	if err := s.Gate.Allow(actor, review.ActScanView); err != nil {
		return nil, err
	}
	sub, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	now := s.Clock.Now()
	judges := s.Gate.Allow(actor, review.ActAppeal) == nil && sub.MayAnswerAppeal(actor) == nil
	if !judges && !mayView(actor, sub, now) {
		return nil, review.ErrNotClaimed
	}
	docs, err := s.Submissions.AllDocuments(ctx, id)
	if err != nil {
		return nil, err
	}
	picture, err := s.fetch(ctx, id, docs, document, page, size)
	if err != nil {
		return nil, err
	}
	view := view{actor.Staff, document, page}
	if size == Full || !s.views.recent(view, now) {
		e := actor.Event(review.EventScanViewed, now).With("document", string(document)).With("page", strconv.Itoa(page)).With("slot", string(slotOf(docs, document)))
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

// line is what stands in a picture that a member of staff looks at.
func line(n review.CaseNumber, role review.Role, at time.Time) string {
	return n.String() + "  " + strings.ToUpper(string(role)) + "  " + at.UTC().Format("2006-01-02 15:04") + " UTC"
}

func slotOf(docs []review.Document, document review.DocumentID) review.Slot {
	for _, d := range docs {
		if d.ID == document {
			return d.Slot
		}
	}
	return ""
}

// OwnCrop returns the picture of the place that the reviewer drew for the n-th
// correction, counted from 0, of the actor's own submission. Once the corrections
// are sent there is nothing to show.
func (s *Service) OwnCrop(ctx context.Context, actor review.Actor, id review.SubmissionID, n int) ([]byte, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	sub, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	if actor.Account == "" || sub.Account != actor.Account || sub.Status != review.CorrectionRequested || n < 0 || n >= len(sub.Corrections) {
		return nil, review.ErrNotFound
	}
	box := sub.Corrections[n].Box
	if box.IsZero() {
		return nil, review.ErrNotFound
	}
	docs, err := s.Submissions.AllDocuments(ctx, id) // the one the reviewer saw may be replaced by now
	if err != nil {
		return nil, err
	}
	page, err := s.fetch(ctx, id, docs, box.Document, box.Page, Full)
	if err != nil {
		return nil, err
	}
	return watermark.Crop(page, review.Area{X: box.X, Y: box.Y, W: box.W, H: box.H}, box.Turn)
}

// OwnPlace returns the picture of a place on the current document of a slot of the
// actor's own submission, upright as its lines say.
func (s *Service) OwnPlace(ctx context.Context, actor review.Actor, id review.SubmissionID, slot review.Slot, page int, at review.Area) ([]byte, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	sub, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, err
	}
	d, ok := sub.Document(slot)
	if !ok || actor.Account == "" || sub.Account != actor.Account || at.Empty() {
		return nil, review.ErrNotFound
	}
	picture, err := s.fetch(ctx, id, sub.Documents, d.ID, page, Full)
	if err != nil {
		return nil, err
	}
	turn := 0
	for _, p := range d.Pages {
		if p.Number == page && p.Report.Reading != nil {
			turn = p.Report.Reading.Turn
		}
	}
	return watermark.Crop(picture, at, turn)
}

// mayView: who holds the submission sees its papers, and so does who decided on it.
func mayView(actor review.Actor, sub *review.Submission, now time.Time) bool {
	if actor.Staff == "" {
		return false
	}
	if sub.HeldBy(actor.Staff, now) {
		return true
	}
	for _, d := range []*review.Decision{sub.Pending, sub.First, sub.Last} {
		if d != nil && (d.By == actor.Staff || d.Against == actor.Staff) {
			return true
		}
	}
	return false
}

func (s *Service) fetch(ctx context.Context, id review.SubmissionID, docs []review.Document, document review.DocumentID, page int, size Size) ([]byte, error) {
	for _, d := range docs {
		if d.ID != document {
			continue
		}
		for _, p := range d.Pages {
			switch {
			case p.Number != page:
			case size == Full:
				return s.Bytes.Fetch(ctx, id, kindPage, p.Image)
			case size == Thumb:
				return s.Bytes.Fetch(ctx, id, kindThumb, p.Thumb)
			}
		}
	}
	return nil, review.ErrNotFound
}

// view is one person's look at one page.
type view struct {
	staff    review.StaffID
	document review.DocumentID
	page     int
}

// views remembers which looks are in the history already, so that a thumbnail
// and its page, or a page shown again, are one entry.
type views struct {
	mu   sync.Mutex
	seen map[view]time.Time
}

func (v *views) recent(w view, now time.Time) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	at, ok := v.seen[w]
	return ok && now.Before(at.Add(review.LeaseTerm))
}

func (v *views) note(w view, now time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.seen == nil {
		v.seen = map[view]time.Time{}
	}
	if len(v.seen) >= 4096 {
		for old, at := range v.seen {
			if !now.Before(at.Add(review.LeaseTerm)) {
				delete(v.seen, old)
			}
		}
	}
	v.seen[w] = now
}
