package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/cmd/internal/config"
	"okno/db/sqlite"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/signin"
	"okno/views/link"
)

const (
	crashRounds   = 50
	crashMinimum  = 200 // acknowledged writes in all
	crashDeadline = 150 * time.Second
)

// promises is what clients were told had happened.
type promises struct {
	mu     sync.Mutex
	n      int
	by     map[string]int // how many of each kind
	events map[string]int // "submission type staff" → how many at least
	// latest values: what was acknowledged last, and what was sent since without
	// an answer, any of which may have arrived.
	saved   map[review.SubmissionID]*latest // the address
	papers  map[review.SubmissionID]*latest // digest of the passport file
	notes   map[review.SubmissionID][]string
	tokens  []string // of sessions begun
	unwell  []string // answers that should not have come
	started time.Duration
}

type latest struct {
	acknowledged string
	open         []string
}

func (p *promises) kept(kind string, do func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.by[kind]++
	do()
}

func (p *promises) complain(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unwell = append(p.unwell, fmt.Sprintf(format, args...))
}

// begun notes that a value is on its way, done that it was acknowledged.
func (p *promises) begun(of map[review.SubmissionID]*latest, id review.SubmissionID, value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if of[id] == nil {
		of[id] = &latest{}
	}
	of[id].open = append(of[id].open, value)
}

func (p *promises) done(kind string, of map[review.SubmissionID]*latest, id review.SubmissionID, value string) {
	p.kept(kind, func() { *of[id] = latest{acknowledged: value} })
}

// crowd are the people who use the desk while it is being killed.
type crowd struct {
	*promises
	drafts []*review.Submission // two save for ever
	loads  []*review.Submission // take uploads
	ready  chan *review.Submission
	tokens map[review.AccountID]string
	staff  []string // tokens of reviewers
	actors []review.Actor
	csrf   func(base, token string) *browser
	pass   string
}

var versionField = regexp.MustCompile(`name="version"[^>]*value="(\d+)"|value="(\d+)"[^>]*name="version"`)

// saves writes the address of one draft again and again.
func (c *crowd) saves(ctx context.Context, base string, s *review.Submission) {
	b := c.csrf(base, c.tokens[s.Account])
	for {
		value := "г. Образцово, ул. Примерная, д. " + strconv.FormatUint(rand.Uint64(), 36)
		c.begun(c.saved, s.ID, value)
		a, err := b.send(ctx, link.Section("address"), "address", value, "postal-index", "101000")
		if err != nil {
			return
		}
		if a.status != 303 {
			c.complain("saving: %d", a.status)
			return
		}
		c.done("saved", c.saved, s.ID, value)
	}
}

// uploads sends one new passport page.
func (c *crowd) uploadOne(ctx context.Context, base string, s *review.Submission, file []byte) {
	sum := sha256.Sum256(file)
	c.begun(c.papers, s.ID, string(sum[:]))
	a, err := c.csrf(base, c.tokens[s.Account]).upload(ctx, link.Upload("passport"), "SPECIMEN.jpg", file)
	if err != nil {
		return
	}
	if a.status != 303 {
		c.complain("upload: %d", a.status)
		return
	}
	c.done("uploaded", c.papers, s.ID, string(sum[:]))
}

// sends sends drafts that are complete.
func (c *crowd) sends(ctx context.Context, base string) {
	for {
		select {
		case s := <-c.ready:
			a, err := c.csrf(base, c.tokens[s.Account]).send(ctx, link.Send(), "version", strconv.FormatInt(s.Version, 10))
			if err != nil {
				return
			}
			if a.status != 303 || a.header.Get("Location") != link.Receipt() {
				c.complain("sending: %d %s", a.status, a.header.Get("Location"))
				return
			}
			c.kept("sent", func() { c.events[string(s.ID)+" "+string(review.EventSubmitted)+" "+string(s.Account)]++ })
		case <-ctx.Done():
			return
		case <-time.After(time.Millisecond):
			return
		}
	}
}

// signsIn begins a session with a password.
func (c *crowd) signsIn(ctx context.Context, base, login string) {
	b := c.csrf(base, "")
	a, err := b.send(ctx, link.SignIn(), "login", login, "password", c.pass)
	if err != nil {
		return
	}
	if a.status != 303 {
		c.complain("signing in: %d", a.status)
		return
	}
	for _, cookie := range a.header.Values("Set-Cookie") {
		if token, ok := strings.CutPrefix(cookie, web.ApplicantCookie+"="); ok {
			token, _, _ = strings.Cut(token, ";")
			c.kept("signed in", func() { c.promises.tokens = append(c.promises.tokens, token) })
		}
	}
}

// reviews takes cases, writes remarks and decides or gives back.
func (c *crowd) reviews(ctx context.Context, base string, who int) {
	b, me := c.csrf(base, c.staff[who]), string(c.actors[who].Staff)
	for n := 0; ; n++ {
		a, err := b.send(ctx, link.TakeNext())
		if err != nil {
			return
		}
		path, _, _ := strings.Cut(a.header.Get("Location"), "?")
		id := review.SubmissionID(strings.TrimPrefix(path, link.Case("")))
		if a.status != 303 || path == link.Queue() || id == "" {
			return // the queue is empty at the moment
		}
		c.kept("taken", func() { c.events[string(id)+" "+string(review.EventClaimed)+" "+me]++ })
		note := "Замечание " + strconv.FormatUint(rand.Uint64(), 36)
		if a, err = b.send(ctx, link.CaseAction(string(id), "note"), "note", note); err != nil {
			return
		}
		if a.status == 303 {
			c.kept("noted", func() { c.notes[id] = append(c.notes[id], note) })
		}
		if n%2 == 1 {
			if a, err = b.send(ctx, link.CaseAction(string(id), "release")); err != nil {
				return
			}
			if a.status == 303 {
				c.kept("released", func() { c.events[string(id)+" "+string(review.EventReleased)+" "+me]++ })
			}
			continue
		}
		target := link.Verdict(string(id), "approve")
		if a, err = b.get(ctx, target); err != nil {
			return
		}
		m := versionField.FindSubmatch(a.body)
		if m == nil {
			c.complain("no version on the panel: %d", a.status)
			return
		}
		if a, err = b.send(ctx, target, "version", string(m[1])+string(m[2]), "note", "Сверено", "act", "send"); err != nil {
			return
		}
		if a.status != 303 {
			c.complain("deciding: %d", a.status)
			return
		}
		c.kept("decided", func() { c.events[string(id)+" "+string(review.EventDecisionMade)+" "+me]++ })
	}
}

// login is who signs in with a password in a round.
func login(round int) string { return fmt.Sprintf("crash-%d@example.org", round) }

// crashDesk makes the folder and the people of the crash test.
func crashDesk(t *testing.T, dir string) *crowd {
	h := houseIn(t, dir, io.Discard)
	c := &crowd{promises: &promises{
		by: map[string]int{}, events: map[string]int{}, saved: map[review.SubmissionID]*latest{}, papers: map[review.SubmissionID]*latest{},
		notes: map[review.SubmissionID][]string{},
	}, tokens: map[review.AccountID]string{}, pass: "Vechernij-Stakan7-Oduvan", csrf: h.browse, ready: make(chan *review.Submission, 200)}
	draft := func() *review.Submission {
		by := h.applicant(review.ForeignCitizen)
		s := h.draft(by, review.ForeignCitizen)
		c.tokens[by.Account] = h.accountToken(by.Account)
		return s
	}
	for range 2 {
		c.drafts = append(c.drafts, draft())
	}
	for range 10 {
		c.loads = append(c.loads, draft())
	}
	for len(c.ready) < 80 {
		if s := draft(); len(missing(s, h.clock.Now())) == 0 {
			c.ready <- s
		}
	}
	for range 2 {
		who := h.appoint(review.RoleReviewer)
		c.actors = append(c.actors, who)
		c.staff = append(c.staff, h.staffToken(who.Staff, false))
	}
	for range 100 {
		h.queued()
	}
	stored, err := h.hasher.Hash(t.Context(), c.pass)
	h.must(err)
	h.write(func(tx *sqlite.Tx) error {
		for n := range crashRounds {
			if err := h.accounts.Create(tx, signin.NewAccount{ID: review.AccountID(h.ids.NewID()), Language: "ru", Track: review.FromAbroad,
				Email: login(n), Phone: fmt.Sprintf("+7988%07d", n), Password: stored, At: h.clock.Now()}); err != nil {
				return err
			}
		}
		return nil
	})
	return c
}

// TestCrash kills the real program at random moments under a mixed load, fifty
// times, and looks each time whether anything that was acknowledged is missing.
func TestCrash(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	var c *crowd
	t.Run("prepare", func(t *testing.T) { c = crashDesk(t, dir) })
	if c == nil {
		t.FailNow()
	}
	if _, err := built(); err != nil {
		t.Fatal(err)
	}
	env := surroundings(t, dir)
	began, rounds := time.Now(), 0
	for ; rounds < crashRounds && time.Since(began) < crashDeadline; rounds++ {
		c.round(t, env, rounds)
		if rounds%10 == 9 || rounds == crashRounds-1 {
			c.inspectFolder(t, dir)
		}
		if t.Failed() {
			break
		}
	}
	for _, text := range c.unwell {
		t.Error(text)
	}
	if rounds < crashRounds || c.n < crashMinimum {
		t.Errorf("only %d rounds and %d acknowledged writes in %s", rounds, c.n, time.Since(began).Round(time.Second))
	}
	for _, kind := range []string{"saved", "uploaded", "sent", "taken", "noted", "decided", "released", "signed in"} {
		if c.by[kind] == 0 {
			t.Errorf("nothing was %s", kind)
		}
	}
	if !t.Failed() {
		t.Logf("%d rounds, %d acknowledged %v, 0 lost; longest start %s, in all %s", rounds, c.n, c.by, c.started.Round(time.Millisecond), time.Since(began).Round(time.Second))
	}
}

// round starts the program, lets everybody work and kills it.
func (c *crowd) round(t *testing.T, env map[string]string, n int) {
	t.Helper()
	start := time.Now()
	p := launchProcess(t, env, "serve")
	if took := time.Since(start); took > c.started {
		c.started = took
	}
	if c.started > 5*time.Second {
		t.Errorf("a start after a crash took %s", c.started)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for _, s := range c.drafts {
		wg.Go(func() { c.saves(ctx, p.base, s) })
	}
	for who := range c.staff {
		wg.Go(func() { c.reviews(ctx, p.base, who) })
	}
	wg.Go(func() { c.sends(ctx, p.base) })
	if n%2 == 0 { // more within a minute from one address would be refused
		wg.Go(func() { c.signsIn(ctx, p.base, login(n)) })
	}
	file := slices.Concat(picture(), []byte{0}) // bytes after the end of a picture are cut off by the desk
	file = slices.Insert(file, 2, comment(n)...)
	s := c.loads[n%len(c.loads)]
	uploaded := make(chan struct{})
	wg.Go(func() {
		defer close(uploaded)
		c.uploadOne(ctx, p.base, s, file)
	})

	switch n % 10 {
	case 4: // somewhere in a whole upload
		time.Sleep(50*time.Millisecond + rand.N(3*time.Second))
	case 9: // right after one, however busy the machine is
		select {
		case <-uploaded:
		case <-time.After(20 * time.Second):
		}
	default:
		time.Sleep(50*time.Millisecond + rand.N(550*time.Millisecond))
	}
	if err := p.Process.Kill(); err != nil {
		t.Error(err)
	}
	_ = p.Wait()
	cancel()
	wg.Wait()
}

// comment is a JPEG comment that makes the file of a round its own.
func comment(n int) []byte {
	text := fmt.Sprintf("SPECIMEN %08d %d", n, time.Now().UnixNano())
	return append([]byte{0xff, 0xfe, 0, byte(len(text) + 2)}, text...)
}

// inspectFolder opens the folder of a killed desk and compares it with what the
// clients were told.
func (c *crowd) inspectFolder(t *testing.T, dir string) {
	t.Helper()
	settings := config.Config{Data: dir, KeyFile: dir + ".key", Public: settingsIn(dir).Public}
	d, err := openData(t.Context(), settings, exclusive)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	}()
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	h := rooms(t, settings, d, gate, io.Discard)
	h.isWhole()
	lost := func(format string, args ...any) { t.Errorf("lost: "+format, args...) }
	for what, of := range map[string]map[review.SubmissionID]*latest{"address": c.saved, "passport": c.papers} {
		for id, value := range of {
			s, err := h.submissions.Submission(t.Context(), id)
			h.must(err)
			possible := value.open
			if value.acknowledged != "" {
				possible = append(slices.Clone(possible), value.acknowledged)
			} else {
				continue
			}
			if what == "passport" {
				doc, _ := s.Document(review.SlotPassport)
				if !slices.ContainsFunc(possible, func(sum string) bool { return string(h.scans.Print([32]byte([]byte(sum)))) == string(doc.Print) }) {
					lost("a passport page")
				}
			} else if !slices.Contains(possible, s.Answers.Value(review.Address)) {
				lost("address %q, there is %q", possible, s.Answers.Value(review.Address))
			}
		}
	}
	for id, notes := range c.notes {
		there, err := h.submissions.Notes(t.Context(), id)
		h.must(err)
		for _, text := range notes {
			if !slices.ContainsFunc(there, func(n review.Note) bool { return n.Text == text }) {
				lost("a remark")
			}
		}
	}
	for _, token := range c.promises.tokens {
		if _, err := h.signinKeys.Find(t.Context(), token, true); err != nil {
			lost("a session: %v", err)
		}
	}
	there := h.eventCounts()
	for _, key := range slices.Sorted(maps.Keys(c.events)) {
		if there[key] < c.events[key] {
			lost("%s: %d of %d", key, c.events[key]-there[key], c.events[key])
		}
	}
}

// isWhole checks database, audit log and stored bytes of a desk.
func (h *house) isWhole() {
	h.t.Helper()
	ctx := h.t.Context()
	type paper struct {
		Submission review.SubmissionID
		Kind, Name string
	}
	var papers []paper
	h.must(h.data.db.Read(ctx, func(rx *sqlite.Rx) error {
		var found []string
		if err := rx.Select(&found, `PRAGMA integrity_check`); err != nil {
			return err
		}
		if !slices.Equal(found, []string{"ok"}) {
			h.t.Errorf("integrity_check: %v", found)
		}
		var orphans []struct {
			Table, Parent string
			Rowid, Fkid   *int64
		}
		if err := rx.Select(&orphans, `PRAGMA foreign_key_check`); err != nil {
			return err
		}
		if len(orphans) > 0 {
			h.t.Errorf("foreign_key_check: %v", orphans)
		}
		return rx.Select(&papers, `
			SELECT submission, 'original' AS kind, original AS name FROM documents
			UNION ALL SELECT d.submission, 'page', p.image FROM pages p JOIN documents d ON d.id = p.document
			UNION ALL SELECT d.submission, 'thumb', p.thumb FROM pages p JOIN documents d ON d.id = p.document`)
	}))
	if len(papers) == 0 {
		h.t.Error("no papers at all")
	}
	for _, p := range papers {
		if _, err := h.bytes.Fetch(ctx, p.Submission, p.Kind, p.Name); err != nil {
			h.t.Errorf("a %s does not open: %v", p.Kind, err)
		}
	}
	report, err := h.history.Verify(ctx)
	h.must(err)
	if !report.OK() || report.Entries == 0 {
		h.t.Errorf("audit log: %d entries, findings %v", report.Entries, report.Findings)
	}
}

// eventCounts counts the audit log by submission, type and actor.
func (h *house) eventCounts() map[string]int {
	h.t.Helper()
	var rows []struct {
		What string
		N    int
	}
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&rows, `SELECT submission || ' ' || type || ' ' || actor AS what, count(*) AS n FROM history GROUP BY 1`)
	}))
	all := map[string]int{}
	for _, r := range rows {
		all[r.What] = r.N
	}
	return all
}

// TestLossIsNoticed keeps the crash test honest: it must see what is missing.
func TestLossIsNoticed(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	s := h.queued()
	h.isWhole()
	h.must(h.bytes.Remove(s.Documents[0].Original))
	if _, err := h.bytes.Fetch(t.Context(), s.ID, "original", s.Documents[0].Original); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("bytes that were removed: %v", err)
	}
	if n := h.eventCounts()[string(s.ID)+" "+string(review.EventChecked)+" system"]; n != 0 && n != 1 {
		t.Errorf("%d checks", n)
	}
}
