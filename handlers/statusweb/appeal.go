package statusweb

import (
	"context"
	"errors"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
	"okno/views/ui"
)

// explainAppeal says until when an appeal may be made, or that one waits.
func (h *Handlers) explainAppeal(c *web.Ctx, m *statuspage.Status, sub *review.Submission) {
	ctx := c.Context()
	if until := sub.AppealUntil(); !until.IsZero() && !c.Now().After(until) {
		m.Next = append(m.Next, i18n.T(ctx, "progress.status.appeal", "date", i18n.Date(ctx, until)))
		m.Other = ui.Link{Label: i18n.T(ctx, "progress.appeal.act"), URL: link.Appeal(), Kind: "secondary"}
	}
	if a := sub.Objection(); a.Open() {
		m.Notices = append(m.Notices, ui.Message{Title: i18n.T(ctx, "progress.appeal.open"),
			Text: i18n.T(ctx, "progress.appeal.openText", "date", i18n.Date(ctx, a.At), "target", i18n.Date(ctx, a.Target), "limit", i18n.Date(ctx, a.Limit))})
		m.Main.Kind = "secondary"
		for _, slot := range review.Slots(sub.Track) {
			m.Papers = append(m.Papers, ui.Link{Label: i18n.T(ctx, "slot."+string(slot)), URL: link.Upload(string(slot))})
		}
	}
}

// answered tells what became of the appeal against the last decision, in the words
// of whoever answered it.
func answered(ctx context.Context, m *statuspage.Status, sub *review.Submission) {
	a := sub.Objection()
	if a == nil || a.Open() {
		return
	}
	n := ui.Message{Title: i18n.T(ctx, "progress.appeal."+string(a.Outcome)), Passages: []ui.Passage{web.Typed(ctx, a.Answer)}}
	if a.Outcome != review.AppealDismissed {
		n.Kind = "success"
	}
	m.Notices = append(m.Notices, n)
}

// askAppeal asks why the refusal is wrong.
func (h *Handlers) askAppeal(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if until := sub.AppealUntil(); until.IsZero() || c.Now().After(until) {
		return c.Redirect(web.WorkPlace(sub.Status))
	}
	return c.OK(statuspage.AppealPage(h.appealPage(c, sub, "", nil)))
}

func (h *Handlers) appealPage(c *web.Ctx, sub *review.Submission, typed string, err error) statuspage.Appeal {
	ctx := c.Context()
	m := statuspage.Appeal{
		Page: c.Page(i18n.T(ctx, "progress.appeal.title")), Back: link.Status(), Faults: web.Faults(ctx, err, "progress"),
		Lead: []string{i18n.T(ctx, "progress.appeal.once"), i18n.T(ctx, "progress.appeal.other"), i18n.T(ctx, "progress.appeal.when"), i18n.T(ctx, "progress.appeal.newPapers")},
		Post: link.Appeal(), Version: shownVersion(sub),
		Text: ui.Field{Name: "appeal", Label: i18n.T(ctx, "progress.appeal.label"), Hint: i18n.T(ctx, "progress.appeal.hint"), Value: typed, Rows: 8},
	}
	m.Page.Along(statuspage.AppealFormID)
	m.Reasons = h.why(ctx, sub)
	m.Text.Error = web.FaultAt(m.Faults, "appeal")
	m.Page.ErrorPrefix = len(m.Faults) > 0
	return m
}

// appeal makes the appeal. A second click finds it made.
func (h *Handlers) appeal(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	typed := f.Value("appeal")
	if c.Switched(f) {
		var wrong error
		if f.Value(ui.JudgedName) != "" {
			_, wrong = review.AppealText(typed)
		}
		return c.OK(statuspage.AppealPage(h.appealPage(c, sub, typed, wrong)))
	}
	_, err = h.Progress.Appeal(c.Context(), c.Actor(), f.Version(), typed)
	switch {
	case err == nil:
		return c.Redirect(link.StatusAfterAppeal())
	case review.KindOf(err) == review.Invalid:
		return c.Unprocessable(statuspage.AppealPage(h.appealPage(c, sub, typed, err)))
	case errors.Is(err, review.ErrStale) && sub.Appeal.Open():
		return c.Redirect(link.Status())
	}
	return err
}
