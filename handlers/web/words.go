package web

import (
	"context"
	"strings"
	"unicode"

	"okno/review"
	"okno/views/i18n"
	"okno/views/ui"
)

// TargetName names what an item is about: a field, a document or the whole
// application.
func TargetName(ctx context.Context, t review.Target) string {
	switch {
	case t.Slot != "":
		return i18n.T(ctx, "slot."+string(t.Slot))
	case t.Field != "":
		return i18n.T(ctx, "field."+string(t.Field))
	}
	return i18n.T(ctx, "notice.whole")
}

// ReasonText is what an applicant reads about an item. The reason book is written
// in the complete languages only: readers of another get the text in each of them.
// A text that cannot be filled, because its facts are gone, is replaced by the name
// of the target: the decision itself never depends on a text.
func ReasonText(ctx context.Context, i review.Item, facts map[string]string, w review.Wording) (list []ui.Passage) {
	for _, language := range i18n.InFull(i18n.Lang(ctx)) {
		text, err := i.Text(language, facts, w)
		if err != nil {
			return []ui.Passage{{Text: i18n.T(ctx, "apply.list.blockedItem", "what", TargetName(ctx, i.Target))}}
		}
		list = append(list, Spoken(ctx, review.Passage{Language: language, Text: text}))
	}
	return list
}

// Typed is what somebody wrote, on a page in whatever language: with Cyrillic letters
// it is read out as Russian.
func Typed(ctx context.Context, text string) ui.Passage {
	p := review.Passage{Text: text}
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) {
		p.Language = i18n.Russian
	}
	return Spoken(ctx, p)
}

// Spoken is a text as a page shows it: its language is told where it is not that of
// the page.
func Spoken(ctx context.Context, p review.Passage) ui.Passage {
	if p.Language == i18n.Lang(ctx) {
		p.Language = ""
	}
	return ui.Passage{Text: p.Text, Lang: p.Language}
}
