package intakeweb_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/jpeg"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"okno/review"
	"okno/review/scan/ocrb"
	"okno/views/i18n"
	"okno/views/link"
)

// answered stores answers of the draft.
func (d *desk) answered(pairs ...string) {
	d.t.Helper()
	s, err := d.store.ForAccount(d.t.Context(), applicant.Account)
	if err != nil {
		d.t.Fatal(err)
	}
	given := review.Answers{}
	for i := 0; i < len(pairs); i += 2 {
		given[review.Field(pairs[i])] = review.Answer{Typed: pairs[i+1], Value: pairs[i+1]}
	}
	if _, err := d.store.Update(d.t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
		return s.Save(applicant, "person", given, d.now)
	}); err != nil {
		d.t.Fatal(err)
	}
}

// typed are the answers of the person in the first specimen.
var typed = []string{
	"surname-latin", "DEVMOHPATAN", "given-name-latin", "SAMPLONA", "surname", "Девмохпатан", "given-name", "Самплона", "citizenship", "IND", "sex", "F",
	"birth-date", "1953-12-12", "document-number", "L2112477", "document-issue-date", "2021-05-12", "document-expiry-date", "2031-05-11",
}

// What was read from a page is held against the answers in words, with the place on the
// page; what agrees is one quiet line, and nothing is said that only a forger could use.
func TestTheUploadPageComparesTheDocumentWithTheAnswers(t *testing.T) {
	for _, lang := range i18n.Languages() {
		t.Run(lang, func(t *testing.T) {
			d := open(t, review.ForeignCitizen, lang)
			d.scans.Inspector.Lines = ocrb.New()
			d.get(link.Apply())
			page := link.Upload("passport")
			d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
			if p := d.get(page); p.Find(".told, .quiet").Length() != 0 {
				t.Errorf("nothing was answered yet: %s", p.Find(".told, .quiet").Text())
			}
			d.answered(typed...)
			p := d.get(page)
			if p.Find(".told").Length() != 0 || p.Find(".quiet").Length() != 1 {
				t.Errorf("all is right: %s", p.Find(".told").Text())
			}
			if n := d.get(link.CheckAnswers()).Find(`.notice a[href="` + page + `"]`).Length(); n != 0 {
				t.Error("the check page warns of a document that agrees")
			}
			d.answered("birth-date", "1953-12-21", "document-number", "L2112478", "surname-latin", "SAMPLONA", "given-name-latin", "DEVMOHPATAN")
			p = d.get(page)
			list := p.Find(".told li")
			if list.Length() != 4 {
				t.Fatalf("%d differences: %s", list.Length(), list.Text())
			}
			text := strings.Join(strings.Fields(list.Text()), " ")
			for _, want := range []string{"12.12.1953", "21.12.1953", "L2112477", "L2112478", i18n.Text(lang, "told.swapped"), i18n.Text(lang, "told.one-character")} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not said: %s", want, text)
				}
			}
			if fix := list.Find(`a[href="/apply/person#birth-date-day"], a[href="/apply/document#document-number"]`); fix.Length() != 2 {
				t.Errorf("%d links to the answers", fix.Length())
			}
			for to, id := range map[string]string{"/apply/person": "birth-date-day", "/apply/document": "document-number"} {
				if d.get(to).Find("#"+id).Length() != 1 {
					t.Errorf("%s has no input %s", to, id)
				}
			}
			if list.Find("figure img").Length() != 4 {
				t.Errorf("%d places are shown", list.Find("figure img").Length())
			}
			crop := d.get(link.OwnPlace("passport", "birth-date"))
			img, err := jpeg.Decode(bytes.NewReader(crop.body))
			if err != nil || crop.kind != "image/jpeg" || img.Bounds().Dx() > 800 || img.Bounds().Dx() < 150 {
				t.Errorf("the place: %s, %v", crop.kind, err)
			}
			for who, path := range map[string]string{"agrees": link.OwnPlace("passport", "sex"), "no field": link.OwnPlace("passport", "nothing"), "another slot": link.OwnPlace("stay-proof", "birth-date")} {
				if p := d.get(path); p.status != http.StatusNotFound {
					t.Errorf("%s: %d", who, p.status)
				}
			}
			if p := d.do(other, httptest.NewRequest(http.MethodGet, link.OwnPlace("passport", "birth-date"), nil)); p.status == http.StatusOK {
				t.Error("a stranger sees the place")
			}
			check := d.get(link.CheckAnswers())
			if check.Find(`.notice a[href="`+page+`"]`).Length() == 0 || !strings.Contains(check.Find(".notice").Text(), i18n.Text(lang, "field.birth-date")) {
				t.Errorf("before sending nobody says so: %s", check.Find(".notice").Text())
			}
		})
	}
}

// saw is a reader of lines with one answer.
type saw ocrb.Reading

func (s saw) Read(context.Context, image.Image) ocrb.Reading { return ocrb.Reading(s) }

// A page that cannot be read, and one without lines, say what to do and compare nothing.
func TestPagesThatCannotBeReadCompareNothing(t *testing.T) {
	for verdict, want := range map[ocrb.Verdict]string{ocrb.Unreadable: "told.unreadable", ocrb.None: "quality.no-lines"} {
		d := open(t, review.ForeignCitizen, "ru")
		d.scans.Inspector.Lines = saw{Verdict: verdict}
		d.get(link.Apply())
		d.answered(typed...)
		d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
		p := d.get(link.Upload("passport"))
		if p.Find(".told, .quiet").Length() != 0 {
			t.Errorf("%s: compared: %s", want, p.Find(".told, .quiet").Text())
		}
		if !strings.Contains(p.Text(), i18n.Text("ru", want)) {
			t.Errorf("%s is not said", want)
		}
	}
}

// Whether check digits hold makes no difference for what the applicant is told.
func TestWrongCheckDigitsAreNotTold(t *testing.T) {
	var truth struct {
		Items []struct {
			File  string
			Fraud []string
			Typed struct{ Surname, Given, Nationality, Sex, Birth, Expiry, Number string }
		}
	}
	if err := json.Unmarshal(testdata(t, "specimens/truth.json"), &truth); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, i := range truth.Items {
		if len(i.Fraud) == 0 || i.Fraud[0] != "bad-check-digit" {
			continue
		}
		seen++
		d := open(t, review.ForeignCitizen, "ru")
		d.scans.Inspector.Lines = ocrb.New()
		d.get(link.Apply())
		d.answered("surname-latin", i.Typed.Surname, "given-name-latin", i.Typed.Given, "citizenship", i.Typed.Nationality, "sex", i.Typed.Sex, "birth-date", i.Typed.Birth, "document-number", i.Typed.Number)
		d.upload("passport", i.File, testdata(t, "specimens/"+i.File))
		p := d.get(link.Upload("passport"))
		if n := p.Find(".told li").Length(); n != 1 {
			t.Errorf("%s: %d differences: %s", i.File, n, p.Find(".told li").Text())
		}
		if text := strings.ToLower(p.Text()); strings.Contains(text, "контрольн") {
			t.Errorf("%s: check digits are spoken of", i.File)
		}
	}
	if seen == 0 {
		t.Error("no specimen has a wrong check digit")
	}
}

// While corrections are open, only an answer that may be changed has a link; what neither
// a new file nor a new answer can change is not spoken of.
func TestWhatCannotBeChangedIsNotAskedFor(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.fill()
	d.answered(typed...)
	d.answered("birth-date", "1953-12-21", "document-number", "L2112478")
	d.post(link.CheckAnswers(), link.Send(), nil)
	d.ask(review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"}, review.Item{Target: review.Target{Field: review.BirthDate}, Reason: "birth-data-mismatch"})
	d.scans.Inspector.Lines = ocrb.New()
	d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
	p := d.get(link.Upload("passport"))
	if n := p.Find(".told li").Length(); n != 2 {
		t.Fatalf("%d differences: %s", n, p.Find(".told").Text())
	}
	p.Find(".told li").Each(func(_ int, li *goquery.Selection) {
		open := strings.Contains(li.Find("h4").Text(), i18n.Text("ru", "field.birth-date"))
		if (li.Find("a").Length() == 1) != open {
			t.Errorf("%s has %d links", li.Find("h4").Text(), li.Find("a").Length())
		}
	})
	d.answered("birth-date", "1953-12-12")
	d.post(link.Corrections(), link.SendCorrections(), nil)
	if p := d.get(link.Upload("passport")); p.Find(".told, .quiet").Length() != 0 {
		t.Error("the desk has it, and still the applicant is asked")
	}
	if p := d.get(link.OwnPlace("passport", "birth-date")); p.status != http.StatusNotFound {
		t.Errorf("the place of a difference that nobody can change: %d", p.status)
	}
}
