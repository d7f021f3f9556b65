package caseweb

import (
	"context"

	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
)

// bar offers what works now, and says why the rest does not.
func bar(ctx context.Context, k *verdict.Case) *casepage.Bar {
	id := string(k.ID)
	b := &casepage.Bar{Wrong: k.Wrong}
	if k.Pending != nil {
		b.Waiting = i18n.T(ctx, "case.pending", "outcome", i18n.T(ctx, "verdict.made."+string(k.Pending.Outcome)), "time", i18n.Clock(ctx, k.Pending.EffectiveAt)+k.Pending.EffectiveAt.Format(":05"))
		if k.Options[verdict.Undo].Allowed {
			b.UndoURL, b.UndoText = link.CaseAction(id, "undo"), i18n.T(ctx, "verdict.undo")
		}
		return b
	}
	if k.Appeal.Open() {
		answer := k.Options[verdict.Answer]
		b.Answer = &casepage.Button{Label: i18n.T(ctx, "appeal.title"), URL: link.CaseAppeal(id), Key: "1", Kind: "primary", Icon: "gavel"}
		if !answer.Allowed {
			b.Answer.Why = why(ctx, answer.Why)
		}
		return b
	}
	if !k.Mine {
		return nil
	}
	for _, button := range []struct {
		is              verdict.Button
		key, kind, icon string
	}{{verdict.Approve, "1", "primary", "check"}, {verdict.Correct, "2", "secondary", "square-pen"}, {verdict.Reject, "3", "secondary", "ban"}} {
		o := k.Options[button.is]
		d := casepage.Button{Outcome: string(button.is), Label: i18n.T(ctx, "case.button."+string(button.is)), URL: link.Verdict(id, string(button.is)),
			Key: button.key, Kind: button.kind, Icon: button.icon, Count: button.is == verdict.Correct}
		if !o.Allowed {
			d.Why = why(ctx, o.Why)
		}
		b.Decide = append(b.Decide, d)
	}
	if k.Options[verdict.Escalate].Allowed {
		b.Escalate = &casepage.Button{Outcome: string(verdict.Escalate), Label: i18n.T(ctx, "case.button.escalate"), URL: link.Verdict(id, string(verdict.Escalate)), Key: "E", Kind: "quiet", Icon: "flag"}
	}
	if k.Options[verdict.Release].Allowed {
		b.ReleaseURL = link.CaseAction(id, "release")
	}
	return b
}

func why(ctx context.Context, code string) string {
	if i18n.Has("case.why." + code) {
		return i18n.T(ctx, "case.why."+code)
	}
	return i18n.T(ctx, "case.why.other")
}
