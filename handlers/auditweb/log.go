package auditweb

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/audit"
	"okno/review/field"
	"okno/views/auditpage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// eventTypes are offered by the filter, in the order of a submission's way.
var eventTypes = []review.EventType{
	review.EventCaseOpened, review.EventScanViewed, review.EventSearched, review.EventAuditRead, review.EventReportExported,
	review.EventClaimed, review.EventReleased, review.EventLeaseExpired, review.EventMarked, review.EventNoted,
	review.EventDecisionMade, review.EventDecisionUndone, review.EventEscalated, review.EventSecondReview, review.EventDisagreement,
	review.EventCorrectionRequested, review.EventApproved, review.EventRejected,
	review.EventDraftStarted, review.EventSectionSaved, review.EventDocumentUploaded, review.EventDocumentRemoved, review.EventConsentGiven,
	review.EventSubmitted, review.EventResubmitted, review.EventChecked, review.EventCheckBlocked, review.EventWithdrawn, review.EventExpired,
	review.EventRechecked, review.EventReread, review.EventFalseAlarm, review.EventTrueAlarm, review.EventPairViewed, review.EventPairJudged,
	review.EventParked, review.EventRecused, review.EventLinked, review.EventUnlinked, review.EventRuleSwitched,
	review.EventReminded, review.EventExtended, review.EventAppealMade, review.EventAppealAnswered, review.EventDisavowed,
	review.EventReinstateAsked, review.EventReinstateRefused, review.EventReinstated,
	review.EventAccountCreated, review.EventAccountActivated, review.EventContactConfirmed, review.EventContactChanged, review.EventPasswordSet, review.EventLanguageChosen,
	review.EventSignedIn, review.EventSignInFailed, review.EventSignedOut,
	review.EventStaffInvited, review.EventStaffEnrolled, review.EventStaffSignedIn, review.EventStaffSignedOut,
	review.EventStaffDisabled, review.EventStaffRoles, review.EventStaffResetAsked, review.EventStaffReset, review.EventStaffResetRefused,
}

// log answers GET /admin/audit.
func (h *Handlers) log(c *web.Ctx) error {
	ctx := c.Context()
	names, err := h.Staff.Names(ctx)
	if err != nil {
		return err
	}
	q := audit.Query{Case: strings.TrimSpace(c.Query("case"))}
	if t := review.EventType(c.Query("type")); slices.Contains(eventTypes, t) {
		q.Type = t
	}
	if who := c.Query("actor"); names[review.StaffID(who)] != "" {
		q.Actor = who
	}
	if before, err := strconv.ParseInt(c.Query("before"), 10, 64); err == nil && before > 0 {
		q.Before = before
	}
	m := auditpage.Log{
		Page: c.Page(i18n.T(ctx, "audit.title")), CSRF: c.CSRF(), Action: link.Audit(), Verify: link.AuditVerify(), Clear: link.Audit(),
		Case: ui.Field{Name: "case", Label: i18n.T(ctx, "audit.caseField"), Value: q.Case, Width: "10", InputMode: "numeric", Mono: true},
	}
	m.Page.Printed = i18n.T(ctx, "kit.printedBy", "time", i18n.DateTimeShort(ctx, c.Now()), "name", c.Actor().Name)
	h.state(ctx, &m)
	options(ctx, &m, q, names)
	fail := func(name, words string) {
		id := name
		switch name {
		case "case":
			m.Case.Error = words
		case "from", "to":
			box := &m.From
			if name == "to" {
				box = &m.To
			}
			box.Error, box.BadDay, box.BadMonth, box.BadYear = words, true, true, true
			id = box.FocusID()
		}
		m.Faults = append(m.Faults, ui.Fault{Field: id, Text: words})
	}
	box, first, wrong := date(c, "from")
	m.From = box
	if wrong {
		fail("from", i18n.T(ctx, "audit.badDate"))
	}
	box, last, wrong := date(c, "to")
	m.To = box
	if wrong {
		fail("to", i18n.T(ctx, "audit.badDate"))
	}
	var page audit.Page
	if len(m.Faults) == 0 {
		q.From = h.midnight(first)
		if !last.IsZero() {
			q.To = h.midnight(last.AddDays(1))
		}
		page, err = h.Audit.Read(ctx, c.Actor(), q)
		if found, ok := faults(err); ok {
			for _, f := range found {
				fail(f.Field, inputWords(ctx, f))
			}
		} else if err != nil {
			return err
		}
	}
	if len(m.Faults) > 0 {
		m.Page.ErrorPrefix = true
		return c.Unprocessable(auditpage.AuditLog(m))
	}
	m.Signed = i18n.T(ctx, "audit.unsigned")
	if s := page.Signed; s.Entries > 0 {
		m.Signed = i18n.T(ctx, "audit.signed", "n", s.Entries, "time", i18n.DateTimeShort(ctx, s.At))
	}
	pairs := []string{"type", string(q.Type), "actor", q.Actor, "case", q.Case, "from", first.String(), "to", last.String()}
	chips(ctx, &m, pairs, names, days(ctx, first, last))
	m.Table = entries(ctx, page, names)
	if n := len(page.Entries); n > 0 {
		m.Pager = ui.Pager{Text: i18n.T(ctx, "audit.older", "from", page.Entries[0].Seq, "to", page.Entries[n-1].Seq)}
		if page.Next > 0 {
			m.Pager.Next = link.AuditQuery(append(slices.Clone(pairs), "before", strconv.FormatInt(page.Next, 10))...)
		}
		if q.Before > 0 {
			m.Pager.Prev = link.AuditQuery(pairs...)
		}
	}
	return c.OK(auditpage.AuditLog(m))
}

func inputWords(ctx context.Context, f review.FieldFault) string {
	switch f.Code {
	case "number":
		return i18n.T(ctx, "audit.caseNumber")
	case "unknown":
		return i18n.T(ctx, "audit.caseUnknown")
	case "before-from":
		return i18n.T(ctx, "audit.beforeFrom")
	}
	return i18n.T(ctx, "audit.badDate")
}

func options(ctx context.Context, m *auditpage.Log, q audit.Query, names map[review.StaffID]string) {
	m.Types = []ui.Option{{Label: i18n.T(ctx, "audit.anyType")}}
	for _, t := range eventTypes {
		m.Types = append(m.Types, ui.Option{Value: string(t), Label: i18n.T(ctx, "audit.event."+string(t)), Selected: t == q.Type})
	}
	m.People = []ui.Option{{Label: i18n.T(ctx, "audit.anyActor")}}
	ids := slices.SortedFunc(maps.Keys(names), func(a, b review.StaffID) int {
		return cmp.Or(strings.Compare(names[a], names[b]), strings.Compare(string(a), string(b)))
	})
	for _, id := range ids {
		m.People = append(m.People, ui.Option{Value: string(id), Label: names[id], Selected: string(id) == q.Actor})
	}
}

// chips name the filters in force; each link leaves one out.
func chips(ctx context.Context, m *auditpage.Log, pairs []string, names map[review.StaffID]string, span string) {
	without := func(drop ...string) string {
		var rest []string
		for i := 0; i+1 < len(pairs); i += 2 {
			if !slices.Contains(drop, pairs[i]) {
				rest = append(rest, pairs[i], pairs[i+1])
			}
		}
		return link.AuditQuery(rest...)
	}
	if v := pairs[1]; v != "" {
		m.Chips = append(m.Chips, ui.Chip{Label: i18n.T(ctx, "audit.chipType", "value", i18n.T(ctx, "audit.event."+v)), Remove: without("type")})
	}
	if v := pairs[3]; v != "" {
		m.Chips = append(m.Chips, ui.Chip{Label: i18n.T(ctx, "audit.chipActor", "value", names[review.StaffID(v)]), Remove: without("actor")})
	}
	if v := pairs[5]; v != "" {
		m.Chips = append(m.Chips, ui.Chip{Label: i18n.T(ctx, "audit.chipCase", "value", v), Remove: without("case")})
	}
	if span != "" {
		m.Chips = append(m.Chips, ui.Chip{Label: i18n.T(ctx, "audit.chipDays", "value", span), Remove: without("from", "to")})
	}
}

// days words a span of days; an open end stays open.
func days(ctx context.Context, from, to field.Date) string {
	word := func(d field.Date) string {
		if d.IsZero() {
			return "…"
		}
		return d.Dotted()
	}
	if from.IsZero() && to.IsZero() {
		return ""
	}
	return word(from) + " — " + word(to)
}

// who names the actor of an entry without saying who an applicant is.
func who(ctx context.Context, e audit.Entry, names map[review.StaffID]string) string {
	switch {
	case e.Role == review.RoleSystem || e.Actor == "":
		if e.Role == review.RoleAnonymous {
			return i18n.T(ctx, "audit.anonymous")
		}
		return i18n.T(ctx, "audit.system")
	case e.Role == review.RoleApplicant || e.Role == review.RoleAccountHolder:
		return i18n.T(ctx, "audit.applicant")
	case names[review.StaffID(e.Actor)] != "":
		return names[review.StaffID(e.Actor)]
	}
	return i18n.T(ctx, "audit.former")
}

func roleWords(ctx context.Context, r review.Role) string {
	if key := "role." + string(r); i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	return ""
}

func entries(ctx context.Context, p audit.Page, names map[review.StaffID]string) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "audit.caption"), CaptionHidden: true, Rows: true, Wide: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "audit.seq"), Num: true}, {Label: i18n.T(ctx, "audit.time")}, {Label: i18n.T(ctx, "audit.type")},
		{Label: i18n.T(ctx, "audit.actor")}, {Label: i18n.T(ctx, "audit.role")}, {Label: i18n.T(ctx, "audit.caseColumn")}, {Label: i18n.T(ctx, "audit.what")},
	}}}
	for _, e := range p.Entries {
		number := ui.Cell{Text: p.Numbers[e.Submission].String()}
		if number.Text != "" {
			number.URL = link.AuditQuery("case", string(p.Numbers[e.Submission]))
		}
		what, codes := details(ctx, e, names)
		d.Body = append(d.Body, []ui.Cell{
			{Text: i18n.Number(ctx, e.Seq), Num: true, Head: true}, {Text: i18n.DateTimeShort(ctx, e.At)}, {Text: i18n.T(ctx, "audit.event."+string(e.Type))},
			{Text: who(ctx, e, names)}, {Text: roleWords(ctx, e.Role)}, number, {Text: what, Note: codes},
		})
	}
	return d
}

// wordsOf are the catalogues of the details that have words.
var wordsOf = map[string]string{"slot": "slot.", "outcome": "outcome.", "lane": "lane.", "track": "track.", "type": "audit.event."}

// details are what an entry says beside its type: in words what has words, such as
// status before and after, and the rest as the log's own codes.
func details(ctx context.Context, e audit.Entry, names map[review.StaffID]string) (words, codes string) {
	var parts, rest []string
	moved := e.Before != e.After && e.Before != "" && e.After != ""
	if moved {
		parts = append(parts, i18n.T(ctx, "status."+string(e.Before))+" → "+i18n.T(ctx, "status."+string(e.After)))
	}
	for _, r := range e.Reasons {
		rest = append(rest, string(r))
	}
	page := e.Detail["page"]
	for _, k := range slices.Sorted(maps.Keys(e.Detail)) {
		v := e.Detail[k]
		key := wordsOf[k] + v
		switch {
		case k == "outcome" && moved: // the status says it
		case k == "holder" && names[review.StaffID(v)] != "":
			parts = append(parts, i18n.T(ctx, "history.holder", "name", names[review.StaffID(v)]))
		case k == "slot" && page != "" && i18n.Has(key):
			parts = append(parts, i18n.T(ctx, "audit.pageOf", "slot", i18n.T(ctx, key), "page", page))
		case k == "page" && i18n.Has(wordsOf["slot"]+e.Detail["slot"]):
		case wordsOf[k] != "" && i18n.Has(key):
			parts = append(parts, i18n.T(ctx, key))
		default:
			rest = append(rest, k+"="+v)
		}
	}
	return strings.Join(parts, ", "), strings.Join(rest, " ")
}

// state tells what the last check of the whole log found.
func (h *Handlers) state(ctx context.Context, m *auditpage.Log) {
	v := h.Audit.Last()
	m.Running = v.Running
	switch {
	case v.Running:
		m.State = ui.Message{Kind: "info", Title: i18n.T(ctx, "audit.running"), Text: i18n.T(ctx, "audit.runningText")}
	case v.Ended.IsZero():
	case v.Failed:
		m.State = ui.Message{Kind: "warning", Title: i18n.T(ctx, "audit.failed"), Text: i18n.T(ctx, "audit.failedText")}
	case v.OK():
		m.State = ui.Message{Kind: "success", Title: i18n.T(ctx, "audit.ok", "n", v.Entries),
			Text: i18n.T(ctx, "audit.okText", "marks", v.Checkpoints, "time", i18n.DateTimeShort(ctx, v.Ended))}
	default:
		m.State = ui.Message{Kind: "danger", Title: i18n.T(ctx, "audit.broken"), Text: i18n.T(ctx, "audit.brokenText", "n", v.Entries)}
		for _, f := range v.Faults[:min(len(v.Faults), 20)] {
			what := i18n.T(ctx, "audit.problem-"+f.Problem)
			if f.Seq > 0 {
				m.Problems = append(m.Problems, i18n.T(ctx, "audit.problem", "seq", f.Seq, "what", what))
			} else {
				m.Problems = append(m.Problems, i18n.T(ctx, "audit.problemNoSeq", "what", what))
			}
		}
	}
}

// verify answers POST /admin/audit/verify.
func (h *Handlers) verify(c *web.Ctx) error {
	if err := h.Audit.Verify(c.Context(), c.Actor()); err != nil {
		return err
	}
	return c.Redirect(link.Audit())
}
