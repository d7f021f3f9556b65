package scan_test

import (
	"context"
	"errors"
	"image"
	"math"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"okno/review"
	"okno/review/scan"
	"okno/review/scan/ocrb"
	"okno/review/scan/pdfdoc"
)

// lines answers every page alike and counts.
type lines struct {
	answer ocrb.Reading
	asked  *int
}

func (l lines) Read(context.Context, image.Image) ocrb.Reading { *l.asked++; return l.answer }

// faces remembers how pages were said to stand.
type faces struct{ turns *[]int }

func (f faces) Find(_ context.Context, _ image.Image, turn int) scan.Portrait {
	*f.turns = append(*f.turns, turn)
	return scan.Portrait{Found: true, Strength: 9}
}

// print answers with a suggestion, or with a failure.
type print struct {
	err    error
	papers *[]scan.Paper
}

func (p print) Texts(_ context.Context, paper scan.Paper, _ image.Image) ([]scan.Text, error) {
	*p.papers = append(*p.papers, paper)
	return []scan.Text{{Code: "number", Value: "SPECIMEN"}}, p.err
}

// A page whose lines stand on their side is turned, and the places on it with it.
func TestReadingTurnsThePage(t *testing.T) {
	corner := [4][2]float64{{0, 0}, {0.2, 0}, {0.2, 0.1}, {0, 0.1}} // the red corner of the picture as sent
	for turn, want := range map[int]struct {
		corners string
		box     review.Area
	}{
		0:   {"RGBW", review.Area{X: 0, Y: 0, W: 0.2, H: 0.1}},
		90:  {"WRGB", review.Area{X: 0.9, Y: 0, W: 0.1, H: 0.2}},
		180: {"BWRG", review.Area{X: 0.8, Y: 0.9, W: 0.2, H: 0.1}},
		270: {"GBWR", review.Area{X: 0, Y: 0.8, W: 0.1, H: 0.2}},
	} {
		asked, turns := 0, []int(nil)
		in := scan.Inspector{Timeout: patient, Portraits: faces{&turns}, Lines: lines{ocrb.Reading{
			Verdict: ocrb.Read, Turn: turn, Lines: []string{"P<UTO"}, Band: corner, Fields: []ocrb.Field{{Code: "surname", Box: corner}},
		}, &asked}}
		report := inspect(t, in, "a.jpg", quadrants(t, 640, 420))
		if len(report.Pages) != 1 || report.Pages[0].Reading == nil {
			t.Fatalf("%s %s", report.Verdict, report.Detail)
		}
		page := report.Pages[0]
		if got := corners(t, page.JPEG); got != want.corners || page.Turned != turn || page.Reading.Turn != 0 {
			t.Errorf("turn %d: %s, turned %d", turn, got, page.Turned)
		}
		for name, quad := range map[string][4][2]float64{"band": page.Reading.Band, "field": page.Reading.Fields[0].Box} {
			if got := bounds(quad); far(got, want.box) {
				t.Errorf("turn %d: %s at %v, want %v", turn, name, got, want.box)
			}
		}
		if asked != 1 || !slices.Equal(turns, []int{0}) {
			t.Errorf("turn %d: asked %d times, face sought at %v", turn, asked, turns)
		}
	}
}

func bounds(q [4][2]float64) review.Area {
	left, top, right, bottom := q[0][0], q[0][1], q[0][0], q[0][1]
	for _, c := range q {
		left, right, top, bottom = min(left, c[0]), max(right, c[0]), min(top, c[1]), max(bottom, c[1])
	}
	return review.Area{X: left, Y: top, W: right - left, H: bottom - top}
}

func far(a, b review.Area) bool {
	return math.Abs(a.X-b.X)+math.Abs(a.Y-b.Y)+math.Abs(a.W-b.W)+math.Abs(a.H-b.H) > 1e-9
}

// A guess does not turn a page.
func TestUnreadableLinesLeaveThePageAsItIs(t *testing.T) {
	asked, turns := 0, []int(nil)
	in := scan.Inspector{Timeout: patient, Portraits: faces{&turns}, Lines: lines{ocrb.Reading{Verdict: ocrb.Unreadable, Turn: 90}, &asked}}
	page := inspect(t, in, "a.jpg", quadrants(t, 640, 420)).Pages[0]
	if corners(t, page.JPEG) != "RGBW" || page.Reading.Turn != 90 || !slices.Equal(turns, []int{scan.UnknownTurn}) {
		t.Errorf("%s, turn %d, face sought at %v", corners(t, page.JPEG), page.Reading.Turn, turns)
	}
}

// Each paper is looked at by those who can find something on it.
func TestPapersChooseTheirReaders(t *testing.T) {
	photo := quadrants(t, 640, 420)
	for paper, want := range map[scan.Paper]struct{ lines, face, print bool }{
		scan.AnyPaper: {true, true, false}, scan.RussianPassport: {true, true, true}, scan.MigrationCard: {false, false, true},
		scan.InsurancePolicy: {false, false, true}, scan.Letter: {},
	} {
		asked, turns, papers := 0, []int(nil), []scan.Paper(nil)
		in := scan.Inspector{Timeout: patient, Lines: lines{ocrb.Reading{Verdict: ocrb.None}, &asked}, Portraits: faces{&turns}, Texts: print{nil, &papers}}
		report, err := in.InspectAs(context.Background(), paper, "a.jpg", photo)
		if err != nil || len(report.Pages) != 1 {
			t.Fatalf("%q: %v %s", paper, err, report.Detail)
		}
		page := report.Pages[0]
		if (page.Reading != nil) != want.lines || (page.Portrait != nil) != want.face || (len(page.Texts) > 0) != want.print {
			t.Errorf("%q: reading %v, portrait %v, texts %v", paper, page.Reading, page.Portrait, page.Texts)
		}
		if want.print && !slices.Equal(papers, []scan.Paper{paper}) {
			t.Errorf("%q: print read as %v", paper, papers)
		}
	}
}

// Whoever fails to find something costs the file nothing.
func TestFailingReadersCostNothing(t *testing.T) {
	papers := []scan.Paper(nil)
	in := scan.Inspector{Timeout: patient, Texts: print{errors.New("gone"), &papers}}
	report, err := in.InspectAs(context.Background(), scan.MigrationCard, "a.jpg", quadrants(t, 640, 420))
	if err != nil || !report.Verdict.Stored() || len(report.Pages[0].Texts) != 0 || len(papers) != 1 {
		t.Errorf("%v %s %v", err, report.Verdict, report.Pages[0].Texts)
	}
}

// A reader that never ends is told to after half of the file's time; the file is accepted all the same.
func TestLookingHasHalfOfTheTime(t *testing.T) {
	in := scan.Inspector{Timeout: 6 * time.Second, Lines: endless{}}
	report := inspect(t, in, "a.jpg", quadrants(t, 640, 420))
	if !report.Verdict.Stored() || report.Pages[0].Reading == nil || report.Pages[0].Reading.Verdict != ocrb.None {
		t.Errorf("%s %s", report.Verdict, report.Reason)
	}
}

type endless struct{}

func (endless) Read(ctx context.Context, _ image.Image) ocrb.Reading {
	<-ctx.Done()
	return ocrb.Reading{Verdict: ocrb.None}
}

// In a file of many pages the first ones are looked at, until lines were read.
func TestManyPages(t *testing.T) {
	for _, c := range []struct {
		answer ocrb.Verdict
		asked  int
	}{{ocrb.Read, 1}, {ocrb.None, 3}} {
		asked := 0
		in := scan.Inspector{PDF: pages{pdfdoc.Reader{}, 3}, Timeout: patient, Lines: lines{ocrb.Reading{Verdict: c.answer}, &asked}}
		report := inspect(t, in, "a.pdf", read(t, filepath.Join("testdata", "badfiles", "scan_ok.pdf")))
		if len(report.Pages) != 3 || asked != c.asked {
			t.Errorf("%s: %d pages, asked %d times, want %d", c.answer, len(report.Pages), asked, c.asked)
		}
	}
}

// pages shows the first page of a document several times.
type pages struct {
	scan.PDFReader
	n int
}

func (p pages) Read(ctx context.Context, body []byte) (scan.Document, error) {
	doc, err := p.PDFReader.Read(ctx, body)
	for len(doc.Pages) > 0 && len(doc.Pages) < p.n {
		doc.Pages = append(doc.Pages, doc.Pages[0])
	}
	return doc, err
}
