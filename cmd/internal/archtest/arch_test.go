package archtest

import (
	"encoding/json"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

type pkg struct {
	ImportPath string
	Dir        string
	Imports    []string
	Standard   bool
}

func module(t *testing.T) (pkgs []pkg) {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports", "okno/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	for d.More() {
		var p pkg
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 10 {
		t.Fatalf("only %d packages found", len(pkgs))
	}
	return pkgs
}

func relative(importPath string) (string, bool) {
	rest, ok := strings.CutPrefix(importPath, "okno/")
	return rest, ok
}

func TestImportsFollowTheTable(t *testing.T) {
	for _, p := range module(t) {
		name, _ := relative(p.ImportPath)
		for _, imported := range p.Imports {
			rel, own := relative(imported)
			if !own {
				rel = imported
			}
			std := !own && !strings.Contains(strings.Split(imported, "/")[0], ".")
			if imported == "C" || std && strings.HasPrefix(imported, "internal/") {
				continue
			}
			if !allowed(name, rel, own, std) {
				t.Errorf("%s must not import %s", name, rel)
			}
		}
	}
}

func TestPackageNamesOccurOnce(t *testing.T) {
	seen := map[string]string{}
	for _, p := range module(t) {
		base := path.Base(p.ImportPath)
		if other, ok := seen[base]; ok {
			t.Errorf("%s and %s share a name", p.ImportPath, other)
		}
		seen[base] = p.ImportPath
	}
}

func TestTopLevelIsAgreed(t *testing.T) {
	agreed := []string{"cmd", "handlers", "views", "review", "rbac", "db", "static"}
	for _, p := range module(t) {
		name, _ := relative(p.ImportPath)
		if top, _, _ := strings.Cut(name, "/"); !slices.Contains(agreed, top) {
			t.Errorf("%s is outside the agreed folders", p.ImportPath)
		}
	}
}

func TestNobodyNamesADrawer(t *testing.T) {
	drawers := []string{"utils.go", "util.go", "helpers.go", "helper.go", "common.go", "types.go", "misc.go"}
	for _, p := range module(t) {
		files, err := filepath.Glob(filepath.Join(p.Dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if slices.Contains(drawers, filepath.Base(f)) {
				t.Errorf("%s is a drawer", f)
			}
		}
	}
}

func TestTheTableCanRefuse(t *testing.T) {
	for _, c := range []struct {
		pkg, imported string
		own, std      bool
	}{
		{"review", "net/http", false, true},
		{"review", "db/sqlite", true, false},
		{"review/verdict", "review/queue", true, false},
		{"review/verdict", "github.com/gofiber/fiber/v2", false, false},
		{"db/scanstore", "handlers/web", true, false},
		{"views/queuepage", "review", true, false},
		{"handlers/queueweb", "handlers/verdictweb", true, false},
		{"handlers/queueweb", "db/sqlite", true, false},
		{"handlers/web", "rbac", true, false},
		{"rbac", "db/sqlite", true, false},
	} {
		if allowed(c.pkg, c.imported, c.own, c.std) {
			t.Errorf("%s may import %s", c.pkg, c.imported)
		}
	}
}
