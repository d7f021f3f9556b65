package static

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestAnAssetIsFoundByItsAddressOnly(t *testing.T) {
	url := URL("css/staff.css")
	a, ok := Lookup(url)
	if !ok || a.Name != "css/staff.css" || a.Path != url || !strings.HasPrefix(a.ContentType, "text/css") {
		t.Fatalf("%s: %v %+v", url, ok, a.Name)
	}
	if !strings.Contains(url, strings.Trim(a.ETag, `"`)) {
		t.Errorf("the address %s does not carry the digest %s", url, a.ETag)
	}
	for _, wrong := range []string{"", "/static/", "/static/css/staff.css", strings.ToUpper(url), url + "/", "/static/0000000000000000/css/staff.css", URL("no/such.css"), "/static/../static.go"} {
		if _, ok := Lookup(wrong); ok {
			t.Errorf("%q is found", wrong)
		}
	}
}

func TestNoSourcePartsTestDataOrDotFilesAreServed(t *testing.T) {
	for _, name := range Names() {
		if strings.HasPrefix(name, "css/parts/") || strings.Contains(name, "testdata") || strings.HasSuffix(name, ".go") {
			t.Errorf("%s is served", name)
		}
	}
}

func TestGzipUnpacksToTheBody(t *testing.T) {
	for _, name := range Names() {
		a, _ := Lookup(URL(name))
		packed := a.Gzip()
		if packed == nil {
			continue
		}
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(body, a.Body) {
			t.Errorf("%s unpacks to something else: %v", name, err)
		}
	}
	if a, _ := Lookup(URL("fonts/golos-text-cyrillic.woff2")); a.Gzip() != nil {
		t.Error("a font is compressed twice")
	}
}

func TestStyleSheetsReferToDigestAddresses(t *testing.T) {
	for _, name := range []string{"css/fonts.css", "css/applicant.css", "css/staff.css"} {
		a, _ := Lookup(URL(name))
		for _, m := range regexp.MustCompile(`url\("?([^")]+)`).FindAllSubmatch(a.Body, -1) {
			if _, ok := Lookup(string(m[1])); !ok {
				t.Errorf("%s refers to %s", name, m[1])
			}
		}
	}
}

// packedSize is the number of bytes the named assets take on the wire.
func packedSize(t *testing.T, names ...string) int {
	t.Helper()
	n := 0
	for _, name := range names {
		a, ok := Lookup(URL(name))
		if !ok {
			t.Fatalf("no asset %s", name)
		}
		n += len(a.Gzip())
	}
	return n
}

func TestBytesStayInTheirBudget(t *testing.T) {
	for _, c := range []struct {
		what  string
		limit int
		names []string
	}{
		{"applicant scripts", 8 << 10, []string{"js/form.js", "js/applicant.js"}},
		{"applicant scripts with htmx", 24 << 10, []string{"js/form.js", "js/applicant.js", "vendor/htmx-2.0.11.min.js"}},
		{"applicant styles", 12 << 10, []string{"css/applicant.css", "css/fonts.css"}},
		{"staff scripts", 40 << 10, []string{"js/form.js", "js/desk.js", "js/viewer-stage.js", "js/viewer.js", "js/viewer-box.js", "vendor/htmx-2.0.11.min.js"}},
		{"staff styles", 20 << 10, []string{"css/staff.css", "css/fonts.css"}},
	} {
		if n := packedSize(t, c.names...); n > c.limit {
			t.Errorf("%s: %d bytes, more than %d", c.what, n, c.limit)
		}
	}
}

func TestVendoredFilesAreTheRecordedOnesWithTheirLicences(t *testing.T) {
	f, err := os.Open("vendor/SHA256SUMS")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	recorded := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		sum, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok {
			t.Fatalf("cannot read %q", lines.Text())
		}
		recorded[name] = sum
	}
	found, err := filepath.Glob("vendor/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		name := filepath.Base(file)
		if name == "SHA256SUMS" {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if recorded[name] != hex.EncodeToString(sum[:]) {
			t.Errorf("%s is not the recorded file", name)
		}
		delete(recorded, name)
		if strings.HasSuffix(name, ".min.js") {
			if _, err := os.Stat("vendor/" + strings.TrimSuffix(name, ".min.js") + ".LICENSE.txt"); err != nil {
				t.Errorf("%s has no licence beside it", name)
			}
		}
	}
	for name := range recorded {
		t.Errorf("%s is recorded but not there", name)
	}
	for _, licence := range []string{"fonts/golos-text.LICENSE.txt", "fonts/jetbrains-mono.LICENSE.txt", "img/lucide-1.62.0.LICENSE.txt", "testdata/axe/LICENSE.txt"} {
		if _, err := os.Stat(licence); err != nil {
			t.Error(err)
		}
	}
}

// Own scripts must run under the policy of the pages they are on.
func TestOwnScriptsNeedNoInlineCodeAndNoStorage(t *testing.T) {
	banned := regexp.MustCompile(`\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|new Function|DOMParser|localStorage|setItem|createContextualFragment|srcdoc)\b`)
	for _, name := range Names() {
		if !strings.HasPrefix(name, "js/") {
			continue
		}
		a, _ := Lookup(URL(name))
		if m := banned.Find(a.Body); m != nil {
			t.Errorf("%s uses %s", name, m)
		}
	}
}

var token = regexp.MustCompile(`--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})`)

// themes reads the colours of the light theme and of both spellings of the dark one.
func themes(t *testing.T) map[string]map[string]string {
	t.Helper()
	colours := func(css string) map[string]string {
		m := map[string]string{}
		for _, pair := range token.FindAllStringSubmatch(css, -1) {
			m[pair[1]] = pair[2]
		}
		return m
	}
	read := func(name string) string {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	light := colours(read("css/parts/tokens.css"))
	auto, rest, ok := strings.Cut(read("css/parts/dark.css"), ":root[data-theme=dark]{")
	if !ok {
		t.Fatal("the dark theme cannot be found")
	}
	all := map[string]map[string]string{"light": light}
	for name, css := range map[string]string{"dark by system": auto, "dark by choice": rest} {
		m := map[string]string{}
		for k, v := range light {
			m[k] = v
		}
		for k, v := range colours(css) {
			m[k] = v
		}
		all[name] = m
	}
	return all
}

func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(strings.TrimPrefix(colour, "#"), 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func TestContrastOfEveryTheme(t *testing.T) {
	surfaces := []string{"surface", "surface-2", "surface-3"}
	type pair struct {
		front string
		backs []string
		least float64
	}
	pairs := []pair{
		{"ink", append([]string{"info-bg", "success-bg", "warning-bg", "danger-bg"}, surfaces...), 7},
		{"ink-2", surfaces, 4.5},
		{"hint", surfaces, 4.5},
		{"brand", append([]string{"info-bg"}, surfaces...), 4.5},
		{"brand-hover", surfaces, 4.5},
		{"info", []string{"info-bg"}, 4.5},
		{"danger", []string{"danger-bg", "surface", "surface-2"}, 4.5},
		{"danger", []string{"warning-bg"}, 4.5},
		{"success", []string{"success-bg", "surface", "surface-2"}, 4.5},
		{"warning", []string{"warning-bg", "surface", "surface-2", "info-bg"}, 4.5},
		{"on-button", []string{"button", "button-hover", "danger-button", "danger-button-hover"}, 4.5},
		{"border", []string{"surface", "surface-2"}, 3},
		{"on-stage", []string{"stage"}, 4.5},
		{"chart-1", []string{"surface"}, 4.5}, {"chart-2", []string{"surface"}, 4.5}, {"chart-3", []string{"surface"}, 4.5},
		{"chart-4", []string{"surface"}, 4.5}, {"chart-5", []string{"surface"}, 4.5},
	}
	for theme, colours := range themes(t) {
		for _, p := range pairs {
			for _, back := range p.backs {
				front, ground := colours[p.front], colours[back]
				if front == "" || ground == "" {
					t.Fatalf("%s: no colour %s or %s", theme, p.front, back)
				}
				if c := contrast(t, front, ground); c < p.least {
					t.Errorf("%s: %s on %s is %.2f, less than %.1f", theme, p.front, back, c, p.least)
				}
			}
		}
		// The focus ring: ink next to the surface, and the halo next to the ink or the surface.
		if c := math.Max(contrast(t, colours["ink"], colours["surface"]), contrast(t, colours["halo"], colours["surface"])); c < 3 {
			t.Errorf("%s: the focus ring is %.2f", theme, c)
		}
	}
	both := themes(t)
	for name, colour := range both["dark by system"] {
		if both["dark by choice"][name] != colour {
			t.Errorf("the dark themes differ in %s", name)
		}
	}
}

func TestEveryAssetNamedInTheProgramExists(t *testing.T) {
	use := regexp.MustCompile(`static\.URL\("([^"]+)"\)`)
	for _, root := range []string{"../views", "../handlers"} {
		err := filepath.WalkDir(root, func(file string, d os.DirEntry, err error) error {
			if err != nil {
				if os.IsNotExist(err) {
					return filepath.SkipDir
				}
				return err
			}
			if ext := filepath.Ext(file); d.IsDir() || (ext != ".templ" && ext != ".go") {
				return nil
			}
			body, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, m := range use.FindAllSubmatch(body, -1) {
				if _, ok := Lookup(URL(string(m[1]))); !ok {
					t.Errorf("%s: there is no asset %s", file, m[1])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
