// Package settingspage is how a member of staff likes the desk: theme, density, keys.
package settingspage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Model is the settings page.
type Model struct {
	Page    layout.Page
	Faults  []ui.Fault
	Theme   ui.Choices
	Density ui.Choices
	Off     ui.Tick
	Keys    []ui.Field
	Parts   []Part
}

// Part is the keys of one part of the desk: a run of Model.Keys.
type Part struct {
	Title    string
	From, To int
}
