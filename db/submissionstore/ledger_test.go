package submissionstore_test

import (
	"reflect"
	"testing"
	"time"

	"okno/db/submissionstore"
	"okno/review"
	"okno/review/check"
)

// sentBy makes a submission that was sent and checked.
func sentBy(t *testing.T, f *fixture, account review.AccountID, checks []review.Check, rules string) *review.Submission {
	t.Helper()
	by := review.Actor{Account: account, Roles: []review.Role{review.RoleApplicant}}
	s := f.create(t, by)
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Save(by, "person", answers, f.now) })
	by.Network = review.Network("net-" + string(account[0]))
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Send(by, f.now) })
	return f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		s.Rules = rules
		c, err := s.Checked(review.System(), checks, f.now)
		c.Keys = map[string]string{submissionstore.KeyPhone: "+79070000017"}
		return c, err
	})
}

func TestRunsOfTheChecksAreKeptAsTheyWere(t *testing.T) {
	f := open(t)
	first := []review.Check{{Code: "snils", Verdict: review.Pass, Effect: review.Block, Rule: "1", Print: "a", At: f.now}}
	s := sentBy(t, f, "acc-1", first, "set-a")
	f.now = f.now.Add(time.Hour)
	second := []review.Check{{Code: "snils", Verdict: review.Fail, Effect: review.Hold, Rule: "2", Print: "b", At: f.now, Values: map[string]string{"typed": "SPECIMEN"}}}
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		s.Rules = "set-b"
		return s.Rechecked(review.System(), second, f.now)
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { // says the same again: no new run
		return s.Rechecked(review.System(), second, f.now)
	})
	runs, err := f.store.Runs(t.Context(), s.ID)
	if err != nil || len(runs) != 2 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	if runs[0].Rules != "set-a" || runs[1].Rules != "set-b" || runs[1].Number != 2 || runs[1].At.Before(runs[0].At) {
		t.Errorf("runs by %s and %s", runs[0].Rules, runs[1].Rules)
	}
	if !reflect.DeepEqual(runs[1].Ledger[0].Values, second[0].Values) || runs[0].Ledger[0].Verdict != review.Pass {
		t.Error("a run is not as it was")
	}
	if got, err := f.store.Runs(t.Context(), "nobody"); err != nil || got != nil {
		t.Errorf("runs of nobody: %d, %v", len(got), err)
	}
}

func TestStaleIsWhatWaitsSinceOtherRules(t *testing.T) {
	f := open(t)
	a, b, c := sentBy(t, f, "acc-1", nil, "set-a"), sentBy(t, f, "acc-2", nil, "set-b"), sentBy(t, f, "acc-3", nil, "set-c")
	for rules, want := range map[string][]review.SubmissionID{"set-a": {b.ID, c.ID}, "set-b": {a.ID}, "set-c": {a.ID, b.ID}} {
		got, err := f.store.Stale(t.Context(), rules, 10)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("other than %s: %v, %v, want %v", rules, got, err, want)
		}
	}
	var all []review.SubmissionID
	for after := review.SubmissionID(""); ; {
		ids, err := f.store.SentAfter(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			break
		}
		all = append(all, ids...)
		after = ids[len(ids)-1]
	}
	if len(all) != 3 {
		t.Errorf("%d were sent", len(all))
	}
}

func TestPairsAreRememberedForBoth(t *testing.T) {
	f := open(t)
	a, b := sentBy(t, f, "acc-1", nil, ""), sentBy(t, f, "acc-2", nil, "")
	event := func(s *review.Submission) review.Event {
		e := review.Actor{Staff: "anna", Roles: []review.Role{review.RoleReviewer}}.Event(review.EventPairJudged, f.now)
		e.Submission = s.ID
		return e
	}
	j := check.Judgement{Verdict: check.Relative, By: "anna", Name: "Anna", At: f.now.UTC().Truncate(time.Millisecond)}
	for _, pair := range [][2]*review.Submission{{a, b}, {b, a}} {
		if err := f.store.Judge(t.Context(), pair[0].ID, pair[1].ID, j, event(a), event(b)); err != nil {
			t.Fatal(err)
		}
		for _, x := range [][2]*review.Submission{{a, b}, {b, a}} {
			got, err := f.store.Judged(t.Context(), x[0].ID)
			if err != nil || len(got) != 1 || got[x[1].ID].Verdict != check.Relative || !got[x[1].ID].At.Equal(j.At) {
				t.Errorf("remembered %v, %v", got, err)
			}
		}
	}
	if err := f.store.Judge(t.Context(), a.ID, b.ID, check.Judgement{}, event(a)); err != nil {
		t.Fatal(err)
	}
	if got, err := f.store.Judged(t.Context(), b.ID); err != nil || len(got) != 0 {
		t.Errorf("forgotten, yet %v, %v", got, err)
	}
}

func TestNeighboursAndContactsAreFoundByHash(t *testing.T) {
	f := open(t)
	a := sentBy(t, f, "acc-1", nil, "")
	sentBy(t, f, "acc-2", nil, "")
	sentBy(t, f, "bcc-3", nil, "") // another network
	f.now = f.now.Add(2 * time.Hour)
	late := sentBy(t, f, "acc-4", nil, "")
	for within, want := range map[time.Duration]int{time.Hour: 1, 3 * time.Hour: 2} {
		if n, err := f.store.Neighbours(t.Context(), a, within); err != nil || n != want {
			t.Errorf("within %v: %d neighbours, %v", within, n, err)
		}
	}
	if n, _ := f.store.Neighbours(t.Context(), &review.Submission{ID: "unknown"}, time.Hour); n != -1 {
		t.Errorf("%d neighbours without a network", n)
	}
	if n, err := f.store.ForgetNetworks(t.Context()); err != nil || n != 0 {
		t.Errorf("%d networks forgotten at once, %v", n, err)
	}
	f.now = f.now.Add(30*24*time.Hour - time.Minute)
	if n, err := f.store.ForgetNetworks(t.Context()); err != nil || n != 3 {
		t.Errorf("%d networks forgotten after a month, %v", n, err)
	}
	if n, _ := f.store.Neighbours(t.Context(), a, 3*time.Hour); n != -1 {
		t.Errorf("%d neighbours of a forgotten network", n)
	}
	if n, _ := f.store.Neighbours(t.Context(), late, 3*time.Hour); n != 0 {
		t.Errorf("%d neighbours are left", n)
	}
	twins, err := f.store.Twins(t.Context(), a, map[string]string{submissionstore.KeyPhone: "+79070000017", submissionstore.KeyEmail: ""})
	if err != nil || len(twins[submissionstore.KeyPhone]) != 3 {
		t.Errorf("the phone is found %d times, %v", len(twins[submissionstore.KeyPhone]), err)
	}
}

func TestRulesAreSwitchedOnce(t *testing.T) {
	f := open(t)
	e := review.System().Event(review.EventRuleSwitched, f.now).With("check", "velocity").With("version", "2026-12")
	for _, version := range []string{"2026-12", ""} {
		if err := f.store.SwitchRule(t.Context(), "velocity", version, e); err != nil {
			t.Fatal(err)
		}
		got, err := f.store.SwitchedRules(t.Context())
		if err != nil || !reflect.DeepEqual(got, map[string]string{"velocity": version}) {
			t.Errorf("switched %v, %v", got, err)
		}
	}
}
