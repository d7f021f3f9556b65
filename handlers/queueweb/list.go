package queueweb

import (
	"context"
	"errors"
	"strconv"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/queue"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/queuepage"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// filter reads the address, or the query of a form that came from the page. What
// is unknown is left out.
func filter(c *web.Ctx) queue.Filter { return filterOf(c.Query) }

func filterOf(value func(name string) string) queue.Filter {
	f := queue.Filter{
		Tab: queue.Waiting, Citizenship: citizenship(value("citizenship")),
		After: queue.ParseCursor(value("after")),
	}
	for _, t := range queue.Tabs {
		if value("tab") == string(t) {
			f.Tab = t
		}
	}
	for _, t := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		if value("track") == string(t) {
			f.Track = t
		}
	}
	for _, l := range lanes {
		if value("lane") == l.String() {
			f.Lane = l.String()
		}
	}
	for _, d := range queue.Dues {
		if value("due") == string(d) {
			f.Due = d
		}
	}
	return f
}

var lanes = []review.Lane{review.LaneAttention, review.LaneNormal, review.LaneGreen}

// citizenship accepts a code of three capital letters.
func citizenship(s string) string {
	if len(s) != 3 {
		return ""
	}
	for _, r := range s {
		if r < 'A' || r > 'Z' {
			return ""
		}
	}
	return s
}

// address is the queue with the filter; change edits a copy of it first.
func address(f queue.Filter, change func(*queue.Filter)) string {
	f.After = queue.Cursor{}
	if change != nil {
		change(&f)
	}
	tab := string(f.Tab)
	if f.Tab == queue.Waiting {
		tab = ""
	}
	return link.QueueView(tab, string(f.Track), f.Citizenship, f.Lane, string(f.Due), f.After.String())
}

func newsAddress(f queue.Filter, since time.Time, shown int) string {
	return link.QueueNewsSince(string(f.Tab), string(f.Track), f.Citizenship, f.Lane, string(f.Due), strconv.FormatInt(since.UnixMilli(), 10), strconv.Itoa(shown))
}

func (h *Handlers) list(c *web.Ctx) error { return h.show(c, 200, "", nil) }

// show renders the queue; name and fault are of a view that could not be saved.
func (h *Handlers) show(c *web.Ctx, status int, name string, fault error) error {
	ctx, f := c.Context(), filter(c)
	p, err := h.Queue.List(ctx, c.Actor(), f)
	if err != nil {
		return err
	}
	m := queuepage.Model{
		Page: c.Page(i18n.T(ctx, "queue.title")), Tab: string(f.Tab), Action: link.Queue(),
		Held: p.Held, Updated: i18n.Clock(ctx, p.At) + p.At.In(i18n.Zone(ctx)).Format(":05"),
		News:        queuepage.News{URL: newsAddress(f, p.At, 0), Refresh: address(f, nil)},
		NothingLeft: c.Query("left") == "none",
	}
	if f.Tab == queue.Appeals && c.Query("answered") == "yes" {
		m.Notice = &ui.Message{Kind: "success", Text: i18n.T(ctx, "appeal.sent"), Live: true}
	}
	if h.Queue.Gate.Allow(c.Actor(), review.ActTakeNext) == nil {
		m.TakeURL = link.TakeNext()
	}
	for i, n := range m.Page.Nav {
		if n.URL == link.Queue() {
			m.Page.Nav[i].Count = i18n.Number(ctx, int64(p.Counts[queue.Waiting]))
		}
	}
	for _, t := range p.Tabs {
		m.Tabs = append(m.Tabs, queuepage.Tab{
			Label: i18n.T(ctx, "queue.tab."+string(t)), Count: i18n.Number(ctx, int64(p.Counts[t])), Current: t == f.Tab,
			URL: address(f, func(f *queue.Filter) { f.Tab = t }),
		})
	}
	m.Filters, m.Chips = choices(ctx, f, p), chips(ctx, f)
	m.Clear = address(queue.Filter{Tab: f.Tab}, nil)
	for _, r := range p.Rows {
		line := row(ctx, r, c.Actor(), p.At)
		if !p.Free && !r.TakesUp(c.Actor().Staff) {
			line.URL = "" // handed out by the line
		}
		m.Rows = append(m.Rows, line)
	}
	m.Empty = empty(ctx, f, len(m.Chips) > 0, m.Clear)
	if f.After.ID != "" {
		m.Pager.Prev = address(f, nil) // back to the first page
	}
	if p.Next.ID != "" {
		m.Pager.Next = address(f, func(f *queue.Filter) { f.After = p.Next })
	}
	if len(m.Chips) == 0 && f.After.ID == "" && len(p.Rows) > 0 {
		m.Pager.Text = i18n.T(ctx, "kit.range", "from", 1, "to", len(p.Rows), "total", p.Counts[f.Tab])
	}
	if done := c.Query("done"); done != "" {
		made, err := h.Verdict.Recent(ctx, c.Actor(), review.SubmissionID(done))
		if err != nil {
			return err
		}
		if made != nil {
			m.Strip = verdictpage.NewStrip(ctx, string(made.Submission), made.Number.String(), made.Until(p.At), p.At, c.CSRF())
		}
	}
	if err := h.saved(c, f, name, fault, &m); err != nil {
		return err
	}
	return c.Render(status, queuepage.Page(m))
}

// row is one line of the table.
func row(ctx context.Context, r queue.Row, actor review.Actor, now time.Time) queuepage.Row {
	out := queuepage.Row{
		Number: r.Number.String(), URL: link.Case(string(r.ID)),
		Track: i18n.T(ctx, "track-short."+string(r.Track)), TrackLong: i18n.T(ctx, "track."+string(r.Track)),
		Country: queue.Country(i18n.Lang(ctx), r.Citizenship), DueTime: i18n.Machine(r.DueAt),
		Lane: ui.LaneMark(i18n.Lang(ctx), r.Lane.String()), Round: strconv.Itoa(r.Round), Notes: r.Notes,
		Holder: r.HolderName, Mine: r.Holder == actor.Staff && r.Holder != "",
	}
	out.Due, out.DueState = queuepage.Due(ctx, r.DueAt, now)
	switch {
	case r.Holds > 0:
		out.Checks = i18n.T(ctx, "queue.holds", "n", r.Holds)
	case r.Raised > 0 && r.Lane != review.LaneGreen: // false alarms are no remarks
		out.Checks = i18n.T(ctx, "queue.raised", "n", r.Raised)
	}
	if r.Holder != "" && !r.Pending && !now.Before(r.LeaseUntil) { // the sweep will come by in a moment
		out.Holder, out.Mine = "", false
	}
	switch {
	case r.Status == review.Rejected:
		out.Mark = ui.Mark{Kind: "warning", Icon: "gavel", Text: i18n.T(ctx, "queue.appealWaits")}
	case r.Status == review.CorrectionRequested:
		out.Mark = ui.Mark{Kind: "neutral", Icon: "hourglass", Text: i18n.T(ctx, "queue.waitsApplicant")}
	case r.ParkedUntil.After(now):
		out.Mark = ui.Mark{Kind: "neutral", Icon: "hourglass", Text: i18n.T(ctx, "queue.parked", "time", i18n.DateTimeShort(ctx, r.ParkedUntil))}
	case r.ReservedUntil.After(now) && r.ReservedFor == actor.Staff:
		out.Mark = ui.Mark{Kind: "info", Icon: "repeat", Text: i18n.T(ctx, "queue.reservedMine", "time", i18n.Clock(ctx, r.ReservedUntil))}
	case r.ReservedUntil.After(now):
		out.Mark = ui.Mark{Kind: "neutral", Icon: "repeat", Text: i18n.T(ctx, "queue.reserved")}
	case r.Appeal && !r.Pending && r.Status != review.SecondReview:
		out.Mark = ui.Mark{Kind: "warning", Icon: "gavel", Text: i18n.T(ctx, "queue.appeal")}
	case r.Pending:
		out.Mark = ui.Mark{Kind: "info", Icon: "hourglass", Text: i18n.T(ctx, "queue.pending")}
	case r.Status == review.SecondReview && r.Arbiter:
		out.Mark = ui.Mark{Kind: "warning", Icon: "gavel", Text: i18n.T(ctx, "queue.arbiter")}
	case r.Status == review.SecondReview && r.FirstOutcome == review.Escalate:
		out.Mark = ui.Mark{Kind: "warning", Icon: "flag", Text: i18n.T(ctx, "queue.escalated")}
	case r.Status == review.SecondReview:
		out.Mark = ui.Mark{Kind: "info", Icon: "users", Text: i18n.T(ctx, "queue.fourEyes")}
	}
	return out
}

func choices(ctx context.Context, f queue.Filter, p queue.Page) []ui.Choices {
	track := ui.Choices{Name: "track", Legend: i18n.T(ctx, "queue.track"), Empty: i18n.T(ctx, "queue.any")}
	for _, t := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		track.Options = append(track.Options, ui.Option{Value: string(t), Label: i18n.T(ctx, "track."+string(t)), Selected: t == f.Track})
	}
	from := ui.Choices{Name: "citizenship", Legend: i18n.T(ctx, "queue.citizenship"), Empty: i18n.T(ctx, "queue.any")}
	known := false
	for _, code := range p.Citizenships {
		known = known || code == f.Citizenship
		from.Options = append(from.Options, ui.Option{Value: code, Label: queue.Country(i18n.Lang(ctx), code), Selected: code == f.Citizenship})
	}
	if f.Citizenship != "" && !known { // nobody from there waits any more; the filter stays what it was
		from.Options = append(from.Options, ui.Option{Value: f.Citizenship, Label: queue.Country(i18n.Lang(ctx), f.Citizenship), Selected: true})
	}
	due := ui.Choices{Name: "due", Legend: i18n.T(ctx, "queue.due"), Empty: i18n.T(ctx, "queue.any")}
	for _, d := range queue.Dues {
		due.Options = append(due.Options, ui.Option{Value: string(d), Label: i18n.T(ctx, "queue.due."+string(d)), Selected: d == f.Due})
	}
	lane := ui.Choices{Name: "lane", Legend: i18n.T(ctx, "queue.checks"), Empty: i18n.T(ctx, "queue.any")}
	for _, l := range lanes {
		lane.Options = append(lane.Options, ui.Option{Value: l.String(), Label: i18n.T(ctx, "queue.lane."+l.String()), Selected: l.String() == f.Lane})
	}
	return []ui.Choices{track, from, due, lane}
}

// chips shows the filters in force, each with the address without it.
func chips(ctx context.Context, f queue.Filter) (list []ui.Chip) {
	add := func(name, value string, off func(*queue.Filter)) {
		list = append(list, ui.Chip{Label: name + ": " + value, Remove: address(f, off)})
	}
	if f.Track != "" {
		add(i18n.T(ctx, "queue.track"), i18n.T(ctx, "track."+string(f.Track)), func(f *queue.Filter) { f.Track = "" })
	}
	if f.Citizenship != "" {
		add(i18n.T(ctx, "queue.citizenship"), queue.Country(i18n.Lang(ctx), f.Citizenship), func(f *queue.Filter) { f.Citizenship = "" })
	}
	if f.Due != "" {
		add(i18n.T(ctx, "queue.due"), i18n.T(ctx, "queue.due."+string(f.Due)), func(f *queue.Filter) { f.Due = "" })
	}
	if f.Lane != "" {
		add(i18n.T(ctx, "queue.checks"), i18n.T(ctx, "queue.lane."+f.Lane), func(f *queue.Filter) { f.Lane = "" })
	}
	return list
}

func empty(ctx context.Context, f queue.Filter, filtered bool, clear string) ui.Empty {
	if filtered {
		return ui.Empty{Icon: "list-filter", Title: i18n.T(ctx, "queue.emptyFiltered"), Text: i18n.T(ctx, "queue.emptyFilteredText"), Link: ui.Link{Label: i18n.T(ctx, "kit.filterClear"), URL: clear}}
	}
	return ui.Empty{Icon: "inbox", Title: i18n.T(ctx, "queue.empty."+string(f.Tab)), Text: i18n.T(ctx, "queue.emptyText."+string(f.Tab))}
}

// news tells how many cases came in since the page was made: 204 when the page
// says so already.
func (h *Handlers) news(c *web.Ctx) error {
	f := filter(c)
	ms, err := strconv.ParseInt(c.Query("since"), 10, 64)
	if err != nil || ms <= 0 {
		return c.NoContent()
	}
	since := time.UnixMilli(ms).UTC()
	n, err := h.Queue.News(c.Context(), c.Actor(), f, since)
	if err != nil {
		return err
	}
	if strconv.Itoa(n) == c.Query("shown") {
		return c.NoContent()
	}
	return c.OK(queuepage.NewsLine(queuepage.News{URL: newsAddress(f, since, n), Refresh: address(f, nil), Count: n}))
}

// take claims the next case and opens it.
func (h *Handlers) take(c *web.Ctx) error {
	form, err := c.Form()
	if err != nil {
		return err
	}
	held, err := strconv.Atoi(form.Value("held"))
	if err != nil {
		held = -1
	}
	s, err := h.Queue.TakeNext(c.Context(), c.Actor(), held)
	if errors.Is(err, queue.ErrEmpty) {
		return c.Redirect(link.QueueEmpty(""))
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.Case(string(s.ID)))
}
