// Package casepage is the workbench of one case: the scan beside the typed data,
// checks, what changed, remarks and the decision bar; and the timeline of the
// case. A case that the reader does not hold shows its work data only.
package casepage

import (
	"context"

	"okno/views/i18n"
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

	Scans     ui.Scans
	Rows      []Row
	HasRead   bool // some value was read from a document
	MarkURL   string
	Checks    []Check
	AgainURL  string // runs the checks again; empty when that cannot be asked for
	CheckedAt string
	Asked     []Asked
	Changed   string // how much is new, in words
	First     *First
	Appeal    *Appeal // against the last decision, if any
	Notes     []Note
	NoteURL   string // empty when no remark can be added
	NoteForm  ui.Field
	Mention   ui.Choices // whom a remark may name; no options: nobody
	Bar       *Bar
	Panel     *verdictpage.Panel // opened together with the page
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
	Match   string // exact, equivalent, close, different, unreadable, or empty when nothing was compared
	Why     string // the rule behind the match, in words
	Brief   bool   // nothing was read: the row says so in a word, a document's row tells why
	Hint    bool   // a text reader saw it: a hint only
	Doubt   bool   // the reader doubts a character
	Reason  string // the reason that the difference proposes, in words
	Page    string // page on which the value stands
	Box     string // where: x,y,w,h in fractions
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
	ID     string // anchor on the page
	Code   string // pass, warn, fail or skipped
	Text   string
	Detail string
	Typed  string // the two values that were compared, when they differ
	Read   string
	Hold   bool
	Eyes   bool   // two people decide
	Page   string // page that it is about
	Box    string
	Rule   string // version and time, for those who ask
	Other  string // address of the case that it names
	Number string // number of that case

	Alarm    *Alarm
	AlarmURL string // where a false alarm is recorded, empty when it cannot be
	Print    string
	Form     ui.Field
	Open     bool // the form is open: it has a fault
}

// Alarm is a reviewer's word that a check is mistaken.
type Alarm struct {
	Name    string
	Time    string
	Machine string
	Note    string
	UndoURL string // empty when it cannot be taken back
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

// Appeal is what the applicant says against the refusal, the refusal, and the
// answer if there is one.
type Appeal struct {
	Mark     ui.Mark // what became of it
	Made     string
	Until    string
	Late     bool
	Lines    []string
	Decided  string // who refused, and when
	Reasons  []string
	Note     string
	Answered string // who answered, and when
	Answer   []string
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
	Answer     *Button // to an appeal
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
	CSRF    string
	Faults  []ui.Fault
	Problem *ui.Message // what stands in the way of a form that was sent
	Links   []Linked
	LinkURL string // empty when cases cannot be linked
	LinkTo  ui.Field
	Unlink  string
	// Park and RecuseURL are for the holder.
	ParkURL   string
	Reason    ui.Field
	Until     ui.Field
	RecuseURL string
	Waits     string // until when the case is put aside, in words
}

// Linked is another case that belongs to this one.
type Linked struct {
	Number string
	URL    string
	Track  string
	Status ui.Mark
}

// holdText says what a check that holds asks of the reviewer.
func holdText(ctx context.Context, c Check) string {
	if c.Eyes {
		return i18n.T(ctx, "case.hold.eyes")
	}
	return i18n.T(ctx, "case.hold")
}
