// Package queuepage shows the queue: its views as tabs, filters that stay in the
// address, the cases with their deadline and holder, and the button that takes
// the next one. Nothing personal is on it.
package queuepage

import (
	"strconv"

	"okno/views/layout"
	"okno/views/ui"
	"okno/views/verdictpage"
)

// Model is the queue page.
type Model struct {
	Page    layout.Page
	Tabs    []Tab
	Tab     string // code of the current tab, for the filter form
	Filters []ui.Choices
	Chips   []ui.Chip
	Clear   string // address without filters
	Rows    []Row
	News    News
	Pager   ui.Pager
	Empty   ui.Empty
	Action  string // of the filter form
	TakeURL string // empty when the role does not work through the line
	Held    int
	Updated string
	Strip   *verdictpage.StripModel
	Notice  *ui.Message
	// NothingLeft says that the actor asked for the next case and there is none.
	NothingLeft bool
	// Saved are the reader's named views. SaveName is the input that names the
	// present one, nil when nothing sets it apart; Query is what would be kept.
	Saved    []Saved
	SaveURL  string
	DropURL  string
	SaveName *ui.Field
	Query    string
	Faults   []ui.Fault
}

// Saved is one named view.
type Saved struct {
	Name    string
	URL     string
	Current bool
}

// Tab is one view of the queue.
type Tab struct {
	Label   string
	URL     string
	Count   string
	Current bool
}

// Row is one case.
type Row struct {
	Number    string
	URL       string // empty where the reader can only take the next case
	Track     string // short
	TrackLong string
	Country   string
	Due       string
	DueTime   string // machine-readable
	DueState  string // late, soon or empty
	Lane      ui.Mark
	Checks    string
	Round     string
	Holder    string
	Mine      bool
	Mark      ui.Mark // of a second review
	Notes     int
}

// News is the line above the table that tells of new cases.
type News struct {
	URL     string // where the page asks again
	Refresh string
	Count   int
}

func held(n int) string { return strconv.Itoa(n) }
