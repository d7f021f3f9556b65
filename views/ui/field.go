package ui

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Field is a labelled input: text, e-mail, telephone, password, code, file or several lines.
type Field struct {
	Name string
	// ID is Name when empty.
	ID    string
	Label string
	Hint  string
	// Error is the message shown at the field, the same words as in the summary.
	Error string
	Value string
	// Autocomplete and InputMode are the attributes of those names.
	Autocomplete string
	InputMode    string
	// Width is how many signs the box suggests: 2, 4, 6, 10, 20; empty is the full width.
	Width string
	// Lang is the language of what is typed, when it differs from the page's.
	Lang string
	// Mono shows document numbers and machine lines in the even-width font.
	Mono bool
	// Heading makes the label the page's h1, for pages with one question.
	Heading bool
	// ReadOnly shows the value without letting it be changed.
	ReadOnly bool
	// Rows is the height of a TextArea, 4 when zero.
	Rows int
	// Accept is the file types of a FileField, JPEG and PDF when empty.
	Accept string
	// MaxBytes lets the script measure a chosen file before sending; the server decides.
	MaxBytes int64
	Attrs    templ.Attributes
}

func (f Field) id() string { return or(f.ID, f.Name) }

func (f Field) describedBy() string { return describe(f.id(), f.Hint, f.Error) }

func describe(id, hint, fault string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	if fault != "" {
		ids = append(ids, id+"-error")
	}
	return strings.Join(ids, " ")
}

// DateBoxes is a date asked in three boxes named <Name>-day, <Name>-month and <Name>-year.
// BadDay, BadMonth and BadYear mark only the boxes that are wrong.
type DateBoxes struct {
	Name   string
	Legend string
	Hint   string
	Error  string
	Day    string
	Month  string
	Year   string

	BadDay, BadMonth, BadYear bool
	// Birthday adds the autocomplete values of a birth date.
	Birthday bool
	Heading  bool
}

// FocusID is the id of the first box that is wrong: where the error summary links to.
func (d DateBoxes) FocusID() string {
	switch {
	case d.BadDay:
		return d.Name + "-day"
	case d.BadMonth:
		return d.Name + "-month"
	case d.BadYear:
		return d.Name + "-year"
	default:
		return d.Name + "-day"
	}
}

// box is one of the three inputs of a date.
type box struct {
	id, label, value, width, auto string
	bad                           bool
	describedBy                   string
}

func (d DateBoxes) auto(part string) string {
	if d.Birthday {
		return "bday-" + part
	}
	return ""
}

// bad tells whether a box is wrong; when the date has an error but no box is named, all are.
func (d DateBoxes) bad(this bool) bool {
	if d.Error == "" {
		return false
	}
	return this || !(d.BadDay || d.BadMonth || d.BadYear)
}

// Option is one of several answers.
type Option struct {
	Value    string
	Label    string
	Hint     string
	Selected bool
	Disabled bool
	// Lang is the language of the label, when it differs from the page's.
	Lang string
}

// Choices is a question with given answers: radios, checkboxes or a select.
type Choices struct {
	Name string
	// ID is Name when empty; the first option of radios and checkboxes has it.
	ID      string
	Legend  string
	Hint    string
	Error   string
	Options []Option
	// Empty is the first, empty line of a Select, such as «Выберите страну».
	Empty string
	// Lang is the language of a Select's options, when it differs from the page's.
	Lang         string
	Autocomplete string
	// Inline puts short answers side by side.
	Inline  bool
	Heading bool
	Width   string
	Attrs   templ.Attributes
}

func (c Choices) id() string { return or(c.ID, c.Name) }

func (c Choices) describedBy() string { return describe(c.id(), c.Hint, c.Error) }

func (c Choices) optionID(i int) string {
	if i == 0 {
		return c.id()
	}
	return c.id() + "-" + string(rune('a'+i/26)) + string(rune('a'+i%26))
}

// Tick is a single checkbox; its value is "yes" unless Value says otherwise.
type Tick struct {
	Name    string
	ID      string
	Value   string
	Label   string
	Hint    string
	Error   string
	Checked bool
	Attrs   templ.Attributes
}

func (t Tick) id() string { return or(t.ID, t.Name) }

// Fault is one line of the error summary: the id of the field to go to and what to do there.
type Fault struct {
	Field string
	Text  string
}

// with fills in autocomplete and input mode where the caller named none.
func (f Field) with(autocomplete, mode string) Field {
	f.Autocomplete = or(f.Autocomplete, autocomplete)
	f.InputMode = or(f.InputMode, mode)
	return f
}

func (f Field) wide(width string) Field {
	f.Width = or(f.Width, width)
	return f
}

// empty drops the value: a password is never written into a page.
func (f Field) empty() Field {
	f.Value = ""
	return f
}

func (f Field) rows() string {
	if f.Rows <= 0 {
		return "4"
	}
	return strconv.Itoa(f.Rows)
}
