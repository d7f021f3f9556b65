package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"okno/db/sqlite"
	"okno/db/submissionstore"
	"okno/review"
	"okno/review/check"
	"okno/review/signin"
)

// benchMark stands in the folder of a measured desk: how many submissions, and
// the moment for which they were made. "filling" while that is not done.
const benchMark = "bench"

// benchSize is what the mark says.
type benchSize struct {
	size int
	now  time.Time
}

func readMark(dir string) (f benchSize, ok bool) {
	text, err := os.ReadFile(filepath.Join(dir, benchMark))
	if err != nil {
		return f, false
	}
	size, at, _ := strings.Cut(string(text), " ")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return f, false
	}
	f.size, err = strconv.Atoi(size)
	f.now = time.UnixMilli(ms).UTC()
	return f, err == nil
}

// populaceOf is the crowd of a folder; staff is needed only to fill.
func (k *desk) populaceOf(f benchSize, staff []review.Actor) *populace {
	var seed [32]byte
	copy(seed[:], k.data.vault.Secret("bench ids"))
	return &populace{
		now: f.now, size: f.size, staff: staff, store: k.submissions, ids: &orderedIDs{rest: rand.NewChaCha8(seed)},
		given: func(language string, at time.Time) []review.Consent {
			return k.intake.Given(language, []string{"processing", "documents"}, at)
		},
		facts: check.Facts{Consents: requiredConsents(), Zone: moscow},
	}
}

// benchBatch is how many submissions share a transaction. SQLite keeps what a
// savepoint changed in memory and walks through it after every statement, so that
// batches of five hundred take six times as long as these.
const benchBatch = 10

// fillBench makes size submissions with their accounts, papers, history and
// figures. Everything is sealed and chained as in service; only what can be
// sorted is sorted first, and the sums are made at the end.
func (p program) fillBench(ctx context.Context, k *desk, f benchSize, staff []review.Actor) error {
	if err := k.catchUp(ctx); err != nil { // the empty desk needs no catching up, and is told so
		return err
	}
	people := k.populaceOf(f, staff)
	store := *k.submissions
	store.Activity = k.figures.Bulk()
	store.IDs = people.ids
	lives := make(chan life, 256)
	failed := make(chan error, 1)
	go func() {
		defer close(lives)
		for n := range f.size {
			l, err := people.live(n)
			if err != nil && review.KindOf(err) == review.Internal {
				failed <- fmt.Errorf("submission %d: %w", n, explain(err))
				return
			}
			lives <- l
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, 6*time.Hour) // a batch takes longer than any write of a desk in service
	defer cancel()
	begun, done := time.Now(), 0
	if err := k.data.db.Fill(ctx); err != nil {
		return err
	}
	if err := k.data.db.Write(ctx, loosen); err != nil {
		return err
	}
	for more := true; more; {
		if err := k.data.db.Write(ctx, func(tx *sqlite.Tx) error {
			for range benchBatch {
				l, ok := <-lives
				if !ok {
					more = false
					return nil
				}
				if err := k.settleIn(tx, &store, l); err != nil {
					return fmt.Errorf("submission %d: %w", done, explain(err))
				}
				done++
			}
			return nil
		}); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if done%(250*benchBatch) == 0 || !more {
			fmt.Fprintf(p.stdout, "%9d submissions after %s\n", done, time.Since(begun).Round(time.Second))
		}
	}
	select {
	case err := <-failed:
		return err
	default:
	}
	for _, finish := range []func(context.Context) error{k.tighten, k.figures.Resum, k.history.Checkpoint, k.data.db.Filled, k.data.db.Checkpoint} {
		if err := finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settleIn writes one life: the account, and the submission with its past.
func (k *desk) settleIn(tx *sqlite.Tx, store *submissionstore.Store, l life) error {
	if err := k.accounts.Create(tx, signin.NewAccount{
		ID: l.sub.Account, Language: l.sub.Language, Track: l.sub.Track, Email: l.email, Phone: l.phone, Password: "none", At: l.sub.CreatedAt,
	}); err != nil {
		return err
	}
	return store.ImportTx(tx, l.sub, l.past)
}

// hashed are the tables whose rows lie in the order of a hash. They are filled
// without that order and sorted at the end.
var hashed = []struct{ table, columns, plain, order string }{
	{"search_keys", "hash, entry", "hash BLOB NOT NULL, entry INTEGER NOT NULL", "hash, entry"},
	{"submission_keys", "kind, hash, submission", "kind TEXT NOT NULL, hash BLOB NOT NULL, submission TEXT NOT NULL", "kind, hash, submission"},
}

// loosen gives those tables a plain shape while they are filled.
func loosen(tx *sqlite.Tx) error {
	for _, h := range hashed {
		for _, change := range []string{
			`CREATE TABLE bench_shapes_` + h.table + ` AS SELECT type, sql FROM sqlite_master WHERE tbl_name = '` + h.table + `' AND sql IS NOT NULL`,
			`DROP TABLE ` + h.table,
			`CREATE TABLE ` + h.table + ` (` + h.plain + `)`,
		} {
			if _, err := tx.Exec(change); err != nil {
				return err
			}
		}
	}
	_, err := tx.Exec(`CREATE INDEX bench_submission_keys ON submission_keys (submission)`)
	return err
}

// sortedIn is in how many parts a table is sorted: what is sorted at once lies in
// memory.
const sortedIn = 8

// tighten gives the tables back their shape, sorted.
func (k *desk) tighten(ctx context.Context) error {
	for _, h := range hashed {
		if err := k.data.db.Write(ctx, func(tx *sqlite.Tx) error {
			var shapes []string
			if err := tx.Select(&shapes, `SELECT sql FROM bench_shapes_`+h.table+` ORDER BY type = 'index'`); err != nil {
				return err
			}
			if h.table == "submission_keys" {
				if _, err := tx.Exec(`DROP INDEX bench_submission_keys`); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(`ALTER TABLE ` + h.table + ` RENAME TO bench_` + h.table); err != nil {
				return err
			}
			_, err := tx.Exec(shapes[0])
			return err
		}); err != nil {
			return err
		}
		for part := range sortedIn {
			from, to := []byte{byte(part * 256 / sortedIn)}, []byte{byte((part + 1) * 256 / sortedIn)}
			if part == sortedIn-1 {
				to = []byte(strings.Repeat("\xff", 17))
			}
			if err := k.data.db.Write(ctx, func(tx *sqlite.Tx) error {
				_, err := tx.Exec(`INSERT INTO `+h.table+` (`+h.columns+`) SELECT DISTINCT `+h.columns+` FROM bench_`+h.table+` WHERE hash >= ? AND hash < ? ORDER BY `+h.order, from, to)
				return err
			}); err != nil {
				return err
			}
		}
		if err := k.data.db.Write(ctx, func(tx *sqlite.Tx) error {
			var indexes []string
			if err := tx.Select(&indexes, `SELECT sql FROM bench_shapes_`+h.table+` WHERE type = 'index'`); err != nil {
				return err
			}
			for _, change := range append(indexes, `DROP TABLE bench_`+h.table, `DROP TABLE bench_shapes_`+h.table) {
				if _, err := tx.Exec(change); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// benchStaff appoints those who work at the measured desk, or finds them.
func (k *desk) benchStaff(ctx context.Context) (reviewers []review.Actor, others map[review.Role]review.Actor, err error) {
	const many = 40
	others = map[review.Role]review.Actor{}
	known, err := k.members.Members(ctx)
	if err != nil {
		return nil, nil, err
	}
	find := func(email, name string, role review.Role) (review.Actor, error) {
		for _, m := range known {
			if m.Email == email {
				return review.Actor{Staff: m.ID, Name: m.Name, Roles: m.Roles}, nil
			}
		}
		id, err := k.staff.EnrolDirectly(ctx, review.System(), email, name, []review.Role{role}, "Okno-"+hex.EncodeToString(k.data.vault.Secret("bench " + email)[:8])+"-Bench", []byte("01234567890123456789"))
		return review.Actor{Staff: id, Name: name, Roles: []review.Role{role}}, err
	}
	for i := range many {
		a, err := find(fmt.Sprintf("reviewer-%d@bench.example.org", i), fmt.Sprintf("Образцов %d", i), review.RoleReviewer)
		if err != nil {
			return nil, nil, err
		}
		reviewers = append(reviewers, a)
	}
	for _, role := range []review.Role{review.RoleSeniorReviewer, review.RoleSupervisor, review.RoleAuditor, review.RoleSupportAgent} {
		if others[role], err = find(string(role)+"@bench.example.org", "Примеров "+string(role), role); err != nil {
			return nil, nil, err
		}
	}
	return append(reviewers, others[review.RoleSeniorReviewer], others[review.RoleSupervisor]), others, nil
}
