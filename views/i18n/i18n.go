// Package i18n turns keys into words, and times and numbers into text, in the reader's language.
//
// The language travels in the context. A middleware sets it once and every template reads it:
//
//	ctx = i18n.With(ctx, "ru")
//	i18n.T(ctx, "queue.title")                        // «Очередь»
//	i18n.T(ctx, "status.due", "date", i18n.Date(ctx, t)) // placeholders are {date}
//	i18n.T(ctx, "queue.new", "n", 3)                  // plural forms are chosen by {n}
//
// Arguments alternate name, value. Whole numbers are grouped by the rules of the language, so
// a case number or a year is handed over as a string. Where there is no context (letters sent
// later), Text takes the language itself.
//
// Catalogues lie beside this file, one file per page prefix and language: ru/queue.json holds
// the keys queue.… as "key": "text", or "key": {"one": …, "few": …, "many": …, "other": …}.
// Russian is the source. A key missing elsewhere falls back to Russian, then to the key itself;
// the tests of this package fail on either in a complete language, and on keys used in
// templates but written nowhere. Languages for applicants only (languages.json) may lack keys.
package i18n

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed ru/*.json en/*.json uz/*.json tg/*.json ky/*.json
var catalogues embed.FS

// message is one entry: either plain, or by plural form.
type message struct {
	plain string
	forms map[string]string
}

// UnmarshalJSON accepts a string or an object of plural forms.
func (m *message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		return json.Unmarshal(b, &m.forms)
	}
	return json.Unmarshal(b, &m.plain)
}

var words = sync.OnceValue(func() map[string]map[string]message {
	all := map[string]map[string]message{}
	for _, lang := range ForApplicants() {
		all[lang] = map[string]message{}
		entries, err := catalogues.ReadDir(lang)
		if err != nil {
			panic("i18n: " + err.Error())
		}
		for _, e := range entries {
			b, err := catalogues.ReadFile(path.Join(lang, e.Name()))
			if err != nil {
				panic("i18n: " + err.Error())
			}
			file := map[string]message{}
			if err := json.Unmarshal(b, &file); err != nil {
				panic("i18n: " + lang + "/" + e.Name() + ": " + err.Error())
			}
			for key, m := range file {
				all[lang][key] = m
			}
		}
	}
	return all
})

type langKey struct{}
type zoneKey struct{}

// With returns a context whose texts are in the language. An unknown one means Russian.
func With(ctx context.Context, lang string) context.Context {
	if !Supported(lang) {
		lang = Russian
	}
	return context.WithValue(ctx, langKey{}, lang)
}

// Lang is the language of the context, Russian if none was set.
func Lang(ctx context.Context) string {
	if lang, ok := ctx.Value(langKey{}).(string); ok {
		return lang
	}
	return Russian
}

// WithZone returns a context in which times are shown in the zone.
func WithZone(ctx context.Context, zone *time.Location) context.Context {
	if zone == nil {
		return ctx
	}
	return context.WithValue(ctx, zoneKey{}, zone)
}

// moscow is the zone of the desk where nothing else is said; Moscow has no summer time.
var moscow = time.FixedZone("MSK", 3*60*60)

// Zone is the zone in which the context shows times: UTC+3 if none was set.
func Zone(ctx context.Context) *time.Location {
	if zone, ok := ctx.Value(zoneKey{}).(*time.Location); ok {
		return zone
	}
	return moscow
}

// T is the text for the key in the language of the context. See the package comment for args.
func T(ctx context.Context, key string, args ...any) string {
	return Text(Lang(ctx), key, args...)
}

// Text is T for callers that have a language but no context.
func Text(lang, key string, args ...any) string {
	all := words()
	m, ok := all[lang][key]
	if !ok {
		lang = Russian
		if m, ok = all[lang][key]; !ok {
			return key
		}
	}
	text := m.plain
	if m.forms != nil {
		n := int64(0)
		for i := 0; i+1 < len(args); i += 2 {
			if args[i] == "n" {
				n = whole(args[i+1])
			}
		}
		if text, ok = m.forms[PluralForm(lang, n)]; !ok {
			text = m.forms["other"]
		}
	}
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+fmt.Sprint(args[i])+"}", written(lang, args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// TextLang is the language in which a text is shown to readers of lang: lang itself,
// or Russian when the key is not written in it. Law and consents are so on purpose.
func TextLang(lang, key string) string {
	if _, ok := words()[lang][key]; ok {
		return lang
	}
	return Russian
}

// Has tells whether the key is written in Russian, the source language.
func Has(key string) bool {
	_, ok := words()[Russian][key]
	return ok
}

// PluralForm is the CLDR category of a whole number: one, few, many or other.
func PluralForm(lang string, n int64) string {
	if n < 0 {
		n = -n
	}
	if lang != Russian {
		if n == 1 {
			return "one"
		}
		return "other"
	}
	tens, ones := n%100, n%10
	switch {
	case ones == 1 && tens != 11:
		return "one"
	case ones >= 2 && ones <= 4 && (tens < 12 || tens > 14):
		return "few"
	default:
		return "many"
	}
}

func whole(v any) int64 {
	switch n := v.(type) {
	case int:
		return int64(n)
	case int32:
		return int64(n)
	case int64:
		return n
	case uint:
		return int64(n)
	case uint32:
		return int64(n)
	default:
		return 0
	}
}

// written is how an argument stands in a text.
func written(lang string, v any) string {
	switch x := v.(type) {
	case string:
		return x
	case int, int32, int64, uint, uint32:
		return number(lang, whole(x))
	default:
		return fmt.Sprint(x)
	}
}
