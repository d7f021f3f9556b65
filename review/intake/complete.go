package intake

import (
	"okno/review"
	"okno/review/field"
)

// Gap is one thing that stands between a draft and its sending: an input with a
// fault, a slot without its document, or a consent that was not given.
type Gap struct {
	Section string
	Fault   review.FieldFault // of the section; zero for documents
	Slot    review.Slot       // of a required document that is missing
}

// Missing lists what is missing, in the order of the sections, documents last.
// A submission without gaps may be sent.
func Missing(s *review.Submission, today field.Date) (gaps []Gap) {
	for _, sec := range Sections(s.Track) {
		for _, f := range Faults(s, sec, today) {
			gaps = append(gaps, Gap{Section: sec.Code, Fault: f})
		}
	}
	for _, slot := range review.Slots(s.Track) {
		if _, ok := s.Document(slot); !ok && Required(s, slot, today) {
			gaps = append(gaps, Gap{Slot: slot})
		}
	}
	return gaps
}

// Faults applies the rules of a section to what is stored.
func Faults(s *review.Submission, sec Section, today field.Date) []review.FieldFault {
	if sec.Code == Consents {
		return ungiven(s.Consents)
	}
	_, faults := judge(sec, s.Track, today, s.Answers, Retype(sec, s.Answers), everything)
	return faults
}

// FaultsOf applies the rules of a section to what is typed, as [Service.SaveSection] does.
func FaultsOf(s *review.Submission, sec Section, typed Typed, today field.Date) []review.FieldFault {
	_, faults := judge(sec, s.Track, today, s.Answers, typed, openIn(s, sec))
	return faults
}

// openIn tells which inputs of a section may be answered now.
func openIn(s *review.Submission, sec Section) func(review.Field) bool {
	return func(f review.Field) bool { return sec.Has(f) && s.Open(review.Target{Field: f}) }
}

func everything(review.Field) bool { return true }

// State is how far a section or a document has come.
type State string

// The states.
const (
	ToDo     State = "todo"
	Started  State = "started" // something is stored, something is missing or wrong
	Done     State = "done"
	Optional State = "optional" // nothing is stored and nothing is needed
)

// SectionState tells how far a section has come.
func SectionState(s *review.Submission, sec Section, today field.Date) State {
	stored := sec.Code == Consents && len(s.Consents) > 0
	for _, in := range sec.Inputs {
		// A draft from abroad starts with the usual document: that is no answer yet.
		if _, ok := s.Answers[in.Field]; ok && !(in.Field == review.DocumentType && s.Track == review.FromAbroad) {
			stored = true
		}
	}
	faulty := len(Faults(s, sec, today)) > 0
	switch {
	case faulty && stored:
		return Started
	case faulty:
		return ToDo
	case stored:
		return Done
	}
	return Optional
}

// SlotState tells how far a document has come.
func SlotState(s *review.Submission, slot review.Slot, today field.Date) State {
	if _, ok := s.Document(slot); ok {
		return Done
	}
	if Required(s, slot, today) {
		return ToDo
	}
	return Optional
}
