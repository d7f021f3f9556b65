// Package duplicatepage sets two cases side by side that a check takes for one person:
// what they have in common and how much that weighs, their documents, and the verdict
// on the pair.
package duplicatepage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Model is the page of a pair.
type Model struct {
	Page     layout.Page
	CSRF     string
	Back     string
	Mine     Side
	Other    Side
	Verdict  ui.Mark
	Score    string
	Features []Feature
	Papers   []Papers
	PostURL  string
	Choices  []Choice
	Judged   string // who decided what and when, in words
	Chosen   string
}

// Side is one of the two cases.
type Side struct {
	Number string
	URL    string // of the case, where the page is not its own
	Status string // code
	Track  string
	Sent   string
}

// Feature is one thing that was compared.
type Feature struct {
	Label  string
	Mine   string
	Other  string
	Mark   ui.Mark
	Weight string
	Kind   string // for, against
}

// Papers are the pictures of one slot on both sides.
type Papers struct {
	Label string
	Mine  []Picture
	Other []Picture
}

// Picture is one page.
type Picture struct {
	URL, Thumb, Alt string
}

// Choice is one verdict on the pair.
type Choice struct {
	Value, Label, Hint string
}
