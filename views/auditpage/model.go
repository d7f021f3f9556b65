// Package auditpage is what auditors and support agents see: the log with its
// state of proof, who opened the papers of a case, and where a case stands. No
// page here shows anything about the person whose case it is.
package auditpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Log is a page of the audit log.
type Log struct {
	Page     layout.Page
	CSRF     string
	Action   string
	Verify   string // where the check is asked for
	Faults   []ui.Fault
	Types    []ui.Option
	People   []ui.Option
	Case     ui.Field
	From, To ui.DateBoxes
	Chips    []ui.Chip
	Clear    string
	Signed   string // last signed statement in words
	State    ui.Message
	Problems []string
	Running  bool
	Table    ui.Data
	Pager    ui.Pager
}

// Lookup is a form with a case number and what was found.
type Lookup struct {
	Page    layout.Page
	Action  string
	Faults  []ui.Fault
	Case    ui.Field
	Number  string // found case, empty before the first search
	Status  string // code of the status
	Rows    []ui.Row
	Table   ui.Data
	Caption string
}
