package reportweb

import (
	"context"
	"errors"
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/activity"
	"okno/review/field"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/reportpage"
	"okno/views/ui"
)

// show answers GET /reports/activity.
func (h *Handlers) show(c *web.Ctx) error {
	a := h.asked(c)
	r, err := h.Activity.Report(c.Context(), c.Actor(), a.query)
	if e, ok := errors.AsType[*review.Error](err); ok && e.Kind == review.Invalid {
		return c.Unprocessable(reportpage.Report(h.model(c, a, e.Fields)))
	}
	if err != nil {
		return err
	}
	names, err := h.Staff.Names(c.Context())
	if err != nil {
		return err
	}
	m := h.model(c, a, nil)
	fill(c.Context(), &m, r, names)
	return c.OK(reportpage.Report(m))
}

// model is the page without figures: periods, form and what is wrong with it.
func (h *Handlers) model(c *web.Ctx, a asked, faults []review.FieldFault) reportpage.Model {
	ctx := c.Context()
	track := string(a.query.Track)
	m := reportpage.Model{Page: c.Page(i18n.T(ctx, "report.title")), Action: link.Report(), Widest: link.ReportPeriod(month30, track)}
	m.Page.ErrorPrefix = len(faults) > 0
	m.Page.Printed = i18n.T(ctx, "kit.printedBy", "time", i18n.DateTimeShort(ctx, c.Now()), "name", c.Actor().Name)
	for _, t := range []struct{ period, label string }{
		{today, i18n.T(ctx, "report.today")}, {week, i18n.T(ctx, "report.week")},
		{month30, i18n.T(ctx, "report.month30")}, {month, i18n.T(ctx, "report.month")},
	} {
		m.Tabs = append(m.Tabs, reportpage.Tab{Label: t.label, URL: link.ReportPeriod(t.period, track), Current: a.period == t.period})
	}
	m.Tracks = []ui.Option{
		{Value: "", Label: i18n.T(ctx, "report.allTracks"), Selected: track == ""},
		{Value: string(review.ForeignCitizen), Label: i18n.T(ctx, "track.foreign-citizen"), Selected: a.query.Track == review.ForeignCitizen},
		{Value: string(review.FromAbroad), Label: i18n.T(ctx, "track.from-abroad"), Selected: a.query.Track == review.FromAbroad},
	}
	m.From = ui.DateBoxes{Name: "from", Legend: i18n.T(ctx, "report.from"), Day: a.from.day, Month: a.from.month, Year: a.from.year}
	m.To = ui.DateBoxes{Name: "to", Legend: i18n.T(ctx, "report.to"), Day: a.to.day, Month: a.to.month, Year: a.to.year}
	for _, f := range faults {
		words := i18n.T(ctx, "report.badDate")
		switch f.Code {
		case "before-from":
			words = i18n.T(ctx, "report.beforeFrom")
		case "too-long":
			words = i18n.T(ctx, "report.tooLong")
		}
		box := &m.From
		if f.Field == "to" {
			box = &m.To
		}
		box.Error, box.BadDay, box.BadMonth, box.BadYear = words, true, true, true
		m.Faults = append(m.Faults, ui.Fault{Field: box.FocusID(), Text: words})
	}
	if len(faults) == 0 {
		m.Period = i18n.T(ctx, "report.period", "from", longDay(ctx, a.query.From), "to", longDay(ctx, a.query.To))
		if a.query.From == a.query.To {
			m.Period = longDay(ctx, a.query.From)
		}
		if h.Gate.Allow(c.Actor(), review.ActReportExport) == nil {
			m.CSV = link.ReportDaysCSV(a.query.From, a.query.To, track)
		}
	}
	return m
}

func day(s string) time.Time {
	d, _ := field.ParseDate(s) // the query was checked
	return d.Time().Add(12 * time.Hour)
}

func longDay(ctx context.Context, s string) string  { return i18n.Date(ctx, day(s)) }
func shortDay(ctx context.Context, s string) string { return i18n.DateShort(ctx, day(s)) }

// fill writes the figures into the page.
func fill(ctx context.Context, m *reportpage.Model, r activity.Report, names map[review.StaffID]string) {
	m.Empty = r.Received+r.Resubmitted+r.Decided()+r.Withdrawn+r.Expired+r.PassedOn+r.Appealed+r.Appeals() == 0 && len(r.Reviewers) == 0
	m.Figures = figures(ctx, r)
	m.Chart = chart(ctx, r)
	m.Days = days(ctx, r)
	m.Within = within(ctx, r)
	m.Reasons = reasons(ctx, r)
	m.Reviewers = reviewers(ctx, r, names)
	m.Groups = groups(ctx, i18n.T(ctx, "report.track"), r.Tracks, func(code string) string { return i18n.T(ctx, "track."+code) })
	m.Citizenships = groups(ctx, i18n.T(ctx, "report.citizenship"), r.Citizenships, func(code string) string { return country(ctx, code) })
	m.Open = open(ctx, r)
}

func count(ctx context.Context, n int) string { return i18n.Number(ctx, int64(n)) }

func number(ctx context.Context, n int) ui.Cell { return ui.Cell{Text: count(ctx, n), Num: true} }

func share(ctx context.Context, part, whole int) string {
	if whole == 0 {
		return i18n.T(ctx, "report.noTimes")
	}
	return i18n.Percent(ctx, float64(part)/float64(whole))
}

func figures(ctx context.Context, r activity.Report) []ui.Number {
	times := func(label string, t activity.Times) ui.Number {
		if t.N == 0 {
			return ui.Number{Label: label, Value: i18n.T(ctx, "report.noTimes")}
		}
		return ui.Number{Label: label, Value: i18n.Duration(ctx, t.Median), Note: i18n.T(ctx, "report.p90", "time", i18n.Duration(ctx, t.P90))}
	}
	list := []ui.Number{
		{Label: i18n.T(ctx, "report.received"), Value: count(ctx, r.Received), Note: i18n.T(ctx, "report.receivedNote", "n", r.Resubmitted)},
		{Label: i18n.T(ctx, "report.decided"), Value: count(ctx, r.Decided()), Note: i18n.T(ctx, "report.decidedNote", "approved", r.Approved, "rejected", r.Rejected, "corrections", r.Corrections)},
		{Label: i18n.T(ctx, "report.inTime"), Value: share(ctx, r.InTime(), r.Final()), Note: i18n.T(ctx, "report.inTimeNote", "in", r.InTime(), "all", r.Final())},
		times(i18n.T(ctx, "report.toClaim"), r.Claim),
		times(i18n.T(ctx, "report.toDecide"), r.Decide),
		times(i18n.T(ctx, "report.desk"), r.Desk),
		{Label: i18n.T(ctx, "report.firstPass"), Value: share(ctx, r.FirstPass, r.Final()), Note: i18n.T(ctx, "report.firstPassNote", "in", r.FirstPass, "all", r.Final())},
	}
	rounds := ui.Number{Label: i18n.T(ctx, "report.rounds"), Value: i18n.T(ctx, "report.noTimes"), Note: i18n.T(ctx, "report.roundsNote")}
	if r.Final() > 0 {
		rounds.Value = i18n.Decimal(ctx, float64(r.Rounds)/float64(r.Final()), 2)
	}
	appeals := ui.Number{Label: i18n.T(ctx, "report.appeals"), Value: count(ctx, r.Appeals()),
		Note: i18n.T(ctx, "report.appealsNote", "made", r.Appealed, "upheld", r.AppealsUpheld, "partly", r.AppealsPartly, "dismissed", r.AppealsDismissed)}
	return append(list, rounds, appeals)
}

func columns(first string, rest ...string) []ui.Column {
	list := []ui.Column{{Label: first}}
	for _, label := range rest {
		list = append(list, ui.Column{Label: label, Num: true, Named: true})
	}
	return list
}

func days(ctx context.Context, r activity.Report) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "report.days"), CaptionHidden: true, Columns: columns(
		i18n.T(ctx, "report.day"), i18n.T(ctx, "report.received"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected"))}}
	for _, x := range r.Days {
		d.Body = append(d.Body, []ui.Cell{{Text: shortDay(ctx, x.Day), Head: true},
			number(ctx, x.Received), number(ctx, x.Approved), number(ctx, x.Corrections), number(ctx, x.Rejected)})
	}
	d.Foot = []ui.Cell{{Text: i18n.T(ctx, "report.total"), Head: true},
		number(ctx, r.Received), number(ctx, r.Approved), number(ctx, r.Corrections), number(ctx, r.Rejected)}
	return d
}

func within(ctx context.Context, r activity.Report) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "report.within"), CaptionHidden: true, Columns: columns(
		i18n.T(ctx, "report.limit"), i18n.T(ctx, "report.cases"), i18n.T(ctx, "report.share"))}}
	for _, w := range r.Within {
		d.Body = append(d.Body, []ui.Cell{{Text: i18n.T(ctx, "report.upTo", "time", i18n.Duration(ctx, w.Limit)), Head: true},
			number(ctx, w.N), {Text: share(ctx, w.N, r.Final()), Num: true}})
	}
	d.Foot = []ui.Cell{{Text: i18n.T(ctx, "report.total"), Head: true}, number(ctx, r.Final()), {Num: true}}
	return d
}

func reasonWords(ctx context.Context, code review.ReasonCode) string {
	if x, ok := review.Reasons().Reason(code); ok {
		return x.StaffLabel.In(i18n.Lang(ctx))
	}
	return string(code)
}

func reasons(ctx context.Context, r activity.Report) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "report.reasons"), CaptionHidden: true, Rows: true, Columns: columns(
		i18n.T(ctx, "report.reason"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.total"))}}
	for _, x := range r.Reasons {
		d.Body = append(d.Body, []ui.Cell{{Text: reasonWords(ctx, x.Code), Head: true},
			number(ctx, x.Corrections), number(ctx, x.Rejections), number(ctx, x.Total())})
	}
	return d
}

func median(ctx context.Context, t activity.Times) ui.Cell {
	if t.N == 0 {
		return ui.Cell{Text: "—", Num: true}
	}
	return ui.Cell{Text: i18n.Duration(ctx, t.Median), Num: true}
}

func person(ctx context.Context, names map[review.StaffID]string, id string) string {
	if name := names[review.StaffID(id)]; name != "" {
		return name
	}
	return i18n.T(ctx, "report.formerReviewer")
}

func reviewers(ctx context.Context, r activity.Report, names map[review.StaffID]string) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "report.reviewers"), CaptionHidden: true, Rows: true, Wide: true, Columns: columns(
		i18n.T(ctx, "report.reviewer"), i18n.T(ctx, "report.decided"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"),
		i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.median"), i18n.T(ctx, "report.passedOn"), i18n.T(ctx, "report.released"), i18n.T(ctx, "report.leasesLost"))}}
	for _, x := range r.Reviewers {
		d.Body = append(d.Body, []ui.Cell{{Text: person(ctx, names, x.Staff), Head: true},
			number(ctx, x.Decided()), number(ctx, x.Approved), number(ctx, x.Corrections), number(ctx, x.Rejected),
			median(ctx, x.Decide), number(ctx, x.PassedOn), number(ctx, x.Released), number(ctx, x.LeasesLost)})
	}
	return d
}

func country(ctx context.Context, code string) string {
	if x, ok := field.CountryByCode(code); ok {
		return x.Name(i18n.Lang(ctx))
	}
	return strings.ToUpper(code)
}

func groups(ctx context.Context, label string, list []activity.Group, name func(string) string) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: label, CaptionHidden: true, Rows: true, Columns: columns(label,
		i18n.T(ctx, "report.received"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.median"))}}
	for _, x := range list {
		text := i18n.T(ctx, "report.unknownGroup")
		if x.Code != "" {
			text = name(x.Code)
		}
		d.Body = append(d.Body, []ui.Cell{{Text: text, Head: true},
			number(ctx, x.Received), number(ctx, x.Approved), number(ctx, x.Corrections), number(ctx, x.Rejected), median(ctx, x.Desk)})
	}
	return d
}

func open(ctx context.Context, r activity.Report) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "report.openText"), Columns: columns(i18n.T(ctx, "report.limit"), i18n.T(ctx, "report.cases"))}}
	last := time.Duration(0)
	for _, x := range r.Open {
		text := i18n.T(ctx, "report.over", "time", i18n.Duration(ctx, last))
		if x.Limit > 0 {
			text = i18n.T(ctx, "report.upTo", "time", i18n.Duration(ctx, x.Limit))
			last = x.Limit
		}
		d.Body = append(d.Body, []ui.Cell{{Text: text, Head: true}, number(ctx, x.N)})
	}
	d.Foot = []ui.Cell{{Text: i18n.T(ctx, "report.total"), Head: true}, number(ctx, r.OpenTotal())}
	return d
}
