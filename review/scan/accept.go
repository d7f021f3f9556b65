package scan

import (
	"context"
	"slices"
	"time"

	"okno/review"
)

// The limits of what one submission may send.
const (
	// HourlyFiles is how many files may be sent within an hour, refused ones included.
	HourlyFiles = 20
	// TotalBytes is how many bytes a submission may hold, replaced documents included.
	TotalBytes = 60 << 20
)

// The kinds of stored bytes.
const (
	kindOriginal = "original"
	kindPage     = "page"
	kindThumb    = "thumb"
)

// Submissions loads and changes submissions. Errors: review.ErrNotFound,
// review.ErrStale, and those of the closure.
type Submissions interface {
	Submission(ctx context.Context, id review.SubmissionID) (*review.Submission, error)
	Update(ctx context.Context, id review.SubmissionID, want int64, change func(*review.Submission) (review.Change, error)) (*review.Submission, error)
	// AllDocuments lists the replaced documents too, for comparison.
	AllDocuments(ctx context.Context, id review.SubmissionID) ([]review.Document, error)
	// Record appends events and returns after they have reached the disk.
	Record(ctx context.Context, events ...review.Event) error
}

// Rows knows the documents of all submissions.
type Rows interface {
	// Print is the keyed hash under which a file is recognised.
	Print(sum [32]byte) []byte
	// Seen reports whether the file stands in a submission other than the given one.
	Seen(ctx context.Context, print []byte, except review.SubmissionID) (bool, error)
	// Attempt notes an upload and returns how many there were since the given
	// moment, and the bytes that the submission holds.
	Attempt(ctx context.Context, id review.SubmissionID, since, now time.Time) (attempts int, bytes int64, err error)
}

// Bytes keeps sealed bytes under the key of their submission.
type Bytes interface {
	Put(ctx context.Context, id review.SubmissionID, kind, name string, plain []byte) error
	// Fetch reports review.ErrNotFound when there are none.
	Fetch(ctx context.Context, id review.SubmissionID, kind, name string) ([]byte, error)
	Remove(name string) error
	// Sweep removes bytes without a row that are older than the given moment.
	Sweep(ctx context.Context, olderThan time.Time) (int, error)
}

// Service takes in documents and shows their pages. All fields are needed.
type Service struct {
	Submissions Submissions
	Rows        Rows
	Bytes       Bytes
	Inspector   Inspector
	Gate        review.Gate
	Clock       review.Clock
	IDs         review.IDs

	views views
}

func refused(code string) error {
	return review.Faulty(review.FieldFault{Field: "file", Code: code})
}

// Accept inspects a file and makes it the current document of its slot. A file
// that is not acceptable is an Invalid error over the input "file" whose code is
// the [Reason], or heic for the pictures of telephones; nothing of it is kept.
// Codes beside the reasons: too-many-files (within the hour), too-much-data.
func (s *Service) Accept(ctx context.Context, actor review.Actor, id review.SubmissionID, slot review.Slot, name string, body []byte) (*review.Submission, review.Document, error) {
	none := review.Document{}
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, none, err
	}
	sub, err := s.Submissions.Submission(ctx, id)
	if err != nil {
		return nil, none, err
	}
	if err := mayUpload(actor, sub, slot); err != nil {
		return nil, none, err
	}
	now := s.Clock.Now()
	attempts, held, err := s.Rows.Attempt(ctx, id, now.Add(-time.Hour), now)
	switch {
	case err != nil:
		return nil, none, err
	case attempts >= HourlyFiles:
		return nil, none, refused("too-many-files")
	case held+int64(len(body)) > TotalBytes:
		return nil, none, refused("too-much-data")
	}
	report, err := s.Inspector.InspectAs(ctx, paperOf(sub, slot), name, body)
	if err != nil {
		return nil, none, err
	}
	if !report.Verdict.Stored() {
		return nil, none, refused(refusalCode(report))
	}
	doc, err := s.store(ctx, id, slot, name, body, report)
	if err != nil {
		return nil, none, err
	}
	sub, err = s.Submissions.Update(ctx, id, 0, func(sub *review.Submission) (review.Change, error) {
		return sub.PutDocument(actor, doc, s.Clock.Now())
	})
	if err != nil {
		s.discard(doc)
		return nil, none, err
	}
	doc, _ = sub.Document(slot)
	return sub, doc, nil
}

func mayUpload(actor review.Actor, sub *review.Submission, slot review.Slot) error {
	if actor.Account == "" || actor.Account != sub.Account || !slices.Contains(review.Slots(sub.Track), slot) {
		return review.ErrNotFound
	}
	if !sub.Open(review.Target{Slot: slot}) {
		return review.ErrTransition
	}
	return nil
}

// refusalCode is the code of the text that tells why a file was refused.
func refusalCode(r Report) string {
	if r.Reason == ReasonTypeMismatch && (r.Actual == "heic" || r.Actual == "avif") {
		return "heic"
	}
	return string(r.Reason)
}

// store puts the original and our pictures of its pages into sealed storage.
// Rows come after bytes: when this fails or the row is not written, the bytes
// are removed here or by the sweep.
func (s *Service) store(ctx context.Context, id review.SubmissionID, slot review.Slot, name string, body []byte, report Report) (review.Document, error) {
	doc := review.Document{
		ID: review.DocumentID(s.IDs.NewID()), Slot: slot, Name: name, Format: string(report.Format), Bytes: len(body),
		Verdict: string(report.Verdict), Notes: codes(report.Notes), Print: s.Rows.Print(report.SHA256),
	}
	var err error
	if doc.SeenBefore, err = s.Rows.Seen(ctx, doc.Print, id); err != nil {
		return doc, err
	}
	put := func(kind string, plain []byte) (name string) {
		name = s.IDs.NewID()
		if err == nil {
			err = s.Bytes.Put(ctx, id, kind, name, plain)
		}
		return name
	}
	doc.Original = put(kindOriginal, body)
	for _, p := range report.Pages {
		doc.Pages = append(doc.Pages, review.Page{Number: p.Number, Width: p.Width, Height: p.Height,
			Image: put(kindPage, p.JPEG), Thumb: put(kindThumb, p.Thumb), Report: kept(p, report.Notes)})
	}
	if err != nil {
		s.discard(doc)
	}
	return doc, err
}

// discard removes what store has put. What cannot be removed now is left to the sweep.
func (s *Service) discard(doc review.Document) {
	s.Bytes.Remove(doc.Original)
	for _, p := range doc.Pages {
		s.Bytes.Remove(p.Image)
		s.Bytes.Remove(p.Thumb)
	}
}

func codes(notes []Note) (list []string) {
	for _, n := range notes {
		if !slices.Contains(list, string(n.Code)) {
			list = append(list, string(n.Code))
		}
	}
	return list
}

// Remove empties a slot of the actor's draft.
func (s *Service) Remove(ctx context.Context, actor review.Actor, id review.SubmissionID, slot review.Slot, want int64) (*review.Submission, error) {
	if err := s.Gate.Allow(actor, review.ActIntake); err != nil {
		return nil, err
	}
	return s.Submissions.Update(ctx, id, want, func(sub *review.Submission) (review.Change, error) {
		return sub.RemoveDocument(actor, slot, s.Clock.Now())
	})
}

// sweepAge is how old bytes without a row must be: an upload in progress is younger.
const sweepAge = 24 * time.Hour

// Tick removes bytes that a crash left without a row, and returns how many files.
func (s *Service) Tick(ctx context.Context) (int, error) {
	return s.Bytes.Sweep(ctx, s.Clock.Now().Add(-sweepAge))
}
