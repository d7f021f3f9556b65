// Package searchpage shows the search of the desk: a form, and the cases found
// with what is personal masked.
package searchpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Model is the search page.
type Model struct {
	Page   layout.Page
	Action string
	Faults []ui.Fault
	Notice *ui.Message
	Text   ui.Field
	Birth  ui.DateBoxes

	Asked bool   // there are results, maybe none
	Found string // how many, in words
	Note  string
	Rows  []Row
	Pager ui.Pager
}

// Row is one case. Name, Document and Birth are masked unless it is Mine.
type Row struct {
	Number    string
	URL       string
	Name      string
	Birth     string
	Document  string
	Country   string
	Track     string // short
	TrackLong string
	Status    string // code
	Sent      string
	SentTime  string
	Holder    string
	Mine      bool
}
