package caseweb

import (
	"context"
	"errors"
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// forms puts the forms for what can be done beside the decision into the history.
func (h *Handlers) forms(c *web.Ctx, t *verdict.Timeline, m *casepage.Timeline) {
	ctx, id := c.Context(), string(t.ID)
	for _, l := range t.Links {
		m.Links = append(m.Links, casepage.Linked{Number: l.Number.String(), URL: link.Case(string(l.Case)), Track: i18n.T(ctx, "track-short."+string(l.Track)), Status: ui.StatusMark(c.Lang(), string(l.Status))})
	}
	if t.Options[verdict.Join].Allowed {
		m.LinkURL, m.Unlink = link.CaseAction(id, "link"), link.CaseAction(id, "unlink")
		m.LinkTo = ui.Field{Name: "number", ID: "link-number", Label: i18n.T(ctx, "history.linkNumber"), Hint: i18n.T(ctx, "history.linkHint"), Mono: true, Width: "20"}
	}
	if t.Options[verdict.Park].Allowed {
		m.ParkURL = link.CaseAction(id, "park")
	}
	if c.Posted() || m.ParkURL != "" {
		m.Reason = ui.Field{Name: "reason", ID: "park-reason", Label: i18n.T(ctx, "history.parkReason"), Hint: i18n.T(ctx, "history.parkReasonHint"), Rows: 2}
		m.Until = ui.Field{Name: "until", ID: "park-until", Label: i18n.T(ctx, "history.parkUntil"), Hint: i18n.T(ctx, "history.parkHint"), Width: "20"}
	}
	if t.Options[verdict.Recuse].Allowed {
		m.RecuseURL = link.CaseAction(id, "recuse")
	}
	if t.Parked != nil && t.Parked.Until.After(c.Now()) {
		m.Waits = i18n.T(ctx, "history.parked", "name", t.Parked.Name, "time", i18n.DateTimeShort(ctx, t.Parked.Until))
	}
}

// park puts the case aside.
func (h *Handlers) park(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id := c.Context(), c.Param("id")
	reason, typed := f.Value("reason"), strings.TrimSpace(f.Value("until"))
	until, parsed := moment(ctx, typed)
	if !parsed { // the domain refuses what is not later than now
		until = time.Time{}
	}
	_, err = h.Queue.Park(ctx, c.Actor(), review.SubmissionID(id), reason, until)
	switch review.KindOf(err) {
	case review.Invalid:
	case review.Conflict: // the case is no longer in these hands: what was written stays to be read
		return h.timeline(c, 409, func(m *casepage.Timeline) {
			e, _ := errors.AsType[*review.Error](err)
			m.Problem = &ui.Message{Kind: "warning", Live: true, Title: i18n.T(ctx, "error."+e.Code+".title"), Text: i18n.T(ctx, "error."+e.Code+".text", "holder", e.Holder) + " " + i18n.T(ctx, "history.kept"),
				Link: ui.Link{Label: i18n.T(ctx, "verdict.staleLink"), URL: link.Case(id)}}
			m.ParkURL, m.Reason.Value, m.Until.Value = link.CaseAction(id, "park"), reason, typed
		})
	default:
		if err != nil {
			return err
		}
		return c.Redirect(link.Queue())
	}
	return h.timeline(c, 422, func(m *casepage.Timeline) {
		m.Reason.Value, m.Until.Value = reason, typed
		for field, code := range faulty(err) {
			switch field {
			case "reason":
				m.Reason.Error = i18n.T(ctx, "history.fault.reason-"+code)
				m.Faults = append(m.Faults, ui.Fault{Field: m.Reason.ID, Text: m.Reason.Error})
			case "until":
				if !parsed {
					code = "date"
				}
				m.Until.Error = i18n.T(ctx, "history.fault."+code)
				m.Faults = append(m.Faults, ui.Fault{Field: m.Until.ID, Text: m.Until.Error})
			}
		}
	})
}

// faulty lists the faults of an error by field.
func faulty(err error) map[string]string {
	list := map[string]string{}
	if e, ok := errors.AsType[*review.Error](err); ok {
		for _, f := range e.Fields {
			list[f.Field] = f.Code
		}
	}
	return list
}

// morning is the hour of a day for which no time was given.
const morning = 9 * time.Hour

// moment reads a day, with or without a time, in the desk's zone.
func moment(ctx context.Context, typed string) (time.Time, bool) {
	typed = strings.Join(strings.Fields(typed), " ")
	for _, layout := range []string{"2.1.2006 15:04", time.DateOnly + " 15:04"} {
		if t, err := time.ParseInLocation(layout, typed, i18n.Zone(ctx)); err == nil {
			return t.UTC(), true
		}
	}
	for _, layout := range []string{"2.1.2006", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, typed, i18n.Zone(ctx)); err == nil {
			return t.Add(morning).UTC(), true
		}
	}
	return time.Time{}, false
}

// recuse gives the case back for good.
func (h *Handlers) recuse(c *web.Ctx) error {
	if _, err := h.Queue.Recuse(c.Context(), c.Actor(), review.SubmissionID(c.Param("id"))); err != nil {
		return err
	}
	return c.Redirect(link.Queue())
}

// link joins another case to this one.
func (h *Handlers) link(c *web.Ctx) error { return h.join(c, h.Verdict.Link) }

// unlink takes two cases apart.
func (h *Handlers) unlink(c *web.Ctx) error { return h.join(c, h.Verdict.Unlink) }

func (h *Handlers) join(c *web.Ctx, do func(ctx context.Context, actor review.Actor, id review.SubmissionID, number string) error) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	ctx, id, number := c.Context(), c.Param("id"), f.Value("number")
	err = do(ctx, c.Actor(), review.SubmissionID(id), number)
	if review.KindOf(err) == review.Invalid {
		return h.timeline(c, 422, func(m *casepage.Timeline) {
			m.LinkTo.Value, m.LinkTo.Error = number, i18n.T(ctx, "history.fault."+faulty(err)["number"])
			m.Faults = append(m.Faults, ui.Fault{Field: m.LinkTo.ID, Text: m.LinkTo.Error})
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.CaseHistory(id))
}
