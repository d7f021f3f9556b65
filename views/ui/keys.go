package ui

import "okno/views/i18n"

// KeyGroup is one part of the shortcut sheet.
type KeyGroup struct {
	Title string
	Keys  []KeyHelp
}

// KeyHelp is one line of the shortcut sheet.
type KeyHelp struct {
	Caps []string
	What string
}

// KeySwitch is the form in the shortcut sheet that turns shortcuts off or on; it posts the field
// "shortcuts". Without an address there is no form.
type KeySwitch struct {
	URL  string
	CSRF string
	// Off tells that they are off now.
	Off bool
}

// DeskKeys is the whole keyboard map of the desk in the given language.
func DeskKeys(lang string) []KeyGroup {
	line := func(key string, caps ...string) KeyHelp {
		return KeyHelp{Caps: caps, What: i18n.Text(lang, key)}
	}
	return []KeyGroup{
		{i18n.Text(lang, "kit.keys.queue"), []KeyHelp{
			line("kit.keys.rows", "J", "K"), line("kit.keys.open", "Enter"), line("kit.keys.take", "N"),
			line("kit.keys.search", "/"), line("kit.keys.undo", "Z"), line("kit.keys.sheet", "?"),
		}},
		{i18n.Text(lang, "kit.keys.documents"), []KeyHelp{
			line("kit.keys.document", "[", "]"), line("kit.keys.page", "PgUp", "PgDn"), line("kit.keys.zoom", "+", "−"),
			line("kit.keys.fit", "0"), line("kit.keys.rotate", "R", "Shift R"), line("kit.keys.brightness", "B", "Shift B"),
			line("kit.keys.contrast", "C", "Shift C"), line("kit.keys.reset", "X"), line("kit.keys.wide", "F"),
			line("kit.keys.pan", "←", "↑", "↓", "→"),
		}},
		{i18n.Text(lang, "kit.keys.fields"), []KeyHelp{
			line("kit.keys.verified", "V"), line("kit.keys.mismatch", "M"), line("kit.keys.previous", "D"),
		}},
		{i18n.Text(lang, "kit.keys.decision"), []KeyHelp{
			line("kit.keys.decide", "1", "2", "3"), line("kit.keys.commit", "Ctrl Enter"), line("kit.keys.close", "Esc"),
			line("kit.keys.note", "O"), line("kit.keys.escalate", "E"), line("kit.keys.release", "S"),
		}},
	}
}
