// Command train makes the weights of the line reader from nothing but a font: it prints
// invented lines, photographs them badly, cuts windows out and trains the network on
// them. Run it from the root of the repository:
//
//	go run ./review/scan/ocrb/train -out review/scan/ocrb/weights.bin
//
// It takes about ten minutes on two cores. The same seed and number of lines give the same weights on the same architecture,
// whatever the number of cores. No picture of a real document is used.
package main

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"okno/review/scan/ocrb/glyphnet"
)

const (
	batch  = 64
	shards = 4  // of a batch; their gradients are added in order
	block  = 64 // lines that are mixed before their windows are used
)

func main() {
	font := flag.String("font", "cmd/internal/specimen/OCRB.ttf", "OCR-B with TrueType outlines")
	out := flag.String("out", "review/scan/ocrb/weights.bin", "file of the weights")
	lines := flag.Int("lines", 30000, "lines to train on; each gives about fifty windows")
	seed := flag.Uint64("seed", 20261122, "seed of everything random")
	flag.Parse()
	if err := run(*font, *out, *lines, *seed); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

func run(font, out string, lines int, seed uint64) error {
	ttf, err := os.ReadFile(font)
	if err != nil {
		return err
	}
	g, err := loadGlyphs(ttf)
	if err != nil {
		return err
	}
	net := train(g, lines, seed, func(done int, loss, right float64) {
		fmt.Printf("%6d lines  loss %.4f  right %.2f %%  %s\n", done, loss, 100*right, time.Now().Format("15:04:05"))
	})
	loss, right := judge(g, net, 400, seed+1)
	fmt.Printf("unseen lines: loss %.4f  right %.2f %%\n", loss, 100*right)
	return os.WriteFile(out, net.Encode(), 0o644)
}

// initial draws the first weights after He et al. (2015).
func initial(r *rand.Rand) *glyphnet.Net {
	net := glyphnet.NewNet()
	for _, l := range []struct {
		weights []float32
		inputs  float64
	}{{net.Conv1, 9}, {net.Conv2, k2}, {net.Dense, features}, {net.Out, hidden}} {
		for i := range l.weights {
			l.weights[i] = float32(r.NormFloat64() * math.Sqrt(2/l.inputs))
		}
	}
	return net
}

// linesOf renders lines number from to from+block in parallel; each has its own seed.
func linesOf(g *glyphs, from int, seed uint64) []sample {
	var parts [block][]sample
	var wg sync.WaitGroup
	for s := range shards {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := s; i < block; i += shards {
				parts[i] = g.lineSamples(rand.New(rand.NewPCG(seed, uint64(from+i))))
			}
		}()
	}
	wg.Wait()
	var all []sample
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

// train goes once through fresh lines. report is called now and then.
func train(g *glyphs, lines int, seed uint64, report func(done int, loss, right float64)) *glyphnet.Net {
	r := rand.New(rand.NewPCG(seed, 1<<40))
	net := initial(r)
	opt := &adam{net: net, mean: glyphnet.NewNet(), square: glyphnet.NewNet()}
	var workers [shards]*worker
	for i := range workers {
		workers[i] = newWorker(net)
	}
	var pool []sample
	var loss, right, seen float64
	reported := 0
	for done := 0; done < lines; {
		pool = append(pool, linesOf(g, done, seed)...)
		done += block
		r.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
		// Half of the pool stays, to be mixed with the next lines.
		for keep := len(pool) / 2; len(pool) > keep+batch || done >= lines && len(pool) >= batch; {
			l, n := learnBatch(&workers, pool[len(pool)-batch:])
			pool = pool[:len(pool)-batch]
			progress := float64(done) / float64(lines)
			rate := 1e-5 + 2e-3*(1+math.Cos(math.Pi*progress))/2*min(1, float64(opt.steps+1)/500)
			opt.step(workers[0].grad, rate, 1.0/batch)
			loss, right, seen = loss+l, right+n, seen+batch
		}
		if done-reported >= 2000 {
			report(done, loss/seen, right/seen)
			loss, right, seen, reported = 0, 0, 0, done
		}
	}
	return net
}

// learnBatch leaves the sum of the gradients with the first worker.
func learnBatch(workers *[shards]*worker, samples []sample) (loss, right float64) {
	var losses, rights [shards]float64
	var wg sync.WaitGroup
	for s, w := range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := s; i < len(samples); i += shards {
				l, ok := w.learn(samples[i].pixels, samples[i].class, 0.02)
				losses[s] += l
				if ok {
					rights[s]++
				}
			}
		}()
	}
	wg.Wait()
	first := workers[0].grad.Layers()
	for s, w := range workers {
		loss, right = loss+losses[s], right+rights[s]
		if s == 0 {
			continue
		}
		for l, g := range w.grad.Layers() {
			axpy(first[l], g, 1)
			clear(g)
		}
	}
	return loss, right
}

// judge measures the network on other lines.
func judge(g *glyphs, net *glyphnet.Net, lines int, seed uint64) (loss, right float64) {
	w := newWorker(net)
	n := 0.0
	for i := 0; i < lines; i += block {
		for _, s := range linesOf(g, i, seed) {
			w.forward(s.pixels)
			best := 0
			for c, lp := range w.scores {
				if lp > w.scores[best] {
					best = c
				}
			}
			if best == s.class {
				right++
			}
			loss -= float64(w.scores[s.class])
			n++
		}
	}
	return loss / n, right / n
}
