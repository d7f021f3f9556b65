package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"okno/review"
	"okno/review/check"
	"okno/review/scan"
	"okno/review/scan/ocrb"
	"okno/views/link"
)

// onItsSide turns a photograph by a quarter.
func onItsSide(t *testing.T, body []byte) []byte {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	b := img.Bounds()
	out := image.NewRGBA(image.Rect(0, 0, b.Dy(), b.Dx()))
	for y := range b.Dy() {
		for x := range b.Dx() {
			out.Set(b.Dy()-1-y, x, img.At(x, y))
		}
	}
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, out, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// TestAnotherReaderReadsWhatWaits puts documents into the queue that an earlier reader
// could not read: the loop reads them again, once, and the checks with them; a case in
// hand is read again when its reviewer asks for it.
func TestAnotherReaderReadsWhatWaits(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	body, err := os.ReadFile(filepath.Join("..", "..", "review", "scan", "testdata", "specimens", "s001_passport.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	lines := h.desk.scan.Inspector.Lines
	h.desk.scan.Inspector.Lines = nil
	waiting := func(body []byte) *review.Submission {
		t.Helper()
		by, now := h.applicant(review.ForeignCitizen), h.clock.Now()
		s := h.draft(by, review.ForeignCitizen, append(h.readable(by), func(s *review.Submission) (review.Change, error) {
			return s.Save(by, "person", holder("DEVMOHPATAN", "SAMPLONA", "IND", "F", "1953-12-12", "2021-05-12", "2031-05-11", "L2112477"), now)
		})...)
		h.uploads(by, s.ID, review.SlotPassport, "SPECIMEN.jpg", body)
		for _, do := range []step{
			func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
			func(s *review.Submission) (review.Change, error) {
				s.Rules = "before"
				return s.Checked(review.System(), nil, now)
			},
			func(s *review.Submission) (review.Change, error) { // as the reader of an earlier version left it
				d, _ := s.Document(review.SlotPassport)
				d.Pages = slices.Clone(d.Pages)
				d.Pages[0].Report.Reader, d.Pages[0].Report.Look = "lines 0", nil
				d.Pages[0].Report.Reading = &review.Reading{Verdict: review.LinesNone}
				d.Notes = []string{string(scan.ReasonNoLines), string(scan.ReasonGrayscale)}
				return s.Reread(review.System(), []review.Document{d}, now)
			},
		} {
			var err error
			s, err = h.submissions.Update(t.Context(), s.ID, 0, do)
			h.must(err)
		}
		return s
	}
	upright, lying, inHand := waiting(body), waiting(onItsSide(t, body)), waiting(body)
	h.desk.scan.Inspector.Lines = lines
	_, err = h.submissions.Update(t.Context(), inHand.ID, 0, func(s *review.Submission) (review.Change, error) { return s.Take(reviewer, h.clock.Now()) })
	h.must(err)

	read := func(id review.SubmissionID) (*review.Submission, review.Page, review.Document) {
		t.Helper()
		s, err := h.submissions.Submission(t.Context(), id)
		h.must(err)
		d, _ := s.Document(review.SlotPassport)
		return s, d.Pages[0], d
	}
	for more := true; more; {
		more, err = h.desk.checks.Catch(t.Context())
		h.must(err)
	}
	for name, id := range map[string]review.SubmissionID{"upright": upright.ID, "lying": lying.ID} {
		s, p, d := read(id)
		if p.Report.Reader != scan.Readers() || p.Report.Reading == nil || p.Report.Reading.Verdict != review.LinesRead || len(p.Report.Look) == 0 {
			t.Fatalf("%s: read by %q, %v", name, p.Report.Reader, p.Report.Reading != nil && p.Report.Reading.Verdict == review.LinesRead)
		}
		if slices.Contains(d.Notes, string(scan.ReasonNoLines)) || !slices.Contains(d.Notes, string(scan.ReasonGrayscale)) {
			t.Errorf("%s: noted %v", name, d.Notes)
		}
		if i := slices.IndexFunc(s.Checks, func(c review.Check) bool { return c.Code == check.MRZNumber }); i < 0 || s.Checks[i].Verdict != review.Pass {
			t.Errorf("%s: the number was not compared", name)
		}
		if got := h.reread(id); got != 2 { // one of them prepared the case
			t.Errorf("%s: the history says %d times that documents were read again", name, got)
		}
	}
	if _, p, _ := read(upright.ID); p.Report.Reading.Turn != 0 || p.Report.Reading.Band.W < p.Report.Reading.Band.H {
		t.Errorf("upright: turn %d, band %v", p.Report.Reading.Turn, p.Report.Reading.Band)
	}
	// The picture stays as it is; the places are on it, and the reading says how it stands.
	if _, p, _ := read(lying.ID); p.Report.Reading.Turn != 270 || p.Report.Reading.Band.W > p.Report.Reading.Band.H || p.Height < p.Width {
		t.Errorf("lying: turn %d, band %v", p.Report.Reading.Turn, p.Report.Reading.Band)
	}
	if _, p, _ := read(inHand.ID); p.Report.Reader == scan.Readers() {
		t.Error("the loop took a case out of its reviewer's hands")
	}

	// Nothing is read twice.
	h.desk.scan.Inspector.Lines = never{t}
	_, err = h.desk.checks.Catch(t.Context())
	h.must(err)
	h.desk.scan.Inspector.Lines = lines

	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	if a := h.post(v, link.CaseAction(string(inHand.ID), "checks"), nil); a.status != 303 {
		t.Fatalf("checking again: %d", a.status)
	}
	if _, p, _ := read(inHand.ID); p.Report.Reader != scan.Readers() || p.Report.Reading.Verdict != review.LinesRead {
		t.Errorf("the case in hand was read by %q", p.Report.Reader)
	}
	if _, err := h.desk.checks.Recheck(t.Context(), h.appoint(review.RoleReviewer), inHand.ID); !errors.Is(err, review.ErrNotClaimed) {
		t.Errorf("somebody else had it read: %v", err)
	}
}

// never fails when somebody has a page read.
type never struct{ t *testing.T }

func (n never) Read(context.Context, image.Image) ocrb.Reading {
	n.t.Error("a page is read once more")
	return ocrb.Reading{}
}

// reread counts what the history says about documents that were read again.
func (h *house) reread(id review.SubmissionID) (n int) {
	h.t.Helper()
	events, err := h.timeline().ForSubmission(h.t.Context(), id)
	h.must(err)
	for _, e := range events {
		if e.Type == review.EventReread {
			n++
		}
	}
	return n
}
