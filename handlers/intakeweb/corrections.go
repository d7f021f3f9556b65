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

// facts are what the texts of the correction request quote.
func facts(sub *review.Submission) map[string]string {
	if sub.Last == nil {
		return sub.Facts(review.RequestCorrection, sub.CorrectionDue.Add(-review.CorrectionTerm))
	}
	return sub.Facts(review.RequestCorrection, sub.Last.EffectiveAt)
}

// reasons are the reasons of the correction items whose target is wanted.
func (h *Handlers) reasons(ctx context.Context, sub *review.Submission, wanted func(review.Target) bool) (list []ui.Message) {
	for _, i := range sub.Corrections {
		if wanted(i.Target) {
			list = append(list, ui.Message{Kind: "warning", Title: targetName(ctx, i.Target), Text: h.text(ctx, i, facts(sub))})
		}
	}
	return list
}

// corrections lists what to correct.
func (h *Handlers) corrections(c *web.Ctx) error {
	sub, done, err := h.own(c)
	if done {
		return err
	}
	if sub.Status != review.CorrectionRequested {
		return c.Redirect(home(sub))
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
	for _, i := range sub.Corrections {
		what := targetName(ctx, i.Target)
		l := ui.Link{Label: i18n.T(ctx, "progress.corrections.fix"), Kind: "secondary", Hidden: what, URL: placeOf(sub, i.Target)}
		if i.Done {
			l.Label = i18n.T(ctx, "progress.corrections.change")
		}
		m.Items = append(m.Items, intakepage.Item{What: what, Why: h.text(ctx, i, facts(sub)), Done: i.Done, Link: l})
	}
	return c.Render(status, intakepage.CorrectionsPage(m))
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
	sub, done, err := h.own(c)
	if done {
		return err
	}
	f, err := c.Form()
	if err != nil {
		return err
	}
	if sub.Status != review.CorrectionRequested {
		return c.Redirect(home(sub))
	}
	_, err = h.Intake.Send(c.Context(), c.Actor(), version(f))
	switch {
	case review.KindOf(err) == review.Invalid && err != nil:
		return h.showCorrections(c, sub, statusInvalid)
	case errors.Is(err, review.ErrStale), errors.Is(err, review.ErrTransition):
		if sub, done, err = h.own(c); done {
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

// text is one item's text. One that cannot be filled, because its facts are
// gone, is named by its target: the decision itself never depends on a text.
func (h *Handlers) text(ctx context.Context, i review.Item, facts map[string]string) string {
	text, err := i.Text(i18n.Lang(ctx), facts, h.Wording)
	if err != nil {
		return i18n.T(ctx, "apply.list.blockedItem", "what", targetName(ctx, i.Target))
	}
	return text
}
