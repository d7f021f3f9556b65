// Package signinpage is the sign-in page of applicants and account holders.
package signinpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Model is the sign-in page.
type Model struct {
	Page     layout.Page
	Message  *ui.Message
	Faults   []ui.Fault
	Login    string
	Failed   bool
	Post     string
	Reset    string
	Register string
}
