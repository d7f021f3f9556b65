package intakeweb

import (
	"context"
	"slices"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/views/i18n"
	"okno/views/intakepage"
	"okno/views/link"
	"okno/views/ui"
)

// told are the events that an applicant reads, with their look. What the desk
// does inside (marks, notes, second looks, decisions not yet in effect) is not
// among them.
var told = map[review.EventType]ui.Event{
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
}

// status tells where the submission stands and who acts next.
func (h *Handlers) status(c *web.Ctx) error {
	sub, done, err := h.own(c)
	if done {
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
	m := intakepage.Status{
		Page: c.Page(i18n.T(ctx, "progress.status.title")), Title: i18n.T(ctx, "progress.status.number", "number", strings.ReplaceAll(sub.Number.String(), " ", "\u00a0")),
		Code: string(sub.Status), History: history(ctx, events),
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
	h.explain(ctx, &m, sub)
	return c.OK(intakepage.StatusPage(m))
}

// explain says what the status means for the reader and what to do.
func (h *Handlers) explain(ctx context.Context, m *intakepage.Status, sub *review.Submission) {
	again := ui.Link{Label: i18n.T(ctx, "progress.status.new"), URL: link.Apply()}
	notice := func(kind, text string) {
		m.Notices = append(m.Notices, ui.Message{Kind: kind, Text: text})
	}
	switch sub.Status {
	case review.Checking:
		m.Waiting, m.Refresh = i18n.T(ctx, "progress.status.waitingSystem"), link.Status()
	case review.Queued, review.InReview, review.SecondReview:
		m.Told = i18n.T(ctx, "progress.status.told")
		m.Waiting, m.Usual, m.Refresh = i18n.T(ctx, "progress.status.waitingDesk"), i18n.T(ctx, "progress.status.usual"), link.Status()
	case review.CorrectionRequested:
		m.Notices = append(m.Notices, ui.Message{Kind: "warning", Title: i18n.T(ctx, "kit.corrections", "n", len(sub.Corrections)),
			Text: i18n.T(ctx, "progress.status.deadline", "date", i18n.Date(ctx, sub.CorrectionDue))})
		m.Main = ui.Link{Label: i18n.T(ctx, "progress.status.correct"), URL: link.Corrections()}
	case review.Approved:
		notice("success", i18n.T(ctx, "progress.status.approved"))
		m.Main = ui.Link{Label: i18n.T(ctx, "progress.status.cabinet"), URL: link.Cabinet()}
	case review.Rejected:
		notice("danger", i18n.T(ctx, "progress.status.rejected"))
		if sub.Last != nil {
			m.Reasons = h.texts(ctx, sub, sub.Last.Items, sub.Facts(review.Reject, sub.Last.EffectiveAt))
			m.Next = []string{
				i18n.T(ctx, "progress.status.again"),
				i18n.T(ctx, "progress.status.appeal", "date", i18n.Date(ctx, sub.Last.EffectiveAt.Add(review.AppealTerm))),
			}
		}
		m.Main = again
	case review.Withdrawn:
		notice("info", i18n.T(ctx, "progress.status.withdrawn"))
		m.Main = again
	case review.Expired:
		notice("info", i18n.T(ctx, "progress.status.expired"))
		m.Main = again
	}
}

// texts are what the applicant reads about each item.
func (h *Handlers) texts(ctx context.Context, sub *review.Submission, items []review.Item, facts map[string]string) (list []string) {
	for _, i := range items {
		if text := h.text(ctx, i, facts); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	return list
}

// text is one item's text. One that cannot be filled, because its facts are
// gone, is named by its target: the decision itself never depends on a text.
func (h *Handlers) text(ctx context.Context, i review.Item, facts map[string]string) string {
	text, err := i.Text(i18n.Lang(ctx), facts, h.Wording)
	if err != nil {
		return i18n.T(ctx, "apply.list.blockedItem", "what", targetName(ctx, i.Target))
	}
	return text
}

// history is the timeline in plain words, newest first. The desk may take and
// release a submission often; the applicant reads of it once per round.
func history(ctx context.Context, events []review.Event) (list []ui.Event) {
	claimed := map[int]bool{}
	for _, e := range events {
		look, ok := told[e.Type]
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
		role := first(ctx, "progress.role."+string(e.Role), "progress.role.staff")
		if line := i18n.T(ctx, "progress.status.saw", "role", role, "time", i18n.DateTime(ctx, e.At)); !slices.Contains(list, line) {
			list = append(list, line)
		}
	}
	return list
}
