package staff

import (
	"context"
	"maps"
	"slices"
	"strings"

	"okno/review"
)

// Settings is how a member of staff likes the desk. The zero value is the desk as
// it comes.
type Settings struct {
	Theme   string `json:"theme,omitempty"`   // light or dark; empty follows the machine
	Density string `json:"density,omitempty"` // compact or empty
	KeysOff bool   `json:"keysOff,omitempty"` // single keys do nothing
	// Keys gives acts other keys: by the key that an act has on the desk as it
	// comes, the key that is pressed instead. Both are named after a Latin keyboard.
	Keys map[string]string `json:"keys,omitempty"`
}

// Keys are the single keys of the desk that can be moved. A key with Shift moves
// along. Arrows, Enter, Escape and the page keys stay where every program has them.
var Keys = []string{
	"J", "K", "N", "Z", "/", "[", "]", "+", "-", "0", "W", "R", "B", "C", "G", "X", "F", "P", "L", "T", "V", "M", "D", "A", "1", "2", "3", "O", "E", "S",
}

// pressable are the keys that may be chosen.
const pressable = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/[]+-;',.\\`"

// russian are the letters of a Russian layout, and latin what stands on the same
// keys of a Latin one.
const (
	russian = "ЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
	latin   = "QWERTYUIOP[]ASDFGHJKL;'ZXCVBNM,.`"
)

// KeyName reads the name of a key as people type it, on either layout. It is
// empty for what is not a key.
func KeyName(typed string) string {
	key := strings.ToUpper(strings.TrimSpace(typed))
	if i := slices.Index([]rune(russian), first(key)); i >= 0 && len([]rune(key)) == 1 {
		return string(latin[i])
	}
	if key == "=" {
		key = "+"
	}
	if len(key) != 1 || !strings.Contains(pressable, key) {
		return ""
	}
	return key
}

func first(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// Checked brings settings into the normal form. What is wrong is an Invalid error
// over the inputs theme, density and key.<key>; codes: unknown, twice.
func (s Settings) Checked() (Settings, error) {
	var faults []review.FieldFault
	if !slices.Contains([]string{"", "light", "dark"}, s.Theme) {
		faults = append(faults, review.FieldFault{Field: "theme", Code: "unknown"})
	}
	if !slices.Contains([]string{"", "compact"}, s.Density) {
		faults = append(faults, review.FieldFault{Field: "density", Code: "unknown"})
	}
	moved, taken := map[string]string{}, map[string]string{}
	for _, key := range Keys {
		pressed := key
		if typed := s.Keys[key]; strings.TrimSpace(typed) != "" {
			pressed = KeyName(typed)
		}
		switch {
		case pressed == "":
			faults = append(faults, review.FieldFault{Field: "key." + key, Code: "unknown"})
			continue
		case taken[pressed] != "":
			faults = append(faults, review.FieldFault{Field: "key." + key, Code: "twice"})
		}
		taken[pressed] = key
		if pressed != key {
			moved[key] = pressed
		}
	}
	for key := range maps.Keys(s.Keys) {
		if !slices.Contains(Keys, key) {
			faults = append(faults, review.FieldFault{Field: "key." + key, Code: "unknown"})
		}
	}
	if len(faults) > 0 {
		return s, review.Faulty(faults...)
	}
	s.Keys = moved
	if len(moved) == 0 {
		s.Keys = nil
	}
	return s, nil
}

// Settings returns the actor's own settings.
func (s *Service) Settings(ctx context.Context, by review.Actor) (Settings, error) {
	if err := s.Gate.Allow(by, review.ActDesk); err != nil {
		return Settings{}, err
	}
	m, err := s.Store.Member(ctx, by.Staff)
	if err != nil {
		return Settings{}, err
	}
	return m.Settings, nil
}

// SaveSettings checks and keeps the actor's own settings.
func (s *Service) SaveSettings(ctx context.Context, by review.Actor, want Settings) error {
	if err := s.Gate.Allow(by, review.ActDesk); err != nil {
		return err
	}
	want, err := want.Checked()
	if err != nil {
		return err
	}
	return s.Store.SaveSettings(ctx, by.Staff, want)
}

// SwitchKeys turns the actor's single keys on or off and leaves the rest.
func (s *Service) SwitchKeys(ctx context.Context, by review.Actor, off bool) error {
	have, err := s.Settings(ctx, by)
	if err != nil {
		return err
	}
	have.KeysOff = off
	return s.Store.SaveSettings(ctx, by.Staff, have)
}
