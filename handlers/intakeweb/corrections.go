package intakeweb

import (
	"context"
	"errors"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// reasons are the reasons of the correction items whose target is wanted.
func (h *Handlers) reasons(ctx context.Context, sub *review.Submission, wanted func(review.Target) bool) (list []ui.Message) {
	for _, i := range sub.Corrections {
		if wanted(i.Target) {
			list = append(list, ui.Message{Kind: "warning", Title: web.TargetName(ctx, i.Target), Passages: web.ReasonText(ctx, i, sub.StandingFacts(), h.Wording)})
		}
	}
	return list
}

// corrections lists what to correct.
func (h *Handlers) corrections(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if sub.Status != review.CorrectionRequested {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	return h.showCorrections(c, sub, statusOK)
}

func (h *Handlers) showCorrections(c *web.Ctx, sub *review.Submission, status int) error {
	ctx := c.Context()
	m := intakepage.Corrections{
		Page: c.Page(i18n.T(ctx, "progress.corrections.title")), Back: link.Status(), Left: sub.OpenItems(),
		Heading:  i18n.T(ctx, "kit.corrections", "n", len(sub.Corrections)),
		Deadline: i18n.T(ctx, "progress.status.deadline", "date", i18n.Date(ctx, sub.CorrectionDue)),
		Saved:    c.Query("saved") != "", Stale: status == statusConflict,
		Post: link.SendCorrections(), Version: strconv.FormatInt(sub.Version, 10),
	}
	if m.Left == 0 {
		m.Heading = i18n.T(ctx, "progress.corrections.title")
	}
	for n, i := range sub.Corrections {
		what := web.TargetName(ctx, i.Target)
		l := ui.Link{Label: i18n.T(ctx, "progress.corrections.fix"), Kind: "secondary", Hidden: what, URL: placeOf(sub, i.Target)}
		if i.Done {
			l.Label = i18n.T(ctx, "progress.corrections.change")
		}
		item := intakepage.Item{What: what, Why: web.ReasonText(ctx, i, sub.StandingFacts(), h.Wording), How: how(ctx, i.Target), Done: i.Done, Link: l, Now: present(ctx, sub, i.Target)}
		if !i.Box.IsZero() {
			item.Crop, item.Alt = link.Crop(strconv.Itoa(n)), i18n.T(ctx, "progress.corrections.crop", "what", what)
		}
		m.Items = append(m.Items, item)
	}
	m.Rest = rest(ctx, sub)
	return c.Render(status, intakepage.CorrectionsPage(m))
}

// how says what to do about a target.
func how(ctx context.Context, t review.Target) string {
	switch {
	case t.Slot != "":
		return i18n.T(ctx, "progress.corrections.howDocument")
	case t.Field == review.Phone || t.Field == review.Email:
		return i18n.T(ctx, "progress.corrections.howContact")
	}
	return i18n.T(ctx, "progress.corrections.howField")
}

// present is what the application says about a target at the moment.
func present(ctx context.Context, sub *review.Submission, t review.Target) []ui.Row {
	if t.Slot != "" {
		d, ok := sub.Document(t.Slot)
		if !ok {
			return nil
		}
		return []ui.Row{{Key: i18n.T(ctx, "progress.corrections.now"), Value: i18n.T(ctx, "apply.check.pages", "name", d.Name, "n", len(d.Pages))}}
	}
	sec, ok := intake.SectionWith(sub.Track, t.Field)
	if !ok {
		return nil
	}
	list := rows(ctx, sub, sec, false, func(f review.Field) bool { return f == t.Field })
	for i := range list {
		list[i].Key = i18n.T(ctx, "progress.corrections.now")
	}
	return list
}

// rest is everything that stays as it is, with what the desk said about it.
func rest(ctx context.Context, sub *review.Submission) (groups []intakepage.Group) {
	mark := func(r ui.Row, t review.Target) ui.Row {
		m := ui.Mark{Kind: "neutral", Icon: "minus", Text: i18n.T(ctx, "progress.corrections.stays")}
		for _, x := range sub.Marks {
			if x.Target.Covers(t) && x.Verified {
				m = ui.Mark{Kind: "success", Icon: "check", Text: i18n.T(ctx, "progress.corrections.verified")}
			}
		}
		r.Mark = m
		return r
	}
	for _, sec := range intake.Sections(sub.Track) {
		g := intakepage.Group{Title: sectionTitle(ctx, sec.Code)}
		for _, in := range sec.Inputs {
			t := review.Target{Field: in.Field}
			for _, r := range rows(ctx, sub, sec, false, func(f review.Field) bool { return f == in.Field }) {
				if r.Value != "" && !sub.Open(t) {
					g.Rows = append(g.Rows, mark(r, t))
				}
			}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	papers := intakepage.Group{Title: i18n.T(ctx, "apply.list.documents")}
	for _, slot := range review.Slots(sub.Track) {
		if d, ok := sub.Document(slot); ok && !sub.Open(review.Target{Slot: slot}) {
			papers.Rows = append(papers.Rows, mark(ui.Row{Key: slotName(ctx, slot), Value: i18n.T(ctx, "apply.check.pages", "name", d.Name, "n", len(d.Pages))}, review.Target{Slot: slot}))
		}
	}
	if len(papers.Rows) > 0 {
		groups = append(groups, papers)
	}
	return groups
}

// placeOf is the page on which the target is corrected.
func placeOf(sub *review.Submission, t review.Target) string {
	switch {
	case t.Slot != "":
		return link.Upload(string(t.Slot))
	case t.Field == review.Phone || t.Field == review.Email:
		return link.ChangeContact(string(t.Field))
	}
	if sec, ok := intake.SectionWith(sub.Track, t.Field); ok {
		return link.Section(sec.Code)
	}
	return link.Corrections()
}

// sendCorrections sends the answered corrections.
func (h *Handlers) sendCorrections(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if sub.Status != review.CorrectionRequested {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	_, err = h.Intake.Send(c.Context(), c.Actor(), f.Version())
	switch {
	case review.KindOf(err) == review.Invalid && err != nil:
		return h.showCorrections(c, sub, statusInvalid)
	case errors.Is(err, review.ErrStale), errors.Is(err, review.ErrTransition):
		if sub, err = h.Intake.Own(c.Context(), c.Actor()); err != nil {
			return err
		}
		if sub.Status != review.CorrectionRequested {
			return c.Redirect(link.Receipt())
		}
		return h.showCorrections(c, sub, statusConflict)
	case err != nil:
		return err
	}
	return c.Redirect(link.Receipt())
}
