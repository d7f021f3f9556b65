package verdict

import (
	"slices"

	"okno/review"
)

// proposedByNote are the reasons that the inspection of a file suggests.
var proposedByNote = map[string]review.ReasonCode{
	"blur": "doc-blurry", "glare": "doc-glare", "cut": "doc-cropped", "resolution": "doc-low-resolution", "grayscale": "doc-not-color",
	"no-portrait": "doc-wrong-page", "no-lines": "doc-wrong-page",
}

// propose ticks, for every target that is marked wrong, the one reason that fits
// best: what the inspection noticed about a document, else the first reason that
// needs neither an explanation nor a note. It is a proposal: the reviewer sees it
// ticked and may choose another.
func propose(s *review.Submission, groups []ReasonGroup) []review.Item {
	var items []review.Item
	for _, g := range groups {
		if !g.Wrong || len(items) >= review.MaxItems {
			continue
		}
		if d, ok := s.Document(g.Target.Slot); ok && g.Target.Slot != "" {
			if i := slices.IndexFunc(g.Reasons, func(r ReasonChoice) bool {
				return slices.ContainsFunc(d.Notes, func(n string) bool { return proposedByNote[n] == r.Code })
			}); i >= 0 {
				items = append(items, review.Item{Target: g.Target, Reason: g.Reasons[i].Code})
				continue
			}
		}
		i := slices.IndexFunc(g.Reasons, func(r ReasonChoice) bool { return r.Asks == review.AskNothing && !r.NoteRequired })
		items = append(items, review.Item{Target: g.Target, Reason: g.Reasons[max(i, 0)].Code})
	}
	return items
}
