package handlers_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/review"
	"okno/review/queue"
	"okno/review/reviewtest"
	"okno/views/i18n"
	"okno/views/link"
)

// token is what a person's pages carry against forged forms.
func (p person) token() string {
	p.t.Helper()
	path := link.Queue()
	if p.by.Has(review.RoleAuditor) {
		return ""
	}
	return parse(p.t, p.do("GET", path, nil), 200).Find(`input[name=csrf]`).First().AttrOr("value", "")
}

// post sends a form that is not on the page.
func (p person) post(path string, fields ...string) int {
	p.t.Helper()
	v := url.Values{"csrf": {p.token()}}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return p.do("POST", path, v).StatusCode
}

// TestWhatStandsBesideADecisionByRole posts each of the smaller forms as everybody:
// who does not hold the case or has not the right gets nothing done.
func TestWhatStandsBesideADecisionByRole(t *testing.T) {
	o := openOffice(t, holdTime)
	other := o.Queued(t)
	people := []review.Actor{reviewtest.Anna, reviewtest.Boris, reviewtest.Senior, reviewtest.Supervisor, reviewtest.Auditor}
	for _, c := range []struct {
		action string
		fields []string
		want   [5]int
	}{
		{"park", []string{"reason", "жду", "until", "02.12.2026"}, [5]int{303, 409, 409, 409, 403}},
		{"recuse", nil, [5]int{303, 409, 409, 409, 403}},
		{"note", []string{"note", "записка"}, [5]int{303, 303, 303, 303, 403}},
		{"link", []string{"number", other.Number.String()}, [5]int{303, 303, 303, 303, 403}},
		{"unlink", []string{"number", other.Number.String()}, [5]int{303, 303, 303, 303, 403}},
	} {
		for i, by := range people {
			s := o.Taken(t, reviewtest.Anna)
			path := link.CaseAction(string(s.ID), c.action)
			if got := o.as(by).post(path, c.fields...); got != c.want[i] {
				t.Errorf("%s as %s: %d, want %d", c.action, by.Name, got, c.want[i])
			}
			after, err := o.Store.Submission(t.Context(), s.ID)
			if err != nil || (after.Version > s.Version) != (c.want[i] == 303) {
				t.Errorf("%s as %s: version %d after %d, %v", c.action, by.Name, after.Version, s.Version, err)
			}
		}
	}
	for i, want := range [5]int{303, 303, 303, 303, 403} {
		for _, path := range []string{link.QueueViews(), link.QueueViewDrop()} {
			if got := o.as(people[i]).post(path, "name", "мой", "query", "due=soon"); got != want {
				t.Errorf("%s as %s: %d", path, people[i].Name, got)
			}
		}
		mentions := map[int]int{303: 200, 403: 403}[want]
		if got := o.as(people[i]).do("GET", link.Mentions(), nil).StatusCode; got != mentions {
			t.Errorf("mentions as %s: %d", people[i].Name, got)
		}
	}
}

func TestPuttingACaseAside(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	id, anna := string(s.ID), o.as(reviewtest.Anna)
	path, history := link.CaseAction(id, "park"), link.CaseHistory(id)
	for _, c := range []struct{ reason, until, fields string }{
		{"", "", "#park-reason #park-until"}, {" ", "02.12.2026", "#park-reason"}, {"жду", "31.02.2026", "#park-until"}, {"жду", "завтра", "#park-until"},
		{"жду", "30.11.2026", "#park-until"}, {"жду", "01.03.2027", "#park-until"}, {strings.Repeat("я", review.MaxNote+1), "02.12.2026", "#park-reason"},
	} {
		doc := parse(t, anna.press(anna.page(history), path, "reason", c.reason, "until", c.until), 422)
		var got []string
		doc.Find(".error-summary a").Each(func(_ int, e *goquery.Selection) { got = append(got, e.AttrOr("href", "")) })
		if strings.Join(slices.Sorted(slices.Values(got)), " ") != c.fields || strings.TrimSpace(doc.Find("#park-reason").Text()) != strings.TrimSpace(c.reason) || doc.Find("#park-until").AttrOr("value", "") != c.until {
			t.Errorf("%.10q until %q: %v", c.reason, c.until, got)
		}
		if !strings.HasPrefix(doc.Find("title").Text(), "Ошибка: ") || strings.Contains(doc.Find(".error-summary").Text(), "history.fault") {
			t.Errorf("%q: %s", c.until, words(doc.Find(".error-summary")))
		}
	}
	// The lease ends while the reason is being written.
	form := anna.page(history)
	o.Clock.Add(review.LeaseTerm)
	late := parse(t, anna.press(form, path, "reason", "жду ответа консульства", "until", "02.12.2026 10:30"), 409)
	if late.Find("#park-reason").Text() != "жду ответа консульства" || late.Find("#park-until").AttrOr("value", "") != "02.12.2026 10:30" || !strings.Contains(late.Text(), i18n.Text("ru", "history.kept")) {
		t.Errorf("late: %s", words(late.Find("main")))
	}
	location(t, anna.press(anna.page(link.Case(id)), link.CaseAction(id, "claim"))) // it is hers to go on with
	if to := location(t, anna.press(late, path, "reason", "жду ответа консульства", "until", "02.12.2026 10:30")); to != link.Queue() {
		t.Errorf("after putting aside: %s", to)
	}
	parked, err := o.Store.Submission(t.Context(), s.ID)
	if err != nil || parked.Parked == nil || parked.Status != review.Queued || parked.Claim != nil {
		t.Fatalf("%+v, %v", parked.Parked, err)
	}
	boris := o.as(reviewtest.Boris)
	if page := boris.page(history); !strings.Contains(words(page.Find(".notice")), reviewtest.Anna.Name) || page.Find(`form[action="`+path+`"]`).Length() != 0 {
		t.Errorf("a colleague sees %s", words(page.Find(".notice")))
	}
	if list := boris.page(link.Queue()); !strings.Contains(words(list.Find("tbody")), "Отложено") {
		t.Error("the row does not say so")
	}
	if to := location(t, boris.press(boris.page(link.Queue()), link.TakeNext())); to != link.QueueEmpty("") {
		t.Errorf("it is handed out all the same: %s", to)
	}
	o.Clock.Add(48 * time.Hour)
	if to := location(t, boris.press(boris.page(link.Queue()), link.TakeNext())); to != link.Case(id) {
		t.Errorf("when its time has come: %s", to)
	}
}

func TestALinkOfTwoCases(t *testing.T) {
	o := openOffice(t, holdTime)
	s, other, draft := o.Taken(t, reviewtest.Anna), o.Queued(t), o.Draft(t)
	id, anna := string(s.ID), o.as(reviewtest.Anna)
	join, history := link.CaseAction(id, "link"), link.CaseHistory(id)
	for _, number := range []string{"", "26 004", "26 004 812 75", s.Number.String(), draft.Number.String()} {
		doc := parse(t, anna.press(anna.page(history), join, "number", number), 422)
		if doc.Find(".error-summary a").AttrOr("href", "") != "#link-number" || doc.Find("#link-number").AttrOr("value", "") != number || strings.Contains(doc.Text(), "history.fault") {
			t.Errorf("%q: %s", number, words(doc.Find(".error-summary")))
		}
	}
	location(t, anna.press(anna.page(history), join, "number", other.Number.String()))
	for _, at := range []string{history, link.CaseHistory(string(other.ID))} { // both cases tell of it
		if page := anna.page(at); page.Find(`main ul a[href^="`+link.Case("")+`"]`).Length() != 1 {
			t.Errorf("%s: %s", at, words(page.Find("main")))
		}
	}
	location(t, anna.press(anna.page(history), link.CaseAction(id, "unlink")))
	if page := anna.page(history); page.Find(`form[action="`+link.CaseAction(id, "unlink")+`"]`).Length() != 0 {
		t.Error("the link is still there")
	}
}

func TestWhoKnowsTheApplicantGivesTheCaseBack(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	id, anna := string(s.ID), o.as(reviewtest.Anna)
	if to := location(t, anna.press(anna.page(link.CaseHistory(id)), link.CaseAction(id, "recuse"))); to != link.Queue() {
		t.Errorf("after: %s", to)
	}
	if to := location(t, anna.press(anna.page(link.Queue()), link.TakeNext())); to != link.QueueEmpty("") {
		t.Errorf("the case comes back: %s", to)
	}
	page := anna.page(link.Case(id))
	if page.Find(`form[action="`+link.CaseAction(id, "claim")+`"]`).Length() != 0 || strings.Contains(page.Text(), "ОБРАЗЦОВ") {
		t.Error("the papers are open, or the case is offered")
	}
	if got := anna.post(link.CaseAction(id, "recuse")); got != 409 {
		t.Errorf("a second time: %d", got)
	}
	boris := o.as(reviewtest.Boris)
	if to := location(t, boris.press(boris.page(link.Queue()), link.TakeNext())); to != link.Case(id) {
		t.Errorf("a colleague: %s", to)
	}
}

func TestSavedViews(t *testing.T) {
	o := openOffice(t, holdTime)
	o.Queued(t)
	anna := o.as(reviewtest.Anna)
	filtered := link.QueueView("", "", "UZB", "", "soon", "")
	for _, c := range []struct{ name, fault string }{{"", "empty"}, {"  ", "empty"}, {strings.Repeat("я", queue.MaxViewName+1), "length"}} {
		doc := parse(t, anna.press(anna.page(filtered), link.QueueViews(), "name", c.name), 422)
		if doc.Find(".error-summary a").AttrOr("href", "") != "#view-name" || strings.TrimSpace(doc.Find("#view-name").AttrOr("value", "")) != strings.TrimSpace(c.name) || !strings.Contains(doc.Text(), i18n.Text("ru", "queue.fault."+c.fault)) {
			t.Errorf("%.10q: %s", c.name, words(doc.Find(".error-summary")))
		}
	}
	if to := location(t, anna.press(anna.page(filtered), link.QueueViews(), "name", "Скоро")); to != filtered {
		t.Errorf("saved: %s, want %s", to, filtered)
	}
	page := anna.page(link.Queue())
	if page.Find(`.chip a[href="`+filtered+`"]`).Length() != 1 {
		t.Fatalf("no chip: %s", words(page.Find(".chips")))
	}
	if o.as(reviewtest.Boris).page(link.Queue()).Find(".chips").Length() != 0 {
		t.Error("a colleague has it, too")
	}
	// What the form carries is read, never kept as it is.
	v := form(page, link.QueueViewDrop())
	if got := anna.do("POST", link.QueueViews(), url.Values{"csrf": v["csrf"], "name": {"чужое"}, "query": {"due=soon&x=<b>&after=1.2.3.x"}}); got.Header.Get("Location") != link.QueueView("", "", "", "", "soon", "") {
		t.Errorf("foreign words in a query: %s", got.Header.Get("Location"))
	}
	for i := range queue.MaxSaved - 2 {
		if got := anna.do("POST", link.QueueViews(), url.Values{"csrf": v["csrf"], "name": {"набор " + string(rune('а'+i))}, "query": {"due=late"}}).StatusCode; got != 303 {
			t.Fatalf("view %d: %d", i, got)
		}
	}
	full := parse(t, anna.press(anna.page(filtered), link.QueueViews(), "name", "лишний"), 422)
	if !strings.Contains(full.Text(), i18n.Text("ru", "queue.fault.too-many")) || full.Find("#view-name").AttrOr("value", "") != "лишний" {
		t.Errorf("one too many: %s", words(full.Find(".error-summary")))
	}
	v.Set("name", "Скоро")
	anna.do("POST", link.QueueViewDrop(), v)
	if anna.page(link.Queue()).Find(`.chip a[href="`+filtered+`"]`).Length() != 0 {
		t.Error("it is still there")
	}
}

func TestMentionsReachTheirReader(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	id, anna, boris := string(s.ID), o.as(reviewtest.Anna), o.as(reviewtest.Boris)
	note := link.CaseAction(id, "note")
	if empty := boris.page(link.Mentions()); empty.Find(".empty").Length() != 1 {
		t.Error("an empty page says nothing")
	}
	bench := anna.page(link.Case(id))
	if bench.Find(`#case-mention option[value="`+string(reviewtest.Boris.Staff)+`"]`).Length() != 1 || bench.Find(`#case-mention option[value="`+string(reviewtest.Anna.Staff)+`"]`).Length() != 0 {
		t.Errorf("whom a remark may name: %s", words(bench.Find("#case-mention")))
	}
	location(t, anna.press(bench, note, "note", "посмотри подпись", "mention", string(reviewtest.Boris.Staff)))
	location(t, anna.press(bench, note, "note", "никому", "mention", "nobody-of-that-name"))
	page := boris.page(link.Mentions())
	if page.Find("tbody tr").Length() != 1 || !strings.Contains(words(page.Find("tbody")), "посмотри подпись") || !strings.Contains(words(page.Find("tbody")), i18n.Text("ru", "mentions.new")) {
		t.Errorf("%s", words(page.Find("main")))
	}
	if again := boris.page(link.Mentions()); strings.Contains(words(again.Find("tbody")), i18n.Text("ru", "mentions.new")) {
		t.Error("what was read is new again")
	}
	if other := o.as(reviewtest.Senior).page(link.Mentions()); strings.Contains(other.Text(), "подпись") {
		t.Error("somebody else reads it")
	}
	for text, fault := range map[string]string{" ": "case.noteEmpty", strings.Repeat("я", review.MaxNote+1): "case.noteLong"} {
		doc := parse(t, anna.press(anna.page(link.Case(id)), note, "note", text, "mention", string(reviewtest.Boris.Staff)), 422)
		if strings.TrimSpace(doc.Find("#case-note").Text()) != strings.TrimSpace(text) || !strings.Contains(doc.Text(), i18n.Text("ru", fault, "n", review.MaxNote)) {
			t.Errorf("%.5q: %s", text, words(doc.Find("#notes")))
		}
	}
}

// What is saved in the background after the verdict is dropped without a word; a
// form that somebody sends is told.
func TestASketchThatComesTooLate(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	id, anna := string(s.ID), o.as(reviewtest.Anna)
	panel := anna.page(link.Verdict(id, "approve"))
	v := form(panel, link.Verdict(id, "approve"))
	v.Set("note", "черновик")
	fast := anna
	fast.htmx = true
	if got := fast.do("POST", link.VerdictSketch(id, "approve"), v).StatusCode; got != 204 {
		t.Errorf("in time: %d", got)
	}
	if kept, err := o.Store.Submission(t.Context(), s.ID); err != nil || kept.Sketch == nil || kept.Sketch.Note != "черновик" || kept.Version != s.Version {
		t.Errorf("in time: %+v, %v", kept.Sketch, err)
	}
	location(t, anna.press(panel, link.Verdict(id, "approve"), "note", "сверено", "act", "send"))
	for who, want := range map[*person]int{&fast: 204, &anna: 409} {
		if got := who.do("POST", link.VerdictSketch(id, "approve"), v).StatusCode; got != want {
			t.Errorf("after the verdict, in the background %v: %d, want %d", who.htmx, got, want)
		}
	}
	if late, err := o.Store.Submission(t.Context(), s.ID); err != nil || late.Sketch != nil || late.Pending == nil || late.Pending.Note != "сверено" {
		t.Errorf("after the verdict: %+v, %v", late.Sketch, err)
	}
}

// Reviewers take what the line hands out; rows lead to a case for those who may
// pick, and to one's own.
func TestRowsLeadToACaseForWhoMayPick(t *testing.T) {
	o := openOffice(t, holdTime)
	free, aside := o.Queued(t), o.Taken(t, reviewtest.Anna)
	held := o.Taken(t, reviewtest.Anna)
	o.Do(t, aside.ID, func(s *review.Submission) (review.Change, error) {
		return s.Park(reviewtest.Anna, "note", "жду", o.Clock.Now().Add(time.Hour), o.Clock.Now())
	})
	for _, c := range []struct {
		by   review.Actor
		want []*review.Submission
	}{{reviewtest.Anna, []*review.Submission{aside, held}}, {reviewtest.Boris, nil}, {reviewtest.Senior, []*review.Submission{free, aside, held}}, {reviewtest.Supervisor, []*review.Submission{free, aside, held}}} {
		p := o.as(c.by)
		list := p.page(link.Queue())
		if n := list.Find("tbody tr").Length(); n != 3 {
			t.Errorf("%s sees %d rows", c.by.Name, n)
		}
		if n := list.Find("tbody a").Length(); n != len(c.want) {
			t.Errorf("%s is led to %d cases, want %d", c.by.Name, n, len(c.want))
		}
		for _, s := range c.want {
			if list.Find(`tbody a[href="`+link.Case(string(s.ID))+`"]`).Length() != 1 {
				t.Errorf("%s is not led to %s", c.by.Name, s.Number)
			}
		}
	}
	boris, url, claim := o.as(reviewtest.Boris), link.Case(string(free.ID)), link.CaseAction(string(free.ID), "claim")
	page := boris.page(url)
	if page.Find(`form[action="`+claim+`"]`).Length() != 0 || !strings.Contains(words(page.Find("[data-sealed]")), "Взять следующее") {
		t.Errorf("the page of a case that is handed out: %s", words(page.Find("[data-sealed]")))
	}
	v := form(o.as(reviewtest.Boris).page(link.Queue()), link.TakeNext())
	refused := parse(t, boris.do("POST", claim, v), 403)
	if !strings.Contains(refused.Text(), i18n.Text("ru", "error.free-pick.title")) {
		t.Errorf("refused with %s", words(refused.Find("main")))
	}
	location(t, o.as(reviewtest.Anna).press(o.as(reviewtest.Anna).page(link.Case(string(aside.ID))), link.CaseAction(string(aside.ID), "claim")))
}
