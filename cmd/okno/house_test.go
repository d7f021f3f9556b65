package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"okno/cmd/internal/config"
	"okno/cmd/internal/specimen"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/handlers"
	"okno/handlers/web"
	"okno/rbac"
	"okno/review"
	"okno/review/signin"
	"okno/review/signin/argon"
	"okno/review/staff"
	"okno/views/link"
	"okno/views/ui"
)

// house is the whole desk over a real folder with people in it.
type house struct {
	*desk
	t   testing.TB
	app *handlers.App
}

// born counts the invented people: no two share a contact.
var born atomic.Int64

func next() int { return int(born.Add(1)) }

// visit is the cookie by which a browser without a session is known in tests.
const visit = "visitvisitvisitvisitvisitvisitvisitvisitvis"

// settingsIn are the settings of a desk whose data lies in dir.
func settingsIn(dir string) config.Config {
	return config.Config{
		Data: dir, KeyFile: dir + ".key", Addr: "127.0.0.1:0", Hold: config.DefaultHold, Demo: true, Programs: os.Getenv("OKNO_PROGRAMS") != "none", Inspection: time.Minute,
		Public: &url.URL{Scheme: "https", Host: "desk.example.org"},
	}
}

// openHouse makes a fresh desk behind the real policy.
func openHouse(t testing.TB) *house {
	t.Helper()
	return houseIn(t, filepath.Join(t.TempDir(), "data"), io.Discard)
}

// houseIn opens or makes the desk of a folder; its log goes to the writer.
func houseIn(t testing.TB, dir string, log io.Writer) *house {
	t.Helper()
	c := settingsIn(dir)
	d, err := openData(t.Context(), c, creating)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Error(err)
		}
	})
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	return rooms(t, c, d, gate, log)
}

// rooms builds the desk of an opened folder behind a gate. Passwords are hashed
// at the least cost: what a hash costs is measured elsewhere.
func rooms(t testing.TB, c config.Config, d *data, gate review.Gate, log io.Writer) *house {
	t.Helper()
	h := &house{t: t, desk: assemble(c, d, slog.New(slog.NewJSONHandler(log, nil)), gate)}
	h.hasher = argon.New(d.vault.Pepper(), argon.Params{Memory: 64, Time: 1, Threads: 1})
	h.desk.signin.Hasher, h.desk.staff.Hasher = h.hasher, h.hasher
	app, err := h.desk.app()
	if err != nil {
		t.Fatal(err)
	}
	h.app = app
	return h
}

// behind is the same folder behind another gate.
func (h *house) behind(gate review.Gate) *house {
	h.t.Helper()
	return rooms(h.t, h.config, h.data, gate, io.Discard)
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(explain(err))
	}
}

func (h *house) write(do func(tx *sqlite.Tx) error) {
	h.t.Helper()
	h.must(h.data.db.Write(h.t.Context(), do))
}

// appoint enrols a member of staff. The password is not needed: tests start
// sessions through the service that hands them out.
func (h *house) appoint(role review.Role) review.Actor {
	h.t.Helper()
	n := next()
	m := &staff.Member{
		ID: review.StaffID(h.ids.NewID()), Email: fmt.Sprintf("staff-%d@example.org", n), Name: "Коллега Образцов " + strconv.Itoa(n),
		Roles: []review.Role{role}, Status: staff.Active, Secret: []byte("01234567890123456789"), CreatedAt: h.clock.Now(), EnrolledAt: h.clock.Now(),
	}
	h.must(h.members.Add(h.t.Context(), m))
	return review.Actor{Staff: m.ID, Name: m.Name, Roles: m.Roles}
}

// staffToken begins a session of a member of staff.
func (h *house) staffToken(id review.StaffID, half bool) string {
	h.t.Helper()
	token, _, err := h.signinKeys.StartStaff(h.t.Context(), id, half, "")
	h.must(err)
	return token
}

// applicant makes an account with both contacts confirmed.
func (h *house) applicant(track review.Track) review.Actor {
	h.t.Helper()
	n := next()
	id := review.AccountID(h.ids.NewID())
	stored, err := h.hasher.Hash(h.t.Context(), typedPassword)
	h.must(err)
	h.write(func(tx *sqlite.Tx) error {
		return h.accounts.Create(tx, signin.NewAccount{
			ID: id, Language: "ru", Track: track, Email: fmt.Sprintf("person-%d@example.org", n),
			Phone: fmt.Sprintf("+7999%07d", n), Password: stored, At: h.clock.Now(),
		})
	})
	return review.Actor{Account: id, Roles: []review.Role{review.RoleApplicant}}
}

// accountToken begins a session of an account.
func (h *house) accountToken(id review.AccountID) string {
	h.t.Helper()
	session, token, err := h.signinKeys.New(signin.ForAccount, string(id))
	h.must(err)
	h.must(h.sessions.StartSession(h.t.Context(), session, 0))
	return token
}

// persons are invented people whose answers pass every rule, by track.
var persons = sync.OnceValue(func() map[review.Track][]specimen.Case {
	list := map[review.Track][]specimen.Case{}
	for _, c := range specimen.Desk(demoSeed, time.Now()) {
		if c.Rounds == 0 && c.State == specimen.StateActivated && c.DuplicateOf == 0 {
			list[review.Track(c.Track)] = append(list[review.Track(c.Track)], c)
		}
	}
	return list
})

// picture is a small photograph: a slope of grey with fine lines, so that it is
// neither blurred nor dark.
var picture = sync.OnceValue(func() []byte {
	const w, h = 1000, 700
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(90 + x*100/w), uint8(100 + y*100/h), 150, 255}
			if x%24 < 3 || y%32 < 3 {
				c = color.RGBA{20, 20, 40, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// stamp is a picture as small as can be, for papers that nobody looks at.
var stamp = sync.OnceValue(func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		panic(err)
	}
	return b.Bytes()
})

// paper stores the bytes of a one-page document and describes it.
func (h *house) paper(owner review.SubmissionID, slot review.Slot) review.Document {
	h.t.Helper()
	d := review.Document{
		ID: review.DocumentID(h.ids.NewID()), Slot: slot, Name: "SPECIMEN.jpg", Format: "jpeg", Bytes: len(stamp()), Verdict: "accept",
		Print: h.scans.Print(sha256.Sum256([]byte(h.ids.NewID()))), Original: h.ids.NewID(),
		Pages: []review.Page{{Number: 1, Width: 64, Height: 48, Image: h.ids.NewID(), Thumb: h.ids.NewID()}},
	}
	for kind, name := range map[string]string{"original": d.Original, "page": d.Pages[0].Image, "thumb": d.Pages[0].Thumb} {
		h.must(h.bytes.Put(h.t.Context(), owner, kind, name, stamp()))
	}
	return d
}

// readable says that the papers of a draft are as large as the checks ask for.
func (h *house) readable(by review.Actor) (steps []step) {
	for _, slot := range review.Slots(review.ForeignCitizen) {
		steps = append(steps, func(s *review.Submission) (review.Change, error) {
			d, ok := s.Document(slot)
			if !ok {
				return review.Change{}, nil
			}
			d.ID, d.Original = review.DocumentID(h.ids.NewID()), h.ids.NewID()
			d.Pages = []review.Page{{Number: 1, Width: 1600, Height: 1100, Image: d.Pages[0].Image, Thumb: d.Pages[0].Thumb}}
			return s.PutDocument(by, d, h.clock.Now())
		})
	}
	return steps
}

// step is one change of a submission.
type step func(s *review.Submission) (review.Change, error)

// draft starts a submission with valid answers, consents and every paper of the
// track, then goes the given steps; all in one transaction.
func (h *house) draft(by review.Actor, track review.Track, steps ...step) *review.Submission {
	h.t.Helper()
	now := h.clock.Now().UTC().Truncate(time.Millisecond)
	s, c := review.NewSubmission(by, review.SubmissionID(h.ids.NewID()), h.ids.NewNumber(), track, "ru", now)
	h.write(func(tx *sqlite.Tx) error {
		_, err := h.data.vault.NewBox(tx, seal.Owner{Kind: seal.Submission, ID: string(s.ID)}, now)
		return err
	})
	person := persons()[track][next()%len(persons()[track])]
	all := []step{func(s *review.Submission) (review.Change, error) {
		given := review.Answers{}
		for f, v := range person.Answers {
			answer := review.Answer{Typed: v, Value: v}
			if strings.HasSuffix(f, "-latin") { // some names are written very differently in Latin letters, and their holders know
				answer.Confirmed = []string{"latin-differs"}
			}
			given[review.Field(f)] = answer
		}
		delete(given, review.Phone)
		delete(given, review.Email)
		return s.Save(by, "person", given, now)
	}, func(s *review.Submission) (review.Change, error) {
		return s.Consented(by, h.desk.intake.Given("ru", []string{"processing", "documents"}, now), now)
	}}
	for _, scan := range person.Scans {
		doc := h.paper(s.ID, review.Slot(scan.Slot))
		all = append(all, func(s *review.Submission) (review.Change, error) { return s.PutDocument(by, doc, now) })
	}
	var last *review.Submission
	h.write(func(tx *sqlite.Tx) error {
		if err := h.submissions.CreateTx(tx, s, c); err != nil {
			return err
		}
		for _, do := range append(all, steps...) {
			var err error
			if last, err = h.submissions.UpdateTx(tx, s.ID, 0, do); err != nil {
				return err
			}
		}
		return nil
	})
	return last
}

// queued sends a new submission of a new applicant and ends its check.
func (h *house) queued(more ...step) *review.Submission {
	h.t.Helper()
	by, now := h.applicant(review.ForeignCitizen), h.clock.Now()
	return h.draft(by, review.ForeignCitizen, append([]step{
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, now) },
	}, more...)...)
}

// taken is a new case in somebody's hands.
func (h *house) taken(by review.Actor, more ...step) *review.Submission {
	h.t.Helper()
	return h.queued(append([]step{func(s *review.Submission) (review.Change, error) { return s.Take(by, h.clock.Now()) }}, more...)...)
}

// decided lets somebody decide at once and without a hold.
func (h *house) decided(by review.Actor, d review.Decision) step {
	return func(s *review.Submission) (review.Change, error) {
		now := h.clock.Now()
		c, err := s.Decide(by, d, 0, now)
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(now)
		return c.Then(effect), err
	}
}

// csrf makes the token of a browser as its pages would carry it.
func (h *house) csrf(tie string) string {
	mac := hmac.New(sha256.New, h.data.vault.Secret("csrf"))
	mac.Write([]byte("csrf\x00" + tie))
	return base64.RawURLEncoding.EncodeToString(append(make([]byte, sha256.Size), mac.Sum(nil)...))
}

// entries counts the rows of the audit log.
func (h *house) entries() (n int) {
	h.t.Helper()
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&n, `SELECT count(*) FROM history`) }))
	return n
}

// visitor is somebody at a browser. The token is sent in the cookies of both
// sides: no side may take the other's.
type visitor struct {
	token string // of a session; empty for none
	live  bool   // the token is good
}

func (v visitor) tie() string {
	if v.live {
		return v.token
	}
	return visit
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// class names the outcome of a request in the way of the golden matrix.
func (a answer) class() string {
	switch {
	case a.status >= 200 && a.status < 300:
		return "2xx"
	case a.status == http.StatusSeeOther && (a.header.Get("Location") == link.SignIn() || a.header.Get("Location") == link.StaffSignIn()):
		return "sign-in"
	}
	return strconv.Itoa(a.status)
}

// ask sends a request; form is nil for none.
func (h *house) ask(v visitor, method, path string, form url.Values, headers ...string) answer {
	h.t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "/", body)
	r.RequestURI = path // as it is: nothing is cleaned
	r.Host = "desk.example.org"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: web.VisitCookie, Value: visit})
	if v.token != "" {
		r.AddCookie(&http.Cookie{Name: web.ApplicantCookie, Value: v.token})
		r.AddCookie(&http.Cookie{Name: web.StaffCookie, Value: v.token})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	return h.send(r)
}

func (h *house) send(r *http.Request) answer {
	h.t.Helper()
	resp, err := h.app.Test(r, -1)
	if err != nil {
		h.t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	h.must(err)
	return answer{resp.StatusCode, resp.Header, body}
}

// post sends a form with a valid token.
func (h *house) post(v visitor, path string, form url.Values, headers ...string) answer {
	h.t.Helper()
	with := url.Values{ui.CSRFField: {h.csrf(v.tie())}}
	for k, list := range form {
		with[k] = list
	}
	return h.ask(v, "POST", path, with, headers...)
}

// stop ends the context of a started program and waits for it.
func stop(t testing.TB, cancel context.CancelFunc, done <-chan error) {
	t.Helper()
	cancel()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("stopped with: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the program does not end")
	}
}
