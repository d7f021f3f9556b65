// Package glyphnet is the small convolutional network that tells the 37 characters of
// the machine-readable lines from one another and from the space between them.
//
// It looks at windows of 22 x 26 pixels on a line that was scaled to a pitch of 18
// pixels. Two convolutions with pooling and two dense layers turn a window into 38
// log-probabilities. [Net.Line] moves the window along the whole line in steps of two
// pixels; the convolutions are done once for all windows, because pooling by two and a
// step of two fall on the same grid. The result is the same as that of single windows.
package glyphnet

import "math"

// The shape of the network and of its input.
const (
	Height = 26 // pixels of a window and of a strip
	Width  = 22
	Pitch  = 18 // pixels from one character to the next
	Cap    = 17 // pixels of a capital letter's height
	Step   = 2  // pixels from one window of a line to the next

	Maps1  = 8
	Maps2  = 20
	Hidden = 72
	// Classes counts [Alphabet] and, last, "no character here".
	Classes = len(Alphabet) + 1
	// Blank is the class of windows that do not show a character.
	Blank = len(Alphabet)

	rows1   = Height - 2 // after the first convolution
	pooled1 = rows1 / 2
	rows2   = pooled1 - 2
	pooled2 = rows2 / 2
	cols1   = Width - 2
	cols2   = cols1/2 - 2
	column  = pooled2 * Maps2 // features of one column
	columns = cols2 / 2
	// Features is the size of the first dense layer's input.
	Features = columns * column
)

// Alphabet holds the characters in the order of the classes.
const Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"

// Net holds the weights. Each layer has its weights output by output, then the biases.
type Net struct {
	Conv1, Bias1 []float32 // Maps1 x 3 x 3
	Conv2, Bias2 []float32 // Maps2 x 3 x 3 x Maps1
	Dense, Bias3 []float32 // Hidden x Features
	Out, Bias4   []float32 // Classes x Hidden
}

// NewNet makes a net of zeros.
func NewNet() *Net {
	f := func(n int) []float32 { return make([]float32, n) }
	return &Net{f(Maps1 * 9), f(Maps1), f(Maps2 * 9 * Maps1), f(Maps2), f(Hidden * Features), f(Hidden), f(Classes * Hidden), f(Classes)}
}

// Layers lists all weights in the order of the file.
func (n *Net) Layers() [][]float32 {
	return [][]float32{n.Conv1, n.Bias1, n.Conv2, n.Bias2, n.Dense, n.Bias3, n.Out, n.Bias4}
}

// Scratch holds the buffers of [Net.Line], to be used again for the next line.
type Scratch struct {
	patch, first, small, second, tall, hidden, out []float32
}

func sized(b *[]float32, n int) []float32 {
	if cap(*b) < n {
		*b = make([]float32, n+n/4)
	}
	return (*b)[:n]
}

// Windows is how many windows a strip of a width has.
func Windows(width int) int { return max(0, (width-Width)/Step+1) }

// Line reads a normalised strip of Height rows, stored column by column, and returns
// Classes log-probabilities for each window; window t has its centre at
// Step*t + Width/2. The result lives in the scratch until the next call.
func (n *Net) Line(strip []float32, s *Scratch) []float32 {
	width := len(strip) / Height
	count := Windows(width)
	if count == 0 {
		return nil
	}
	// First convolution, column by column, then the larger of 2 x 2.
	half := count + cols1/2 - 1
	first := sized(&s.first, 2*rows1*Maps1)
	small := sized(&s.small, half*pooled1*Maps1)
	patch := sized(&s.patch, max(rows1*9, rows2*9*Maps1))
	for k := range half {
		for side := range 2 {
			Patches1(patch, strip[(2*k+side)*Height:], rows1)
			Multiply(first[side*rows1*Maps1:], patch, n.Conv1, n.Bias1, rows1, Maps1, 9)
		}
		pool(small[k*pooled1*Maps1:], first, first[rows1*Maps1:], pooled1, Maps1)
	}
	// Second convolution.
	wide := half - 2
	second := sized(&s.second, wide*rows2*Maps2)
	for k := range wide {
		Patches2(patch, small[k*pooled1*Maps1:], rows2)
		Multiply(second[k*rows2*Maps2:], patch, n.Conv2, n.Bias2, rows2, Maps2, 9*Maps1)
	}
	// A window starts at every column, so the pairs of both parities are pooled.
	tall := sized(&s.tall, (wide-1)*column)
	for k := range wide - 1 {
		pool(tall[k*column:], second[k*rows2*Maps2:], second[(k+1)*rows2*Maps2:], pooled2, Maps2)
	}
	// The dense layers, a block of windows at a time.
	const block = 16
	gathered := sized(&s.patch, block*Features)
	hidden := sized(&s.hidden, block*Hidden)
	out := sized(&s.out, count*Classes)
	for from := 0; from < count; from += block {
		m := min(block, count-from)
		for i := range m {
			for j := range columns {
				at := (from + i + 2*j) * column
				copy(gathered[i*Features+j*column:][:column], tall[at:at+column])
			}
		}
		Multiply(hidden, gathered, n.Dense, n.Bias3, m, Hidden, Features)
		rectify(hidden[:m*Hidden])
		Multiply(out[from*Classes:], hidden, n.Out, n.Bias4, m, Classes, Hidden)
	}
	for i := range count {
		LogSoftmax(out[i*Classes : (i+1)*Classes])
	}
	return out
}

// Patches1 gathers the 3 x 3 surroundings of one column of the strip.
func Patches1(dst, strip []float32, rows int) {
	a, b, c := strip[:rows+2], strip[Height:Height+rows+2], strip[2*Height:2*Height+rows+2]
	for y := range rows {
		d := dst[y*9 : y*9+9 : y*9+9]
		d[0], d[1], d[2] = a[y], a[y+1], a[y+2]
		d[3], d[4], d[5] = b[y], b[y+1], b[y+2]
		d[6], d[7], d[8] = c[y], c[y+1], c[y+2]
	}
}

// Patches2 gathers the 3 x 3 surroundings of one column of the pooled first layer.
func Patches2(dst, small []float32, rows int) {
	const col, run = pooled1 * Maps1, 3 * Maps1
	for y := range rows {
		for x := range 3 {
			copy(dst[(y*3+x)*run:][:run], small[x*col+y*Maps1:][:run])
		}
	}
}

// pool takes the larger of 2 x 2 from two neighbouring columns, and nothing below zero.
func pool(dst, left, right []float32, rows, maps int) {
	for y := range rows {
		d := dst[y*maps : (y+1)*maps]
		a, b := left[2*y*maps:(2*y+2)*maps], right[2*y*maps:(2*y+2)*maps]
		for c := range d {
			d[c] = max(a[c], a[maps+c], b[c], b[maps+c], 0)
		}
	}
}

func rectify(v []float32) {
	for i, x := range v {
		if x < 0 {
			v[i] = 0
		}
	}
}

// Multiply sets dst[i][j] to the product of row i of a (m rows of k) and row j of w (n
// rows of k), plus the bias of j. Two by four results at a time keep all operands in
// registers.
func Multiply(dst, a, w, bias []float32, m, n, k int) {
	i := 0
	for ; i+2 <= m; i += 2 {
		a0, a1 := a[i*k:(i+1)*k], a[(i+1)*k:(i+2)*k]
		d0, d1 := dst[i*n:(i+1)*n], dst[(i+1)*n:(i+2)*n]
		j := 0
		for ; j+4 <= n; j += 4 {
			w0, w1, w2, w3 := w[j*k:][:len(a0)], w[(j+1)*k:][:len(a0)], w[(j+2)*k:][:len(a0)], w[(j+3)*k:][:len(a0)]
			a1 := a1[:len(a0)]
			var s00, s01, s02, s03, s10, s11, s12, s13 float32
			for l, x := range a0 {
				y := a1[l]
				p, q, r, s := w0[l], w1[l], w2[l], w3[l]
				s00 += x * p
				s01 += x * q
				s02 += x * r
				s03 += x * s
				s10 += y * p
				s11 += y * q
				s12 += y * r
				s13 += y * s
			}
			d0[j], d0[j+1], d0[j+2], d0[j+3] = s00+bias[j], s01+bias[j+1], s02+bias[j+2], s03+bias[j+3]
			d1[j], d1[j+1], d1[j+2], d1[j+3] = s10+bias[j], s11+bias[j+1], s12+bias[j+2], s13+bias[j+3]
		}
		for ; j < n; j++ {
			d0[j], d1[j] = dot(a0, w[j*k:])+bias[j], dot(a1, w[j*k:])+bias[j]
		}
	}
	for ; i < m; i++ {
		for j := range n {
			dst[i*n+j] = dot(a[i*k:(i+1)*k], w[j*k:]) + bias[j]
		}
	}
}

func dot(a, b []float32) (sum float32) {
	b = b[:len(a)]
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// LogSoftmax turns scores into log-probabilities.
func LogSoftmax(v []float32) {
	top := v[0]
	for _, x := range v {
		top = max(top, x)
	}
	var sum float64
	for _, x := range v {
		sum += math.Exp(float64(x - top))
	}
	shift := top + float32(math.Log(sum))
	for i := range v {
		v[i] -= shift
	}
}
