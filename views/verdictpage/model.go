// Package verdictpage shows the decision: the panel in which a reviewer chooses
// reasons and sees what the applicant will read, the strip that offers to take a
// decision back, and the list of one's own decisions.
package verdictpage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Panel is the decision panel. It is the same in the workbench and as a page of
// its own for browsers without scripts.
type Panel struct {
	Page         layout.Page
	CSRF         string
	Number       string
	Outcome      string // code
	Title        string
	Lead         string
	Version      string
	PostURL      string
	ShowURL      string // preview fragment
	CloseURL     string // of the panel, for htmx
	SketchURL    string // keeps what is being written
	From         string // whose unfinished verdict this is, when a colleague's
	AnswerBy     string // until when the applicant may answer
	CaseURL      string
	Faults       []ui.Fault
	Groups       []Group
	ReasonsError string // said above the reasons
	Note         ui.Field
	Preview      Preview
	// Problem is told above the form: the case changed meanwhile, or the lease is
	// gone. Claim offers to take the case again without losing what was written.
	Problem *ui.Message
	Since   []string // what happened since the page was made
	Claim   bool
	Final   bool // a refusal
	Next    bool // offer to take the next case
	Held    string
}

// Group is a heading in the list of reasons: one field, one document, or the
// whole submission.
type Group struct {
	Target string
	Label  string
	Mark   ui.Mark
	Open   bool
	Items  []Item
}

// Item is one reason that can be chosen for a target.
type Item struct {
	Value    string // target and reason
	ID       string
	Label    string
	Checked  bool
	Box      string // the place on a page that was drawn for it, see ui.Viewer
	FourEyes bool
	NoteToo  bool
	// Details is the input for what the text needs; nil when it needs nothing.
	Details *ui.Field
}

// Preview is what the applicant will read, in both languages.
type Preview struct {
	URL     string // where the fragment comes from
	Columns []Column
}

// Column is the applicant's text in one language.
type Column struct {
	Label string
	Lang  string
	Lines []Line
}

// Line is one text, or what is still missing for it.
type Line struct {
	Heading string
	Text    string
	Missing bool
}

// StripModel is the line above a page that tells of the last decision.
type StripModel struct {
	Text    string
	UndoURL string // empty when it has taken effect
	Undo    string // words of the button
	CSRF    string
}

// List is the page of one's own decisions.
type List struct {
	Page  layout.Page
	Rows  []Made
	Pager ui.Pager
}

// Made is one decision.
type Made struct {
	Number    string
	URL       string
	Track     string // as short as in the queue
	TrackLong string
	Outcome   string
	At        string
	Machine   string
	State     ui.Mark
	Status    ui.Mark
	UndoURL   string
	Until     string
}
