// Package statuspage is what applicants see after sending: the receipt, where
// the submission stands, the messages about it, withdrawal and appeal, and the
// two pages that need no account: look-up and verification of a receipt. Models
// hold words that are already in the reader's language.
package statuspage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Group is a part of the receipt.
type Group struct {
	Title string
	Rows  []ui.Row
}

// Receipt confirms a sending.
type Receipt struct {
	Page   layout.Page
	Title  string
	Number string
	Time   string
	Usual  string  // how long it takes
	Groups []Group // numbers masked
	Status string
	Code   string // by which others can verify it
	Verify string // where they do
}

// Message is a message about the submission as it was sent.
type Message struct {
	Title ui.Passage
	Time  string
	Mark  ui.Mark
	Lines []ui.Passage
}

// Form is a form of one button.
type Form struct {
	Post    string
	CSRF    string
	Version string
	Label   string
	Hint    string
}

// Status is where the submission stands.
type Status struct {
	Page     layout.Page
	Title    string
	Code     string // of the status
	Waiting  string
	Usual    string
	Notices  []ui.Message
	Reasons  [][]ui.Passage // of a rejection
	Next     []string       // what can be done after it
	Main     ui.Link        // the one thing to do now, if any
	Other    ui.Link        // what else can be done
	More     Form           // asks for more time; empty Post for none
	Papers   []ui.Link
	History  []ui.Event
	Messages []Message
	Opened   []string // who opened the documents; nil hides the part
	NoOpened bool
	Withdraw string
	Refresh  string
	Told     string // how the decision will be told
	Receipt  string // address of the confirmation, empty if there is none
}

// AppealFormID is the id of the form of an appeal.
const AppealFormID = "appeal-form"

// Appeal asks why a refusal is wrong.
type Appeal struct {
	Page    layout.Page
	Back    string
	Faults  []ui.Fault
	Lead    []string
	Reasons [][]ui.Passage
	Text    ui.Field
	Post    string
	Version string
}

// Withdraw asks before withdrawing.
type Withdraw struct {
	Page    layout.Page
	Confirm ui.Confirm
}

// LookUp asks which application somebody wants to see.
type LookUp struct {
	Page   layout.Page
	Back   string
	Faults []ui.Fault
	Case   ui.Field
	Email  ui.Field
	Post   string
	SignIn string
}

// Found is an application seen from outside.
type Found struct {
	Page    layout.Page
	Title   string
	Code    string
	Rows    []ui.Row
	Waiting string
	Usual   string
	SignIn  string
	Again   string
}

// Verify asks for a receipt's number and code, and tells what it proves.
type Verify struct {
	Page   layout.Page
	Faults []ui.Fault
	Case   ui.Field
	Code   ui.Field
	Post   string
	Proved []ui.Row // nil before anything was asked
}

// Disavow asks whoever received a message whether it was really not them.
type Disavow struct {
	Page    layout.Page
	Title   string
	Lead    []string
	Effects []string
	Post    string
	Label   string
	After   string // told below the button
	Help    string
}
