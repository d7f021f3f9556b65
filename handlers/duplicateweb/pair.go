package duplicateweb

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/review/check"
	"okno/review/field"
	"okno/review/scan"
	"okno/views/duplicatepage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// show sets the two cases side by side.
func (h *Handlers) show(c *web.Ctx) error {
	ctx := c.Context()
	id, other := review.SubmissionID(c.Param("id")), review.SubmissionID(c.Param("other"))
	p, err := h.Checks.Pair(ctx, c.Actor(), id, other)
	if err != nil {
		return err
	}
	return c.OK(duplicatepage.Page(h.model(c, p)))
}

func (h *Handlers) model(c *web.Ctx, p *check.Pair) duplicatepage.Model {
	ctx, id, other := c.Context(), string(p.Mine.ID), string(p.Other.ID)
	m := duplicatepage.Model{
		Page: c.Page(i18n.T(ctx, "duplicate.title")), CSRF: c.CSRF(), Back: link.CaseChecks(id), PostURL: link.Duplicate(id, other),
		Mine: side(ctx, p.Mine, ""), Other: side(ctx, p.Other, link.Case(other)), Score: strings.Replace(strconv.Itoa(p.Score), "-", "\u2212", 1),
		Verdict: ui.Mark{Kind: kinds[p.Verdict], Text: i18n.T(ctx, "duplicate.verdict."+string(p.Verdict))},
	}
	for _, f := range p.Features {
		m.Features = append(m.Features, feature(ctx, f))
	}
	for _, slot := range slots(p) {
		m.Papers = append(m.Papers, duplicatepage.Papers{
			Label: i18n.T(ctx, "slot."+string(slot)),
			Mine:  pictures(ctx, p.Mine, slot, func(d, n, size string) string { return link.CasePage(id, d, n, size) }),
			Other: pictures(ctx, p.Other, slot, func(d, n, size string) string { return link.DuplicatePage(id, other, d, n, size) }),
		})
	}
	for _, v := range check.PairVerdicts {
		m.Choices = append(m.Choices, duplicatepage.Choice{Value: string(v), Label: i18n.T(ctx, "duplicate.is."+string(v)), Hint: i18n.T(ctx, "duplicate.means."+string(v))})
	}
	if j := p.Judged; j != nil {
		m.Chosen = string(j.Verdict)
		m.Judged = i18n.T(ctx, "duplicate.judged", "verdict", i18n.T(ctx, "duplicate.is."+string(j.Verdict)), "name", j.Name, "time", i18n.DateTimeShort(ctx, j.At))
	}
	return m
}

var kinds = map[field.Duplicate]string{
	field.DuplicateCertain: "danger", field.DuplicateProbable: "danger", field.DuplicatePossible: "warning", field.DuplicateNone: "",
}

func side(ctx context.Context, s *review.Submission, url string) duplicatepage.Side {
	out := duplicatepage.Side{URL: url, Number: s.Number.String(), Status: string(s.Status), Track: i18n.T(ctx, "track."+string(s.Track))}
	if !s.SubmittedAt.IsZero() {
		out.Sent = i18n.DateShort(ctx, s.SubmittedAt)
	}
	return out
}

func feature(ctx context.Context, f check.Feature) duplicatepage.Feature {
	out := duplicatepage.Feature{
		Label: i18n.T(ctx, "duplicate.feature."+f.Code), Mine: shown(ctx, f.Code, f.A), Other: shown(ctx, f.Code, f.B),
		Weight: "+" + strconv.Itoa(f.Weight), Kind: "for",
		Mark: ui.Mark{Kind: "warning", Icon: "check", Text: i18n.T(ctx, "case.match."+string(f.Verdict))},
	}
	if f.Weight < 0 {
		out.Weight, out.Kind = "\u2212"+strconv.Itoa(-f.Weight), "against"
		out.Mark = ui.Mark{Kind: "success", Icon: "x", Text: i18n.T(ctx, "case.match."+string(f.Verdict))}
	}
	return out
}

// shown writes a value as people read it.
func shown(ctx context.Context, code, v string) string {
	switch code {
	case "citizenship":
		if c, ok := field.CountryByCode(v); ok {
			return c.Name(i18n.Lang(ctx))
		}
	case "sex":
		if i18n.Has("sex." + v) {
			return i18n.T(ctx, "sex."+v)
		}
	case "birth-date":
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			return day.Format("02.01.2006")
		}
	}
	return v
}

// slots are the kinds of documents that either side has.
func slots(p *check.Pair) (list []review.Slot) {
	for _, s := range []*review.Submission{p.Mine, p.Other} {
		for _, slot := range review.Slots(s.Track) {
			if _, ok := s.Document(slot); ok && !slices.Contains(list, slot) {
				list = append(list, slot)
			}
		}
	}
	return list
}

func pictures(ctx context.Context, s *review.Submission, slot review.Slot, url func(document, page, size string) string) (list []duplicatepage.Picture) {
	d, ok := s.Document(slot)
	if !ok {
		return nil
	}
	for _, p := range d.Pages {
		n := strconv.Itoa(p.Number)
		list = append(list, duplicatepage.Picture{
			URL: url(string(d.ID), n, string(scan.Full)), Thumb: url(string(d.ID), n, string(scan.Thumb)),
			Alt: i18n.T(ctx, "case.pageAlt", "document", i18n.T(ctx, "slot."+string(slot)), "n", n),
		})
	}
	return list
}

// judge remembers the verdict on the pair and leads back to the checks of the case.
func (h *Handlers) judge(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	id, other := review.SubmissionID(c.Param("id")), review.SubmissionID(c.Param("other"))
	verdict := f.Value("verdict")
	if verdict == "open" {
		verdict = ""
	} else if verdict == "" {
		return review.Faulty(review.FieldFault{Field: "verdict", Code: "empty"})
	}
	if _, err := h.Checks.Judge(c.Context(), c.Actor(), id, other, check.PairVerdict(verdict)); err != nil {
		return err
	}
	return c.Redirect(link.CaseChecks(string(id)))
}

// picture hands out a page of the other case.
func (h *Handlers) picture(c *web.Ctx) error {
	page, err := strconv.Atoi(c.Param("page"))
	if err != nil {
		return review.ErrNotFound
	}
	size := scan.Size(c.Param("size"))
	if size != scan.Full && size != scan.Thumb {
		return review.ErrNotFound
	}
	body, err := h.Scan.PairPage(c.Context(), c.Actor(), review.SubmissionID(c.Param("id")), review.SubmissionID(c.Param("other")), review.DocumentID(c.Param("document")), page, size)
	if err != nil {
		return err
	}
	return c.Bytes("image/jpeg", body)
}
