package casepage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Mentions is the page of remarks that name the reader.
type Mentions struct {
	Page  layout.Page
	Rows  []Mention
	Pager ui.Pager
}

// Mention is one such remark.
type Mention struct {
	Number  string
	URL     string
	Name    string // who wrote it
	Time    string
	Machine string
	Text    string
	New     ui.Mark
	Status  ui.Mark
}
