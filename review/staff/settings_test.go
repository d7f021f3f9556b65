package staff_test

import (
	"errors"
	"maps"
	"strings"
	"testing"

	"okno/review"
	"okno/review/staff"
)

func TestAKeyIsNamedOnEitherLayout(t *testing.T) {
	for typed, want := range map[string]string{
		"q": "Q", " Q ": "Q", "й": "Q", "Й": "Q", "к": "R", "ю": ".", "ё": "`", "х": "[", "э": "'", "=": "+", "7": "7", ";": ";", "\\": "\\",
		"": "", "QQ": "", "йй": "", "?": "", "é": "", "Enter": "", " ": "", "=R": "",
	} {
		if got := staff.KeyName(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestSettingsKeepOnlyMovedKeys(t *testing.T) {
	got, err := staff.Settings{Theme: "dark", Keys: map[string]string{"R": "й", "B": "B", "C": "", "X": "x"}}.Checked()
	if err != nil || !maps.Equal(got.Keys, map[string]string{"R": "Q"}) || got.Theme != "dark" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := (staff.Settings{Keys: map[string]string{"R": "B", "B": "R"}}).Checked(); err != nil || len(got.Keys) != 2 {
		t.Errorf("two keys that change places: %+v, %v", got, err)
	}
	if got, err := (staff.Settings{Keys: map[string]string{"R": "R"}}).Checked(); err != nil || got.Keys != nil {
		t.Errorf("nothing moved: %+v, %v", got, err)
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		own  staff.Settings
		want string
	}{
		"theme":          {staff.Settings{Theme: "pink"}, "theme unknown"},
		"density":        {staff.Settings{Density: "loose"}, "density unknown"},
		"no key":         {staff.Settings{Keys: map[string]string{"R": "F5"}}, "key.R unknown"},
		"taken":          {staff.Settings{Keys: map[string]string{"B": "R"}}, "key.B twice"},
		"no such act":    {staff.Settings{Keys: map[string]string{"Q": "Y"}}, "key.Q unknown"},
		"sheet of keys":  {staff.Settings{Keys: map[string]string{"N": "?"}}, "key.N unknown"},
		"twice the same": {staff.Settings{Keys: map[string]string{"F": "Q", "G": "Q"}}, "twice"},
	} {
		_, err := c.own.Checked()
		e, ok := errors.AsType[*review.Error](err)
		if !ok || e.Kind != review.Invalid {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var said []string
		for _, f := range e.Fields {
			said = append(said, f.Field+" "+f.Code)
		}
		if !strings.Contains(strings.Join(said, "; "), c.want) {
			t.Errorf("%s: %s, want %s", name, said, c.want)
		}
	}
}

func TestSettingsStayWithTheMember(t *testing.T) {
	d, ctx := newDesk(t), t.Context()
	id, _ := d.enrolled(review.RoleReviewer)
	by, own, err := d.AtDesk(ctx, id, "print")
	d.must(err)
	if own.Keys != nil || own.Theme != "" || own.KeysOff {
		t.Errorf("at first: %+v", own)
	}
	d.must(d.SaveSettings(ctx, by, staff.Settings{Theme: "dark", Density: "compact", Keys: map[string]string{"R": "й"}}))
	d.must(d.SetRoles(ctx, review.System(), id, []review.Role{review.RoleReviewer, review.RoleSupervisor})) // writes the whole row
	d.must(d.SwitchKeys(ctx, by, true))
	if _, own, err = d.AtDesk(ctx, id, "print"); err != nil || own.Theme != "dark" || own.Density != "compact" || !own.KeysOff || own.Keys["R"] != "Q" {
		t.Errorf("kept: %+v, %v", own, err)
	}
	if err := d.SaveSettings(ctx, by, staff.Settings{Theme: "pink"}); review.KindOf(err) != review.Invalid {
		t.Errorf("a theme that is none: %v", err)
	}
	if _, err := d.Settings(ctx, nobody); review.KindOf(err) != review.Forbidden && review.KindOf(err) != review.Unauthenticated {
		t.Errorf("somebody who is not staff: %v", err)
	}
	if got, err := d.Settings(ctx, by); err != nil || got.Theme != "dark" {
		t.Errorf("after a refused change: %+v, %v", got, err)
	}
}
