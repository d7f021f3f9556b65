package intakeweb_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"okno/handlers/web"
	"okno/review"
	"okno/review/intake"
	"okno/views/i18n"
	"okno/views/link"
)

func TestWholeWay(t *testing.T) {
	for _, track := range []review.Track{review.ForeignCitizen, review.FromAbroad} {
		for _, lang := range i18n.Languages() {
			t.Run(string(track)+"/"+lang, func(t *testing.T) {
				d := open(t, track, lang)
				if p := d.get(link.Apply()); p.status != http.StatusOK || p.Find(".task").Length() < 8 {
					t.Fatalf("task list: %d, %d tasks", p.status, p.Find(".task").Length())
				}
				if p := d.get(link.CheckAnswers()); p.Find(`form[action="`+link.Send()+`"]`).Length() != 0 || p.Find(".notice li").Length() < 7 {
					t.Error("an empty draft can be sent")
				}
				d.fill()
				check := d.get(link.CheckAnswers())
				if n := check.Find(".notice li").Length(); n != 0 {
					t.Errorf("still missing: %s", check.Find(".notice").Text())
				}
				sent := d.post(link.CheckAnswers(), link.Send(), nil)
				if sent.status != http.StatusSeeOther || sent.location != link.Receipt() {
					t.Fatalf("sent: %d %s", sent.status, sent.location)
				}
				receipt := d.get(link.Receipt())
				sub, err := d.store.ForAccount(t.Context(), applicant.Account)
				if err != nil {
					t.Fatal(err)
				}
				if got := receipt.Find(".receipt .case-number").Text(); got != sub.Number.String() {
					t.Errorf("number %q on the receipt, want %q", got, sub.Number)
				}
				for _, secret := range []string{sub.Answers.Value(review.DocumentNumber), "obrazec@", "0000017"} {
					if strings.Contains(receipt.Text(), secret) {
						t.Errorf("the receipt shows %q in full", secret)
					}
				}
				if p := d.get(link.Status()); p.status != http.StatusOK || p.Find(".timeline li").Length() < 2 {
					t.Errorf("status: %d, %d events", p.status, p.Find(".timeline li").Length())
				}
				for _, path := range []string{link.Apply(), link.CheckAnswers(), link.Section(intake.Person), link.Corrections()} {
					if p := d.get(path); p.status != http.StatusSeeOther || p.location != link.Status() {
						t.Errorf("%s after sending: %d %s", path, p.status, p.location)
					}
				}
			})
		}
	}
}

// ask brings the sent submission to a correction request.
func (d *desk) ask(items ...review.Item) *review.Submission {
	d.t.Helper()
	return d.decide(review.Decision{Outcome: review.RequestCorrection, Items: items})
}

func (d *desk) decide(decision review.Decision) *review.Submission {
	d.t.Helper()
	s, err := d.store.ForAccount(d.t.Context(), applicant.Account)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, step := range []func(*review.Submission) (review.Change, error){
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Decide(reviewer, decision, 0, d.now) },
		func(s *review.Submission) (review.Change, error) { return s.Settle(d.now) },
	} {
		if s, err = d.store.Update(d.t.Context(), s.ID, 0, step); err != nil {
			d.t.Fatal(err)
		}
	}
	return s
}

func TestFaultsKeepWhatWasTyped(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	typed := map[string]string{"surname": "Namunaev", "given-name": "Жасур", "birth-date-day": "31", "birth-date-month": "чего-то", "birth-date-year": "1991",
		"birth-place": "Ташкент", "sex": "M", "citizenship": "UZB", "surname-absent": "yes"}
	p := d.post(link.Section(intake.Person), link.Section(intake.Person), typed)
	if p.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", p.status)
	}
	if !strings.HasPrefix(p.Find("title").Text(), "Ошибка:") {
		t.Errorf("title %q", p.Find("title").Text())
	}
	for name, want := range typed {
		in := p.Find(`[name="` + name + `"]`)
		got := in.AttrOr("value", "")
		switch {
		case in.Is("select"):
			got = in.Find("option[selected]").AttrOr("value", "")
		case in.Is("[type=radio]"):
			got = p.Find(`[name="`+name+`"][checked]`).AttrOr("value", "")
		case in.Is("[type=checkbox]") && !in.Is("[checked]"):
			got = ""
		}
		if got != want {
			t.Errorf("%s holds %q, typed %q", name, got, want)
		}
	}
	summary := p.Find(".error-summary li")
	summary.Each(func(_ int, s *goquery.Selection) {
		if !strings.Contains(p.Find(".field-error").Text(), strings.TrimSpace(s.Text())) {
			t.Errorf("%q stands in the summary only", s.Text())
		}
	})
	if summary.Length() < 4 {
		t.Errorf("%d faults: %s", summary.Length(), summary.Text())
	}
	if s, err := d.store.ForAccount(t.Context(), applicant.Account); err != nil || s.Version != 1 {
		t.Errorf("something was stored: %v, %v", s, err)
	}
}

func TestWarningIsConfirmedWithATick(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	if p := d.post(link.Section(intake.Person), link.Section(intake.Person), forms[review.ForeignCitizen][intake.Person]); p.status != http.StatusSeeOther {
		t.Fatal(p.status)
	}
	values := map[string]string{}
	for k, v := range forms[review.ForeignCitizen][intake.Document] {
		values[k] = v
	}
	values["document-number"] = "123456789"
	p := d.post(link.Section(intake.Document), link.Section(intake.Document), values)
	box := p.Find(`input[name="confirm-document-number"]`)
	if p.status != http.StatusUnprocessableEntity || box.AttrOr("value", "") != "country-pattern" || box.Is("[checked]") {
		t.Fatalf("status %d, box %q", p.status, box.AttrOr("value", ""))
	}
	values["confirm-document-number"] = "country-pattern"
	if p = d.post(link.Section(intake.Document), link.Section(intake.Document), values); p.status != http.StatusSeeOther {
		t.Fatalf("confirmed: %d: %s", p.status, p.Find(".error-summary").Text())
	}
	if again := d.get(link.Section(intake.Document)); !again.Find(`input[name="confirm-document-number"]`).Is("[checked]") || again.Find(".error-summary").Length() > 0 {
		t.Error("the confirmation is not shown again")
	}
}

func TestBadFilesAreRefusedWithTheirReason(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.upload("passport", "s001_passport.jpg", testdata(t, "specimens/s001_passport.jpg"))
	for file, want := range map[string]string{
		"zero.pdf": "scan-refused.empty", "size_5mib_plus1.jpg": "scan-refused.too-large", "png_renamed.jpg": "scan-refused.type-mismatch",
		"encrypted_user.pdf": "scan-refused.encrypted", "js_names.pdf": "scan-refused.active-content", "bomb_header.jpg": "scan-refused.dimensions",
	} {
		p := d.upload("passport", file, testdata(t, filepath.Join("badfiles", file)))
		text := strings.TrimSpace(p.Find(".error-summary li").Text())
		if p.status != http.StatusUnprocessableEntity || text != i18n.Text("ru", want) {
			t.Errorf("%s: status %d, %q, want %s", file, p.status, text, want)
		}
		if p.Find(".preview img").Length() != 1 {
			t.Errorf("%s: the file that was there is gone", file)
		}
	}
	r := d.post(link.Section(intake.Address), link.Section(intake.Address), map[string]string{"address": "Москва, ул. Примерная, 1"})
	if r.status != http.StatusSeeOther {
		t.Fatal(r.status)
	}
	if p := d.upload("passport", "", nil); p.status != http.StatusUnprocessableEntity || strings.TrimSpace(p.Find(".error-summary li").Text()) != i18n.Text("ru", "upload.empty.passport") {
		t.Errorf("no file chosen: %d %q", p.status, p.Find(".error-summary li").Text())
	}

	// The picture is served to its owner only, as a picture of ours.
	src := d.get(link.Upload("passport")).Find(".preview img").AttrOr("src", "")
	if p := d.get(src); p.status != http.StatusOK || p.kind != "image/jpeg" {
		t.Errorf("thumbnail: %d %s", p.status, p.kind)
	}
	if p := d.do(other, httptest.NewRequest(http.MethodGet, src, nil)); p.status != http.StatusNotFound {
		t.Errorf("a stranger's thumbnail: %d", p.status)
	}
	if p := d.do("", httptest.NewRequest(http.MethodGet, src, nil)); p.status != http.StatusSeeOther {
		t.Errorf("a thumbnail for nobody: %d", p.status)
	}

	gone := d.post(link.RemoveDocument("passport"), link.RemoveDocument("passport"), nil)
	if gone.status != http.StatusSeeOther || d.get(link.Upload("passport")).Find(".preview").Length() != 0 {
		t.Errorf("removed: %d", gone.status)
	}
	if p := d.get(src); p.status != http.StatusNotFound {
		t.Errorf("a picture of a removed document: %d", p.status)
	}
}

func TestCorrectionsOpenOnlyWhatWasAskedFor(t *testing.T) {
	for _, lang := range i18n.Languages() {
		t.Run(lang, func(t *testing.T) {
			d := open(t, review.ForeignCitizen, lang)
			d.get(link.Apply())
			d.fill()
			d.post(link.CheckAnswers(), link.Send(), nil)
			sub := d.ask(review.Item{Target: review.Target{Field: review.SurnameLatin}, Reason: "name-mismatch"},
				review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})

			if p := d.get(link.Status()); p.Find(`a[href="`+link.Corrections()+`"]`).Length() == 0 {
				t.Error("the status page does not lead to the corrections")
			}
			listed := d.get(link.Corrections())
			if listed.Find("ol h2").Length() != 2 || listed.Find(`form[action="`+link.SendCorrections()+`"]`).Length() != 0 {
				t.Error("the list is wrong, or can be sent already")
			}
			for _, i := range sub.Corrections {
				r, _ := review.Reasons().Reason(i.Reason)
				if start, _, _ := strings.Cut(r.ApplicantMessage.In(lang), "{"); !strings.Contains(listed.Text(), strings.TrimSpace(start)) {
					t.Errorf("the text of %s is missing", i.Reason)
				}
			}
			section := d.get(link.Section(intake.Person))
			if n := section.Find(`form[action="/apply/person"] input:not([type=hidden])`).Length(); n != 1 {
				t.Errorf("%d inputs are open, want 1", n)
			}
			if section.Find(".summary-row").Length() < 5 || section.Find(".notice").Length() != 1 {
				t.Error("the rest is not shown, or no reason is")
			}
			if p := d.get(link.Section(intake.Address)); p.location != link.Corrections() {
				t.Errorf("a closed section: %d %s", p.status, p.location)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": "NAMUNAEV", "given-name": "Уктам"}); p.status != http.StatusConflict {
				t.Errorf("a closed field posted by hand: %d", p.status)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": ""}); p.status != http.StatusUnprocessableEntity {
				t.Errorf("an empty correction: %d", p.status)
			}
			if p := d.post(link.Section(intake.Person), link.Section(intake.Person), map[string]string{"surname-latin": "NAMUNAEV"}); p.location != link.CorrectionsSaved() {
				t.Fatalf("the open field: %d %s: %s", p.status, p.location, p.Find(".error-summary").Text())
			}
			if p := d.get(link.Upload("stay-proof")); p.Find("form[enctype]").Length() != 0 {
				t.Error("a document that was not asked for can be replaced")
			}
			if p := d.upload("passport", "s002_passport.jpg", testdata(t, "specimens/s002_passport.jpg")); p.status != http.StatusSeeOther {
				t.Fatalf("the document: %d", p.status)
			}
			if p := d.post(link.Corrections(), link.SendCorrections(), nil); p.location != link.Receipt() {
				t.Fatalf("sent: %d %s", p.status, p.location)
			}
			if p := d.get(link.Receipt()); p.status != http.StatusOK {
				t.Errorf("receipt: %d", p.status)
			}
		})
	}
}

func TestRejectionSaysWhyAndWhatCanBeDone(t *testing.T) {
	d := open(t, review.FromAbroad, "ru")
	d.get(link.Apply())
	d.fill()
	d.post(link.CheckAnswers(), link.Send(), nil)
	d.decide(review.Decision{Outcome: review.Reject, Note: "срок", Items: []review.Item{{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-expired"}}})
	p := d.get(link.Status())
	if p.status != http.StatusOK || p.Find("ul.prose li").Length() < 3 || p.Find(`a[href="`+link.Apply()+`"]`).Length() == 0 {
		t.Errorf("status %d: %s", p.status, p.Find("main").Text())
	}
	if strings.Contains(p.Text(), "{") || strings.Contains(p.Text(), "срок\n") {
		t.Error("a placeholder or the internal note is shown")
	}
	start := d.get(link.Apply())
	if start.Find("input[name=track]").Length() != 2 {
		t.Error("nothing new can be started")
	}
	if p := d.post(link.Apply(), link.StartSubmission(), nil); p.status != http.StatusUnprocessableEntity {
		t.Errorf("no track chosen: %d", p.status)
	}
	if p := d.post(link.Apply(), link.StartSubmission(), map[string]string{"track": "from-abroad"}); p.location != link.Apply() {
		t.Errorf("a new start: %d %s", p.status, p.location)
	}
	if p := d.post(link.Withdraw(), link.Withdraw(), nil); p.location != link.Status() {
		t.Errorf("withdrawn: %d %s", p.status, p.location)
	}
}

func TestStaleFormsAndStaff(t *testing.T) {
	d := open(t, review.ForeignCitizen, "ru")
	d.get(link.Apply())
	d.fill()
	p := d.post(link.CheckAnswers(), link.Send(), map[string]string{"version": "1"})
	if p.status != http.StatusConflict || p.Find(`form[action="`+link.Send()+`"]`).Length() != 1 {
		t.Errorf("a stale form: %d", p.status)
	}
	if p := d.post(link.CheckAnswers(), link.Send(), map[string]string{"version": "many"}); p.status != http.StatusConflict {
		t.Errorf("a form without a version: %d", p.status)
	}
	d.post(link.CheckAnswers(), link.Send(), nil)
	sub, err := d.store.ForAccount(t.Context(), applicant.Account)
	if err != nil {
		t.Fatal(err)
	}
	passport, _ := sub.Document(review.SlotPassport)
	path := link.CasePage(string(sub.ID), string(passport.ID), "1", "page")
	if p := d.do(staff, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusConflict {
		t.Errorf("a page without a claim: %d", p.status)
	}
	d.ask(review.Item{Target: review.Target{Slot: review.SlotPassport}, Reason: "doc-blurry"})
	if p := d.do(staff, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusOK || p.kind != "image/jpeg" {
		t.Errorf("a page for who decided: %d %s", p.status, p.kind)
	}
	if p := d.get(link.Status()); !strings.Contains(p.Text(), i18n.Text("ru", "progress.role.reviewer")) {
		t.Error("the applicant does not read who opened the papers")
	}
	for _, path := range []string{"/apply/documents/nonsense", "/apply/nonsense", "/apply/pages/x/y/z", link.CasePage("x", "y", "1", "page")} {
		secret := own
		if web.Staff(path) {
			secret = staff
		}
		if p := d.do(secret, httptest.NewRequest(http.MethodGet, path, nil)); p.status != http.StatusNotFound && p.status != http.StatusSeeOther {
			t.Errorf("%s: %d", path, p.status)
		}
	}
}
