package caseweb

import (
	"context"
	"strconv"

	"okno/review"
	"okno/review/verdict"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// pageID names a page of a document for the viewer.
func pageID(d review.Document, p review.Page) string {
	return review.PageID(d.ID, p.Number)
}

// scans lists the documents for the viewer: the present ones, then those that
// were replaced.
func scans(ctx context.Context, k *verdict.Case, current string) ui.Scans {
	s := ui.Scans{Label: i18n.T(ctx, "case.scans"), Case: string(k.ID), Current: current, Window: link.CaseScans(string(k.ID))}
	add := func(d review.Document, label string, before *review.Document, mark ui.Mark) {
		doc := ui.ScanDocument{ID: string(d.ID), Label: label, Mark: mark}
		if before != nil {
			doc.Before = string(before.ID)
		}
		short := i18n.T(ctx, "case.strip."+string(d.Slot))
		for _, p := range d.Pages {
			n := strconv.Itoa(p.Number)
			page := ui.ScanPage{
				ID: pageID(d, p), Short: short, Alt: i18n.T(ctx, "case.pageAlt", "document", label, "n", n),
				URL: link.CasePage(string(k.ID), string(d.ID), n, "page"), Thumb: link.CasePage(string(k.ID), string(d.ID), n, "thumb"),
				Href: link.CaseShowing(string(k.ID), pageID(d, p)),
			}
			if r := p.Report.Reading; r != nil {
				page.Turn = r.Turn // the lines say how the page stands upright
			}
			if len(d.Pages) > 1 {
				page.Label = i18n.T(ctx, "case.page", "n", n, "total", strconv.Itoa(len(d.Pages)))
				page.Short += " " + n
			}
			doc.Pages = append(doc.Pages, page)
		}
		s.Documents = append(s.Documents, doc)
	}
	for _, d := range k.Documents {
		var m ui.Mark
		if d.Changed && (k.Round > 1 || k.Appeal != nil) {
			m = ui.Mark{Kind: "info", Icon: "repeat", Text: i18n.T(ctx, "case.new")}
		}
		add(d.Document, slotName(ctx, d.Slot), d.Before, m)
	}
	for _, d := range k.Documents {
		if d.Before != nil {
			add(*d.Before, i18n.T(ctx, "case.replaced", "document", slotName(ctx, d.Slot)), nil, ui.Mark{Icon: "history", Text: i18n.T(ctx, "case.old")})
		}
	}
	return s
}

func slotName(ctx context.Context, s review.Slot) string { return i18n.T(ctx, "slot."+string(s)) }
