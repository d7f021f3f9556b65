// Package infopage is the texts of the desk (help, accessibility, cookies,
// privacy) and the administrator's system page.
package infopage

import (
	"okno/views/layout"
	"okno/views/ui"
)

// Article is a text with headings.
type Article struct {
	Page  layout.Page
	Title string
	Lead  string
	// Lang is the language of the text when the page has another; Note says so.
	Lang  string
	Note  string
	Parts []Part
}

// Part is one heading with its text, list and table; empty ones are left out.
type Part struct {
	ID, Title string
	Text      []string
	Items     []string
	Table     ui.Data
}

// System is the state of the desk.
type System struct {
	Page     layout.Page
	Warnings []ui.Message
	Program  []ui.Row
	Data     []ui.Row
	Services []ui.Row
	Dead     ui.Data
	Schema   ui.Data
}
