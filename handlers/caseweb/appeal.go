package caseweb

import (
	"context"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/ui"
)

// objection is the appeal against the last decision, with that decision.
func objection(c *web.Ctx, k *verdict.Case) *casepage.Appeal {
	a := k.Appeal
	if a == nil || k.Last == nil {
		return nil
	}
	ctx := c.Context()
	out := &casepage.Appeal{
		Mark: ui.Mark{Kind: "warning", Icon: "gavel", Text: i18n.T(ctx, "appeal.waits")},
		Made: i18n.T(ctx, "appeal.made", "date", i18n.DateTimeShort(ctx, a.At)), Lines: paragraphs(a.Text),
		Decided: i18n.T(ctx, "appeal.decided", "name", k.Last.Name, "time", i18n.DateTimeShort(ctx, k.Last.EffectiveAt)),
		Reasons: said(ctx, k.Last.Items), Note: k.Last.Note,
	}
	if a.Open() {
		key := "appeal.until"
		if out.Late = k.At.After(a.Target); out.Late {
			key = "appeal.overdue"
		}
		out.Until = i18n.T(ctx, key, "target", i18n.Date(ctx, a.Target), "limit", i18n.Date(ctx, a.Limit))
		return out
	}
	out.Mark = ui.Mark{Kind: "info", Icon: "gavel", Text: i18n.T(ctx, "appeal.outcome."+string(a.Outcome))}
	out.Answered = i18n.T(ctx, "appeal.answered", "name", a.Name, "time", i18n.DateTimeShort(ctx, a.ClosedAt))
	out.Answer = paragraphs(a.Answer)
	return out
}

// said lists the reasons of a decision, each with what it is about.
func said(ctx context.Context, items []review.Item) (list []string) {
	for _, i := range items {
		if r, ok := review.Reasons().Reason(i.Reason); ok {
			list = append(list, web.TargetName(ctx, i.Target)+" — "+r.StaffLabel.In(i18n.Lang(ctx)))
		}
	}
	return list
}

// paragraphs are the lines of what somebody wrote.
func paragraphs(text string) (list []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// changes says in words how much is new since the last look.
func changes(ctx context.Context, k *verdict.Case) string {
	switch n := k.Changes(); {
	case n == 0:
		return ""
	case k.Appeal != nil:
		return i18n.T(ctx, "appeal.newPapers", "n", n)
	default:
		return i18n.T(ctx, "case.changes", "n", n)
	}
}
