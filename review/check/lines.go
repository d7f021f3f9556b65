package check

import (
	"slices"
	"strconv"
	"strings"

	"okno/review"
	"okno/review/field"
)

// linesFrom is the day since which Russian internal passports print machine-readable
// lines.
var linesFrom = field.Date{Year: 2011, Month: 7, Day: 1}

// reading is what the lines of the identity document say; nil when nobody looked.
func (r *run) reading() *review.Reading {
	d, _ := r.s.Document(review.SlotPassport)
	r.saw("document", string(d.ID))
	reading, _ := d.Lines()
	return reading
}

// linesPresent holds when the identity document should have machine-readable lines
// and they were not read: somebody has to read the page.
func (r *run) linesPresent() {
	reading, target := r.reading(), slot(review.SlotPassport)
	issued, known := r.date(review.DocumentIssueDate)
	switch {
	case reading == nil:
		r.skip("not-read", target)
	case reading.Verdict == review.LinesRead:
		r.pass(target, map[string]string{"format": reading.Format})
	case r.value(review.DocumentType) == "rf-passport" && known && issued.Before(linesFrom):
		r.skip("before-lines", target)
	case reading.Verdict == review.LinesUnreadable:
		r.add(review.Hold, finding{verdict: review.Warn, reason: "unreadable", target: target})
	default:
		r.add(review.Hold, finding{verdict: review.Warn, reason: "none", target: target})
	}
}

// checkDigits holds when the lines contradict themselves: nobody approves that alone.
func (r *run) checkDigits() {
	reading, target := r.reading(), slot(review.SlotPassport)
	if reading == nil || reading.Verdict != review.LinesRead {
		r.skip("not-read", target)
		return
	}
	var wrong []string
	for _, d := range reading.Digits {
		if !d.OK {
			wrong = append(wrong, d.Field)
		}
	}
	r.saw("wrong", strings.Join(wrong, ","))
	switch {
	case len(wrong) > 0:
		r.add(review.Hold, finding{verdict: review.Fail, reason: "wrong", target: target, fourEyes: true, values: map[string]string{"fields": strings.Join(wrong, ",")}})
	case reading.Repaired > 0:
		r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "repaired", target: target, values: map[string]string{"n": strconv.Itoa(reading.Repaired)}})
	default:
		r.pass(target, nil)
	}
}

// compared looks at the comparisons of the fields; hints of a text reader are not
// among them. The worst comes first.
func (r *run) compared(fields ...review.Field) (list []field.Comparison) {
	rank := []field.Match{field.Different, field.Unreadable, field.Close, field.Equivalent, field.Exact}
	for _, c := range r.read {
		if !c.Hint && slices.Contains(fields, c.Field) {
			r.saw("typed:"+string(c.Field), c.Typed)
			r.saw("read:"+string(c.Field), c.Read)
			list = append(list, c)
		}
	}
	slices.SortStableFunc(list, func(a, b field.Comparison) int { return slices.Index(rank, a.Verdict) - slices.Index(rank, b.Verdict) })
	return list
}

func values(c field.Comparison) map[string]string {
	return map[string]string{"typed": c.Typed, "read": c.Read, "rule": c.Rule}
}

// compares returns the rule that holds when a typed value is not the one in the
// document.
func compares(fields ...review.Field) func(*run) {
	return func(r *run) {
		list := r.compared(fields...)
		if len(list) == 0 {
			r.skip("not-read", on(fields[0]))
			return
		}
		clean := true
		for _, c := range list {
			f := finding{target: on(c.Field), values: values(c), reason: c.Rule}
			switch c.Verdict {
			case field.Different:
				f.verdict = review.Fail
			case field.Close:
				f.verdict = review.Warn
			case field.Unreadable:
				if c.Rule == field.RuleUnreadable { // said once, by the check for the lines themselves
					continue
				}
				if c.Rule == field.RuleNotStated {
					continue
				}
				f.verdict = review.Warn
			default:
				continue
			}
			clean = false
			r.add(review.Hold, f)
		}
		if clean {
			r.pass(on(fields[0]), nil)
		}
	}
}

// names compares surname and given name. The verdict on the person is the worst of
// both; a small difference is a note with the two spellings, a great one is for two
// pairs of eyes.
func (r *run) names() { r.name(review.NoteOnly) }

// namesStrictly holds for small differences as well.
func (r *run) namesStrictly() { r.name(review.Hold) }

func (r *run) name(small review.Effect) {
	fields := []review.Field{review.SurnameLatin, review.GivenNameLatin}
	list := r.compared(fields...)
	if len(list) == 0 {
		fields = []review.Field{review.Surname, review.GivenName, review.Patronymic}
		list = r.compared(fields...)
	}
	if len(list) == 0 {
		r.skip("not-read", on(fields[0]))
		return
	}
	clean := true
	if fields[0] == review.SurnameLatin { // the Cyrillic spelling is the applicant's own: a great difference is a note
		for _, c := range r.compared(review.Surname, review.GivenName) {
			if c.Verdict == field.Different {
				clean = false
				r.add(review.NoteOnly, finding{verdict: review.Warn, reason: "cyrillic", target: on(c.Field), values: values(c)})
			}
		}
	}
	for _, c := range list {
		f := finding{target: on(c.Field), values: values(c), reason: c.Rule}
		effect := review.Hold
		switch c.Verdict {
		case field.Different:
			f.verdict, f.fourEyes = review.Fail, true
		case field.Close:
			f.verdict, effect = review.Warn, small
		case field.Unreadable:
			if c.Rule == field.RuleUnreadable {
				continue
			}
			f.verdict = review.Warn
		default:
			continue
		}
		clean = false
		r.add(effect, f)
	}
	if clean {
		r.pass(on(fields[0]), nil)
	}
}
