// Package layout holds the frames every page stands in.
//
//	@layout.Applicant(m.Page) {
//		@ui.ErrorSummary(m.Faults)
//		<h1>{ i18n.T(ctx, "person.title") }</h1>
//		…
//	}
//
// Applicant is the one-column frame for applicants and account holders, Staff the wide one with
// sections and shortcuts, Bare the frame for pages that must work when nothing else does (errors,
// sign-in of staff). The handler fills Page; no frame asks for anything but its texts.
package layout

import (
	"context"
	"maps"
	"slices"
	"strings"

	"okno/views/i18n"
	"okno/views/ui"
)

// Page is what a frame needs to know about the page in it.
type Page struct {
	// Lang is taken from the context when empty.
	Lang string
	// Title is the page's own title; the product's name is added.
	Title string
	// ErrorPrefix puts «Ошибка:» before the title of a form that came back with errors.
	ErrorPrefix bool
	// Languages is the language switch, see Switch.
	Languages []ui.Language
	// Home is where the product's name leads, "/" when empty.
	Home string
	// Nav is the sections of staff pages and of the account.
	Nav []NavItem
	// User is the name of the person who is signed in.
	User string
	// SignOut is the address that ends the session (POST with CSRF), Settings the settings page.
	SignOut  string
	Settings string
	CSRF     string
	// Flash is told once, above the page.
	Flash *ui.Message
	// Demo shows the banner of a demonstration desk.
	Demo bool
	// Scripts are further scripts by their static name, in order, loaded deferred.
	Scripts []string
	// HTMX loads htmx on an applicant page; staff pages always have it.
	HTMX bool
	// Footer addresses; a link without address is left out.
	Help, Accessibility, Cookies, Privacy string
	// Theme is "", light or dark; Density "" or compact. Staff only.
	Theme   string
	Density string
	// ShortcutsOff switches the keyboard map off. ShortcutsPost is the address the shortcut sheet
	// posts shortcuts=on or shortcuts=off to.
	ShortcutsOff  bool
	ShortcutsPost string
	// Keys are the keys that somebody has moved: the key of the desk as it comes, and the key
	// that is pressed instead.
	Keys map[string]string
	// SaveData leaves the fonts out, for people who asked to save data.
	SaveData bool
	// SessionSeconds is how long the session lasts without a request; 0 shows no warning.
	// Renew is an address whose GET keeps it alive, SignIn where to go when it is over.
	SessionSeconds int
	Renew          string
	SignIn         string
	Enter          string // sign-in at the top right, for somebody who is not signed in
	// Printed is the line at the foot of a printed page, see kit.printed and kit.printedBy.
	Printed string
	// Wide lets an applicant page use more than one column's width.
	Wide bool
}

// NavItem is one section.
type NavItem struct {
	Label   string
	URL     string
	Current bool
	// Count is shown beside the label when not empty.
	Count string
	// Key is its shortcut, if any.
	Key string
}

// ViewerScripts are the scripts a page with ui.Viewer names in Page.Scripts.
var ViewerScripts = []string{"js/viewer-stage.js", "js/viewer.js", "js/viewer-box.js"}

// htmxScript is the one vendored version in use.
const htmxScript = "vendor/htmx-2.0.11.min.js"

// htmxConfig switches off everything htmx does with inline code and stored pages.
const htmxConfig = `{"allowEval":false,"allowScriptTags":false,"includeIndicatorStyles":false,"historyCacheSize":0,"refreshOnHistoryMiss":true,"selfRequestsOnly":true,"disableInheritance":true,"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"409","swap":true,"error":false},{"code":"422","swap":true,"error":false},{"code":"[45]..","swap":false,"error":true}]}`

// Switch makes the entries of the language switch out of the codes; url is the address for one language.
func Switch(codes []string, current string, url func(lang string) string) []ui.Language {
	all := make([]ui.Language, 0, len(codes))
	for _, lang := range codes {
		all = append(all, ui.Language{Code: lang, Label: i18n.OwnName(lang), URL: url(lang), Current: lang == current, Extra: !i18n.Complete(lang)})
	}
	return all
}

// Along makes the language switch send a form of the page along, see ui.Language.Form.
func (p *Page) Along(form string) {
	for i := range p.Languages {
		p.Languages[i].Form = form
	}
}

func (p Page) lang(ctx context.Context) string {
	if p.Lang != "" {
		return p.Lang
	}
	return i18n.Lang(ctx)
}

func (p Page) home() string {
	if p.Home == "" {
		return "/"
	}
	return p.Home
}

func (p Page) title(ctx context.Context) string {
	product := i18n.T(ctx, "kit.product")
	title := product
	if p.Title != "" {
		title = p.Title + " — " + product
	}
	if p.ErrorPrefix {
		title = i18n.T(ctx, "kit.titleError", "title", title)
	}
	return title
}

func (p Page) theme() string {
	if p.Theme == "dark" || p.Theme == "light" {
		return p.Theme
	}
	return "auto"
}

func (p Page) density() string {
	if p.Density == "compact" {
		return p.Density
	}
	return "normal"
}

// moved writes the moved keys for the script: "R=Q B=Y".
func (p Page) moved() string {
	var pairs []string
	for _, key := range slices.Sorted(maps.Keys(p.Keys)) {
		pairs = append(pairs, key+"="+p.Keys[key])
	}
	return strings.Join(pairs, " ")
}

func (p Page) shortcuts() string {
	if p.ShortcutsOff {
		return "off"
	}
	return "on"
}

// scheme tells the browser which themes a style sheet knows.
func scheme(sheet string) string {
	if sheet == "css/staff.css" {
		return "light dark"
	}
	return "light"
}
