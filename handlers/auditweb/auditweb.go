// Package auditweb shows auditors the log and who opened papers, and support
// agents where a case stands.
package auditweb

import (
	"context"
	"errors"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/audit"
	"okno/review/field"
	"okno/review/support"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// Staff knows the names of colleagues, also of those who left.
type Staff interface {
	Names(ctx context.Context) (map[review.StaffID]string, error)
}

// Handlers are the routes of auditors and support agents. Zone decides which
// day it is; nil means UTC.
type Handlers struct {
	Audit   *audit.Service
	Support *support.Service
	Staff   Staff
	Zone    *time.Location
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Audit(), Action: review.ActAudit, Handler: h.log},
		{Method: "POST", Path: link.AuditVerify(), Action: review.ActAudit, Handler: h.verify},
		{Method: "GET", Path: link.AccessLog(), Action: review.ActAccessLog, Handler: h.access},
		{Method: "GET", Path: link.Support(), Action: review.ActSupport, Handler: h.support},
	}
}

// faults returns what is wrong with the input, if that is what err says.
func faults(err error) ([]review.FieldFault, bool) {
	e, ok := errors.AsType[*review.Error](err)
	if !ok || e.Kind != review.Invalid || len(e.Fields) == 0 {
		return nil, false
	}
	return e.Fields, true
}

// date reads one end: three boxes from the form, or one value from a link.
func date(c *web.Ctx, name string) (box ui.DateBoxes, d field.Date, wrong bool) {
	box = ui.DateBoxes{Name: name, Legend: map[string]string{"from": i18n.T(c.Context(), "audit.from"), "to": i18n.T(c.Context(), "audit.to")}[name], Day: c.Query(name + "-day"), Month: c.Query(name + "-month"), Year: c.Query(name + "-year")}
	if box.Day+box.Month+box.Year == "" {
		if c.Query(name) == "" {
			return box, d, false
		}
		d, faults := field.ParseDate(c.Query(name))
		if len(faults) > 0 {
			return box, field.Date{}, true
		}
		t := d.Time()
		box.Day, box.Month, box.Year = t.Format("2"), t.Format("1"), t.Format("2006")
		return box, d, false
	}
	d, found := field.DateBoxes(box.Day, box.Month, box.Year)
	return box, d, len(found) > 0
}

func (h *Handlers) midnight(d field.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	zone := h.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}
