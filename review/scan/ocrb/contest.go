package ocrb

import (
	"cmp"
	"slices"
)

// Check digits cannot see every misreading. Two letters O for two zeros, one under weight 7
// and one under weight 3, leave every sum as it was, and so do all pairs of the same two
// characters; a G for a 6 does it alone. Where such another text is hardly less likely, the
// lines are in doubt although every check digit holds.

// Limits of how much less likely, as a logarithm, another text must be.
const (
	singleSure = 3 // one other character
	pairSure   = 4 // two others
	// letterless is what speaks against each letter O in place of a zero, besides its shape:
	// few numbers have one, and hardly any has two.
	letterless = 1.25
)

// rival is another character at a place and what it costs.
type rival struct {
	line, at, class int
	price           float32
}

// contested tells that another text, hardly less likely, satisfies the same check digits.
func (o *outcome) contested() bool {
	var held []check
	for _, c := range o.lay.checks {
		if o.holds(c) {
			held = append(held, c)
		}
	}
	rivals := o.rivals(held)
	for i, a := range rivals {
		if a.price >= pairSure {
			break
		}
		was := o.swap(a)
		same := a.price < singleSure && o.allHold(held)
		for _, b := range rivals[i+1:] {
			if same || a.price+b.price >= pairSure {
				break
			}
			if b.line == a.line && b.at == a.at {
				continue
			}
			second := o.swap(b)
			same = o.allHold(held)
			o.swap(second)
		}
		o.swap(was)
		if same {
			return true
		}
	}
	return false
}

// rivals are the likely other characters under check digits, the likeliest first.
func (o *outcome) rivals(held []check) (all []rival) {
	for line, allow := range o.lay.allow {
		for i, m := range allow {
			if !slices.ContainsFunc(held, func(c check) bool { return c.touches(line, i) }) {
				continue
			}
			for c := range blank {
				price := o.price(line, i, c)
				if c == letterO && o.class[line][i] == 0 {
					price += letterless
				}
				if c != o.class[line][i] && m.has(c) && price < pairSure-clearBy {
					all = append(all, rival{line, i, c, price})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b rival) int { return cmp.Compare(a.price, b.price) })
	return all
}

// swap puts a character into its place and returns the one that stood there.
func (o *outcome) swap(r rival) rival {
	was := rival{r.line, r.at, o.class[r.line][r.at], 0}
	o.class[r.line][r.at] = r.class
	return was
}

func (o *outcome) allHold(list []check) bool {
	for _, c := range list {
		if !o.holds(c) {
			return false
		}
	}
	return true
}
