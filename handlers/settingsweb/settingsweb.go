// Package settingsweb is the page on which a member of staff chooses theme,
// density and keys. They are kept with the member and hold at every machine.
package settingsweb

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
	"okno/review/staff"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/settingspage"
	"okno/views/ui"
)

// Handlers serves the settings.
type Handlers struct {
	Staff *staff.Service
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.Settings(), Action: review.ActDesk, Handler: h.page},
		{Method: "POST", Path: link.Settings(), Action: review.ActDesk, Handler: h.save},
		{Method: "POST", Path: link.ShortcutsPath, Action: review.ActDesk, Handler: h.keys},
	}
}

func (h *Handlers) page(c *web.Ctx) error {
	own, err := h.Staff.Settings(c.Context(), c.Actor())
	if err != nil {
		return err
	}
	m := model(c, own)
	if c.Query("saved") != "" {
		m.Page.Flash = &ui.Message{Kind: "success", Text: i18n.T(c.Context(), "settings.saved"), Live: true}
	}
	return c.OK(settingspage.SettingsPage(m))
}

// keyName is the name of an input; the number of the key is plain where the key
// itself is not.
func keyName(i int) string { return "key-" + strconv.Itoa(i) }

func (h *Handlers) save(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	own := staff.Settings{Theme: f.Value("theme"), Density: f.Value("density"), KeysOff: f.Value("off") != "", Keys: map[string]string{}}
	if own.Theme == "auto" {
		own.Theme = ""
	}
	if own.Density == "normal" {
		own.Density = ""
	}
	if f.Value("act") != "reset" {
		for i, key := range staff.Keys {
			if typed := strings.TrimSpace(f.Value(keyName(i))); typed != "" {
				own.Keys[key] = typed
			}
		}
	}
	err = h.Staff.SaveSettings(c.Context(), c.Actor(), own)
	if review.KindOf(err) == review.Invalid {
		m := model(c, own)
		m.Page.ErrorPrefix = true
		faults(c.Context(), err, &m)
		return c.Unprocessable(settingspage.SettingsPage(m))
	}
	if err != nil {
		return err
	}
	return c.Redirect(link.SettingsSaved())
}

// keys turns single keys on or off from their sheet.
func (h *Handlers) keys(c *web.Ctx) error {
	f, err := c.Form()
	if err != nil {
		return err
	}
	if err := h.Staff.SwitchKeys(c.Context(), c.Actor(), f.Value("shortcuts") == "off"); err != nil {
		return err
	}
	return c.Redirect(c.Query("back"))
}

func model(c *web.Ctx, own staff.Settings) settingspage.Model {
	ctx := c.Context()
	word := func(key string) string { return i18n.T(ctx, "settings."+key) }
	m := settingspage.Model{
		Page: c.Page(word("title")),
		Theme: ui.Choices{Name: "theme", Legend: word("theme"), Inline: true, Options: []ui.Option{
			{Value: "auto", Label: word("theme.auto"), Selected: own.Theme == ""},
			{Value: "light", Label: word("theme.light"), Selected: own.Theme == "light"},
			{Value: "dark", Label: word("theme.dark"), Selected: own.Theme == "dark"},
		}},
		Density: ui.Choices{Name: "density", Legend: word("density"), Inline: true, Options: []ui.Option{
			{Value: "normal", Label: word("density.normal"), Selected: own.Density == ""},
			{Value: "compact", Label: word("density.compact"), Selected: own.Density == "compact"},
		}},
		Off: ui.Tick{Name: "off", Label: word("off"), Hint: word("offHint"), Checked: own.KeysOff},
	}
	for i, key := range staff.Keys {
		value := own.Keys[key]
		if value == "" {
			value = key
		}
		part, words := ui.KeyWords(c.Lang(), key)
		if n := len(m.Parts); n == 0 || m.Parts[n-1].Title != part {
			m.Parts = append(m.Parts, settingspage.Part{Title: part, From: i})
		}
		m.Parts[len(m.Parts)-1].To = i + 1
		m.Keys = append(m.Keys, ui.Field{Name: keyName(i), Label: words, Value: value, Width: "2", Mono: true, Autocomplete: "off"})
	}
	return m
}

// faults puts the words for what is wrong beside the fields.
func faults(ctx context.Context, err error, m *settingspage.Model) {
	e, ok := errors.AsType[*review.Error](err)
	if !ok {
		return
	}
	for _, f := range e.Fields {
		words := i18n.T(ctx, "settings.fault."+f.Code)
		fault := ui.Fault{Field: f.Field, Text: words}
		for i, key := range staff.Keys {
			if f.Field == "key."+key {
				m.Keys[i].Error = words
				fault.Field = m.Keys[i].Name
				fault.Text = m.Keys[i].Label + ": " + words
			}
		}
		m.Faults = append(m.Faults, fault)
	}
}
