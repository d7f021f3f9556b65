package intakeweb

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// textKey is the key of a consent's text, which is written in the languages of the
// law only: what is recorded is the language that the person has read.
func textKey(p intake.Purpose) string { return "consent." + p.Code + "." + p.Version }

// agreed lists the purposes that are agreed to in their present version.
func agreed(sub *review.Submission) (codes []string) {
	for _, p := range intake.Purposes {
		if slices.ContainsFunc(sub.Consents, func(c review.Consent) bool { return c.Purpose == p.Code && c.Version == p.Version }) {
			codes = append(codes, p.Code)
		}
	}
	return codes
}

func (h *Handlers) showConsents(c *web.Ctx, sub *review.Submission, ticked []string, faults []review.FieldFault) error {
	if sub.Status != review.Draft {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	ctx := c.Context()
	m := intakepage.Consents{Page: c.Page(i18n.T(ctx, "apply.consents.title")), Back: link.Apply(), Post: link.Section(intake.Consents), Next: c.Query("next")}
	if m.Next == "check" {
		m.Back = link.CheckAnswers()
	}
	m.Step, m.Steps = stepOf(sub.Track, intake.Consents)
	for _, p := range intake.Purposes {
		consent := intakepage.Consent{
			Mark:    ui.Mark{Kind: "neutral", Icon: "minus", Text: i18n.T(ctx, "apply.consents.optional")},
			Text:    i18n.T(ctx, textKey(p)),
			Version: i18n.T(ctx, "apply.consents.version", "version", strings.TrimPrefix(p.Version, "v")),
			Title:   i18n.T(ctx, "consent."+p.Code),
			Tick: ui.Tick{Name: "consent-" + p.Code, Checked: slices.Contains(ticked, p.Code),
				Label: i18n.T(ctx, "apply.consents.agree", "what", inSentence(i18n.T(ctx, "consent."+p.Code)))},
		}
		if written := i18n.TextLang(c.Lang(), textKey(p)); written != c.Lang() {
			consent.Lang, consent.Note = written, i18n.T(ctx, "apply.consents.russian")
		}
		if p.Required {
			consent.Mark = ui.Mark{Kind: "info", Icon: "file-text", Text: i18n.T(ctx, "apply.consents.needed")}
		}
		for _, f := range faults {
			if f.Field == consent.Tick.Name {
				consent.Tick.Error = consent.Title + ": " + inSentence(faultText(ctx, sub.Track, f))
				m.Faults = append(m.Faults, ui.Fault{Field: f.Field, Text: consent.Tick.Error})
			}
		}
		m.Consents = append(m.Consents, consent)
	}
	m.Page.ErrorPrefix = len(m.Faults) > 0
	if len(m.Faults) > 0 {
		return c.Unprocessable(intakepage.ConsentsPage(m))
	}
	return c.OK(intakepage.ConsentsPage(m))
}

// inSentence is a title as it stands inside a sentence.
func inSentence(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	return string(unicode.ToLower(first)) + title[size:]
}

func (h *Handlers) saveConsents(c *web.Ctx, sub *review.Submission, f *web.Form) error {
	var ticked []string
	for _, p := range intake.Purposes {
		if f.Value("consent-"+p.Code) != "" {
			ticked = append(ticked, p.Code)
		}
	}
	saved, err := h.Intake.Consent(c.Context(), c.Actor(), i18n.TextLang(c.Lang(), textKey(intake.Purposes[0])), 0, ticked)
	if e, ok := errors.AsType[*review.Error](err); ok && e.Kind == review.Invalid {
		return h.showConsents(c, sub, ticked, e.Fields)
	}
	if err != nil {
		return err
	}
	return c.Redirect(onward(saved, intake.Consents, f.Value("next"), intake.Today(c.Now())))
}
