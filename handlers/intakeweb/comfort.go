package intakeweb

import (
	"context"
	"slices"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/ui"
)

// already leads on from a form of a submission that was sent in the meantime.
func (h *Handlers) already(c *web.Ctx, sub *review.Submission) error {
	if sub.Round > 0 {
		c.Tell(web.SentAlready)
	}
	return c.Redirect(web.WorkPlace(sub.Status))
}

// again is the form as it was sent, with its faults.
func (h *Handlers) again(c *web.Ctx, sub *review.Submission, sec intake.Section, typed intake.Typed, faults []review.FieldFault, f *web.Form) intakepage.Section {
	m := h.form(c, sub, sec, typed, faults, f.Value("next"))
	if seen := f.Value(intake.SeenName); seen != "" {
		m.Seen = seen // what the person saw, not what is stored by now
	}
	if m.Offered = f.Value("offered"); m.Offered == "" {
		h.offer(c, &m, sub, sec, typed)
	}
	h.askLines(c, &m, sub, sec, typed, "")
	return m
}

// inOtherWords is the form as it was typed so far, after a switch of language: with its
// faults if it had been judged.
func (h *Handlers) inOtherWords(c *web.Ctx, sub *review.Submission, sec intake.Section, typed intake.Typed, f *web.Form) error {
	var faults []review.FieldFault
	if f.Value(ui.JudgedName) != "" {
		faults = intake.FaultsOf(sub, sec, typed, intake.Today(c.Now()))
	}
	return c.OK(intakepage.SectionPage(h.again(c, sub, sec, typed, faults, f)))
}

// overtaken shows the form as it was sent beside what was saved in another window.
// Sent once more, it counts.
func (h *Handlers) overtaken(c *web.Ctx, sec intake.Section, typed intake.Typed, f *web.Form) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	ctx := c.Context()
	m := h.form(c, sub, sec, typed, nil, f.Value("next"))
	h.askLines(c, &m, sub, sec, typed, "")
	stored := intake.Retype(sec, sub.Answers)
	m.Theirs = rows(ctx, sub, sec, false, func(code review.Field) bool {
		if !typed.Has(code) && !stored.Has(code) {
			return false
		}
		for _, part := range []string{"", "-day", "-month", "-year"} {
			if name := string(code) + part; strings.TrimSpace(typed[name]) != strings.TrimSpace(stored[name]) {
				return true
			}
		}
		return false
	})
	m.Notices = append([]ui.Message{{Kind: "warning", Title: i18n.T(ctx, "apply.section.overtaken"), Text: i18n.T(ctx, "apply.section.overtakenText"), Live: true}}, m.Notices...)
	return c.Render(statusConflict, intakepage.SectionPage(m))
}

// rewritten tells which answers of the section just saved are kept in other
// letters than they were typed in.
func (h *Handlers) rewritten(c *web.Ctx, sub *review.Submission) []ui.Message {
	ctx := c.Context()
	sec, ok := intake.SectionByCode(sub.Track, c.Query("from"))
	if !ok || c.Posted() {
		return nil
	}
	var told []string
	for _, f := range intake.Rewritten(sec, sub.Answers) {
		told = append(told, i18n.T(ctx, "apply.rewritten.item", "what", i18n.T(ctx, "field."+string(f)), "value", sub.Answers.Value(f)))
	}
	if len(told) == 0 {
		return nil
	}
	return []ui.Message{{Title: i18n.T(ctx, "apply.rewritten.title"), Text: strings.Join(told, " "), Live: true}}
}

// fix is the button that writes a name in one script.
func fix(ctx context.Context, in intake.Input, typed intake.Typed, fault *review.FieldFault) ui.Action {
	if fault == nil {
		return ui.Action{}
	}
	meant, ok := intake.Suggest(in.Field, typed[string(in.Field)])
	if !ok {
		return ui.Action{}
	}
	return ui.Action{Kind: "secondary", Name: "use", Value: string(in.Field), Label: i18n.T(ctx, "apply.fix.label", "value", meant)}
}

// offer puts what was read from the uploaded passport beside the empty inputs.
func (h *Handlers) offer(c *web.Ctx, m *intakepage.Section, sub *review.Submission, sec intake.Section, typed intake.Typed) {
	h.askLines(c, m, sub, sec, typed, "")
	offers := h.offers(c, sub, sec, typed, "passport")
	if len(offers) == 0 {
		return
	}
	ctx := c.Context()
	use := func(label, kind, value string) ui.Action {
		return ui.Action{Label: i18n.T(ctx, label), Kind: kind, Name: "use", Value: value, Form: intakepage.FormID}
	}
	m.Prefill = &intakepage.Prefill{
		Title: i18n.T(ctx, "apply.prefill.title"), Text: i18n.T(ctx, "apply.prefill.text"), Rows: offered(ctx, sec, offers),
		Use: use("apply.prefill.use", "primary", "passport"), No: use("apply.prefill.no", "quiet", "none"),
	}
}

// offers are the values for empty, open inputs from a source: passport, or lines
// for those that the person has typed.
func (h *Handlers) offers(c *web.Ctx, sub *review.Submission, sec intake.Section, typed intake.Typed, source string) (list []intake.Offer) {
	today := intake.Today(c.Now())
	if source == "lines" {
		list, _ = intake.OffersFromLines(sub.Track, sec, typed, linesOf(sub, typed), today)
	} else if list = intake.OffersFromScan(sub, sec, typed, today); len(list) == 0 && !sec.Has(review.MachineLines) {
		list, _ = intake.OffersFromLines(sub.Track, sec, typed, linesOf(sub, typed), today) // typed in another section
	}
	return slices.DeleteFunc(list, func(o intake.Offer) bool { return !sub.Open(review.Target{Field: o.Field}) })
}

func linesOf(sub *review.Submission, typed intake.Typed) string {
	if l := typed[string(review.MachineLines)]; l != "" {
		return l
	}
	return sub.Answers.Value(review.MachineLines)
}

func offered(ctx context.Context, sec intake.Section, offers []intake.Offer) (list []ui.Row) {
	for _, o := range offers {
		i := slices.IndexFunc(sec.Inputs, func(in intake.Input) bool { return in.Field == o.Field })
		list = append(list, row(ctx, sec.Inputs[i], review.Answer{Value: o.Value}, false))
	}
	return list
}

// askLines asks for the lines at the foot of the passport where they help.
func (h *Handlers) askLines(c *web.Ctx, m *intakepage.Section, sub *review.Submission, sec intake.Section, typed intake.Typed, code string) {
	if !sec.Has(review.MachineLines) || sub.Status != review.Draft {
		return
	}
	ctx := c.Context()
	name := string(review.MachineLines)
	value := typed[name]
	if value == "" {
		value = sub.Answers.Value(review.MachineLines)
	}
	m.Lines = &ui.Field{Name: name, Label: i18n.T(ctx, "field."+name), Hint: i18n.T(ctx, "apply.hint."+name), Value: value, Rows: 3, Mono: true, Lang: "en"}
	m.Lines.Attrs = map[string]any{"form": intakepage.FormID, "spellcheck": "false", "autocapitalize": "characters", "autocomplete": "off"}
	if code != "" {
		m.Lines.Error = i18n.T(ctx, "apply.fault."+code)
		m.Faults = append(m.Faults, ui.Fault{Field: name, Text: m.Lines.Error})
		m.Page.ErrorPrefix = true
	}
	m.Read = ui.Action{Label: i18n.T(ctx, "apply.lines.read"), Kind: "secondary", Name: "use", Value: "lines", Form: intakepage.FormID}
}

// use fills empty inputs, or mends one, on the person's word, and shows the form
// again; nothing is saved yet.
func (h *Handlers) use(c *web.Ctx, sub *review.Submission, sec intake.Section, typed intake.Typed, f *web.Form, what string) error {
	ctx := c.Context()
	text := i18n.T(ctx, "apply.prefill.none")
	switch what {
	case "none":
		text = ""
	case "lines":
		if _, code := intake.OffersFromLines(sub.Track, sec, typed, linesOf(sub, typed), intake.Today(c.Now())); code != "" {
			m := h.form(c, sub, sec, typed, nil, f.Value("next"))
			m.Seen, m.Offered = f.Value(intake.SeenName), f.Value("offered")
			h.askLines(c, &m, sub, sec, typed, code)
			return c.Unprocessable(intakepage.SectionPage(m))
		}
		fallthrough
	case "passport":
		if offers := h.offers(c, sub, sec, typed, what); len(offers) > 0 {
			for _, o := range offers {
				for name, v := range o.Inputs {
					typed[name] = v
				}
			}
			text = i18n.T(ctx, "apply.prefill.done", "n", len(offers))
		}
	default:
		meant, ok := intake.Suggest(review.Field(what), typed[what])
		if !ok || !sec.Has(review.Field(what)) {
			return review.ErrNotFound
		}
		typed[what] = meant
		text = i18n.T(ctx, "apply.fix.done", "what", i18n.T(ctx, "field."+what))
	}
	m := h.form(c, sub, sec, typed, nil, f.Value("next"))
	m.Seen, m.Offered = f.Value(intake.SeenName), "yes"
	h.askLines(c, &m, sub, sec, typed, "")
	if text != "" {
		m.Notices = append([]ui.Message{{Kind: "success", Text: text, Live: true}}, m.Notices...)
	}
	return c.OK(intakepage.SectionPage(m))
}
