package caseweb

import (
	"context"
	"slices"
	"strconv"
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

// history shows the timeline of the case, newest first.
func (h *Handlers) history(c *web.Ctx) error { return h.timeline(c, 200, nil) }

// timeline renders the history; edit puts what could not be done into its forms.
func (h *Handlers) timeline(c *web.Ctx, status int, edit func(*casepage.Timeline)) error {
	ctx, id := c.Context(), c.Param("id")
	t, err := h.Verdict.Timeline(ctx, c.Actor(), review.SubmissionID(id))
	if err != nil {
		return err
	}
	m := casepage.Timeline{
		Page: c.Page(i18n.T(ctx, "history.title") + " " + t.Number.String()), Number: t.Number.String(), Status: string(t.Status),
		Track: i18n.T(ctx, "track."+string(t.Track)), CaseURL: link.Case(id), CSRF: c.CSRF(),
	}
	h.forms(c, t, &m)
	if edit != nil {
		edit(&m)
		m.Page.ErrorPrefix = len(m.Faults) > 0
	}
	same := 1
	for n, e := range t.Entries {
		next := event(ctx, t, e)
		if n > 0 && repeats(t.Entries[n-1], e) {
			same++
			last := &m.Events[len(m.Events)-1]
			last.Title = next.Title + " × " + strconv.Itoa(same)
			if !slices.Contains(strings.Split(last.Text, " · "), next.Text) {
				last.Text += " · " + next.Text
			}
			continue
		}
		same = 1
		m.Events = append(m.Events, next)
	}
	return c.Render(status, casepage.TimelinePage(m))
}

// repeats says that an entry is the same small act as the newer one before it: one
// more scan looked at, one more section saved. The log keeps each of them.
func repeats(newer, e verdict.Entry) bool {
	small := e.Type == review.EventScanViewed || e.Type == review.EventSectionSaved
	return small && newer.Type == e.Type && newer.Message == nil && e.Message == nil &&
		newer.Name == e.Name && newer.Role == e.Role && newer.At.Sub(e.At) < time.Hour
}

// looks are the kinds and symbols of events that stand out.
var looks = map[review.EventType]ui.Event{
	review.EventSubmitted:           {Kind: "info", Icon: "inbox"},
	review.EventResubmitted:         {Kind: "info", Icon: "repeat"},
	review.EventClaimed:             {Icon: "lock"},
	review.EventReleased:            {Icon: "undo-2"},
	review.EventLeaseExpired:        {Kind: "warning", Icon: "clock"},
	review.EventCaseOpened:          {Icon: "eye"},
	review.EventScanViewed:          {Icon: "image"},
	review.EventNoted:               {Icon: "message-square"},
	review.EventParked:              {Kind: "warning", Icon: "hourglass"},
	review.EventRecused:             {Kind: "warning", Icon: "users"},
	review.EventDecisionMade:        {Kind: "info", Icon: "gavel"},
	review.EventDecisionUndone:      {Kind: "warning", Icon: "undo-2"},
	review.EventEscalated:           {Kind: "warning", Icon: "flag"},
	review.EventSecondReview:        {Kind: "warning", Icon: "users"},
	review.EventDisagreement:        {Kind: "warning", Icon: "users"},
	review.EventCorrectionRequested: {Kind: "warning", Icon: "square-pen"},
	review.EventApproved:            {Kind: "success", Icon: "circle-check"},
	review.EventAccountActivated:    {Kind: "success", Icon: "key-round"},
	review.EventRejected:            {Kind: "danger", Icon: "circle-x"},
	review.EventAppealMade:          {Kind: "warning", Icon: "message-square"},
	review.EventAppealAnswered:      {Kind: "info", Icon: "gavel"},
}

func event(ctx context.Context, t *verdict.Timeline, e verdict.Entry) ui.Event {
	out := looks[e.Type]
	out.Time, out.Machine = i18n.DateTimeShort(ctx, e.At), i18n.Machine(e.At)
	if m := e.Message; m != nil {
		out.Kind, out.Icon = "", "mail"
		if m.Channel == review.SMS {
			out.Icon = "smartphone"
		}
		out.Title = i18n.T(ctx, "history.sent."+string(m.Channel))
		out.Text = i18n.T(ctx, "notice."+string(m.Kind)+".subject", "number", t.Number.String())
		if m.Status != "sent" {
			out.Text += " · " + i18n.T(ctx, "history.message."+m.Status)
		}
		if len(m.Lines) > 0 {
			out.MoreTitle = i18n.T(ctx, "history.asSent")
		}
		for _, line := range m.Lines {
			out.More = append(out.More, web.Spoken(ctx, line))
		}
		return out
	}
	out.Title = i18n.T(ctx, "history.event."+string(e.Type))
	out.By = e.Name
	if out.By == "" {
		out.By = i18n.T(ctx, "history.role."+string(e.Role))
	}
	out.Text = detail(ctx, e)
	return out
}

// effects are events whose title says the outcome already.
var effects = map[review.EventType]bool{
	review.EventApproved: true, review.EventRejected: true, review.EventCorrectionRequested: true, review.EventEscalated: true,
}

// detail words the small codes that an event carries.
func detail(ctx context.Context, e verdict.Entry) string {
	var parts []string
	if e.Hidden {
		parts = append(parts, i18n.T(ctx, "history.hidden"))
	}
	if o := e.Detail["outcome"]; o != "" && e.Type == review.EventAppealAnswered {
		parts = append(parts, i18n.T(ctx, "appeal.outcome."+o))
	} else if o != "" && !effects[e.Type] {
		parts = append(parts, i18n.T(ctx, "verdict.made."+o))
	}
	for _, code := range e.Reasons {
		if r, ok := review.Reasons().Reason(code); ok {
			parts = append(parts, r.StaffLabel.In(i18n.Lang(ctx)))
		}
	}
	if target, ok := review.ParseTarget(e.Detail["target"]); ok {
		parts = append(parts, web.TargetName(ctx, target), i18n.T(ctx, "history.mark."+e.Detail["verdict"]))
	}
	if slot := review.Slot(e.Detail["slot"]); slices.Contains(allSlots, slot) {
		parts = append(parts, slotName(ctx, slot))
	}
	if lane := e.Detail["lane"]; lane != "" {
		parts = append(parts, i18n.T(ctx, "lane."+lane))
	}
	for _, g := range e.Grounds() {
		parts = append(parts, i18n.T(ctx, "verdict.ground."+string(g)))
	}
	if e.From != "" {
		parts = append(parts, i18n.T(ctx, "history.from", "name", e.From))
	}
	if len(e.Mentions) > 0 {
		parts = append(parts, i18n.T(ctx, "history.mentions", "names", strings.Join(e.Mentions, ", ")))
	}
	if e.Other != "" {
		parts = append(parts, e.Other.String())
	}
	if until, err := time.Parse(time.RFC3339, e.Detail["until"]); err == nil {
		parts = append(parts, i18n.T(ctx, "history.until", "time", i18n.DateTimeShort(ctx, until)))
	}
	if e.Version > 0 && e.Before != e.After {
		parts = append(parts, i18n.T(ctx, "history.version", "n", strconv.FormatInt(e.Version, 10)))
	}
	if e.Holder != "" && e.Holder != e.Name {
		parts = append(parts, i18n.T(ctx, "history.holder", "name", e.Holder))
	}
	return strings.Join(parts, " · ")
}

var allSlots = []review.Slot{review.SlotPassport, review.SlotStayProof, review.SlotInsurance, review.SlotTranslation, review.SlotResidenceProof}
