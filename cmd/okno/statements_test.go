package main

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"okno/db/migrations"
	"okno/db/sqlite"
	"okno/review"
)

// statements remembers every statement that the tests of this package have sent
// to a database, and from where.
type statements struct {
	mu   sync.Mutex
	from map[string]map[place]bool // by text
}

// place is a line of the program.
type place struct {
	file string // relative to the module
	line int
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.line) }

// asked is filled from the first test on; TestMain watches.
var asked = &statements{from: map[string]map[place]bool{}}

func (s *statements) see(query string) {
	p := outside()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from[query] == nil {
		s.from[query] = map[place]bool{}
	}
	s.from[query][p] = true
}

// outside is the first line outside of package sqlite that led here.
func outside() place {
	pcs := make([]uintptr, 12)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "okno/db/sqlite.") {
			_, file, _ := strings.Cut(f.File, moduleRoot+string(filepath.Separator))
			return place{filepath.ToSlash(file), f.Line}
		}
		if !more {
			return place{}
		}
	}
}

// moduleRoot is the folder of go.mod: two above this file.
var moduleRoot = func() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}()

func (s *statements) all() map[string][]place {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := map[string][]place{}
	for query, from := range s.from {
		all[query] = slices.SortedFunc(maps.Keys(from), func(a, b place) int { return strings.Compare(a.String(), b.String()) })
	}
	return all
}

// small tables do not grow with the number of submissions: people and steps of
// the house, one row per view, per rule, per signed statement or per kind of upkeep.
var small = []string{"staff", "schema_migrations", "sqlite_master", "sqlite_schema", "checkpoints", "queue_counts", "check_rules", "search_filled", "activity_summed"}

// short indexes hold open work only, or what a command line asks for once.
var short = map[string]string{
	"submissions_desk":          "cases in the line or in somebody's hands, by deadline, with a limit",
	"submissions_desk_returned": "the same after corrections",
	"submissions_second_list":   "second reviews, by deadline, with a limit",
	"submissions_queue":         "cases in the line, in the order in which they are served, with a limit",
	"submissions_second_next":   "second reviews in the order in which they are served, with a limit",
	"submissions_second_plain":  "the same without those for senior reviewers",
	"outbox_open":               "messages that wait to be sent",
	"outbox_dead":               "messages that were given up",
	"outbox_lost":               "the same, by submission",
	"accounts_suspended":        "accounts that \"this was not me\" has closed, with a limit",
	"submissions_appeals":       "cases that an appeal brought back, by deadline, with a limit",
	"submissions_appeal":        "appeals that wait for their answer, by deadline, with a limit",
	"history_at":                "the newest entries of the log, with a limit",
}

// walks are statements that read a table from one end and stop at their limit,
// or that are meant to read all of it; each with the reason.
var walks = map[string]string{
	`SELECT seq, hash FROM history ORDER BY seq DESC LIMIT 1`: "the last entry",
	`SELECT COALESCE(MAX(seq), 0) FROM history`:               "the last entry",
	`SELECT seq, id, kind, channel, account, submission, language, owner_kind, owner_id, body, status, attempts, next_at, created_at, sent_at, expires_at, last_error FROM outbox ORDER BY seq DESC LIMIT ?`: "the newest messages, for a demo's mailbox",
	`SELECT count(*) FROM history_tree WHERE idx < ? OR NOT EXISTS (SELECT 1 FROM history WHERE seq > ?)`:                                                                                                    "okno audit verify reads the whole record",
}

// scanning is a line of a plan that reads a table or an index from one end to the other.
var scanning = regexp.MustCompile(`^SCAN (\S+)(?: USING (?:COVERING )?INDEX (\S+))?`)

// constant names what is no table: rows made by the statement itself.
var constant = regexp.MustCompile(`(?i)^(CONSTANT|\(subquery|\(join|next$|k$|\d+-ROW)`)

// faults lists the lines of a statement's plan that scan something that grows.
func faults(rx *sqlite.Rx, query string) (found []string, err error) {
	if walks[strings.Join(strings.Fields(query), " ")] != "" {
		return nil, nil
	}
	var plan []struct {
		ID      int    `db:"id"`
		Parent  int    `db:"parent"`
		NotUsed int    `db:"notused"`
		Detail  string `db:"detail"`
	}
	args := make([]any, strings.Count(query, "?"))
	if err := rx.Select(&plan, "EXPLAIN QUERY PLAN "+query, args...); err != nil {
		return nil, err
	}
	for _, step := range plan {
		m := scanning.FindStringSubmatch(step.Detail)
		if m == nil || constant.MatchString(m[1]) || slices.Contains(small, tableOf(query, m[1])) || short[m[2]] != "" {
			continue
		}
		found = append(found, step.Detail)
	}
	return found, nil
}

// tableOf is the table behind an alias of the statement.
func tableOf(query, alias string) string {
	if m := regexp.MustCompile(`(?i)\b([a-z_]+)\s+(?:AS\s+)?` + regexp.QuoteMeta(alias) + `\b`).FindStringSubmatch(query); m != nil {
		switch strings.ToUpper(m[1]) {
		case "FROM", "JOIN", "UPDATE", "INTO", "AS":
		default:
			return m[1]
		}
	}
	return alias
}

// explained is what SQLite plans for: no schema changes, no settings.
var explained = regexp.MustCompile(`(?i)^\s*(SELECT|WITH|INSERT|UPDATE|DELETE|REPLACE)\b`)

// check explains every statement against the present schema.
func (s *statements) check(ctx context.Context, dir string) (problems []string, err error) {
	db, err := sqlite.Open(ctx, filepath.Join(dir, "plans.db"))
	if err != nil {
		return nil, err
	}
	defer db.Close()
	if err := migrations.Apply(ctx, db, review.SystemClock{}); err != nil {
		return nil, err
	}
	all := s.all()
	err = db.Read(ctx, func(rx *sqlite.Rx) error {
		for _, query := range slices.Sorted(maps.Keys(all)) {
			if !explained.MatchString(query) || !fromProgram(all[query]) {
				continue
			}
			found, err := faults(rx, query)
			if err != nil {
				return fmt.Errorf("%v: %s: %w", all[query], query, err)
			}
			for _, line := range found {
				problems = append(problems, fmt.Sprintf("%v\n\t%s\n\t%s", all[query], line, strings.Join(strings.Fields(query), " ")))
			}
		}
		return nil
	})
	return problems, err
}

// fromProgram reports whether a statement stands outside of tests and of
// measurements.
func fromProgram(places []place) bool {
	return slices.ContainsFunc(places, func(p place) bool {
		return p.file != "" && !strings.HasSuffix(p.file, "_test.go") && !strings.HasPrefix(p.file, "cmd/okno/bench")
	})
}

// callSite is a call that sends a statement. Its text is empty where it is put
// together while the program runs.
type callSite struct {
	place
	end  int
	text string
}

// sites lists every line of the program from which a statement is sent.
func sites(root string) (list []callSite, err error) {
	folders := map[string]*[]string{}
	for _, dir := range []string{"db", "cmd/okno"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if rel, _ := filepath.Rel(root, path); strings.HasPrefix(filepath.ToSlash(rel), "db/sqlite/") || strings.HasPrefix(filepath.Base(path), "bench") {
				return nil // the pools themselves; what a measurement asks for is no part of the desk
			}
			folder := folders[filepath.Dir(path)]
			if folder == nil {
				folder = new([]string)
				folders[filepath.Dir(path)] = folder
			}
			*folder = append(*folder, path)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	for _, files := range folders {
		found, err := sitesIn(root, *files)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// argument is which argument of a method is the statement.
var argument = map[string]int{"Get": 1, "Select": 1, "Query": 0, "Exec": 0, "Change": 0}

// sitesIn reads the files of one package.
func sitesIn(root string, paths []string) (list []callSite, err error) {
	set := token.NewFileSet()
	texts := texts{}
	var files []*ast.File
	for _, path := range paths {
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		texts.learn(file)
	}
	for _, file := range files {
		rel, err := filepath.Rel(root, set.Position(file.Pos()).Filename)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			at, sends := argument[sel.Sel.Name]
			if on, ok := sel.X.(*ast.Ident); !sends || !ok || on.Name != "rx" && on.Name != "tx" || len(call.Args) <= at {
				return true
			}
			text, known := texts.of(call.Args[at])
			if !known {
				text = ""
			}
			list = append(list, callSite{place{filepath.ToSlash(rel), set.Position(call.Pos()).Line}, set.Position(call.End()).Line, text})
			return true
		})
	}
	return list, nil
}

// texts are the constants of a package that hold text, by name.
type texts map[string]ast.Expr

func (t texts) learn(file *ast.File) {
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			for i := range v.Values {
				t[v.Names[i].Name] = v.Values[i]
			}
		}
	}
}

// of evaluates an expression of texts, names of constants and sums of both.
func (t texts) of(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.Ident:
		if value, ok := t[e.Name]; ok {
			return t.of(value)
		}
	case *ast.BinaryExpr:
		left, ok := t.of(e.X)
		right, also := t.of(e.Y)
		return left + right, ok && also && e.Op == token.ADD
	case *ast.ParenExpr:
		return t.of(e.X)
	}
	return "", false
}

// add puts the statements that stand in the source as they are beside those that
// were seen.
func (s *statements) add(all []callSite) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, at := range all {
		if at.text == "" {
			continue
		}
		if s.from[at.text] == nil {
			s.from[at.text] = map[place]bool{}
		}
		s.from[at.text][at.place] = true
	}
}

// silent lists the sites that put a statement together and were not come by.
func (s *statements) silent(all []callSite) (list []string) {
	seen := map[place]bool{}
	for _, places := range s.all() {
		for _, p := range places {
			seen[p] = true
		}
	}
	for _, at := range all {
		met := at.text != ""
		for line := at.line; line <= at.end; line++ {
			met = met || seen[place{at.file, line}]
		}
		if !met {
			list = append(list, at.String())
		}
	}
	return list
}

// afterwards looks at everything that the tests have asked for. It is called by
// TestMain when they have run, and reports whether all is well. When all of them
// ran, it also names the places that put a statement together and were not come by.
func (s *statements) afterwards(whole bool) bool {
	dir, err := os.MkdirTemp("", "plans")
	if err != nil {
		fmt.Println(err)
		return false
	}
	defer os.RemoveAll(dir)
	problems, err := s.check(context.Background(), dir)
	if err != nil {
		fmt.Println(err)
		return false
	}
	for _, p := range problems {
		fmt.Printf("a statement reads a whole table that grows: %s\n", p)
	}
	if !whole {
		return len(problems) == 0
	}
	all, err := sites(moduleRoot)
	if err != nil {
		fmt.Println(err)
		return false
	}
	silent := s.silent(all)
	for _, at := range silent {
		fmt.Printf("no test of this package came by the statement of %s: its plan is unknown\n", at)
	}
	return len(problems) == 0
}

// Every statement that stands in the source is answered through an index, or
// reads only what stays small. Those that are put together while the program
// runs are looked at after all tests.
func TestStatementsUseIndexes(t *testing.T) {
	t.Parallel()
	all, err := sites(moduleRoot)
	if err != nil {
		t.Fatal(err)
	}
	own := &statements{from: map[string]map[place]bool{}}
	own.add(all)
	if len(all) < 100 || len(own.from) < 80 {
		t.Fatalf("only %d places and %d statements were found", len(all), len(own.from))
	}
	problems, err := own.check(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("a statement reads a whole table that grows: %s", p)
	}
}

// A statement without an index is noticed.
func TestScansAreNoticed(t *testing.T) {
	t.Parallel()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "plans.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrations.Apply(t.Context(), db, review.SystemClock{}); err != nil {
		t.Fatal(err)
	}
	if err := db.Read(t.Context(), func(rx *sqlite.Rx) error {
		for query, bad := range map[string]bool{
			`SELECT id FROM submissions WHERE language = ?`:                                                         true,
			`SELECT COUNT(*) FROM submissions`:                                                                      true,
			`SELECT s.id FROM submissions AS s JOIN staff ON staff.id = s.first_by WHERE s.round = ?`:               true,
			`UPDATE submissions SET language = ? WHERE language = ?`:                                                true,
			`SELECT h.seq FROM history h JOIN submissions s ON s.id = h.submission WHERE h.seq > ? LIMIT ?`:         false,
			`SELECT id FROM submissions WHERE id = ?`:                                                               false,
			`SELECT id, name FROM staff ORDER BY name`:                                                              false,
			`WITH RECURSIVE next (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM next WHERE n < ?) SELECT n FROM next`: false,
		} {
			found, err := faults(rx, query)
			if err != nil {
				return err
			}
			if (len(found) > 0) != bad {
				t.Errorf("%s: %v", query, found)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
