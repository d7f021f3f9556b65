// Package reportpage is the supervisor's activity report: figures, one drawing
// beside the same numbers as a table, reasons, people and groups.
//
// Everything arrives in the reader's language; the page itself only knows its
// own headings.
package reportpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Tab is one of the ready periods.
type Tab struct {
	Label   string
	URL     string
	Current bool
}

// Model is the whole report.
type Model struct {
	Page    layout.Page
	Period  string // in words
	Tabs    []Tab
	CSV     string // empty when the reader may not export
	Faults  []ui.Fault
	From    ui.DateBoxes
	To      ui.DateBoxes
	Tracks  []ui.Option
	Action  string
	Empty   bool // nothing happened in the period
	Widest  string
	Figures []ui.Number
	Chart   Chart

	Days, Within, Reasons, Reviewers, Groups, Citizenships, Open ui.Data
}

// Chart is a drawing of numbers per day, computed by the handler.
type Chart struct {
	Title, Description string
	Width, Height      string
	Grid               []Rule
	Axis               string // path of the axis
	Lines              []Line
	Days               []Label
}

// Rule is a level across the drawing.
type Rule struct {
	Path string
	Mark Label
}

// Line is one series. Class is c1 … c5; Dots are drawn when they are few.
type Line struct {
	Class string
	Path  string
	Dots  []Dot
	Label Label
}

// Dot is a point of a line.
type Dot struct{ X, Y string }

// Label is a text at a place; Anchor is start, middle or end.
type Label struct{ X, Y, Text, Anchor string }
