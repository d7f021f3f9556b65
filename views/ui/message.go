package ui

import (
	"strings"

	"okno/views/i18n"
)

// keyCaps are the shortcuts as keyboards print them.
var keyCaps = strings.NewReplacer("Control", "Ctrl", "Escape", "Esc", "BracketLeft", "[", "BracketRight", "]",
	"ArrowUp", "↑", "ArrowDown", "↓", "+", " + ")

func keyCap(name string) string { return keyCaps.Replace(name) }

// Message is a notice. Kind is info (also when empty), success, warning or danger.
type Message struct {
	Kind  string
	Title string
	Text  string
	// Passages come below the text.
	Passages []Passage
	// Link leads to what can be done about it.
	Link Link
	// Live has it read out when it appears; for notices that answer what was just done.
	Live bool
}

func (m Message) kind() string { return or(m.Kind, "info") }

func (m Message) icon() string {
	switch m.Kind {
	case "success":
		return "circle-check"
	case "warning":
		return "triangle-alert"
	case "danger":
		return "circle-x"
	default:
		return "info"
	}
}

// Passage is a text with its language, which is empty when it is that of the page.
type Passage struct {
	Text string
	Lang string
}

// Mark is a short status: an icon and a word, never colour alone. Kind is neutral (also when
// empty), info, success, warning or danger; Icon is chosen by the kind when empty.
type Mark struct {
	Kind string
	Icon string
	Text string
}

func (m Mark) kind() string { return or(m.Kind, "neutral") }

func (m Mark) icon() string {
	if m.Icon != "" {
		return m.Icon
	}
	switch m.Kind {
	case "", "neutral":
		return "circle-dashed"
	default:
		return Message{Kind: m.Kind}.icon()
	}
}

var statusLooks = map[string]Mark{
	"draft":                {Kind: "neutral", Icon: "pencil"},
	"checking":             {Kind: "info", Icon: "scan-line"},
	"queued":               {Kind: "info", Icon: "hourglass"},
	"in-review":            {Kind: "info", Icon: "eye"},
	"second-review":        {Kind: "info", Icon: "users"},
	"correction-requested": {Kind: "warning", Icon: "triangle-alert"},
	"approved":             {Kind: "success", Icon: "circle-check"},
	"rejected":             {Kind: "danger", Icon: "circle-x"},
	"withdrawn":            {Kind: "neutral", Icon: "undo-2"},
	"expired":              {Kind: "neutral", Icon: "ban"},
}

var laneLooks = map[string]Mark{
	"green":     {Kind: "success", Icon: "circle-check"},
	"normal":    {Kind: "neutral", Icon: "circle-dot"},
	"attention": {Kind: "warning", Icon: "flag"},
}

var verdictLooks = map[string]Mark{
	"pass":    {Kind: "success", Icon: "check"},
	"fail":    {Kind: "danger", Icon: "x"},
	"warn":    {Kind: "warning", Icon: "triangle-alert"},
	"unknown": {Kind: "neutral", Icon: "circle-help"},
	"pending": {Kind: "neutral", Icon: "hourglass"},
	"skipped": {Kind: "neutral", Icon: "minus"},
}

// StatusMark is the look and the word of a submission's status, by its code (in-review).
func StatusMark(lang, code string) Mark {
	return named(lang, "status.", code, statusLooks)
}

// LaneMark is the look and the word of a lane: green, normal or attention.
func LaneMark(lang, code string) Mark {
	return named(lang, "lane.", code, laneLooks)
}

// CheckMark is the look and the word of an automatic check's outcome: pass, warn, fail, skipped,
// unknown or pending.
func CheckMark(lang, code string) Mark {
	return named(lang, "check-mark.", code, verdictLooks)
}

func named(lang, prefix, code string, looks map[string]Mark) Mark {
	m := looks[code]
	m.Text = i18n.Text(lang, prefix+code)
	return m
}

// Confirm is a page that names what an act that cannot be taken back will do.
type Confirm struct {
	Title string
	Text  string
	// Consequences are what follows, one sentence each.
	Consequences []string
	PostURL      string
	CSRF         string
	// Hidden are further fields of the form, name and value.
	Hidden [][2]string
	Act    Action
	Cancel Link
}

// Empty is what a list says when nothing is in it.
type Empty struct {
	Icon  string
	Title string
	Text  string
	Link  Link
}
