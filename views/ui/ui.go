// Package ui is the kit of components every page is built from: form fields with their errors,
// buttons, messages, lists, tables, timelines and the scan viewer.
//
// Components take small structs of plain strings, already in the reader's language; only the
// kit's own words (kit.…, status.…, lane.…) are looked up here, through the context:
//
//	@ui.ErrorSummary(m.Faults)
//	<h1>{ i18n.T(ctx, "person.title") }</h1>
//	<form method="post" action={ m.Action } novalidate data-once>
//		@ui.HiddenCSRF(m.CSRF)
//		@ui.TextField(ui.Field{Name: "surname", Label: i18n.T(ctx, "person.surname"), Value: m.Surname, Error: m.SurnameError})
//		@ui.Button(ui.Action{Label: i18n.T(ctx, "kit.saveNext")})
//	</form>
//
// Identifiers are predictable: a field's id is its name unless ID says otherwise, its hint is
// <id>-hint and its error <id>-error. A form is written novalidate, and data-once keeps it from
// being sent twice where scripts run.
package ui

import "github.com/a-h/templ"

// CSRFField is the name of the hidden form field that HiddenCSRF writes.
const CSRFField = "csrf"

// Link is an address with words. Hidden words are read out but not shown, to tell «Изменить»
// beside one line from «Изменить» beside another.
type Link struct {
	Label  string
	URL    string
	Hidden string
	// Icon names a symbol of the sprite, if any.
	Icon string
	// Kind is "", primary, secondary, quiet or danger; used by LinkButton.
	Kind string
	// Key is the shortcut to show and announce, such as "N".
	Key   string
	Attrs templ.Attributes
}

// Action is a button. Type is submit unless said otherwise.
type Action struct {
	Label  string
	Hidden string
	// Kind is primary (also when empty), secondary, quiet or danger.
	Kind  string
	Type  string
	ID    string
	Name  string
	Value string
	Icon  string
	// Key is the shortcut to show and announce, such as "1" or "Control+Enter".
	Key string
	// Form is the id of the form it sends when it stands outside; FormAction another address for it.
	Form       string
	FormAction string
	Disabled   bool
	Attrs      templ.Attributes
}

func (a Action) kind() string { return or(a.Kind, "primary") }

func (a Action) kindOf() string { return or(a.Type, "submit") }

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}
