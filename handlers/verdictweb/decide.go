package verdictweb

import (
	"errors"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/queue"
	"okno/review/verdict"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// decide records the decision and opens the next case. What stands in the way is
// told in the panel, and everything that was written stays in it.
func (h *Handlers) decide(c *web.Ctx) error {
	id, outcome := review.SubmissionID(c.Param("id")), review.Outcome(c.Param("outcome"))
	t, err := read(c)
	if err != nil {
		return err
	}
	switch t.act {
	case "preview":
		return h.again(c, id, outcome, t, nil)
	case "claim":
		if _, err := h.Queue.Claim(c.Context(), c.Actor(), id); err != nil {
			return h.again(c, id, outcome, t, err)
		}
		return h.again(c, id, outcome, t, nil)
	}
	r, err := h.Verdict.Decide(c.Context(), c.Actor(), id, t.version, review.Decision{Outcome: outcome, Items: t.items, Note: t.note})
	switch review.KindOf(err) {
	case review.Invalid, review.Conflict:
		return h.again(c, id, outcome, t, err)
	}
	if err != nil {
		return err
	}
	return h.next(c, r, t)
}

// next leads to the next case, or back to the queue.
func (h *Handlers) next(c *web.Ctx, r verdict.Result, t typed) error {
	done := string(r.Submission.ID)
	if t.act != "next" {
		return c.Redirect(link.QueueAfter(done))
	}
	// The form knew to hold t.held cases, this one among them. A form sent twice
	// finds the case that the first sending took.
	held := -1
	if t.held > 0 {
		held = t.held - 1
	}
	s, err := h.Queue.TakeNext(c.Context(), c.Actor(), held)
	switch {
	case errors.Is(err, queue.ErrEmpty):
		return c.Redirect(link.QueueEmpty(done))
	case errors.Is(err, review.ErrForbidden):
		return c.Redirect(link.QueueAfter(done))
	case err != nil:
		return err
	}
	return c.Redirect(link.CaseAfter(string(s.ID), done))
}

// again shows the panel with everything that was typed, and with what went wrong.
func (h *Handlers) again(c *web.Ctx, id review.SubmissionID, outcome review.Outcome, t typed, cause error) error {
	p, err := h.Verdict.Panel(c.Context(), c.Actor(), id, outcome)
	if err != nil {
		return err
	}
	m, err := h.model(c, p, t)
	if err != nil {
		return err
	}
	status := 200
	switch review.KindOf(cause) {
	case review.Invalid:
		status = 422
		m.Page.ErrorPrefix = true
		faults(c.Context(), cause, &m)
	case review.Conflict, review.Forbidden:
		status = 409
		if err := h.problem(c, p, t, cause, &m); err != nil {
			return err
		}
	default:
		if cause != nil {
			return cause
		}
	}
	return show(c, status, m)
}

// problem words a conflict in the panel.
func (h *Handlers) problem(c *web.Ctx, p *verdict.Panel, t typed, cause error, m *verdictpage.Panel) error {
	ctx := c.Context()
	if errors.Is(cause, review.ErrStale) {
		if err := h.stale(c, p, t.version, m); err != nil {
			return err
		}
	} else {
		e, _ := errors.AsType[*review.Error](cause)
		m.Problem = &ui.Message{Kind: "warning", Live: true,
			Title: i18n.T(ctx, "error."+e.Code+".title"), Text: i18n.T(ctx, "error."+e.Code+".text", "holder", e.Holder) + " " + i18n.T(ctx, "verdict.kept")}
	}
	m.Claim = !p.Held
	return nil
}

// undo takes the actor's decision back and opens the case again.
func (h *Handlers) undo(c *web.Ctx) error {
	s, err := h.Verdict.Undo(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	return c.Redirect(link.CaseUndone(string(s.ID)))
}

const listSize = 50

// decisions lists one's own decisions.
func (h *Handlers) decisions(c *web.Ctx) error {
	ctx := c.Context()
	var before time.Time
	if at, err := time.Parse(time.RFC3339Nano, c.Query("before")); err == nil {
		before = at
	}
	made, err := h.Verdict.Decisions(ctx, c.Actor(), before, listSize+1)
	if err != nil {
		return err
	}
	m := verdictpage.List{Page: c.Page(i18n.T(ctx, "verdict.listTitle"))}
	if len(made) > listSize {
		made = made[:listSize]
		m.Pager.Next = link.MyDecisionsBefore(made[listSize-1].At.UTC().Format(time.RFC3339Nano))
	}
	if !before.IsZero() {
		m.Pager.Prev = link.MyDecisions()
	}
	now := c.Now()
	for _, d := range made {
		row := verdictpage.Made{
			Number: d.Number.String(), URL: link.Case(string(d.Submission)), Track: i18n.T(ctx, "track-short."+string(d.Track)), TrackLong: i18n.T(ctx, "track."+string(d.Track)),
			Outcome: i18n.T(ctx, "verdict.made."+string(d.Outcome)), At: i18n.DateTimeShort(ctx, d.At), Machine: i18n.Machine(d.At),
			Status: ui.StatusMark(c.Lang(), string(d.Status)), State: state(c, d),
		}
		if d.Undoable(now) {
			row.UndoURL = link.CaseAction(string(d.Submission), "undo")
			row.Until = i18n.Clock(ctx, d.EffectiveAt) + d.EffectiveAt.Format(":05")
		}
		m.Rows = append(m.Rows, row)
	}
	return c.OK(verdictpage.ListPage(m))
}

func state(c *web.Ctx, d verdict.Made) ui.Mark {
	text := i18n.T(c.Context(), "verdict.state."+string(d.State))
	switch d.State {
	case verdict.Pending:
		return ui.Mark{Kind: "info", Icon: "hourglass", Text: text}
	case verdict.Undone:
		return ui.Mark{Kind: "neutral", Icon: "undo-2", Text: text}
	default:
		return ui.Mark{Kind: "success", Text: text}
	}
}
