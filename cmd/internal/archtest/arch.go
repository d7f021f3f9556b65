// Package archtest holds the import table of the house as data. Its test loads
// every package of the module and fails on an import that the table does not
// allow, so the architecture cannot rot quietly.
package archtest

import (
	"path"
	"slices"
	"strings"
)

// thirdParty marks imports from outside the module and the standard library.
const thirdParty = "third-party"

// rule says which imports a group of packages may have, besides the standard
// library. Patterns are path.Match patterns on module-relative package paths,
// or on the path of a third-party module.
type rule struct {
	packages []string
	may      []string
	never    []string // standard library packages that are out of bounds
}

// rules are tried in order; the first whose pattern matches a package applies.
var rules = []rule{
	{packages: []string{"review"}, never: []string{"net/http", "database/sql"}},
	{packages: []string{"review/reviewtest"}, may: []string{"review", "review/mrz"}},
	{
		packages: []string{"review/field", "review/mrz"},
		may:      []string{"review", "review/mrz", "golang.org/x/text/*", "golang.org/x/text/*/*", "golang.org/x/net/idna", "github.com/nyaruka/phonenumbers"},
		never:    []string{"net/http", "database/sql", "os"},
	},
	{packages: []string{"review/scan/walk", "review/scan/quality"}, may: []string{"review/mrz", "golang.org/x/image/*"}, never: []string{"net", "os", "database/sql"}},
	{packages: []string{"review/scan/ocrb", "review/scan/ocrb/glyphnet"}, may: []string{"review/mrz", "review/scan/ocrb/glyphnet"}, never: []string{"net", "net/http", "os", "database/sql"}},
	{packages: []string{"review/scan/ocrb/train"}, may: []string{"review/mrz", "review/scan/ocrb/glyphnet", "golang.org/x/image/*", "golang.org/x/image/*/*"}, never: []string{"net", "net/http", "database/sql"}},
	{packages: []string{"review/*/*"}, may: []string{"review", "review/*", thirdParty}},
	{packages: []string{"review/scan"}, may: []string{"review", "review/field", "review/mrz", "review/scan/walk", "review/scan/quality", "review/scan/ocrb", "review/scan/watermark", "golang.org/x/image/*"}, never: []string{"net/http", "database/sql"}},
	{packages: []string{"review/*"}, may: []string{"review", "review/field", "review/mrz", "golang.org/x/text/*", "golang.org/x/text/*/*"}, never: []string{"net/http", "database/sql"}},
	{packages: []string{"rbac"}, may: []string{"review", "github.com/casbin/casbin/*", "github.com/casbin/casbin/v2/*", "github.com/casbin/casbin/v2/*/*"}},
	{packages: []string{"db/*"}, may: []string{
		"review", "review/*", "db/*", "github.com/jmoiron/sqlx", "github.com/mattn/go-sqlite3", "github.com/tink-crypto/tink-go/*",
		"github.com/tink-crypto/tink-go/v2/*", "github.com/tink-crypto/tink-go/v2/*/*", "golang.org/x/crypto/*", "golang.org/x/mod/sumdb/*", "golang.org/x/sys/unix",
	}},
	{packages: []string{"static"}},
	{packages: []string{"views/*"}, may: []string{"github.com/a-h/templ", "github.com/a-h/templ/runtime", "static", "views/*"}},
	{packages: []string{"handlers/web"}, may: []string{"github.com/gofiber/fiber/v2", "github.com/a-h/templ", "review", "views/*"}},
	{packages: []string{"handlers"}, may: []string{"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp", "handlers/web", "review", "static", "views/link"}},
	{packages: []string{"handlers/webtest"}, may: []string{"handlers", "handlers/web", "rbac", "review", "github.com/PuerkitoBio/goquery"}},
	{packages: []string{"handlers/*"}, may: []string{"github.com/a-h/templ", "handlers/web", "review", "review/*", "views/*"}, never: []string{"database/sql", "net/http"}},
	{packages: []string{"cmd/*", "cmd/internal/*"}, may: []string{"*", "*/*", "*/*/*", "*/*/*/*", thirdParty}},
}

// capabilities must not import each other; neither must the HTTP sides of them.
func crossing(pkg, imported string) bool {
	if top, ok := under(pkg, "review/"); ok {
		other, ok := under(imported, "review/")
		return ok && other != top && other != "field" && other != "mrz" && other != "reviewtest"
	}
	if strings.HasPrefix(pkg, "handlers/") && pkg != "handlers/web" {
		return strings.HasPrefix(imported, "handlers/") && imported != "handlers/web"
	}
	return false
}

func under(pkg, prefix string) (string, bool) {
	rest, ok := strings.CutPrefix(pkg, prefix)
	top, _, _ := strings.Cut(rest, "/")
	return top, ok
}

// allowed reports whether pkg may import the given package. Both are relative
// to the module for its own packages; std tells a standard library import.
func allowed(pkg, imported string, own, std bool) bool {
	i := slices.IndexFunc(rules, func(r rule) bool { return matches(r.packages, pkg) })
	if i < 0 {
		return false
	}
	r := rules[i]
	switch {
	case std:
		return !slices.Contains(r.never, imported)
	case own && crossing(pkg, imported):
		return false
	case own:
		return matches(r.may, imported)
	default:
		return slices.Contains(r.may, thirdParty) || matches(r.may, imported)
	}
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, name)
		return ok
	})
}
