package glyphnet

import "math"

// Normalise evens out brightness and contrast along a strip of Height rows stored
// column by column: ink becomes positive, and around each column of about three
// characters the mean is zero and the spread one. Both the reader and the training
// see lines only after this.
func Normalise(strip []float32) {
	const reach = 27
	width := len(strip) / Height
	if width == 0 {
		return
	}
	sum, square := make([]float64, width+1), make([]float64, width+1)
	for x := range width {
		var s, q float64
		for _, v := range strip[x*Height : (x+1)*Height] {
			s += float64(v)
			q += float64(v) * float64(v)
		}
		sum[x+1], square[x+1] = sum[x]+s, square[x]+q
	}
	spread := func(from, to int) (mean, deviation float64) {
		n := float64((to - from) * Height)
		mean = (sum[to] - sum[from]) / n
		return mean, math.Sqrt(max(0, (square[to]-square[from])/n-mean*mean))
	}
	_, overall := spread(0, width)
	floor := max(0.4*overall, 1)
	for x := range width {
		mean, deviation := spread(max(0, x-reach), min(width, x+reach+1))
		scale := 1 / max(deviation, floor)
		for y, v := range strip[x*Height : (x+1)*Height] {
			strip[x*Height+y] = float32(min(4, max(-4, (mean-float64(v))*scale)))
		}
	}
}
