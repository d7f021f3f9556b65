// Package searchweb is the HTTP side of the search. A query is posted, kept for
// a while on the server, and answered with the address of its results: what was
// typed stands in no address, and back and reload work.
package searchweb

import (
	"context"
	"errors"
	"strconv"

	"okno/handlers/web"
	"okno/review"
	"okno/review/field"
	"okno/review/search"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/searchpage"
	"okno/views/ui"
)

// Handlers answers the requests of the search.
type Handlers struct {
	Search *search.Service
}

// Routes lists the routes of the search.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Search(), Action: review.ActSearch, Handler: h.show},
		{Method: "POST", Path: link.Search(), Action: review.ActSearch, Handler: h.ask},
	}
}

// page is the form, filled with what was asked for.
func page(c *web.Ctx, text string, birth ui.DateBoxes) searchpage.Model {
	ctx := c.Context()
	m := searchpage.Model{
		Page: c.Page(i18n.T(ctx, "search.title")), Action: link.Search(), Birth: birth,
		Text: ui.Field{
			Name: "text", Label: i18n.T(ctx, "search.text"), Hint: i18n.T(ctx, "search.textHint"), Value: text, Width: "20", Autocomplete: "off",
			Attrs: map[string]any{"data-key": "/", "aria-keyshortcuts": "/", "spellcheck": "false"},
		},
	}
	m.Birth.Name, m.Birth.Legend = "birth", i18n.T(ctx, "search.birth")
	for i := range m.Page.Nav { // the key goes into the box here
		if m.Page.Nav[i].URL == link.Search() {
			m.Page.Nav[i].Key = ""
		}
	}
	return m
}

// ask answers POST /desk/search.
func (h *Handlers) ask(c *web.Ctx) error {
	ctx := c.Context()
	form, err := c.Form()
	if err != nil {
		return err
	}
	m := page(c, form.Value("text"), ui.DateBoxes{Day: form.Value("birth-day"), Month: form.Value("birth-month"), Year: form.Value("birth-year")})
	q := search.Query{Text: m.Text.Value}
	if m.Birth.Day+m.Birth.Month+m.Birth.Year != "" {
		d, faults := field.DateBoxes(m.Birth.Day, m.Birth.Month, m.Birth.Year)
		if len(faults) > 0 {
			return refused(c, m, review.FieldFault{Field: "birth", Code: "not-a-date"})
		}
		q.Birth = d.String()
	}
	id, err := h.Search.Ask(ctx, c.Actor(), q)
	if e, ok := errors.AsType[*review.Error](err); ok && e.Kind == review.Invalid && len(e.Fields) > 0 {
		return refused(c, m, e.Fields[0])
	}
	if errors.Is(err, search.ErrTooOften) {
		m.Notice = &ui.Message{Kind: "warning", Title: i18n.T(ctx, "search.tooOften"), Text: i18n.T(ctx, "search.tooOftenText"), Live: true}
		return c.Render(429, searchpage.Page(m))
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.SearchResults(id, ""))
}

// refused shows the form again with what is wrong.
func refused(c *web.Ctx, m searchpage.Model, f review.FieldFault) error {
	ctx := c.Context()
	words := i18n.T(ctx, "search.fault-"+f.Code)
	m.Page.ErrorPrefix = true
	if f.Field == "birth" {
		m.Birth.Error = words
		m.Faults = []ui.Fault{{Field: m.Birth.FocusID(), Text: words}}
	} else {
		m.Text.Error = words
		m.Faults = []ui.Fault{{Field: "text", Text: words}}
	}
	return c.Unprocessable(searchpage.Page(m))
}

// show answers GET /desk/search: the empty form, or a page of results.
func (h *Handlers) show(c *web.Ctx) error {
	ctx, id := c.Context(), c.Query("s")
	if id == "" {
		return c.OK(searchpage.Page(page(c, "", ui.DateBoxes{})))
	}
	number, _ := strconv.Atoi(c.Query("page")) // anything else is the first page
	p, err := h.Search.Show(ctx, c.Actor(), id, number)
	if errors.Is(err, search.ErrOver) {
		m := page(c, "", ui.DateBoxes{})
		m.Notice = &ui.Message{Kind: "info", Title: i18n.T(ctx, "search.over"), Text: i18n.T(ctx, "search.overText"), Live: true}
		return c.OK(searchpage.Page(m))
	}
	if err != nil {
		return err
	}
	return c.OK(searchpage.Page(results(c, id, p)))
}

func results(c *web.Ctx, id string, p search.Page) searchpage.Model {
	ctx := c.Context()
	var birth ui.DateBoxes
	if d, faults := field.ParseDate(p.Birth); p.Birth != "" && len(faults) == 0 {
		t := d.Time()
		birth = ui.DateBoxes{Day: t.Format("2"), Month: t.Format("1"), Year: t.Format("2006")}
	}
	m := page(c, p.Text, birth)
	m.Asked = true
	m.Found = i18n.T(ctx, "kit.found", "n", p.Total)
	if p.More {
		m.Found = i18n.T(ctx, "search.more", "n", search.MaxFound)
		narrow := i18n.T(ctx, "search.narrow")
		if p.Birth == "" {
			narrow = i18n.T(ctx, "search.addBirth")
		}
		m.Notice = &ui.Message{Kind: "info", Title: m.Found, Text: narrow}
	}
	if p.Beginning && p.Total > 0 {
		m.Note = i18n.T(ctx, "search.beginning")
	}
	for _, r := range p.Rows {
		m.Rows = append(m.Rows, line(ctx, c.Lang(), r))
	}
	turn := func(n int) string {
		if n < 1 || n > p.Pages {
			return ""
		}
		return link.SearchResults(id, strconv.Itoa(n))
	}
	m.Pager = ui.Pager{Label: i18n.T(ctx, "search.caption"), Prev: turn(p.Number - 1), Next: turn(p.Number + 1)}
	if len(p.Rows) > 0 {
		from := (p.Number-1)*search.PageSize + 1
		m.Pager.Text = i18n.T(ctx, "kit.range", "from", from, "to", min(from+search.PageSize-1, p.Total), "total", p.Total)
	}
	return m
}

func line(ctx context.Context, lang string, r search.Row) searchpage.Row {
	row := searchpage.Row{
		Number: r.Number.String(), URL: link.Case(string(r.ID)), Name: r.Name, Document: r.Document, Birth: r.Birth,
		Track: i18n.T(ctx, "track-short."+string(r.Track)), TrackLong: i18n.T(ctx, "track."+string(r.Track)),
		Country: r.Citizenship, Status: string(r.Status), Sent: i18n.DateShort(ctx, r.SubmittedAt), SentTime: i18n.Machine(r.SubmittedAt),
		Holder: r.HolderName, Mine: r.Mine,
	}
	if country, ok := field.CountryByCode(r.Citizenship); ok {
		row.Country = country.Name(lang)
	}
	if d, faults := field.ParseDate(r.Birth); len(faults) == 0 {
		row.Birth = i18n.DateShort(ctx, d.Time())
	}
	return row
}
