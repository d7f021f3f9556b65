package auditweb_test

import (
	"context"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/handlers"
	"okno/handlers/auditweb"
	"okno/handlers/webtest"
	"okno/review"
	"okno/review/audit"
	"okno/review/support"
	"okno/views/i18n"
)

var (
	msk       = time.FixedZone("MSK", 3*60*60)
	applicant = review.Actor{Account: "account1", Roles: []review.Role{review.RoleApplicant}}
	anna      = review.Actor{Staff: "anna", Name: "Пробина А.", Roles: []review.Role{review.RoleReviewer}}
)

type world struct {
	*dbtest.Desk
	t       *testing.T
	history *historystore.Store
	store   *submissionstore.Store
	case1   *review.Submission
	now     time.Time
}

func (w *world) Now() time.Time { return w.now }

type noAccounts struct{}

func (noAccounts) Activate(*sqlite.Tx, review.AccountID, time.Time) error { return nil }

type staff map[review.StaffID]string

func (s staff) Names(context.Context) (map[review.StaffID]string, error) { return s, nil }

func (w *world) do(change func(s *review.Submission) (review.Change, error)) {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	s, err := w.store.Update(w.t.Context(), w.case1.ID, 0, change)
	if err != nil {
		w.t.Fatal(err)
	}
	w.case1 = s
}

func open(t *testing.T) (*world, *webtest.Site) {
	w := &world{Desk: dbtest.Open(t), t: t, now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	w.history = historystore.New(w.DB, w.Vault, w, "")
	outbox := outboxstore.New(w.DB, w.Vault)
	w.store = &submissionstore.Store{
		DB: w.DB, Vault: w.Vault, Clock: w, IDs: review.RandomIDs{}, Scans: &scanstore.Store{DB: w.DB, Vault: w.Vault},
		History: submissionstore.HistoryFunc(historystore.Append), Outbox: outbox, Accounts: noAccounts{},
	}
	var c review.Change
	w.case1, c = review.NewSubmission(applicant, review.SubmissionID(review.RandomIDs{}.NewID()), review.RandomIDs{}.NewNumber(), review.ForeignCitizen, "ru", w.now)
	if err := w.store.Create(t.Context(), w.case1, c); err != nil {
		t.Fatal(err)
	}
	if err := w.DB.Write(t.Context(), func(tx *sqlite.Tx) error { // messages are sealed for their recipient
		_, err := w.Vault.NewBox(tx, ownerOf("account1"), w.now)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	w.do(func(s *review.Submission) (review.Change, error) {
		return s.Save(applicant, "person", review.Answers{review.Surname: {Typed: "ОБРАЗЦОВ", Value: "ОБРАЗЦОВ"}}, w.now)
	})
	w.do(func(s *review.Submission) (review.Change, error) { return s.Send(applicant, w.now) })
	w.do(func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, w.now) })
	w.do(func(s *review.Submission) (review.Change, error) { return s.Take(anna, w.now) })
	look := func(e review.Event) {
		e.Submission = w.case1.ID
		if err := w.store.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	look(anna.Event(review.EventCaseOpened, w.now))
	look(anna.Event(review.EventScanViewed, w.now).With("slot", "passport").With("page", "2"))
	s := webtest.Serve(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), func(s *webtest.Site, gate review.Gate) handlers.Area {
		return &auditweb.Handlers{
			Audit:   audit.New(gate, historystore.Audit{History: w.history}, w.store, w.store, s),
			Support: &support.Service{Gate: gate, Submissions: w.store, Messages: outbox, History: w.store, Clock: s},
			Staff:   staff{"anna": "Пробина А.", "staff-auditor": "Иванова Е. П."}, Zone: msk,
		}
	})
	return w, s
}

func (w *world) last() historystore.Entry {
	w.t.Helper()
	list, err := w.history.List(w.t.Context(), historystore.Filter{Limit: 1})
	if err != nil || len(list) != 1 {
		w.t.Fatalf("%v, %v", list, err)
	}
	return list[0]
}

func TestReadingTheLog(t *testing.T) {
	w, s := open(t)
	for lang, want := range map[string]string{"ru": "Открыта страница документа", "en": "Document page opened"} {
		doc := s.Page(review.RoleAuditor, lang, "/admin/audit", 200)
		if got := webtest.Words(doc.Find("tbody")); !strings.Contains(got, want) || !strings.Contains(got, "Пробина А.") || !strings.Contains(got, w.case1.Number.String()) {
			t.Errorf("%s: %s", lang, got)
		}
		if strings.Contains(doc.Text(), "ОБРАЗЦОВ") {
			t.Error("the log names the person")
		}
		if strings.Contains(webtest.Words(doc.Find("tbody")), "audit.") || strings.Contains(doc.Text(), "account1") {
			t.Error("a key instead of words, or an account's id")
		}
	}
	if e := w.last(); e.Type != review.EventAuditRead || e.Actor != "staff-auditor" {
		t.Errorf("reading left %+v", e)
	}
	doc := s.Page(review.RoleAuditor, "ru", "/admin/audit?type=scan-viewed&actor=anna&case="+string(w.case1.Number)+"&from=2026-11-20&to=2026-11-20", 200)
	if n := doc.Find("tbody tr").Length(); n != 1 {
		t.Errorf("%d entries fit", n)
	}
	if n := doc.Find(".chips .chip").Length(); n != 4 {
		t.Errorf("%d filters are named", n)
	}
	if e := w.last(); e.Submission != w.case1.ID || e.Detail["type"] != "scan-viewed" {
		t.Errorf("a narrowed reading left %+v", e)
	}
	if doc := s.Page(review.RoleAuditor, "ru", "/admin/audit?type=approved", 200); doc.Find(".empty").Length() != 1 {
		t.Error("nothing found, and no word about it")
	}
	for path, field := range map[string]string{
		"/admin/audit?case=123":                                "case",
		"/admin/audit?case=1000000008":                         "case",
		"/admin/audit?from-day=31&from-month=2&from-year=2026": "from-day",
		"/admin/audit?from=2026-11-21&to=2026-11-20":           "to-day",
	} {
		if doc := s.Page(review.RoleAuditor, "ru", path, 422); doc.Find(`[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: no way to %s", path, field)
		}
	}
}

func TestPagesOfTheLogFollowOneAnother(t *testing.T) {
	w, s := open(t)
	for range 120 {
		if err := w.store.Record(t.Context(), anna.Event(review.EventSearched, w.now)); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	path, pages := "/admin/audit?type=searched", 0
	for path != "" && pages < 10 {
		doc := s.Page(review.RoleAuditor, "ru", path, 200)
		for _, row := range doc.Find("tbody tr").EachIter() {
			seq := webtest.Words(row.Find("th, td").First())
			if seen[seq] {
				t.Fatalf("entry %s twice", seq)
			}
			seen[seq] = true
		}
		pages++
		path = doc.Find(".pager a[rel=next]").AttrOr("href", "")
	}
	if pages != 3 || len(seen) != 120 {
		t.Errorf("%d pages, %d entries", pages, len(seen))
	}
}

func TestVerifyOnDemand(t *testing.T) {
	w, s := open(t)
	if err := w.history.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	signed := w.last().Seq
	answer := s.Send(review.RoleAuditor, "ru", "/admin/audit", "/admin/audit/verify", nil)
	answer.Body.Close()
	if answer.StatusCode != 303 {
		t.Fatalf("verify: %d", answer.StatusCode)
	}
	doc := s.Page(review.RoleAuditor, "ru", "/admin/audit", 200)
	if got := webtest.Words(doc.Find(".notice")); !regexp.MustCompile(`Проверено до записи \d+: всё сходится`).MatchString(got) {
		t.Errorf("state: %s", got)
	}
	if got := webtest.Words(doc.Find(".head .hint")); !strings.Contains(got, "Подписано до записи "+i18n.Number(t.Context(), signed)) {
		t.Errorf("signed: %s", got)
	}
	// Somebody with the file at hand changes one entry.
	if err := w.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		if _, err := tx.Exec(`DROP TRIGGER history_keep`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE history SET actor = 'boris' WHERE seq = 2`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.Send(review.RoleAuditor, "ru", "/admin/audit", "/admin/audit/verify", nil).Body.Close()
	doc = s.Page(review.RoleAuditor, "ru", "/admin/audit", 200)
	if got := webtest.Words(doc.Find(".notice")); !strings.Contains(got, "Запись 2: содержание изменено") {
		t.Errorf("a changed entry: %s", got)
	}
}

func TestWhoOpenedThePapers(t *testing.T) {
	w, s := open(t)
	if doc := s.Page(review.RoleAuditor, "ru", "/admin/access", 200); doc.Find("table").Length() != 0 {
		t.Error("an answer without a question")
	}
	for _, role := range []review.Role{review.RoleAuditor, review.RolePrivacyOfficer} {
		doc := s.Page(role, "ru", "/admin/access?case="+string(w.case1.Number), 200)
		got := webtest.Words(doc.Find("tbody"))
		if !strings.Contains(got, "Проверяющий") || !strings.Contains(got, "страница 2") || doc.Find("tbody tr").Length() != 2 {
			t.Errorf("%s: %s", role, got)
		}
		if strings.Contains(doc.Text(), "ОБРАЗЦОВ") || strings.Contains(doc.Text(), "Пробина") {
			t.Error("more than role, time and page")
		}
		if e := w.last(); e.Type != review.EventAuditRead || e.Submission != w.case1.ID || e.Detail["view"] != "access" {
			t.Errorf("reading left %+v", e)
		}
	}
	s.Page(review.RoleAuditor, "ru", "/admin/access?case=12", 422)
}

func TestSupportTellsTheStatusAndNothingElse(t *testing.T) {
	w, s := open(t)
	for lang, want := range map[string][]string{
		"ru": {"На рассмотрении", "Заявление получено", "Письмо", "Сотрудник"},
		"en": {"Application received", "Email", "waiting to be sent"},
	} {
		doc := s.Page(review.RoleSupportAgent, lang, "/desk/support?case="+strings.ReplaceAll(w.case1.Number.String(), " ", "+"), 200)
		text := webtest.Words(doc.Find("main"))
		for _, x := range want {
			if !strings.Contains(text, x) {
				t.Errorf("%s: no %q in %s", lang, x, text)
			}
		}
		for _, secret := range []string{"ОБРАЗЦОВ", "Пробина", "account1", string(w.case1.ID)} {
			if strings.Contains(doc.Text(), secret) {
				t.Errorf("%s is shown", secret)
			}
		}
	}
	if e := w.last(); e.Type != review.EventSearched || e.Submission != w.case1.ID || e.Detail["found"] != "yes" {
		t.Errorf("the look-up left %+v", e)
	}
	s.Page(review.RoleSupportAgent, "ru", "/desk/support?case=1000000008", 422)
	if e := w.last(); e.Type != review.EventSearched || e.Detail["found"] != "no" {
		t.Errorf("a look-up in vain left %+v", e)
	}
	s.Page(review.RoleSupportAgent, "ru", "/desk/support", 200)
}

// Nothing is shown when the reading cannot be written down.
func TestNoUnloggedReading(t *testing.T) {
	w, s := open(t)
	if err := w.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER full BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for path, role := range map[string]review.Role{
		"/admin/audit": review.RoleAuditor, "/admin/access?case=" + string(w.case1.Number): review.RoleAuditor,
		"/desk/support?case=" + string(w.case1.Number): review.RoleSupportAgent,
	} {
		answer := s.Do(role, "ru", http.MethodGet, path, nil)
		answer.Body.Close()
		if answer.StatusCode < 400 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

func TestEveryEventHasWordsAndAFilter(t *testing.T) {
	_, s := open(t)
	source, err := os.ReadFile("../../review/event.go")
	if err != nil {
		t.Fatal(err)
	}
	doc := s.Page(review.RoleAuditor, "ru", "/admin/audit", 200)
	found := regexp.MustCompile(`EventType = "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(found) < 30 {
		t.Fatalf("%d events", len(found))
	}
	for _, m := range found {
		if !i18n.Has("audit.event." + m[1]) {
			t.Errorf("no words for %s", m[1])
		}
		if doc.Find(`#type option[value="`+m[1]+`"]`).Length() != 1 {
			t.Errorf("no filter for %s", m[1])
		}
	}
}
