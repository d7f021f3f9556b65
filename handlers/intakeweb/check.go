package intakeweb

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// check shows everything before sending.
func (h *Handlers) check(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if sub.Status != review.Draft {
		return h.already(c, sub)
	}
	return h.showCheck(c, sub, statusOK)
}

func (h *Handlers) showCheck(c *web.Ctx, sub *review.Submission, status int) error {
	ctx := c.Context()
	m := intakepage.Check{
		Page: c.Page(i18n.T(ctx, "apply.check.title")), Back: link.Apply(), Stale: status == statusConflict,
		Post: link.Send(), Version: strconv.FormatInt(sub.Version, 10),
	}
	today := intake.Today(c.Now())
	m.Missing = missing(ctx, sub, today)
	m.Differ = differing(ctx, sub, today)
	for _, sec := range intake.Sections(sub.Track) {
		// A section that is still empty stands among what is missing.
		if sec.Code != intake.Consents && intake.SectionState(sub, sec, today) != intake.ToDo {
			m.Groups = append(m.Groups, changeable(ctx, sec.Code, asTyped(ctx, sub, sec, rows(ctx, sub, sec, false, anyField))))
		}
	}
	m.Groups = append(m.Groups, documents(ctx, sub, true), changeable(ctx, intake.Consents, consentRows(ctx, sub)))
	contacts, err := h.Contacts(ctx, c.Actor())
	if err != nil {
		return err
	}
	m.Groups = append(m.Groups, intakepage.Group{Title: i18n.T(ctx, "apply.check.contacts"), Rows: contactRows(ctx, contacts, false)})
	return c.Render(status, intakepage.CheckPage(m))
}

// missing are links to what has to be done before sending: a section that is
// still empty is one line, everything else is named.
func missing(ctx context.Context, sub *review.Submission, today field.Date) (list []ui.Link) {
	for _, g := range intake.Missing(sub, today) {
		if g.Slot != "" {
			list = append(list, ui.Link{Label: i18n.T(ctx, "apply.check.missingDocument", "what", slotName(ctx, g.Slot)), URL: link.Upload(string(g.Slot))})
			continue
		}
		title := sectionTitle(ctx, g.Section)
		l := ui.Link{URL: link.SectionFromCheck(g.Section),
			Label: i18n.T(ctx, "apply.check.missingField", "section", title, "what", faultText(ctx, sub.Track, g.Fault))}
		if sec, _ := intake.SectionByCode(sub.Track, g.Section); intake.SectionState(sub, sec, today) == intake.ToDo {
			l.Label = i18n.T(ctx, "apply.check.missingSection", "what", title)
		}
		if !slices.ContainsFunc(list, func(x ui.Link) bool { return x.Label == l.Label }) {
			list = append(list, l)
		}
	}
	return list
}

// differing tells, for each document, which answers are not what was read from it.
func differing(ctx context.Context, sub *review.Submission, today field.Date) (list []ui.Message) {
	_, differ := field.Told(field.Compare(sub, today))
	for _, slot := range review.Slots(sub.Track) {
		var names []string
		for _, c := range differ {
			if c.Slot == slot {
				names = append(names, i18n.T(ctx, "field."+string(c.Field)))
			}
		}
		if len(names) > 0 {
			list = append(list, ui.Message{Kind: "warning", Title: i18n.T(ctx, "told.title"), Text: i18n.T(ctx, "told.differs", "list", strings.Join(names, ", ")),
				Link: ui.Link{Label: i18n.T(ctx, "told.look"), Hidden: slotName(ctx, slot), URL: link.Upload(string(slot))}})
		}
	}
	return list
}

// asTyped adds what was typed to the answers that are kept in other letters.
func asTyped(ctx context.Context, sub *review.Submission, sec intake.Section, list []ui.Row) []ui.Row {
	for _, f := range intake.Rewritten(sec, sub.Answers) {
		for i := range list {
			if list[i].Key == i18n.T(ctx, "field."+string(f)) {
				list[i].Note = i18n.T(ctx, "apply.rewritten.typed", "value", sub.Answers[f].Typed)
			}
		}
	}
	return list
}

// changeable is a section whose every row has a link to change it.
func changeable(ctx context.Context, code string, list []ui.Row) intakepage.Group {
	for i := range list {
		act := i18n.T(ctx, "kit.change")
		if list[i].Value == "" {
			act = i18n.T(ctx, "apply.check.add")
		}
		list[i].Actions = []ui.Link{{Label: act, Hidden: list[i].Key, URL: link.SectionFromCheck(code)}}
	}
	return intakepage.Group{Title: sectionTitle(ctx, code), Rows: list}
}

func documents(ctx context.Context, sub *review.Submission, change bool) intakepage.Group {
	g := intakepage.Group{Title: i18n.T(ctx, "apply.list.documents")}
	for _, slot := range review.Slots(sub.Track) {
		name := slotName(ctx, slot)
		row, act := ui.Row{Key: name, Value: i18n.T(ctx, "apply.check.noDocument")}, i18n.T(ctx, "apply.check.upload")
		d, ok := sub.Document(slot)
		if !ok && !change { // the confirmation lists what was sent
			continue
		}
		if ok {
			act = i18n.T(ctx, "kit.change")
			row.Value = i18n.T(ctx, "apply.check.pages", "name", d.Name, "n", len(d.Pages))
		}
		if change {
			row.Actions = []ui.Link{{Label: act, Hidden: name, URL: link.Upload(string(slot))}}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

func consentRows(ctx context.Context, sub *review.Submission) (list []ui.Row) {
	given := agreed(sub)
	for _, p := range intake.Purposes {
		value := i18n.T(ctx, "apply.check.notGiven")
		if slices.Contains(given, p.Code) {
			value = i18n.T(ctx, "apply.check.given")
		}
		list = append(list, ui.Row{Key: i18n.T(ctx, "consent."+p.Code), Value: value})
	}
	return list
}

func contactRows(ctx context.Context, contacts Contacts, masked bool) []ui.Row {
	email, phone := contacts.Email, contacts.Phone
	if masked {
		email, phone = field.MaskEmail(email), field.MaskPhone(phone)
	}
	return []ui.Row{{Key: i18n.T(ctx, "field.email"), Value: email}, {Key: i18n.T(ctx, "field.phone"), Value: phone}}
}

// send hands the draft to the desk. A second click finds it sent already.
func (h *Handlers) send(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if sub.Status != review.Draft {
		return h.already(c, sub)
	}
	_, err = h.Intake.Send(c.Context(), c.Actor(), f.Version())
	switch {
	case errors.Is(err, intake.ErrIncomplete):
		return h.showCheck(c, sub, statusInvalid)
	case errors.Is(err, review.ErrStale), errors.Is(err, review.ErrTransition):
		return h.current(c)
	case err != nil:
		return err
	}
	return c.Redirect(link.Receipt())
}

// current shows the check page with what is stored now; a submission that was
// sent in the meantime leads to its receipt.
func (h *Handlers) current(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if sub.Status != review.Draft {
		return c.Redirect(link.Receipt())
	}
	return h.showCheck(c, sub, statusConflict)
}
