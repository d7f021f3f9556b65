package reportweb

import (
	"bytes"
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/activity"
	"okno/views/i18n"
)

// smallCell is the number below which a count of a group could point at a person.
const smallCell = 5

// download answers GET /reports/activity.csv.
func (h *Handlers) download(c *web.Ctx) error {
	a := h.asked(c)
	r, err := h.Activity.Export(c.Context(), c.Actor(), a.query)
	if err != nil {
		return err
	}
	names, err := h.Staff.Names(c.Context())
	if err != nil {
		return err
	}
	body, err := file(c.Context(), r, names)
	if err != nil {
		return err
	}
	name := i18n.T(c.Context(), "report.file", "from", r.From, "to", r.To)
	return c.Attachment("text/csv; charset=utf-8", name, body)
}

// file writes the report as several tables, one below the other, in the form
// that spreadsheets of both languages open without questions: UTF-8 with a mark
// at the beginning, semicolons, and nothing that a cell could compute.
func file(ctx context.Context, r activity.Report, names map[review.StaffID]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	line := func(cells ...string) error {
		for i, cell := range cells {
			cells[i] = plain(cell)
		}
		return w.Write(cells)
	}
	for _, table := range [][][]string{summary(ctx, r), byDay(ctx, r), byReason(ctx, r), byReviewer(ctx, r, names),
		byGroup(ctx, i18n.T(ctx, "report.track"), r.Tracks, func(code string) string { return i18n.T(ctx, "track."+code) }),
		byGroup(ctx, i18n.T(ctx, "report.citizenship"), r.Citizenships, func(code string) string { return country(ctx, code) }),
	} {
		for _, row := range table {
			if err := line(row...); err != nil {
				return nil, err
			}
		}
		if err := line(""); err != nil {
			return nil, err
		}
	}
	if err := line(i18n.T(ctx, "report.fileNote")); err != nil {
		return nil, err
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// plain keeps a spreadsheet from taking a cell for a formula.
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}

func minutes(ctx context.Context, d time.Duration) string { return i18n.Decimal(ctx, d.Minutes(), 1) }

func length(ctx context.Context, t activity.Times, d time.Duration) string {
	if t.N == 0 {
		return ""
	}
	return minutes(ctx, d)
}

func summary(ctx context.Context, r activity.Report) [][]string {
	rows := [][]string{
		{i18n.T(ctx, "report.measure"), i18n.T(ctx, "report.value")},
		{i18n.T(ctx, "report.from"), r.From},
		{i18n.T(ctx, "report.to"), r.To},
	}
	if r.Track != "" {
		rows = append(rows, []string{i18n.T(ctx, "report.track"), i18n.T(ctx, "track."+string(r.Track))})
	}
	for _, x := range []struct {
		label string
		n     int
	}{
		{i18n.T(ctx, "report.received"), r.Received}, {i18n.T(ctx, "report.resubmitted"), r.Resubmitted},
		{i18n.T(ctx, "report.decided"), r.Decided()}, {i18n.T(ctx, "report.approved"), r.Approved},
		{i18n.T(ctx, "report.corrections"), r.Corrections}, {i18n.T(ctx, "report.rejected"), r.Rejected},
		{i18n.T(ctx, "report.withdrawn"), r.Withdrawn}, {i18n.T(ctx, "report.expired"), r.Expired},
		{i18n.T(ctx, "report.passedOn"), r.PassedOn}, {i18n.T(ctx, "report.disagreed"), r.Disagreed},
		{i18n.T(ctx, "report.firstPass"), r.FirstPass},
		{i18n.T(ctx, "report.appealed"), r.Appealed}, {i18n.T(ctx, "report.appealsUpheld"), r.AppealsUpheld},
		{i18n.T(ctx, "report.appealsPartly"), r.AppealsPartly}, {i18n.T(ctx, "report.appealsDismissed"), r.AppealsDismissed},
	} {
		rows = append(rows, []string{x.label, strconv.Itoa(x.n)})
	}
	for _, x := range []struct {
		label string
		times activity.Times
		value time.Duration
	}{
		{i18n.T(ctx, "report.claimMedian"), r.Claim, r.Claim.Median}, {i18n.T(ctx, "report.claimP90"), r.Claim, r.Claim.P90},
		{i18n.T(ctx, "report.decideMedian"), r.Decide, r.Decide.Median}, {i18n.T(ctx, "report.decideP90"), r.Decide, r.Decide.P90},
		{i18n.T(ctx, "report.deskMedian"), r.Desk, r.Desk.Median}, {i18n.T(ctx, "report.deskP90"), r.Desk, r.Desk.P90},
	} {
		rows = append(rows, []string{x.label, length(ctx, x.times, x.value)})
	}
	for _, x := range r.Within {
		rows = append(rows, []string{i18n.T(ctx, "report.withinMinutes", "n", strconv.Itoa(int(x.Limit.Minutes()))), strconv.Itoa(x.N)})
	}
	return rows
}

func byDay(ctx context.Context, r activity.Report) [][]string {
	rows := [][]string{{i18n.T(ctx, "report.day"), i18n.T(ctx, "report.received"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected")}}
	line := func(first string, numbers ...int) {
		row := []string{first}
		for _, n := range numbers {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	for _, d := range r.Days {
		line(d.Day, d.Received, d.Approved, d.Corrections, d.Rejected)
	}
	line(i18n.T(ctx, "report.total"), r.Received, r.Approved, r.Corrections, r.Rejected)
	return rows
}

func byReason(ctx context.Context, r activity.Report) [][]string {
	rows := [][]string{{i18n.T(ctx, "report.reason"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.total")}}
	for _, x := range r.Reasons {
		rows = append(rows, []string{reasonWords(ctx, x.Code), strconv.Itoa(x.Corrections), strconv.Itoa(x.Rejections), strconv.Itoa(x.Total())})
	}
	return rows
}

func byReviewer(ctx context.Context, r activity.Report, names map[review.StaffID]string) [][]string {
	rows := [][]string{{i18n.T(ctx, "report.reviewer"), i18n.T(ctx, "report.decided"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"),
		i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.decideMedian"), i18n.T(ctx, "report.passedOn"), i18n.T(ctx, "report.released"), i18n.T(ctx, "report.leasesLost")}}
	for _, x := range r.Reviewers {
		rows = append(rows, []string{person(ctx, names, x.Staff), strconv.Itoa(x.Decided()), strconv.Itoa(x.Approved), strconv.Itoa(x.Corrections),
			strconv.Itoa(x.Rejected), length(ctx, x.Decide, x.Decide.Median), strconv.Itoa(x.PassedOn), strconv.Itoa(x.Released), strconv.Itoa(x.LeasesLost)})
	}
	return rows
}

// byGroup hides small numbers, and the times computed from few cases.
func byGroup(ctx context.Context, label string, list []activity.Group, name func(string) string) [][]string {
	cell := func(n int) string {
		if n > 0 && n < smallCell {
			return i18n.T(ctx, "report.hidden")
		}
		return strconv.Itoa(n)
	}
	rows := [][]string{{label, i18n.T(ctx, "report.received"), i18n.T(ctx, "report.approved"), i18n.T(ctx, "report.corrections"), i18n.T(ctx, "report.rejected"), i18n.T(ctx, "report.deskMedianShort")}}
	for _, x := range list {
		text := i18n.T(ctx, "report.unknownGroup")
		if x.Code != "" {
			text = name(x.Code)
		}
		middle := ""
		if x.Desk.N >= smallCell {
			middle = minutes(ctx, x.Desk.Median)
		}
		rows = append(rows, []string{text, cell(x.Received), cell(x.Approved), cell(x.Corrections), cell(x.Rejected), middle})
	}
	return rows
}
