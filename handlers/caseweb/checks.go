package caseweb

import (
	"context"

	"okno/review"
	"okno/views/casepage"
	"okno/views/i18n"
)

func checks(ctx context.Context, list []review.Check) (out []casepage.Check) {
	for _, c := range list {
		row := casepage.Check{Code: string(c.Verdict), Text: c.Code, Hold: c.Raised() && c.Effect == review.Hold}
		if i18n.Has("check." + c.Code) {
			row.Text = i18n.T(ctx, "check."+c.Code)
		}
		if c.Target != (review.Target{}) {
			if name := targetName(ctx, c.Target); name != row.Text {
				row.Text += " · " + name
			}
		}
		if key := "check." + c.Code + "." + c.Reason; c.Reason != "" && i18n.Has(key) {
			row.Detail = i18n.T(ctx, key)
		}
		out = append(out, row)
	}
	return out
}
