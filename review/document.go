package review

import "time"

// Document is one uploaded file of a submission, already inspected, rendered
// to pages and sealed. A newer upload into the same slot replaces it; the old
// one stays for comparison.
type Document struct {
	ID         DocumentID
	Slot       Slot
	Round      int    // round in which it was uploaded; 1 = first submission
	Name       string // file name as given, for display only
	Format     string // jpeg or pdf
	Bytes      int
	Verdict    string   // accept, accept-strip or review
	Notes      []string // codes of what the inspection noticed (grayscale, low-resolution …)
	Print      []byte   // keyed hash of the file's SHA-256, to recognise a file seen before
	SeenBefore bool     // the same file stands in another submission
	Pages      []Page
	UploadedAt time.Time
	Original   string // blob name of the sealed original; evidence, never served inline
}

// Page is one page image that we encoded ourselves.
type Page struct {
	Number        int    // from 1
	Width, Height int    // pixels
	Image, Thumb  string // blob names
	Report        PageReport
}

// Document returns the current document of the slot.
func (s *Submission) Document(slot Slot) (Document, bool) {
	for _, d := range s.Documents {
		if d.Slot == slot {
			return d, true
		}
	}
	return Document{}, false
}

// PutDocument makes d the current document of its slot. In corrections only the
// marked slots are open.
func (s *Submission) PutDocument(by Actor, d Document, at time.Time) (Change, error) {
	if err := s.openFor(by, Target{Slot: d.Slot}); err != nil {
		return Change{}, err
	}
	d.Round = s.Round + 1
	if s.Status == Rejected { // beside an appeal
		d.Round = s.Round
	}
	d.UploadedAt = at
	c := Change{Added: []Document{d}}
	c.Retired = s.drop(d.Slot)
	s.Documents = append(s.Documents, d)
	s.done(Target{Slot: d.Slot})
	s.unmark(Target{Slot: d.Slot})
	s.ChangedAt = at
	c.Events = append(c.Events, s.event(by, EventDocumentUploaded, at).With("slot", string(d.Slot)).With("document", string(d.ID)))
	return c, nil
}

// RemoveDocument empties a slot of a draft. In corrections a document can only
// be replaced.
func (s *Submission) RemoveDocument(by Actor, slot Slot, at time.Time) (Change, error) {
	if err := s.openFor(by, Target{Slot: slot}); err != nil {
		return Change{}, err
	}
	if s.Status != Draft {
		return Change{}, ErrTransition
	}
	gone := s.drop(slot)
	if len(gone) == 0 {
		return Change{}, ErrNotFound
	}
	s.ChangedAt = at
	return Change{Retired: gone, Events: []Event{s.event(by, EventDocumentRemoved, at).With("slot", string(slot)).With("document", string(gone[0]))}}, nil
}

func (s *Submission) drop(slot Slot) (gone []DocumentID) {
	kept := s.Documents[:0:0]
	for _, d := range s.Documents {
		if d.Slot == slot {
			gone = append(gone, d.ID)
		} else {
			kept = append(kept, d)
		}
	}
	s.Documents = kept
	return gone
}
