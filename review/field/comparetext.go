package field

import (
	"strings"

	"okno/review"
)

// leastText is the confidence below which what a text reader saw is not worth a look.
const leastText = 0.6

// hints compares what a text reader saw on a document with the fields that nothing
// better has been compared with. It reads worse than people do: what agrees is
// reassuring, what differs is worth a look and no more.
func hints(a review.Answers, d review.Document, known []Comparison) (list []Comparison) {
	for _, p := range d.Pages {
		for _, t := range texts(p.Report.Texts) {
			f, key := hinted(d.Slot, a, t.Code)
			if f == "" || a.Value(f) == "" || t.Confidence < leastText {
				continue
			}
			if _, done := Compared(known, f); done {
				continue
			}
			if _, done := Compared(list, f); done {
				continue
			}
			c := placed(Comparison{Field: f, Typed: a.Value(f), Read: t.Value, Verdict: Exact, Rule: RuleTextSame, Hint: true, Page: p.Number, Box: t.Box}, d)
			if key(c.Typed) != key(c.Read) {
				c.Verdict, c.Rule = Close, RuleTextDiffers
			}
			list = append(list, c)
		}
	}
	return list
}

// texts adds, to the values that were seen, series and number as one value: people
// type them so.
func texts(seen []review.ReadField) []review.ReadField {
	find := func(code string) (review.ReadField, bool) {
		for _, t := range seen {
			if t.Code == code {
				return t, true
			}
		}
		return review.ReadField{}, false
	}
	series, ok := find("series")
	number, found := find("number")
	if !ok || !found {
		return seen
	}
	whole := review.ReadField{Code: "series-number", Value: series.Value + " " + number.Value,
		Confidence: min(series.Confidence, number.Confidence), Box: around(series.Box, number.Box)}
	return append([]review.ReadField{whole}, seen...)
}

// hinted says which answer a suggestion is about, and how the two are made comparable.
func hinted(slot review.Slot, a review.Answers, code string) (review.Field, func(string) string) {
	plain := func(s string) string { return PassportKey(s) }
	letters := func(s string) string { return strings.ToUpper(Fold(s)) }
	switch slot {
	case review.SlotStayProof:
		switch code {
		case "series-number":
			return review.StayProofNumber, plain
		case "stay-from":
			return review.StayFrom, plain
		case "stay-to":
			return review.StayTo, plain
		}
	case review.SlotInsurance:
		if code == "series-number" || code == "number" && len(plainNumber(a.Value(review.OMS))) == 16 {
			return review.OMS, plain
		}
	case review.SlotPassport:
		if a.Value(review.DocumentType) != "rf-passport" {
			return "", plain
		}
		switch code {
		case "series-number":
			return review.DocumentNumber, plain
		case "surname":
			return review.Surname, letters
		case "given-name", "given-names":
			return review.GivenName, letters
		case "patronymic":
			return review.Patronymic, letters
		case "birth-date":
			return review.BirthDate, plain
		case "issue-date":
			return review.DocumentIssueDate, plain
		case "division-code":
			return review.DivisionCode, plain
		}
	}
	return "", plain
}
