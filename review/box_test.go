package review_test

import (
	"testing"

	"okno/review"
)

func TestABoxIsReadAsItWasWritten(t *testing.T) {
	want := review.Box{Document: "a-b_c", Page: 3, X: 0.25, Y: 0.5, W: 0.125, H: 0.0625}
	got, ok := review.ParseBox(want.String())
	if !ok || got != want {
		t.Errorf("%q gives %+v, %v", want.String(), got, ok)
	}
	for _, turn := range []int{90, 180, 270} {
		lying := want
		lying.Turn = turn
		if got, ok := review.ParseBox(lying.String()); !ok || got != lying {
			t.Errorf("%q gives %+v, %v", lying.String(), got, ok)
		}
	}
	if want.PageID() != "a-b_c-3" {
		t.Errorf("page id %q", want.PageID())
	}
	if s := (review.Box{}).String(); s != "" {
		t.Errorf("no box is written as %q", s)
	}
	if edge, ok := review.ParseBox("d-1:0.9,0.0001,0.1004,1"); !ok || edge.X+edge.W > 1 || edge.Y+edge.H > 1 {
		t.Errorf("a box up to the edge: %+v, %v", edge, ok)
	}
}

func TestABoxOutsideThePageIsRefused(t *testing.T) {
	for _, s := range []string{
		"", "d-1", "d:0.1,0.1,0.2,0.2", "-1:0.1,0.1,0.2,0.2", "d-0:0.1,0.1,0.2,0.2", "d-x:0.1,0.1,0.2,0.2", "d-1:0.1,0.1,0.2",
		"d-1:0.1,0.1,0.2,0.2,0.2", "d-1:0.1,0.1,0.2,0.2,0", "d-1:0.1,0.1,0.2,0.2,45", "d-1:0.1,0.1,0.2,0.2,090", "d-1:0.1,0.1,0.2,0.2,90,90", "d-1:-0.1,0.1,0.2,0.2", "d-1:0.1,0.1,NaN,0.2", "d-1:0.1,0.1,0,0.2", "d-1:0.9,0.1,0.2,0.2", "d-1:0.1,0.9,0.2,0.2",
		"d-1:0.1,Inf,0.2,0.2", "d-1:0.1,0.1,0.001,0.2",
	} {
		if b, ok := review.ParseBox(s); ok {
			t.Errorf("%q is taken as %+v", s, b)
		}
	}
}

// FuzzBoxes reads what a form may hold: what is taken lies on its page and is read again
// as it is written.
func FuzzBoxes(f *testing.F) {
	for _, s := range []string{"", "d-1:0.1,0.1,0.2,0.2", "a-b_c-3:0.2500,0.5000,0.1250,0.0625,270", "d-1:0.9,0.0001,0.1004,1", "d-1:1e-1,.2,0x1p-2,0.2", "d-1:NaN,Inf,-0,0.2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, ok := review.ParseBox(s)
		if !ok {
			if b != (review.Box{}) {
				t.Fatalf("%q is refused, and yet %+v", s, b)
			}
			return
		}
		if b.X < 0 || b.Y < 0 || b.W <= 0 || b.H <= 0 || b.X+b.W > 1 || b.Y+b.H > 1 || b.Page < 1 || b.Document == "" || b.Turn%90 != 0 || b.Turn < 0 || b.Turn > 270 {
			t.Fatalf("%q is taken as %+v", s, b)
		}
		if again, ok := review.ParseBox(b.String()); ok && again.String() != b.String() {
			t.Fatalf("%q is written as %q and read as %q", s, b, again)
		}
	})
}
