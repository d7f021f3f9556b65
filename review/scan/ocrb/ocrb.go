// Package ocrb finds and reads the machine-readable lines of identity documents on
// pictures: passports, identity cards, visas and the Russian internal passport.
//
//	reading := ocrb.New().Read(ctx, picture)
//	if reading.Verdict == ocrb.Read {
//		compare(reading.Lines)
//	}
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
