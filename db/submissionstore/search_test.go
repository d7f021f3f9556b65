package submissionstore_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"okno/db/accountstore"
	"okno/db/desktest"
	"okno/db/historystore"
	"okno/db/seal"
	"okno/db/sqlite"
	"okno/review"
	"okno/review/reviewtest"
	"okno/review/search"
	"okno/review/signin"
)

type allowing struct{}

func (allowing) Allow(review.Actor, review.Action) error { return nil }

// allowance is how many searches are left.
type allowance struct{ left int }

func (a *allowance) Take(_ context.Context, _ review.StaffID, at time.Time) (time.Time, error) {
	if a.left--; a.left < 0 {
		return at.Add(time.Minute), nil
	}
	return time.Time{}, nil
}

// seeker is a desk with a search on it.
type seeker struct {
	*desktest.Desk
	*search.Service
	t *testing.T
}

func seek(t *testing.T, searches int) *seeker {
	d := desktest.Open(t)
	d.Store.Contacts = &accountstore.Store{DB: d.DB, Vault: d.Vault, History: historystore.New(d.DB, d.Vault, d.Clock, "")}
	return &seeker{d, search.New(allowing{}, d.Store, &allowance{searches}, d.Clock, d.IDs), t}
}

// named sends a submission of somebody with answers of their own.
func (s *seeker) named(pairs ...string) *review.Submission {
	s.t.Helper()
	x := s.Draft(s.t)
	s.answer(x, pairs...)
	s.Desk.Clock.Add(time.Minute)
	return s.Send(s.t, x.ID)
}

func (s *seeker) answer(x *review.Submission, pairs ...string) {
	s.t.Helper()
	a := reviewtest.Answers()
	for i := 0; i < len(pairs); i += 2 {
		a[review.Field(pairs[i])] = review.Answer{Typed: pairs[i+1], Value: pairs[i+1]}
	}
	s.Do(s.t, x.ID, func(x *review.Submission) (review.Change, error) {
		return x.Save(reviewtest.Applicant(x.Account), "person", a, s.Desk.Clock.Now())
	})
}

// page asks as Anna.
func (s *seeker) page(q search.Query, number int) search.Page {
	s.t.Helper()
	id, err := s.Ask(s.t.Context(), reviewtest.Anna, q)
	if err != nil {
		s.t.Fatalf("%+v: %v", q, err)
	}
	p, err := s.Show(s.t.Context(), reviewtest.Anna, id, number)
	if err != nil {
		s.t.Fatalf("%+v: %v", q, err)
	}
	return p
}

func (s *seeker) finds(q search.Query, want ...*review.Submission) {
	s.t.Helper()
	p := s.page(q, 1)
	var ids, wanted []review.SubmissionID
	for _, r := range p.Rows {
		ids = append(ids, r.ID)
	}
	for _, w := range want {
		wanted = append(wanted, w.ID)
	}
	if !slices.Equal(ids, wanted) || p.Total != len(want) {
		s.t.Errorf("%+v finds %d, want %d: %v", q, p.Total, len(want), ids)
	}
}

func TestSearchFindsWhatIsSealed(t *testing.T) {
	s := seek(t, 1000)
	first := s.named("surname", "Шукуров", "surname-latin", "SHUKUROV", "given-name", "Жасур", "given-name-latin", "JASUR", "patronymic", "Азизович", "birth-date", "1990-05-17", "document-number", "AB7654321")
	second := s.named("surname", "Шукуров", "surname-latin", "SHUKUROV", "given-name", "Бахром", "given-name-latin", "BAXROM", "birth-date", "1985-01-02", "document-number", "AB7000001")
	draft := s.Draft(t)
	s.answer(draft, "surname", "Шукуров")
	if err := s.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		return s.Store.Contacts.(*accountstore.Store).Create(tx, signin.NewAccount{ID: first.Account, Language: "ru", Track: first.Track, Email: "Jasur@example.org", Phone: "+79070001234", Password: "x", At: s.Desk.Clock.Now()})
	}); err != nil {
		t.Fatal(err)
	}

	s.finds(search.Query{Text: "шукуров"}, second, first)
	s.finds(search.Query{Text: "Shukurov"}, second, first)
	s.finds(search.Query{Text: "жасур шукуров"}, first)
	s.finds(search.Query{Text: "Shukurov Zhasur"}, first)
	s.finds(search.Query{Text: "Shukurov Bakhrom"}, second)
	s.finds(search.Query{Text: "Жасур Азизович"}, first)
	s.finds(search.Query{Text: "Шукуров Жасур Азизович"}, first)
	s.finds(search.Query{Text: "Шукуров Бахром Азизович"})
	s.finds(search.Query{Text: "шукуров", Birth: "1985-01-02"}, second)
	s.finds(search.Query{Birth: "1990-05-17"}, first)
	s.finds(search.Query{Text: "ab 7654321"}, first)
	s.finds(search.Query{Text: first.Number.String()}, first)
	s.finds(search.Query{Text: "8 907 000-12-34"}, first)
	s.finds(search.Query{Text: "jasur@example.org"}, first)
	s.finds(search.Query{Text: "nobody@example.org"})
	s.finds(search.Query{Text: draft.Number.String()}) // never sent
	s.finds(search.Query{Text: "шуку"}, second, first)
	s.finds(search.Query{Text: "шуку Жасур"}, first)
	if p := s.page(search.Query{Text: "шуку"}, 1); !p.Beginning {
		t.Error("a beginning passes for a whole name")
	}

	// A correction moves the submission under its new name.
	s.Do(t, second.ID, func(x *review.Submission) (review.Change, error) { return x.Take(reviewtest.Anna, s.Desk.Clock.Now()) })
	s.Do(t, second.ID, func(x *review.Submission) (review.Change, error) {
		now := s.Desk.Clock.Now()
		c, err := x.Decide(reviewtest.Anna, review.Decision{Outcome: review.RequestCorrection, Items: []review.Item{{Reason: "name-mismatch", Target: review.Target{Field: review.Surname}}}}, 0, now)
		if err != nil {
			return c, err
		}
		effect, err := x.Settle(now)
		return c.Then(effect), err
	})
	s.Do(t, second.ID, func(x *review.Submission) (review.Change, error) {
		return x.Save(reviewtest.Applicant(x.Account), "corrections", review.Answers{review.Surname: {Typed: "Икромов", Value: "Икромов"}}, s.Desk.Clock.Now())
	})
	s.Send(t, second.ID)
	s.finds(search.Query{Text: "Икромов"}, second)
	s.finds(search.Query{Text: "шукуров бахром"}, second) // the Latin spelling stands as it was
	keys := s.count(`SELECT COUNT(*) FROM search_keys`)
	if packed := s.count(`SELECT SUM(LENGTH(keys)) / 16 FROM search_entries`); packed != keys {
		t.Errorf("%d keys in the index, %d with their entries", keys, packed)
	}

	// With its key destroyed nothing of a person is shown.
	if err := s.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		return s.Vault.Destroy(tx, seal.Owner{Kind: seal.Submission, ID: string(first.ID)}, s.Desk.Clock.Now())
	}); err != nil {
		t.Fatal(err)
	}
	if p := s.page(search.Query{Text: "Жасур Шукуров"}, 1); len(p.Rows) != 0 {
		t.Errorf("an erased submission is shown: %+v", p.Rows)
	}
}

func (s *seeker) count(query string) (n int) {
	s.t.Helper()
	if err := s.DB.Read(s.t.Context(), func(rx *sqlite.Rx) error { return rx.Get(&n, query) }); err != nil {
		s.t.Fatal(err)
	}
	return n
}

func TestSearchShowsLittleAndIsWrittenDown(t *testing.T) {
	s := seek(t, 3)
	x := s.named("surname", "Шукуров", "given-name", "Жасур", "patronymic", "Азизович", "birth-date", "1990-05-17", "document-number", "AB7654321")
	q := search.Query{Text: "Шукуров"}
	r := s.page(q, 1).Rows[0]
	if r.Name != "Ш. Ж. А." || r.Birth != "1990" || r.Document != "******321" || r.Mine {
		t.Errorf("a case in the line shows %+v", r)
	}
	s.Do(t, x.ID, func(x *review.Submission) (review.Change, error) { return x.Take(reviewtest.Boris, s.Desk.Clock.Now()) })
	if r := s.page(q, 1).Rows[0]; r.Name != "Ш. Ж. А." || r.Mine || r.HolderName == "" {
		t.Errorf("a colleague's case shows %+v", r)
	}
	s.Do(t, x.ID, func(x *review.Submission) (review.Change, error) {
		return x.Release(reviewtest.Boris, false, s.Desk.Clock.Now())
	})
	s.Do(t, x.ID, func(x *review.Submission) (review.Change, error) { return x.Take(reviewtest.Anna, s.Desk.Clock.Now()) })
	id, err := s.Ask(t.Context(), reviewtest.Anna, q)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Show(t.Context(), reviewtest.Anna, id, 1)
	if err != nil {
		t.Fatal(err)
	}
	if r := p.Rows[0]; r.Name != "Шукуров Жасур Азизович" || r.Birth != "1990-05-17" || r.Document != "AB7654321" || !r.Mine {
		t.Errorf("one's own case shows %+v", r)
	}
	if _, err := s.Show(t.Context(), reviewtest.Boris, id, 1); review.KindOf(err) != review.NotFound {
		t.Errorf("a colleague opens somebody's results: %v", err)
	}
	if _, err := s.Ask(t.Context(), reviewtest.Anna, q); err == nil {
		t.Error("a fourth search where three are allowed")
	}
	if n := s.Ledger.Count(review.EventSearched); n != 3 {
		t.Errorf("%d searches are written down, want 3", n)
	}
	for _, e := range s.Ledger.Events(review.EventSearched) {
		if e.Detail["by"] != "name" || e.Detail["found"] != "one" || e.Submission != "" || strings.Contains(strings.ToLower(e.Detail["by"]+e.Detail["found"]), "шук") {
			t.Errorf("the history says %v", e.Detail)
		}
	}
	s.Desk.Clock.Add(16 * time.Minute)
	if _, err := s.Show(t.Context(), reviewtest.Anna, id, 1); review.KindOf(err) != review.NotFound {
		t.Errorf("results of a quarter of an hour ago: %v", err)
	}
}

func TestSearchInPages(t *testing.T) {
	s := seek(t, 1000)
	var all []review.SubmissionID
	for range 30 {
		all = append(all, s.named("surname", "Шукуров").ID)
	}
	slices.Reverse(all)
	var got []review.SubmissionID
	for number := 1; number <= 2; number++ {
		p := s.page(search.Query{Text: "шукуров"}, number)
		if p.Total != 30 || p.Pages != 2 || p.Number != number || p.More {
			t.Fatalf("page %d: %d of %d, %d found", number, p.Number, p.Pages, p.Total)
		}
		for _, r := range p.Rows {
			got = append(got, r.ID)
		}
	}
	if !slices.Equal(got, all) {
		t.Errorf("the pages hold %v, want %v", got, all)
	}
}

// What was sent before there was a search is found after the index was built,
// also when building was cut off in between.
func TestSearchIndexIsMadeUpFor(t *testing.T) {
	s := seek(t, 1000)
	x := s.named("surname", "Шукуров")
	erased := s.named("surname", "Икромов")
	if err := s.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		for _, table := range []string{"search_keys", "search_entries"} {
			if _, err := tx.Exec(`DELETE FROM ` + table); err != nil {
				return err
			}
		}
		return s.Vault.Destroy(tx, seal.Owner{Kind: seal.Submission, ID: string(erased.ID)}, s.Desk.Clock.Now())
	}); err != nil {
		t.Fatal(err)
	}
	s.finds(search.Query{Text: "шукуров"})
	for range 2 {
		if err := s.Store.FillSearch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	s.finds(search.Query{Text: "шукуров"}, x)
	if n := s.count(`SELECT COUNT(*) FROM search_filled`); n != 1 {
		t.Errorf("built %d times", n)
	}
}
