package pdfdoc

import (
	"bytes"
	"math"
	"strconv"
)

// placement is how a page shows its only picture.
type placement struct {
	name   string
	turn   int      // clockwise
	states []string // graphics states in use; they may hide things, so somebody has to look at them
}

// harmless operators neither paint nor hide anything by themselves.
var harmless = map[string]bool{
	"J": true, "j": true, "w": true, "M": true, "d": true, "i": true, "ri": true,
	"G": true, "g": true, "RG": true, "rg": true, "K": true, "k": true, "CS": true, "cs": true, "SC": true, "sc": true,
	"BT": true, "ET": true, "Tf": true, "Tc": true, "Tw": true, "Tz": true, "TL": true, "Ts": true, "Td": true,
	"TD": true, "Tm": true, "T*": true, "BMC": true, "BDC": true, "EMC": true, "MP": true, "DP": true, "n": true,
	"re": true, "W": true, "W*": true, "m": true, "l": true, "h": true,
}

// solePicture reads a content stream and reports whether the page is one upright picture and nothing else that
// shows. Text that scanners add in the invisible rendering mode is allowed. In doubt the answer is no.
func solePicture(content []byte) (placement, bool) {
	var (
		found    placement
		operands [][]byte
		ctm      = matrix{1, 0, 0, 1, 0, 0}
		stack    []matrix
		hidden   bool
		hides    []bool
		pictures int
	)
	for {
		token, rest, ok := nextToken(content)
		if !ok {
			return placement{}, false
		}
		content = rest
		if token == nil {
			return found, pictures == 1
		}
		if !isOperator(token) {
			if operands = append(operands, token); len(operands) > 4096 {
				return placement{}, false
			}
			continue
		}
		switch op := string(token); op {
		case "q":
			if len(stack) > 64 {
				return placement{}, false
			}
			stack, hides = append(stack, ctm), append(hides, hidden)
		case "Q":
			if len(stack) > 0 {
				ctm, hidden = stack[len(stack)-1], hides[len(hides)-1]
				stack, hides = stack[:len(stack)-1], hides[:len(hides)-1]
			}
		case "cm":
			m, ok := readMatrix(operands)
			if !ok {
				return placement{}, false
			}
			ctm = m.times(ctm)
		case "Tr":
			hidden = len(operands) == 1 && string(operands[0]) == "3"
		case "Tj", "TJ", "'", "\"":
			if !hidden {
				return placement{}, false
			}
		case "gs":
			if len(operands) != 1 || len(operands[0]) < 2 || operands[0][0] != '/' || len(found.states) >= 32 {
				return placement{}, false
			}
			found.states = append(found.states, decoded(string(operands[0][1:])))
		case "Do":
			if len(operands) != 1 || len(operands[0]) < 2 || operands[0][0] != '/' {
				return placement{}, false
			}
			t, ok := ctm.turn()
			if !ok {
				return placement{}, false
			}
			found.name, found.turn = decoded(string(operands[0][1:])), t
			if pictures++; pictures > 1 {
				return placement{}, false
			}
		default:
			if !harmless[op] {
				return placement{}, false
			}
		}
		operands = operands[:0]
	}
}

type matrix [6]float64

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// turn tells by how much the matrix turns the unit square clockwise; mirrored and slanted ones do not qualify.
func (m matrix) turn() (int, bool) {
	const tiny = 1e-3
	size := max(math.Abs(m[0]), math.Abs(m[1]), math.Abs(m[2]), math.Abs(m[3]))
	if !(size > 1) {
		return 0, false
	}
	zero := func(v float64) bool { return math.Abs(v) < tiny*size }
	switch {
	case zero(m[1]) && zero(m[2]) && m[0] > 0 && m[3] > 0:
		return 0, true
	case zero(m[1]) && zero(m[2]) && m[0] < 0 && m[3] < 0:
		return 180, true
	case zero(m[0]) && zero(m[3]) && m[1] < 0 && m[2] > 0:
		return 90, true
	case zero(m[0]) && zero(m[3]) && m[1] > 0 && m[2] < 0:
		return 270, true
	}
	return 0, false
}

func readMatrix(operands [][]byte) (matrix, bool) {
	var m matrix
	if len(operands) != 6 {
		return m, false
	}
	for i, o := range operands {
		v, err := strconv.ParseFloat(string(o), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return m, false
		}
		m[i] = v
	}
	return m, true
}

func isOperator(token []byte) bool {
	c := token[0]
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '\'' || c == '"'
}

// nextToken cuts one token off. Strings, arrays and dictionaries come as one opaque operand. A nil token is the
// end; ok is false for anything malformed.
func nextToken(s []byte) (token, rest []byte, ok bool) {
	for len(s) > 0 {
		c := s[0]
		switch {
		case c == '%':
			i := bytes.IndexAny(s, "\r\n")
			if i < 0 {
				return nil, nil, true
			}
			s = s[i:]
		case isSpace(c):
			s = s[1:]
		case c == '(':
			return cut(s, stringEnd(s))
		case c == '[':
			return cut(s, arrayEnd(s))
		case bytes.HasPrefix(s, []byte("<<")):
			i := bytes.Index(s, []byte(">>"))
			if i < 0 || bytes.ContainsAny(s[2:i], "<(%") {
				return nil, nil, false
			}
			return cut(s, i+2)
		case c == '<':
			return cut(s, bytes.IndexByte(s, '>')+1)
		case c == '\'' || c == '"':
			return cut(s, 1)
		default:
			i := 1
			for i < len(s) && !isSpace(s[i]) && !bytes.ContainsRune([]byte("()<>[]{}/%"), rune(s[i])) {
				i++
			}
			if bytes.ContainsRune([]byte(")>]{}"), rune(c)) {
				return nil, nil, false
			}
			return cut(s, i)
		}
	}
	return nil, nil, true
}

func cut(s []byte, n int) (token, rest []byte, ok bool) {
	if n <= 0 || n > len(s) {
		return nil, nil, false
	}
	return s[:n], s[n:], true
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func stringEnd(s []byte) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// arrayEnd finds the end of an array of numbers and strings, the only kind content streams need.
func arrayEnd(s []byte) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case ']':
			return i + 1
		case '[':
			return 0
		case '(':
			n := stringEnd(s[i:])
			if n == 0 {
				return 0
			}
			i += n - 1
		}
	}
	return 0
}
