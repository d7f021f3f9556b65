// Package waybackpage is how staff let somebody in again: an applicant whose
// account "this was not me" has closed, a colleague who is locked out. One asks,
// another agrees.
package waybackpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// List is the closed accounts.
type List struct {
	Page layout.Page
	Hint string
	Data ui.Data
	None ui.Empty
}

// Model is one person: what is known, where the request stands, what can be done.
type Model struct {
	Page   layout.Page
	Back   string
	Faults []ui.Fault
	Rows   []ui.Row
	Notice *ui.Message
	// Follows is what happens, one sentence each.
	FollowsTitle string
	Follows      []string
	Forms        []Form
}

// Form is one thing that can be done.
type Form struct {
	Post    string
	Choices *ui.Choices
	Act     ui.Action
}
