package caseweb

import (
	"time"

	"okno/handlers/web"
	"okno/views/casepage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

const mentionsPage = 30

// mentions shows the remarks that name the reader, newest first.
func (h *Handlers) mentions(c *web.Ctx) error {
	ctx := c.Context()
	var before time.Time
	if at, err := time.Parse(time.RFC3339Nano, c.Query("before")); err == nil {
		before = at
	}
	list, err := h.Verdict.Mentions(ctx, c.Actor(), before, mentionsPage+1)
	if err != nil {
		return err
	}
	m := casepage.Mentions{Page: c.Page(i18n.T(ctx, "mentions.title"))}
	if len(list) > mentionsPage {
		list = list[:mentionsPage]
		m.Pager.Next = link.MentionsBefore(list[mentionsPage-1].At.UTC().Format(time.RFC3339Nano))
	}
	if !before.IsZero() {
		m.Pager.Prev = link.Mentions()
	}
	for _, x := range list {
		row := casepage.Mention{
			Number: x.Number.String(), URL: link.Case(string(x.Case)), Name: x.Name, Text: x.Text,
			Time: i18n.DateTimeShort(ctx, x.At), Machine: i18n.Machine(x.At), Status: ui.StatusMark(c.Lang(), string(x.Status)),
		}
		if x.Unseen {
			row.New = ui.Mark{Kind: "info", Text: i18n.T(ctx, "mentions.new")}
		}
		m.Rows = append(m.Rows, row)
	}
	return c.OK(casepage.MentionsPage(m))
}

// mentionable offers the colleagues whom a remark may name. Without them a remark
// names nobody, which is no reason to refuse the page.
func (h *Handlers) mentionable(c *web.Ctx) ui.Choices {
	ctx := c.Context()
	list := ui.Choices{Name: "mention", ID: "case-mention", Legend: i18n.T(ctx, "mentions.whom"), Empty: i18n.T(ctx, "mentions.nobody")}
	people, err := h.Verdict.Mentionable(ctx, c.Actor())
	if err != nil {
		return list
	}
	for _, p := range people {
		list.Options = append(list.Options, ui.Option{Value: string(p.ID), Label: p.Name})
	}
	return list
}
