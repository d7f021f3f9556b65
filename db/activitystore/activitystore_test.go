package activitystore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/db/activitystore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/scanstore"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/activity"
)

var msk = time.FixedZone("MSK", 3*60*60)

// chain appends to the real history and keeps nothing else.
type chain struct{}

func (chain) Append(tx *sqlite.Tx, events ...review.Event) error {
	return historystore.Append(tx, events...)
}

func (chain) Enqueue(*sqlite.Tx, time.Time, review.IDs, ...review.Notice) error { return nil }

func (chain) Activate(*sqlite.Tx, review.AccountID, time.Time) error { return nil }

// told is what the test itself saw happen: an event, and what the submission
// said about itself at that moment.
type told struct {
	review.Event
	track       review.Track
	citizenship string
	desk        time.Duration
}

type world struct {
	*dbtest.Desk
	t           *testing.T
	store       *activitystore.Store
	submissions *submissionstore.Store
	now         time.Time
	dice        *rand.Rand
	log         []told
	started     int
}

func (w *world) Now() time.Time { return w.now }

func newWorld(t *testing.T) *world {
	w := &world{Desk: dbtest.Open(t), t: t, dice: rand.New(rand.NewPCG(7, 11))}
	w.store = activitystore.New(w.DB, msk)
	w.submissions = &submissionstore.Store{
		DB: w.DB, Vault: w.Vault, Clock: w, IDs: review.RandomIDs{}, Scans: &scanstore.Store{DB: w.DB, Vault: w.Vault},
		History: chain{}, Outbox: chain{}, Accounts: chain{}, Activity: w.store,
	}
	return w
}

func (w *world) pass(most time.Duration) time.Time {
	w.now = w.now.Add(time.Duration(w.dice.Int64N(int64(most/time.Millisecond))) * time.Millisecond)
	return w.now
}

var staff = []review.Actor{
	{Staff: "anna", Name: "А", Roles: []review.Role{review.RoleReviewer}},
	{Staff: "boris", Name: "Б", Roles: []review.Role{review.RoleReviewer}},
	{Staff: "vera", Name: "В", Roles: []review.Role{review.RoleSeniorReviewer}},
	{Staff: "irina", Name: "И", Roles: []review.Role{review.RoleSupervisor}},
	{Staff: "lena", Name: "Л", Roles: []review.Role{review.RoleSupervisor}},
}

// live takes a new submission through a random life, in one transaction.
func (w *world) live() {
	w.t.Helper()
	applicant := review.Actor{Account: review.AccountID(fmt.Sprintf("account%d", w.started)), Roles: []review.Role{review.RoleApplicant}}
	w.started++
	track := review.ForeignCitizen
	if w.dice.IntN(3) == 0 {
		track = review.FromAbroad
	}
	s, c := review.NewSubmission(applicant, review.SubmissionID(review.RandomIDs{}.NewID()), review.RandomIDs{}.NewNumber(), track, "ru", w.now)
	err := w.DB.Write(w.t.Context(), func(tx *sqlite.Tx) error {
		if err := w.submissions.CreateTx(tx, s, c); err != nil {
			return err
		}
		do := func(change func(s *review.Submission) (review.Change, error)) error {
			updated, err := w.submissions.UpdateTx(tx, s.ID, 0, func(s *review.Submission) (review.Change, error) {
				change, err := change(s)
				for _, e := range change.Events {
					w.log = append(w.log, told{e, s.Track, s.Answers.Value(review.Citizenship), s.DeskTime(w.now)})
				}
				return change, err
			})
			if err == nil {
				s = updated
			}
			return err
		}
		answer := func(f review.Field, v string) error {
			return do(func(s *review.Submission) (review.Change, error) {
				return s.Save(applicant, "person", review.Answers{f: {Typed: v, Value: v}}, w.now)
			})
		}
		if track == review.ForeignCitizen {
			if err := answer(review.Citizenship, []string{"UZB", "TJK", "KGZ"}[w.dice.IntN(3)]); err != nil {
				return err
			}
			if err := answer(review.BirthDate, "1990-01-01"); err != nil {
				return err
			}
		}
		for range 40 {
			if done, err := w.step(applicant, s, do, answer); err != nil || done {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// step does one thing that is possible now; done says that the life is over.
func (w *world) step(applicant review.Actor, s *review.Submission, do func(func(*review.Submission) (review.Change, error)) error, answer func(review.Field, string) error) (done bool, err error) {
	luck := w.dice.IntN(100)
	if luck < 3 && s.Pending == nil {
		err := do(func(s *review.Submission) (review.Change, error) { return s.Withdraw(applicant, w.pass(time.Hour)) })
		if review.KindOf(err) == review.Conflict {
			err = nil
		}
		return s.Status != review.Checking, err
	}
	switch s.Status {
	case review.Draft:
		if luck < 10 {
			w.now = w.now.Add(review.DraftTerm)
			return true, do(func(s *review.Submission) (review.Change, error) { return s.Expire(review.System(), w.now) })
		}
		return false, do(func(s *review.Submission) (review.Change, error) { return s.Send(applicant, w.pass(time.Hour)) })
	case review.Checking:
		var checks []review.Check
		if luck < 15 {
			checks = []review.Check{{Code: "snils", Verdict: review.Fail, Effect: review.Block}}
		}
		if luck > 80 {
			checks = []review.Check{{Code: "duplicate-person", Verdict: review.Fail, Effect: review.Hold, FourEyes: true}}
		}
		return false, do(func(s *review.Submission) (review.Change, error) {
			return s.Checked(review.System(), checks, w.pass(30*time.Second))
		})
	case review.Queued:
		if luck > 97 {
			return true, nil // left waiting
		}
		return false, w.take(s, do, staff[w.dice.IntN(3)])
	case review.SecondReview, review.InReview:
		return false, w.work(s, luck, do)
	case review.CorrectionRequested:
		if luck < 12 {
			w.now = s.CorrectionDue.Add(time.Second)
			return true, do(func(s *review.Submission) (review.Change, error) { return s.Expire(review.System(), w.now) })
		}
		w.pass(10 * time.Hour)
		if err := answer(review.Surname, fmt.Sprint(luck)); err != nil {
			return false, err
		}
		return false, do(func(s *review.Submission) (review.Change, error) { return s.Send(applicant, w.now) })
	case review.Rejected:
		if luck < 20 || s.AppealUntil().IsZero() {
			return true, nil
		}
		if err := do(func(s *review.Submission) (review.Change, error) {
			return s.MakeAppeal(applicant, "нет", w.pass(time.Hour))
		}); err != nil {
			return false, err
		}
		judge := staff[slices.IndexFunc(staff, func(a review.Actor) bool { return !slices.Contains(s.Last.Deciders(), a.Staff) })]
		return false, do(func(s *review.Submission) (review.Change, error) {
			return s.AnswerAppeal(judge, review.AppealOutcomes[luck%3], "нет", w.pass(20*time.Hour))
		})
	}
	return true, nil
}

func (w *world) take(s *review.Submission, do func(func(*review.Submission) (review.Change, error)) error, by review.Actor) error {
	err := do(func(s *review.Submission) (review.Change, error) { return s.Take(by, w.pass(40*time.Minute)) })
	if errors.Is(err, review.ErrReserved) { // whoever asked for the corrections comes first, for a while
		w.now = w.now.Add(20 * time.Minute)
		err = do(func(s *review.Submission) (review.Change, error) { return s.Take(by, w.now) })
	}
	for i := 3; i < len(staff) && review.KindOf(err) == review.Forbidden; i++ { // a second pair of eyes is somebody else
		err = do(func(s *review.Submission) (review.Change, error) { return s.Take(staff[i], w.now) })
	}
	return err
}

func (w *world) work(s *review.Submission, luck int, do func(func(*review.Submission) (review.Change, error)) error) error {
	switch {
	case s.Pending != nil:
		w.now = s.Pending.EffectiveAt
		return do(func(s *review.Submission) (review.Change, error) { return s.Settle(w.now) })
	case s.Claim == nil:
		return w.take(s, do, staff[w.dice.IntN(3)])
	case luck < 12:
		return do(func(s *review.Submission) (review.Change, error) {
			return s.Release(staff[3], true, w.pass(10*time.Minute))
		})
	case luck < 20:
		w.now = s.Claim.LeaseUntil.Add(time.Second)
		return do(func(s *review.Submission) (review.Change, error) { return s.ExpireLease(review.System(), w.now) })
	}
	by := staff[slices.IndexFunc(staff, func(a review.Actor) bool { return a.Staff == s.Claim.Staff })]
	d := review.Decision{Outcome: review.Approve, Note: "всё сходится"}
	switch {
	case luck < 45 && s.Requests < review.MaxRounds:
		d.Outcome = review.RequestCorrection
		d.Items = []review.Item{{Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"}}
	case luck < 60 && s.Requests < review.MaxRounds:
		d.Outcome, d.Items = review.Reject, []review.Item{{Reason: "under-age"}}
	}
	hold := 30 * time.Second
	if err := do(func(s *review.Submission) (review.Change, error) {
		return s.Decide(by, d, hold, w.pass(14*time.Minute))
	}); err != nil {
		return err
	}
	if luck%7 == 0 {
		return do(func(s *review.Submission) (review.Change, error) { return s.Undo(by, w.now) })
	}
	return nil
}

func lives(t *testing.T) *world {
	w := newWorld(t)
	for i := range 150 {
		w.now = time.Date(2026, 11, 1, 0, 0, 0, 0, msk).Add(time.Duration(i) * 3 * time.Hour)
		w.live()
	}
	return w
}

func TestReportEqualsAPlainRecount(t *testing.T) {
	w := lives(t)
	for _, q := range []activity.Query{
		{From: "2026-11-01", To: "2026-11-30"},
		{From: "2026-11-05", To: "2026-11-05"},
		{From: "2026-11-03", To: "2026-11-17", Track: review.FromAbroad},
		{From: "2026-10-01", To: "2027-02-28", Track: review.ForeignCitizen},
		{From: "2025-01-01", To: "2025-01-31"},
	} {
		got, err := w.store.Report(t.Context(), q, w.now)
		if err != nil {
			t.Fatal(err)
		}
		open := got.Open
		got.Open = nil
		want := w.recount(q)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v:\ngot  %+v\nwant %+v", q, got, want)
		}
		if len(open) != len(activity.Limits)+1 {
			t.Errorf("ages: %+v", open)
		}
		if q.From == "2026-11-01" && (got.Final() < 50 || got.Corrections < 20 || got.PassedOn < 5 || got.Disagreed == 0 || got.Appealed < 5 || got.Appeals() < 5 || len(got.Reviewers) < 4) {
			t.Errorf("the lives were too dull to prove anything: %+v", got)
		}
	}
}

// The open items are those whose clock runs, by the desk time used so far.
func TestOpenByAge(t *testing.T) {
	w := lives(t)
	later := w.now.Add(time.Hour)
	want := make([]int, len(activity.Limits)+1)
	var all []review.SubmissionID
	if err := w.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&all, `SELECT id FROM submissions WHERE running_since <> 0`)
	}); err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("nothing is open")
	}
	for _, id := range all {
		s, err := w.submissions.Submission(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		age := s.DeskTime(later).Truncate(time.Second)
		i := slices.IndexFunc(activity.Limits, func(l time.Duration) bool { return age <= l })
		if i < 0 {
			i = len(activity.Limits)
		}
		want[i]++
	}
	r, err := w.store.Report(t.Context(), activity.Query{From: "2026-11-01", To: "2026-11-30"}, later)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range r.Open {
		if a.N != want[i] {
			t.Errorf("up to %s: %d, want %d", a.Limit, a.N, want[i])
		}
	}
}

// contents dumps the figures in an order that does not depend on row numbers.
func contents(t *testing.T, w *world) (dump []string) {
	t.Helper()
	for _, q := range []string{
		`SELECT submission || at || day || kind || track || citizenship || actor || round || second || wait || '/' || spent || '/' || desk FROM activity ORDER BY 1`,
		`SELECT r.kind || r.day || r.track || r.reason || a.submission || a.at FROM activity_reasons r JOIN activity a ON a.id = r.activity ORDER BY 1`,
		`SELECT submission || track || citizenship || received || waiting || second || sent_at || '/' || running_since || '/' || used || '/' || claimed_at FROM activity_state ORDER BY 1`,
		`SELECT part || span || track || code || received || '/' || resubmitted || '/' || approved || '/' || rejected || '/' || corrections || '/' || withdrawn || '/' || expired || '/' || passed_on || '/' || disagreed || '/' || released || '/' || leases_lost || '/' || first_pass || '/' || rounds || hex(lengths)
			FROM activity_sums WHERE received | resubmitted | approved | rejected | corrections | withdrawn | expired | passed_on | disagreed | released | leases_lost OR length(lengths) > 0 ORDER BY 1`,
	} {
		var lines []string
		if err := w.DB.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Select(&lines, q) }); err != nil {
			t.Fatal(err)
		}
		dump = append(append(dump, lines...), "--")
	}
	return dump
}

func TestRebuiltFromHistoryEqualsRecorded(t *testing.T) {
	w := lives(t)
	recorded := contents(t, w)
	if len(recorded) < 500 {
		t.Fatalf("only %d rows", len(recorded))
	}
	if err := w.DB.Write(t.Context(), func(tx *sqlite.Tx) error { // whatever went wrong with them
		if _, err := tx.Exec(`UPDATE activity SET wait = wait + 1`); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE activity_sums SET received = received + 1`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	rebuilt := contents(t, w)
	for i := range recorded {
		if i >= len(rebuilt) || recorded[i] != rebuilt[i] {
			t.Fatalf("row %d of %d (%d rebuilt): %s", i, len(recorded), len(rebuilt), recorded[i])
		}
	}
}

// A corrected citizenship moves what was counted before.
func TestCorrectedCitizenshipMovesItsFigures(t *testing.T) {
	w := newWorld(t)
	w.now = time.Date(2026, 11, 3, 12, 0, 0, 0, msk)
	by := review.Actor{Account: "a", Roles: []review.Role{review.RoleApplicant}}
	s, c := review.NewSubmission(by, "submission", review.RandomIDs{}.NewNumber(), review.ForeignCitizen, "ru", w.now)
	if err := w.submissions.Create(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	do := func(change func(s *review.Submission) (review.Change, error)) {
		t.Helper()
		w.now = w.now.Add(time.Minute)
		if _, err := w.submissions.Update(t.Context(), s.ID, 0, change); err != nil {
			t.Fatal(err)
		}
	}
	citizen := func(code string) func(s *review.Submission) (review.Change, error) {
		return func(s *review.Submission) (review.Change, error) {
			return s.Save(by, "person", review.Answers{review.Citizenship: {Typed: code, Value: code}}, w.now)
		}
	}
	send := func(s *review.Submission) (review.Change, error) { return s.Send(by, w.now) }
	checked := func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, w.now) }
	do(citizen("UZB"))
	do(send)
	do(checked)
	do(func(s *review.Submission) (review.Change, error) { return s.Take(staff[0], w.now) })
	do(func(s *review.Submission) (review.Change, error) {
		return s.Decide(staff[0], review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Target: review.Target{Field: review.Citizenship}, Reason: "citizenship-mismatch"}}}, 0, w.now)
	})
	do(func(s *review.Submission) (review.Change, error) { return s.Settle(w.now) })
	do(citizen("TJK"))
	do(send)
	do(checked)
	r, err := w.store.Report(t.Context(), activity.Query{From: "2026-11-01", To: "2026-11-30"}, w.now)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Citizenships) != 1 || r.Citizenships[0].Code != "TJK" || r.Citizenships[0].Corrections != 1 || r.Citizenships[0].Received != 1 {
		t.Errorf("groups: %+v", r.Citizenships)
	}
	before := contents(t, w)
	if err := w.store.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(before, contents(t, w)) {
		t.Error("rebuilt differs")
	}
}

func TestReportsReadNoMoreThanTheirPeriod(t *testing.T) {
	w := newWorld(t)
	for name, query := range activitystore.Queries() {
		var plan []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		args := make([]any, strings.Count(query, "?"))
		if err := w.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
			rows, err := rx.Query(`EXPLAIN QUERY PLAN `+query, args...)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				plan = append(plan, struct {
					ID, Parent, NotUsed int
					Detail              string
				}{})
				p := &plan[len(plan)-1]
				if err := rows.Scan(&p.ID, &p.Parent, &p.NotUsed, &p.Detail); err != nil {
					return err
				}
			}
			return rows.Err()
		}); err != nil {
			t.Fatal(err)
		}
		searched := false
		for _, p := range plan {
			if strings.HasPrefix(p.Detail, "SCAN") {
				t.Errorf("%s: %s", name, p.Detail)
			}
			searched = searched || strings.HasPrefix(p.Detail, "SEARCH") && (strings.Contains(p.Detail, "COVERING INDEX") || strings.Contains(p.Detail, "PRIMARY KEY")) && (strings.Contains(p.Detail, "track=") || strings.Contains(p.Detail, "span>?"))
		}
		if !searched {
			t.Errorf("%s: %+v", name, plan)
		}
	}
}

// What was counted before there were sums gets them, once.
func TestSumsAreMadeUpFor(t *testing.T) {
	w := lives(t)
	kept := contents(t, w)
	forget := func(tx *sqlite.Tx) error { _, err := tx.Exec(`DELETE FROM activity_sums`); return err }
	if err := w.DB.Write(t.Context(), forget); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.store.CatchUp(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(contents(t, w), kept) {
			t.Fatal("the sums made from the steps are not those that were kept")
		}
	}
	if err := w.DB.Write(t.Context(), forget); err != nil {
		t.Fatal(err)
	}
	if err := w.store.CatchUp(t.Context(), w.now); err != nil || slices.Equal(contents(t, w), kept) {
		t.Errorf("they are made a second time: %v", err)
	}
}
