package scan

import (
	"context"
	"image"
	"math"
	"time"

	"okno/review"
	"okno/review/scan/ocrb"
	"okno/review/scan/walk"
)

// Paper is what a file is expected to show. It decides which readers look at it, never whether it is accepted.
type Paper string

// The papers that differ for the readers.
const (
	AnyPaper        Paper = ""                 // may have lines and a portrait
	Passport        Paper = "passport"         // has lines and a portrait
	RussianPassport Paper = "rf-passport"      // has a portrait, lines when it is from 2011 or later, and print that can be read
	MigrationCard   Paper = "migration-card"   // print only
	InsurancePolicy Paper = "insurance-policy" // print only
	Letter          Paper = "letter"           // nothing that a reader could read
)

// photoPage tells whether lines and a face may be on the paper.
func (p Paper) photoPage() bool { return p == AnyPaper || p == Passport || p == RussianPassport }

// printed tells whether the print of the paper can be read.
func (p Paper) printed() bool {
	return p == RussianPassport || p == MigrationCard || p == InsurancePolicy
}

// paperOf says what the person announced for a slot.
func paperOf(s *review.Submission, slot review.Slot) Paper {
	switch slot {
	case review.SlotPassport:
		if s.Track == review.FromAbroad {
			return RussianPassport
		}
		return Passport
	case review.SlotStayProof:
		if s.Answers.Value(review.StayProofType) == "migration-card" {
			return MigrationCard
		}
	case review.SlotInsurance:
		return InsurancePolicy
	case review.SlotTranslation:
		return Letter
	case review.SlotResidenceProof:
		switch s.Answers.Value(review.ResidenceProofType) {
		case "lease", "embassy-certificate":
			return Letter
		}
	}
	return AnyPaper
}

const (
	// maxLooked is how many pages of a file are looked at: a passport is on the first ones or nowhere.
	maxLooked = 4
	// leastLook is the time below which looking at one more page is not begun.
	leastLook = 100 * time.Millisecond
)

// look is what remains to be looked for in a file. Looking has half of the file's time: a page that nobody could
// look at in time is accepted like any other, only without a reading.
type look struct {
	paper  Paper
	until  time.Time
	looked int
	read   bool // lines were read on a page before
}

// more reports whether another page is looked at.
func (l *look) more() bool {
	return l.looked < maxLooked && !l.read && time.Until(l.until) >= leastLook
}

// look has the readers look at a page and returns it upright: lines that were read tell how it stands.
func (i Inspector) look(ctx context.Context, l *look, page *Page, img image.Image) image.Image {
	if !l.more() {
		return img
	}
	l.looked++
	ctx, cancel := context.WithDeadline(ctx, l.until)
	defer cancel()
	turn := UnknownTurn
	if l.paper.photoPage() && i.Lines != nil {
		r := i.Lines.Read(ctx, img)
		if r.Verdict == ocrb.Read {
			img, turn, l.read = orient(img, orientationOf(r.Turn)), 0, true
			page.Turned = r.Turn
			r = uprighted(r)
		}
		page.Reading = &r
	}
	if l.paper.photoPage() && i.Portraits != nil && ctx.Err() == nil {
		p := i.Portraits.Find(ctx, img, turn)
		page.Portrait = &p
	}
	if l.paper.printed() && i.Texts != nil && ctx.Err() == nil {
		// A failed text reader costs its suggestions and nothing else.
		if texts, err := i.Texts.Texts(ctx, l.paper, img); err == nil {
			page.Texts = texts
		}
	}
	return img
}

// uprighted moves the places of a reading onto the page that was turned by its turn.
func uprighted(r ocrb.Reading) ocrb.Reading {
	r.Band = turnedQuad(r.Band, r.Turn)
	fields := make([]ocrb.Field, len(r.Fields))
	for n, f := range r.Fields {
		f.Box = turnedQuad(f.Box, r.Turn)
		fields[n] = f
	}
	r.Fields, r.Turn = fields, 0
	return r
}

// turnedQuad moves corners given as shares of a page with the page when it is turned clockwise.
func turnedQuad(q [4][2]float64, turn int) [4][2]float64 {
	for n, c := range q {
		x, y := c[0], c[1]
		switch turn {
		case 90:
			x, y = 1-c[1], c[0]
		case 180:
			x, y = 1-c[0], 1-c[1]
		case 270:
			x, y = c[1], 1-c[0]
		}
		q[n] = [2]float64{x, y}
	}
	return q
}

// around is the upright box around four corners, within the page.
func around(q [4][2]float64) review.Area {
	left, top, right, bottom := 1.0, 1.0, 0.0, 0.0
	for _, c := range q {
		x, y := math.Min(math.Max(c[0], 0), 1), math.Min(math.Max(c[1], 0), 1)
		left, right = math.Min(left, x), math.Max(right, x)
		top, bottom = math.Min(top, y), math.Max(bottom, y)
	}
	if right <= left || bottom <= top {
		return review.Area{}
	}
	return review.Area{X: left, Y: top, W: right - left, H: bottom - top}
}

// origin is what the markers of a photograph tell about its making.
func origin(info walk.Info) Origin {
	e := info.Exif
	o := Origin{Software: e.Software, Editor: info.Editor(), Make: e.Make, Model: e.Model, Taken: e.Taken, Changed: e.Changed, Position: e.GPS}
	if o.Software == "" && len(info.Tools) > 0 {
		o.Software = info.Tools[0]
	}
	return o
}
