package i18n

import (
	"context"
	"testing"
	"time"
)

func TestPluralForm(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int64
		want string
	}{
		{"ru", 0, "many"}, {"ru", 1, "one"}, {"ru", 2, "few"}, {"ru", 4, "few"}, {"ru", 5, "many"}, {"ru", 11, "many"},
		{"ru", 12, "many"}, {"ru", 14, "many"}, {"ru", 21, "one"}, {"ru", 22, "few"}, {"ru", 111, "many"}, {"ru", 101, "one"}, {"ru", -1, "one"},
		{"en", 0, "other"}, {"en", 1, "one"}, {"en", 2, "other"}, {"en", 21, "other"},
	} {
		if got := PluralForm(c.lang, c.n); got != c.want {
			t.Errorf("%s %d: %s, not %s", c.lang, c.n, got, c.want)
		}
	}
}

func TestText(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{"ru", "kit.step", []any{"step", 3, "total", 6}, "Шаг 3 из 6"},
		{"en", "kit.step", []any{"step", 3, "total", 6}, "Step 3 of 6"},
		{"ru", "kit.corrections", []any{"n", 1}, "Нужно 1 исправление"},
		{"ru", "kit.corrections", []any{"n", 3}, "Нужно 3 исправления"},
		{"ru", "kit.corrections", []any{"n", 5}, "Нужно 5 исправлений"},
		{"en", "kit.corrections", []any{"n", 1}, "1 correction needed"},
		{"xx", "kit.continue", nil, "Продолжить"},
		{"en", "no.such.key", nil, "no.such.key"},
		// A value is text, never a template of its own.
		{"en", "kit.titleError", []any{"title", "{title}{x}"}, "Error: {title}{x}"},
	} {
		if got := Text(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("%s %s: %q, not %q", c.lang, c.key, got, c.want)
		}
	}
	if got, want := Text("ru", "kit.found", "n", 1204), "Найдены 1\u00a0204 записи"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestTheLanguageTravelsInTheContext(t *testing.T) {
	ctx := context.Background()
	if Lang(ctx) != Russian || Lang(With(ctx, "en")) != English || Lang(With(ctx, "de")) != Russian {
		t.Error("the language of the context is wrong")
	}
	if got := T(With(ctx, "en"), "kit.continue"); got != "Continue" {
		t.Error(got)
	}
}

func TestFormats(t *testing.T) {
	ru := With(context.Background(), Russian)
	en := With(context.Background(), English)
	uz, tg, ky := With(context.Background(), "uz"), With(context.Background(), "tg"), With(context.Background(), "ky")
	far := WithZone(en, time.FixedZone("", 5*3600+30*60))
	at := time.Date(2026, 12, 5, 11, 32, 0, 0, time.UTC)
	for _, c := range []struct{ got, want string }{
		{Date(ru, at), "5\u00a0декабря\u00a02026\u00a0г."},
		{Date(en, at), "5\u00a0December\u00a02026"},
		{Date(uz, at), "2026-\u2060yil\u00a05-\u2060dekabr"}, {Date(tg, at), "5\u00a0декабри\u00a02026"}, {Date(ky, at), "2026-\u2060ж.\u00a05-\u2060декабрь"},
		{DayMonth(uz, at), "5-\u2060dekabr"}, {Number(uz, 1204), "1\u00a0204"}, {Decimal(ky, 3.5, 1), "3,5"}, {Bytes(uz, 5<<20), "5\u00a0MB"}, {Bytes(tg, 5<<20), "5\u00a0МБ"},
		{DayMonth(ru, at), "5\u00a0декабря"},
		{DateShort(ru, at), "05.12.2026"},
		{Clock(ru, at), "14:32"},
		{DateTime(ru, at), "5\u00a0декабря\u00a02026\u00a0г., 14:32\u00a0(UTC+3)"},
		{ClockZone(far, at), "17:02\u00a0(UTC+5:30)"},
		{ClockZone(WithZone(en, time.FixedZone("", -3*3600)), at), "08:32\u00a0(UTC−3)"},
		{DateTimeShort(ru, at), "05.12.2026\u00a014:32"},
		{Machine(at), "2026-12-05T11:32:00Z"},
		{Number(ru, 1204), "1\u00a0204"}, {Number(en, 1234567), "1,234,567"}, {Number(ru, -12), "−12"}, {Number(ru, 999), "999"},
		{Decimal(ru, 3.14159, 1), "3,1"}, {Decimal(en, 3.0, 1), "3"}, {Decimal(ru, -0.04, 1), "0"},
		{Percent(ru, 0.94), "94\u00a0%"}, {Percent(en, 0.94), "94%"},
		{Bytes(ru, 3250586), "3,1\u00a0МБ"}, {Bytes(en, 5<<20), "5\u00a0MB"}, {Bytes(ru, 900), "900\u00a0Б"}, {Bytes(en, 2048), "2\u00a0KB"},
		{Duration(ru, 100*time.Minute), "1\u00a0ч\u00a040\u00a0мин"}, {Duration(ru, 40*time.Second), "40\u00a0с"},
		{Duration(en, 51*time.Hour), "2\u00a0d\u00a03\u00a0h"}, {Duration(ru, -12*time.Minute), "−12\u00a0мин"}, {Duration(ru, 2*time.Hour), "2\u00a0ч"},
	} {
		if c.got != c.want {
			t.Errorf("%q, not %q", c.got, c.want)
		}
	}
}
