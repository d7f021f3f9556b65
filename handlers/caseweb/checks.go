package caseweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/check"
	"okno/review/field"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// ledger fills the checks of the page. Whoever holds the case may run them again and
// call one a false alarm.
func (h *Handlers) ledger(c *web.Ctx, k *verdict.Case, m *casepage.Model) {
	ctx, id := c.Context(), string(k.ID)
	m.Checks = checks(ctx, k.Checks)
	for i := range k.Checks {
		if at := k.Checks[i].At; !at.IsZero() {
			m.CheckedAt = i18n.T(ctx, "case.checks.at", "time", i18n.DateTimeShort(ctx, at))
			break
		}
	}
	if !k.Mine || k.Pending != nil || h.Checks == nil {
		return
	}
	m.AgainURL = link.CaseAction(id, "checks")
	for i := range m.Checks {
		row, entry := &m.Checks[i], k.Checks[i]
		if twin := entry.Values["twin"]; twin != "" {
			row.Other = link.Duplicate(id, twin)
		}
		if !entry.Raised() || entry.Print == "" {
			continue
		}
		url := link.CaseAction(id, "alarm")
		if row.Alarm != nil {
			row.Alarm.UndoURL = url
		} else if entry.Effect == review.Hold {
			row.AlarmURL = url
			row.Form = alarmField(ctx, row.Print)
		}
	}
}

func alarmField(ctx context.Context, print string) ui.Field {
	return ui.Field{Name: "alarm", ID: "alarm-" + print, Label: i18n.T(ctx, "case.alarm.label"), Hint: i18n.T(ctx, "case.alarm.hint"), Rows: 2}
}

// recheck runs the checks of the case in hand again.
func (h *Handlers) recheck(c *web.Ctx) error {
	id := c.Param("id")
	if _, err := h.Checks.Recheck(c.Context(), c.Actor(), review.SubmissionID(id)); err != nil {
		return err
	}
	return c.Redirect(link.CaseChecks(id))
}

// alarm records or takes back that a check is mistaken. A missing reason is asked for
// at the check itself.
func (h *Handlers) alarm(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id := c.Context(), c.Param("id")
	print, note := f.Value("print"), f.Value("alarm")
	if f.Value("undo") == "yes" {
		_, err = h.Checks.TrueAlarm(ctx, c.Actor(), review.SubmissionID(id), print)
	} else {
		_, err = h.Checks.FalseAlarm(ctx, c.Actor(), review.SubmissionID(id), print, note)
	}
	if review.KindOf(err) == review.Invalid {
		return h.askAgain(c, print, note)
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.CaseChecks(id))
}

// askAgain shows the workbench with the form of one check open and its fault.
func (h *Handlers) askAgain(c *web.Ctx, print, note string) error {
	ctx := c.Context()
	k, err := h.Verdict.Open(ctx, c.Actor(), review.SubmissionID(c.Param("id")))
	if err != nil {
		return err
	}
	m := h.model(c, k)
	m.Page.ErrorPrefix = true
	fault := i18n.T(ctx, "case.alarm.empty")
	if strings.TrimSpace(note) != "" {
		fault = i18n.T(ctx, "case.noteLong", "n", review.MaxNote)
	}
	for i := range m.Checks {
		if row := &m.Checks[i]; row.Print == print && row.AlarmURL != "" {
			row.Open, row.Form.Value, row.Form.Error = true, note, fault
		}
	}
	return c.Unprocessable(casepage.Page(m))
}

func checks(ctx context.Context, list []review.Check) (out []casepage.Check) {
	for n, c := range list {
		row := casepage.Check{ID: "check-" + strconv.Itoa(n), Code: string(c.Verdict), Text: c.Code, Print: c.Print,
			Hold: c.Standing() && c.Effect == review.Hold, Eyes: c.Raised() && c.FourEyes, Number: c.Values["case"]}
		if i18n.Has("check." + c.Code) {
			row.Text = i18n.T(ctx, "check."+c.Code)
		}
		if c.Target != (review.Target{}) {
			if name := web.TargetName(ctx, c.Target); name != row.Text {
				row.Text += " · " + name
			}
		}
		row.Detail = finding(ctx, c)
		if c.Raised() && (slices.Contains(printed, c.Code)) {
			row.Typed, row.Read = display(ctx, c.Target.Field, c.Values["typed"]), display(ctx, c.Target.Field, c.Values["read"])
		}
		if c.Rule != "" {
			row.Rule = i18n.T(ctx, "case.checks.rule", "version", c.Rule)
		}
		if a := c.Alarm; a != nil {
			row.Alarm = &casepage.Alarm{Name: a.Name, Time: i18n.DateTimeShort(ctx, a.At), Machine: i18n.Machine(a.At), Note: a.Note}
		}
		out = append(out, row)
	}
	return out
}

// printed are the checks that set two values beside each other.
var printed = []string{
	check.MRZName, check.MRZBirthDate, check.MRZNumber, check.MRZCitizenship, check.MRZExpiry, check.MRZSex, check.MRZIssue, check.StayPrint,
}

// finding is what a check has to say, in words: its own, or those of the rule by which
// two values were compared.
func finding(ctx context.Context, c review.Check) string {
	if c.Reason == "" {
		return ""
	}
	if key := "check." + c.Code + "." + c.Reason; i18n.Has(key) {
		return i18n.T(ctx, key)
	}
	if slices.Contains(field.CompareRules, c.Reason) {
		return i18n.T(ctx, "compare."+c.Reason)
	}
	return ""
}
