// Package casepage is the workbench of one case: the scan beside the typed data,
// checks, what changed, remarks and the decision bar; and the timeline of the
// case. A case that the reader does not hold shows its work data only.
package casepage

import (
	"okno/views/layout"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// Model is the workbench.
type Model struct {
	Page     layout.Page
	CSRF     string
	Version  string
	Number   string
	Status   string // code
	Lane     string // code
	Track    string
	Country  string
	Due      string
	DueState string // late, soon or empty
	Round    int
	Strip    *verdictpage.StripModel
	Notice   *ui.Message
	History  string // address of the timeline
	Lease    *Lease // while the actor holds the case
	Sealed   *Sealed

	Scans    ui.Scans
	Rows     []Row
	HasRead  bool // some value was read from a document
	MarkURL  string
	Checks   []Check
	Asked    []Asked
	Changes  int
	First    *First
	Notes    []Note
	NoteURL  string // empty when no remark can be added
	NoteForm ui.Field
	Bar      *Bar
	Panel    *verdictpage.Panel // opened together with the page
}

// Lease says until when the actor holds the case.
type Lease struct {
	Text     string
	State    string // late, soon or empty
	URL      string // asks again
	RenewURL string
	Lost     bool
	ClaimURL string
	CSRF     string
}

// Sealed is what a case shows to those who do not hold it.
type Sealed struct {
	Title      string
	Text       string
	ClaimURL   string // empty when it cannot be taken
	ReleaseURL string // for those who may release a colleague's claim
}

// Row is one field or document with its verdict.
type Row struct {
	Target  string
	Label   string
	Value   string
	Was     string
	Changed bool
	Read    string
	Mono    bool
	Lang    string
	Note    string
	Mark    string // verified, wrong or empty
	HasRead bool
	MarkURL string // empty when it cannot be marked
	Before  string // address of the replaced document's page
}

// Check is one automatic check.
type Check struct {
	Code   string // pass, warn, fail or skipped
	Text   string
	Detail string
	Hold   bool
}

// Asked is one correction that was asked for.
type Asked struct {
	Target string
	Reason string
	Done   bool
}

// First is the verdict of the first reviewer, where it may be seen.
type First struct {
	Title   string
	Note    string
	Reasons []string
}

// Note is a colleague's remark.
type Note struct {
	Name    string
	Time    string
	Machine string
	Text    string
}

// Bar is the decision bar.
type Bar struct {
	Decide     []Button
	Escalate   *Button
	ReleaseURL string
	Wrong      int
	Waiting    string // said instead of the buttons while a decision waits
	UndoURL    string
	UndoText   string
}

// Button opens a decision panel.
type Button struct {
	Outcome string
	Label   string
	URL     string
	Key     string
	Kind    string
	Icon    string
	Count   bool // shows how many targets are marked wrong
	Why     string
}

// Timeline is the history of a case.
type Timeline struct {
	Page    layout.Page
	Number  string
	Status  string
	Track   string
	CaseURL string
	Events  []ui.Event
}
