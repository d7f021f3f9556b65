package submissionstore_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"okno/db/dbtest"
	"okno/db/scanstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
)

// ledger collects what the store hands on inside its transactions.
type ledger struct {
	mu        sync.Mutex
	events    []review.Event
	notices   []review.Notice
	activated []review.AccountID
	recorded  int
	fail      error
}

func (l *ledger) Append(_ *sqlite.Tx, events ...review.Event) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, events...)
	return l.fail
}

func (l *ledger) Enqueue(_ *sqlite.Tx, _ time.Time, _ review.IDs, notices ...review.Notice) error {
	l.notices = append(l.notices, notices...)
	return l.fail
}

func (l *ledger) Activate(_ *sqlite.Tx, account review.AccountID, _ time.Time) error {
	l.activated = append(l.activated, account)
	return l.fail
}

func (l *ledger) Record(_ *sqlite.Tx, _ *review.Submission, events ...review.Event) error {
	l.recorded += len(events)
	return l.fail
}

type fixture struct {
	*dbtest.Desk
	store  *submissionstore.Store
	ledger *ledger
	now    time.Time
}

func (f *fixture) Now() time.Time { return f.now }

var (
	ids       = review.RandomIDs{}
	applicant = review.Actor{Account: "account1", Roles: []review.Role{review.RoleApplicant}}
	reviewer  = review.Actor{Staff: "staff1", Name: "Иванова", Roles: []review.Role{review.RoleReviewer}}
)

func open(t *testing.T) *fixture {
	d := dbtest.Open(t)
	f := &fixture{Desk: d, ledger: &ledger{}, now: time.Date(2026, 11, 22, 9, 30, 0, 125e6, time.UTC)}
	f.store = &submissionstore.Store{
		DB: d.DB, Vault: d.Vault, Clock: f, IDs: ids, Scans: &scanstore.Store{DB: d.DB, Vault: d.Vault},
		History: f.ledger, Outbox: f.ledger, Accounts: f.ledger, Activity: f.ledger,
	}
	return f
}

func (f *fixture) create(t *testing.T, by review.Actor) *review.Submission {
	t.Helper()
	s, c := review.NewSubmission(by, review.SubmissionID(ids.NewID()), ids.NewNumber(), review.ForeignCitizen, "ru", f.now)
	if err := f.store.Create(t.Context(), s, c); err != nil {
		t.Fatal(err)
	}
	return s
}

func (f *fixture) update(t *testing.T, id review.SubmissionID, change func(*review.Submission) (review.Change, error)) *review.Submission {
	t.Helper()
	s, err := f.store.Update(t.Context(), id, 0, change)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var answers = review.Answers{
	review.Surname:        {Typed: "Намунаев", Value: "Намунаев"},
	review.SurnameLatin:   {Typed: "NAMUNAYEV", Value: "NAMUNAYEV", Confirmed: []string{"mixed-script"}},
	review.Citizenship:    {Typed: "UZB", Value: "UZB"},
	review.DocumentNumber: {Typed: "FA 1234567", Value: "FA1234567"},
	review.BirthDate:      {Typed: "1991-03-14", Value: "1991-03-14"},
	review.SNILS:          {Typed: "901-234-507 52", Value: "90123450752"},
}

func (f *fixture) document(slot review.Slot) review.Document {
	return review.Document{
		ID: review.DocumentID(ids.NewID()), Slot: slot, Name: "паспорт ОБРАЗЕЦ.jpg", Format: "jpeg", Bytes: 1234, Verdict: "accept-strip",
		Notes: []string{"gps"}, Print: f.store.Scans.Print([32]byte{1}), Original: ids.NewID(),
		Pages: []review.Page{{Number: 1, Width: 1600, Height: 1100, Image: ids.NewID(), Thumb: ids.NewID()}},
	}
}

// whole brings a submission through every kind of change up to a correction request.
func (f *fixture) whole(t *testing.T) *review.Submission {
	t.Helper()
	s := f.create(t, applicant)
	at := func(d time.Duration) time.Time { f.now = f.now.Add(d); return f.now }
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Save(applicant, "person", answers, at(time.Minute))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Consented(applicant, []review.Consent{{Purpose: "processing", Version: "1", Hash: "aa", Language: "ru", At: 1, Channel: "web"}}, at(time.Minute))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.PutDocument(applicant, f.document(review.SlotPassport), at(time.Minute))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Send(applicant, at(time.Minute)) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Checked(review.System(), []review.Check{
			{Code: "mrz-name", Verdict: review.Warn, Effect: review.Hold, Values: map[string]string{"typed": "Намунаев"}},
			{Code: "image-blur", Verdict: review.Warn, Effect: review.NoteOnly},
		}, at(time.Second))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, at(time.Minute)) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.AddNote(reviewer, ids.NewID(), "Намунаев звонил", at(time.Second))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.MarkTarget(reviewer, review.Target{Field: review.Surname}, false, at(time.Second))
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Decide(reviewer, review.Decision{Outcome: review.RequestCorrection, Note: "проверить",
			Items: []review.Item{{Target: review.Target{Field: review.Surname}, Reason: "name-mismatch"}}}, 30*time.Second, at(time.Second))
	})
	return f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Settle(at(time.Minute)) })
}

func TestUpdateKeepsEverything(t *testing.T) {
	f := open(t)
	wrote := f.whole(t)
	for name, find := range map[string]func() (*review.Submission, error){
		"id":      func() (*review.Submission, error) { return f.store.Submission(t.Context(), wrote.ID) },
		"number":  func() (*review.Submission, error) { return f.store.ByNumber(t.Context(), wrote.Number) },
		"account": func() (*review.Submission, error) { return f.store.ForAccount(t.Context(), wrote.Account) },
	} {
		read, err := find()
		if err != nil {
			t.Fatalf("by %s: %v", name, err)
		}
		if !reflect.DeepEqual(read, wrote) {
			t.Errorf("by %s:\nread  %+v\nwrote %+v", name, read, wrote)
		}
	}
	if wrote.Version != 11 {
		t.Errorf("version %d after 11 changes", wrote.Version)
	}
	if len(f.ledger.events) != 11 || f.ledger.recorded != 11 {
		t.Errorf("%d events, %d recorded, want 11", len(f.ledger.events), f.ledger.recorded)
	}
	for i, e := range f.ledger.events {
		if e.Version != int64(i+1) {
			t.Errorf("event %d (%s) has version %d", i, e.Type, e.Version)
		}
	}
	notes, err := f.store.Notes(t.Context(), wrote.ID)
	if err != nil || len(notes) != 1 || notes[0].Text != "Намунаев звонил" || notes[0].By != reviewer.Staff {
		t.Errorf("notes %+v, %v", notes, err)
	}
	snap, err := f.store.Snapshot(t.Context(), wrote.ID, 1)
	if err != nil || !reflect.DeepEqual(snap.Documents, wrote.Documents) || snap.Answers.Value(review.Surname) != "Намунаев" {
		t.Errorf("snapshot %+v, %v", snap, err)
	}
	if _, err := f.store.Snapshot(t.Context(), wrote.ID, 2); !errors.Is(err, review.ErrNotFound) {
		t.Errorf("snapshot of a round that was not sent: %v", err)
	}
}

func TestSealedColumnsHoldNoPlainText(t *testing.T) {
	f := open(t)
	s := f.whole(t)
	secrets := []string{"Намунаев", "NAMUNAYEV", "FA1234567", "FA 1234567", "90123450752", "901-234-507", "1991-03-14", "ОБРАЗЕЦ", "звонил", "проверить"}
	if err := filepath.WalkDir(f.Dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		for _, secret := range secrets {
			if bytes.Contains(b, []byte(secret)) {
				t.Errorf("%s contains a secret of length %d", filepath.Base(path), len(secret))
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// The same row opens only at its own version.
	err := f.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`UPDATE submissions SET version = version + 1 WHERE id = ?`, s.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.store.Submission(t.Context(), s.ID); !errors.Is(err, seal.ErrDamaged) {
		t.Errorf("an old answer under a new version: %v", err)
	}
}

func TestStaleVersionChangesNothing(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	before := len(f.ledger.events)
	_, err := f.store.Update(t.Context(), s.ID, s.Version+1, func(s *review.Submission) (review.Change, error) {
		t.Error("the closure ran")
		return s.Withdraw(applicant, f.now)
	})
	if !errors.Is(err, review.ErrStale) {
		t.Fatalf("stale version: %v", err)
	}
	fails := errors.New("no")
	if _, err := f.store.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
		c, _ := s.Withdraw(applicant, f.now)
		return c, fails
	}); !errors.Is(err, fails) {
		t.Fatalf("failing closure: %v", err)
	}
	f.ledger.fail = fails // the history cannot be written
	if _, err := f.store.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
		return s.Withdraw(applicant, f.now)
	}); !errors.Is(err, fails) {
		t.Fatalf("failing history: %v", err)
	}
	f.ledger.fail = nil
	read, err := f.store.Submission(t.Context(), s.ID)
	if err != nil || !reflect.DeepEqual(read, s) {
		t.Errorf("changed all the same: %+v, %v", read, err)
	}
	if got := len(f.ledger.events); got != before+1 { // the one that failed was only collected by the test
		t.Errorf("%d events", got-before)
	}
}

func TestLeaseRenewalKeepsTheVersion(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Send(applicant, f.now) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Checked(review.System(), nil, f.now)
	})
	taken := f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, f.now) })
	later := f.now.Add(5 * time.Minute)
	renewed := f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Renew(reviewer, later) })
	if renewed.Version != taken.Version {
		t.Errorf("version %d after a heartbeat, was %d", renewed.Version, taken.Version)
	}
	read, err := f.store.Submission(t.Context(), s.ID)
	if err != nil || !read.Claim.LeaseUntil.Equal(later.Add(review.LeaseTerm)) {
		t.Errorf("lease %v, %v", read.Claim, err)
	}
}

func TestCreateRefusesTwins(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	second, c := review.NewSubmission(applicant, "other", ids.NewNumber(), review.FromAbroad, "ru", f.now)
	if err := f.store.Create(t.Context(), second, c); !errors.Is(err, submissionstore.ErrAlreadyOpen) {
		t.Errorf("second open submission: %v", err)
	}
	other := review.Actor{Account: "account2"}
	second, c = review.NewSubmission(other, "other", s.Number, review.FromAbroad, "ru", f.now)
	if err := f.store.Create(t.Context(), second, c); !errors.Is(err, submissionstore.ErrNumberTaken) {
		t.Errorf("number in use: %v", err)
	}
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Withdraw(applicant, f.now) })
	f.now = f.now.Add(time.Minute)
	next := f.create(t, applicant)
	if read, err := f.store.ForAccount(t.Context(), applicant.Account); err != nil || read.ID != next.ID {
		t.Errorf("newest submission: %v, %v", read, err)
	}
}

func TestApprovalActivatesInTheSameTransaction(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		return s.Save(applicant, "person", answers, f.now)
	})
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Send(applicant, f.now) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Checked(review.System(), nil, f.now) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, f.now) })
	f.update(t, s.ID, func(s *review.Submission) (review.Change, error) {
		c, err := s.Decide(reviewer, review.Decision{Outcome: review.Approve}, 0, f.now)
		if err != nil {
			return c, err
		}
		effect, err := s.Settle(f.now)
		effect.Events = append(c.Events, effect.Events...)
		return effect, err
	})
	if !slices.Equal(f.ledger.activated, []review.AccountID{applicant.Account}) {
		t.Errorf("activated %v", f.ledger.activated)
	}
}

func TestReplacedDocumentsStay(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	first, second := f.document(review.SlotPassport), f.document(review.SlotPassport)
	for _, d := range []review.Document{first, second} {
		f.now = f.now.Add(time.Minute)
		f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.PutDocument(applicant, d, f.now) })
	}
	read, err := f.store.Submission(t.Context(), s.ID)
	if err != nil || len(read.Documents) != 1 || read.Documents[0].ID != second.ID {
		t.Fatalf("current documents %+v, %v", read.Documents, err)
	}
	all, err := f.store.AllDocuments(t.Context(), s.ID)
	if err != nil || len(all) != 2 || all[0].ID != first.ID {
		t.Errorf("all documents %+v, %v", all, err)
	}
	seen, err := f.store.Scans.Seen(t.Context(), first.Print, "another")
	if err != nil || !seen {
		t.Errorf("the file in another submission: %t, %v", seen, err)
	}
	if seen, err = f.store.Scans.Seen(t.Context(), first.Print, s.ID); err != nil || seen {
		t.Errorf("the file in its own submission: %t, %v", seen, err)
	}
	known, err := f.store.Scans.Known(t.Context(), []string{first.Original, first.Pages[0].Image, second.Pages[0].Thumb, "nobody"})
	if err != nil || len(known) != 3 || known["nobody"] {
		t.Errorf("known blobs %v, %v", known, err)
	}
}

func TestTwins(t *testing.T) {
	f := open(t)
	send := func(by review.Actor, more review.Answers) *review.Submission {
		s := f.create(t, by)
		f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Save(by, "person", more, f.now) })
		return f.update(t, s.ID, func(s *review.Submission) (review.Change, error) { return s.Send(by, f.now) })
	}
	first := send(applicant, answers)
	otherCountry := answers.Clone()
	otherCountry[review.Citizenship] = review.Answer{Value: "TJK", Typed: "TJK"}
	delete(otherCountry, review.SNILS)
	second := send(review.Actor{Account: "account2"}, otherCountry)
	twins, err := f.store.Twins(t.Context(), first, nil)
	want := map[string][]review.SubmissionID{submissionstore.KeyBirth: {second.ID}, submissionstore.KeyPerson: {second.ID}}
	if err != nil || !reflect.DeepEqual(twins, want) {
		t.Errorf("twins %v, %v, want %v", twins, err, want)
	}
	draft := f.create(t, review.Actor{Account: "account3"})
	draft.Answers = answers
	twins, err = f.store.Twins(t.Context(), draft, nil)
	if err != nil || len(twins[submissionstore.KeyBirth]) != 2 || !slices.Equal(twins[submissionstore.KeySNILS], []review.SubmissionID{first.ID}) ||
		!slices.Equal(twins[submissionstore.KeyDocument], []review.SubmissionID{first.ID}) {
		t.Errorf("twins of a draft %v, %v", twins, err)
	}
}

func TestDue(t *testing.T) {
	f := open(t)
	s := f.whole(t) // waits for corrections
	draft := f.create(t, review.Actor{Account: "account2"})
	list := func(now time.Time) []review.SubmissionID {
		ids, err := f.store.DueForExpiry(context.Background(), now, 10)
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	if got := list(s.CorrectionDue); len(got) != 0 {
		t.Errorf("due at the deadline: %v", got)
	}
	if got := list(s.CorrectionDue.Add(time.Millisecond)); !slices.Equal(got, []review.SubmissionID{s.ID}) {
		t.Errorf("due after the deadline: %v", got)
	}
	if got := list(draft.ChangedAt.Add(review.DraftTerm)); !slices.Contains(got, draft.ID) {
		t.Errorf("draft not due: %v", got)
	}
	for name, query := range map[string]string{
		"draft":      `EXPLAIN QUERY PLAN SELECT id FROM submissions WHERE status = 'draft' AND changed_at <= 5 ORDER BY changed_at LIMIT 5`,
		"correction": `EXPLAIN QUERY PLAN SELECT id FROM submissions WHERE status = 'correction-requested' AND correction_due < 5 ORDER BY correction_due LIMIT 5`,
		"pending":    `EXPLAIN QUERY PLAN SELECT id FROM submissions WHERE pending_effective_at <> 0 AND pending_effective_at <= 5 ORDER BY pending_effective_at LIMIT 5`,
		"queue":      `EXPLAIN QUERY PLAN SELECT id FROM submissions WHERE status = 'queued' ORDER BY lane, due_at, id LIMIT 5`,
	} {
		var plan []struct {
			ID, Parent, Notused int
			Detail              string
		}
		if err := f.DB.Read(t.Context(), func(rx *sqlite.Rx) error { return rx.Select(&plan, query) }); err != nil {
			t.Fatal(err)
		}
		for _, p := range plan {
			if strings.Contains(p.Detail, "TEMP B-TREE") || !strings.Contains(p.Detail, "INDEX") {
				t.Errorf("%s: %s", name, p.Detail)
			}
		}
	}
}

func TestConcurrentUpdatesNeverOverwrite(t *testing.T) {
	f := open(t)
	s := f.create(t, applicant)
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := f.store.Update(context.Background(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
				return s.AddNote(reviewer, ids.NewID(), "раз", f.now)
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	read, err := f.store.Submission(t.Context(), s.ID)
	if err != nil || read.Version != 17 {
		t.Errorf("version %d after 16 notes, %v", read.Version, err)
	}
	if notes, err := f.store.Notes(t.Context(), s.ID); err != nil || len(notes) != 16 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
}
