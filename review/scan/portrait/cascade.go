package portrait

import (
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

//go:embed lbpcascade_frontalface.xml
var frontalFace []byte

// window is the side of the square that the cascade judges.
const window = 24

// weak is one weak classifier: a local binary pattern of nine blocks and what
// its 256 outcomes are worth.
type weak struct {
	x, y, w, h int // of the top left block within the window
	member     [8]uint32
	in, out    float32
	corners    [16]int // offsets of the block corners in the sums, row by row
}

// stage accepts a window when its weak classifiers reach the threshold.
type stage struct {
	weak      []weak
	threshold float32
}

// stored is the form in which OpenCV writes a cascade.
type stored struct {
	Cascade struct {
		Feature string `xml:"featureType"`
		Height  int    `xml:"height"`
		Width   int    `xml:"width"`
		Stages  []struct {
			Threshold float32 `xml:"stageThreshold"`
			Weak      []struct {
				Nodes  string `xml:"internalNodes"`
				Leaves string `xml:"leafValues"`
			} `xml:"weakClassifiers>_"`
		} `xml:"stages>_"`
		Features []struct {
			Rect string `xml:"rect"`
		} `xml:"features>_"`
	} `xml:"cascade"`
}

// slack is what OpenCV subtracts from every stage threshold.
const slack = 1e-5

// frontal is the embedded cascade, read at its first use.
var frontal = sync.OnceValues(func() ([]stage, error) { return parse(frontalFace) })

var errCascade = errors.New("portrait: cascade")

// parse reads a cascade of depth-one trees over local binary patterns.
func parse(body []byte) ([]stage, error) {
	var s stored
	if err := xml.Unmarshal(body, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", errCascade, err)
	}
	c := s.Cascade
	if c.Feature != "LBP" || c.Width != window || c.Height != window || len(c.Stages) == 0 {
		return nil, fmt.Errorf("%w: of another kind", errCascade)
	}
	rects := make([][]int, len(c.Features))
	for i, f := range c.Features {
		r, err := integers(f.Rect, 4)
		if err != nil || r[0] < 0 || r[1] < 0 || r[2] < 1 || r[3] < 1 || r[0]+3*r[2] > window || r[1]+3*r[3] > window {
			return nil, fmt.Errorf("%w: feature %d", errCascade, i)
		}
		rects[i] = r
	}
	stages := make([]stage, len(c.Stages))
	for i, from := range c.Stages {
		stages[i].threshold = from.Threshold - slack
		for _, f := range from.Weak {
			w, err := tree(f.Nodes, f.Leaves, rects)
			if err != nil {
				return nil, fmt.Errorf("%w: stage %d: %w", errCascade, i, err)
			}
			stages[i].weak = append(stages[i].weak, w)
		}
	}
	return stages, nil
}

// tree reads "0 -1 feature subset…" and the values of the two leaves.
func tree(nodes, leaves string, rects [][]int) (weak, error) {
	n, err := integers(nodes, 11)
	if err != nil {
		return weak{}, err
	}
	values := strings.Fields(leaves)
	if len(values) != 2 || n[2] < 0 || n[2] >= len(rects) {
		return weak{}, errors.New("tree of another form")
	}
	r := rects[n[2]]
	w := weak{x: r[0], y: r[1], w: r[2], h: r[3]}
	for i := range w.member {
		w.member[i] = uint32(int32(n[3+i]))
	}
	for i, to := range []*float32{&w.in, &w.out} {
		v, err := strconv.ParseFloat(values[i], 32)
		if err != nil {
			return weak{}, err
		}
		*to = float32(v)
	}
	return w, nil
}

func integers(s string, want int) ([]int, error) {
	fields := strings.Fields(s)
	if len(fields) != want {
		return nil, fmt.Errorf("%d numbers instead of %d", len(fields), want)
	}
	out := make([]int, want)
	for i, f := range fields {
		v, err := strconv.ParseInt(f, 10, 32)
		if err != nil {
			return nil, err
		}
		out[i] = int(v)
	}
	return out, nil
}

// laid copies the stages with the block corners as offsets for rows of a stride.
func laid(stages []stage, stride int) []stage {
	out := make([]stage, len(stages))
	for i, s := range stages {
		out[i] = stage{threshold: s.threshold, weak: make([]weak, len(s.weak))}
		for k, w := range s.weak {
			for c := range w.corners {
				w.corners[c] = (w.y+c/4*w.h)*stride + w.x + c%4*w.w
			}
			out[i].weak[k] = w
		}
	}
	return out
}

// pattern compares the eight outer blocks with the middle one, clockwise from
// the top left.
func (w *weak) pattern(sums []uint32) uint {
	p := &w.corners
	c0, c1, c2, c3 := sums[p[0]], sums[p[1]], sums[p[2]], sums[p[3]]
	c4, c5, c6, c7 := sums[p[4]], sums[p[5]], sums[p[6]], sums[p[7]]
	c8, c9, c10, c11 := sums[p[8]], sums[p[9]], sums[p[10]], sums[p[11]]
	c12, c13, c14, c15 := sums[p[12]], sums[p[13]], sums[p[14]], sums[p[15]]
	middle := c5 - c6 - c9 + c10
	var v uint
	if c0-c1-c4+c5 >= middle {
		v |= 128
	}
	if c1-c2-c5+c6 >= middle {
		v |= 64
	}
	if c2-c3-c6+c7 >= middle {
		v |= 32
	}
	if c6-c7-c10+c11 >= middle {
		v |= 16
	}
	if c10-c11-c14+c15 >= middle {
		v |= 8
	}
	if c9-c10-c13+c14 >= middle {
		v |= 4
	}
	if c8-c9-c12+c13 >= middle {
		v |= 2
	}
	if c4-c5-c8+c9 >= middle {
		v |= 1
	}
	return v
}

// passed is the number of stages that the window at the start of sums passes.
func passed(stages []stage, sums []uint32) int {
	for i := range stages {
		s := &stages[i]
		var sum float32
		for k := range s.weak {
			w := &s.weak[k]
			if v := w.pattern(sums); w.member[v>>5]&(1<<(v&31)) != 0 {
				sum += w.in
			} else {
				sum += w.out
			}
		}
		if sum < s.threshold {
			return i
		}
	}
	return len(stages)
}
