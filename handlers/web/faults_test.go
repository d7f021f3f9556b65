package web

import (
	"testing"

	"okno/views/ui"
)

func TestFaultsStandTogetherAtTheirField(t *testing.T) {
	faults := []ui.Fault{{Field: "password", Text: "Add a digit"}, {Field: "email", Text: "Enter the address."}, {Field: "password", Text: "Add a capital letter"}}
	for field, want := range map[string]string{"password": "Add a digit. Add a capital letter", "email": "Enter the address.", "phone": ""} {
		if got := FaultAt(faults, field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}
