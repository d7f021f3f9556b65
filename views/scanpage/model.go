// Package scanpage is the upload page of one document: the form, and what
// became of the file.
package scanpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Picture is one page of the stored document.
type Picture struct {
	Thumb string
	Full  string
	Alt   string
	Label string
}

// Stored is the document that the slot holds.
type Stored struct {
	Rows     []ui.Row
	Pictures []Picture
	Advice   []ui.PictureAdvice // what to do better
	Noticed  []string
	Better   bool            // a better picture would help
	Differ   []ui.Difference // answers that are not what was read
	Agree    string          // which answers are what was read
	Remove   ui.Link
}

// Upload is the upload page.
type Upload struct {
	Page    layout.Page
	Back    string
	Title   string
	About   string
	Reasons []ui.Message // of a correction
	Faults  []ui.Fault
	Just    bool // the file was taken in just now
	Stored  *Stored
	Refused bool // the stored file is the one that has to be replaced
	Open    bool // a file may be sent
	Post    string
	File    ui.Field
	Send    string
	Next    string // what comes next, said before the button
	Done    ui.Link
}

// Remove asks before removing.
type Remove struct {
	Page    layout.Page
	Confirm ui.Confirm
}
