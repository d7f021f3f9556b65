package check_test

import (
	"io"
	"log/slog"
	"testing"

	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/outboxstore"
	"okno/db/scanstore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/check"
)

// On a real desk: the same document sent from another account is found through
// the keyed hashes, and nobody may approve over it alone.
func TestTheSamePassportFromAnotherAccount(t *testing.T) {
	d := dbtest.Open(t)
	store := &submissionstore.Store{
		DB: d.DB, Vault: d.Vault, Clock: fixed{}, IDs: review.RandomIDs{}, Scans: &scanstore.Store{DB: d.DB, Vault: d.Vault},
		History: submissionstore.HistoryFunc(historystore.Append), Outbox: outboxstore.New(d.DB, d.Vault),
	}
	sent := func(account review.AccountID) *review.Submission {
		t.Helper()
		by := review.Actor{Account: account, Roles: []review.Role{review.RoleApplicant}}
		if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
			_, err := d.Vault.NewBox(tx, seal.Owner{Kind: seal.Account, ID: string(account)}, now)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		s, c := review.NewSubmission(by, review.SubmissionID("submission-"+account), review.RandomIDs{}.NewNumber(), review.ForeignCitizen, "ru", now)
		if err := store.Create(t.Context(), s, c); err != nil {
			t.Fatal(err)
		}
		for _, change := range []func(s *review.Submission) (review.Change, error){
			func(s *review.Submission) (review.Change, error) {
				return s.Save(by, "person", foreigner().Answers, now)
			},
			func(s *review.Submission) (review.Change, error) {
				return s.Consented(by, []review.Consent{{Purpose: "processing", Version: "1", Hash: "aa"}}, now)
			},
			func(s *review.Submission) (review.Change, error) {
				return s.PutDocument(by, scan(review.SlotPassport), now)
			},
			func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
		} {
			slotted := change
			updated, err := store.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) {
				c, err := slotted(s)
				for i := range c.Added { // every account uploads a file of its own
					c.Added[i].ID += review.DocumentID("-" + account)
					s.Documents[0].ID = c.Added[i].ID
				}
				return c, err
			})
			if err != nil {
				t.Fatal(err)
			}
			s = updated
		}
		return s
	}
	desk := &desk{contact: check.Contacts{Phone: "+79070000017", Email: "p@example.org"}}
	service := &check.Service{Submissions: store, Accounts: desk, Consents: []string{"processing"}, Clock: fixed{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
	run := func(s *review.Submission) *review.Submission {
		t.Helper()
		if _, err := service.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		s, err := store.Submission(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	// No stay proof: given back before anybody spends time on it.
	if first := run(sent("one")); first.Status != review.Draft || !review.Blocked(first.Checks) {
		t.Fatalf("the first is %s", first.Status)
	}
	second := sent("two")
	facts, err := service.Facts(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Twins) != 1 || facts.Twins[0].Account != "one" {
		t.Fatalf("twins: %d", len(facts.Twins))
	}
	second = run(second)
	found := false
	for _, c := range second.Checks {
		if c.Code == check.DuplicatePerson && c.Raised() {
			found = c.FourEyes && c.Reason == "certain" && c.Values["case"] != ""
		}
	}
	if !found {
		t.Errorf("the twin is not held: %v", raised(second.Checks))
	}
}
