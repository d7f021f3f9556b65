package scan

import (
	"reflect"
	"testing"
	"time"

	"okno/review"
	"okno/review/mrz"
	"okno/review/scan/ocrb"
)

func TestKept(t *testing.T) {
	quad := [4][2]float64{{0.1, 0.8}, {0.9, 0.7}, {0.9, 0.9}, {0.1, 1.01}}
	area := review.Area{X: 0.1, Y: 0.7, W: 0.8, H: 0.3}
	taken := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := Page{
		Number: 2, DHash: DHash{1, 2, 3}, Origin: Origin{Editor: "gimp", Taken: taken},
		Reading: &ocrb.Reading{Verdict: ocrb.Read, Format: mrz.KindTD3, Lines: []string{"P<UTO"}, Confidence: -0.1, Repaired: 1, Band: quad,
			CheckDigits: []ocrb.CheckDigit{{Field: "composite", OK: true}}, Fields: []ocrb.Field{{Code: "surname", Value: "OBRAZETS", Confidence: 0.9, Box: quad}}},
		Portrait: &Portrait{Found: true, Box: review.Area{X: 0.2, Y: 0.2, W: 0.1, H: 0.1}, Strength: 20},
		Texts:    []Text{{Code: "number", Value: "1", Confidence: 0.5, Box: area}},
	}
	got := kept(p, []Note{{Code: ReasonBlur, Page: 2}, {Code: ReasonBlur, Page: 2}, {Code: ReasonDark, Page: 1}, {Code: ReasonLink}})
	got.Reading.Band, got.Reading.Fields[0].Box = rounded(got.Reading.Band), rounded(got.Reading.Fields[0].Box)
	want := review.PageReport{
		Look: p.DHash[:], Editor: "gimp", Taken: taken,
		Reading: &review.Reading{Verdict: review.LinesRead, Format: review.FormatTD3, Lines: []string{"P<UTO"}, Confidence: -0.1, Repaired: 1, Band: area,
			Digits: []review.DigitResult{{Field: "composite", OK: true}}, Fields: []review.ReadField{{Code: "surname", Value: "OBRAZETS", Confidence: 0.9, Box: area}}},
		Portrait: &review.Portrait{Found: true, Box: review.Area{X: 0.2, Y: 0.2, W: 0.1, H: 0.1}},
		Texts:    []review.ReadField{{Code: "number", Value: "1", Confidence: 0.5, Box: area}},
		Notes:    []string{"blur"}, Reader: Readers(),
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("kept %#v\nwant %#v\nreading %+v", got, want, *got.Reading)
	}
}

func rounded(a review.Area) review.Area {
	r := func(v float64) float64 { return float64(int(v*1e6+0.5)) / 1e6 }
	return review.Area{X: r(a.X), Y: r(a.Y), W: r(a.W), H: r(a.H)}
}

func TestKeptWithoutLines(t *testing.T) {
	if r := kept(Page{Reading: &ocrb.Reading{Verdict: ocrb.None, Band: [4][2]float64{{1, 1}}}}, nil).Reading; r == nil || r.Verdict != review.LinesNone || !r.Band.Empty() {
		t.Error("a page without lines")
	}
	if r := kept(Page{Reading: &ocrb.Reading{Verdict: ocrb.Unreadable, Lines: []string{"P<"}}}, nil).Reading; r.Verdict != review.LinesUnreadable || len(r.Lines) != 1 {
		t.Error("an unreadable page")
	}
	if kept(Page{}, nil).Reading != nil {
		t.Error("nobody looked")
	}
}
