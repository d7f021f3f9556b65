// Package portrait tells whether a frontal face is on a page, with OpenCV's
// cascade of local binary patterns and an evaluator of our own:
//
//	p := portrait.Finder{}.Find(ctx, page, scan.UnknownTurn)
//	if !p.Found {
//		// the photo page shows no face, or one that glare covers
//	}
//
// It says that a face is there, never whose. Nothing of a face is measured,
// compared or kept, and nothing here could do it.
//
// The method is that of Viola and Jones (2001) over the features of Liao et al.
// (2007): windows of 24 x 24 slide over ever smaller copies of the picture;
// neighbouring hits form a group, and a group of [Hits] is a face.
package portrait

import (
	"context"
	"image"

	"okno/review"
	"okno/review/scan"
)

const (
	// Side is the long side at which pages are searched.
	Side = 640
	// Hits is how many neighbouring windows must agree on a face.
	Hits = 8

	growth   = 1.1
	smallest = 28 // side of the smallest face, in pixels at Side
)

// Finder is a [scan.PortraitFinder]. It holds no state.
type Finder struct{}

var _ scan.PortraitFinder = Finder{}

// Find implements [scan.PortraitFinder]. When the turn is not known, the four
// turns are tried and the one with the strongest face wins.
func (Finder) Find(ctx context.Context, img image.Image, turn int) scan.Portrait {
	stages, err := frontal()
	if err != nil || img.Bounds().Empty() {
		return scan.Portrait{}
	}
	upright := luma(img, Side)
	turns := []int{turn}
	if turn != 0 && turn != 90 && turn != 180 && turn != 270 {
		turns = []int{0, 90, 180, 270}
	}
	var best scan.Portrait
	for _, t := range turns {
		if ctx.Err() != nil {
			return best
		}
		g := upright.turned(t)
		face, ok := strongest(search(ctx, stages, g))
		if ok && face.hits > best.Strength {
			best = scan.Portrait{Found: true, Strength: face.hits, Box: turnedBack(face, g.w, g.h, t)}
		}
	}
	return best
}

// face is a group of agreeing windows.
type face struct {
	x, y, side float64
	hits       int
}

func strongest(faces []face) (best face, ok bool) {
	for _, f := range faces {
		if f.hits > best.hits {
			best, ok = f, true
		}
	}
	return best, ok
}

// turnedBack places a face found in a turned picture on the picture as given.
func turnedBack(f face, w, h, turn int) review.Area {
	x, y := f.x/float64(w), f.y/float64(h)
	bw, bh := f.side/float64(w), f.side/float64(h)
	switch turn {
	case 90:
		return review.Area{X: y, Y: 1 - x - bw, W: bh, H: bw}
	case 180:
		return review.Area{X: 1 - x - bw, Y: 1 - y - bh, W: bw, H: bh}
	case 270:
		return review.Area{X: 1 - y - bh, Y: x, W: bh, H: bw}
	}
	return review.Area{X: x, Y: y, W: bw, H: bh}
}

type hit struct{ x, y, side float64 }

// search slides the window over smaller and smaller copies.
func search(ctx context.Context, stages []stage, g gray) []face {
	stride := g.w + 1
	sums := make([]uint32, stride*(g.h+1))
	at := laid(stages, stride)
	small := gray{pix: make([]byte, g.w*g.h)}
	var hits []hit
	for scale := float64(smallest) / window; ; scale *= growth {
		small.w, small.h = int(float64(g.w)/scale+0.5), int(float64(g.h)/scale+0.5)
		if small.w < window || small.h < window || ctx.Err() != nil {
			break
		}
		g.resample(&small)
		small.sum(sums, stride)
		step := 2
		if scale >= 2 {
			step = 1
		}
		for y := 0; y+window <= small.h; y += step {
			for x := 0; x+window <= small.w; x += step {
				switch n := passed(at, sums[y*stride+x:]); {
				case n == len(at):
					hits = append(hits, hit{float64(x) * scale, float64(y) * scale, window * scale})
				case n == 0:
					x += step // nothing like a face: its neighbour is none either
				}
			}
		}
	}
	return group(hits)
}

// group joins similar windows, as OpenCV's groupRectangles does with a
// tolerance of one fifth, and keeps groups of [Hits] and more.
func group(hits []hit) []face {
	root := make([]int, len(hits))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for i := range hits {
		for k := range i {
			if similar(hits[i], hits[k]) {
				root[find(i)] = find(k)
			}
		}
	}
	sums := map[int]*face{}
	var order []int
	for i, h := range hits {
		r := find(i)
		f, ok := sums[r]
		if !ok {
			f = &face{}
			sums[r] = f
			order = append(order, r)
		}
		f.x, f.y, f.side, f.hits = f.x+h.x, f.y+h.y, f.side+h.side, f.hits+1
	}
	var faces []face
	for _, r := range order {
		if f := sums[r]; f.hits >= Hits {
			n := float64(f.hits)
			faces = append(faces, face{f.x / n, f.y / n, f.side / n, f.hits})
		}
	}
	return faces
}

func similar(a, b hit) bool {
	const tolerance = 0.2
	d := tolerance * min(a.side, b.side)
	near := func(u, v float64) bool { return u-v <= d && v-u <= d }
	return near(a.x, b.x) && near(a.y, b.y) && near(a.x+a.side, b.x+b.side) && near(a.y+a.side, b.y+b.side)
}
