package caseweb

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/handlers/web"
	"okno/review"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/layout"
	"okno/views/link"
	"okno/views/queuepage"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// open shows the workbench.
func (h *Handlers) open(c *web.Ctx) error {
	return h.show(c, 200, ui.Field{})
}

// show renders the workbench; note is the remark that could not be saved, if any.
func (h *Handlers) show(c *web.Ctx, status int, note ui.Field) error {
	ctx := c.Context()
	k, err := h.Verdict.Open(ctx, c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	m := h.model(c, k)
	if note.Error != "" {
		m.NoteForm.Value, m.NoteForm.Error = note.Value, note.Error
		m.Page.ErrorPrefix = true
	}
	if done := c.Query("done"); done != "" && done != string(k.ID) {
		made, err := h.Verdict.Recent(ctx, c.Actor(), review.SubmissionID(done))
		if err != nil {
			return err
		}
		if made != nil {
			m.Strip = verdictpage.NewStrip(ctx, string(made.Submission), made.Number.String(), made.Until(k.At), k.At, m.CSRF)
		}
	}
	if s := k.Sketch; s != nil && s.By != c.Actor().Staff {
		m.Notice = &ui.Message{Kind: "info", Text: i18n.T(ctx, "verdict.from", "name", s.Name, "time", i18n.DateTimeShort(ctx, s.At)),
			Link: ui.Link{Label: i18n.T(ctx, "verdict.title."+string(s.Outcome)), URL: link.Verdict(string(k.ID), string(s.Outcome))}}
	}
	if c.Query("undone") == "yes" && k.Mine && k.Pending == nil {
		m.Notice = &ui.Message{Kind: "success", Text: i18n.T(ctx, "case.undone"), Live: true}
	}
	if c.Query("answered") == "yes" && k.Mine && k.Appeal != nil && k.Appeal.By == c.Actor().Staff {
		m.Notice = &ui.Message{Kind: "success", Text: i18n.T(ctx, "appeal.back"), Live: true}
	}
	return c.Render(status, casepage.Page(m))
}

// model fills the page from the case.
func (h *Handlers) model(c *web.Ctx, k *verdict.Case) casepage.Model {
	ctx, id := c.Context(), string(k.ID)
	m := casepage.Model{
		Page: c.Page(i18n.T(ctx, "case.title", "number", k.Number.String())), CSRF: c.CSRF(), Version: strconv.FormatInt(k.Version, 10),
		Number: k.Number.String(), Status: string(k.Status), Lane: k.Lane.String(), Track: i18n.T(ctx, "track."+string(k.Track)),
		Country: verdict.Country(c.Lang(), k.Citizenship), Round: k.Round, History: link.CaseHistory(id),
	}
	m.Page.CSRF = m.CSRF
	due, state := queuepage.Due(ctx, k.DueAt, k.At)
	switch {
	case state == "late":
		m.Due, m.DueState = due, state
	case due != "":
		m.Due, m.DueState = i18n.T(ctx, "case.due", "time", due), state
	}
	if k.Masked {
		m.Sealed = sealed(c, k)
		return m
	}
	if k.Mine && k.Pending == nil {
		lease := leaseModel(c, id, k.Claim.LeaseUntil)
		m.Lease = &lease
	}
	m.Page.Scripts = layout.ViewerScripts
	m.MarkURL = link.CaseAction(id, "mark")
	marking := ""
	if k.Options[verdict.Mark].Allowed {
		marking = m.MarkURL
	}
	m.Scans = scans(ctx, k, c.Query("show"))
	m.Rows, m.HasRead = rows(ctx, k, marking)
	h.ledger(c, k, &m)
	m.Asked = askedRows(ctx, k)
	m.Changed = changes(ctx, k)
	m.Appeal = objection(c, k)
	m.First = first(ctx, k)
	m.Notes = notes(ctx, k.Notes)
	if k.Options[verdict.Note].Allowed {
		m.NoteURL = link.CaseAction(id, "note")
	}
	m.NoteForm = noteField(c)
	m.Mention = h.mentionable(c)
	m.Bar = bar(ctx, k)
	return m
}

func noteField(c *web.Ctx) ui.Field {
	ctx := c.Context()
	return ui.Field{Name: "note", ID: "case-note", Label: i18n.T(ctx, "case.noteLabel"), Hint: i18n.T(ctx, "case.noteHint"), Rows: 2,
		Attrs: map[string]any{"data-key": "O", "aria-keyshortcuts": "O"}}
}

// sealed says why the papers are closed and what can be done.
func sealed(c *web.Ctx, k *verdict.Case) *casepage.Sealed {
	ctx, id := c.Context(), string(k.ID)
	s := &casepage.Sealed{Title: i18n.T(ctx, "case.sealed"), Text: i18n.T(ctx, "case.sealedText")}
	claim := k.Options[verdict.Claim]
	switch {
	case claim.Allowed:
		s.ClaimURL = link.CaseAction(id, "claim")
	case claim.Holder != "":
		s.Title = i18n.T(ctx, "case.held", "name", claim.Holder)
		s.Text = i18n.T(ctx, "case.heldText", "time", i18n.Clock(ctx, k.Claim.LeaseUntil))
	case k.Appeal.Open():
		s.Text = sentence(i18n.T(ctx, "case.why.appeal"))
	case i18n.Has("case.why." + claim.Why):
		s.Text = sentence(i18n.T(ctx, "case.why."+claim.Why))
	}
	if k.Options[verdict.ReleaseAny].Allowed {
		s.ReleaseURL = link.CaseAction(id, "release-any")
	}
	return s
}

// sentence makes one of words that elsewhere stand behind a colon.
func sentence(words string) string {
	first, n := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[n:] + "."
}

// mark records the verdict on one row and answers with that row.
func (h *Handlers) mark(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	word, name, _ := strings.Cut(f.Value("mark"), "=")
	target, ok := review.ParseTarget(name)
	if !ok {
		return review.Faulty(review.FieldFault{Field: "target", Code: "unknown"})
	}
	ctx, id := c.Context(), c.Param("id")
	s, err := h.Verdict.Mark(ctx, c.Actor(), review.SubmissionID(id), target, word)
	if err == nil && !c.HTMX() || review.KindOf(err) == review.Conflict && c.HTMX() {
		return c.Redirect(link.Case(id)) // done, or the case page tells why not
	}
	if err != nil {
		return err
	}
	field, doc, err := h.Verdict.Target(ctx, c.Actor(), s, target)
	if err != nil {
		return err
	}
	url := link.CaseAction(id, "mark")
	var r casepage.Row
	if field != nil {
		r = fieldRow(ctx, *field, url, verdict.HasRead(s))
	} else {
		r = documentRow(ctx, id, *doc, url, verdict.HasRead(s))
	}
	return c.OK(casepage.Marked(r, s.Wrong(), strconv.FormatInt(s.Version, 10)))
}

// note adds a remark and answers with all of them.
func (h *Handlers) note(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id := c.Context(), c.Param("id")
	text := f.Value("note")
	s, err := h.Verdict.AddNote(ctx, c.Actor(), review.SubmissionID(id), text, review.StaffID(f.Value("mention")))
	if review.KindOf(err) == review.Invalid {
		field := noteField(c)
		field.Value, field.Error = text, i18n.T(ctx, "case.noteEmpty")
		if strings.TrimSpace(text) != "" {
			field.Error = i18n.T(ctx, "case.noteLong", "n", review.MaxNote)
		}
		if !c.HTMX() {
			return h.show(c, 422, field)
		}
		return h.notes(c, id, field, nil)
	}
	if err != nil {
		return err
	}
	if !c.HTMX() {
		return c.Redirect(link.Case(id))
	}
	return h.notes(c, id, noteField(c), s)
}

// notes answers with the list of remarks and its form. saved is the case after the
// new remark, nil when it could not be saved.
func (h *Handlers) notes(c *web.Ctx, id string, field ui.Field, saved *review.Submission) error {
	ctx, status, s := c.Context(), 200, saved
	if s == nil {
		var err error
		status = 422
		if s, err = h.Verdict.Store.Submission(ctx, review.SubmissionID(id)); err != nil {
			return err
		}
	}
	list, err := h.Verdict.Notes(ctx, c.Actor(), s)
	if err != nil {
		return err
	}
	m := casepage.Model{CSRF: c.CSRF(), Notes: notes(ctx, list), NoteURL: link.CaseAction(id, "note"), NoteForm: field, Mention: h.mentionable(c)}
	if saved == nil {
		return c.Render(status, casepage.NoteList(m))
	}
	return c.Render(status, casepage.Noted(m, strconv.FormatInt(s.Version, 10)))
}
