package scan

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"slices"
	"time"

	"okno/review"
	"okno/review/scan/ocrb"
)

// Readers names what looks at pages at present. Pages keep the name of those that looked
// at them: after an upgrade it tells which have to be looked at again.
func Readers() string { return "lines " + ocrb.Version() }

// Version is [Readers], for those who know this package as a port only.
func (s *Service) Version() string { return Readers() }

// spare is the time that is left to others when a request has to end.
const spare = 3 * time.Second

// Reread looks again at the pages of those current documents that other readers have
// looked at, and returns these documents with what they show now. It works on our own
// pictures of the pages, one document at a time, in a worker's place; a document for
// which there is no time keeps what was read before, and its name of readers.
func (s *Service) Reread(ctx context.Context, sub *review.Submission) (list []review.Document, err error) {
	for _, d := range sub.Documents {
		paper := paperOf(sub, d.Slot)
		if !paper.photoPage() && !(paper.printed() && s.Inspector.Texts != nil) ||
			!slices.ContainsFunc(d.Pages, func(p review.Page) bool { return p.Report.Reader != Readers() }) {
			continue
		}
		until := time.Now().Add(s.Inspector.timeout() / 2)
		if end, ok := ctx.Deadline(); ok && end.Add(-spare).Before(until) {
			if until = end.Add(-spare); time.Until(until) < leastLook {
				break
			}
		}
		pages, err := s.reread(ctx, sub.ID, d.Pages, &look{paper: paper, until: until})
		if review.KindOf(err) == review.NotFound { // erased meanwhile
			continue
		}
		if err != nil {
			return nil, err
		}
		d.Pages = pages
		d.Notes = again(paper, d)
		list = append(list, d)
	}
	return list, nil
}

func (s *Service) reread(ctx context.Context, id review.SubmissionID, old []review.Page, l *look) ([]review.Page, error) {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	pages := slices.Clone(old)
	for n := range pages {
		p := &pages[n]
		if !l.more() {
			if time.Until(l.until) >= leastLook { // the first pages have said what there is
				p.Report.Reader = Readers()
			}
			continue
		}
		body, err := s.Bytes.Fetch(ctx, id, kindPage, p.Image)
		if err != nil {
			return nil, err
		}
		img, err := jpeg.Decode(bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		s.Inspector.reread(ctx, l, p, img)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return pages, nil
}

// reread replaces what is known about a page by what is seen on its picture now.
func (i Inspector) reread(ctx context.Context, l *look, p *review.Page, img image.Image) {
	page := Page{Number: p.Number}
	i.look(ctx, l, &page, img)
	turnBack(&page)
	fresh, late := kept(page, nil), !time.Now().Before(l.until)
	if late && (fresh.Reading == nil || fresh.Reading.Verdict != review.LinesRead) {
		return
	}
	if fresh.Reading != nil {
		p.Report.Reading = fresh.Reading
	}
	if fresh.Portrait != nil && (!late || fresh.Portrait.Found) {
		p.Report.Portrait = fresh.Portrait
	}
	if len(fresh.Texts) > 0 {
		p.Report.Texts = fresh.Texts
	}
	if len(p.Report.Look) == 0 {
		print := dhash(fit(img, ThumbSide))
		p.Report.Look = print[:]
	}
	p.Report.Reader = Readers()
}

// turnBack moves the places on a page that was turned upright back to where they are in
// the picture that is kept; the reading says how the page stands.
func turnBack(page *Page) {
	if page.Turned == 0 {
		return
	}
	back := 360 - page.Turned
	area := func(a review.Area) review.Area {
		if a.Empty() {
			return a
		}
		return around(turnedQuad([4][2]float64{{a.X, a.Y}, {a.X + a.W, a.Y}, {a.X + a.W, a.Y + a.H}, {a.X, a.Y + a.H}}, back))
	}
	if page.Reading != nil {
		r := *page.Reading
		r.Band, r.Turn, r.Fields = turnedQuad(r.Band, back), page.Turned, slices.Clone(r.Fields)
		for n := range r.Fields {
			r.Fields[n].Box = turnedQuad(r.Fields[n].Box, back)
		}
		page.Reading = &r
	}
	if page.Portrait != nil {
		p := *page.Portrait
		p.Box = area(p.Box)
		page.Portrait = &p
	}
	for n := range page.Texts {
		page.Texts[n].Box = area(page.Texts[n].Box)
	}
}

// again are the notes about a document whose pages were looked at once more: what no
// page shows may be there now, or gone.
func again(paper Paper, d review.Document) []string {
	list := slices.DeleteFunc(slices.Clone(d.Notes), func(n string) bool { return n == string(ReasonNoLines) || n == string(ReasonNoPortrait) })
	var out outcome
	for _, p := range d.Pages {
		var page Page
		if r := p.Report.Reading; r != nil {
			page.Reading = &ocrb.Reading{Verdict: ocrb.Unreadable}
			if r.Verdict == review.LinesNone {
				page.Reading.Verdict = ocrb.None
			}
		}
		if f := p.Report.Portrait; f != nil {
			page.Portrait = &Portrait{Found: f.Found}
		}
		out.pages = append(out.pages, page)
	}
	return append(list, codes(wholeNotes(paper, out))...)
}
