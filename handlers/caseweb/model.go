package caseweb

import (
	"context"

	"okno/handlers/web"
	"okno/review"
	"okno/review/verdict"
	"okno/views/casepage"
	"okno/views/i18n"
)

func askedRows(ctx context.Context, k *verdict.Case) (out []casepage.Asked) {
	for _, i := range k.Asked {
		row := casepage.Asked{Target: web.TargetName(ctx, i.Target), Reason: string(i.Reason), Done: i.Done}
		if r, ok := review.Reasons().Reason(i.Reason); ok {
			row.Reason = r.StaffLabel.In(i18n.Lang(ctx))
		}
		out = append(out, row)
	}
	return out
}

// first words the verdict of the first reviewer.
func first(ctx context.Context, k *verdict.Case) *casepage.First {
	if k.First == nil {
		return nil
	}
	f := &casepage.First{Note: k.First.Note, Title: i18n.T(ctx, "case.first."+string(k.First.Outcome), "name", k.First.Name)}
	if k.Arbiter && k.First.Against != "" {
		f.Title += ". " + i18n.T(ctx, "case.disagreed")
	}
	f.Reasons = said(ctx, k.First.Items)
	return f
}

func notes(ctx context.Context, list []review.Note) (out []casepage.Note) {
	for _, n := range list {
		out = append(out, casepage.Note{Name: n.Name, Time: i18n.DateTimeShort(ctx, n.At), Machine: i18n.Machine(n.At), Text: n.Text})
	}
	return out
}
