// Package ocrb finds and reads the machine-readable lines of identity documents on
// pictures: passports, identity cards, visas and the Russian internal passport.
//
//	reading := ocrb.New().Read(ctx, picture)
//	if reading.Verdict == ocrb.Read {
//		compare(reading.Fields)
//	}
//
// A picture goes through these steps, a file each:
//
//   - gray: brightness only, at most 1800 pixels long, with halves for cutting out.
//
//   - locate, morph: on a copy of 450 pixels, later 900, dark strokes are found by a
//     black-hat, their sides by the horizontal gradient, and closings of different
//     heights join them to long blobs, in rows and in columns. Where the first look found
//     nothing, bands are laid over the page.
//
//   - band: a blob's surroundings are cut out level, 900 pixels wide. The tilt with the
//     most uneven row profile shows the rows; each is followed on nine segments and
//     fitted with a parabola, so curled and tilted pages read as well. Autocorrelation
//     gives the pitch, and how regular a row is: regular bands are read first.
//
//   - glyphnet: a row scaled to a pitch of 18 pixels is read by a small network every two
//     pixels: 37 characters or none. Both directions are tried; upside down, little
//     looks like a character.
//
//   - decode: dynamic programming picks exactly 30, 36 or 44 places with nearly equal
//     steps; characters left over beside the ends count against a length.
//
//   - search: the likeliest way to make a document of the rows is cut out again along
//     the characters' own places, five times with small differences, and the mean counts.
//
//   - layout, countries, settle: each layout's grammar chooses among the characters; where
//     it allows only one of two twins such as 0 and O, both speak for it. A country code may
//     change one letter to exist. A check digit may replace one character by a second choice
//     at least 5 % as likely, never more, and never where the print is clear: a forged line
//     is reported as printed. What the grammar forbids but the picture clearly shows is
//     reported, too.
//
//   - report: values, their places on the page and probabilities.
//
//   - verdict, contest: whether the reader stands by its text.
//
// Lines are accepted above [AcceptAbove], with at most one repair, and only if nothing else
// is hardly less likely: no other character where no check digit protects, no other text
// that satisfies the same check digits (two letters O for two zeros often do), no single
// misreading that would explain a wrong check digit, and for small visas, which have no
// composite digit, no line that may go on. Everything else is [Unreadable] or [None]. The
// search is bounded in units of work.
//
// The weights come from the command train below this package; see the decision record
// on our own line reader.
package ocrb

import (
	"context"
	_ "embed"
	"image"
	"sync"

	"okno/review/scan/ocrb/glyphnet"
)

// AcceptAbove is the mean log-probability that accepted lines have at least.
const AcceptAbove = -0.55

//go:embed weights.bin
var weights []byte

var network = sync.OnceValue(func() *glyphnet.Net {
	net, err := glyphnet.Decode(weights)
	if err != nil {
		panic(err) // the file was embedded by this build
	}
	return net
})

// Reader reads pictures. It may be used by many goroutines.
type Reader struct{ net *glyphnet.Net }

// New makes a reader with the embedded network.
func New() *Reader { return &Reader{network()} }

// Read looks for machine-readable lines in any of the four orientations. It ends early
// when ctx ends, with the best that was found until then.
func (r *Reader) Read(ctx context.Context, img image.Image) Reading {
	gray, _ := grayOf(img)
	if gray.w < 32 || gray.h < 32 {
		return Reading{Verdict: None}
	}
	s := &search{ctx: ctx, net: r.net, pyramid: newPyramid(gray)}
	s.run()
	if s.best == nil || s.best.verdict() == None {
		return Reading{Verdict: None, Work: s.work}
	}
	reading := s.best.report(gray)
	reading.Work = s.work
	return reading
}
