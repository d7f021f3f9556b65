package ocrb

import (
	"math"
	"slices"

	"okno/review/scan/ocrb/glyphnet"
)

const (
	classes = glyphnet.Classes
	blank   = glyphnet.Blank
)

// spans are the steps between two characters, in windows, that the first decoding
// allows: the pitch of 18 pixels, give or take a quarter.
var spans = [...]int{9, 8, 10, 7, 11}

// stretch is what a step that differs from the pitch costs.
var stretch = [...]float32{0, 0.08, 0.08, 0.5, 0.5}

// path is a line decoded to a number of characters.
type path struct {
	at      []int   // the window of each character
	score   float64 // mean log-probability of the likeliest characters
	outside float64 // what characters left over before and after cost, in all
	alone   bool    // empty paper was seen before and after
}

// aligner keeps the tables of [aligner.align] for the next line.
type aligner struct {
	best, score []float32
	from        []uint8
}

// align finds, for each wanted number of characters, the windows that show them best:
// dynamic programming over windows with nearly equal steps.
func (a *aligner) align(logp []float32, lengths []int) []path {
	count := len(logp) / classes
	best := slices.Grow(a.best[:0], count)[:count] // likeliest character
	for t := range best {
		top := float32(-9)
		for _, v := range logp[t*classes : t*classes+blank] {
			top = max(top, v)
		}
		best[t] = top
	}
	longest := 0
	for _, n := range lengths {
		longest = max(longest, n)
	}
	const never = -1e9
	score := slices.Grow(a.score[:0], longest*count)[:longest*count]
	from := slices.Grow(a.from[:0], longest*count)[:longest*count]
	a.best, a.score, a.from = best, score, from
	copy(score, best)
	for k := 1; k < longest; k++ {
		prev, here, back := score[(k-1)*count:k*count], score[k*count:(k+1)*count], from[k*count:(k+1)*count]
		for t := range here {
			top, which := float32(never), uint8(0)
			for i, d := range spans {
				if t < d {
					continue
				}
				if v := prev[t-d] - stretch[i]; v > top {
					top, which = v, uint8(i)
				}
			}
			here[t], back[t] = top+best[t], which
		}
	}
	paths := make([]path, len(lengths))
	for i, n := range lengths {
		paths[i] = trace(logp, score, from, count, n)
	}
	return paths
}

func trace(logp, score []float32, from []uint8, count, n int) path {
	p := path{at: make([]int, n), score: math.Inf(-1)}
	// The start of each path is not known at its end, so only what follows is charged
	// while choosing; what precedes is charged afterwards.
	end, top := -1, math.Inf(-1)
	for t := range count {
		s := float64(score[(n-1)*count+t])
		if s < -1e8 {
			continue
		}
		if s -= left(logp, t, count, 1); s > top {
			end, top = t, s
		}
	}
	if end < 0 {
		return p
	}
	t := end
	for k := n - 1; k >= 0; k-- {
		p.at[k] = t
		if k > 0 {
			t -= spans[from[k*count+t]]
		}
	}
	p.score = float64(score[(n-1)*count+end]) / float64(n)
	p.outside = left(logp, end, count, 1) + left(logp, p.at[0], count, -1)
	clear := p.score > clearLine
	p.alone = empty(logp, end, count, 1, clear) && empty(logp, p.at[0], count, -1, clear)
	return p
}

// left is what the characters beside a line's end at window t cost: a line that goes on
// was decoded too short.
func left(logp []float32, t, count, dir int) (cost float64) {
	const most = 6
	for k := 1; k <= most; k++ {
		free, seen := emptiness(logp, t+dir*9*k, count)
		if !seen {
			cost += edgeCost * float64(max(0, 4-k)) // the strip ends here: nobody knows
			break
		}
		cost += float64(min(3, -free))
	}
	return cost
}

// empty tells that the place beside a line's end at window t is seen and shows nothing.
// Beside a clearly read line waves of security print may look a little like a character: one
// more of the line would look like nothing else.
func empty(logp []float32, t, count, dir int, clear bool) bool {
	at := t + dir*9
	free, seen := emptiness(logp, at, count)
	if !seen || free > surelyEmpty || !clear || free < hardlyEmpty {
		return seen && free > surelyEmpty
	}
	for k := max(0, at-3); k <= min(count-1, at+3); k++ {
		if slices.Max(logp[k*classes:k*classes+blank]) > noCharacter {
			return false
		}
	}
	return true
}

// emptiness is how likely it is that no character stands around window at. The places
// beside a line are not known to the window, so all windows of most of a pitch speak; one
// of them may err.
func emptiness(logp []float32, at, count int) (free float32, seen bool) {
	if at < 1 || at >= count-1 {
		return 0, false
	}
	var least, second float32
	for t := max(0, at-3); t <= min(count-1, at+3); t++ {
		switch v := logp[t*classes+blank]; {
		case v < least:
			least, second = v, least
		case v < second:
			second = v
		}
	}
	return second, true
}

const (
	surelyEmpty = -1
	hardlyEmpty = -1.5
	noCharacter = -0.9  // log-probability of what is no character of a clear line
	clearLine   = -0.15 // mean log-probability of a clearly read line
)

// edgeCost is what a character beyond the end of the strip costs.
const edgeCost = 0.6

// curve is the place of characters as a function of their number: b + p*i + q*i*i.
type curve struct{ b, p, q float64 }

func (c curve) at(i float64) float64 { return c.b + (c.p+c.q*i)*i }

// curveOf fits the places of a path, leaving out characters that jump.
func curveOf(at []int) curve {
	n := len(at)
	ts, ys, ws := make([]float64, n), make([]float64, n), make([]float64, n)
	for i, t := range at {
		ts[i], ys[i], ws[i] = float64(i)/float64(n), float64(t*glyphnet.Step+glyphnet.Width/2), 1
	}
	var c curve
	for range 3 {
		a, b, q := parabola(ts, ys, ws, true)
		c = curve{a, b / float64(n), q / float64(n*n)}
		for i := range ws {
			if d := ys[i] - c.at(float64(i)); math.Abs(d) > 3 {
				ws[i] = 0.1
			} else {
				ws[i] = 1
			}
		}
	}
	return c
}
