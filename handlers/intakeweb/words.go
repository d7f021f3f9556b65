package intakeweb

import (
	"context"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/ui"
)

// first returns the text of the first key that is written.
func first(ctx context.Context, keys ...string) string {
	for _, k := range keys {
		if i18n.Has(k) {
			return i18n.T(ctx, k)
		}
	}
	return ""
}

func label(ctx context.Context, t review.Track, f review.Field) string {
	return first(ctx, "apply.label."+string(f)+"-"+string(t), "apply.label."+string(f), "field."+string(f))
}

func hint(ctx context.Context, t review.Track, f review.Field) string {
	return first(ctx, "apply.hint."+string(f)+"-"+string(t), "apply.hint."+string(f))
}

// faultText says what is wrong with an input, as closely as there are words. Words that
// fit any input are told with the name of theirs, since a list of faults stands apart.
func faultText(ctx context.Context, t review.Track, f review.FieldFault) string {
	code := strings.ReplaceAll(f.Code, ":", "-")
	if datePart(f.Code) {
		return i18n.T(ctx, "apply.fault."+code, "what", i18n.T(ctx, "field."+f.Field))
	}
	if f.Code == "charset" && intake.HintDigits(review.Field(f.Field)) != "" {
		code = "length" // how many digits there are says what to type
	}
	if text := first(ctx, "apply.fault."+f.Field+"-"+code+"-"+string(t), "apply.fault."+f.Field+"-"+code, "apply.fault."+code); text != "" {
		return text
	}
	text := first(ctx, "fault."+code, "fault.format")
	if name := "field." + f.Field; i18n.Has(name) {
		return i18n.T(ctx, name) + ": " + inSentence(text)
	}
	return text
}

// datePart reports whether one box of a date is wrong: a form has several dates,
// so the text names the one that is meant.
func datePart(code string) bool {
	switch code {
	case "part:day", "part:month", "part:year", "format:day", "format:month", "format:year":
		return true
	}
	return false
}

func confirmText(ctx context.Context, code string) string {
	return first(ctx, "apply.confirm."+code, "apply.confirm.any")
}

func sectionTitle(ctx context.Context, code string) string {
	return i18n.T(ctx, "apply."+code+".title")
}

func slotName(ctx context.Context, s review.Slot) string { return i18n.T(ctx, "slot."+string(s)) }

// choiceKey is the beginning of the keys that name the options of a choice.
var choiceKey = map[review.Field]string{
	review.Sex: "sex.", review.DocumentType: "document-type.", review.StayProofType: "stay-proof-type.",
	review.ResidenceProofType: "residence-proof-type.", review.AccountType: "account-type.",
}

// shown is an answer as people read it; masked hides all but the end of numbers.
func shown(ctx context.Context, in intake.Input, a review.Answer, masked bool) string {
	if a.Value == "" {
		return ""
	}
	switch in.Kind {
	case intake.Date:
		if d, faults := field.ParsePartialDate(a.Value); faults == nil {
			return d.Dotted()
		}
		return a.Value
	case intake.Choice:
		return i18n.T(ctx, choiceKey[in.Field]+a.Value)
	case intake.Country:
		if c, ok := field.CountryByCode(a.Value); ok {
			return c.Name(i18n.Lang(ctx))
		}
		return a.Value
	case intake.Flag:
		return i18n.T(ctx, "kit.yes")
	}
	switch in.Field {
	case review.SNILS:
		if masked {
			return field.MaskSNILS(a.Value)
		}
		return field.FormatSNILS(a.Value)
	case review.INN:
		if masked {
			return field.MaskINN(a.Value)
		}
	case review.OMS:
		if masked {
			return field.MaskOMS(a.Value)
		}
	case review.DocumentNumber, review.StayProofNumber:
		if masked {
			return field.MaskDocument(a.Value)
		}
	}
	return a.Value
}

// rows are the answers of a section; an unset flag is left out.
func rows(ctx context.Context, sub *review.Submission, sec intake.Section, masked bool, keep func(review.Field) bool) (list []ui.Row) {
	for _, in := range sec.Inputs {
		a := sub.Answers[in.Field]
		if (in.Kind == intake.Flag || in.Field == review.MachineLines) && a.Value == "" || !keep(in.Field) {
			continue
		}
		list = append(list, row(ctx, in, a, masked))
	}
	return list
}

// row shows an answer with its name. Names and addresses in Cyrillic letters, and
// countries, are read out in their own language on a page of another.
func row(ctx context.Context, in intake.Input, a review.Answer, masked bool) ui.Row {
	r := ui.Row{Key: i18n.T(ctx, "field."+string(in.Field)), Value: shown(ctx, in, a, masked)}
	if in.Kind == intake.Text || in.Kind == intake.Area || in.Kind == intake.Country {
		r.Lang = web.Typed(ctx, r.Value).Lang
	}
	return r
}

func anyField(review.Field) bool { return true }
