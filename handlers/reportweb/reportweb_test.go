package reportweb_test

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"okno/db/activitystore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/handlers"
	"okno/handlers/reportweb"
	"okno/handlers/webtest"
	"okno/review"
	"okno/review/activity"
)

var msk = time.FixedZone("MSK", 3*60*60)

// world is a desk on which something happened.
type world struct {
	*dbtest.Desk
	t       *testing.T
	figures *activitystore.Store
	store   *submissionstore.Store
	now     time.Time
}

func (w *world) Now() time.Time { return w.now }

type quiet struct{}

func (quiet) Enqueue(*sqlite.Tx, time.Time, review.IDs, ...review.Notice) error { return nil }

func (quiet) Activate(*sqlite.Tx, review.AccountID, time.Time) error { return nil }

type chain struct{}

func (chain) Append(tx *sqlite.Tx, events ...review.Event) error {
	return historystore.Append(tx, events...)
}

// history appends events in a transaction of their own.
type history struct{ db *sqlite.DB }

func (h history) Record(ctx context.Context, events ...review.Event) error {
	return h.db.Write(ctx, func(tx *sqlite.Tx) error { return historystore.Append(tx, events...) })
}

type staff map[review.StaffID]string

func (s staff) Names(context.Context) (map[review.StaffID]string, error) { return s, nil }

func open(t *testing.T) (*world, *webtest.Site) {
	w := &world{Desk: dbtest.Open(t), t: t}
	w.figures = activitystore.New(w.DB, msk)
	w.store = &submissionstore.Store{
		DB: w.DB, Vault: w.Vault, Clock: w, IDs: review.RandomIDs{}, Scans: &scanstore.Store{DB: w.DB, Vault: w.Vault},
		History: chain{}, Outbox: quiet{}, Accounts: quiet{}, Activity: w.figures,
	}
	s := webtest.Serve(t, time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), func(s *webtest.Site, gate review.Gate) handlers.Area {
		return &reportweb.Handlers{
			Activity: &activity.Service{Gate: gate, Figures: w.figures, History: history{w.DB}, Clock: s},
			Staff:    staff{"anna": "Пробина А.", "boris": "=Макетов Б."}, Gate: gate, Zone: msk,
		}
	})
	return w, s
}

// decided takes a submission to a decision by the colleague on a day.
func (w *world) decided(n int, citizenship string, by review.StaffID, day int, d review.Decision) {
	w.t.Helper()
	w.now = time.Date(2026, 11, day, 10, n, 0, 0, msk)
	applicant := review.Actor{Account: review.AccountID("account" + strconv.Itoa(n) + "-" + strconv.Itoa(day)), Roles: []review.Role{review.RoleApplicant}}
	colleague := review.Actor{Staff: by, Name: "x", Roles: []review.Role{review.RoleReviewer}}
	s, c := review.NewSubmission(applicant, review.SubmissionID(review.RandomIDs{}.NewID()), review.RandomIDs{}.NewNumber(), review.ForeignCitizen, "ru", w.now)
	if err := w.store.Create(w.t.Context(), s, c); err != nil {
		w.t.Fatal(err)
	}
	for _, change := range []func(s *review.Submission) (review.Change, error){
		func(s *review.Submission) (review.Change, error) {
			return s.Save(applicant, "person", review.Answers{review.Citizenship: {Value: citizenship}, review.BirthDate: {Value: "1990-01-01"}}, w.now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Send(applicant, w.now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, w.now) },
		func(s *review.Submission) (review.Change, error) {
			w.now = w.now.Add(5 * time.Minute)
			return s.Take(colleague, w.now)
		},
		func(s *review.Submission) (review.Change, error) {
			w.now = w.now.Add(time.Duration(n+1) * time.Minute)
			c, err := s.Decide(colleague, d, 0, w.now)
			if err != nil {
				return c, err
			}
			e, err := s.Settle(w.now)
			return c.Then(e), err
		},
	} {
		if _, err := w.store.Update(w.t.Context(), s.ID, 0, change); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) fill() {
	for n := range 6 {
		w.decided(n, "UZB", "anna", 20, review.Decision{Outcome: review.Approve})
	}
	w.decided(6, "TJK", "boris", 21, review.Decision{Outcome: review.Reject, Items: []review.Item{{Reason: "under-age"}}})
	w.decided(7, "TJK", "anna", 21, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"}}})
}

func TestReportPage(t *testing.T) {
	w, s := open(t)
	w.fill()
	for lang, want := range map[string]string{
		"ru": "Решено8одобрено 6, отказано 1, на исправление 1",
		"en": "Decided86 approved, 1 refused, 1 sent back",
	} {
		doc := s.Page(review.RoleSupervisor, lang, "/reports/activity?period=week", 200)
		if got := webtest.Words(doc.Find(".figures")); !strings.Contains(got, want) {
			t.Errorf("%s figures: %s", lang, got)
		}
		if doc.Find(`.views a[aria-current]`).Length() != 1 {
			t.Errorf("%s: no period is marked", lang)
		}
		chart := doc.Find("svg.chart")
		if chart.Find("title").Text() == "" || !strings.Contains(chart.Find("desc").Text(), "6") || chart.AttrOr("role", "") != "img" {
			t.Errorf("%s: the drawing has no words", lang)
		}
		for _, id := range strings.Fields(chart.AttrOr("aria-labelledby", "")) {
			if doc.Find("#"+id).Length() != 1 {
				t.Errorf("%s: the drawing names %s", lang, id)
			}
		}
		if n := chart.Find("path.line").Length(); n != 3 {
			t.Errorf("%s: %d lines", lang, n)
		}
	}
	doc := s.Page(review.RoleSupervisor, "ru", "/reports/activity?period=week", 200)
	days := doc.Find(`[aria-labelledby=report-days] table`)
	if n := days.Find("tbody tr").Length(); n != 7 {
		t.Errorf("%d days", n)
	}
	if got := webtest.Words(days.Find("tfoot")); got != "Всего 8 6 1 1" {
		t.Errorf("foot: %s", got)
	}
	// The drawing shows the numbers of its table: 6 on the 20th is the highest point.
	d := chartLine(t, doc, "c1")
	if len(d) != 7 || d[4] != 12 || d[0] != 180 || d[5] != 180 {
		t.Errorf("approved is drawn at %v", d)
	}
	if got := webtest.Words(doc.Find(`[aria-labelledby=report-people] tbody tr`).First()); !strings.HasPrefix(got, "Пробина А. 7 6 1 0") {
		t.Errorf("first reviewer: %s", got)
	}
	if got := webtest.Words(doc.Find(`[aria-labelledby=report-reasons] tbody`).First()); !strings.Contains(got, "0 1 1") {
		t.Errorf("reasons: %s", got)
	}
}

func chartLine(t *testing.T, doc *goquery.Document, class string) (ys []int) {
	t.Helper()
	for _, m := range regexp.MustCompile(`[ML][\d.]+ ([\d.]+)`).FindAllStringSubmatch(doc.Find("path.line."+class).AttrOr("d", ""), -1) {
		y, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		ys = append(ys, int(y))
	}
	return ys
}

func TestPeriods(t *testing.T) {
	w, s := open(t)
	w.fill()
	for path, want := range map[string]string{
		"/reports/activity":                               "24 октября 2026 г. — 22 ноября 2026 г.",
		"/reports/activity?period=today":                  "22 ноября 2026 г.",
		"/reports/activity?period=month":                  "1 ноября 2026 г. — 22 ноября 2026 г.",
		"/reports/activity?from=2026-11-20&to=2026-11-20": "20 ноября 2026 г.",
		"/reports/activity?from-day=1&from-month=11&from-year=2026&to-day=2&to-month=ноября&to-year=2026": "1 ноября 2026 г. — 2 ноября 2026 г.",
	} {
		doc := s.Page(review.RoleSupervisor, "ru", path, 200)
		if got := webtest.Words(doc.Find(".head .hint")); got != strings.ReplaceAll(want, "\u00a0", " ") {
			t.Errorf("%s: %s", path, got)
		}
	}
	if doc := s.Page(review.RoleSupervisor, "ru", "/reports/activity?period=today", 200); doc.Find(".empty").Length() != 1 {
		t.Error("an empty period shows no empty state")
	}
	for path, field := range map[string]string{
		"/reports/activity?from-day=31&from-month=2&from-year=2026&to-day=1&to-month=3&to-year=2026": "from-day",
		"/reports/activity?from=2026-11-20&to=2026-11-19":                                            "to-day",
		"/reports/activity?from=2020-11-20&to=2026-11-19":                                            "to-day",
		"/reports/activity?from-day=1&from-month=&from-year=2026&to-day=1&to-month=3&to-year=2026":   "from-day",
	} {
		doc := s.Page(review.RoleSupervisor, "ru", path, 422)
		if got := doc.Find(`[href="#` + field + `"]`).Length(); got != 1 {
			t.Errorf("%s: no way to %s in the summary", path, field)
		}
		if strings.Contains(path, "from-day=31") && doc.Find("#from-day").AttrOr("value", "") != "31" {
			t.Error("what was typed is gone")
		}
	}
}

func TestTrackNarrows(t *testing.T) {
	w, s := open(t)
	w.fill()
	doc := s.Page(review.RoleSupervisor, "ru", "/reports/activity?track=from-abroad", 200)
	if doc.Find(".empty").Length() != 1 {
		t.Error("the other track's cases are counted")
	}
	if href := doc.Find(".views a").First().AttrOr("href", ""); !strings.Contains(href, "track=from-abroad") {
		t.Errorf("a period forgets the track: %s", href)
	}
}

func TestFile(t *testing.T) {
	w, s := open(t)
	w.fill()
	answer := s.Do(review.RoleSupervisor, "ru", http.MethodGet, "/reports/activity.csv?from=2026-11-16&to=2026-11-22", nil)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("%d, %v", answer.StatusCode, err)
	}
	if got := answer.Header.Get("Content-Disposition"); got != "attachment; filename=okno-otchet-2026-11-16-2026-11-22.csv" {
		t.Errorf("disposition %s", got)
	}
	text, ok := strings.CutPrefix(string(body), "\ufeff")
	if !ok {
		t.Fatal("no byte order mark")
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = ';', -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums := make([]int, 5)
	var total, small []string
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("a cell that computes: %q", cell)
			}
		}
		switch {
		case strings.HasPrefix(row[0], "2026-11-"):
			for i := 1; i < 5; i++ {
				n, err := strconv.Atoi(row[i])
				if err != nil {
					t.Fatal(err)
				}
				sums[i] += n
			}
		case row[0] == "Всего":
			total = row
		case row[0] == "Таджикистан":
			small = row
		}
	}
	if len(total) != 5 {
		t.Fatal("no total")
	}
	for i := 1; i < 5; i++ {
		if total[i] != strconv.Itoa(sums[i]) {
			t.Errorf("column %d: total %s, sum %d", i, total[i], sums[i])
		}
	}
	if strings.Join(total[1:], " ") != "8 6 1 1" {
		t.Errorf("total %v", total)
	}
	if strings.Join(small, ";") != "Таджикистан;<5;0;<5;<5;" {
		t.Errorf("a small group is told apart: %v", small)
	}
	if !strings.Contains(text, "'=Макетов Б.") {
		t.Error("a name that computes is not made harmless")
	}
	var n int
	if err := w.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		return rx.Get(&n, `SELECT COUNT(*) FROM history WHERE type = 'report-exported' AND actor = 'staff-supervisor'`)
	}); err != nil || n != 1 {
		t.Errorf("%d traces of the export, %v", n, err)
	}
}

func TestOnlySupervisors(t *testing.T) {
	_, s := open(t)
	for _, role := range review.StaffRoles {
		want := 403
		if role == review.RoleSupervisor {
			want = 200
		}
		for _, path := range []string{"/reports/activity", "/reports/activity.csv"} {
			answer := s.Do(role, "ru", http.MethodGet, path, nil)
			answer.Body.Close()
			if answer.StatusCode != want {
				t.Errorf("%s on %s: %d", role, path, answer.StatusCode)
			}
		}
	}
}
