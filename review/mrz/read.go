package mrz

import "strings"

// Kind is the form of a set of lines.
type Kind string

// The kinds that this package reads.
const (
	KindTD3     Kind = "td3"
	KindTD1     Kind = "td1"
	KindTD2     Kind = "td2"
	KindMRVA    Kind = "mrv-a"
	KindMRVB    Kind = "mrv-b"
	KindPNRUS   Kind = "pnrus"
	KindUnknown Kind = ""
)

// Split cleans typed or recognised text into lines, without the empty ones, and tells
// what kind of document they come from by their number and first letters. A slip in a
// line's length does not change the kind, so the reader can report it.
func Split(text string) (Kind, []string) {
	var lines []string
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if line = Clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	return kindOf(lines), lines
}

func kindOf(lines []string) Kind {
	switch {
	case len(lines) == 3:
		return KindTD1
	case len(lines) != 2:
		return KindUnknown
	case strings.HasPrefix(lines[0], "PNRUS"):
		return KindPNRUS
	case strings.HasPrefix(lines[0], "V"):
		if n := len(lines[0]); n > 30 && n < 40 {
			return KindMRVB
		}
		return KindMRVA
	case strings.HasPrefix(lines[0], "P"):
		return KindTD3
	case strings.ContainsAny(lines[0][:1], "ACI"):
		return KindTD2
	}
	return KindUnknown
}

// digitPlaces are the places of each kind that hold only digits or fillers: line, from,
// to (exclusive).
var digitPlaces = map[Kind][][3]int{
	KindTD3:   {{1, 9, 10}, {1, 13, 20}, {1, 21, 28}, {1, 42, 44}},
	KindMRVA:  {{1, 9, 10}, {1, 13, 20}, {1, 21, 28}},
	KindTD2:   {{1, 9, 10}, {1, 13, 20}, {1, 21, 28}, {1, 35, 36}},
	KindMRVB:  {{1, 9, 10}, {1, 13, 20}, {1, 21, 28}},
	KindTD1:   {{1, 0, 7}, {1, 8, 15}, {1, 29, 30}},
	KindPNRUS: {{1, 0, 10}, {1, 13, 20}, {1, 28, 44}},
}

var confused = strings.NewReplacer("O", "0", "I", "1", "B", "8", "S", "5", "Z", "2")

// Repair undoes the usual confusions of a text reader (O, I, B, S, Z for digits) where
// only digits can stand. Letters are never corrected. Read the result again: the check
// digits decide whether it is right.
func Repair(kind Kind, lines []string) []string {
	out := append([]string(nil), lines...)
	for _, place := range digitPlaces[kind] {
		i, from, to := place[0], place[1], place[2]
		if i < len(out) && len(out[i]) >= to {
			out[i] = out[i][:from] + confused.Replace(out[i][from:to]) + out[i][to:]
		}
	}
	return out
}
