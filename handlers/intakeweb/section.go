package intakeweb

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// section shows the form of a section with what is stored, and what is wrong
// with it once something was stored.
func (h *Handlers) section(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if !sub.Status.Editable() {
		return h.already(c, sub)
	}
	code := c.Param("section")
	sec, ok := intake.SectionByCode(sub.Track, code)
	if !ok {
		return review.ErrNotFound
	}
	if code == intake.Consents {
		return h.showConsents(c, sub, agreed(sub), nil)
	}
	if sub.Status == review.CorrectionRequested && !anyOpen(sub, sec) {
		return c.Redirect(link.Corrections())
	}
	var faults []review.FieldFault
	if today := intake.Today(c.Now()); intake.SectionState(sub, sec, today) == intake.Started && sub.Status == review.Draft {
		faults = intake.Faults(sub, sec, today)
	}
	typed := intake.Retype(sec, sub.Answers)
	m := h.form(c, sub, sec, typed, faults, c.Query("next"))
	h.offer(c, &m, sub, sec, typed)
	return c.OK(intakepage.SectionPage(m))
}

func anyOpen(sub *review.Submission, sec intake.Section) bool {
	return slices.ContainsFunc(sec.Inputs, func(in intake.Input) bool { return sub.Open(review.Target{Field: in.Field}) })
}

// save stores a section and leads on; a form with faults comes back as it was typed.
func (h *Handlers) save(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	code := c.Param("section")
	sec, ok := intake.SectionByCode(sub.Track, code)
	if !ok {
		return review.ErrNotFound
	}
	if code == intake.Consents {
		return h.saveConsents(c, sub, f)
	}
	typed := typedIn(f)
	if !sub.Status.Editable() {
		return h.already(c, sub)
	}
	if c.Switched(f) {
		return h.inOtherWords(c, sub, sec, typed, f)
	}
	if use := f.Value("use"); use != "" {
		return h.use(c, sub, sec, typed, f, use)
	}
	saved, err := h.Intake.SaveSection(c.Context(), c.Actor(), code, 0, typed)
	if e, ok := errors.AsType[*review.Error](err); ok && e.Kind == review.Invalid {
		return c.Unprocessable(intakepage.SectionPage(h.again(c, sub, sec, typed, e.Fields, f)))
	}
	if errors.Is(err, review.ErrStale) {
		return h.overtaken(c, sec, typed, f)
	}
	if err != nil {
		return err
	}
	next := onward(saved, code, f.Value("next"), intake.Today(c.Now()))
	if len(intake.Rewritten(sec, saved.Answers)) > 0 {
		next = link.After(next, code)
	}
	return c.Redirect(next)
}

// typedIn are the inputs of a section's form, without what the page says of itself.
func typedIn(f *web.Form) intake.Typed {
	typed := intake.Typed{}
	for _, name := range f.Names() {
		if !slices.Contains([]string{"next", "use", "offered", ui.JudgedName, ui.SwitchName}, name) {
			typed[name] = f.Value(name)
		}
	}
	return typed
}

// onward is the page after saving: back to where one came from, else the next
// section that needs something, else the task list.
func onward(sub *review.Submission, code, next string, today field.Date) string {
	switch {
	case sub.Status == review.CorrectionRequested:
		return link.CorrectionsSaved()
	case next == "check":
		return link.CheckAnswers()
	}
	after := false
	for _, sec := range intake.Sections(sub.Track) {
		if after && intake.SectionState(sub, sec, today) != intake.Done {
			return link.Section(sec.Code)
		}
		after = after || sec.Code == code
	}
	return link.ApplySaved()
}

func (h *Handlers) form(c *web.Ctx, sub *review.Submission, sec intake.Section, typed intake.Typed, faults []review.FieldFault, next string) intakepage.Section {
	ctx := c.Context()
	title := sectionTitle(ctx, sec.Code)
	m := intakepage.Section{
		Page: c.Page(title), Back: link.Apply(), Title: title, Lead: first(ctx, "apply."+sec.Code+".lead"),
		Post: link.Section(sec.Code), Next: next, Submit: i18n.T(ctx, "kit.saveNext"),
	}
	m.Page.Along(intakepage.FormID)
	m.Step, m.Steps = stepOf(sub.Track, sec.Code)
	if next == "check" {
		m.Back = link.CheckAnswers()
	}
	open := func(review.Field) bool { return true }
	if sub.Status == review.CorrectionRequested {
		m.Step, m.Back, m.Lead, m.Submit = 0, link.Corrections(), "", i18n.T(ctx, "kit.save")
		open = func(f review.Field) bool { return sub.Open(review.Target{Field: f}) }
		m.Notices = h.reasons(ctx, sub, func(t review.Target) bool { return t.Field != "" && sec.Has(t.Field) })
		m.Closed = rows(ctx, sub, sec, false, func(f review.Field) bool { return !open(f) })
	} else if sec.Code == intake.Stay && intake.StayExempt(sub.Answers.Value(review.Citizenship), intake.Today(c.Now())) {
		m.Notices = append(m.Notices, ui.Message{Text: i18n.T(ctx, "apply.stay.exempt")})
	}
	m.Notices = append(m.Notices, h.rewritten(c, sub)...)
	for _, in := range sec.Inputs {
		if !open(in.Field) || in.Field == review.MachineLines {
			continue
		}
		i := slices.IndexFunc(faults, func(f review.FieldFault) bool { return f.Field == string(in.Field) })
		var fault *review.FieldFault
		if i >= 0 {
			fault = &faults[i]
		}
		shown, focus := question(ctx, sub.Track, in, typed, fault)
		m.Inputs = append(m.Inputs, shown)
		if fault != nil {
			m.Faults = append(m.Faults, ui.Fault{Field: focus, Text: faultText(ctx, sub.Track, *fault)})
		}
	}
	m.Seen = intake.Seen(sec, sub.Answers)
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

func stepOf(t review.Track, code string) (step, steps int) {
	sections := intake.Sections(t)
	return slices.IndexFunc(sections, func(s intake.Section) bool { return s.Code == code }) + 1, len(sections)
}

// question builds the input of a field, and tells the id that the error summary
// links to.
func question(ctx context.Context, track review.Track, in intake.Input, typed intake.Typed, fault *review.FieldFault) (q intakepage.Input, focus string) {
	name := string(in.Field)
	var text string
	if fault != nil {
		text = faultText(ctx, track, *fault)
	}
	words, about := label(ctx, track, in.Field), hint(ctx, track, in.Field)
	focus = name
	switch in.Kind {
	case intake.Date:
		q = intakepage.Input{Kind: intakepage.Date, Date: ui.DateBoxes{Name: name, Legend: words, Hint: about, Error: text,
			Day: typed[name+"-day"], Month: typed[name+"-month"], Year: typed[name+"-year"], Birthday: in.Field == review.BirthDate}}
		if fault != nil {
			q.Date.BadDay = strings.HasSuffix(fault.Code, ":day")
			q.Date.BadMonth = strings.HasSuffix(fault.Code, ":month")
			q.Date.BadYear = strings.HasSuffix(fault.Code, ":year")
		}
		focus = q.Date.FocusID()
	case intake.Flag:
		q = intakepage.Input{Kind: intakepage.Tick, Tick: ui.Tick{Name: name, Label: words, Hint: about, Error: text, Checked: typed[name] != ""}}
	case intake.Choice, intake.Country:
		q = intakepage.Input{Kind: intakepage.Radios, Choices: ui.Choices{Name: name, Legend: words, Hint: about, Error: text}}
		if in.Kind == intake.Country {
			q.Kind = intakepage.Select
			q.Choices.Empty = i18n.T(ctx, "apply.choose.country")
			q.Choices.Options, q.Choices.Lang = countries(ctx, typed[name])
			break
		}
		q.Choices.Inline = in.Field == review.Sex
		for _, o := range in.Options {
			q.Choices.Options = append(q.Choices.Options, ui.Option{Value: o, Label: i18n.T(ctx, choiceKey[in.Field]+o),
				Selected: typed[name] == o})
		}
	case intake.Area:
		q = intakepage.Input{Kind: intakepage.Area, Field: ui.Field{Name: name, Label: words, Hint: about, Error: text, Value: typed[name], Rows: 3, Autocomplete: "street-address"}}
	default:
		q = intakepage.Input{Kind: intakepage.Text, Field: ui.Field{Name: name, Label: words, Hint: about, Error: text, Value: typed[name]}}
		dress(&q.Field, in.Field)
	}
	q.Field.Lang = web.Typed(ctx, q.Field.Value).Lang
	q.Confirm = confirm(ctx, in, typed, fault)
	q.Fix = fix(ctx, in, typed, fault)
	return q, focus
}

// confirm is the box under an input with a warning: "I checked it".
func confirm(ctx context.Context, in intake.Input, typed intake.Typed, fault *review.FieldFault) ui.Tick {
	name := intake.ConfirmName(in.Field)
	code := typed[name]
	if fault != nil {
		if !fault.Warning {
			return ui.Tick{}
		}
		code = fault.Code
	}
	if code == "" || strings.Contains(code, " ") {
		return ui.Tick{}
	}
	return ui.Tick{Name: name, Value: code, Label: confirmText(ctx, code), Checked: fault == nil}
}

// countries are the options of a country with their language: their names are written
// in the complete languages only.
func countries(ctx context.Context, chosen string) (list []ui.Option, language string) {
	for _, c := range field.Countries(i18n.Lang(ctx)) {
		name := web.Typed(ctx, c.Name(i18n.Lang(ctx)))
		list, language = append(list, ui.Option{Value: c.Code, Label: name.Text, Selected: c.Code == chosen}), name.Lang
	}
	return list, language
}

// dress gives a text box what helps to fill it.
func dress(f *ui.Field, code review.Field) {
	switch code {
	case review.Surname, review.SurnameLatin:
		f.Autocomplete = "family-name"
	case review.GivenName, review.GivenNameLatin:
		f.Autocomplete = "given-name"
	case review.Patronymic:
		f.Autocomplete = "additional-name"
	case review.PostalIndex:
		f.Autocomplete, f.InputMode, f.Width = "postal-code", "numeric", "6"
	case review.DocumentNumber, review.StayProofNumber:
		f.Mono, f.Width = true, "20"
	case review.DivisionCode:
		f.InputMode, f.Mono, f.Width = "numeric", true, "10"
	case review.INN, review.SNILS, review.OMS:
		f.InputMode, f.Mono, f.Width = "numeric", true, "20"
	}
	switch code {
	case review.SurnameLatin, review.GivenNameLatin:
		f.Lang = "en"
		f.Attrs = templ.Attributes{"data-script": "latin"}
	case review.Surname, review.GivenName, review.Patronymic:
		f.Attrs = templ.Attributes{"data-script": "cyrillic"}
	case review.DocumentNumber:
		f.Attrs = templ.Attributes{"data-number": true}
	}
	if n := intake.HintDigits(code); n != "" {
		f.Attrs = templ.Attributes{"data-digits": n}
	}
}
