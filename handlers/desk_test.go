package handlers_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/desktest"
	"okno/handlers"
	"okno/handlers/appealweb"
	"okno/handlers/caseweb"
	"okno/handlers/queueweb"
	"okno/handlers/verdictweb"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/appeal"
	"okno/review/queue"
	"okno/review/reviewtest"
	"okno/review/verdict"
	"okno/views/i18n"
	"okno/views/link"
)

const holdTime = 30 * time.Second

// office is the staff side over a real database.
type office struct {
	*desktest.Desk
	t   *testing.T
	app *handlers.App
}

// desks are the sessions: the secret in the cookie is the person.
type desks struct{}

func (desks) Lookup(_ context.Context, secret string, _ bool) (web.Session, error) {
	for _, a := range []review.Actor{reviewtest.Anna, reviewtest.Boris, reviewtest.Senior, reviewtest.Supervisor, reviewtest.Auditor} {
		if string(a.Staff) == secret {
			a.Session = "print"
			return web.Session{Actor: a}, nil
		}
	}
	return web.Session{}, review.ErrUnauthenticated
}

func colleagues(context.Context) (list []verdict.Colleague, err error) {
	for _, a := range []review.Actor{reviewtest.Anna, reviewtest.Boris, reviewtest.Senior, reviewtest.Supervisor} {
		list = append(list, verdict.Colleague{ID: a.Staff, Name: a.Name})
	}
	return list, nil
}

func openOffice(t *testing.T, hold time.Duration) *office {
	t.Helper()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	d := desktest.Open(t)
	q := &queue.Service{Gate: gate, Store: d.Store, Clock: d.Clock, IDs: d.IDs}
	v := &verdict.Service{Gate: gate, Store: d.Store, History: d.Ledger, Clock: d.Clock, IDs: d.IDs, Hold: hold, Colleagues: colleagues, Wording: review.Wording{
		Term: func(lang, key string) string { return i18n.Text(lang, key) },
		Date: func(lang string, day time.Time) string { return i18n.Date(i18n.With(context.Background(), lang), day) },
	}}
	kit := &web.Kit{
		Gate: gate, Sessions: desks{}, Clock: d.Clock, IDs: review.RandomIDs{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Secret: []byte("0123456789abcdef0123456789abcdef"),
	}
	app, err := handlers.New(handlers.Config{Kit: kit, Ready: func(context.Context) error { return nil }},
		&queueweb.Handlers{Queue: q, Verdict: v}, &caseweb.Handlers{Queue: q, Verdict: v}, &verdictweb.Handlers{Queue: q, Verdict: v},
		&appealweb.Handlers{Appeal: &appeal.Service{Gate: gate, Store: d.Store, Clock: d.Clock, Words: letter}})
	if err != nil {
		t.Fatal(err)
	}
	return &office{Desk: d, t: t, app: app}
}

// person is somebody at a browser.
type person struct {
	*office
	by   review.Actor
	lang string
	htmx bool
}

func (o *office) as(by review.Actor) person { return person{office: o, by: by, lang: "ru"} }

func (p person) do(method, path string, form url.Values) *http.Response {
	p.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, path, body)
	r.Host = "desk.test"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if p.htmx {
		r.Header.Set("HX-Request", "true")
	}
	if p.by.Staff != "" {
		r.AddCookie(&http.Cookie{Name: web.StaffCookie, Value: string(p.by.Staff)})
	}
	r.AddCookie(&http.Cookie{Name: "__Host-okno-lang", Value: p.lang})
	answer, err := p.app.Test(r, -1)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func parse(t *testing.T, answer *http.Response, status int) *goquery.Document {
	t.Helper()
	if answer.StatusCode != status {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("%s: %d, want %d\n%.600s", answer.Request.URL.Path, answer.StatusCode, status, body)
	}
	doc, err := goquery.NewDocumentFromReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// page fetches a whole page and checks what every page has to have.
func (p person) page(path string) *goquery.Document {
	p.t.Helper()
	doc := parse(p.t, p.do("GET", path, nil), 200)
	if n := doc.Find("h1").Length(); n != 1 {
		p.t.Errorf("%s: %d headings of the first level", path, n)
	}
	ids := map[string]bool{}
	doc.Find("[id]").Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("id", ""); ids[id] {
			p.t.Errorf("%s: id %s twice", path, id)
		} else {
			ids[id] = true
		}
	})
	doc.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, e *goquery.Selection) {
		if id := e.AttrOr("id", ""); doc.Find(`label[for="`+id+`"]`).Length() != 1 {
			p.t.Errorf("%s: %s has no label", path, id)
		}
	})
	doc.Find("[aria-describedby],[aria-labelledby]").Each(func(_ int, e *goquery.Selection) {
		for _, id := range strings.Fields(e.AttrOr("aria-describedby", "") + " " + e.AttrOr("aria-labelledby", "")) {
			if !ids[id] {
				p.t.Errorf("%s: refers to %q, which is not there", path, id)
			}
		}
	})
	doc.Find("[style], script:not([src])").Each(func(_ int, e *goquery.Selection) {
		p.t.Errorf("%s: inline code on <%s>", path, goquery.NodeName(e))
	})
	text := doc.Find("body").Text()
	for _, prefix := range []string{"queue.", "case.", "verdict.", "history.", "field.", "slot.", "appeal."} {
		if i := strings.Index(text, prefix); i >= 0 && i+len(prefix) < len(text) && text[i+len(prefix)] >= 'a' && text[i+len(prefix)] <= 'z' {
			p.t.Errorf("%s: a key instead of words: %.40s", path, text[i:])
		}
	}
	return doc
}

// form takes the hidden fields and the ticked boxes of a form on a page.
func form(doc *goquery.Document, action string) url.Values {
	v := url.Values{}
	f := doc.Find(`form[action="` + action + `"]`).First()
	id := f.AttrOr("id", "-")
	f.Find("input[type=hidden]").AddSelection(doc.Find(`input[type=hidden][form="` + id + `"]`)).Each(func(_ int, e *goquery.Selection) {
		v.Set(e.AttrOr("name", ""), e.AttrOr("value", ""))
	})
	return v
}

// press fills the form of a page with what is given and sends it.
func (p person) press(doc *goquery.Document, action string, fields ...string) *http.Response {
	p.t.Helper()
	v := form(doc, action)
	if v.Get("csrf") == "" {
		p.t.Fatalf("no form for %s on the page", action)
	}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return p.do("POST", action, v)
}

func location(t *testing.T, answer *http.Response) string {
	t.Helper()
	if answer.StatusCode != 303 {
		body, _ := io.ReadAll(answer.Body)
		t.Fatalf("%d instead of a redirect\n%.600s", answer.StatusCode, body)
	}
	return answer.Header.Get("Location")
}

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestReviewerWorksThroughTwoCasesWithoutScripts(t *testing.T) {
	for _, lang := range i18n.Languages() {
		t.Run(lang, func(t *testing.T) {
			o := openOffice(t, holdTime)
			anna := o.as(reviewtest.Anna)
			anna.lang = lang
			first := o.Queued(t, review.Check{Code: "stay-length", Verdict: review.Warn, Effect: review.NoteOnly, Reason: "last-days"})
			o.Clock.Add(time.Minute)
			second := o.Queued(t, review.Check{Code: "mail-disposable", Verdict: review.Warn, Effect: review.NoteOnly, Reason: "disposable"})
			list := anna.page(link.Queue())
			if n := list.Find("tbody tr").Length(); n != 2 || strings.Contains(list.Text(), "ОБРАЗЦОВ") {
				t.Fatalf("%d rows, or a name in the queue", n)
			}
			at := location(t, anna.press(list, link.TakeNext()))
			if at != link.Case(string(first.ID)) {
				t.Fatalf("taken: %s", at)
			}
			bench := anna.page(at)
			if !strings.Contains(bench.Text(), "ОБРАЗЦОВ") || bench.Find("[data-viewer]").Length() != 1 || bench.Find(".pages [data-page]").Length() != 2 {
				t.Fatal("the workbench shows no data or no scans")
			}
			for _, key := range []string{"1", "2", "3", "E", "O", "S"} {
				if bench.Find(`[data-key="`+key+`"]`).Length() != 1 {
					t.Errorf("key %s is not bound once", key)
				}
			}
			if bench.Find("[data-row-key=V]").Length() != bench.Find("[data-row-key=M]").Length() || bench.Find("[data-row-key=V]").Length() < 10 {
				t.Error("rows cannot be marked by key")
			}
			// Mark, write a remark, look at the panel.
			if to := location(t, anna.press(bench, link.CaseAction(string(first.ID), "mark"), "mark", "wrong=doc:passport")); to != at {
				t.Errorf("after a mark: %s", to)
			}
			location(t, anna.press(bench, link.CaseAction(string(first.ID), "note"), "note", "позвонить заявителю"))
			bench = anna.page(at)
			if bench.Find("tr[data-mark=wrong]").Length() != 1 || !strings.Contains(words(bench.Find("#notes")), "позвонить") || words(bench.Find("#wrong-count")) != "(1)" {
				t.Error("mark or remark is not on the page")
			}
			target := link.Verdict(string(first.ID), "request-correction")
			panel := anna.page(target)
			if got := panel.Find("details[open] summary").First().Text(); !strings.Contains(got, i18n.Text(lang, "slot.passport")) {
				t.Errorf("what is marked wrong does not come first: %q", words(panel.Find("summary")))
			}
			// Without scripts the preview is a press of a button.
			again := parse(t, anna.press(panel, target, "item", "doc:passport|doc-blurry", "note", "черновик", "act", "preview"), 200)
			if again.Find("#preview [lang=en]").Length() != 1 || again.Find("#preview [lang=ru]").Length() != 1 || again.Find("#verdict-note").Text() != "черновик" || again.Find("input[name=item][checked]").Length() != 1 {
				t.Error("the preview lost something")
			}
			if o.Ledger.Count(review.EventDecisionMade) != 0 {
				t.Fatal("a preview decided")
			}
			to := location(t, anna.press(again, target, "item", "doc:passport|doc-blurry", "note", "черновик", "act", "next"))
			if to != link.CaseAfter(string(second.ID), string(first.ID)) {
				t.Fatalf("the next case is %s", to)
			}
			next := anna.page(to)
			undo := link.CaseAction(string(first.ID), "undo")
			if next.Find(`.strip-note form[action="`+undo+`"]`).Length() != 1 || !strings.Contains(words(next.Find(".strip-note")), first.Number.String()) {
				t.Error("no strip with undo above the next case")
			}
			if to := location(t, anna.press(next, undo)); to != link.CaseUndone(string(first.ID)) {
				t.Errorf("after undo: %s", to)
			}
			back := anna.page(link.CaseUndone(string(first.ID)))
			if back.Find(".notice[data-kind=success]").Length() != 1 {
				t.Error("nothing says that the decision was taken back")
			}
			// Approve both; then nothing is left.
			for i, s := range []*review.Submission{first, second} {
				url := link.Verdict(string(s.ID), "approve")
				answer := anna.press(anna.page(url), url, "note", "сверено", "act", "next")
				// The second case is in hand already and is not handed out again.
				if to := location(t, answer); to != link.QueueEmpty(string(s.ID)) {
					t.Errorf("after approving case %d: %s", i+1, to)
				}
			}
			mine := anna.page(link.MyDecisions())
			if mine.Find("tbody tr").Length() != 3 || mine.Find("tbody form").Length() != 2 {
				t.Errorf("%d decisions, %d undo buttons", mine.Find("tbody tr").Length(), mine.Find("tbody form").Length())
			}
			o.Clock.Add(holdTime)
			if mine = anna.page(link.MyDecisions()); mine.Find("tbody form").Length() != 0 {
				t.Error("undo is offered after the hold")
			}
			events := anna.page(link.CaseHistory(string(first.ID)))
			if n := events.Find(".timeline .event").Length(); n < 10 {
				t.Errorf("%d entries in the timeline", n)
			}
		})
	}
}

func TestClaimConflictNamesTheHolder(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Queued(t)
	url, claim := link.Case(string(s.ID)), link.CaseAction(string(s.ID), "claim")
	anna, boris := o.as(reviewtest.Senior), o.as(reviewtest.Supervisor)
	seen := boris.page(url)
	if strings.Contains(seen.Text(), "ОБРАЗЦОВ") || seen.Find("[data-viewer]").Length() != 0 {
		t.Fatal("papers are open before the claim")
	}
	location(t, anna.press(anna.page(url), claim))
	refused := parse(t, boris.press(seen, claim), 409)
	if !strings.Contains(refused.Text(), reviewtest.Senior.Name) {
		t.Errorf("the holder is not named: %s", words(refused.Find("main")))
	}
	if masked := boris.page(url); !strings.Contains(masked.Text(), reviewtest.Senior.Name) || strings.Contains(masked.Text(), "ОБРАЗЦОВ") || masked.Find(`form[action="`+claim+`"]`).Length() != 0 {
		t.Error("the page of a held case")
	}
	chief := o.as(reviewtest.Supervisor)
	location(t, chief.press(chief.page(url), link.CaseAction(string(s.ID), "release-any")))
	if rows := boris.page(link.Queue()).Find("tbody tr"); strings.Contains(rows.Text(), reviewtest.Senior.Name) {
		t.Error("still held")
	}
}

func TestStaleDecisionKeepsEverything(t *testing.T) {
	for _, htmx := range []bool{false, true} {
		o := openOffice(t, holdTime)
		s := o.Taken(t, reviewtest.Anna)
		anna := o.as(reviewtest.Anna)
		url := link.Verdict(string(s.ID), "request-correction")
		panel := anna.page(url)
		if _, err := o.Store.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
			return s.AddNote(reviewtest.Supervisor, "note-1", "осторожно", o.Clock.Now())
		}); err != nil {
			t.Fatal(err)
		}
		anna.htmx = htmx
		again := parse(t, anna.press(panel, url, "item", "doc:passport|doc-blurry", "item", "doc:passport|documents-inconsistent",
			"details.doc:passport|documents-inconsistent", "даты", "note", "моя заметка", "act", "next"), 409)
		if again.Find("#verdict-note").Text() != "моя заметка" || again.Find("input[name=item][checked]").Length() != 2 || again.Find(`input[value="даты"]`).Length() != 1 {
			t.Errorf("htmx %v: something that was written is gone", htmx)
		}
		if again.Find(".notice[data-kind=warning] li").Length() != 1 {
			t.Errorf("htmx %v: nothing says what changed", htmx)
		}
		if o.Ledger.Count(review.EventDecisionMade) != 0 {
			t.Error("a stale form decided")
		}
		// Sent again from the page that came back, it counts.
		anna.htmx = false
		v := form(again, url)
		if v.Get("version") != strconv.FormatInt(s.Version+1, 10) {
			t.Errorf("htmx %v: version %s came back", htmx, v.Get("version"))
		}
		for _, field := range [][2]string{{"item", "doc:passport|doc-blurry"}, {"note", "моя заметка"}, {"act", "send"}} {
			v.Add(field[0], field[1])
		}
		if to := location(t, anna.do("POST", url, v)); to != link.QueueAfter(string(s.ID)) {
			t.Error(to)
		}
	}
}

func TestDoubleClickLeadsToTheSameNextCase(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	next := o.Queued(t)
	o.Clock.Add(time.Minute)
	o.Queued(t)
	anna := o.as(reviewtest.Anna)
	url := link.Verdict(string(s.ID), "approve")
	panel := anna.page(url)
	for range 2 {
		if to := location(t, anna.press(panel, url, "act", "next")); to != link.CaseAfter(string(next.ID), string(s.ID)) {
			t.Errorf("led to %s", to)
		}
	}
	if o.Ledger.Count(review.EventDecisionMade) != 1 || o.Ledger.Count(review.EventClaimed) != 2 {
		t.Errorf("%d decisions, %d claims", o.Ledger.Count(review.EventDecisionMade), o.Ledger.Count(review.EventClaimed))
	}
}

func TestFaultsStandBesideTheirFields(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna, review.Check{Code: "stay-length", Verdict: review.Fail, Effect: review.Hold, Reason: "overstayed"})
	anna := o.as(reviewtest.Anna)
	for _, c := range []struct {
		outcome string
		fields  []string
		field   string
	}{
		{"approve", nil, "verdict-note"},
		{"escalate", nil, "verdict-note"},
		{"request-correction", nil, "reasons"},
		{"request-correction", []string{"item", "doc:passport|documents-inconsistent", "note", "x"}, "d-doc-passport-documents-inconsistent"},
		{"reject", []string{"item", "case|doc-tampering-suspected"}, "verdict-note"},
		{"reject", []string{"item", "case|duplicate-application", "details.case|duplicate-application", "123"}, "d-case-duplicate-application"},
		{"reject", []string{"item", "doc:passport|doc-blurry"}, "reasons"},
		{"reject", []string{"item", "nonsense"}, "reasons"},
	} {
		url := link.Verdict(string(s.ID), c.outcome)
		doc := parse(t, anna.press(anna.page(url), url, append(c.fields, "act", "send")...), 422)
		links := doc.Find(".error-summary a")
		if got := links.AttrOr("href", ""); got != "#"+c.field || doc.Find("#"+c.field).Length() != 1 {
			t.Errorf("%s %v: the summary leads to %q", c.outcome, c.fields, got)
		}
		if strings.Contains(doc.Find(".error-summary").Text(), "verdict.fault") {
			t.Errorf("%s %v: no words: %s", c.outcome, c.fields, words(doc.Find(".error-summary")))
		}
		if !strings.HasPrefix(doc.Find("title").Text(), "Ошибка: ") {
			t.Errorf("%s: title %q", c.outcome, doc.Find("title").Text())
		}
	}
}

func TestLostLeaseCanBeTakenAgainFromThePanel(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	anna := o.as(reviewtest.Anna)
	url := link.Verdict(string(s.ID), "approve")
	panel := anna.page(url)
	o.Clock.Add(review.LeaseTerm)
	lost := parse(t, anna.press(panel, url, "note", "долго думала", "act", "send"), 409)
	if lost.Find("button[value=claim]").Length() != 1 || lost.Find("button[value=send]").Length() != 0 || lost.Find("#verdict-note").Text() != "долго думала" {
		t.Fatalf("%s", words(lost.Find("main")))
	}
	back := parse(t, anna.press(lost, url, "note", "долго думала", "act", "claim"), 200)
	if back.Find("button[value=send]").Length() != 1 || back.Find("#verdict-note").Text() != "долго думала" {
		t.Fatal("the panel did not come back")
	}
	location(t, anna.press(back, url, "note", "долго думала", "act", "send"))
}

func TestFragments(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	id := string(s.ID)
	anna := o.as(reviewtest.Anna)
	bench := anna.page(link.Case(id))
	fast := anna
	fast.htmx = true

	panel := parse(t, fast.do("GET", link.Verdict(id, "reject"), nil), 200)
	if panel.Find("html head title").Length() != 0 || panel.Find("[data-focus]").Length() != 1 || panel.Find(`#verdict-version[hx-swap-oob]`).Length() != 1 {
		t.Error("the panel as a fragment")
	}
	preview := parse(t, fast.press(bench, link.CaseAction(id, "note"), "note", "раз"), 200)
	if !strings.Contains(preview.Find("#notes").Text(), "раз") || preview.Find("#verdict-version[hx-swap-oob]").Length() != 1 {
		t.Error("a remark as a fragment")
	}
	if doc := parse(t, fast.press(bench, link.CaseAction(id, "note"), "note", " "), 422); doc.Find("#case-note[aria-invalid]").Length() != 1 {
		t.Error("an empty remark")
	}
	v := form(bench, link.CaseAction(id, "mark"))
	v.Set("mark", "verified=field:surname")
	answer := fast.do("POST", link.CaseAction(id, "mark"), v)
	body, _ := io.ReadAll(answer.Body)
	if row := string(body); answer.StatusCode != 200 || !strings.HasPrefix(row, "<tr") || !strings.Contains(row, `value="open=field:surname"`) || !strings.Contains(row, `aria-pressed="true"`) {
		t.Errorf("%d: %.400s", answer.StatusCode, row)
	}
	v.Set("mark", "verified=field:Иванов")
	if answer := fast.do("POST", link.CaseAction(id, "mark"), v); answer.StatusCode != 422 {
		t.Errorf("an unknown target: %d", answer.StatusCode)
	}
	text := form(panel, link.Verdict(id, "reject"))
	text.Set("item", "case|duplicate-account")
	lines := parse(t, fast.do("POST", link.VerdictPreview(id, "reject"), text), 200)
	if lines.Find("form").Length() != 0 || lines.Find("[lang=ru] p").Length() == 0 {
		t.Error("the preview as a fragment")
	}

	// The lease clock: silent while nothing changed, louder near the end, lost at the end.
	clock := bench.Find("#lease-clock").AttrOr("hx-get", "")
	if answer := fast.do("GET", clock, nil); answer.StatusCode != 204 {
		t.Errorf("an unchanged lease: %d", answer.StatusCode)
	}
	o.Clock.Add(review.LeaseTerm - time.Minute)
	near := parse(t, fast.do("GET", clock, nil), 200)
	if near.Find("#lease-clock .soon").Length() != 1 {
		t.Error("no warning before the end")
	}
	renewed := parse(t, fast.do("POST", link.CaseAction(id, "renew"), url.Values{"csrf": {v.Get("csrf")}}), 200)
	if renewed.Find("#lease-clock .soon").Length() != 0 {
		t.Error("activity does not extend the lease")
	}
	o.Clock.Add(review.LeaseTerm)
	lost := parse(t, fast.do("GET", renewed.Find("#lease-clock").AttrOr("hx-get", ""), nil), 200)
	if lost.Find("button").Length() != 1 {
		t.Error("a lost lease cannot be taken again")
	}
	if answer := fast.do("POST", link.CaseAction(id, "mark"), url.Values{"csrf": {v.Get("csrf")}, "mark": {"verified=field:surname"}}); answer.Header.Get("HX-Redirect") != link.Case(id) {
		t.Error("a mark without the lease does not lead to the case page")
	}
}

func TestQueueKeepsFiltersAndTellsNews(t *testing.T) {
	o := openOffice(t, holdTime)
	o.Queued(t)
	anna := o.as(reviewtest.Anna)
	path := link.QueueView("queue", "foreign-citizen", "UZB", "green", "today", "")
	doc := anna.page(path)
	if doc.Find("tbody tr").Length() != 1 || doc.Find(".chip").Length() != 4 || doc.Find("option[selected]").Length() != 4 {
		t.Errorf("%d rows, %d chips, %d chosen", doc.Find("tbody tr").Length(), doc.Find(".chip").Length(), doc.Find("option[selected]").Length())
	}
	doc.Find(".chip").Each(func(_ int, e *goquery.Selection) {
		if rest := anna.page(e.AttrOr("href", "")); rest.Find(".chip").Length() != 3 {
			t.Errorf("without one filter %d are left", rest.Find(".chip").Length())
		}
	})
	if other := anna.page(link.QueueView("", "from-abroad", "", "", "", "")); other.Find(".empty").Length() != 1 || other.Find("tbody tr").Length() != 0 {
		t.Error("an empty list says nothing")
	}
	anna.page(link.QueueView("nonsense", "nonsense", "<b>", "nonsense", "nonsense", "nonsense"))
	news := doc.Find("#queue-news").AttrOr("hx-get", "")
	fast := anna
	fast.htmx = true
	if answer := fast.do("GET", news, nil); answer.StatusCode != 204 {
		t.Errorf("no news: %d", answer.StatusCode)
	}
	o.Clock.Add(time.Second)
	o.Queued(t)
	told := parse(t, fast.do("GET", news, nil), 200)
	if !strings.Contains(told.Text(), "1 новое дело") || told.Find("#queue-news a").AttrOr("href", "") == "" {
		t.Errorf("news: %s", words(told.Selection))
	}
	if answer := fast.do("GET", told.Find("#queue-news").AttrOr("hx-get", ""), nil); answer.StatusCode != 204 {
		t.Errorf("the same news twice: %d", answer.StatusCode)
	}
	for range 30 {
		o.Queued(t)
	}
	first := anna.page(link.Queue())
	if n := first.Find("tbody tr").Length(); n != queue.PageSize {
		t.Fatalf("%d rows on a page", n)
	}
	rest := anna.page(first.Find("a[rel=next]").AttrOr("href", ""))
	if n := rest.Find("tbody tr").Length(); n != 7 || rest.Find("a[rel=next]").Length() != 0 {
		t.Errorf("%d rows on the last page", n)
	}
}

func TestWhoSeesWhatOfTheDesk(t *testing.T) {
	o := openOffice(t, holdTime)
	s := o.Taken(t, reviewtest.Anna)
	for _, c := range []struct {
		by   review.Actor
		path string
		want int
	}{
		{reviewtest.Auditor, link.Queue(), 403}, {reviewtest.Auditor, link.Case(string(s.ID)), 403}, {reviewtest.Auditor, link.CaseHistory(string(s.ID)), 403},
		{reviewtest.Supervisor, link.Queue(), 200}, {reviewtest.Supervisor, link.Case(string(s.ID)), 200},
		{review.Actor{}, link.Queue(), 303}, {reviewtest.Anna, link.Case("nobody"), 404}, {reviewtest.Anna, link.Verdict(string(s.ID), "nonsense"), 404},
		{reviewtest.Boris, link.Verdict(string(s.ID), "approve"), 303},
	} {
		if answer := o.as(c.by).do("GET", c.path, nil); answer.StatusCode != c.want {
			t.Errorf("%s, %s: %d, want %d", c.by.Name, c.path, answer.StatusCode, c.want)
		}
	}
	doc := o.as(reviewtest.Supervisor).page(link.Queue())
	if doc.Find(`form[action="`+link.TakeNext()+`"]`).Length() != 0 {
		t.Error("take next is offered to who may not")
	}
	if doc.Find("html").Length() == 1 && strings.Contains(doc.Text(), "ОБРАЗЦОВ") {
		t.Error("a name in the queue")
	}
}

func TestPagesAreSmall(t *testing.T) {
	o := openOffice(t, holdTime)
	for range 30 {
		o.Queued(t, review.Check{Code: "stay-length", Verdict: review.Warn, Effect: review.Hold, Reason: "overstayed"})
	}
	s := o.Taken(t, reviewtest.Anna)
	anna := o.as(reviewtest.Anna)
	for _, path := range []string{link.Queue(), link.Case(string(s.ID)), link.Verdict(string(s.ID), "request-correction")} {
		r := httptest.NewRequest("GET", path, nil)
		r.Host = "desk.test"
		r.Header.Set("Accept-Encoding", "gzip")
		r.AddCookie(&http.Cookie{Name: web.StaffCookie, Value: string(anna.by.Staff)})
		answer, err := o.app.Test(r, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || len(body) > 40<<10 {
			t.Errorf("%s: %d bytes compressed, %v", path, len(body), err)
		}
	}
}
