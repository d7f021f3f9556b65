package field

import (
	"slices"
	"strings"
)

// Match is the verdict on two spellings of one name part. The values are ordered
// from best to worst by [Worst].
type Match string

// The verdicts: equal letters, equal sound, nearly equal, not the same.
const (
	Exact      Match = "exact"
	Equivalent Match = "equivalent"
	Close      Match = "close"
	Different  Match = "different"
)

var matchOrder = []Match{Exact, Equivalent, Close, Different}

// Worst is the verdict on a person from the verdicts on the parts of the name.
func Worst(parts ...Match) Match {
	worst := 0
	for _, m := range parts {
		worst = max(worst, slices.Index(matchOrder, m))
	}
	return matchOrder[worst]
}

// NameMatch compares two spellings of one name part in any script. The issuing state
// matters because Belarus and Ukraine write Г as H.
func NameMatch(a, b, issuer string) Match {
	la, lb := LatinOf(a), LatinOf(b)
	switch {
	case la == lb:
		return Exact
	case la == "" || lb == "":
		return Different
	}
	ka, kb := SoundKeys(a, issuer), SoundKeys(b, issuer)
	switch {
	case intersect(ka, kb):
		return Equivalent
	case anyClose(ka, kb):
		return Close
	}
	return Different
}

// NameMatchCut compares a name with one that a full machine-readable line has cut
// off: only the beginning has to agree.
func NameMatchCut(full, cut, issuer string) Match {
	whole, start := LatinOf(full), LatinOf(cut)
	if start != "" && strings.HasPrefix(whole, start) {
		return Exact
	}
	best := NameMatch(full, cut, issuer)
	for end := 1; end < len(whole); end++ {
		if m := NameMatch(whole[:end], cut, issuer); Worst(m, best) == best {
			best = m
		}
	}
	return best
}

// soundSteps are applied one after the other: the order is part of the rule.
var soundSteps = [][2]string{
	{"SHCH", "2"}, {"SCH", "2"}, {"SH", "2"}, {"DZH", "4"}, {"DJ", "4"}, {"ZH", "4"}, {"CH", "3"},
	{"CK", "K"}, {"TS", "5"}, {"TC", "5"}, {"TZ", "5"}, {"KH", "H"}, {"GH", "G"}, {"PH", "F"},
	{"W", "V"}, {"Q", "K"},
}

// SoundKeys are the possible sounds of a name. Two spellings are equivalent when they
// have a key in common, so hashes of these keys find a person across scripts.
func SoundKeys(s, issuer string) []string {
	latin := LatinOf(s)
	for _, step := range soundSteps {
		latin = strings.ReplaceAll(latin, step[0], step[1])
	}
	keys := vary([]string{latin}, "J", "4", "I")
	keys = vary(keys, "C", "K", "4", "3", "5")
	keys = vary(keys, "X", "H", "KS")
	if (issuer == "BLR" || issuer == "UKR") && !strings.ContainsFunc(s, isCyrillic) {
		keys = vary(keys, "H", "H", "G")
	}
	for i := range keys {
		keys[i] = smooth(keys[i])
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// vary multiplies the keys that contain a letter by the sounds it may stand for, one
// choice for the whole name.
func vary(keys []string, letter string, sounds ...string) []string {
	var out []string
	for _, k := range keys {
		if !strings.Contains(k, letter) {
			out = append(out, k)
			continue
		}
		for _, sound := range sounds {
			out = append(out, strings.ReplaceAll(k, letter, sound))
		}
	}
	return out
}

// smooth levels what romanisations spell differently between vowels.
func smooth(k string) string {
	k = collapse(strings.ReplaceAll(k, "Y", "I"))
	var b strings.Builder
	for i := range len(k) {
		if k[i] == 'I' && i+1 < len(k) && strings.IndexByte("AEOU", k[i+1]) >= 0 {
			continue
		}
		b.WriteByte(k[i])
	}
	return collapse(b.String())
}

// collapse makes one of equal neighbours.
func collapse(k string) string {
	return string(slices.Compact([]byte(k)))
}

func intersect(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

func anyClose(as, bs []string) bool {
	for _, a := range as {
		for _, b := range bs {
			if closeKeys(a, b) {
				return true
			}
		}
	}
	return false
}

func closeKeys(a, b string) bool {
	longer := max(len(a), len(b))
	if longer-min(len(a), len(b)) > 2 {
		return false
	}
	d := distance(a, b)
	bones := skeleton(a)
	switch {
	case len(bones) >= 2 && bones == skeleton(b) && d <= 2:
		return true
	case longer >= 9:
		return d <= 2
	}
	return longer >= 4 && d <= 1
}

func skeleton(k string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("AEIOU", r) {
			return -1
		}
		return r
	}, k)
}

// distance is the Levenshtein distance of two keys.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
