package historystore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"okno/db/dbtest"
	"okno/db/sqlite"
	"okno/review"
)

type clock struct{ now time.Time }

func (c *clock) Now() time.Time { c.now = c.now.Add(time.Second); return c.now }

func desk(t testing.TB, outside string) (*dbtest.Desk, *Store) {
	t.Helper()
	d := dbtest.Open(t)
	return d, New(d.DB, d.Vault, &clock{time.UnixMilli(1_760_000_000_000)}, outside)
}

func event(i int) review.Event {
	return review.Event{
		Type: review.EventDecisionMade, At: time.UnixMilli(1_760_000_000_000 + int64(i)).UTC(),
		Submission: review.SubmissionID(fmt.Sprintf("sub%d", i%7)), Account: review.AccountID(fmt.Sprintf("acc%d", i%5)),
		Actor: fmt.Sprintf("staff%d", i%3), Role: review.RoleReviewer, Before: review.InReview, After: review.CorrectionRequested,
		Version: int64(i), Round: i % 3, Reasons: []review.ReasonCode{"photo-blurred", "name-differs"},
		Detail: map[string]string{"slot": "passport", "page": "2"}, Session: "s+1/=", RequestID: "r1",
	}
}

func fill(t testing.TB, d *dbtest.Desk, from, to int) {
	t.Helper()
	if err := d.DB.Write(context.Background(), func(tx *sqlite.Tx) error {
		for i := from; i <= to; i++ {
			if err := Append(tx, event(i)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func verify(t testing.TB, s *Store) Report {
	t.Helper()
	r, err := s.Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func exec(t testing.TB, d *dbtest.Desk, query string, args ...any) {
	t.Helper()
	if err := d.DB.Write(context.Background(), func(tx *sqlite.Tx) error { _, err := tx.Exec(query, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

func dropTriggers(t testing.TB, d *dbtest.Desk) {
	t.Helper()
	var names []string
	if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		return rx.Select(&names, `SELECT name FROM sqlite_master WHERE type = 'trigger'`)
	}); err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		exec(t, d, "DROP TRIGGER "+n)
	}
}

func TestAppendKeepsEverything(t *testing.T) {
	d, s := desk(t, "")
	fill(t, d, 1, 20)
	list, err := s.List(t.Context(), Filter{Limit: 1})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	if want := (Entry{20, event(20)}); !reflect.DeepEqual(list[0], want) {
		t.Errorf("got %+v, want %+v", list[0], want)
	}
	r := verify(t, s)
	if !r.OK() || r.Entries != 20 {
		t.Errorf("%+v", r)
	}
	if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		root, err := tlog.TreeHash(20, stored(rx))
		if root != r.Root {
			t.Error("our root is not the one of RFC 6962")
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestNothingPersonalGetsIn(t *testing.T) {
	d, s := desk(t, "")
	for name, change := range map[string]func(*review.Event){
		"a name":       func(e *review.Event) { *e = e.With("who", "Иванов") },
		"two words":    func(e *review.Event) { *e = e.With("who", "John Smith") },
		"an address":   func(e *review.Event) { *e = e.With("to", "a@example.org") },
		"a phone":      func(e *review.Event) { *e = e.With("to", "+79990000001") },
		"a long text":  func(e *review.Event) { *e = e.With("note", strings.Repeat("x", 201)) },
		"a key":        func(e *review.Event) { *e = e.With("ключ", "x") },
		"a line break": func(e *review.Event) { e.RequestID = "a\nb" },
		"a reason":     func(e *review.Event) { e.Reasons = []review.ReasonCode{"a,b"} },
		"no type":      func(e *review.Event) { e.Type = "" },
		"no time":      func(e *review.Event) { e.At = time.Time{} },
	} {
		e := event(1)
		change(&e)
		err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { return Append(tx, event(1), e) })
		if !errors.Is(err, sqlite.ErrConstraint) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if r := verify(t, s); r.Entries != 0 || !r.OK() {
		t.Errorf("%+v", r)
	}
}

func TestTheTableOnlyGrows(t *testing.T) {
	d, s := desk(t, "")
	fill(t, d, 1, 3)
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`UPDATE history SET actor = 'x' WHERE seq = 2`, `DELETE FROM history WHERE seq = 3`, `DELETE FROM history`,
		`INSERT OR REPLACE INTO history SELECT * FROM history WHERE seq = 2`,
		`INSERT INTO history SELECT 9, at, type, submission, account, actor, role, before, after, version, round, reasons, detail, session, request_id, prev_hash, hash FROM history WHERE seq = 2`,
		`UPDATE history_tree SET hash = x'00'`, `DELETE FROM history_tree`, `INSERT OR REPLACE INTO history_tree VALUES (0, x'00')`,
		`UPDATE checkpoints SET size = 1`, `DELETE FROM checkpoints`,
	} {
		err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error { _, err := tx.Exec(q); return err })
		if !errors.Is(err, sqlite.ErrConstraint) {
			t.Errorf("%s: %v", q, err)
		}
	}
	if r := verify(t, s); !r.OK() || r.Entries != 3 {
		t.Errorf("%+v", r)
	}
}

// TestEverySingleChangeIsFound does to every one of 1,000 entries whatever can
// be done to one, and wants its number.
func TestEverySingleChangeIsFound(t *testing.T) {
	const size = 1000
	d, _ := desk(t, "")
	fill(t, d, 1, size)
	var rows []row
	var tree span
	if err := d.DB.Read(t.Context(), func(rx *sqlite.Rx) error {
		if err := rx.Select(&rows, `SELECT `+columns+` FROM history ORDER BY seq`); err != nil {
			return err
		}
		return tree.load(rx, tlog.StoredHashCount(size))
	}); err != nil {
		t.Fatal(err)
	}
	good := newChecker() // has seen everything before entry i
	tried := 0
	check := func(i int, name string, seq int64, replaced []row, rest []row) {
		t.Helper()
		tried++
		c := newChecker()
		c.size, c.prev, c.frontier = good.size, good.prev, slices.Clone(good.frontier)
		for j := range replaced {
			c.add(&replaced[j], tree.leaf)
		}
		for j := 0; j < min(2, len(rest)) && len(c.findings) == 0; j++ {
			c.add(&rest[j], tree.leaf)
		}
		if len(rest) == 0 {
			c.finish(tlog.StoredHashCount(size))
		}
		if !slices.ContainsFunc(c.findings, func(f Finding) bool { return f.Seq == seq }) {
			t.Fatalf("entry %d: %s: found %v, want entry %d", i+1, name, c.findings, seq)
		}
	}
	for i := range rows {
		own := rows[i].Seq
		rest := rows[i+1:]
		typ := reflect.TypeFor[row]()
		for f := range typ.NumField() {
			r := rows[i]
			r.PrevHash, r.Hash = bytes.Clone(r.PrevHash), bytes.Clone(r.Hash)
			switch v := reflect.ValueOf(&r).Elem().Field(f); v.Kind() {
			case reflect.Int64:
				v.SetInt(v.Int() ^ 1)
			case reflect.String:
				b := []byte(v.String())
				b[len(b)/2] ^= 1
				v.SetString(string(b))
			default:
				v.Bytes()[i%32] ^= 1
			}
			column := typ.Field(f).Name
			if column == "Seq" { // a number exchanged leaves a hole or comes twice
				check(i, "column Seq", min(own, r.Seq), []row{r}, rest)
				continue
			}
			check(i, "column "+column, own, []row{r}, rest)
			if column != "Hash" { // the clever way: with the hash made to fit
				sum := r.digest()
				r.Hash = sum[:]
				check(i, "column "+column+" with a fitting hash", own, []row{r}, rest)
			}
		}
		check(i, "deleted", own, nil, rest)
		check(i, "twice", own, []row{rows[i], rows[i]}, rest)
		if len(rest) > 0 {
			a, b := rows[i], rest[0]
			check(i, "order swapped", own, []row{b, a}, rest[1:])
			a.Seq, b.Seq = b.Seq, a.Seq
			check(i, "contents swapped", own, []row{b, a}, rest[1:])
		}
		extra := rows[i]
		extra.Actor = "intruder"
		extra.Seq, extra.PrevHash = own+1, rows[i].Hash
		sum := extra.digest()
		extra.Hash = sum[:]
		check(i, "one inserted after it", own+1, []row{rows[i], extra}, rest)
		good.add(&rows[i], tree.leaf)
	}
	if len(good.findings) != 0 || tried < size*37-2 {
		t.Errorf("untouched: %v; %d attempts", good.findings, tried)
	}
}

func TestDamageOnDiskIsFound(t *testing.T) {
	d, s := desk(t, "")
	fill(t, d, 1, 2100) // more than a chunk
	if r := verify(t, s); !r.OK() || r.Entries != 2100 {
		t.Fatalf("%+v", r)
	}
	dropTriggers(t, d)
	restore := func() {
		exec(t, d, `DELETE FROM history; INSERT INTO history SELECT * FROM h; DELETE FROM history_tree; INSERT INTO history_tree SELECT * FROM ht`)
	}
	exec(t, d, `CREATE TABLE h AS SELECT * FROM history; CREATE TABLE ht AS SELECT * FROM history_tree`)
	for _, c := range []struct {
		query   string
		seq     int64
		problem Problem
	}{
		{`UPDATE history SET actor = 'x' WHERE seq = 1`, 1, EntryChanged},
		{`UPDATE history SET reasons = '' WHERE seq = 1000`, 1000, EntryChanged},
		{`UPDATE history SET at = at + 1 WHERE seq = 2100`, 2100, EntryChanged},
		{`UPDATE history SET hash = zeroblob(32) WHERE seq = 2000`, 2000, EntryChanged},
		{`DELETE FROM history WHERE seq = 1`, 1, EntryMissing},
		{`DELETE FROM history WHERE seq = 2000`, 2000, EntryMissing},
		{`DELETE FROM history WHERE seq = 2001`, 2001, EntryMissing},
		{`DELETE FROM history WHERE seq = 2100`, 2100, EntryMissing},
		{`DELETE FROM history WHERE seq > 2050`, 2051, EntryMissing},
		{`UPDATE history SET seq = -seq WHERE seq IN (500, 501); UPDATE history SET seq = 1001 + seq WHERE seq < 0`, 500, EntryChanged},
		{`INSERT INTO history SELECT 2101, at, type, submission, account, actor, role, before, after, version, round, reasons, detail, session, request_id, prev_hash, hash FROM history WHERE seq = 2100`, 2101, EntryChanged},
		{`INSERT INTO history SELECT 0, at, type, submission, account, actor, role, before, after, version, round, reasons, detail, session, request_id, prev_hash, hash FROM history WHERE seq = 2100`, 0, EntryExtra},
		{`INSERT INTO history SELECT 9000000000000000000, at, type, submission, account, actor, role, before, after, version, round, reasons, detail, session, request_id, prev_hash, hash FROM history WHERE seq = 2100`, 2101, EntryMissing},
		{`UPDATE history_tree SET hash = zeroblob(32) WHERE idx = 0`, 1, TreeChanged},
		{`DELETE FROM history_tree WHERE idx > 4000`, 0, TreeChanged},
		{`INSERT INTO history_tree VALUES (9000000000000000000, x'00')`, 2101, EntryMissing},
	} {
		exec(t, d, c.query)
		r := verify(t, s)
		if !slices.ContainsFunc(r.Findings, func(f Finding) bool {
			return (c.seq == f.Seq || c.problem == TreeChanged && c.seq == 0) && f.Problem == c.problem
		}) {
			t.Errorf("%s: %v", c.query, r.Findings)
		}
		restore()
	}
	if r := verify(t, s); !r.OK() {
		t.Errorf("after restoring: %v", r.Findings)
	}
}

// rebuild makes a consistent history out of the first n events, some changed:
// what somebody with the database and the program, but without the key, can do.
func rebuild(t *testing.T, d *dbtest.Desk, n int, change func(i int, e *review.Event)) {
	t.Helper()
	exec(t, d, `DELETE FROM history; DELETE FROM history_tree`)
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		for i := 1; i <= n; i++ {
			e := event(i)
			if change != nil {
				change(i, &e)
			}
			if err := Append(tx, e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestARewriteOrACutIsFoundByCheckpoints(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "checkpoints")
	d, s := desk(t, outside)
	if err := s.Checkpoint(t.Context()); err != nil { // nothing to say yet
		t.Fatal(err)
	}
	fill(t, d, 1, 100)
	for range 3 { // says it once
		if err := s.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, d, 101, 200)
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(t, d, 201, 210)
	if r := verify(t, s); !r.OK() || r.Checkpoints != 2 || r.Entries != 210 {
		t.Fatalf("%+v", r)
	}
	notes, _, err := s.imported()
	if err != nil || len(notes) != 2 {
		t.Fatalf("%d notes outside, %v", len(notes), err)
	}
	dropTriggers(t, d)
	exec(t, d, `CREATE TABLE kept AS SELECT * FROM checkpoints`)
	finds := func(what string, want Finding) {
		t.Helper()
		if r := verify(t, s); !slices.Contains(r.Findings, want) {
			t.Errorf("%s: %v", what, r.Findings)
		}
	}
	for _, where := range []string{"database", "file"} {
		switch where {
		case "database":
			if err := os.Rename(outside, outside+".away"); err != nil {
				t.Fatal(err)
			}
		case "file":
			if err := os.Rename(outside+".away", outside); err != nil {
				t.Fatal(err)
			}
			exec(t, d, `DELETE FROM checkpoints`)
		}
		rebuild(t, d, 210, nil)
		if r := verify(t, s); !r.OK() || r.Checkpoints != 2 {
			t.Errorf("%s: a faithful copy: %+v", where, r)
		}
		rebuild(t, d, 210, func(i int, e *review.Event) {
			if i == 150 {
				e.Actor = "somebody-else"
			}
		})
		finds(where+": rewritten from 150 on", Finding{101, Rewritten})
		rebuild(t, d, 210, func(i int, e *review.Event) {
			if i == 1 {
				e.Actor = "somebody-else"
			}
		})
		finds(where+": rewritten from the start", Finding{1, Rewritten})
		for k := 1; k <= 100; k += 9 {
			rebuild(t, d, 200-k, nil)
			finds(fmt.Sprintf("%s: cut by %d", where, k), Finding{int64(200 - k + 1), EntryMissing})
		}
		exec(t, d, `DELETE FROM history; DELETE FROM history_tree`)
		finds(where+": emptied", Finding{1, EntryMissing})
	}

	rebuild(t, d, 210, nil)
	exec(t, d, `INSERT INTO checkpoints SELECT * FROM kept; UPDATE checkpoints SET note = replace(note, char(10) || '100' || char(10), char(10) || '99' || char(10))`)
	finds("a changed statement", Finding{0, ForgedStatement})
	exec(t, d, `DELETE FROM checkpoints; INSERT INTO checkpoints SELECT * FROM kept`)
	_, foreign := desk(t, "")
	foreign.outside = outside
	fill(t, &dbtest.Desk{DB: foreign.db}, 1, 5)
	if err := foreign.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	finds("another desk's statement", Finding{0, ForgedStatement})
}

func TestATornLineOutsideIsNoAlarm(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "checkpoints")
	d, s := desk(t, outside)
	fill(t, d, 1, 10)
	if err := s.Checkpoint(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(outside, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString(`{"note":"okno/hist`)
	f.Close()
	if r := verify(t, s); !r.OK() {
		t.Errorf("%v", r.Findings)
	}
	fill(t, d, 11, 12)
	for range 2 {
		if err := s.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if r := verify(t, s); !r.OK() || r.Checkpoints != 2 {
		t.Errorf("after going on: %+v", r)
	}
}

func TestTheChainHoldsUnderLoad(t *testing.T) {
	d, s := desk(t, "")
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 40 {
				err := d.DB.Write(context.Background(), func(tx *sqlite.Tx) error {
					if err := Append(tx, event(w*40+i), event(w)); err != nil {
						return err
					}
					if i%4 == 3 {
						return review.ErrForbidden
					}
					return nil
				})
				if err != nil && !errors.Is(err, review.ErrForbidden) {
					t.Error(err)
				}
				if i%10 == 0 {
					if r, err := s.Verify(context.Background()); err != nil || !r.OK() {
						t.Errorf("while others write: %v, %v", r.Findings, err)
					}
				}
			}
		})
	}
	wg.Wait()
	if r := verify(t, s); !r.OK() || r.Entries != 8*30*2 {
		t.Errorf("%+v", r)
	}
}

func TestQueries(t *testing.T) {
	d, s := desk(t, "")
	fill(t, d, 1, 30)
	view := review.Event{Type: review.EventScanViewed, At: event(40).At, Submission: "sub1", Actor: "staff1"}
	if err := d.DB.Write(t.Context(), func(tx *sqlite.Tx) error {
		opened := view
		opened.Type = review.EventCaseOpened
		return Append(tx, opened, view, review.Event{Type: review.EventSignedIn, At: event(50).At})
	}); err != nil {
		t.Fatal(err)
	}
	seqs := func(list []Entry, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		var b []string
		for _, e := range list {
			b = append(b, fmt.Sprint(e.Seq))
		}
		return strings.Join(b, " ")
	}
	for _, c := range []struct{ got, want string }{
		{seqs(s.ForSubmission(t.Context(), "sub1")), "1 8 15 22 29 31 32"},
		{seqs(s.ForSubmission(t.Context(), "")), ""},
		{seqs(s.ForAccount(t.Context(), "acc2", 3)), "27 22 17"},
		{seqs(s.ForAccount(t.Context(), "", 3)), ""},
		{seqs(s.Views(t.Context(), "sub1")), "32 31"},
		{seqs(s.List(t.Context(), Filter{Limit: 2})), "33 32"},
		{seqs(s.List(t.Context(), Filter{Type: review.EventDecisionMade, Actor: "staff1", Submission: "sub1"})), "22 1"},
		{seqs(s.List(t.Context(), Filter{From: event(5).At, To: event(8).At})), "7 6 5"},
		{seqs(s.List(t.Context(), Filter{Before: 4})), "3 2 1"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	d, _ := desk(b, "")
	b.ResetTimer()
	fill(b, d, 1, b.N)
}

func BenchmarkVerify(b *testing.B) {
	d, s := desk(b, "")
	fill(b, d, 1, 20000)
	b.ResetTimer()
	for b.Loop() {
		if r := verify(b, s); !r.OK() {
			b.Fatal(r.Findings)
		}
	}
	b.ReportMetric(20000*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
}
