package auditweb

import (
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/auditpage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// access answers GET /admin/access.
func (h *Handlers) access(c *web.Ctx) error {
	ctx := c.Context()
	m := auditpage.Lookup{
		Page: c.Page(i18n.T(ctx, "audit.accessTitle")), Action: link.AccessLog(),
		Case: ui.Field{Name: "case", Label: i18n.T(ctx, "audit.caseField"), Value: strings.TrimSpace(c.Query("case")), Width: "10", InputMode: "numeric", Mono: true},
	}
	m.Page.Printed = i18n.T(ctx, "kit.printedBy", "time", i18n.DateTimeShort(ctx, c.Now()), "name", c.Actor().Name)
	if m.Case.Value == "" {
		return c.OK(auditpage.Access(m))
	}
	number, views, err := h.Audit.Access(ctx, c.Actor(), m.Case.Value)
	if found, ok := faults(err); ok {
		m.Case.Error = inputWords(ctx, found[0])
		m.Faults, m.Page.ErrorPrefix = []ui.Fault{{Field: "case", Text: m.Case.Error}}, true
		return c.Unprocessable(auditpage.Access(m))
	}
	if err != nil {
		return err
	}
	m.Number = number.String()
	m.Table.Grid = ui.Grid{Caption: i18n.T(ctx, "audit.accessCaption"), CaptionHidden: true, Rows: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "audit.time")}, {Label: i18n.T(ctx, "audit.role")}, {Label: i18n.T(ctx, "audit.page")}}}
	for _, v := range views {
		what := i18n.T(ctx, "audit.wholeCase")
		if v.Type == review.EventScanViewed {
			what = i18n.T(ctx, "audit.pageOnly", "page", v.Detail["page"])
			if key := "slot." + v.Detail["slot"]; i18n.Has(key) {
				what = i18n.T(ctx, "audit.pageOf", "slot", i18n.T(ctx, key), "page", v.Detail["page"])
			}
		}
		role := roleWords(ctx, v.Role)
		if role == "" {
			role = i18n.T(ctx, "audit.applicant")
		}
		m.Table.Body = append(m.Table.Body, []ui.Cell{{Text: i18n.DateTimeShort(ctx, v.At), Head: true}, {Text: role}, {Text: what}})
	}
	return c.OK(auditpage.Access(m))
}

// support answers GET /desk/support.
func (h *Handlers) support(c *web.Ctx) error {
	ctx := c.Context()
	m := auditpage.Lookup{
		Page: c.Page(i18n.T(ctx, "support.title")), Action: link.Support(),
		Case: ui.Field{Name: "case", Label: i18n.T(ctx, "support.caseField"), Value: strings.TrimSpace(c.Query("case")), Width: "10", InputMode: "numeric", Mono: true},
	}
	if m.Case.Value == "" {
		return c.OK(auditpage.Support(m))
	}
	told, err := h.Support.Case(ctx, c.Actor(), m.Case.Value)
	if found, ok := faults(err); ok {
		m.Case.Error = i18n.T(ctx, "support.number")
		if found[0].Code == "unknown" {
			m.Case.Error = i18n.T(ctx, "support.unknown")
		}
		m.Faults, m.Page.ErrorPrefix = []ui.Fault{{Field: "case", Text: m.Case.Error}}, true
		return c.Unprocessable(auditpage.Support(m))
	}
	if err != nil {
		return err
	}
	m.Number, m.Status = told.Number.String(), string(told.Status)
	row := func(key, value string) { m.Rows = append(m.Rows, ui.Row{Key: key, Value: value}) }
	when := func(key string, t time.Time) {
		if !t.IsZero() {
			row(key, i18n.DateTime(ctx, t))
		}
	}
	row(i18n.T(ctx, "support.track"), i18n.T(ctx, "track."+string(told.Track)))
	row(i18n.T(ctx, "support.waiting"), i18n.T(ctx, "party."+string(told.WaitingOn)))
	when(i18n.T(ctx, "support.started"), told.StartedAt)
	when(i18n.T(ctx, "support.sent"), told.SentAt)
	when(i18n.T(ctx, "support.changed"), told.ChangedAt)
	when(i18n.T(ctx, "support.due"), told.DueAt)
	when(i18n.T(ctx, "support.correctionDue"), told.CorrectionDue)
	if told.OpenItems > 0 {
		row(i18n.T(ctx, "support.items"), i18n.Number(ctx, int64(told.OpenItems)))
	}
	when(i18n.T(ctx, "support.closed"), told.ClosedAt)
	m.Table.Grid = ui.Grid{Caption: i18n.T(ctx, "support.caption"), CaptionHidden: true, Rows: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "support.time")}, {Label: i18n.T(ctx, "support.kind")}, {Label: i18n.T(ctx, "support.channel")}, {Label: i18n.T(ctx, "support.state")}}}
	for _, x := range told.Messages {
		kind := "support.kind-" + string(x.Kind)
		if !i18n.Has(kind) {
			kind = "support.kind-other"
		}
		m.Table.Body = append(m.Table.Body, []ui.Cell{{Text: i18n.DateTimeShort(ctx, x.At), Head: true}, {Text: i18n.T(ctx, kind)},
			{Text: i18n.T(ctx, "support.channel-"+string(x.Channel))}, {Text: i18n.T(ctx, "support.state-"+x.State)}})
	}
	return c.OK(auditpage.Support(m))
}
