package ocrb

import (
	"math"
	"strings"

	"okno/review/mrz"
	"okno/review/scan/ocrb/glyphnet"
)

// certain tells that nothing better needs to be looked for.
func (o *outcome) certain() bool {
	right, all := o.countChecks()
	return right == all && o.repairs == 0 && o.codes == 0 && o.mean() > -0.08 && o.bounded() && o.assured() && !o.contested()
}

// verdict applies the rule of acceptance: likely on the whole, at most one repair, and
// check digits that are not all wrong.
func (o *outcome) verdict() Verdict {
	right, all := o.countChecks()
	mean := o.mean()
	switch {
	case mean > AcceptAbove && o.repairs+o.codes <= 1 && right*2 >= all && right > 0 && !o.odd[0][0] && o.bounded() && o.clearly() && o.assured() && !o.contested():
		return Read
	case mean > hopefulFit && right > 0 || mean > AcceptAbove:
		return Unreadable
	}
	return None
}

// clearly tells that check digits that do not hold were read beyond doubt: they are wrong
// on the paper, not in the reading. No character that only they cover may be in doubt, and
// no likely other one may set everything right.
func (o *outcome) clearly() bool {
	composite := true // is looked at alone, since it fails with any other
	for _, c := range o.lay.checks {
		if o.holds(c) || c.composite && !composite {
			continue
		}
		composite = composite && c.composite
		for line := range o.class {
			for i := range o.class[line] {
				if c.touches(line, i) && (o.nearest(line, i) < -clearBy && !o.covered(line, i) || o.explains(c, line, i)) {
					return false
				}
			}
		}
	}
	return true
}

// nearest is the price of the likeliest other character at a place.
func (o *outcome) nearest(line, i int) float32 {
	top := float32(math.Inf(1))
	for c := range blank {
		if c != o.class[line][i] && o.lay.allow[line][i].has(c) {
			top = min(top, o.price(line, i, c))
		}
	}
	return top
}

// explains tells that another character at a place, less likely but not out of the
// question, makes the check digit hold and the composite, too.
func (o *outcome) explains(c check, line, i int) bool {
	now := o.class[line][i]
	defer func() { o.class[line][i] = now }()
	for class := range blank {
		o.class[line][i] = now
		if class == now || !o.lay.allow[line][i].has(class) || o.price(line, i, class) >= explainedBy {
			continue
		}
		if o.class[line][i] = class; o.holds(c) && o.compositeHolds() {
			return true
		}
	}
	return false
}

// assured tells that no character without a check digit is a mere guess, and that a code
// of no country was read beyond doubt.
func (o *outcome) assured() bool {
	for line := range o.class {
		for i, class := range o.class[line] {
			if o.repaired[line][i] || o.covered(line, i) {
				continue
			}
			if o.logp[line][i*classes+class] < leastSure || o.nearest(line, i) < o.sure(line, i) {
				return false
			}
		}
	}
	for _, at := range o.lay.countries {
		for i := at[1]; i < at[1]+3 && !validCode([3]int(o.class[at[0]][at[1]:at[1]+3])); i++ {
			if o.nearest(at[0], i) < codeSure {
				return false
			}
		}
	}
	return true
}

// sure is how much less likely any other character must be where no check digit protects.
// A zero or O among digits of any length is told by its neighbours, so less is asked there.
func (o *outcome) sure(line, i int) float32 {
	switch {
	case o.lay.allow[line][i] != sets['x']:
		return letterSure
	case o.rarity(o.class[line][i]) > 0: // its price holds that it is rare
		return letterSure
	case strings.IndexByte(digitLike, glyphnet.Alphabet[o.class[line][i]]) >= 0:
		return digitLikeSure
	}
	return digitSure
}

// covered tells that a check digit over this place holds, the composite included.
func (o *outcome) covered(line, i int) bool {
	for _, c := range o.lay.checks {
		if c.touches(line, i) && o.holds(c) {
			return true
		}
	}
	return false
}

const (
	leastSure  = -2  // log-probability of a character without a check digit
	letterSure = 2.2 // and how much less likely the next must be,
	digitSure  = 0.8 // also where digits may stand,
	// digitLikeSure is asked of letters there that look like digits, which are more usual.
	digitLikeSure = 3
	digitLike     = "DBSZG"
	codeSure      = 4   // of a letter in a country code that does not exist
	explainedBy   = 4.5 // of a character that would set a wrong check digit right
)

// bounded tells that nothing seems to belong to the lines beyond their ends. A composite
// check digit that holds vouches for the length, so that only the edge of a table or the
// like can be there. Without one, a small visa might be a large one cut short: it looks the
// same at both lengths, and the paper around it must be seen to be empty.
func (o *outcome) bounded() bool {
	limit := 5.0
	for _, c := range o.lay.checks {
		if c.composite && o.holds(c) {
			limit = 8
		}
	}
	return o.outside < limit*float64(len(o.class)) && (o.lay.kind != mrz.KindMRVB || o.alone)
}

// alone tells that one character's width of empty paper was seen on either side of every
// line.
func (s *search) alone(o *outcome, paths []path, length int) bool {
	for i, p := range paths {
		if !p.alone {
			return false
		}
		for _, at := range []float64{-1, float64(length)} {
			x := o.place[i].at(at)
			y := o.rows[i].at(x)
			px, py := o.band.ox+o.band.ux*x+o.band.vx*y, o.band.oy+o.band.uy*x+o.band.vy*y
			if px < 0 || py < 0 || px > float64(s.pyramid[0].w) || py > float64(s.pyramid[0].h) {
				return false
			}
		}
	}
	return true
}
