package ocrb

import (
	"strings"

	"okno/review/mrz"
	"okno/review/scan/ocrb/glyphnet"
)

// layout is the grammar of one kind of document: how many lines of what length, which
// characters may stand at each place, and what the check digits cover.
type layout struct {
	kind   mrz.Kind
	length int
	allow  [][]mask // per line and place
	checks []check
	// countries are the places of three-letter codes: line and first place.
	countries [][2]int
	fields    []place
}

// mask is a set of classes.
type mask uint64

func (m mask) has(class int) bool { return m>>class&1 == 1 }

// span is a piece of a line.
type span struct{ line, from, to int }

// check is one check digit. The composite covers what others cover already and never
// leads to a repair.
type check struct {
	field     string
	over      []span
	line, at  int
	composite bool
	filler    bool // may be a filler if the field is empty
}

// place is where a field stands.
type place struct {
	code string
	span
}

// KindFrenchID is the French identity card issued until 2021, which has a form of its own.
const KindFrenchID mrz.Kind = "fr-id"

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

func setOf(chars string) (m mask) {
	for _, r := range chars {
		m |= 1 << strings.IndexRune(glyphnet.Alphabet, r)
	}
	return m
}

// sets are the abbreviations of [pattern]; capitals stand for themselves.
var sets = map[rune]mask{
	'n': setOf(digits), 'd': setOf(digits + "<"), 'a': setOf(letters + "<"), 'x': setOf(digits + letters + "<"),
	's': setOf("MFX<"), 'i': setOf("ACI"), 'r': setOf(letters + "2346789<"), 'g': setOf("MF"),
}

// pattern reads a grammar such as "P a aaa a39": an abbreviation or a character,
// with a count.
func pattern(s string) (m []mask) {
	for _, word := range strings.Fields(s) {
		n := 0
		for _, r := range word[1:] {
			n = n*10 + int(r-'0')
		}
		set, ok := sets[rune(word[0])]
		if !ok {
			set = setOf(word[:1])
		}
		for range max(1, n) {
			m = append(m, set)
		}
	}
	return m
}

func digit(field string, line, from, to int) check {
	return check{field: field, over: []span{{line, from, to}}, line: line, at: to}
}

var layouts = []layout{
	{
		kind: mrz.KindTD3, length: 44,
		allow:     [][]mask{pattern("P a a3 a39"), pattern("x9 n a3 d6 n s d6 n x14 d n")},
		checks:    append(twoLines(), check{field: "optional-data", over: []span{{1, 28, 42}}, line: 1, at: 42, filler: true}, check{field: "composite", over: []span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}}, line: 1, at: 43, composite: true}),
		countries: [][2]int{{0, 2}, {1, 10}},
		fields:    append(twoLineFields(44), place{"optional-data", span{1, 28, 42}}),
	},
	{
		kind: mrz.KindMRVA, length: 44,
		allow:  [][]mask{pattern("V a a3 a39"), pattern("x9 n a3 d6 n s d6 n x16")},
		checks: twoLines(), countries: [][2]int{{0, 2}, {1, 10}},
		fields: append(twoLineFields(44), place{"optional-data", span{1, 28, 44}}),
	},
	{
		kind: mrz.KindPNRUS, length: 44,
		allow: [][]mask{pattern("P N R U S r39"), pattern("n9 n R U S n6 n g <7 n13 < n n")},
		checks: []check{digit("document-number", 1, 0, 9), digit("birth-date", 1, 13, 19), digit("optional-data", 1, 28, 42),
			{field: "composite", over: []span{{1, 0, 10}, {1, 13, 20}, {1, 21, 43}}, line: 1, at: 43, composite: true}},
		fields: []place{{"document-code", span{0, 0, 2}}, {"issuer", span{0, 2, 5}}, {"names", span{0, 5, 44}}, {"series", span{1, 0, 3}}, {"number", span{1, 3, 9}},
			{"nationality", span{1, 10, 13}}, {"birth-date", span{1, 13, 19}}, {"sex", span{1, 20, 21}}, {"issue-date", span{1, 29, 35}}, {"division-code", span{1, 35, 41}}},
	},
	{
		kind: mrz.KindTD2, length: 36,
		allow:     [][]mask{pattern("i a a3 a31"), pattern("x9 d a3 d6 n s d6 n x7 n")},
		checks:    append(twoLines(), check{field: "composite", over: []span{{1, 0, 10}, {1, 13, 20}, {1, 21, 35}}, line: 1, at: 35, composite: true}),
		countries: [][2]int{{0, 2}, {1, 10}},
		fields:    append(twoLineFields(36), place{"optional-data", span{1, 28, 35}}),
	},
	{
		kind: mrz.KindMRVB, length: 36,
		allow:  [][]mask{pattern("V a a3 a31"), pattern("x9 n a3 d6 n s d6 n x8")},
		checks: twoLines(), countries: [][2]int{{0, 2}, {1, 10}},
		fields: append(twoLineFields(36), place{"optional-data", span{1, 28, 36}}),
	},
	{
		kind: KindFrenchID, length: 36,
		allow: [][]mask{pattern("I D F R A a25 x6"), pattern("x12 n a14 n6 n s n")},
		checks: []check{digit("document-number", 1, 0, 12), digit("birth-date", 1, 27, 33),
			{field: "composite", over: []span{{0, 0, 36}, {1, 0, 35}}, line: 1, at: 35, composite: true}},
		fields: []place{{"document-code", span{0, 0, 2}}, {"issuer", span{0, 2, 5}}, {"surname", span{0, 5, 30}}, {"document-number", span{1, 0, 12}},
			{"given-names", span{1, 13, 27}}, {"birth-date", span{1, 27, 33}}, {"sex", span{1, 34, 35}}},
	},
	{
		kind: mrz.KindTD1, length: 30,
		allow: [][]mask{pattern("i a a3 x9 d x15"), pattern("d6 n s d6 n a3 x11 n"), pattern("a30")},
		checks: []check{digit("document-number", 0, 5, 14), digit("birth-date", 1, 0, 6), digit("expiry-date", 1, 8, 14),
			{field: "composite", over: []span{{0, 5, 30}, {1, 0, 7}, {1, 8, 15}, {1, 18, 29}}, line: 1, at: 29, composite: true}},
		countries: [][2]int{{0, 2}, {1, 15}},
		fields: []place{{"document-code", span{0, 0, 2}}, {"issuer", span{0, 2, 5}}, {"document-number", span{0, 5, 14}}, {"birth-date", span{1, 0, 6}},
			{"sex", span{1, 7, 8}}, {"expiry-date", span{1, 8, 14}}, {"nationality", span{1, 15, 18}}, {"names", span{2, 0, 30}}},
	},
}

func twoLines() []check {
	return []check{digit("document-number", 1, 0, 9), digit("birth-date", 1, 13, 19), digit("expiry-date", 1, 21, 27)}
}

func twoLineFields(length int) []place {
	return []place{{"document-code", span{0, 0, 2}}, {"issuer", span{0, 2, 5}}, {"names", span{0, 5, length}}, {"document-number", span{1, 0, 9}},
		{"nationality", span{1, 10, 13}}, {"birth-date", span{1, 13, 19}}, {"sex", span{1, 20, 21}}, {"expiry-date", span{1, 21, 27}}}
}
