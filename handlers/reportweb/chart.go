package reportweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"okno/review/activity"
	"okno/views/i18n"
	"okno/views/reportpage"
)

// The drawing's measures, in its own units. Labels of the lines stand to the
// right of them, at least a line of text apart.
const (
	width, height        = 440, 220
	left, right          = 30, 310
	top, bottom          = 12, 180
	lineHeight, dotsUpTo = 17, 31
)

func at(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// chart draws decisions per day: one line per outcome, labelled where it ends.
func chart(ctx context.Context, r activity.Report) reportpage.Chart {
	series := []struct {
		class, label string
		value        func(activity.Day) int
	}{
		{"c1", i18n.T(ctx, "report.approved"), func(d activity.Day) int { return d.Approved }},
		{"c3", i18n.T(ctx, "report.corrections"), func(d activity.Day) int { return d.Corrections }},
		{"c4", i18n.T(ctx, "report.rejected"), func(d activity.Day) int { return d.Rejected }},
	}
	most, busiest := 0, r.Query.From
	peak := 0
	for _, d := range r.Days {
		if n := d.Approved + d.Corrections + d.Rejected; n > peak {
			peak, busiest = n, d.Day
		}
		for _, s := range series {
			most = max(most, s.value(d))
		}
	}
	c := reportpage.Chart{
		Title: i18n.T(ctx, "report.chart", "from", longDay(ctx, r.From), "to", longDay(ctx, r.To)),
		Description: i18n.T(ctx, "report.chartText", "approved", r.Approved, "corrections", r.Corrections, "rejected", r.Rejected,
			"most", peak, "day", longDay(ctx, busiest)),
		Width: strconv.Itoa(width), Height: strconv.Itoa(height),
		Axis: "M" + at(left) + " " + at(top) + "V" + at(bottom) + "H" + at(right),
	}
	step := levels(most)
	ceiling := max(step, (most+step-1)/step*step)
	y := func(n int) float64 { return bottom - float64(n)/float64(ceiling)*(bottom-top) }
	for n := step; n <= ceiling; n += step {
		c.Grid = append(c.Grid, reportpage.Rule{
			Path: "M" + at(left) + " " + at(y(n)) + "H" + at(right),
			Mark: reportpage.Label{X: at(left - 5), Y: at(y(n) + 5), Text: i18n.Number(ctx, int64(n)), Anchor: "end"},
		})
	}
	x := func(i int) float64 {
		if len(r.Days) < 2 {
			return (left + right) / 2
		}
		return left + float64(i)/float64(len(r.Days)-1)*(right-left)
	}
	var ends []float64
	for _, s := range series {
		l := reportpage.Line{Class: s.class}
		var path strings.Builder
		for i, d := range r.Days {
			command := "L"
			if i == 0 {
				command = "M"
			}
			path.WriteString(command + at(x(i)) + " " + at(y(s.value(d))))
			if len(r.Days) <= dotsUpTo {
				l.Dots = append(l.Dots, reportpage.Dot{X: at(x(i)), Y: at(y(s.value(d)))})
			}
		}
		l.Path = path.String()
		end := y(s.value(r.Days[len(r.Days)-1]))
		ends = append(ends, end)
		l.Label = reportpage.Label{X: at(right + 8), Text: s.label, Anchor: "start"}
		c.Lines = append(c.Lines, l)
	}
	for i, place := range apart(ends) {
		c.Lines[i].Label.Y = at(place + 5)
	}
	for _, i := range []int{0, len(r.Days) - 1} {
		label := reportpage.Label{X: at(x(i)), Y: at(bottom + 20), Text: i18n.DayMonth(ctx, day(r.Days[i].Day)), Anchor: "start"}
		if i > 0 {
			label.Anchor = "end"
		} else if len(r.Days) == 1 {
			label.Anchor = "middle"
		}
		c.Days = append(c.Days, label)
		if len(r.Days) == 1 {
			break
		}
	}
	return c
}

// levels picks a round distance between levels, so that there are at most five.
func levels(most int) int {
	for unit := 1; ; unit *= 10 {
		for _, m := range []int{1, 2, 5} {
			if most <= 5*m*unit {
				return m * unit
			}
		}
	}
}

// apart moves places so that labels do not cover each other, and keeps their order.
func apart(places []float64) []float64 {
	order := make([]int, len(places))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case places[a] < places[b]:
			return -1
		case places[a] > places[b]:
			return 1
		}
		return 0
	})
	out := slices.Clone(places)
	limit := float64(bottom)
	for i := len(order) - 1; i >= 0; i-- { // from the lowest upwards
		out[order[i]] = min(out[order[i]], limit)
		limit = out[order[i]] - lineHeight
	}
	return out
}
