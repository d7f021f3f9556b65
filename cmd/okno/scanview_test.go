package main

import (
	"bytes"
	"image/jpeg"
	"net/url"
	"strconv"
	"testing"

	"okno/db/sqlite"
	"okno/review"
	"okno/views/link"
)

// views counts the looks at scans of a case in the log.
func (h *house) views(id review.SubmissionID) (n int) {
	h.t.Helper()
	h.must(h.data.db.Read(h.t.Context(), func(rx *sqlite.Rx) error {
		return rx.Get(&n, `SELECT count(*) FROM history WHERE type = ? AND submission = ?`, review.EventScanViewed, id)
	}))
	return n
}

// TestEveryLookAtAScanIsWrittenDownFirst asks for pages: each is in the log when it
// comes, carries a mark that the stored picture does not have, and does not come at
// all when the log cannot be written.
func TestEveryLookAtAScanIsWrittenDownFirst(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.scanned(reviewer)
	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	doc, _ := s.Document(review.SlotInsurance)
	page := func(n int, size string) answer {
		return h.ask(v, "GET", link.CasePage(string(s.ID), string(doc.ID), strconv.Itoa(n), size), nil)
	}
	for i := range 3 {
		if a := page(2, "page"); a.status != 200 || a.header.Get("Content-Type") != "image/jpeg" || a.header.Get("Cache-Control") != "no-store" {
			t.Fatalf("page: %d %v", a.status, a.header)
		}
		if got := h.views(s.ID); got != i+1 {
			t.Errorf("%d looks in the log after %d", got, i+1)
		}
	}
	for range 2 { // a strip of thumbnails shown again is no new look
		page(3, "thumb")
	}
	if got := h.views(s.ID); got != 4 {
		t.Errorf("%d looks after a thumbnail, want 4", got)
	}
	stored, err := h.bytes.Fetch(t.Context(), s.ID, "page", doc.Pages[1].Image)
	h.must(err)
	served := page(2, "page").body
	a, err := jpeg.Decode(bytes.NewReader(stored))
	h.must(err)
	b, err := jpeg.Decode(bytes.NewReader(served))
	h.must(err)
	if a.Bounds() != b.Bounds() {
		t.Fatalf("%v became %v", a.Bounds(), b.Bounds())
	}
	marked := 0
	for y := 0; y < a.Bounds().Dy(); y += 2 {
		for x := 0; x < a.Bounds().Dx(); x += 2 {
			r1, _, _, _ := a.At(x, y).RGBA()
			r2, _, _, _ := b.At(x, y).RGBA()
			if d := int(r1>>8) - int(r2>>8); d > 12 || d < -12 {
				marked++
			}
		}
	}
	if all := a.Bounds().Dx() * a.Bounds().Dy() / 4; marked < all/100 || marked > all/4 {
		t.Errorf("%d of %d pixels carry the mark", marked, all)
	}

	h.write(func(tx *sqlite.Tx) error {
		_, err := tx.Exec(`CREATE TRIGGER full_disk BEFORE INSERT ON history BEGIN SELECT RAISE(ABORT, 'full'); END`)
		return err
	})
	for _, size := range []string{"page", "thumb"} {
		if a := page(5, size); a.status < 500 || bytes.HasPrefix(a.body, []byte{0xff, 0xd8}) {
			t.Errorf("%s without a log: %d, %d bytes", size, a.status, len(a.body))
		}
	}
}

// TestTheApplicantSeesThePlaceThatWasDrawn sends a correction with a box through
// the panel's form and fetches its crop as the applicant, as others, and later.
func TestTheApplicantSeesThePlaceThatWasDrawn(t *testing.T) {
	t.Parallel()
	h := openHouse(t)
	reviewer := h.appoint(review.RoleReviewer)
	s := h.scanned(reviewer)
	v := visitor{token: h.staffToken(reviewer.Staff, false), live: true}
	doc, _ := s.Document(review.SlotPassport)
	const item = "doc:passport|doc-blurry"
	send := func(box string) answer {
		s, err := h.submissions.Submission(t.Context(), s.ID)
		h.must(err)
		return h.post(v, link.Verdict(string(s.ID), "request-correction"), url.Values{
			"version": {strconv.FormatInt(s.Version, 10)}, "item": {item, "field:surname|name-mismatch"}, "box-" + item: {box}, "note": {"SPECIMEN"}, "act": {"send"},
		})
	}
	if a := send("nobody-1:0.1,0.1,0.2,0.2"); a.status != 422 {
		t.Errorf("a box on a page of nobody: %d", a.status)
	}
	if a := send(review.Box{Document: doc.ID, Page: 2, X: 0.1, Y: 0.1, W: 0.2, H: 0.2}.String()); a.status != 422 {
		t.Errorf("a box on a page that is not there: %d", a.status)
	}
	x, y := dotOf(0)
	if a := send(review.Box{Document: doc.ID, Page: 1, X: x - 0.05, Y: y - 0.05, W: 0.1, H: 0.1, Turn: 90}.String()); a.status != 303 {
		t.Fatalf("sending: %d %s", a.status, a.body)
	}
	owner := visitor{token: h.accountToken(s.Account), live: true}
	if a := h.ask(owner, "GET", link.Crop("0"), nil); a.status != 404 {
		t.Errorf("before it took effect: %d", a.status)
	}
	_, err := h.submissions.Update(t.Context(), s.ID, 0, func(s *review.Submission) (review.Change, error) { return s.Settle(s.Pending.EffectiveAt) })
	h.must(err)

	a := h.ask(owner, "GET", link.Crop("0"), nil)
	img, err := jpeg.Decode(bytes.NewReader(a.body))
	if a.status != 200 || err != nil {
		t.Fatalf("the crop: %d, %v", a.status, err)
	}
	if w := img.Bounds().Dx(); w < 100 || w > sheetWidth/2 {
		t.Errorf("the crop is %d pixels wide", w)
	}
	if b := img.Bounds(); b.Dx() <= b.Dy() { // the place is higher than wide, and the reviewer had the page on its side
		t.Errorf("the crop is %d by %d: not as the reviewer saw it", b.Dx(), b.Dy())
	}
	r, g, _, _ := img.At(img.Bounds().Dx()/2, img.Bounds().Dy()/2).RGBA()
	if r>>8 < 150 || g>>8 > 100 {
		t.Errorf("the dot is not in the middle: %d %d", r>>8, g>>8)
	}
	stranger := visitor{token: h.accountToken(h.applicant(review.ForeignCitizen).Account), live: true}
	for who, c := range map[string]struct {
		v visitor
		n string
	}{"a stranger": {stranger, "0"}, "a reason without a place": {owner, "1"}, "no such correction": {owner, "2"}, "no number": {owner, "x"}, "before the first": {owner, "-1"}} {
		if a := h.ask(c.v, "GET", link.Crop(c.n), nil); a.status != 404 {
			t.Errorf("%s: %d", who, a.status)
		}
	}
	if a := h.ask(v, "GET", link.Crop("0"), nil); a.status == 200 {
		t.Error("staff see the applicant's page")
	}
	by := review.Actor{Account: s.Account, Roles: []review.Role{review.RoleApplicant}}
	h.uploads(by, s.ID, review.SlotPassport, "SPECIMEN.jpg", sheetOf(t, 3))
	if a := h.ask(owner, "GET", link.Crop("0"), nil); a.status != 200 {
		t.Errorf("after the new file the old place is gone: %d", a.status)
	}
	now := h.clock.Now()
	for _, do := range []step{
		func(s *review.Submission) (review.Change, error) {
			return s.Save(by, "person", review.Answers{review.Surname: {Typed: "Образцов", Value: "Образцов"}}, now)
		},
		func(s *review.Submission) (review.Change, error) { return s.Send(by, now) },
	} {
		_, err := h.submissions.Update(t.Context(), s.ID, 0, do)
		h.must(err)
	}
	if a := h.ask(owner, "GET", link.Crop("0"), nil); a.status != 404 {
		t.Errorf("after the corrections are sent: %d", a.status)
	}
}
