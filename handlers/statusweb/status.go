package statusweb

import (
	"context"
	"slices"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/progress"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/statuspage"
	"okno/views/ui"
)

// line are the events that an applicant reads, with their look. What the desk
// does inside (marks, notes, second looks, decisions not yet in effect) is not
// among them.
var line = map[review.EventType]ui.Event{
	review.EventDraftStarted:        {Icon: "pencil"},
	review.EventSubmitted:           {Kind: "info", Icon: "arrow-up"},
	review.EventResubmitted:         {Kind: "info", Icon: "arrow-up"},
	review.EventChecked:             {Icon: "scan-line"},
	review.EventCheckBlocked:        {Kind: "warning", Icon: "undo-2"},
	review.EventClaimed:             {Icon: "eye"},
	review.EventCorrectionRequested: {Kind: "warning", Icon: "triangle-alert"},
	review.EventApproved:            {Kind: "success", Icon: "circle-check"},
	review.EventAccountActivated:    {Kind: "success", Icon: "key-round"},
	review.EventRejected:            {Kind: "danger", Icon: "circle-x"},
	review.EventWithdrawn:           {Icon: "undo-2"},
	review.EventExpired:             {Icon: "ban"},
	review.EventReminded:            {Icon: "mail"},
	review.EventExtended:            {Icon: "hourglass"},
	review.EventAppealMade:          {Kind: "info", Icon: "message-square"},
	review.EventAppealAnswered:      {Kind: "info", Icon: "message-square"},
	review.EventDisavowed:           {Kind: "danger", Icon: "triangle-alert"},
}

// status tells where the submission stands and who acts next.
func (h *Handlers) status(c *web.Ctx) error {
	sub, err := h.Intake.Own(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	if sub.Status == review.Draft {
		return c.Redirect(link.Apply())
	}
	events, err := h.Intake.History(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	ctx := c.Context()
	messages, err := h.Progress.Told(ctx, c.Actor())
	if err != nil {
		return err
	}
	waits, err := h.Progress.Waits(ctx)
	if err != nil {
		return err
	}
	m := statuspage.Status{
		Page: c.Page(i18n.T(ctx, "progress.status.title")), Title: i18n.T(ctx, "progress.status.number", "number", strings.ReplaceAll(sub.Number.String(), " ", "\u00a0")),
		Code: string(sub.Status), History: history(ctx, events), Messages: told(ctx, messages),
	}
	m.Page.Printed = i18n.T(ctx, "kit.printed", "time", i18n.DateTime(ctx, c.Now()))
	m.Opened = opened(ctx, events)
	m.NoOpened = len(m.Opened) == 0 && len(sub.Documents) > 0
	if sub.Status.MayBecome(review.Withdrawn) && sub.Pending == nil {
		m.Withdraw = link.Withdraw()
	}
	if sub.Round > 0 && !sub.Status.Editable() {
		m.Receipt = link.Receipt()
	}
	if c.Query("done") == "appeal" {
		m.Notices = append(m.Notices, ui.Message{Kind: "success", Text: i18n.T(ctx, "progress.appeal.done"), Live: true})
	}
	var pause review.Pause
	if sub.Status.Final() {
		if pause, err = h.Intake.Pause(ctx, c.Actor()); err != nil {
			return err
		}
	}
	h.explain(c, &m, sub, waits, pause)
	answered(ctx, &m, sub)
	return c.OK(statuspage.StatusPage(m))
}

// explain says what the status means for the reader and what to do.
func (h *Handlers) explain(c *web.Ctx, m *statuspage.Status, sub *review.Submission, waits progress.Waits, pause review.Pause) {
	ctx := c.Context()
	again := ui.Link{Label: i18n.T(ctx, "progress.status.new"), URL: link.Apply()}
	if pause.Reason != "" {
		again = ui.Link{}
		m.Next = []string{i18n.T(ctx, "progress.status.pause."+string(pause.Reason), "time", i18n.DateTime(ctx, pause.Until))}
	}
	notice := func(kind, text string) {
		m.Notices = append(m.Notices, ui.Message{Kind: kind, Text: text})
	}
	switch sub.Status {
	case review.Checking:
		m.Waiting, m.Refresh = i18n.T(ctx, "progress.status.waitingSystem"), link.Status()
	case review.Queued, review.InReview, review.SecondReview:
		m.Told = i18n.T(ctx, "progress.status.told")
		m.Waiting, m.Usual, m.Refresh = i18n.T(ctx, "progress.status.waitingDesk"), web.Usual(ctx, waits.Known(), waits.Half, waits.Most), link.Status()
	case review.CorrectionRequested:
		m.Notices = append(m.Notices, ui.Message{Kind: "warning", Title: i18n.T(ctx, "kit.corrections", "n", len(sub.Corrections)),
			Text: i18n.T(ctx, "progress.status.deadline", "date", i18n.Date(ctx, sub.CorrectionDue))})
		m.Main = ui.Link{Label: i18n.T(ctx, "progress.status.correct"), URL: link.Corrections()}
		if sub.MayExtend(c.Now()) {
			m.More = statuspage.Form{Post: link.Extend(), CSRF: m.Page.CSRF, Version: shownVersion(sub), Label: i18n.T(ctx, "progress.extend.act"),
				Hint: i18n.T(ctx, "progress.extend.hint", "date", i18n.Date(ctx, sub.CorrectionDue.Add(review.CorrectionTerm)))}
		}
	case review.Approved:
		notice("success", i18n.T(ctx, "progress.status.approved"))
		m.Main = ui.Link{Label: i18n.T(ctx, "progress.status.cabinet"), URL: link.Cabinet()}
	case review.Rejected:
		notice("danger", i18n.T(ctx, "progress.status.rejected"))
		if sub.Last != nil {
			m.Reasons = h.why(ctx, sub)
			if pause.Reason == "" {
				m.Next = []string{i18n.T(ctx, "progress.status.again")}
			}
		}
		m.Main = again
		h.explainAppeal(c, m, sub)
	case review.Withdrawn:
		notice("info", i18n.T(ctx, "progress.status.withdrawn"))
		m.Main = again
	case review.Expired:
		notice("info", i18n.T(ctx, "progress.status.expired"))
		m.Main = again
	}
}

// why is what the applicant reads about each item of the last decision.
func (h *Handlers) why(ctx context.Context, sub *review.Submission) (list [][]ui.Passage) {
	if sub.Last == nil {
		return nil
	}
	for _, i := range sub.Last.Items {
		text := web.ReasonText(ctx, i, sub.StandingFacts(), h.Wording)
		if !slices.ContainsFunc(list, func(said []ui.Passage) bool { return slices.Equal(said, text) }) {
			list = append(list, text)
		}
	}
	return list
}

// history is the timeline in plain words, newest first. The desk may take and
// release a submission often; the applicant reads of it once per round.
func history(ctx context.Context, events []review.Event) (list []ui.Event) {
	claimed := map[int]bool{}
	for _, e := range events {
		look, ok := line[e.Type]
		if !ok || e.Type == review.EventClaimed && claimed[e.Round] {
			continue
		}
		claimed[e.Round] = claimed[e.Round] || e.Type == review.EventClaimed
		look.Time, look.Machine = i18n.DateTime(ctx, e.At), i18n.Machine(e.At)
		look.Title = i18n.T(ctx, "progress.event."+string(e.Type))
		list = append(list, look)
	}
	slices.Reverse(list)
	return list
}

const openedShown = 20

// opened lists who opened the documents, by role and time, newest first.
func opened(ctx context.Context, events []review.Event) (list []string) {
	for i := len(events) - 1; i >= 0 && len(list) < openedShown; i-- {
		e := events[i]
		if e.Type != review.EventScanViewed {
			continue
		}
		role := i18n.T(ctx, "progress.role.staff")
		if key := "progress.role." + string(e.Role); i18n.Has(key) {
			role = i18n.T(ctx, key)
		}
		what := i18n.T(ctx, "progress.status.document")
		if key := "slot." + e.Detail["slot"]; i18n.Has(key) {
			what = i18n.T(ctx, key)
		}
		if text := i18n.T(ctx, "progress.status.saw", "role", role, "what", what, "time", i18n.DateTime(ctx, e.At)); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// told are the messages about the submission, worded as they were sent.
func told(ctx context.Context, messages []progress.Message) (list []statuspage.Message) {
	for _, x := range messages {
		m := statuspage.Message{Title: web.Spoken(ctx, x.Subject), Time: i18n.DateTime(ctx, x.At), Mark: ui.Mark{Kind: "success", Text: i18n.T(ctx, "progress.message.mail")}}
		if x.Channel == review.SMS {
			m.Title, m.Mark.Text = ui.Passage{Text: i18n.T(ctx, "progress.message.smsTitle", "time", m.Time)}, i18n.T(ctx, "progress.message.sms")
		}
		switch {
		case x.Failed:
			m.Mark = ui.Mark{Kind: "danger", Text: i18n.T(ctx, "progress.message.failed")}
		case !x.Sent:
			m.Mark = ui.Mark{Kind: "info", Text: i18n.T(ctx, "progress.message.waiting")}
		}
		for _, l := range x.Lines {
			m.Lines = append(m.Lines, web.Spoken(ctx, l))
		}
		list = append(list, m)
	}
	return list
}

// extend moves the deadline of the corrections.
func (h *Handlers) extend(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if _, err := h.Progress.Extend(c.Context(), c.Actor(), f.Version()); err != nil {
		return err
	}
	return c.Redirect(link.Corrections())
}
