package ocrb

import (
	"cmp"
	"context"
	"math"
	"slices"

	"okno/review/scan/ocrb/glyphnet"
)

// The bounds of a search, in units of about a millisecond on one core. Work is counted
// and not timed, so that a busy machine reads the same as an idle one.
const (
	budget       = 1300
	costLocate   = 30
	costCut      = 5
	costLine     = 7 // reading 44 characters
	maxMeasured  = 14
	hopeless     = -1.2 // a row that reads worse is no machine-readable line
	hopelessFit  = -1.5 // nor are rows together
	dull         = -0.5 // a row that reads worse is not read a second time
	atAll        = -2.2 // the least fit with which rows are a document cut short
	lengthenFrom = -0.8 // a row that reads worse does not go on beyond its band
	hopefulFit   = -1.0
	probeMinBeat = 0.08
)

// search reads one picture.
type search struct {
	ctx     context.Context
	net     *glyphnet.Net
	pyramid *pyramid
	scratch glyphnet.Scratch
	buffer  []float32
	morpher morpher
	aligner
	dull []segment // rows that read badly
	work int
	best *outcome
}

// outcome is one way to read the page.
type outcome struct {
	*settled
	band  *band
	rows  []row
	place []curve // of the characters of each line, in the band
	alone bool    // empty paper was seen around the lines
}

func (s *search) exhausted() bool { return s.work > budget || s.ctx.Err() != nil }

// passes are the ways to find bands, in turn, and how many bands of each are read.
var passes = []struct {
	find func(s *search) []candidate
	cost int
	read int
}{
	{func(s *search) []candidate { return s.morpher.locate(s.pyramid, 450) }, costLocate, 5},
	{func(s *search) []candidate { return sweep(s.pyramid[0]) }, 0, 3},
	{func(s *search) []candidate { return s.morpher.locate(s.pyramid, 900) }, 2 * costLocate, 4},
}

// run looks at the picture in several ways until something is read for certain. Bands
// laid over the page are left out where lines were found, though not for certain.
func (s *search) run() {
	var seen []candidate
	for i, pass := range passes {
		if i == 1 && s.best != nil && s.best.verdict() != None {
			continue
		}
		s.work += pass.cost
		for n, b := range s.measured(pass.find(s), &seen) {
			if s.exhausted() {
				return
			}
			if n >= pass.read {
				break
			}
			s.readBand(b)
			if s.best != nil && (s.best.certain() || s.best.verdict() == Read && s.best.mean() > enough) {
				return
			}
		}
		if s.best != nil && s.best.verdict() == Read {
			return
		}
	}
}

// enough is the mean log-probability above which accepted lines end the search, even with
// a wrong check digit.
const enough = -0.1

// sweep lays overlapping bands over the lower part of the page, as it may stand: what is
// left to try where a busy background hides the texture of the lines.
func sweep(p *plane) (all []candidate) {
	w, h := float64(p.w), float64(p.h)
	for _, share := range []float64{0.86, 0.74, 0.62, 0.5} {
		all = append(all, candidate{x: w / 2, y: share * h, dx: 1, length: 0.9 * w, height: 0.02 * w})
	}
	for _, share := range []float64{0.86, 0.14, 0.74, 0.26} {
		all = append(all, candidate{x: share * w, y: h / 2, dy: 1, length: 0.9 * h, height: 0.02 * h})
	}
	return append(all, candidate{x: w / 2, y: 0.14 * h, dx: 1, length: 0.9 * w, height: 0.02 * w})
}

// measured cuts out the most promising candidates and orders them by how regular their
// rows are.
func (s *search) measured(all []candidate, seen *[]candidate) []*band {
	var bands []*band
	for _, c := range all {
		if len(bands) >= maxMeasured || s.exhausted() {
			break
		}
		if slices.ContainsFunc(*seen, func(k candidate) bool { return k.covers(c) }) {
			continue
		}
		*seen = append(*seen, c)
		s.work += costCut
		b := cut(s.pyramid, c)
		b.score = max(1, c.score)
		b.findRows()
		if len(b.rows) > 0 {
			bands = append(bands, b)
		}
	}
	slices.SortStableFunc(bands, func(a, b *band) int { return cmp.Compare(b.promise(), a.promise()) })
	return bands
}

// promise is high for two or three regular rows in a place with the texture of text. Waves
// of security print and of screens are regular, too, but look less like text.
func (b *band) promise() float64 {
	beats := make([]float64, 0, len(b.rows))
	for _, r := range b.rows {
		beats = append(beats, r.beat)
	}
	slices.SortFunc(beats, func(a, b float64) int { return cmp.Compare(b, a) })
	p := beats[0]
	if len(beats) > 1 {
		p += 0.7 * beats[1]
	}
	return p * b.score
}

// spelled is a row as the network reads it.
type spelled struct {
	row   row
	pitch float64
	logp  []float32
}

// readRow reads a row in the band's direction; with both it tells, too, how the row reads
// upside down, which is valid until the next row.
func (s *search) readRow(b *band, r row, pitch, height float64, both bool) (up, down []float32) {
	width := int(bandWidth / pitch * glyphnet.Pitch)
	width -= width & 1
	place := func(x float64) float64 { return x * pitch / glyphnet.Pitch }
	s.buffer = b.strip(s.buffer, s.pyramid, r, width, place, height, 0)
	glyphnet.Normalise(s.buffer)
	up = slices.Clone(s.net.Line(s.buffer, &s.scratch))
	s.work += costLine * width / 850
	if both {
		slices.Reverse(s.buffer)
		down = s.net.Line(s.buffer, &s.scratch)
		s.work += costLine * width / 850
	}
	return up, down
}

// capital is the height to read rows with: what was measured, within what the pitch
// allows.
func capital(rows []row, pitch float64) float64 {
	var heights []float64
	for _, r := range rows {
		if math.Abs(r.pitch/pitch-1) < 0.08 {
			heights = append(heights, r.height)
		}
	}
	if len(heights) == 0 {
		return 0.95 * pitch
	}
	slices.Sort(heights)
	return min(1.12*pitch, max(0.8*pitch, heights[len(heights)/2]))
}

var lengths = []int{44, 36, 30}

// readBand reads the most regular row in both directions, then the others.
func (s *search) readBand(b *band) {
	if len(b.rows) == 0 {
		return
	}
	top := slices.MaxFunc(b.rows, func(a, b row) int { return cmp.Compare(a.beat, b.beat) })
	first, place := row{beat: 0.7 * top.beat}, segment{}
	for _, r := range b.rows {
		if r.beat > first.beat {
			if at := b.segment(r); !slices.ContainsFunc(s.dull, at.repeats) {
				first, place = r, at
			}
		}
	}
	if first.pitch == 0 {
		return // all were read before
	}
	pitch := first.pitch
	height := capital(b.rows, pitch)
	up, down := s.readRow(b, first, pitch, height, true)
	worth := func(logp []float32) float64 {
		top := math.Inf(-1)
		for i, p := range s.align(logp, lengths) {
			top = max(top, p.score-p.outside/float64(lengths[i]))
		}
		return top
	}
	worthUp, worthDown := worth(up), worth(down)
	reads := max(worthUp, worthDown)
	if reads < dull {
		s.dull = append(s.dull, place)
	}
	if reads < hopeless {
		return
	}
	if worthDown > worthUp {
		b, up = b.flipped(), nil
	}
	var lines []spelled
	for _, r := range b.rows {
		if s.exhausted() {
			return
		}
		p := pitch
		if r.beat > 0.15 && math.Abs(r.pitch/pitch-1) < 0.06 {
			p = r.pitch
		}
		logp := up
		if up == nil || r != first {
			logp, _ = s.readRow(b, r, p, height, false)
		}
		lines = append(lines, spelled{row: r, pitch: p, logp: logp})
	}
	likeliest := s.assemble(b, lines, height)
	if likeliest != nil && !b.longer && reads > lengthenFrom && likeliest.cramped(lines) {
		s.readBand(s.lengthened(b))
	}
}

// segment is where a row lies in the picture.
type segment struct{ x0, y0, x1, y1, height, pitch float64 }

func (b *band) segment(r row) segment {
	at := func(x float64) (float64, float64) {
		y := r.at(x)
		return b.ox + b.ux*x + b.vx*y, b.oy + b.uy*x + b.vy*y
	}
	q := math.Hypot(b.ux, b.uy)
	s := segment{height: r.height * q, pitch: r.pitch * q}
	s.x0, s.y0 = at(0)
	s.x1, s.y1 = at(bandWidth)
	return s
}

// repeats tells that two segments show the same row, in the same or the other direction.
func (s segment) repeats(o segment) bool {
	length := math.Hypot(s.x1-s.x0, s.y1-s.y0)
	dx, dy := (s.x1-s.x0)/length, (s.y1-s.y0)/length
	across := func(x, y float64) float64 { return math.Abs((y-s.y0)*dx - (x-s.x0)*dy) }
	along := ((o.x0+o.x1)/2-s.x0)*dx + ((o.y0+o.y1)/2-s.y0)*dy
	return max(across(o.x0, o.y0), across(o.x1, o.y1)) < 0.35*min(s.height, o.height) &&
		math.Abs(along-length/2) < 0.15*length && math.Abs(s.pitch/o.pitch-1) < 0.04
}

// cramped tells that the text reaches the end of its strip, so some of it may be missing.
func (h *hypothesis) cramped(lines []spelled) bool {
	for i, r := range h.rows {
		at, count := h.paths[i].at, len(lines[r].logp)/classes
		if at[0] < 14 || at[len(at)-1] > count-1-14 || h.paths[i].outside > 2 || h.length == 36 && !h.paths[i].alone {
			return true
		}
	}
	return false
}

// lengthened cuts the band out again with a third more on either side.
func (s *search) lengthened(b *band) *band {
	q := math.Hypot(b.ux, b.uy)
	c := candidate{dx: b.ux / q, dy: b.uy / q, length: q * bandWidth / 1.16 * 1.6}
	c.x = b.ox + b.ux*bandWidth/2 + b.vx*float64(b.h)/2
	c.y = b.oy + b.uy*bandWidth/2 + b.vy*float64(b.h)/2
	c.height = max(1, float64(b.h)*q-0.24*c.length)
	s.work += costCut
	wide := cut(s.pyramid, c)
	wide.longer = true
	wide.findRows()
	return wide
}

// flipped is the band upside down.
func (b *band) flipped() *band {
	f := &band{longer: b.longer, ux: -b.ux, uy: -b.uy, vx: -b.vx, vy: -b.vy}
	f.w, f.h = b.w, b.h
	f.ox = b.ox + b.ux*float64(b.w) + b.vx*float64(b.h)
	f.oy = b.oy + b.uy*float64(b.w) + b.vy*float64(b.h)
	for _, r := range slices.Backward(b.rows) {
		r.a, r.c = float64(b.h)-r.a, -r.c
		f.rows = append(f.rows, r)
	}
	return f
}

// hypothesis is a choice of rows and a length, before the exact reading.
type hypothesis struct {
	rows   []int
	length int
	paths  []path
	fit    float64
}

// assemble tries all ways to make a document of the rows and reads the best exactly.
// It returns the likeliest way.
func (s *search) assemble(b *band, lines []spelled, height float64) *hypothesis {
	paths := make([][]path, len(lines))
	for i, l := range lines {
		paths[i] = s.align(l.logp, lengths)
	}
	var all []hypothesis
	for which, length := range lengths {
		count := 2
		if length == 30 {
			count = 3
		}
		for first := 0; first+count <= len(lines); first++ {
			h := hypothesis{length: length}
			for i := first; i < first+count; i++ {
				h.rows, h.paths = append(h.rows, i), append(h.paths, paths[i][which])
			}
			if !spaced(lines[first:first+count], height) {
				continue
			}
			h.fit = firstFit(h, lines)
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b hypothesis) int { return cmp.Compare(b.fit, a.fit) })
	for i, h := range all {
		if i >= 2 || h.fit < hopelessFit || s.exhausted() || i > 0 && h.fit < all[0].fit-0.5 {
			break
		}
		s.readExactly(b, lines, h, height)
	}
	if len(all) == 0 || all[0].fit < atAll {
		return nil
	}
	return &all[0]
}

// spaced tells whether rows follow one another like the lines of one document.
func spaced(lines []spelled, height float64) bool {
	for i := 1; i < len(lines); i++ {
		gap := lines[i].row.a - lines[i-1].row.a
		if gap < 1.15*height || gap > 3.4*height {
			return false
		}
	}
	if len(lines) == 3 {
		one, two := lines[1].row.a-lines[0].row.a, lines[2].row.a-lines[1].row.a
		return one < 1.5*two && two < 1.5*one
	}
	return true
}

// firstFit is the fit under the best layout of this length.
func firstFit(h hypothesis, lines []spelled) float64 {
	top := math.Inf(-1)
	outside := 0.0
	for _, p := range h.paths {
		if math.IsInf(p.score, -1) {
			return top
		}
		outside += p.outside
	}
	logp := make([][]float32, len(h.rows))
	for i, r := range h.rows {
		for _, t := range h.paths[i].at {
			logp[i] = append(logp[i], lines[r].logp[t*classes:(t+1)*classes]...)
		}
	}
	apart := 0.0
	for i := 1; i < len(h.paths); i++ {
		d := float64(h.paths[i].at[0])*lines[h.rows[i]].pitch - float64(h.paths[i-1].at[0])*lines[h.rows[i-1]].pitch
		apart += 0.03 * min(4, math.Abs(d)*glyphnet.Step/glyphnet.Pitch/lines[h.rows[i]].pitch)
	}
	for i := range layouts {
		if lay := &layouts[i]; lay.length == h.length && len(lay.allow) == len(h.rows) {
			top = max(top, settle(lay, logp, outside).fit())
		}
	}
	return top - apart
}

// readExactly cuts the lines out again along the places found for their characters, with
// small differences in height and place, and settles the text on the mean.
func (s *search) readExactly(b *band, lines []spelled, h hypothesis, height float64) {
	o := outcome{band: b}
	var outside float64
	logp := make([][]float32, len(h.rows))
	starts := make([]curve, len(h.rows))
	for i, r := range h.rows {
		l := lines[r]
		outside += h.paths[i].outside
		c := curveOf(h.paths[i].at)
		f := l.pitch / glyphnet.Pitch
		starts[i] = curve{c.b * f, c.p * f, c.q * f}
		o.rows = append(o.rows, l.row)
	}
	o.place = starts
	o.alone = s.alone(&o, h.paths, h.length)
	tries := [][2]float64{{1, 0}, {1, 1.2}, {1, -1.2}, {0.93, 0}, {1.07, 0}}
	for n, v := range tries {
		for i := range h.rows {
			s.exactLine(b, o.rows[i], starts[i], h.length, height*v[0], v[1], &logp[i])
		}
		if n == 0 || n == len(tries)-1 {
			mean := s.consider(&o, logp, float32(n+1), h.length, outside)
			if mean < hopefulFit-0.3 || s.best != nil && s.best.certain() || s.exhausted() {
				return
			}
		}
	}
}

const lead = 1 // pitches before the first character of an exact strip

// exactLine adds the log-probabilities of the characters at their places to sum.
func (s *search) exactLine(b *band, r row, c curve, n int, height, up float64, sum *[]float32) {
	width := (n + 2*lead) * glyphnet.Pitch
	place := func(x float64) float64 { return c.at(x/glyphnet.Pitch - lead - 0.5) }
	s.buffer = b.strip(s.buffer, s.pyramid, r, width, place, height, up)
	glyphnet.Normalise(s.buffer)
	logp := s.net.Line(s.buffer, &s.scratch)
	s.work += costLine * width / 850
	if *sum == nil {
		*sum = make([]float32, n*classes)
	}
	for i := range n {
		t := (lead*glyphnet.Pitch + glyphnet.Pitch/2 + i*glyphnet.Pitch - glyphnet.Width/2) / glyphnet.Step
		dst := (*sum)[i*classes : (i+1)*classes]
		for k := range dst {
			dst[k] += 0.5*logp[t*classes+k] + 0.25*(logp[(t-1)*classes+k]+logp[(t+1)*classes+k])
		}
	}
}

// consider settles the text under every layout of the length and keeps the best of all. It
// returns the mean log-probability of the characters.
func (s *search) consider(o *outcome, sum [][]float32, n float32, length int, outside float64) float64 {
	logp := make([][]float32, len(sum))
	for i, line := range sum {
		logp[i] = make([]float32, len(line))
		for k, v := range line {
			logp[i][k] = v / n
		}
		for k := 0; k < len(line); k += classes {
			glyphnet.LogSoftmax(logp[i][k : k+classes])
		}
	}
	var top *settled
	for i := range layouts {
		if lay := &layouts[i]; lay.length == length && len(lay.allow) == len(sum) {
			if t := settle(lay, logp, outside); top == nil || t.fit() > top.fit() {
				top = t
			}
		}
	}
	if top == nil {
		return atAll
	}
	top.fitness = top.fit() // what finish changes must not speak for a layout
	top.finish()
	if s.best == nil || top.fitness > s.best.fitness || s.best.band == o.band && s.best.lay == top.lay {
		s.best = &outcome{settled: top, band: o.band, rows: o.rows, place: o.place, alone: o.alone}
	}
	return top.mean()
}
