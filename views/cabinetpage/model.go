// Package cabinetpage is what a holder sees of the own account: profile, status
// and activity log.
package cabinetpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Change asks for the present and a new password.
type Change struct {
	Page    layout.Page
	Back    string
	Faults  []ui.Fault
	Rules   []string
	Current ui.Field
	New     ui.Field
	Post    string
	Forgot  string
}

// Model is the cabinet.
type Model struct {
	Page     layout.Page
	Message  *ui.Message
	Active   bool
	Status   ui.Mark
	Profile  []ui.Row
	Password ui.Link    // where the password is changed
	Language ui.Choices // of messages
	Choose   string     // where it is chosen
	Next     *ui.Link   // where the submission stands, for whoever is not active yet
	NextText string
	Activity []ui.Event
}
