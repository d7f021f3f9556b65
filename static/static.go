// Package static holds every file the browser loads that is the same for everybody:
// style sheets, scripts, icons, fonts and the vendored libraries.
//
// A template asks for an address by name:
//
//	<link rel="stylesheet" href={ static.URL("css/applicant.css") }/>
//
// The address carries a digest of the bytes (/static/3f9c2a7b51d0/css/applicant.css), so it may
// be cached for a year: other bytes have another address. The package knows no HTTP. The server
// calls Lookup with the path it was asked for and writes what it gets:
//
//	a, ok := static.Lookup(path) // a.Body, a.Gzip(), a.ContentType, a.ETag
//
// Two style sheets are put together from parts when the package is first used:
// css/applicant.css (tokens, base, applicant) and css/staff.css (tokens, dark, base, staff).
// Inside style sheets url(../fonts/x) is replaced by the digest address of that file.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
	"sync"
)

// Prefix starts every address this package hands out.
const Prefix = "/static/"

// CacheControl is the header value that goes with every asset found by Lookup.
const CacheControl = "public, max-age=31536000, immutable"

//go:embed css js img fonts vendor
var files embed.FS

// bundles names the style sheets that are put together from parts, in order.
var bundles = map[string][]string{
	"css/applicant.css": {"css/parts/tokens.css", "css/parts/base.css", "css/parts/applicant.css"},
	"css/staff.css":     {"css/parts/tokens.css", "css/parts/dark.css", "css/parts/base.css", "css/parts/staff.css", "css/parts/bench.css", "css/parts/viewer.css"},
}

// Asset is one file as it is sent.
type Asset struct {
	// Name is the name as given to URL, for example "js/desk.js".
	Name string
	// Path is the whole address with the digest.
	Path string
	// Body is the file as it is. Nobody may change it.
	Body []byte
	// ContentType is the value of the header of that name.
	ContentType string
	// ETag is the quoted digest.
	ETag string

	packed *packed
}

// packed is the gzip form of a body, made once when it is first wanted.
type packed struct {
	once sync.Once
	body []byte
}

// Gzip returns the body compressed, or nil when compression does not pay (fonts, images).
// It is made at the first call and kept; nobody may change it.
func (a Asset) Gzip() []byte {
	if a.packed == nil {
		return nil
	}
	a.packed.once.Do(func() {
		var b bytes.Buffer
		w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
		if err != nil {
			return
		}
		if _, err := w.Write(a.Body); err != nil {
			return
		}
		if err := w.Close(); err != nil {
			return
		}
		if b.Len() < len(a.Body) {
			a.packed.body = b.Bytes()
		}
	})
	return a.packed.body
}

// shelf is everything, by name and by address.
type shelf struct {
	byName map[string]Asset
	byPath map[string]Asset
}

var open = sync.OnceValue(load)

// URL returns the address of the named file. A name that does not exist gets an address that
// answers "not found"; a test checks every name used in templates.
func URL(name string) string {
	if a, ok := open().byName[name]; ok {
		return a.Path
	}
	return Prefix + "none/" + name
}

// Lookup finds the asset behind an address made by URL. Only the exact address with the
// current digest is found.
func Lookup(path string) (Asset, bool) {
	a, ok := open().byPath[path]
	return a, ok
}

// Names lists every asset, sorted.
func Names() []string {
	s := open()
	names := make([]string, 0, len(s.byName))
	for name := range s.byName {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func load() shelf {
	s := shelf{byName: map[string]Asset{}, byPath: map[string]Asset{}}
	var sheets []string
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		switch {
		case d.IsDir(), strings.HasPrefix(name, "css/parts/"):
		case path.Ext(name) == ".css":
			sheets = append(sheets, name)
		default:
			s.put(name, read(name))
		}
		return nil
	})
	if err != nil {
		panic("static: embedded files cannot be walked: " + err.Error())
	}
	// Style sheets come last: they carry the addresses of the others.
	for _, name := range sheets {
		s.put(name, s.linked(read(name)))
	}
	for name, parts := range bundles {
		var whole []byte
		for _, part := range parts {
			whole = append(append(whole, read(part)...), '\n')
		}
		s.put(name, s.linked(whole))
	}
	return s
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic("static: " + err.Error())
	}
	return b
}

var (
	reference = regexp.MustCompile(`url\(["']?(?:\.\./)+([^"')]+)["']?\)`)
	remark    = regexp.MustCompile(`(?s)/\*.*?\*/\s*`)
	indent    = regexp.MustCompile(`\n\s*`)
)

// linked prepares a style sheet: remarks and indents go, references get their digest address.
func (s shelf) linked(sheet []byte) []byte {
	sheet = remark.ReplaceAll(sheet, nil)
	sheet = indent.ReplaceAll(sheet, []byte("\n"))
	return reference.ReplaceAllFunc(sheet, func(m []byte) []byte {
		name := string(reference.FindSubmatch(m)[1])
		a, ok := s.byName[name]
		if !ok {
			panic("static: a style sheet refers to " + name + ", which does not exist")
		}
		return []byte(`url("` + a.Path + `")`)
	})
}

func (s shelf) put(name string, body []byte) {
	sum := sha256.Sum256(body)
	digest := hex.EncodeToString(sum[:8])
	a := Asset{
		Name:        name,
		Path:        Prefix + digest + "/" + name,
		Body:        body,
		ContentType: contentType(name),
		ETag:        `"` + digest + `"`,
	}
	switch path.Ext(name) {
	case ".woff2", ".png", ".ico":
	default:
		a.packed = &packed{}
	}
	s.byName[name] = a
	s.byPath[a.Path] = a
}

// contentType is fixed by the ending; the system's type table is not asked.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	case ".png":
		return "image/png"
	case ".txt", "":
		return "text/plain; charset=utf-8"
	default:
		return "application/octet-stream"
	}
}
