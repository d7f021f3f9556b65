package verdictweb

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/verdict"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// panel opens the decision panel for an outcome.
func (h *Handlers) panel(c *web.Ctx) error {
	id := review.SubmissionID(c.Param("id"))
	if c.Param("outcome") == "close" {
		if c.HTMX() {
			return c.Text(200, "")
		}
		return c.Redirect(link.Case(string(id)))
	}
	p, err := h.Verdict.Panel(c.Context(), c.Actor(), id, review.Outcome(c.Param("outcome")))
	if err != nil {
		return err
	}
	if !p.Held || !p.Option.Allowed { // nothing was written yet: the case page says why
		return c.Redirect(link.Case(string(id)))
	}
	m, err := h.model(c, p, begun(p))
	if err != nil {
		return err
	}
	if seen, err := strconv.ParseInt(c.Query("version"), 10, 64); err == nil && seen != p.Version {
		if err := h.stale(c, p, seen, &m); err != nil {
			return err
		}
	}
	return show(c, 200, m)
}

// begun is what the panel opens with: what was being written when it was last
// open, by whomever, or else what the marks propose.
func begun(p *verdict.Panel) typed {
	t := typed{version: p.Version, items: p.Proposed}
	if k := p.Sketch; k != nil {
		t.note = k.Note
		if k.Outcome == p.Outcome && len(k.Items) > 0 {
			t.items = k.Items
		}
	}
	return t
}

// sketch keeps what is being written. It answers nothing: the page stays as it is, also
// when the verdict has just been given or the lease has ended, for then there is nothing
// to keep; the decision itself tells people so.
func (h *Handlers) sketch(c *web.Ctx) error {
	t, err := read(c)
	if err != nil {
		return err
	}
	id, outcome := review.SubmissionID(c.Param("id")), review.Outcome(c.Param("outcome"))
	if _, err := h.Verdict.KeepSketch(c.Context(), c.Actor(), id, review.Sketch{Outcome: outcome, Items: t.items, Note: t.note}); err != nil {
		var known *review.Error
		if c.HTMX() && errors.As(err, &known) && known.Kind == review.Conflict {
			return c.NoContent()
		}
		return err
	}
	if !c.HTMX() {
		return c.Redirect(link.Verdict(string(id), string(outcome)))
	}
	return c.NoContent()
}

// show renders the panel into the workbench, or as a page of its own.
func show(c *web.Ctx, status int, m verdictpage.Panel) error {
	if c.HTMX() {
		return c.Render(status, verdictpage.Swap(m))
	}
	return c.Render(status, verdictpage.FullPage(m))
}

// model fills the panel with what was typed.
func (h *Handlers) model(c *web.Ctx, p *verdict.Panel, t typed) (verdictpage.Panel, error) {
	ctx, id, outcome := c.Context(), string(p.ID), string(p.Outcome)
	held, err := h.Queue.Held(ctx, c.Actor())
	if err != nil {
		return verdictpage.Panel{}, err
	}
	m := verdictpage.Panel{
		CSRF: c.CSRF(), Number: p.Number.String(), Outcome: outcome,
		Title: i18n.T(ctx, "verdict.title."+outcome), Lead: i18n.T(ctx, "verdict.lead."+outcome),
		Version: strconv.FormatInt(p.Version, 10), PostURL: link.Verdict(id, outcome), ShowURL: link.VerdictPreview(id, outcome),
		CloseURL: link.VerdictClose(id), CaseURL: link.Case(id), Final: p.Outcome == review.Reject,
		Next: h.Queue.Gate.Allow(c.Actor(), review.ActTakeNext) == nil, Held: strconv.Itoa(held),
		Note: ui.Field{Name: "note", ID: "verdict-note", Label: i18n.T(ctx, "verdict.note"), Value: t.note, Rows: 3, Hint: noteHint(ctx, p)},
	}
	m.Page = c.Page(m.Title)
	m.SketchURL = link.VerdictSketch(id, outcome)
	if k := p.Sketch; k != nil && k.By != c.Actor().Staff {
		m.From = i18n.T(ctx, "verdict.from", "name", k.Name, "time", i18n.DateTimeShort(ctx, k.At))
	}
	if !p.AnswerBy.IsZero() {
		m.AnswerBy = i18n.T(ctx, "verdict.answerBy", "date", i18n.Date(ctx, p.AnswerBy))
	}
	if len(p.Grounds) > 0 {
		m.Lead = i18n.T(ctx, "verdict.leadSecond") + " " + grounds(ctx, p.Grounds)
	}
	for _, g := range p.Groups {
		m.Groups = append(m.Groups, group(ctx, g, t))
	}
	if len(m.Groups) > 0 && !anyOpen(m.Groups) {
		m.Groups[0].Open = true
	}
	m.Preview, err = h.texts(c, p, t.items)
	return m, err
}

// grounds words why a second person looks.
func grounds(ctx context.Context, list []review.Ground) string {
	var words []string
	for _, g := range list {
		words = append(words, i18n.T(ctx, "verdict.ground."+string(g)))
	}
	return strings.Join(words, " ")
}

func anyOpen(groups []verdictpage.Group) bool {
	for _, g := range groups {
		if g.Open {
			return true
		}
	}
	return false
}

func noteHint(ctx context.Context, p *verdict.Panel) string {
	switch {
	case p.Outcome == review.Escalate:
		return i18n.T(ctx, "verdict.noteEscalate")
	case p.Outcome == review.Approve && p.Holds > 0:
		return i18n.T(ctx, "verdict.noteHolds", "n", p.Holds)
	case p.Outcome == review.Approve && p.Wrong > 0:
		return i18n.T(ctx, "verdict.noteWrong", "n", p.Wrong)
	default:
		return i18n.T(ctx, "verdict.noteHint")
	}
}

func group(ctx context.Context, g verdict.ReasonGroup, t typed) verdictpage.Group {
	out := verdictpage.Group{Target: g.Target.String(), Label: web.TargetName(ctx, g.Target), Open: g.Wrong}
	if g.Wrong {
		out.Mark = ui.Mark{Kind: "danger", Text: i18n.T(ctx, "case.marked")}
	}
	for _, r := range g.Reasons {
		details, ticked := t.has(g.Target, r.Code)
		out.Open = out.Open || ticked
		item := verdictpage.Item{
			Value: value(g.Target, r.Code), ID: id("r", g.Target, r.Code), Label: r.StaffLabel.In(i18n.Lang(ctx)),
			Checked: ticked, Box: t.box(g.Target, r.Code), FourEyes: r.FourEyes, NoteToo: r.NoteRequired,
		}
		if r.Asks != review.AskNothing {
			item.Details = &ui.Field{Name: detailsName(g.Target, r.Code), ID: id("d", g.Target, r.Code), Label: i18n.T(ctx, "verdict.details."+string(r.Asks)), Value: details}
		}
		out.Items = append(out.Items, item)
	}
	return out
}

// texts previews what the applicant reads: in the applicant's language first.
func (h *Handlers) texts(c *web.Ctx, p *verdict.Panel, items []review.Item) (verdictpage.Preview, error) {
	ctx := c.Context()
	languages := []string{"ru", "en"}
	if p.Language == "en" {
		languages = []string{"en", "ru"}
	}
	var out verdictpage.Preview
	for i, lang := range languages {
		key := "verdict.previewMain"
		if i > 0 {
			key = "verdict.previewOther"
		}
		col := verdictpage.Column{Label: i18n.T(ctx, key, "language", i18n.OwnName(lang)), Lang: lang}
		switch p.Outcome {
		case review.Approve:
			col.Lines = []verdictpage.Line{{Text: i18n.Text(lang, "notice.approved.text")}}
		case review.Escalate:
			return out, nil
		default:
			lines, err := h.Verdict.Preview(ctx, c.Actor(), p.ID, p.Outcome, items, lang)
			if errors.Is(err, review.ErrNotClaimed) {
				return out, nil
			}
			if err != nil {
				return out, err
			}
			for _, l := range lines {
				col.Lines = append(col.Lines, verdictpage.Line{Heading: web.TargetName(i18n.With(ctx, lang), l.Item.Target), Text: l.Text, Missing: l.Missing != review.AskNothing})
			}
		}
		if len(col.Lines) > 0 {
			out.Columns = append(out.Columns, col)
		}
	}
	return out, nil
}

// preview answers with the applicant's texts for what is ticked now.
func (h *Handlers) preview(c *web.Ctx) error {
	t, err := read(c)
	if err != nil {
		return err
	}
	p, err := h.Verdict.Panel(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")), review.Outcome(c.Param("outcome")))
	if err != nil {
		return err
	}
	texts, err := h.texts(c, p, t.items)
	if err != nil {
		return err
	}
	if c.HTMX() {
		return c.OK(verdictpage.PreviewText(texts))
	}
	m, err := h.model(c, p, t)
	if err != nil {
		return err
	}
	return show(c, 200, m)
}

// stale tells that the case changed since the given version, and by whom.
func (h *Handlers) stale(c *web.Ctx, p *verdict.Panel, version int64, m *verdictpage.Panel) error {
	ctx := c.Context()
	entries, err := h.Verdict.Since(ctx, c.Actor(), p.ID, version)
	if err != nil {
		return err
	}
	for _, e := range entries {
		who := e.Name
		if who == "" {
			who = i18n.T(ctx, "history.role."+string(e.Role))
		}
		m.Since = append(m.Since, i18n.Clock(ctx, e.At)+" · "+i18n.T(ctx, "history.event."+string(e.Type))+" · "+who)
	}
	m.Problem = &ui.Message{Kind: "warning", Title: i18n.T(ctx, "verdict.staleTitle"), Text: i18n.T(ctx, "verdict.staleText"), Live: true,
		Link: ui.Link{Label: i18n.T(ctx, "verdict.staleLink"), URL: link.Case(string(p.ID))}}
	return nil
}

// faults puts the words for what is wrong beside the fields.
func faults(ctx context.Context, err error, m *verdictpage.Panel) {
	e, ok := errors.AsType[*review.Error](err)
	if !ok {
		return
	}
	for _, f := range e.Fields {
		words := i18n.T(ctx, "verdict.fault."+f.Code)
		if f.Code == "empty" && len(m.Groups) > 0 {
			words = i18n.T(ctx, "verdict.fault.no-reason")
		}
		fault := ui.Fault{Field: "reasons", Text: words}
		switch {
		case f.Field == "note":
			m.Note.Error = words
			fault.Field = m.Note.ID
		case strings.HasPrefix(f.Field, "reason."):
			fault.Field = mark(m, strings.TrimPrefix(f.Field, "reason."), words)
		}
		if fault.Field == "reasons" {
			m.ReasonsError = words
		}
		m.Faults = append(m.Faults, fault)
	}
}

// mark shows the words at the reason and returns the id of the field to go to.
func mark(m *verdictpage.Panel, reason, words string) string {
	for i := range m.Groups {
		for j := range m.Groups[i].Items {
			item := &m.Groups[i].Items[j]
			if strings.Replace(item.Value, "|", ".", 1) != reason {
				continue
			}
			m.Groups[i].Open = true
			if item.Details != nil {
				item.Details.Error = words
				return item.Details.ID
			}
			return item.ID
		}
	}
	return "reasons"
}
