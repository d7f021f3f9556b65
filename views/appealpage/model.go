// Package appealpage is the answer to an appeal: the form beside the papers and
// the page that shows the message as the applicant will read it.
package appealpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Panel is the form. It is the same in the workbench and as a page of its own.
type Panel struct {
	Page     layout.Page
	CSRF     string
	Number   string // empty when the case can no longer be answered
	Version  string
	PostURL  string
	CloseURL string // of the panel, for htmx
	CaseURL  string
	Faults   []ui.Fault
	Problem  *ui.Message // told above the form
	Closed   bool        // nothing can be sent any more
	Outcome  ui.Choices
	Answer   ui.Field
	Check    *Check // set for the last look instead of the form
}

// Check is the answer as it will be sent.
type Check struct {
	Outcome      string
	Answer       string
	Consequences []string
	Letters      []Letter
	Final        bool // nothing more happens with the case
}

// Letter is the message in one language.
type Letter struct {
	Label   string
	Lang    string
	Subject string
	Lines   []string
}
