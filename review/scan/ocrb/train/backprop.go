package main

import (
	"math"

	"okno/review/scan/ocrb/glyphnet"
)

// The sizes of the layers for one window; see glyphnet.
const (
	inW, inH   = glyphnet.Width, glyphnet.Height
	c1, c2     = glyphnet.Maps1, glyphnet.Maps2
	w1, h1     = inW - 2, inH - 2
	pw1, ph1   = w1 / 2, h1 / 2
	w2, h2     = pw1 - 2, ph1 - 2
	pw2, ph2   = w2 / 2, h2 / 2
	k2         = 9 * c1
	hidden     = glyphnet.Hidden
	features   = glyphnet.Features
	classes    = glyphnet.Classes
	windowSize = inW * inH
)

// worker computes losses and gradients of windows, one at a time.
type worker struct {
	net, grad *glyphnet.Net
	patch1    []float32 // w1 columns of h1 patches of 9
	out1      []float32
	from1     []int32 // which place of out1 won its pool
	small     []float32
	patch2    []float32
	out2      []float32
	from2     []int32
	feature   []float32
	hid       []float32
	scores    []float32
	dHid      []float32
	dFeature  []float32
	dSmall    []float32
	dPatch    []float32
}

func newWorker(net *glyphnet.Net) *worker {
	f := func(n int) []float32 { return make([]float32, n) }
	return &worker{net: net, grad: glyphnet.NewNet(),
		patch1: f(w1 * h1 * 9), out1: f(w1 * h1 * c1), from1: make([]int32, pw1*ph1*c1), small: f(pw1 * ph1 * c1),
		patch2: f(w2 * h2 * k2), out2: f(w2 * h2 * c2), from2: make([]int32, features), feature: f(features),
		hid: f(hidden), scores: f(classes), dHid: f(hidden), dFeature: f(features), dSmall: f(pw1 * ph1 * c1), dPatch: f(k2)}
}

// forward leaves the log-probabilities of a window in scores.
func (w *worker) forward(window []float32) {
	for x := range w1 {
		glyphnet.Patches1(w.patch1[x*h1*9:], window[x*inH:], h1)
	}
	glyphnet.Multiply(w.out1, w.patch1, w.net.Conv1, w.net.Bias1, w1*h1, c1, 9)
	poolFrom(w.small, w.from1, w.out1, pw1, ph1, h1, c1)
	for x := range w2 {
		glyphnet.Patches2(w.patch2[x*h2*k2:], w.small[x*ph1*c1:], h2)
	}
	glyphnet.Multiply(w.out2, w.patch2, w.net.Conv2, w.net.Bias2, w2*h2, c2, k2)
	poolFrom(w.feature, w.from2, w.out2, pw2, ph2, h2, c2)
	glyphnet.Multiply(w.hid, w.feature, w.net.Dense, w.net.Bias3, 1, hidden, features)
	for i, v := range w.hid {
		w.hid[i] = max(0, v)
	}
	glyphnet.Multiply(w.scores, w.hid, w.net.Out, w.net.Bias4, 1, classes, hidden)
	glyphnet.LogSoftmax(w.scores)
}

// poolFrom takes the largest of 2 x 2 and remembers where it was; -1 if below zero.
func poolFrom(dst []float32, from []int32, src []float32, cols, rows, tall, maps int) {
	i := 0
	for x := range cols {
		for y := range rows {
			for c := range maps {
				best, at := float32(0), int32(-1)
				for _, o := range [4]int{(2*x*tall+2*y)*maps + c, (2*x*tall+2*y+1)*maps + c, ((2*x+1)*tall+2*y)*maps + c, ((2*x+1)*tall+2*y+1)*maps + c} {
					if src[o] > best {
						best, at = src[o], int32(o)
					}
				}
				dst[i], from[i] = best, at
				i++
			}
		}
	}
}

// learn adds the gradient of one window's loss, the cross entropy with softened labels,
// and returns the loss and whether the first choice was right.
func (w *worker) learn(window []float32, class int, soften float32) (loss float64, right bool) {
	w.forward(window)
	best := 0
	g := w.grad
	clear(w.dHid)
	for c, lp := range w.scores {
		if lp > w.scores[best] {
			best = c
		}
		target := soften / float32(classes)
		if c == class {
			target += 1 - soften
		}
		loss -= float64(target * lp)
		d := float32(math.Exp(float64(lp))) - target
		g.Bias4[c] += d
		axpy(g.Out[c*hidden:(c+1)*hidden], w.hid, d)
		axpy(w.dHid, w.net.Out[c*hidden:(c+1)*hidden], d)
	}
	clear(w.dFeature)
	for j, d := range w.dHid {
		if w.hid[j] <= 0 {
			continue
		}
		g.Bias3[j] += d
		axpy(g.Dense[j*features:(j+1)*features], w.feature, d)
		axpy(w.dFeature, w.net.Dense[j*features:(j+1)*features], d)
	}
	// Only the places that won their pool pass a gradient on.
	clear(w.dSmall)
	for i, d := range w.dFeature {
		at := int(w.from2[i])
		if at < 0 || d == 0 {
			continue
		}
		c, place := at%c2, at/c2
		g.Bias2[c] += d
		axpy(g.Conv2[c*k2:(c+1)*k2], w.patch2[place*k2:(place+1)*k2], d)
		x, y := place/h2, place%h2
		kernel := w.net.Conv2[c*k2 : (c+1)*k2]
		const run = 3 * c1
		for s := range 3 {
			axpy(w.dSmall[((x+s)*ph1+y)*c1:][:run], kernel[s*run:(s+1)*run], d)
		}
	}
	for i, d := range w.dSmall {
		at := int(w.from1[i])
		if at < 0 || d == 0 {
			continue
		}
		c, place := at%c1, at/c1
		g.Bias1[c] += d
		axpy(g.Conv1[c*9:(c+1)*9], w.patch1[place*9:(place+1)*9], d)
	}
	return loss, best == class
}

// axpy adds f times src to dst.
func axpy(dst, src []float32, f float32) {
	src = src[:len(dst)]
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		d, s := dst[i:i+4:i+4], src[i:i+4:i+4]
		d[0] += f * s[0]
		d[1] += f * s[1]
		d[2] += f * s[2]
		d[3] += f * s[3]
	}
	for ; i < len(dst); i++ {
		dst[i] += f * src[i]
	}
}

// adam is the optimiser of Kingma and Ba (2015).
type adam struct {
	net          *glyphnet.Net
	mean, square *glyphnet.Net
	steps        int
}

func (a *adam) step(grad *glyphnet.Net, rate, scale float64) {
	const b1, b2 = 0.9, 0.999
	a.steps++
	rate *= math.Sqrt(1-math.Pow(b2, float64(a.steps))) / (1 - math.Pow(b1, float64(a.steps)))
	means, squares, grads := a.mean.Layers(), a.square.Layers(), grad.Layers()
	for l, weights := range a.net.Layers() {
		m, s, g := means[l], squares[l], grads[l]
		for i := range weights {
			d := g[i] * float32(scale)
			m[i] = b1*m[i] + (1-b1)*d
			s[i] = b2*s[i] + (1-b2)*d*d
			weights[i] -= float32(rate) * m[i] / (float32(math.Sqrt(float64(s[i]))) + 1e-8)
		}
		clear(g)
	}
}
