package signin_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"okno/db/accountstore"
	"okno/db/dbtest"
	"okno/db/historystore"
	"okno/db/sessionstore"
	"okno/db/sqlite"
	"okno/rbac"
	"okno/review"
	"okno/review/signin"
	"okno/review/signin/argon"
)

// quick keeps the tests fast; the costs of the desk are tested in argon.
var quick = argon.Params{Memory: 64, Time: 1, Threads: 1}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// letters remembers what was to be sent.
type letters struct {
	mu   sync.Mutex
	list []review.Notice
}

func (l *letters) Enqueue(_ *sqlite.Tx, _ time.Time, _ review.IDs, notices ...review.Notice) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, notices...)
	return nil
}

func (l *letters) last() review.Notice {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == 0 {
		return review.Notice{}
	}
	return l.list[len(l.list)-1]
}

func (l *letters) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.list)
}

type desk struct {
	*dbtest.Desk
	*signin.Service
	t        testing.TB
	clock    *clock
	letters  *letters
	hasher   *argon.Hasher
	accounts *accountstore.Store
	store    *sessionstore.Store
	cases    map[review.CaseNumber]review.AccountID
}

var (
	home   = signin.From{Address: "192.0.2.7"}
	nobody = review.Anonymous()
)

const (
	goodPassword  = "Vechernij-Stakan7-Oduvan"
	otherPassword = "Sinyaya_Lodka-42-Barhat"
)

func newDesk(t testing.TB) *desk {
	t.Helper()
	base := dbtest.Open(t)
	gate, err := rbac.New()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Desk: base, t: t, clock: &clock{now: time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)}, letters: &letters{}, cases: map[review.CaseNumber]review.AccountID{}, hasher: argon.New(base.Vault.Pepper(), quick)}
	d.accounts = &accountstore.Store{DB: base.DB, Vault: base.Vault, History: historystore.New(base.DB, base.Vault, d.clock, "")}
	d.store = &sessionstore.Store{DB: base.DB, Vault: base.Vault, Accounts: d.accounts, Outbox: d.letters, Clock: d.clock, IDs: review.RandomIDs{}}
	d.Service = &signin.Service{
		Gate: gate, Clock: d.clock, IDs: review.RandomIDs{}, Hasher: d.hasher, Flows: d.store, Accounts: d.store, Limiter: d.store, Texts: d.store, Cases: d,
		Sessions: &signin.Sessions{Store: d.store, Clock: d.clock, Secret: base.Vault.Secret("session")},
		Secret:   base.Vault.Secret("codes"), Policy: signin.DefaultPolicy(), Limits: signin.DefaultLimits().ForSharedAddress(10_000),
	}
	return d
}

// AccountOf implements signin.Cases: every account has made one application.
func (d *desk) AccountOf(_ context.Context, number review.CaseNumber) (review.AccountID, error) {
	if id, ok := d.cases[number]; ok {
		return id, nil
	}
	return "", review.ErrNotFound
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// code is the one sent last.
func (d *desk) code() string {
	d.t.Helper()
	c := d.letters.last().Params["code"]
	if len(c) != 6 {
		d.t.Fatalf("the last message is %s and carries no code", d.letters.last().Kind)
	}
	return c
}

// begin starts a registration and returns its flow.
func (d *desk) begin(track review.Track) string {
	d.t.Helper()
	f, _, err := d.Register(d.t.Context(), nobody, track, "ru", home)
	d.must(err)
	return f.ID
}

// open registers somebody completely.
func (d *desk) open(email, phone string) signin.Entry {
	d.t.Helper()
	ctx, id := d.t.Context(), d.begin(review.ForeignCitizen)
	_, err := d.RegisterEmail(ctx, nobody, id, email, home)
	d.must(err)
	_, err = d.ConfirmRegistrationEmail(ctx, nobody, id, d.code(), home)
	d.must(err)
	_, err = d.RegisterPhone(ctx, nobody, id, phone, home)
	d.must(err)
	_, err = d.ConfirmRegistrationPhone(ctx, nobody, id, d.code(), home)
	d.must(err)
	entry, err := d.FinishRegistration(ctx, nobody, id, goodPassword, home)
	d.must(err)
	return entry
}

// value reads one value from the database.
func value[T any](d *desk, query string, args ...any) (v T) {
	d.t.Helper()
	d.must(d.DB.Read(context.Background(), func(rx *sqlite.Rx) error { return rx.Get(&v, query, args...) }))
	return v
}

func (d *desk) events(id review.AccountID) []review.EventType {
	d.t.Helper()
	list, err := d.accounts.Events(context.Background(), id, 100)
	d.must(err)
	var types []review.EventType
	for _, e := range slices.Backward(list) {
		types = append(types, e.Type)
	}
	return types
}
