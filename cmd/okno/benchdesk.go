package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"okno/cmd/internal/config"
	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// benchDesk fills a desk and times its pages.
func (p program) benchDesk(ctx context.Context, args []string) (err error) {
	f := p.flags("bench desk")
	size := f.Int("n", 100_000, "how many submissions the desk holds; a folder that was filled before keeps its own")
	rounds := f.Int("requests", 400, "how often each page is asked for")
	out := f.String("json", "", "write the figures to this file as well")
	if err := f.Parse(args); err != nil {
		return err
	}
	c, err := config.Load(p.getenv, f.data, "", true)
	if err != nil {
		return err
	}
	mark, ready := readMark(c.Data)
	if _, err := os.Stat(filepath.Join(c.Data, "okno.db")); err == nil && !ready {
		return fmt.Errorf("%s holds a desk that was not made for measuring, or only half of one: give another folder", c.Data)
	}
	d, err := openData(ctx, c, creating)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	k, err := newDesk(c, d, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	staff, others, err := k.benchStaff(ctx)
	if err != nil {
		return err
	}
	if !ready {
		begun := time.Now()
		mark = benchSize{*size, k.clock.Now()}
		if err := p.fillBench(ctx, k, mark, staff); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(c.Data, benchMark), fmt.Appendf(nil, "%d %d", mark.size, mark.now.UnixMilli()), 0o600); err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "filled in %s\n", time.Since(begun).Round(time.Second))
	}
	info, err := os.Stat(filepath.Join(c.Data, "okno.db"))
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%d submissions, %d MB\n\n", mark.size, info.Size()>>20)
	m, err := k.meter(ctx, mark, staff[:len(staff)-2], others)
	if err != nil {
		return err
	}
	defer m.close()
	if err := m.run(ctx, *rounds); err != nil {
		return err
	}
	m.print(p.stdout)
	if *out == "" {
		return nil
	}
	text, err := json.MarshalIndent(map[string]any{"submissions": mark.size, "database_mb": info.Size() >> 20, "pages": m.figures()}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(*out, append(text, '\n'), 0o644)
}

// meter asks a served desk for its pages, one request after the other.
type meter struct {
	k         *desk
	people    *populace
	base      string
	stop      func()
	client    *http.Client
	reviewers []worker
	others    map[review.Role]worker
	names     []string
	times     map[string][]time.Duration
	bytes     map[string]int
	dice      *rand.Rand
}

// worker is a signed-in member of staff.
type worker struct{ cookie, csrf string }

func (k *desk) meter(ctx context.Context, mark benchSize, reviewers []review.Actor, others map[review.Role]review.Actor) (*meter, error) {
	app, err := k.app()
	if err != nil {
		return nil, err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	served := make(chan error, 1)
	go func() { served <- app.Serve(l) }()
	m := &meter{
		k: k, people: k.populaceOf(mark, nil), base: "http://" + l.Addr().String(), others: map[review.Role]worker{},
		stop:  func() { _ = app.Stop(stopTime); <-served },
		times: map[string][]time.Duration{}, bytes: map[string]int{}, dice: rand.New(rand.NewPCG(1, 2)),
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for _, a := range reviewers {
		w, err := m.enter(ctx, a)
		if err != nil {
			return nil, err
		}
		m.reviewers = append(m.reviewers, w)
	}
	for role, a := range others {
		if m.others[role], err = m.enter(ctx, a); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *meter) close() { m.stop() }

var csrfOf = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// enter begins a session and takes a token from the first page.
func (m *meter) enter(ctx context.Context, a review.Actor) (worker, error) {
	token, _, err := m.k.signinKeys.StartStaff(ctx, a.Staff, false, "")
	if err != nil {
		return worker{}, err
	}
	w := worker{cookie: web.StaffCookie + "=" + token}
	page, _, err := m.ask(ctx, w, "", link.Desk(), nil)
	if err != nil {
		return w, err
	}
	if found := csrfOf.FindSubmatch(page); found != nil {
		w.csrf = string(found[1])
	}
	return w, nil
}

// ask sends a request and reads the whole answer. The time counts under the
// name, unless that is empty.
func (m *meter) ask(ctx context.Context, w worker, name, path string, form url.Values) (body []byte, to string, err error) {
	method, content := http.MethodGet, io.Reader(nil)
	if form != nil {
		form.Set("csrf", w.csrf)
		method, content = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(ctx, method, m.base+path, content)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("Cookie", w.cookie)
	r.Header.Set("Accept-Encoding", "gzip")
	if name == "" || form == nil {
		r.Header.Del("Accept-Encoding")
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	begun := time.Now()
	answer, err := m.client.Do(r)
	if err != nil {
		return nil, "", err
	}
	body, err = io.ReadAll(answer.Body)
	answer.Body.Close()
	took := time.Since(begun)
	if err != nil {
		return nil, "", err
	}
	if answer.StatusCode >= 400 {
		return body, "", fmt.Errorf("%s %s: %s", method, strings.SplitN(path, "?", 2)[0], answer.Status)
	}
	if name != "" {
		if m.times[name] == nil {
			m.names = append(m.names, name)
		}
		m.times[name] = append(m.times[name], took)
		m.bytes[name] = max(m.bytes[name], len(body))
	}
	return body, answer.Header.Get("Location"), nil
}

// run measures every page.
func (m *meter) run(ctx context.Context, rounds int) error {
	for i := range rounds {
		w := m.reviewers[i%len(m.reviewers)]
		steps := []func(context.Context, worker, int) error{m.queue, m.take, m.search, m.look}
		if i < max(1, rounds/10) {
			steps = append(steps, m.offices)
		}
		for _, step := range steps {
			if err := step(ctx, w, i); err != nil {
				return err
			}
		}
	}
	return nil
}

var citizenships = []string{"UZB", "TJK", "KGZ", "CHN", "SRB", "RUS", "XXA"}

func (m *meter) queue(ctx context.Context, w worker, i int) error {
	page, _, err := m.ask(ctx, w, "queue", link.Queue(), nil)
	if err != nil {
		return err
	}
	if after := regexp.MustCompile(`after=([^"&]+)`).FindSubmatch(page); after != nil {
		if _, _, err := m.ask(ctx, w, "queue, next page", link.QueueView("", "", "", "", "", string(after[1])), nil); err != nil {
			return err
		}
	}
	tab := []string{"", "mine", "returned", "second"}[i%4]
	lane := []string{"", "green", "normal", "attention"}[i/4%4]
	track := []string{"", "foreign-citizen", "from-abroad"}[i%3]
	due := []string{"", "late", "soon", "today"}[i/3%4]
	_, _, err = m.ask(ctx, w, "queue, filtered", link.QueueView(tab, track, citizenships[i%len(citizenships)], lane, due, ""), nil)
	return err
}

// take takes the next case, opens it and gives it back.
func (m *meter) take(ctx context.Context, w worker, i int) error {
	_, to, err := m.ask(ctx, w, "take next", link.TakeNext(), url.Values{"held": {"-1"}})
	if err != nil {
		return err
	}
	if !strings.HasPrefix(to, link.Case("")) {
		return fmt.Errorf("nothing is left to take: fill another folder")
	}
	if _, _, err := m.ask(ctx, w, "open case", to, nil); err != nil {
		return err
	}
	_, _, err = m.ask(ctx, w, "case history", to+"/history", nil)
	return err
}

// search looks for a random person, each time by something else.
func (m *meter) search(ctx context.Context, w worker, i int) error {
	n := m.dice.IntN(m.people.size)
	k, _ := m.people.person(n)
	form := url.Values{}
	what := ""
	switch i % 8 {
	case 0:
		what = "surname"
		form.Set("text", k.Answers["surname"])
	case 1:
		what = "two names"
		form.Set("text", k.Answers["given-name"]+" "+k.Answers["surname"])
	case 2:
		what = "name and birth"
		form.Set("text", k.Answers["surname"])
		if born, err := time.Parse(time.DateOnly, k.Answers["birth-date"]); err == nil {
			form.Set("birth-day", born.Format("2"))
			form.Set("birth-month", born.Format("1"))
			form.Set("birth-year", born.Format("2006"))
		}
	case 3:
		what = "document"
		form.Set("text", k.Answers["document-number"])
	case 4:
		what = "telephone"
		form.Set("text", k.Phone)
	case 5:
		what = "e-mail"
		form.Set("text", k.Email)
	case 6:
		what = "case number"
		number, err := m.number(ctx, n)
		if err != nil {
			return err
		}
		form.Set("text", number)
	default:
		what = "beginning"
		form.Set("text", string([]rune(k.Answers["surname"])[:4]))
	}
	_, to, err := m.ask(ctx, w, "search, sent", link.Search(), form)
	if err != nil {
		return err
	}
	page, _, err := m.ask(ctx, w, "search, results", to, nil)
	if err != nil {
		return err
	}
	if found := strings.Contains(string(page), "/desk/cases/"); !found && what != "beginning" {
		return fmt.Errorf("search by %s finds nobody (person %d)", what, n)
	}
	return nil
}

// number is the case number of the n-th submission.
func (m *meter) number(ctx context.Context, n int) (number string, err error) {
	err = m.k.data.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&number, `SELECT s.number FROM search_entries AS e JOIN submissions AS s ON s.id = e.submission WHERE e.entry = ?`, n+1)
	})
	return number, err
}

// look opens a random case of the past: nobody's, so it is sealed.
func (m *meter) look(ctx context.Context, w worker, _ int) error {
	var id string
	if err := m.k.data.db.Read(ctx, func(rx *sqlite.Rx) error {
		return rx.Get(&id, `SELECT submission FROM search_entries WHERE entry = ?`, m.dice.IntN(m.people.size)+1)
	}); err != nil {
		return err
	}
	_, _, err := m.ask(ctx, w, "open an old case", link.Case(id), nil)
	return err
}

// offices asks for the pages of the other roles.
func (m *meter) offices(ctx context.Context, _ worker, i int) error {
	day := func(ago int) string { return m.people.now.AddDate(0, 0, -ago).Format(time.DateOnly) }
	number, err := m.number(ctx, m.dice.IntN(m.people.size))
	if err != nil {
		return err
	}
	for _, x := range []struct {
		role       review.Role
		name, path string
	}{
		{review.RoleSupervisor, "report, 365 days", link.ReportDays(day(364), day(0), "")},
		{review.RoleSupervisor, "report, 30 days", link.ReportDays(day(29), day(0), "")},
		{review.RoleAuditor, "audit log", link.Audit()},
		{review.RoleAuditor, "audit log, a day", link.AuditQuery("from", day(200+i), "to", day(200+i))},
		{review.RoleAuditor, "audit log, a day and type", link.AuditQuery("from", day(100+i), "to", day(100+i), "type", string(review.EventApproved))},
		{review.RoleSupportAgent, "support look-up", link.Support() + "?case=" + number},
	} {
		if _, _, err := m.ask(ctx, m.others[x.role], x.name, x.path, nil); err != nil {
			return err
		}
	}
	return nil
}

// figure is one line of the measurement, in milliseconds.
type figure struct {
	Page  string  `json:"page"`
	N     int     `json:"n"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
	Bytes int     `json:"bytes"`
}

func (m *meter) figures() (list []figure) {
	for _, name := range m.names {
		t := slices.Sorted(slices.Values(m.times[name]))
		at := func(share int) float64 {
			return float64(t[min(len(t)-1, (len(t)*share+99)/100-1)].Microseconds()) / 1000
		}
		list = append(list, figure{name, len(t), at(50), at(95), at(99), at(100), m.bytes[name]})
	}
	return list
}

func (m *meter) print(w io.Writer) {
	fmt.Fprintf(w, "%-28s %6s %8s %8s %8s %8s %9s\n", "page", "n", "p50 ms", "p95 ms", "p99 ms", "max ms", "bytes")
	for _, f := range m.figures() {
		fmt.Fprintf(w, "%-28s %6d %8.1f %8.1f %8.1f %8.1f %9d\n", f.Page, f.N, f.P50, f.P95, f.P99, f.Max, f.Bytes)
	}
}
