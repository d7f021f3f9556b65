package main

import (
	"bytes"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/PuerkitoBio/goquery"

	"okno/db/sqlite"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
)

func cyrillic(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) })
}

// tongue is the language in which an element is read out.
func tongue(e *goquery.Selection) string {
	return e.Closest("[lang]").AttrOr("lang", "")
}

// mistold are the texts of a page in Latin letters, seen or heard, that are in Cyrillic
// ones and do not say of which language they are.
func mistold(page *goquery.Document) (list []string) {
	written := []string{"ru", "tg", "ky"}
	page.Find("*").Not("script, style").Each(func(_ int, e *goquery.Selection) {
		if slices.Contains(written, tongue(e)) {
			return
		}
		own := e.Contents().FilterFunction(func(_ int, c *goquery.Selection) bool { return goquery.NodeName(c) == "#text" }).Text()
		said := []string{own, e.AttrOr("alt", ""), e.AttrOr("title", ""), e.AttrOr("aria-label", ""), e.AttrOr("placeholder", "")}
		if goquery.NodeName(e) == "input" && e.AttrOr("type", "text") != "hidden" {
			said = append(said, e.AttrOr("value", ""))
		}
		for _, text := range said {
			if cyrillic(text) {
				list = append(list, goquery.NodeName(e)+": "+strings.Join(strings.Fields(text), " "))
			}
		}
	})
	return list
}

// TestEveryTextTellsItsLanguage reads every page of the applicant's side in the two
// languages that are written in Latin letters: what is in Cyrillic ones there tells so,
// for those who hear the page.
func TestEveryTextTellsItsLanguage(t *testing.T) {
	g := exhibit(t)
	told := 0
	for _, s := range g.sheets() {
		for _, lang := range []string{"en", "uz"} {
			_, body := g.travels(s.path, s.who, lang)
			page, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
			g.must(err)
			for _, text := range mistold(page) {
				t.Errorf("%s of %s in %s: %s", s.path, s.who, lang, text)
			}
			told += page.Find("main [lang=ru]").Length()
		}
	}
	if told < 50 {
		t.Errorf("only %d texts are marked", told)
	}
}

// TestReasonsAreReadInRussianAndEnglish looks for the reasons of a decision wherever
// an applicant meets them: in a language in which the reason book is not written they
// stand in Russian and, below, in English, each marked; in the two others once.
func TestReasonsAreReadInRussianAndEnglish(t *testing.T) {
	g := exhibit(t)
	places := []struct {
		path, who string
		reasons   []review.ReasonCode
	}{
		{link.Corrections(), corrector, []review.ReasonCode{"doc-number-mismatch", "doc-blurry"}},
		{link.Section(intake.Document), corrector, []review.ReasonCode{"doc-number-mismatch"}},
		{link.Upload("passport"), corrector, []review.ReasonCode{"doc-blurry"}},
		{link.Status(), corrector, []review.ReasonCode{"doc-number-mismatch", "doc-blurry"}}, // the message
		{link.Status(), refused, []review.ReasonCode{"doc-damaged"}},
		{link.Appeal(), refused, []review.ReasonCode{"doc-damaged"}},
	}
	for _, place := range places {
		for _, lang := range i18n.ForApplicants() {
			_, body := g.travels(place.path, place.who, lang)
			page, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
			g.must(err)
			for _, code := range place.reasons {
				r, ok := review.Reasons().Reason(code)
				if !ok {
					t.Fatal(code)
				}
				var got []string
				page.Find("main p").Each(func(_ int, p *goquery.Selection) {
					if p.Closest("details").Length() > 0 && place.path == link.Status() && place.who != corrector {
						return // the message says it again, in the language of then
					}
					for _, language := range []string{"ru", "en"} {
						if strings.Contains(p.Text(), longest(r.ApplicantMessage.In(language))) {
							got = append(got, language+" as "+tongue(p))
						}
					}
				})
				want := []string{"ru as ru", "en as en"}
				if i18n.Complete(lang) {
					want = []string{lang + " as " + lang}
				}
				if place.who == corrector && place.path == link.Status() {
					want = []string{"ru as ru"} // sent in Russian
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s in %s: %s stands there as %v, want %v", place.path, lang, code, got, want)
				}
			}
		}
	}

	// And in the messages, as they are sent and as they are shown again.
	notice := g.newest(review.NoticeCorrection).Notice
	for _, lang := range i18n.ForApplicants() {
		notice.Language = lang
		text, err := g.words().Write(t.Context(), notice)
		g.must(err)
		_, parts, err := g.words().said(notice)
		g.must(err)
		for _, item := range notice.Items {
			r, _ := review.Reasons().Reason(item.Reason)
			ru, en := strings.Index(text.Body, longest(r.ApplicantMessage.RU)), strings.Index(text.Body, longest(r.ApplicantMessage.EN))
			if i18n.Complete(lang) == (ru >= 0 && en >= 0) || !i18n.Complete(lang) && ru > en {
				t.Errorf("a mail in %s has the Russian text at %d and the English one at %d", lang, ru, en)
			}
		}
		for _, p := range parts {
			if cyrillic(p.Text) != slices.Contains([]string{"ru", "tg", "ky"}, p.Lang) && p.Lang != "" {
				t.Errorf("a mail in %s says that this is %q: %s", lang, p.Lang, p.Text)
			}
			if strings.Contains(p.Text, "Oʻz") && p.Lang == "ru" {
				t.Errorf("words of another language in a Russian text: %s", p.Text)
			}
		}
	}
}

// longest is the longest piece of a text between two of its parameters.
func longest(text string) (piece string) {
	for part := range strings.SplitSeq(text, "{") {
		if _, after, ok := strings.Cut(part, "}"); ok {
			part = after
		}
		if len(part) > len(piece) {
			piece = part
		}
	}
	return strings.TrimSpace(piece)
}

// TestMessagesComeInTheChosenLanguage chooses a language in the cabinet while somebody
// works on the case: who reviews it is not disturbed, and whatever is written from then
// on is in that language, about the account and about the application.
func TestMessagesComeInTheChosenLanguage(t *testing.T) {
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.taken(reviewer)
	v := h.account(s.Account)
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(h.visit(v, link.Cabinet()).body))
	h.must(err)
	form := page.Find(`form[action="` + link.CabinetLanguage() + `"]`)
	if chosen := form.Find("input[checked]").AttrOr("value", ""); form.Find("input[type=radio]").Length() != len(i18n.ForApplicants()) || chosen != "ru" {
		t.Errorf("the cabinet offers %d languages, %q is chosen", form.Find("input[type=radio]").Length(), chosen)
	}
	for _, wrong := range []string{"", "xx"} {
		if a := h.post(v, link.CabinetLanguage(), url.Values{"language": {wrong}}); a.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d", wrong, a.status)
		}
	}
	for range 2 { // a second click changes nothing
		if a := h.post(v, link.CabinetLanguage(), url.Values{"language": {"uz"}}); a.status != http.StatusSeeOther {
			t.Fatalf("chosen: %d", a.status)
		}
	}
	events, err := h.accounts.Events(t.Context(), s.Account, 50)
	h.must(err)
	chosen := slices.DeleteFunc(events, func(e review.Event) bool { return e.Type != review.EventLanguageChosen })
	if len(chosen) != 1 || chosen[0].Detail["language"] != "uz" {
		t.Errorf("in the log stands %v", chosen)
	}
	if text := h.visit(v, link.CabinetAfterLanguage()).text(); !strings.Contains(text, i18n.Text("ru", "cabinet.language-done")) || !strings.Contains(text, i18n.Text("ru", "cabinet.event.language-chosen")) {
		t.Error("the cabinet does not tell that the language was chosen")
	}
	h.write(func(tx *sqlite.Tx) error {
		_, err := h.submissions.UpdateTx(tx, s.ID, s.Version, h.decided(reviewer, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}}}))
		return err
	})
	if n := h.newest(review.NoticeCorrection); n.Language != "uz" {
		t.Errorf("the corrections are asked for in %q", n.Language)
	}
	if _, language, err := h.accounts.Contact(t.Context(), s.Account, review.Mail); err != nil || language != "uz" {
		t.Errorf("the account is written to in %q: %v", language, err)
	}
}

func TestAMessageSaysWhichContactWasChanged(t *testing.T) {
	w := words{public: settingsIn(t.TempDir()).Public}
	for _, lang := range i18n.ForApplicants() {
		for _, f := range []review.Field{review.Email, review.Phone} {
			text, err := w.Write(t.Context(), review.Notice{Kind: review.NoticeContactChanged, Channel: review.Mail, Language: lang, Params: map[string]string{"contact": string(f)}})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text.Body, ": "+i18n.Text(lang, "field."+string(f))+".") {
				t.Errorf("in %s: %s", lang, text.Body)
			}
		}
	}
}
