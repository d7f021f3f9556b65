package infoweb

import (
	"context"
	"strconv"

	"okno/handlers/web"
	"okno/views/i18n"
	"okno/views/infopage"
	"okno/views/ui"
)

// text answers one of the texts. Its parts are numbered in the catalogue:
// info.<name>.1.title, info.<name>.1.text, info.<name>.1.item1 and so on.
func (h *Handlers) text(c *web.Ctx, name string) error {
	key := "info." + name
	written := i18n.TextLang(c.Lang(), key+".lead")
	ctx := i18n.With(c.Context(), written)
	operator := h.Operator
	if operator == "" {
		operator = i18n.T(ctx, "info.operator")
	}
	write := i18n.T(ctx, "info.write", "operator", operator)
	if h.Operator == "" {
		write = i18n.T(ctx, "info.writeUnnamed")
	}
	words := func(key string) string { return i18n.T(ctx, key, "operator", operator, "write", write) }
	title := i18n.T(c.Context(), key+".title")
	m := infopage.Article{Page: c.Page(title), Title: title, Lead: words(key + ".lead")}
	if written != c.Lang() {
		m.Lang, m.Note = written, i18n.T(c.Context(), "info.russian")
	}
	for n := 1; i18n.Has(part(key, n) + ".title"); n++ {
		p := infopage.Part{ID: name + "-" + strconv.Itoa(n), Title: words(part(key, n) + ".title")}
		for i := 1; i18n.Has(part(key, n) + ".text" + strconv.Itoa(i)); i++ {
			p.Text = append(p.Text, words(part(key, n)+".text"+strconv.Itoa(i)))
		}
		for i := 1; i18n.Has(part(key, n) + ".item" + strconv.Itoa(i)); i++ {
			p.Items = append(p.Items, words(part(key, n)+".item"+strconv.Itoa(i)))
		}
		if name == "cookies" && n == 1 {
			p.Table = cookies(ctx)
		}
		m.Parts = append(m.Parts, p)
	}
	return c.OK(infopage.Text(m))
}

func part(key string, n int) string { return key + "." + strconv.Itoa(n) }

// cookies lists every cookie that the desk sets.
func cookies(ctx context.Context) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "info.cookieTable"), CaptionHidden: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "info.cookieName")}, {Label: i18n.T(ctx, "info.cookieWhy"), Named: true}, {Label: i18n.T(ctx, "info.cookieTerm"), Named: true}}}}
	for _, x := range []struct{ name, why, term string }{
		{web.ApplicantCookie, i18n.T(ctx, "info.cookieApplicant"), i18n.T(ctx, "info.cookieSession")},
		{web.StaffCookie, i18n.T(ctx, "info.cookieStaff"), i18n.T(ctx, "info.cookieStaffSession")},
		{web.VisitCookie, i18n.T(ctx, "info.cookieVisit"), i18n.T(ctx, "info.cookieBrowser")},
		{web.LanguageCookie, i18n.T(ctx, "info.cookieLanguage"), i18n.T(ctx, "info.cookieYear")},
		{web.DeviceCookie, i18n.T(ctx, "info.cookieDevice"), i18n.T(ctx, "info.cookieHalfYear")},
		{web.HeldCookie, i18n.T(ctx, "info.cookieHeld"), i18n.T(ctx, "info.cookieHalfHour")},
	} {
		d.Body = append(d.Body, []ui.Cell{{Text: x.name, Mono: true, Head: true}, {Text: x.why}, {Text: x.term}})
	}
	return d
}
