package infoweb

import (
	"context"
	"fmt"
	"time"

	"okno/handlers/web"
	"okno/views/i18n"
	"okno/views/infopage"
	"okno/views/ui"
)

// What is little free space, and how old a signed statement may be.
const (
	littleSpace  = 1 << 30
	oldStatement = time.Hour
)

// system answers GET /admin/system.
func (h *Handlers) system(c *web.Ctx) error {
	ctx := c.Context()
	f, err := h.System.Facts(ctx)
	if err != nil {
		return err
	}
	m := infopage.System{Page: c.Page(i18n.T(ctx, "system.title"))}
	m.Page.Printed = i18n.T(ctx, "kit.printedBy", "time", i18n.DateTimeShort(ctx, c.Now()), "name", c.Actor().Name)
	m.Warnings = warnings(ctx, f, c.Now())
	text := func(key, value string) ui.Row { return ui.Row{Key: key, Value: value} }
	integrity := i18n.T(ctx, "system.integrityOK")
	if !f.DatabaseOK {
		integrity = i18n.T(ctx, "system.integrityBad")
	}
	signed := i18n.T(ctx, "system.neverSigned")
	if f.Signed > 0 {
		signed = i18n.T(ctx, "system.signedTo", "n", f.Signed, "time", i18n.DateTimeShort(ctx, f.SignedAt))
	}
	mirror := i18n.T(ctx, "system.no")
	if f.Mirror {
		mirror = i18n.T(ctx, "system.yes")
	}
	m.Data = []ui.Row{
		text(i18n.T(ctx, "system.integrity"), integrity),
		text(i18n.T(ctx, "system.size"), i18n.Bytes(ctx, f.DatabaseBytes)),
		text(i18n.T(ctx, "system.log"), i18n.Bytes(ctx, f.LogBytes)),
		text(i18n.T(ctx, "system.free"), i18n.T(ctx, "system.freeOf", "free", i18n.Bytes(ctx, f.FreeBytes), "total", i18n.Bytes(ctx, f.TotalBytes))),
		text(i18n.T(ctx, "system.signed"), signed),
		text(i18n.T(ctx, "system.mirror"), mirror),
	}
	renderer := f.Rasterizer
	if renderer == "" {
		renderer = i18n.T(ctx, "system.noRenderer")
	}
	reader := f.TextReader
	if reader == "" {
		reader = i18n.T(ctx, "system.noReader")
	}
	m.Services = []ui.Row{
		text(i18n.T(ctx, "system.renderer"), renderer),
		text(i18n.T(ctx, "system.reader"), reader),
		text(i18n.T(ctx, "system.malware"), i18n.T(ctx, "system.malware-"+scanner(f.Malware))),
		text(i18n.T(ctx, "system.mail"), channel(ctx, f.Mail, f.Mailbox)),
		text(i18n.T(ctx, "system.sms"), channel(ctx, f.SMS, f.Mailbox)),
		text(i18n.T(ctx, "system.waiting"), i18n.Number(ctx, int64(f.Waiting))),
		text(i18n.T(ctx, "system.deadCount"), i18n.Number(ctx, int64(len(f.Dead)))),
	}
	m.Program = []ui.Row{
		text(i18n.T(ctx, "system.version"), f.Version), text(i18n.T(ctx, "system.runtime"), f.Runtime),
		text(i18n.T(ctx, "system.started"), i18n.DateTime(ctx, f.Started)),
		text(i18n.T(ctx, "system.operator"), f.Operator), text(i18n.T(ctx, "system.public"), f.PublicURL),
	}
	m.Dead = dead(ctx, f)
	m.Schema = ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "system.schema"), CaptionHidden: true, Rows: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "system.step")}, {Label: i18n.T(ctx, "system.applied")}}}}
	for _, x := range f.Migrations {
		m.Schema.Body = append(m.Schema.Body, []ui.Cell{{Text: fmt.Sprintf("%04d %s", x.Number, x.Name), Mono: true, Head: true}, {Text: i18n.DateTimeShort(ctx, x.At)}})
	}
	return c.OK(infopage.SystemState(m))
}

// scanner names the state of the malware scanner.
func scanner(s Scanner) string {
	switch {
	case !s.Set:
		return "off"
	case s.Answers && s.Required:
		return "required"
	case s.Answers:
		return "on"
	}
	return "away"
}

func channel(ctx context.Context, on, mailbox bool) string {
	switch {
	case mailbox:
		return i18n.T(ctx, "system.toMailbox")
	case on:
		return i18n.T(ctx, "system.on")
	}
	return i18n.T(ctx, "system.off")
}

// warnings say what is missing and what follows from it.
func warnings(ctx context.Context, f Facts, now time.Time) (list []ui.Message) {
	add := func(bad bool, kind, title, text string) {
		if bad {
			list = append(list, ui.Message{Kind: kind, Title: title, Text: text})
		}
	}
	add(!f.DatabaseOK, "danger", i18n.T(ctx, "system.warnDatabase"), i18n.T(ctx, "system.warnDatabaseText"))
	add(f.FreeBytes < littleSpace, "danger", i18n.T(ctx, "system.warnSpace"), i18n.T(ctx, "system.warnSpaceText"))
	add(f.Rasterizer == "", "warning", i18n.T(ctx, "system.warnRenderer"), i18n.T(ctx, "system.warnRendererText"))
	add(f.Malware.Set && !f.Malware.Answers && f.Malware.Required, "danger", i18n.T(ctx, "system.warnMalware"), i18n.T(ctx, "system.warnMalwareRequired"))
	add(f.Malware.Set && !f.Malware.Answers && !f.Malware.Required, "warning", i18n.T(ctx, "system.warnMalware"), i18n.T(ctx, "system.warnMalwareOptional"))
	add(!f.Mail && !f.Mailbox, "warning", i18n.T(ctx, "system.warnMail"), i18n.T(ctx, "system.warnMailText"))
	add(!f.SMS && !f.Mailbox, "warning", i18n.T(ctx, "system.warnSMS"), i18n.T(ctx, "system.warnSMSText"))
	add(len(f.Dead) > 0, "warning", i18n.T(ctx, "system.warnDead", "n", len(f.Dead)), i18n.T(ctx, "system.warnDeadText"))
	add(f.Signed == 0 || now.Sub(f.SignedAt) > oldStatement, "warning", i18n.T(ctx, "system.warnSigned"), i18n.T(ctx, "system.warnSignedText"))
	return list
}

func dead(ctx context.Context, f Facts) ui.Data {
	d := ui.Data{Grid: ui.Grid{Caption: i18n.T(ctx, "system.dead"), CaptionHidden: true, Rows: true, Columns: []ui.Column{
		{Label: i18n.T(ctx, "system.time")}, {Label: i18n.T(ctx, "system.kind")}, {Label: i18n.T(ctx, "system.channel")},
		{Label: i18n.T(ctx, "system.attempts"), Num: true, Named: true}, {Label: i18n.T(ctx, "system.code")}}}}
	for _, x := range f.Dead {
		kind := "support.kind-" + string(x.Kind)
		if !i18n.Has(kind) {
			kind = "support.kind-other"
		}
		d.Body = append(d.Body, []ui.Cell{{Text: i18n.DateTimeShort(ctx, x.At), Head: true}, {Text: i18n.T(ctx, kind), Note: string(x.Kind)},
			{Text: i18n.T(ctx, "support.channel-"+string(x.Channel))}, {Text: i18n.Number(ctx, int64(x.Attempts)), Num: true}, {Text: x.Code, Mono: true}})
	}
	return d
}
