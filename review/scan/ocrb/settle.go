package ocrb

import (
	"math"
	"slices"

	"okno/review/scan/ocrb/glyphnet"
)

// Limits of what may be inferred beyond the picture.
const (
	// repairShare is how likely a character must be, compared with the first choice, to
	// replace it for the sake of a check digit.
	repairShare = 0.05
	// codeShare is the same for a letter that makes a country code valid.
	codeShare = 0.004
	// clearlyFree is how likely a character that the grammar forbids must be to count as
	// printed.
	clearlyFree = 0.9
	// clearBy is the logarithm of repairShare.
	clearBy = -3
	// floor is the least log-probability a character counts with.
	floor = -7
)

// settled is a page's text under one layout.
type settled struct {
	lay      *layout
	logp     [][]float32 // per line, classes values for each place
	class    [][]int
	repaired [][]bool
	odd      [][]bool
	repairs  int // by check digits
	codes    int // by the list of countries
	outside  float64
	fitness  float64
	zero     float32 // how much likelier than a zero a letter O must be
}

// settle chooses the likeliest characters that the layout allows, then applies the list
// of countries and the check digits.
func settle(lay *layout, logp [][]float32, outside float64) *settled {
	s := &settled{lay: lay, logp: told(lay, logp), outside: outside}
	s.zero = s.zeroLine(logp)
	for line, allow := range lay.allow {
		class := make([]int, lay.length)
		for i, m := range allow {
			class[i] = s.usual(s.logp[line][i*classes:(i+1)*classes], m)
		}
		s.class = append(s.class, class)
		s.repaired = append(s.repaired, make([]bool, lay.length))
		s.odd = append(s.odd, make([]bool, lay.length))
	}
	return s
}

// twins are digits and the letters that some issuers print in almost the same shape.
var twins = [][2]int{{0, classOf('O')}, {0, classOf('Q')}, {0, classOf('D')}, {1, classOf('I')}, {2, classOf('Z')}, {5, classOf('S')}, {6, classOf('G')}, {8, classOf('B')}}

// told gives what speaks for a letter to its digit where only the digit may stand, and the
// other way round: which of both it is, the layout knows better than the picture.
func told(lay *layout, logp [][]float32) [][]float32 {
	out := make([][]float32, len(logp))
	for line, allow := range lay.allow {
		out[line] = slices.Clone(logp[line])
		for i, m := range allow {
			p, seen := out[line][i*classes:(i+1)*classes], logp[line][i*classes:(i+1)*classes]
			for _, t := range twins {
				digit, letter := t[0], t[1]
				switch {
				case m.has(digit) && !m.has(letter):
					p[digit] = either(p[digit], seen[letter])
				case m.has(letter) && !m.has(digit) && (digit > 0 || letter == letterO):
					p[letter] = either(p[letter], seen[digit])
				}
			}
		}
	}
	return out
}

// either is the logarithm of the sum of two probabilities.
func either(a, b float32) float32 {
	if a < b {
		a, b = b, a
	}
	return min(0, a+float32(math.Log1p(math.Exp(float64(b-a)))))
}

func best(p []float32, m mask) int {
	top := -1
	for c := range blank {
		if m.has(c) && (top < 0 || p[c] > p[top]) {
			top = c
		}
	}
	return top
}

// usual is best for a place that may hold letters and digits: a zero is far more usual
// there than the letter O, of almost the same shape, and a one than an I.
func (s *settled) usual(p []float32, m mask) int {
	c := best(p, m)
	if m != sets['x'] {
		return c
	}
	digit, ok := map[int]int{letterO: 0, classOf('Q'): 0, classOf('I'): 1}[c]
	if ok && p[c]-p[digit] < s.rarity(c) {
		return digit
	}
	return c
}

// rarity is by how much a letter must be likelier than the digit it looks like.
func (s *settled) rarity(class int) float32 {
	switch class {
	case letterO:
		return s.zero
	case classOf('Q'), classOf('I'):
		return rare
	}
	return 0
}

const (
	rare      = 3
	plainZero = -2 // how much likelier than a zero the letter O looks in a usual zero
)

var letterO = classOf('O')

// zeroLine is how much likelier than a zero a letter O must be on this page. Whether an
// oval is narrow depends on the print and on the photograph, so the zeros among the digits
// tell: a letter looks wider than they do.
func (s *settled) zeroLine(logp [][]float32) float32 {
	sum, n := float32(plainZero), float32(1)
	for line, allow := range s.lay.allow {
		for i, m := range allow {
			p := logp[line][i*classes : (i+1)*classes]
			if !m.has(letterO) && best(s.logp[line][i*classes:(i+1)*classes], m) == 0 {
				sum, n = sum+p[letterO]-p[0], n+1
			}
		}
	}
	return max(0, sum/n+rare)
}

// price is by how much another character at a place is less likely than the chosen one.
func (s *settled) price(line, i, class int) float32 {
	p := s.logp[line][i*classes : (i+1)*classes]
	now := s.class[line][i]
	if s.lay.allow[line][i] != sets['x'] {
		return p[now] - p[class]
	}
	return p[now] - s.rarity(now) - p[class] + s.rarity(class)
}

const anything = mask(1)<<blank - 1

// mean is the mean log-probability of the chosen characters.
func (s *settled) mean() float64 {
	sum, n := 0.0, 0
	for line, class := range s.class {
		for i, c := range class {
			sum += math.Max(floor, float64(s.logp[line][i*classes+c]))
			n++
		}
	}
	return sum / float64(n)
}

// fit orders layouts: probability of the characters, characters left over, check digits.
func (s *settled) fit() float64 {
	n := float64(len(s.class) * s.lay.length)
	right, all := s.countChecks()
	return s.mean() - s.outside/n + 0.12*float64(right)/float64(max(1, all))*min(1, float64(all)/3)
}

func (s *settled) countChecks() (right, all int) {
	for _, c := range s.lay.checks {
		all++
		if s.holds(c) {
			right++
		}
	}
	return right, all
}

// holds computes a check digit: weights 7, 3, 1 (ICAO Doc 9303 part 3).
func (s *settled) holds(c check) bool {
	want := s.class[c.line][c.at]
	sum, k, ink := 0, 0, false
	for _, o := range c.over {
		for i := o.from; i < o.to; i++ {
			v := s.class[o.line][i]
			if v == blank-1 {
				v = 0
			} else {
				ink = true
			}
			sum += v * [3]int{7, 3, 1}[k%3]
			k++
		}
	}
	if want == blank-1 {
		return c.filler && !ink || s.continues(c)
	}
	return sum%10 == want
}

// continues tells that a number is too long for its field: its check digit stands in the
// optional data, and the one looked at is a filler.
func (s *settled) continues(c check) bool {
	if c.field != "document-number" || s.class[c.line][c.at] != blank-1 {
		return false
	}
	lines := s.lines()
	number, rest := lines[c.line][c.over[0].from:c.at], ""
	switch len(s.class) {
	case 3:
		rest = lines[0][15:30]
	default:
		rest = lines[1][28:35]
	}
	end := 0
	for end < len(rest) && rest[end] != '<' {
		end++
	}
	return end >= 2 && checkOf(number+rest[:end-1]) == int(rest[end-1]-'0')
}

func checkOf(text string) int {
	sum := 0
	for i := range len(text) {
		if v := classOf(text[i]); v != blank-1 {
			sum += v * [3]int{7, 3, 1}[i%3]
		}
	}
	return sum % 10
}

func (s *settled) lines() []string {
	lines := make([]string, len(s.class))
	for l, class := range s.class {
		b := make([]byte, len(class))
		for i, c := range class {
			b[i] = glyphnet.Alphabet[c]
		}
		lines[l] = string(b)
	}
	return lines
}

// finish applies the list of countries, shows what the grammar forbids but the picture
// clearly has, and repairs single characters where a check digit demands it.
func (s *settled) finish() {
	for _, at := range s.lay.countries {
		s.country(at[0], at[1])
	}
	s.showOdd()
	for _, c := range s.lay.checks {
		if !c.composite && !s.holds(c) {
			s.repair(c)
		}
	}
}

// country replaces one letter of an unknown code by a likely one that makes it known.
func (s *settled) country(line, from int) {
	class := s.class[line][from : from+3]
	now := [3]int(class)
	if validCode(now) {
		return
	}
	bestLoss, bestCode := -math.Log(codeShare), now
	next := math.Inf(1) // the loss of the second best
	for _, code := range codes {
		loss, changed := 0.0, 0
		for i, c := range code {
			if c != now[i] {
				changed++
				loss += float64(s.logp[line][(from+i)*classes+now[i]] - s.logp[line][(from+i)*classes+c])
			}
		}
		switch {
		case changed != 1:
		case loss < bestLoss:
			if bestCode != now {
				next = bestLoss
			}
			bestLoss, bestCode = loss, code
		default:
			next = min(next, loss)
		}
	}
	if next-bestLoss < letterSure {
		return // it may as well be another
	}
	for i, c := range bestCode {
		if class[i] != c {
			class[i], s.repaired[line][from+i] = c, true
			s.codes++
		}
	}
}

// alike are pairs that may be one shape in the print of some issuers; here the grammar
// knows better than the picture.
var alike = map[byte]string{'0': "OQD", 'O': "0QD", 'Q': "0O", 'D': "0O", '1': "I", 'I': "1", '8': "B", 'B': "8", '5': "S", 'S': "5", '2': "Z", 'Z': "2", '6': "G", 'G': "6"}

func similar(a, b int) bool {
	for i := range len(alike[glyphnet.Alphabet[a]]) {
		if alike[glyphnet.Alphabet[a]][i] == glyphnet.Alphabet[b] {
			return true
		}
	}
	return false
}

// showOdd takes the character that the picture clearly shows where the grammar has
// another, unless that other satisfies a check digit.
func (s *settled) showOdd() {
	for line, allow := range s.lay.allow {
		for i := range allow {
			p := s.logp[line][i*classes : (i+1)*classes]
			free, c := best(p, anything), s.class[line][i]
			if free == c || similar(free, c) || float64(p[free]) < math.Log(clearlyFree) || p[free]-p[c] < 5 || s.proven(line, i) {
				continue
			}
			s.class[line][i], s.odd[line][i] = free, true
		}
	}
}

// proven tells that an elementary check digit over this place holds.
func (s *settled) proven(line, i int) bool {
	for _, c := range s.lay.checks {
		if !c.composite && c.touches(line, i) && s.holds(c) {
			return true
		}
	}
	return false
}

func (c check) touches(line, i int) bool {
	if c.line == line && c.at == i {
		return true
	}
	for _, o := range c.over {
		if o.line == line && i >= o.from && i < o.to {
			return true
		}
	}
	return false
}

// repair replaces the one character whose second choice is nearly as likely and makes
// the check digit hold, provided that the composite holds then, too.
func (s *settled) repair(c check) {
	bestLoss, bestLine, bestAt, bestClass := -math.Log(repairShare), -1, 0, 0
	try := func(line, i int) {
		p := s.logp[line][i*classes : (i+1)*classes]
		now := s.class[line][i]
		for alt := range blank {
			loss := float64(p[now] - p[alt])
			if alt == now || !s.lay.allow[line][i].has(alt) || loss >= bestLoss {
				continue
			}
			s.class[line][i] = alt
			if s.holds(c) && s.compositeHolds() {
				bestLoss, bestLine, bestAt, bestClass = loss, line, i, alt
			}
			s.class[line][i] = now
		}
	}
	for _, o := range c.over {
		for i := o.from; i < o.to; i++ {
			try(o.line, i)
		}
	}
	try(c.line, c.at)
	if bestLine < 0 {
		return
	}
	s.class[bestLine][bestAt] = bestClass
	if bestLoss > 0 { // otherwise the picture itself says so
		s.repaired[bestLine][bestAt] = true
		s.repairs++
	}
}

func (s *settled) compositeHolds() bool {
	for _, c := range s.lay.checks {
		if c.composite && !s.holds(c) {
			return false
		}
	}
	return true
}
