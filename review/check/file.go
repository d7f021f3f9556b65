package check

import (
	"cmp"
	"slices"
	"strconv"

	"okno/review"
)

// leastSide is the long side, in pixels, below which nothing on a page can be read.
const leastSide = 600

// maxBytes is the size of the largest file.
const maxBytes = 5 * 1024 * 1024

// Reuse is a page of the submission whose file or picture stands in another one, too.
type Reuse struct {
	Slot     review.Slot
	Other    review.SubmissionID
	Number   review.CaseNumber
	Account  review.AccountID
	SameFile bool // byte for byte; otherwise the pictures look alike
	Distance int  // differing bits of 256 when they only look alike
}

// What is refused at the upload never comes here: the entries of the first five rules
// say that, and by what measure, the files of this submission were accepted.

func (r *run) fileType() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		if d.Format != "" && d.Format != "jpeg" && d.Format != "pdf" {
			return review.Block, finding{verdict: review.Fail, reason: "type"}
		}
		return review.Block, finding{}
	})
}

func (r *run) fileSize() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		if d.Bytes > maxBytes {
			return review.Block, finding{verdict: review.Fail, reason: "too-large"}
		}
		return review.Block, finding{}
	})
}

func (r *run) fileReadable() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		switch {
		case len(d.Pages) == 0:
			return review.Block, finding{verdict: review.Fail, reason: "no-pages"}
		case slices.Contains(d.Notes, "decode-warning"):
			return review.NoteOnly, finding{verdict: review.Warn, reason: "cut-off"}
		}
		return review.Block, finding{}
	})
}

// fileMalware tells whether a scanner has looked at the files. What it finds is
// refused at the upload.
func (r *run) fileMalware() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		if slices.Contains(d.Notes, "not-scanned") {
			return review.NoteOnly, finding{verdict: review.Skipped, reason: "not-scanned"}
		}
		return review.Block, finding{}
	})
}

func (r *run) activeContent() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		switch {
		case d.Format != "pdf":
		case slices.Contains(d.Notes, "form"):
			return review.NoteOnly, finding{verdict: review.Warn, reason: "form"}
		case slices.Contains(d.Notes, "link"):
			return review.NoteOnly, finding{verdict: review.Warn, reason: "link"}
		}
		return review.Block, finding{}
	})
}

func (r *run) resolution() {
	r.perDocument(func(d review.Document) (review.Effect, finding) {
		for _, p := range d.Pages {
			if long := max(p.Width, p.Height); long > 0 && long < leastSide {
				return review.Block, finding{verdict: review.Fail, reason: "too-small", values: map[string]string{"pixels": strconv.Itoa(long)}}
			}
		}
		if slices.Contains(d.Notes, "resolution") {
			return review.NoteOnly, finding{verdict: review.Warn, reason: "small"}
		}
		return review.NoteOnly, finding{}
	})
}

// picture returns the rule that passes on what the inspection noticed about a page:
// its notes and the reasons that they are.
func picture(reasons map[string]string) func(*run) {
	return func(r *run) {
		r.perDocument(func(d review.Document) (review.Effect, finding) {
			for _, note := range d.Notes {
				if reason, ok := reasons[note]; ok {
					return review.NoteOnly, finding{verdict: review.Warn, reason: reason}
				}
			}
			return review.NoteOnly, finding{}
		})
	}
}

// portrait notes a passport on which no face was seen. Nothing says whose face.
func (r *run) portrait() {
	d, ok := r.s.Document(review.SlotPassport)
	target := slot(review.SlotPassport)
	r.saw("document", string(d.ID))
	looked, found := false, false
	for _, p := range d.Pages {
		if p.Report.Portrait != nil {
			looked = true
			found = found || p.Report.Portrait.Found
		}
	}
	switch {
	case !ok:
		r.skip("no-documents", target)
	case !looked:
		r.skip("not-looked", target)
	case found:
		r.pass(target, nil)
	default:
		r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "none", target: target})
	}
}

// fileReused holds when a file of this submission stands in that of another account.
func (r *run) fileReused() {
	r.reused(true, func(u Reuse) finding {
		return finding{verdict: review.Warn, reason: "seen-before", values: map[string]string{"case": u.Number.String(), "twin": string(u.Other)}}
	})
}

// sameBits is the distance up to which a picture that was saved again usually stays;
// beyond it, two blanks of one kind may be as near, so it is a note.
const sameBits = 20

// imageReused holds when a page looks like one of another account: the same picture,
// saved again.
func (r *run) imageReused() {
	r.reused(false, func(u Reuse) finding {
		return finding{verdict: review.Warn, reason: "alike", values: map[string]string{"case": u.Number.String(), "twin": string(u.Other), "bits": strconv.Itoa(u.Distance)}}
	})
}

func (r *run) reused(same bool, say func(Reuse) finding) {
	found := false
	for _, d := range r.s.Documents {
		r.saw("document:"+string(d.Slot), string(d.ID))
		var uses []Reuse
		for _, u := range r.facts.Reused {
			if u.SameFile == same && u.Slot == d.Slot && u.Account != r.s.Account && !r.settled(u.Other) {
				uses = append(uses, u)
			}
		}
		slices.SortStableFunc(uses, func(a, b Reuse) int { return cmp.Or(a.Distance-b.Distance, cmp.Compare(a.Number, b.Number)) })
		for _, u := range uses[:min(len(uses), mostNamed)] {
			found = true
			f, effect := say(u), review.Hold
			if f.target = slot(d.Slot); !same && u.Distance > sameBits {
				effect = review.NoteOnly
			}
			r.add(effect, f)
		}
	}
	switch {
	case len(r.s.Documents) == 0:
		r.skip("no-documents", review.Target{})
	case !found:
		r.pass(review.Target{}, nil)
	}
}

// mostNamed is how many other cases one finding names.
const mostNamed = 2

// perDocument writes one entry per document on which something was found, or
// one for all when everything is in order.
func (r *run) perDocument(look func(review.Document) (review.Effect, finding)) {
	clean, effect := true, review.NoteOnly
	for _, d := range r.s.Documents {
		r.saw("document:"+string(d.Slot), string(d.ID))
		e, f := look(d)
		if effect = e; f.verdict == "" {
			continue
		}
		clean = false
		f.target = slot(d.Slot)
		r.add(e, f)
	}
	switch {
	case len(r.s.Documents) == 0:
		r.skip("no-documents", review.Target{})
	case clean:
		r.add(effect, finding{verdict: review.Pass})
	}
}
