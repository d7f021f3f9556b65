// Package appealweb is the HTTP side of answering appeals: the form beside the
// papers, the page that shows the answer as it will be sent, and the answer.
// Every page of it works without scripts.
package appealweb

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/appeal"
	"okno/views/appealpage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// Handlers answers the requests about appeals.
type Handlers struct {
	Appeal *appeal.Service
}

// Routes lists the routes of answering.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/desk/cases/:id/appeal", Action: review.ActAppeal, Handler: h.form},
		{Method: "POST", Path: "/desk/cases/:id/appeal", Action: review.ActAppeal, Handler: h.answer},
	}
}

// typed is the form as it was sent.
type typed struct {
	outcome review.AppealOutcome
	answer  string
}

// form asks how the appeal is answered.
func (h *Handlers) form(c *web.Ctx) error {
	k, err := h.Appeal.Open(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	return show(c, 200, h.model(c, k, typed{}))
}

// answer shows the answer as it will be sent, goes back to it, or sends it. What
// stands in the way is told above the form, and everything that was written stays.
func (h *Handlers) answer(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id := c.Context(), review.SubmissionID(c.Param("id"))
	t := typed{review.AppealOutcome(f.Value("outcome")), f.Value("answer")}
	if f.Value("act") == "send" {
		s, err := h.Appeal.Answer(ctx, c.Actor(), id, f.Version(), t.outcome, t.answer)
		switch {
		case err == nil && t.outcome == review.AppealDismissed:
			return c.Redirect(link.AppealsAnswered())
		case err == nil:
			return c.Redirect(link.CaseAnswered(string(s.ID)))
		}
		return h.again(c, id, t, err)
	}
	k, err := h.Appeal.Open(ctx, c.Actor(), id)
	if err != nil {
		return h.again(c, id, t, err)
	}
	m := h.model(c, k, t)
	if f.Value("act") == "edit" {
		return show(c, 200, m)
	}
	if k.Version != f.Version() {
		return h.again(c, id, t, review.ErrStale)
	}
	if m.Check, err = h.check(c, k, t); err != nil {
		return h.again(c, id, t, err)
	}
	return show(c, 200, m)
}

// again shows the form with everything that was typed, and with what went wrong.
func (h *Handlers) again(c *web.Ctx, id review.SubmissionID, t typed, cause error) error {
	kind := review.KindOf(cause)
	if kind != review.Invalid && kind != review.Conflict {
		return cause
	}
	k, err := h.Appeal.Open(c.Context(), c.Actor(), id)
	if review.KindOf(err) == review.Conflict { // somebody has answered: what was written stays to be read
		k, cause = &appeal.Case{ID: id}, err
	} else if err != nil {
		return err
	}
	m := h.model(c, k, t)
	if kind == review.Invalid {
		m.Page.ErrorPrefix = true
		m.Faults = web.Faults(c.Context(), cause, "appeal")
		m.Outcome.Error, m.Answer.Error = web.FaultAt(m.Faults, m.Outcome.Name), web.FaultAt(m.Faults, m.Answer.Name)
		for i := range m.Faults {
			if m.Faults[i].Field == m.Answer.Name {
				m.Faults[i].Field = m.Answer.ID
			} else {
				m.Faults[i].Field = m.Outcome.ID
			}
		}
		return show(c, 422, m)
	}
	m.Problem = problem(c.Context(), cause, k)
	m.Closed = k.Version == 0
	return show(c, 409, m)
}

// problem words a conflict.
func problem(ctx context.Context, cause error, k *appeal.Case) *ui.Message {
	m := &ui.Message{Kind: "warning", Live: true, Link: ui.Link{Label: i18n.T(ctx, "appeal.reopen"), URL: link.Case(string(k.ID))}}
	e, _ := errors.AsType[*review.Error](cause)
	switch {
	case k.Version == 0:
		m.Title, m.Text = i18n.T(ctx, "appeal.answeredTitle"), i18n.T(ctx, "appeal.answeredText")
	case errors.Is(cause, review.ErrStale):
		m.Title, m.Text = i18n.T(ctx, "appeal.staleTitle"), i18n.T(ctx, "appeal.staleText")
	default:
		m.Title, m.Text = i18n.T(ctx, "error."+e.Code+".title"), i18n.T(ctx, "error."+e.Code+".text")+" "+i18n.T(ctx, "appeal.kept")
	}
	return m
}

// model fills the form with what was typed.
func (h *Handlers) model(c *web.Ctx, k *appeal.Case, t typed) appealpage.Panel {
	ctx, id := c.Context(), string(k.ID)
	m := appealpage.Panel{
		Page: c.Page(i18n.T(ctx, "appeal.title")), CSRF: c.CSRF(), Number: k.Number.String(), Version: strconv.FormatInt(k.Version, 10),
		PostURL: link.CaseAppeal(id), CaseURL: link.Case(id), CloseURL: link.VerdictClose(id),
		Outcome: ui.Choices{Name: "outcome", ID: "appeal-outcome", Legend: i18n.T(ctx, "appeal.outcome")},
		Answer: ui.Field{Name: "answer", ID: "appeal-answer", Label: i18n.T(ctx, "appeal.answer"), Value: t.answer, Rows: 6,
			Hint: i18n.T(ctx, "appeal.answerHint", "language", i18n.OwnName(k.Language))},
	}
	if k.Language == "" {
		m.Answer.Hint = ""
	}
	for _, o := range review.AppealOutcomes {
		m.Outcome.Options = append(m.Outcome.Options, ui.Option{Value: string(o), Label: i18n.T(ctx, "appeal.act."+string(o)), Hint: i18n.T(ctx, "appeal.means."+string(o)), Selected: o == t.outcome})
	}
	return m
}

// check is the last look: what follows, and the message in the applicant's
// language, and in the reader's where that is another one.
func (h *Handlers) check(c *web.Ctx, k *appeal.Case, t typed) (*appealpage.Check, error) {
	ctx := c.Context()
	out := &appealpage.Check{
		Outcome: string(t.outcome), Answer: t.answer, Final: t.outcome == review.AppealDismissed,
		Consequences: []string{i18n.T(ctx, "appeal.follows."+string(t.outcome)), i18n.T(ctx, "appeal.follows.sent")},
	}
	languages := []string{k.Language}
	if i18n.Lang(ctx) != k.Language {
		languages = append(languages, i18n.Lang(ctx))
	}
	for i, lang := range languages {
		l, err := h.Appeal.Letter(ctx, c.Actor(), k.ID, t.outcome, t.answer, lang)
		if err != nil {
			return nil, err
		}
		key := "verdict.previewMain"
		if i > 0 {
			key = "verdict.previewOther"
		}
		letter := appealpage.Letter{Label: i18n.T(ctx, key, "language", i18n.OwnName(lang)), Lang: lang, Subject: l.Subject}
		for line := range strings.SplitSeq(l.Text, "\n") {
			if line = strings.TrimSpace(line); line != "" && line != "--" {
				letter.Lines = append(letter.Lines, line)
			}
		}
		out.Letters = append(out.Letters, letter)
	}
	return out, nil
}

// show renders the form into the workbench, or as a page of its own.
func show(c *web.Ctx, status int, m appealpage.Panel) error {
	if c.HTMX() {
		return c.Render(status, appealpage.Swap(m))
	}
	return c.Render(status, appealpage.FullPage(m))
}
