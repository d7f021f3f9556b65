// Package signuppage is the beginning of a registration: the two questions that
// find the track, and the pages for whom the desk cannot serve. The rest of a
// registration is made of steppage.
package signuppage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Start is the two questions.
type Start struct {
	Page     layout.Page
	Back     string
	Faults   []ui.Fault
	Document ui.Choices
	Place    ui.Choices
	Post     string
	SignIn   string
}

// Outcome explains why there is nothing to apply for here.
type Outcome struct {
	Page  layout.Page
	Back  string
	Title string
	Lines []string
	Home  ui.Link
}
