package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"okno/db/sqlite"
	"okno/rbac"
	"okno/review"
	"okno/review/check"
	"okno/review/staff"
	"okno/static"
)

var update = flag.Bool("update", false, "write the golden files anew")

const matrixFile = "testdata/matrix.csv"

// visitors of the matrix, in the order of its columns.
const (
	asAnonymous = "anonymous"
	asHalf      = "half-signed-in"
	asApplicant = "applicant"
	asHolder    = "account-holder"
	asDisabled  = "disabled"
)

func columns() []string {
	list := []string{asAnonymous, asHalf, asApplicant, asHolder}
	for _, r := range review.StaffRoles {
		list = append(list, string(r))
	}
	return append(list, asDisabled)
}

// caller is one column of the matrix on one desk: somebody with things of their
// own that routes can be asked about.
type caller struct {
	*house
	as     string
	actor  review.Actor
	doc    review.DocumentID // an own paper
	who    visitor
	values map[string]string // of route parameters
}

// call lets somebody of the column in.
func (h *house) call(as string) *caller {
	h.t.Helper()
	c := &caller{house: h, as: as}
	switch as {
	case asAnonymous:
	case asHalf:
		c.actor = h.appoint(review.RoleReviewer)
	case asApplicant, asHolder:
		c.fresh()
	case asDisabled:
		c.actor = h.appoint(review.RoleSeniorReviewer)
	default:
		c.actor = h.appoint(review.Role(as))
	}
	c.enter()
	if as == asDisabled { // the session itself is still there: the desk must look at the person
		_, err := h.members.Update(h.t.Context(), c.actor.Staff, func(m *staff.Member) (review.Change, error) {
			m.Status = staff.Disabled
			return review.Change{}, nil
		})
		h.must(err)
	}
	return c
}

// enter begins a new session.
func (c *caller) enter() {
	switch {
	case c.actor.Account != "":
		c.who = visitor{c.accountToken(c.actor.Account), true}
	case c.actor.Staff != "":
		c.who = visitor{c.staffToken(c.actor.Staff, c.as == asHalf), c.as != asDisabled}
	}
}

// fresh gives an applicant a new draft, an account holder a new approved case,
// staff a new case: in their hands where they may hold one.
func (c *caller) fresh() {
	c.t.Helper()
	var s *review.Submission
	switch {
	case c.as == asApplicant:
		c.actor = c.applicant(review.ForeignCitizen)
		s = c.draft(c.actor, review.ForeignCitizen)
	case c.as == asHolder:
		by := c.appoint(review.RoleReviewer)
		s = c.taken(by, c.decided(by, review.Decision{Outcome: review.Approve}))
		c.actor = review.Actor{Account: s.Account, Roles: []review.Role{review.RoleAccountHolder}}
	case slices.Contains([]string{string(review.RoleReviewer), string(review.RoleSeniorReviewer), string(review.RoleSupervisor)}, c.as):
		s = c.taken(c.actor)
	default:
		s = c.queued()
	}
	c.doc = s.Documents[0].ID
	c.values = map[string]string{
		"id": string(s.ID), "document": string(c.doc), "page": "1", "size": "thumb", "section": "address", "slot": "passport", "field": "birth-date",
		"which": "email", "verdict": "approve", "outcome": "foreign-abroad", "n": "0",
		"staff": string(c.appoint(review.RoleReviewer).Staff), "account": string(c.applicant(review.ForeignCitizen).Account),
	}
	c.write(func(tx *sqlite.Tx) error { return c.accounts.Suspend(tx, review.AccountID(c.values["account"])) })
}

// beside makes a second case that the checks of the present one name.
func (c *caller) beside() map[string]string {
	c.t.Helper()
	other := c.queued()
	_, err := c.desk.submissions.Update(c.t.Context(), review.SubmissionID(c.values["id"]), 0, func(s *review.Submission) (review.Change, error) {
		s.Checks = append(slices.Clone(s.Checks), review.Check{Code: check.DuplicatePerson, Verdict: review.Fail, Effect: review.Hold, Reason: "certain",
			Values: map[string]string{"twin": string(other.ID), "case": other.Number.String()}, Print: "pair"})
		return review.Change{}, nil
	})
	c.must(err)
	values := maps.Clone(c.values)
	values["other"], values["document"] = string(other.ID), string(other.Documents[0].ID)
	return values
}

// path fills the parameters of a route.
func (c *caller) path(pattern string) string {
	c.t.Helper()
	if c.values == nil {
		c.fresh()
	}
	if pattern == "/static/:digest/*" {
		return static.URL(static.Names()[0])
	}
	parts := strings.Split(pattern, "/")
	values := c.values
	if strings.Contains(pattern, "/:other") {
		values = c.beside()
	}
	for i, p := range parts {
		name, ok := strings.CutPrefix(p, ":")
		switch {
		case !ok:
		case name == "token":
			inv, err := c.desk.staff.Invite(c.t.Context(), review.System(), fmt.Sprintf("new-%d@example.org", next()), "Новый Образец", []review.Role{review.RoleReviewer})
			c.must(err)
			parts[i] = inv.Token
		case name == "staff" && strings.HasSuffix(pattern, "/reset/grant"): // somebody else has asked
			locked := c.appoint(review.RoleAuditor)
			c.must(c.desk.staff.AskReset(c.t.Context(), c.appoint(review.RoleAdministrator), locked.Staff))
			parts[i] = string(locked.Staff)
		case name == "outcome" && strings.Contains(pattern, "verdict"):
			parts[i] = c.values["verdict"]
		case values[name] == "":
			c.t.Fatalf("route %s: nothing to put for :%s", pattern, name)
		default:
			parts[i] = values[name]
		}
	}
	return strings.Join(parts, "/")
}

// request asks for a route. What may change the caller's things begins with new
// ones, so the order of requests does not matter.
func (c *caller) request(method, pattern string) answer {
	c.t.Helper()
	if method != fiber.MethodPost {
		return c.ask(c.who, method, c.path(pattern), nil)
	}
	if c.actor.Account != "" || strings.Contains(pattern, ":id") {
		c.fresh()
	}
	if c.as != asDisabled {
		c.enter()
		defer c.enter() // the request may have ended the session
	}
	return c.post(c.who, c.path(pattern), nil)
}

// route is one line of the matrix.
type route struct{ method, path, action string }

// routesOf lists every route that Fiber answers, HEAD twins included, and fails
// on one without an action.
func routesOf(t *testing.T, h *house) (list []route) {
	t.Helper()
	actions := map[string]review.Action{}
	for _, r := range h.app.Actions() {
		key := r.Method + " " + r.Path
		if _, twice := actions[key]; twice {
			t.Errorf("%s is mounted twice", key)
		}
		actions[key] = r.Action
	}
	seen := map[string]bool{}
	for _, r := range h.app.GetRoutes(true) {
		method := r.Method
		if method == fiber.MethodHead {
			method = fiber.MethodGet
		}
		key := method + " " + r.Path
		action, ok := actions[key]
		if !ok {
			t.Errorf("%s %s stands behind no action", r.Method, r.Path)
			continue
		}
		seen[key] = true
		list = append(list, route{r.Method, r.Path, string(action)})
	}
	for key := range actions {
		if !seen[key] {
			t.Errorf("%s is in the list of actions but not mounted", key)
		}
	}
	slices.SortFunc(list, func(a, b route) int {
		return strings.Compare(a.path+" "+a.method, b.path+" "+b.method)
	})
	return list
}

// golden reads the matrix: by method and path, then by column.
func golden(t *testing.T) map[string]map[string]string {
	t.Helper()
	f, err := os.Open(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := append([]string{"method", "path", "action"}, columns()...)
	if !slices.Equal(lines[0], want) {
		t.Fatalf("columns %v, want %v", lines[0], want)
	}
	all := map[string]map[string]string{}
	for _, l := range lines[1:] {
		key := l[0] + " " + l[1]
		if all[key] != nil {
			t.Errorf("%s stands twice in %s", key, matrixFile)
		}
		all[key] = map[string]string{"action": l[2]}
		for i, as := range columns() {
			all[key][as] = l[3+i]
		}
	}
	return all
}

// TestMatrix asks for every route as everybody and compares what happens with
// the golden file; "go test ./cmd/okno -run TestMatrix -update" writes it.
func TestMatrix(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	routes := routesOf(t, h)
	if len(routes) < 100 {
		t.Fatalf("only %d routes", len(routes))
	}
	for range 8 {
		h.queued()
	}
	got := map[string]map[string]string{}
	requests := 0
	for _, as := range columns() {
		c := h.call(as)
		for _, r := range routes {
			key := r.method + " " + r.path
			if got[key] == nil {
				got[key] = map[string]string{"action": r.action}
			}
			a := c.request(r.method, r.path)
			requests++
			got[key][as] = a.class()
			if a.status >= 500 {
				t.Errorf("%s as %s: %d", key, as, a.status)
			}
			if r.method == fiber.MethodHead {
				if len(a.body) != 0 {
					t.Errorf("%s as %s: %d bytes of body", key, as, len(a.body))
				}
				if get := got["GET "+r.path][as]; get != a.class() {
					t.Errorf("%s as %s: %s, but GET %s", key, as, a.class(), get)
				}
			}
		}
	}
	t.Logf("%d routes, %d requests", len(routes), requests)
	if *update {
		writeMatrix(t, routes, got)
		return
	}
	want := golden(t)
	for key, line := range got {
		if want[key] == nil {
			t.Errorf("%s is missing in %s", key, matrixFile)
			continue
		}
		for column, class := range line {
			if want[key][column] != class {
				t.Errorf("%s, %s: %s, want %s", key, column, class, want[key][column])
			}
		}
	}
	for key := range want {
		if got[key] == nil {
			t.Errorf("%s in %s is no route any more", key, matrixFile)
		}
	}
}

func writeMatrix(t *testing.T, routes []route, got map[string]map[string]string) {
	t.Helper()
	f, err := os.Create(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	_ = w.Write(append([]string{"method", "path", "action"}, columns()...))
	for _, r := range routes {
		line := []string{r.method, r.path, r.action}
		for _, as := range columns() {
			line = append(line, got[r.method+" "+r.path][as])
		}
		_ = w.Write(line)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// TestEveryPolicyLineCounts takes each line of the policy away in turn: the
// matrix, or for actions without a route the use case, must notice.
func TestEveryPolicyLineCounts(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	want := golden(t)
	routes := routesOf(t, h)
	text, err := os.ReadFile("../../rbac/policy.csv")
	h.must(err)
	for range 8 {
		h.queued()
	}
	callers := map[string]*caller{}
	for _, as := range columns() {
		callers[as] = h.call(as)
	}
	red, lines := 0, 0
	for line := range strings.Lines(string(text)) {
		parts := strings.Split(strings.TrimSpace(line), ", ")
		if parts[0] != "p" {
			continue
		}
		lines++
		as, action := parts[1], review.Action(parts[2])
		gate, err := rbac.Load(strings.Replace(string(text), line, "", 1))
		h.must(err)
		other := h.behind(gate)
		if tried, noticed := other.differs(callers[as], routes, want, string(action)); noticed {
			red++
			continue
		} else if tried > 0 {
			t.Errorf("without %q all %d routes of the action answer %s as before", strings.TrimSpace(line), tried, as)
			continue
		}
		if !other.missed(review.Role(as), action) {
			t.Errorf("nothing notices that %q is gone", strings.TrimSpace(line))
			continue
		}
		red++
	}
	if lines < 80 || red != lines {
		t.Errorf("%d of %d lines are noticed", red, lines)
	}
	t.Logf("%d of %d lines are noticed", red, lines)
}

// differs reports whether the golden matrix of the action's routes has become wrong.
func (h *house) differs(c *caller, routes []route, want map[string]map[string]string, action string) (tried int, noticed bool) {
	h.t.Helper()
	if c == nil {
		return 0, false
	}
	here := *c
	here.house = h
	for _, r := range routes {
		if r.action != action || r.method == fiber.MethodHead {
			continue
		}
		tried++
		if got := here.request(r.method, r.path).class(); got != want[r.method+" "+r.path][c.as] {
			return tried, true
		}
	}
	return tried, false
}

// missed tries the use case of an action that no route stands for and reports
// whether it is refused now and was not before.
func (h *house) missed(role review.Role, action review.Action) bool {
	h.t.Helper()
	ctx := h.t.Context()
	whole, err := rbac.New()
	h.must(err)
	refused := func(try func(h *house) error) bool {
		h.t.Helper()
		before, after := try(h.behind(whole)), try(h)
		if before != nil {
			h.t.Errorf("%s, %s: refused even by the whole policy: %v", role, action, before)
		}
		kind := review.KindOf(after)
		return after != nil && (kind == review.Forbidden || kind == review.Unauthenticated)
	}
	switch action {
	case review.ActSecond:
		return refused(func(h *house) error {
			first, by := h.appoint(review.RoleReviewer), h.appoint(role)
			s := h.taken(first, func(s *review.Submission) (review.Change, error) {
				s.Checks = []review.Check{{Code: "stay-length", Verdict: review.Fail, Effect: review.Hold, Reason: "overstayed", FourEyes: true}}
				return review.Change{}, nil
			}, h.decided(first, review.Decision{Outcome: review.Approve, Note: "сверено"}))
			if s.Status != review.SecondReview {
				h.t.Fatalf("the case is %s", s.Status)
			}
			s, err := h.submissions.Update(ctx, s.ID, 0, func(s *review.Submission) (review.Change, error) { return s.Take(by, h.clock.Now()) })
			h.must(err)
			_, err = h.desk.verdict.Mark(ctx, by, s.ID, review.Target{Slot: review.SlotPassport}, "verified")
			return err
		})
	case review.ActClaim:
		return refused(func(h *house) error {
			_, err := h.queue.Claim(ctx, h.appoint(role), h.queued().ID)
			return err
		})
	case review.ActArbitrate:
		return refused(func(h *house) error {
			first, by := h.appoint(review.RoleReviewer), h.appoint(role)
			s := h.taken(first, func(s *review.Submission) (review.Change, error) {
				s.Requests = review.MaxRounds
				return review.Change{}, nil
			}, h.decided(first, review.Decision{Outcome: review.Escalate, Note: "на усмотрение"}))
			if !s.Arbiter {
				h.t.Fatalf("the case is %s without an arbiter", s.Status)
			}
			_, err := h.queue.Claim(ctx, by, s.ID)
			return err
		})
	case review.ActRules:
		return refused(func(h *house) error {
			_, err := h.desk.checks.Replay(ctx, review.System(), check.Velocity, "2026-12", 1)
			return err
		})
	case review.ActStaffManage:
		return refused(func(h *house) error {
			_, err := h.desk.staff.Invite(ctx, review.System(), fmt.Sprintf("new-%d@example.org", next()), "Новый Образец", []review.Role{review.RoleAuditor})
			return err
		})
	}
	h.t.Errorf("%s, %s: neither a route nor a use case", role, action)
	return false
}
