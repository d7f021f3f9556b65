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
}
