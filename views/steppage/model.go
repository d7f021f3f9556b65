// Package steppage is the page that asks one question: an address, a code, a
// password. Registration, reset and change of a contact are made of it.
package steppage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Kind says which input the question has.
type Kind string

// The kinds of inputs.
const (
	Email    Kind = "email"
	Phone    Kind = "phone"
	Code     Kind = "code"
	Password Kind = "password"
)

// Model is one question.
type Model struct {
	Page    layout.Page
	Back    string // address of the page before; empty for none
	Step    int    // of Steps; 0 shows no count
	Steps   int
	Message *ui.Message // told above the question
	Title   string
	Lead    []string // paragraphs between title and input
	Rules   []string // list below them
	Faults  []ui.Fault
	Post    string
	Kind    Kind
	Field   ui.Field
	Button  string
	// Work is what the browser works on before a message is sent; empty for nothing.
	Work     string
	WorkBits string

	Again     string // form target that sends another code; empty for none
	AgainText string // when that is possible
	AgainName string // words on its button
	Others    []ui.Link
}
