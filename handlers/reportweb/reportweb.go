// Package reportweb shows the supervisor's activity report, as a page and as a
// file.
package reportweb

import (
	"context"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/activity"
	"okno/review/field"
	"okno/views/link"
)

// Activity answers for a period.
type Activity interface {
	Report(ctx context.Context, by review.Actor, q activity.Query) (activity.Report, error)
	Export(ctx context.Context, by review.Actor, q activity.Query) (activity.Report, error)
}

// Staff knows the names of colleagues, also of those who left.
type Staff interface {
	Names(ctx context.Context) (map[review.StaffID]string, error)
}

// Handlers are the routes of the report. Zone decides which day it is; nil
// means UTC.
type Handlers struct {
	Activity Activity
	Staff    Staff
	Gate     review.Gate
	Zone     *time.Location
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Report(), Action: review.ActReport, Handler: h.show},
		{Method: "GET", Path: link.ReportCSV(), Action: review.ActReportExport, Handler: h.download},
	}
}

// asked is what the address asks for: a ready period, two dates, or the parts
// of two dates from the form.
type asked struct {
	period   string
	query    activity.Query
	from, to parts
}

type parts struct {
	day, month, year string
	fault            bool
}

func (p parts) typed() bool { return p.day != "" || p.month != "" || p.year != "" }

// The ready periods.
const (
	today   = "today"
	week    = "week"
	month30 = "month30"
	month   = "month"
	custom  = "custom"
)

func (h *Handlers) asked(c *web.Ctx) asked {
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	now := c.Now().In(zone)
	a := asked{period: c.Query("period"), query: activity.Query{Track: review.Track(c.Query("track"))}}
	a.from = parts{c.Query("from-day"), c.Query("from-month"), c.Query("from-year"), false}
	a.to = parts{c.Query("to-day"), c.Query("to-month"), c.Query("to-year"), false}
	switch from, to := c.Query("from"), c.Query("to"); {
	case a.from.typed() || a.to.typed():
		a.period = custom
		a.query.From, a.from.fault = a.from.read()
		a.query.To, a.to.fault = a.to.read()
	case from != "" || to != "":
		a.period = custom
		a.query.From, a.query.To = from, to
	default:
		a.ready(now)
	}
	if a.query.Track != review.ForeignCitizen && a.query.Track != review.FromAbroad {
		a.query.Track = ""
	}
	if !a.from.typed() {
		a.from = split(a.query.From)
	}
	if !a.to.typed() {
		a.to = split(a.query.To)
	}
	return a
}

// ready sets one of the ready periods, thirty days if nothing else is said.
func (a *asked) ready(now time.Time) {
	from := now
	switch a.period {
	case today:
	case week:
		from = now.AddDate(0, 0, -6)
	case month:
		from = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, now.Location())
	default:
		a.period, from = month30, now.AddDate(0, 0, -29)
	}
	a.query.From, a.query.To = from.Format(time.DateOnly), now.Format(time.DateOnly)
}

func (p parts) read() (day string, fault bool) {
	d, faults := field.DateBoxes(p.day, p.month, p.year)
	return d.String(), len(faults) > 0
}

func split(day string) parts {
	d, faults := field.ParseDate(day)
	if len(faults) > 0 {
		return parts{fault: day != ""}
	}
	t := d.Time()
	return parts{day: t.Format("2"), month: t.Format("1"), year: t.Format("2006")}
}
