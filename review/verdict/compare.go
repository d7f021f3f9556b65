package verdict

import (
	"slices"

	"okno/review"
	"okno/review/field"
)

// HasRead reports whether the lines of any document of the case were looked for, so
// that the workbench has something to show beside what was typed.
func HasRead(s *review.Submission) bool {
	return slices.ContainsFunc(s.Documents, func(d review.Document) bool {
		r, _ := d.Lines()
		return r != nil || slices.ContainsFunc(d.Pages, func(p review.Page) bool { return len(p.Report.Texts) > 0 })
	})
}

// beside finds what the document says about a field, and the reason that a difference
// proposes.
func beside(list []field.Comparison, f review.Field) (*field.Comparison, review.ReasonCode) {
	c, ok := field.Compared(list, f)
	if !ok {
		return nil, ""
	}
	if c.Agrees() {
		return &c, ""
	}
	return &c, Proposal(f)
}

// Proposal is the reason that fits a field which does not agree with the document.
func Proposal(f review.Field) review.ReasonCode {
	switch f {
	case review.Surname, review.GivenName, review.Patronymic, review.SurnameLatin, review.GivenNameLatin:
		return "name-mismatch"
	case review.BirthDate, review.BirthPlace:
		return "birth-data-mismatch"
	case review.Citizenship:
		return "citizenship-mismatch"
	case review.DocumentNumber, review.DocumentIssueDate, review.DocumentExpiryDate:
		return "doc-number-mismatch"
	case review.SNILS, review.INN, review.OMS:
		return "identifier-invalid"
	}
	return ""
}
