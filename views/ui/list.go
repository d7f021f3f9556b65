package ui

import "github.com/a-h/templ"

// Row is a line of a SummaryList.
type Row struct {
	Key   string
	Value string
	// Was is the value before, struck through beside the new one.
	Was string
	// Lang is the language of the value; Mono shows it in the even-width font.
	Lang string
	Mono bool
	// Note stands below the value in small type.
	Note string
	// Mark is shown beside the value when it has a text.
	Mark    Mark
	Actions []Link
}

// Task is a line of a TaskList: a link, and how far it is.
type Task struct {
	Label string
	// URL is empty while the task cannot be started.
	URL  string
	Hint string
	Mark Mark
}

// Event is a line of a Timeline, newest first. Machine is the moment for programs (RFC 3339).
type Event struct {
	Time    string
	Machine string
	Title   string
	By      string
	Text    string
	// More is what opens under More's summary: a message as it was sent, by lines.
	MoreTitle string
	More      []Passage
	// Kind is neutral (also when empty), info, success, warning or danger.
	Kind string
	Icon string
}

// Pager leads through a list by keys. An empty address hides its link.
type Pager struct {
	// Label tells what is paged, for people who hear the page.
	Label string
	Prev  string
	Next  string
	// Text says where one is: «1–25 из 42».
	Text string
}

// Chip is an applied filter; its address shows the list without it.
type Chip struct {
	Label  string
	Remove string
}

// Column is the head of a table column.
type Column struct {
	Label string
	// Hidden columns have a label for those who hear the page only.
	Hidden bool
	Num    bool
	// Named columns say their label beside the value where a DataTable's rows fold.
	Named bool
	// SortURL makes the head a link; Sorted is "", ascending or descending.
	SortURL string
	Sorted  string
}

// Grid is a table whose body the page writes itself as the children of Table.
type Grid struct {
	// Caption names the table; CaptionHidden leaves it to those who hear the page.
	Caption       string
	CaptionHidden bool
	Columns       []Column
	// ID, when set, is the id of the tbody, for partial updates.
	ID string
	// Rows makes J, K and the arrows move through the rows (staff), and folds them to
	// cards on a telephone; Wide folds them on a tablet, too.
	Rows, Wide bool
	Attrs      templ.Attributes
}

func (g Grid) rows() string {
	if g.Wide {
		return "wide"
	}
	return ""
}

// named is the label that stands beside a value of column i while rows are folded.
func (g Grid) named(i int) string {
	if i < len(g.Columns) && g.Columns[i].Named {
		return g.Columns[i].Label
	}
	return ""
}

// Cell is one cell of a DataTable.
type Cell struct {
	Text string
	URL  string
	Num  bool
	Mono bool
	Mark Mark
	// Note is codes in small type below the text.
	Note string
	// Head makes it the head of its row.
	Head bool
}

// Data is a whole table of text.
type Data struct {
	Grid Grid
	Body [][]Cell
	// Foot is the line of totals.
	Foot []Cell
}

// Number is a figure of a report: the value large, what it is above it, a note below.
type Number struct {
	Label string
	Value string
	Note  string
	Mark  Mark
	URL   string
}

// Language is an entry of the language switch, named in its own language.
type Language struct {
	Code    string
	Label   string
	URL     string
	Current bool
	Extra   bool // offered in the list behind the globe, not in line
	// Form is the id of a form on the page that is sent along, so that nothing typed is
	// lost; it carries the code under SwitchName. Without it the entry is a link.
	Form string
}

// SwitchName is what a form that is sent along with the language switch has the language under.
const SwitchName = "switch-language"

// JudgedName is under what such a form says that its faults are shown, to have them in the other language, too.
const JudgedName = "judged"

func extraLanguages(all []Language) (more []Language) {
	for _, l := range all {
		if l.Extra {
			more = append(more, l)
		}
	}
	return more
}
