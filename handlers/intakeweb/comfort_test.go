package intakeweb_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"okno/review"
	"okno/review/intake"
	"okno/review/mrz"
	"okno/views/i18n"
	"okno/views/link"
)

// filledIn is a form as the browser would send it, with some inputs changed.
func filledIn(p page, action string, values map[string]string) url.Values {
	v := url.Values{}
	set := func(_ int, s *goquery.Selection) {
		name := s.AttrOr("name", "")
		switch {
		case name == "" || s.Is("button"):
		case s.Is("select"):
			v.Set(name, s.Find("option[selected]").AttrOr("value", ""))
		case s.Is("textarea"):
			v.Set(name, s.Text())
		case s.Is("[type=radio], [type=checkbox]") && !s.Is("[checked]"):
		default:
			v.Set(name, s.AttrOr("value", ""))
		}
	}
	p.Find(`form[action="` + action + `"]`).Find("input, select, textarea").Each(set)
	p.Find(`[form="section-form"]`).Each(set)
	for name, value := range values {
		v.Set(name, value)
	}
	return v
}

func (d *desk) sendForm(action string, v url.Values) page {
	d.t.Helper()
	r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(v.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return d.do(own, r)
}

// TestTwoWindows: what was saved in one window is not lost to the other without a
// word, and what was typed in the other is not lost either.
func TestTwoWindows(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	address := link.Section(intake.Address)
	one, two := d.get(address), d.get(address)
	if p := d.sendForm(address, filledIn(one, address, map[string]string{"address": "Москва, ул. Первая, 1"})); p.status != http.StatusSeeOther {
		t.Fatal(p.status)
	}
	mine := filledIn(two, address, map[string]string{"address": "Москва, ул. Вторая, 2"})
	p := d.sendForm(address, mine)
	if p.status != http.StatusConflict {
		t.Fatalf("status %d", p.status)
	}
	if got := p.Find("textarea[name=address]").Text(); got != "Москва, ул. Вторая, 2" {
		t.Errorf("the form holds %q", got)
	}
	if !strings.Contains(p.Find("main .summary").Text(), "ул. Первая, 1") || strings.Contains(p.Find("main .summary").Text(), "Индекс") {
		t.Errorf("what the other window saved: %q", p.Find("main .summary").Text())
	}
	// Sent again with the mark of what is now on the page, it counts.
	if p = d.sendForm(address, filledIn(p, address, nil)); p.status != http.StatusSeeOther {
		t.Fatalf("again: %d", p.status)
	}
	s, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil || s.Answers.Value(review.Address) != "Москва, ул. Вторая, 2" {
		t.Errorf("%q, %v", s.Answers.Value(review.Address), err)
	}
	// The same form twice, as an impatient finger sends it, is one saving.
	fresh := filledIn(d.get(address), address, map[string]string{"address": "Москва, ул. Третья, 3"})
	for i := range 2 {
		if p := d.sendForm(address, fresh); p.status != http.StatusSeeOther {
			t.Errorf("time %d: %d", i+1, p.status)
		}
	}
}

// TestLettersThatLookAlike: a name of two alphabets is refused with a button that
// writes what was meant; a number is stored in Latin letters, and that is told.
func TestLettersThatLookAlike(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	person := link.Section(intake.Person)
	values := maps.Clone(forms[review.ForeignCitizen][intake.Person])
	values["surname"] = "Hамунаев" // the first letter is Latin
	p := d.post(person, person, values)
	button := p.Find("button[name=use]").FilterFunction(func(_ int, s *goquery.Selection) bool { return s.AttrOr("value", "") == "surname" })
	if p.status != http.StatusUnprocessableEntity || !strings.Contains(button.Text(), "Намунаев") {
		t.Fatalf("status %d, button %q", p.status, button.Text())
	}
	fixed := d.sendForm(person, filledIn(p, person, map[string]string{"use": "surname"}))
	if got := fixed.Find("[name=surname]").AttrOr("value", ""); fixed.status != http.StatusOK || got != "Намунаев" {
		t.Fatalf("status %d, surname %q", fixed.status, got)
	}
	if got := fixed.Find("[name=given-name]").AttrOr("value", ""); got != values["given-name"] {
		t.Errorf("the given name became %q", got)
	}
	if p := d.sendForm(person, filledIn(fixed, person, nil)); p.status != http.StatusSeeOther {
		t.Fatalf("%d %s", p.status, p.Find(".error-summary").Text())
	}

	document := link.Section(intake.Document)
	values = maps.Clone(forms[review.ForeignCitizen][intake.Document])
	values["document-number"] = "АА 1234567" // Cyrillic
	saved := d.post(document, document, values)
	if saved.status != http.StatusSeeOther || !strings.Contains(saved.location, "from="+intake.Document) || strings.Contains(saved.location, "1234567") {
		t.Fatalf("%d %s", saved.status, saved.location)
	}
	if told := d.get(saved.location).Find(".notice").Text(); !strings.Contains(told, "AA1234567") {
		t.Errorf("what was stored is not told: %q", told)
	}
	if row := d.get(link.CheckAnswers()).Find(".summary").Text(); !strings.Contains(row, i18n.Text("ru", "apply.rewritten.typed", "value", "АА 1234567")) {
		t.Error("the check page does not tell what was typed")
	}
	values["document-number"] = "AA 1234-567" // only separators: nothing to tell
	if p := d.post(document, document, values); strings.Contains(p.location, "from=") {
		t.Errorf("separators are told: %s", p.location)
	}
}

// passportLines are those of a SPECIMEN.
func passportLines(t *testing.T) string {
	t.Helper()
	one := "P<UZBNAMUNAYEV<<JASUR" + strings.Repeat("<", 44-len("P<UZBNAMUNAYEV<<JASUR"))
	digit := func(s string) string { return strconv.Itoa(mrz.CheckDigit(s)) }
	number, birth, expiry, optional := "FA1234567", "910314", "300504", strings.Repeat("<", 14)
	two := number + digit(number) + "UZB" + birth + digit(birth) + "M" + expiry + digit(expiry) + optional + "<"
	two += digit(two[:10] + two[13:20] + two[21:43])
	if _, faults := mrz.TD3(one, two); len(faults) > 0 {
		t.Fatalf("%s\n%s: %v", one, two, faults)
	}
	return one + "\n" + two
}

// TestPassportLinesFillEmptyFields on the person's word, and only empty ones.
func TestPassportLinesFillEmptyFields(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	person, lines := link.Section(intake.Person), passportLines(t)

	for typed, want := range map[string]string{
		"nothing of the kind": "apply.fault.lines-unknown",
		"":                    "apply.fault.lines-unknown",
		strings.Replace(lines, "FA1234567", "FA1234568", 1): "apply.fault.lines-mistyped",
	} {
		p := d.sendForm(person, filledIn(d.get(person), person, map[string]string{"machine-lines": typed, "use": "lines", "surname": "Намунаев"}))
		if p.status != http.StatusUnprocessableEntity || strings.TrimSpace(p.Find(".error-summary li").Text()) != i18n.Text("ru", want) {
			t.Errorf("%q: %d %q", typed, p.status, p.Find(".error-summary li").Text())
		}
		if p.Find("[name=surname]").AttrOr("value", "") != "Намунаев" || p.Find("textarea[name=machine-lines]").Text() != typed {
			t.Errorf("%q: what was typed is gone", typed)
		}
	}

	p := d.sendForm(person, filledIn(d.get(person), person, map[string]string{"machine-lines": strings.ToLower(lines), "use": "lines", "surname": "Намунаев", "given-name-latin": "JASURBEK"}))
	if p.status != http.StatusOK {
		t.Fatalf("%d %s", p.status, p.Find(".error-summary").Text())
	}
	for name, want := range map[string]string{"surname": "Намунаев", "surname-latin": "NAMUNAYEV", "given-name-latin": "JASURBEK", "birth-date-day": "14", "birth-date-month": "03", "birth-date-year": "1991"} {
		if got := p.Find(`[name="`+name+`"]`).AttrOr("value", ""); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	if p.Find("[name=citizenship] option[selected]").AttrOr("value", "") != "UZB" || !p.Find("[name=sex][value=M]").Is("[checked]") {
		t.Error("citizenship or sex is not filled")
	}
	if s, err := d.store.ForAccount(t.Context(), applicant.Account); err != nil || s.Version != 1 {
		t.Errorf("something was stored before the person has said so: %v", err)
	}
	saved := d.sendForm(person, filledIn(p, person, map[string]string{"given-name": "Жасурбек", "birth-place": "Ташкент"}))
	if saved.status != http.StatusSeeOther {
		t.Fatalf("%d %s", saved.status, saved.Find(".error-summary").Text())
	}

	// The lines are not asked for twice: the next form offers what they say.
	document := link.Section(intake.Document)
	offered := d.get(document)
	if text := offered.Find(".notice .summary").Text(); !strings.Contains(text, "FA1234567") || offered.Find("[name=document-number]").AttrOr("value", "") != "" {
		t.Fatalf("offered: %q", text)
	}
	used := d.sendForm(document, filledIn(offered, document, map[string]string{"use": "passport", "document-issuer": "MIA"}))
	if used.Find("[name=document-number]").AttrOr("value", "") != "FA1234567" || used.Find("[name=document-expiry-date-year]").AttrOr("value", "") != "2030" || used.Find("[name=document-issuer]").AttrOr("value", "") != "MIA" {
		t.Errorf("used: %d %q", used.status, used.Find("[name=document-number]").AttrOr("value", ""))
	}
	ignored := d.sendForm(document, filledIn(offered, document, map[string]string{"use": "none"}))
	if ignored.status != http.StatusOK || ignored.Find("button[value=passport]").Length() != 0 || ignored.Find("[name=document-number]").AttrOr("value", "") != "" {
		t.Errorf("ignored: %d", ignored.status)
	}
}

// TestWhatTheScanSaysIsOffered and never taken silently.
func TestWhatTheScanSaysIsOffered(t *testing.T) {
	lines := strings.Split(passportLines(t), "\n")
	for verdict, want := range map[review.ReadVerdict]bool{review.LinesRead: true, review.LinesUnreadable: false, review.LinesNone: false} {
		s := &review.Submission{Track: review.ForeignCitizen, Status: review.Draft, Documents: []review.Document{{Slot: review.SlotPassport,
			Pages: []review.Page{{Number: 1, Report: review.PageReport{Reading: &review.Reading{Verdict: verdict, Format: review.FormatTD3, Lines: lines}}}}}}}
		sec, _ := intake.SectionByCode(s.Track, intake.Person)
		offers := intake.OffersFromScan(s, sec, intake.Typed{"sex": "F"}, intake.Today(open(t, review.ForeignCitizen, "ru").now))
		if (len(offers) > 0) != want {
			t.Errorf("%s: %d offers", verdict, len(offers))
		}
		for _, o := range offers {
			if o.Field == review.Sex {
				t.Error("a field that holds something is offered")
			}
		}
	}
}

// TestAlreadySent: going back after the sending, and sending twice, lead to where
// the application is, with a word about it.
func TestAlreadySent(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.fill()
	check := filledIn(d.get(link.CheckAnswers()), link.Send(), nil)
	address := filledIn(d.get(link.Section(intake.Address)), link.Section(intake.Address), nil)
	if p := d.sendForm(link.Send(), check); p.location != link.Receipt() {
		t.Fatal(p.location)
	}
	for what, p := range map[string]page{
		"sent twice": d.sendForm(link.Send(), check), "back to the check": d.get(link.CheckAnswers()), "back to a section": d.get(link.Section(intake.Address)),
		"a section sent late": d.sendForm(link.Section(intake.Address), address),
	} {
		if p.status != http.StatusSeeOther || p.location != link.Status() || !strings.Contains(strings.Join(p.cookies, " "), "=sent;") {
			t.Errorf("%s: %d %s %v", what, p.status, p.location, p.cookies)
		}
	}
	r := httptest.NewRequest(http.MethodGet, link.Status(), nil)
	r.AddCookie(&http.Cookie{Name: "__Host-okno-held", Value: "sent"})
	if told := d.do(own, r).Find(".notice").Text(); !strings.Contains(told, "уже отправлено") {
		t.Errorf("told: %q", told)
	}
	s, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil || s.Round != 1 {
		t.Errorf("round %d, %v", s.Round, err)
	}
}

// TestEveryClosedFieldIsRefused: with two corrections, a field and a document,
// every other field and document of the submission is refused when it is posted
// by hand.
func TestEveryClosedFieldIsRefused(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.fill()
	d.post(link.CheckAnswers(), link.Send(), nil)
	sub := d.ask(review.Item{Target: review.Target{Field: review.INN}, Reason: "identifier-invalid"},
		review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})
	listed := d.get(link.Corrections())
	if text := listed.Find("main").Text(); !strings.Contains(text, i18n.Text("ru", "progress.corrections.howField")) || !strings.Contains(text, i18n.Text("ru", "progress.corrections.howDocument")) ||
		!strings.Contains(text, i18n.Text("ru", "progress.corrections.stays")) || !strings.Contains(listed.Find("details").Text(), "NAMUNAYEV") {
		t.Errorf("the list: %s", text)
	}
	token := filledIn(d.get(link.Section(intake.Identifiers)), link.Section(intake.Identifiers), nil)
	before, tried := sub.Answers.Clone(), 0
	for _, sec := range intake.Sections(sub.Track) {
		for _, in := range sec.Inputs {
			if in.Field == review.INN {
				continue
			}
			for _, name := range []string{string(in.Field), string(in.Field) + "-day"} {
				for _, target := range []string{sec.Code, intake.Identifiers} {
					v := url.Values{"csrf": {token.Get("csrf")}, "inn": {"500100732259"}, name: {"1"}}
					tried++
					if p := d.sendForm(link.Section(target), v); p.status != http.StatusConflict {
						t.Errorf("%s to %s: %d", name, target, p.status)
					}
				}
			}
		}
	}
	for _, slot := range review.Slots(sub.Track) {
		if slot == review.SlotPassport {
			continue
		}
		tried++
		if d.get(link.Upload(string(slot))).Find("input[type=file]").Length() != 0 {
			t.Errorf("%s can be replaced", slot)
		}
		body := testdata(t, "specimens/s001_passport.jpg")
		if p := d.uploadWith(token.Get("csrf"), string(slot), "SPECIMEN.jpg", body); p.status != http.StatusSeeOther || p.location != link.Corrections() {
			t.Errorf("%s: %d %s", slot, p.status, p.location)
		}
	}
	s, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil {
		t.Fatal(err)
	}
	for f, a := range before {
		if s.Answers.Value(f) != a.Value {
			t.Errorf("%s has changed", f)
		}
	}
	if len(s.Answers) != len(before) || tried < 40 {
		t.Errorf("%d answers, were %d; tried %d", len(s.Answers), len(before), tried)
	}
}

// TestTheLanguageSwitchKeepsWhatIsTyped: the switch sends the form along; what was typed
// and what was wrong with it come back in the other language, and nothing is stored.
func TestTheLanguageSwitchKeepsWhatIsTyped(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	address := link.Section(intake.Address)
	p := d.get(address)
	if b := p.Find(`.languages button[name=switch-language][value=en][form=section-form]`); b.Length() != 1 {
		t.Fatalf("%d buttons of English", b.Length())
	}
	// Browsers press a form's first button for Enter: that one saves.
	if first := p.Find(`button[form=section-form], form#section-form button`).First(); first.AttrOr("name", "") != "" {
		t.Errorf("Enter presses %s", first.AttrOr("name", ""))
	}
	half := map[string]string{"address": "Москва, ул. Первая", "postal-index": "12", "switch-language": "en"}
	p = d.sendForm(address, filledIn(p, address, half))
	if got := p.Find("textarea[name=address]").Text(); p.status != http.StatusOK || got != half["address"] || p.Find("html").AttrOr("lang", "") != "en" {
		t.Fatalf("%d %s %q", p.status, p.Find("html").AttrOr("lang", ""), got)
	}
	if n := p.Find(".error-summary").Length(); n != 0 {
		t.Error("a form that was not judged yet comes back with faults")
	}
	// Sent, it has faults; they can be read in the other language as well.
	p = d.sendForm(address, filledIn(p, address, nil))
	if p.status != http.StatusUnprocessableEntity {
		t.Fatal(p.status)
	}
	in := func(lang string) string {
		return d.sendForm(address, filledIn(p, address, map[string]string{"switch-language": lang})).Find("#postal-index-error").Text()
	}
	if en, ru := in("en"), in("ru"); en == "" || ru == "" || en == ru {
		t.Errorf("faults in both languages: %q, %q", en, ru)
	}
	s, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil || s.Answers.Value(review.Address) != "" {
		t.Errorf("stored %q, %v", s.Answers.Value(review.Address), err)
	}
}
