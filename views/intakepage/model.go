// Package intakepage is what applicants see of their submission: the task list,
// the section forms, the check before sending, and the corrections. Models hold words that are already in the reader's language.
package intakepage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// FormID is the id of a section's form; SeenName its input that says which answers
// it shows.
const (
	FormID   = "section-form"
	SeenName = "seen"
)

// Pause says that no other submission can be begun for a while.
type Pause struct {
	Page  layout.Page
	Until string
	Why   string
	Now   []ui.Link // what can be done meanwhile
}

// Kind is how an input is shown.
type Kind int

// The kinds of inputs.
const (
	Text Kind = iota
	Area
	Date
	Select
	Radios
	Tick
)

// Input is one question of a section; the member of its kind is set.
type Input struct {
	Kind    Kind
	Field   ui.Field // Text, Area
	Date    ui.DateBoxes
	Choices ui.Choices // Select, Radios
	Tick    ui.Tick
	Confirm ui.Tick   // shown below the input when it has a name
	Fix     ui.Action // shown below the input when it has a label: writes what was meant
}

// Prefill offers what was read from the passport for inputs that are empty.
type Prefill struct {
	Title string
	Text  string
	Rows  []ui.Row
	Use   ui.Action
	No    ui.Action
}

// Section is a form of the submission.
type Section struct {
	Page    layout.Page
	Back    string
	Step    int // 0 shows no step
	Steps   int
	Title   string
	Lead    string
	Notices []ui.Message // reasons of a correction, exemptions
	Faults  []ui.Fault
	Post    string
	Next    string // where to go after saving, "" or a code
	Seen    string // which answers the form shows
	Offered string // what was offered already, so that it is not offered again
	Prefill *Prefill
	Lines   *ui.Field // asks for the lines at the foot of the passport
	Read    ui.Action // reads them
	Theirs  []ui.Row  // what was saved in another window
	Inputs  []Input
	Closed  []ui.Row // in corrections: the answers that stay
	Submit  string
}

// Consent is one agreement.
type Consent struct {
	Title string
	Tick  ui.Tick
	Mark  ui.Mark
	Text  string
	// Lang is the language of the text when the page has another; Note says so.
	Lang    string
	Note    string
	Version string
}

// Consents is the form of the agreements.
type Consents struct {
	Page     layout.Page
	Back     string
	Step     int
	Steps    int
	Faults   []ui.Fault
	Post     string
	Next     string
	Consents []Consent
}

// Start asks for the track.
type Start struct {
	Page   layout.Page
	Again  bool // an earlier submission is closed
	Faults []ui.Fault
	Post   string
	Tracks ui.Choices
	Carry  ui.Tick // takes over earlier answers; without a name there are none
}

// List is the task list of a draft.
type List struct {
	Page      layout.Page
	Number    string
	Saved     bool
	Blocked   []string // what the automatic check returned
	Answers   []ui.Task
	Documents []ui.Task
	First     bool // documents come before answers
	Send      ui.Task
	Withdraw  string
}

// Group is a part of the check page or the receipt.
type Group struct {
	Title string
	Rows  []ui.Row
}

// Check is everything before sending.
type Check struct {
	Back    string
	Page    layout.Page
	Stale   bool
	Missing []ui.Link
	Differ  []ui.Message // answers that are not what was read from a document
	Groups  []Group
	Post    string
	Version string
}

// Item is one correction.
type Item struct {
	What string
	Why  []ui.Passage
	How  string
	Now  []ui.Row // what the application says at the moment
	Crop string   // address of the picture of the place that is meant, if one was drawn
	Alt  string
	Done bool
	Link ui.Link
}

// Corrections is the list of what to correct.
type Corrections struct {
	Page     layout.Page
	Back     string
	Heading  string
	Deadline string
	Saved    bool
	Stale    bool
	Items    []Item
	Left     int
	Rest     []Group // what stays as it is
	Post     string
	Version  string
}
