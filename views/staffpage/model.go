// Package staffpage is how staff come in: sign-in in two steps, enrolment from a
// one-time link, the start page of the desk and the list of staff.
package staffpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// SignIn is the first step.
type SignIn struct {
	Page    layout.Page
	Message *ui.Message
	Faults  []ui.Fault
	Email   ui.Field
	Post    string
}

// Code is the second step.
type Code struct {
	Page   layout.Page
	Faults []ui.Fault
	Field  ui.Field
	Post   string
	Back   string
}

// Enrol sets the password and proves the code generator.
type Enrol struct {
	Page     layout.Page
	Faults   []ui.Fault
	Name     string
	Email    string
	Roles    string
	Dots     Dots
	Secret   string
	Password ui.Field
	Code     ui.Field
	Post     string
}

// Dots is a QR code as one path over a square of Size units.
type Dots struct {
	Size string
	Path string
	Box  string // viewBox
}

// Desk is the start page.
type Desk struct {
	Page  layout.Page
	Name  string
	Roles string
	Can   []Place
}

// Place is one section that the roles open.
type Place struct {
	Link ui.Link
	Text string
}

// List is the list of staff.
type List struct {
	Page layout.Page
	Data ui.Data
}
