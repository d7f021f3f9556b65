package review

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Box is a place on a page of a document, drawn by a reviewer. The numbers are
// fractions of the page's picture as it is stored, from 0 to 1.
type Box struct {
	Document DocumentID `json:"document,omitempty"`
	Page     int        `json:"page,omitempty"` // from 1
	X        float64    `json:"x,omitempty"`
	Y        float64    `json:"y,omitempty"`
	W        float64    `json:"w,omitempty"`
	H        float64    `json:"h,omitempty"`
	Turn     int        `json:"turn,omitempty"` // how the reviewer had the page turned: 0, 90, 180 or 270, clockwise
}

// minBox is the shortest side of a box: below it nobody would see what is meant.
const minBox = 0.005

// IsZero reports whether no place was drawn.
func (b Box) IsZero() bool { return b == Box{} }

// PageID names the page that the box lies on, as the viewer does.
func (b Box) PageID() string { return PageID(b.Document, b.Page) }

// PageID names a page of a document in forms and in the viewer.
func PageID(d DocumentID, page int) string { return string(d) + "-" + strconv.Itoa(page) }

// shows reports whether the box lies on a page of a current document; none at all
// is fine, too.
func (s *Submission) shows(b Box) bool {
	return b.IsZero() || slices.ContainsFunc(s.Documents, func(d Document) bool {
		return d.ID == b.Document && slices.ContainsFunc(d.Pages, func(p Page) bool { return p.Number == b.Page })
	})
}

// String writes the box as <page id>:x,y,w,h and, on a turned page, a fifth number, the
// turn; empty for none. ParseBox reads it.
func (b Box) String() string {
	if b.IsZero() {
		return ""
	}
	n := func(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }
	out := b.PageID() + ":" + n(b.X) + "," + n(b.Y) + "," + n(b.W) + "," + n(b.H)
	if b.Turn != 0 {
		out += "," + strconv.Itoa(b.Turn)
	}
	return out
}

// ParseBox is the inverse of String. It refuses what does not lie on the page.
func ParseBox(s string) (Box, bool) {
	id, numbers, ok := strings.Cut(s, ":")
	if !ok || len(s) > 200 {
		return Box{}, false
	}
	dash := strings.LastIndexByte(id, '-')
	if dash <= 0 {
		return Box{}, false
	}
	page, err := strconv.Atoi(id[dash+1:])
	if err != nil || page < 1 {
		return Box{}, false
	}
	b := Box{Document: DocumentID(id[:dash]), Page: page}
	parts := strings.Split(numbers, ",")
	if len(parts) == 5 {
		switch parts[4] {
		case "90", "180", "270":
			b.Turn, _ = strconv.Atoi(parts[4])
		default:
			return Box{}, false
		}
		parts = parts[:4]
	}
	if len(parts) != 4 {
		return Box{}, false
	}
	for i, to := range []*float64{&b.X, &b.Y, &b.W, &b.H} {
		if *to, err = strconv.ParseFloat(parts[i], 64); err != nil || math.IsNaN(*to) || *to < 0 || *to > 1 {
			return Box{}, false
		}
	}
	const slack = 1e-3 // the rounding of String
	if b.W < minBox || b.H < minBox || b.X+b.W > 1+slack || b.Y+b.H > 1+slack {
		return Box{}, false
	}
	b.W, b.H = min(b.W, 1-b.X), min(b.H, 1-b.Y)
	return b, true
}
