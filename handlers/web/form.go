package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"okno/review"
	"okno/views/ui"
)

const (
	maxFields     = 200
	maxFieldBytes = 16 << 10
	csrfField     = ui.CSRFField
)

// Form is a decoded request body: named fields and at most one file. The query
// string is never part of it.
type Form struct {
	values map[string][]string
	file   *Upload
}

// Upload is the file of an upload form. Name is for display only.
type Upload struct {
	Name     string
	Body     []byte // at most MaxFile + 1 bytes; one more than MaxFile means too large
	TooLarge bool
}

// Value returns the field's value, empty if it is absent.
func (f *Form) Value(name string) string {
	if v := f.values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Values returns every value of a field, for groups of checkboxes.
func (f *Form) Values(name string) []string { return f.values[name] }

// Has reports whether the field was sent.
func (f *Form) Has(name string) bool { return len(f.values[name]) > 0 }

// Version is the version of the submission that the person saw. A form without one, or with
// nonsense, saw none that can be right: -1, which is stale.
func (f *Form) Version() int64 {
	v, err := strconv.ParseInt(f.Value("version"), 10, 64)
	if err != nil || v <= 0 {
		return -1
	}
	return v
}

// Names lists the fields that were sent, without the CSRF token.
func (f *Form) Names() (names []string) {
	for n := range f.values {
		if n != csrfField {
			names = append(names, n)
		}
	}
	return names
}

// File returns the uploaded file; ok is false when none was chosen.
func (f *Form) File() (u Upload, ok bool) {
	if f.file == nil {
		return Upload{}, false
	}
	return *f.file, true
}

var errBadForm = &review.Error{Kind: review.Invalid, Code: "bad-form"}

// Form returns the decoded body, of which nothing is kept but copies. Errors are review.Invalid (malformed) or
// review.TooLarge.
func (c *Ctx) Form() (*Form, error) {
	if c.form == nil && c.formErr == nil {
		body, size := c.body()
		c.form, c.formErr = decodeForm(c.f.Get("Content-Type"), body, size, c.route.Upload)
	}
	return c.form, c.formErr
}

// Switched reports whether a form was sent along with the language switch: its page is
// owed in the language that was chosen, with what was typed, and nothing is done.
func (c *Ctx) Switched(f *Form) bool {
	lang := f.Value(ui.SwitchName)
	if !slices.Contains(c.languages(), lang) {
		return false
	}
	c.SetLanguage(lang)
	return true
}

// body is the body of the request and its size.
func (c *Ctx) body() (io.Reader, int) {
	if s := SpoolOf(c.f.Context()); s != nil {
		return s.Reader(), s.Size()
	}
	body := c.f.Request().Body()
	return bytes.NewReader(body), len(body)
}

func decodeForm(contentType string, body io.Reader, size int, upload bool) (*Form, error) {
	if contentType == "" && size == 0 {
		return &Form{}, nil
	}
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return nil, errBadForm
	}
	switch {
	case kind == "application/x-www-form-urlencoded" && size <= MaxForm:
		return decodeURLEncoded(body)
	case kind == "multipart/form-data" && upload:
		return decodeMultipart(body, size, params["boundary"])
	}
	return nil, errBadForm
}

func decodeURLEncoded(r io.Reader) (*Form, error) {
	body, err := io.ReadAll(r)
	if err != nil || bytes.Count(body, []byte{'&'}) >= maxFields {
		return nil, errBadForm
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, errBadForm
	}
	for name, list := range values {
		if !clean(name) {
			return nil, errBadForm
		}
		for _, v := range list {
			if len(v) > maxFieldBytes || !clean(v) {
				return nil, errBadForm
			}
		}
	}
	return &Form{values: values}, nil
}

// clean refuses invalid UTF-8 and control characters other than line ends and tabs.
func clean(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

func decodeMultipart(body io.Reader, size int, boundary string) (*Form, error) {
	if boundary == "" {
		return nil, errBadForm
	}
	f := &Form{values: map[string][]string{}}
	r := multipart.NewReader(body, boundary)
	for n := 0; ; n++ {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil || n >= maxFields || p.FormName() == "" || !clean(p.FormName()) {
			return nil, errBadForm
		}
		_, params, _ := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
		if name, isFile := params["filename"]; isFile {
			if err := f.readFile(p, name, size); err != nil {
				return nil, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(p, maxFieldBytes+1))
		if err != nil || len(value) > maxFieldBytes || !clean(string(value)) {
			return nil, errBadForm
		}
		f.values[p.FormName()] = append(f.values[p.FormName()], string(value))
	}
}

func (f *Form) readFile(p *multipart.Part, name string, size int) error {
	if name == "" {
		size = min(size, maxFieldBytes)
	} else if f.file != nil {
		return errBadForm
	}
	body := make([]byte, min(size, MaxFile+1)) // at once: growing would leave twice as much behind
	n, err := io.ReadFull(p, body)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return errBadForm
	}
	body = body[:n]
	if name == "" && len(body) == 0 { // the browser's way to say that no file was chosen
		return nil
	}
	if f.file != nil {
		return errBadForm
	}
	f.file = &Upload{Name: fileName(name), Body: body, TooLarge: len(body) > MaxFile}
	return nil
}

// fileName cuts a client's file name down to something that can be shown: the
// last path element, without control and direction characters, at most 100
// characters, its extension kept.
func fileName(s string) string {
	s = path.Base(strings.ReplaceAll(strings.ToValidUTF8(s, ""), `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 100 {
		ext := []rune(path.Ext(s))
		if len(ext) > 10 {
			ext = nil
		}
		s = string(r[:100-len(ext)]) + string(ext)
	}
	if s == "." || s == "/" {
		return ""
	}
	return s
}

func disposition(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": fileName(name)})
}
