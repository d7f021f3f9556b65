package main

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"okno/review/scan/ocrb/glyphnet"
)

const fontFile = "../../../../cmd/internal/specimen/OCRB.ttf"

func testGlyphs(t testing.TB) *glyphs {
	t.Helper()
	ttf, err := os.ReadFile(fontFile)
	if err != nil {
		t.Fatal(err)
	}
	g, err := loadGlyphs(ttf)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func randomWindow(r *rand.Rand) []float32 {
	w := make([]float32, windowSize)
	for i := range w {
		w[i] = float32(r.NormFloat64())
	}
	return w
}

// The gradient by hand must agree with the slope of the loss.
func TestGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	net := initial(r)
	window := randomWindow(r)
	w := newWorker(net)
	w.learn(window, 7, 0.02)
	loss := func() float64 {
		probe := newWorker(net)
		l, _ := probe.learn(window, 7, 0.02)
		return l
	}
	gradients := w.grad.Layers()
	for l, weights := range net.Layers() {
		agreed := 0
		for range 30 {
			i := r.IntN(len(weights))
			if gradients[l][i] == 0 {
				continue
			}
			const eps = 2e-3
			old := weights[i]
			weights[i] = old + eps
			up := loss()
			weights[i] = old - eps
			down := loss()
			weights[i] = old
			slope := (up - down) / (2 * eps)
			if diff := math.Abs(slope - float64(gradients[l][i])); diff < 0.02*math.Abs(slope)+3e-3 {
				agreed++
			} else if diff > 0.3*math.Abs(slope)+3e-2 {
				t.Errorf("layer %d weight %d: slope %.5f, gradient %.5f", l, i, slope, gradients[l][i])
			}
		}
		if agreed < 3 {
			t.Errorf("layer %d: only %d gradients agree", l, agreed)
		}
	}
}

// A line read in one go gives what its windows give one by one.
func TestLineAgreesWithWindows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	net := initial(r)
	const width = 81
	strip := make([]float32, width*glyphnet.Height)
	for i := range strip {
		strip[i] = float32(r.NormFloat64())
	}
	var s glyphnet.Scratch
	got := net.Line(strip, &s)
	if len(got) != glyphnet.Windows(width)*classes {
		t.Fatalf("%d values", len(got))
	}
	w := newWorker(net)
	for i := range glyphnet.Windows(width) {
		w.forward(strip[i*glyphnet.Step*inH:][:windowSize])
		for c, lp := range w.scores {
			if math.Abs(float64(lp-got[i*classes+c])) > 1e-4 {
				t.Fatalf("window %d class %d: %v alone, %v in the line", i, c, lp, got[i*classes+c])
			}
		}
	}
}

// A short training must learn something and be repeatable to the bit.
func TestTrainingIsRepeatable(t *testing.T) {
	g := testGlyphs(t)
	quiet := func(int, float64, float64) {}
	one, two := train(g, 128, 5, quiet), train(g, 128, 5, quiet)
	if string(one.Encode()) != string(two.Encode()) {
		t.Error("the same seed gave other weights")
	}
	if string(one.Encode()) == string(train(g, 128, 6, quiet).Encode()) {
		t.Error("another seed gave the same weights")
	}
	before, _ := judge(g, initial(rand.New(rand.NewPCG(5, 1<<40))), 64, 9)
	after, _ := judge(g, one, 64, 9)
	if after > before-0.5 {
		t.Errorf("loss %.2f before, %.2f after", before, after)
	}
}

func BenchmarkRender(b *testing.B) {
	g := testGlyphs(b)
	for i := 0; b.Loop(); i++ {
		g.lineSamples(rand.New(rand.NewPCG(1, uint64(i))))
	}
}

func BenchmarkLearn(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	w := newWorker(initial(r))
	window := randomWindow(r)
	for b.Loop() {
		w.learn(window, 3, 0.02)
	}
}

func BenchmarkLine(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	net := initial(r)
	strip := make([]float32, 850*glyphnet.Height)
	for i := range strip {
		strip[i] = float32(r.NormFloat64())
	}
	var s glyphnet.Scratch
	for b.Loop() {
		net.Line(strip, &s)
	}
}
