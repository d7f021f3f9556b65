package ocrb

import (
	"testing"

	"okno/review/mrz"
)

// readAs is what the reader would know of printed lines that every window shows clearly,
// but for doubts: another character at a place and by how much it is less likely.
func readAs(t *testing.T, kind mrz.Kind, lines []string, doubts ...doubt) *outcome {
	t.Helper()
	var lay *layout
	for i := range layouts {
		if layouts[i].kind == kind {
			lay = &layouts[i]
		}
	}
	logp := make([][]float32, len(lines))
	for l, line := range lines {
		logp[l] = make([]float32, classes*len(line))
		for i := range line {
			p := logp[l][i*classes : (i+1)*classes]
			for c := range p {
				p[c] = -9
			}
			p[classOf(line[i])] = -0.01
			if line[i] == '0' {
				p[letterO] = plainZero
			}
		}
	}
	for _, d := range doubts {
		p := logp[d.line][d.at*classes : (d.at+1)*classes]
		p[classOf(d.other)] = p[classOf(lines[d.line][d.at])] - d.by
	}
	s := settle(lay, logp, 0)
	s.finish()
	return &outcome{settled: s, alone: true}
}

type doubt struct {
	line, at int
	other    byte
	by       float32
}

var (
	holder = []string{"P<TURYILKAR<<SPECIMENA<<<<<<<<<<<<<<<<<<<<<<", "U685020405<TUR8703156F3104288<<<<<<<<<<<<<<0"}
	visa   = []string{"V<RUSYILKAR<<SPECIMENA<<<<<<<<<<<<<<", "U685020405TUR8703156F3104288<<<<<<<<"}
)

// valid gives lines the check digits they need.
func valid(lines []string) []string {
	n, b, e := "U68502040", "870315", "310428"
	digit := func(s string) string { return string(rune('0' + mrz.CheckDigit(s))) }
	second := n + digit(n) + "TUR" + b + digit(b) + "F" + e + digit(e) + "<<<<<<<<"
	if len(lines[0]) == 44 {
		second += "<<<<<<<"
		second += digit(second[:10] + second[13:20] + second[21:43])
	}
	return []string{lines[0], second}
}

// What the check digits cannot tell apart is not accepted unless the picture can.
func TestContestedTextIsNotAccepted(t *testing.T) {
	lines := valid(holder)
	for _, c := range []struct {
		name   string
		doubts []doubt
		want   Verdict
	}{
		{"clear", nil, Read},
		{"one zero like an O", []doubt{{1, 4, 'O', -0.8}}, Read},
		{"two zeros like O, which no check digit sees", []doubt{{1, 4, 'O', 0}, {1, 6, 'O', -0.8}}, Unreadable},
		{"two zeros a little like O", []doubt{{1, 4, 'O', 2}, {1, 6, 'O', 2}}, Read},
		{"a 6 like a G, which no check digit sees", []doubt{{1, 1, 'G', 2}}, Unreadable},
		{"an 8 like a B, which the check digit sees", []doubt{{1, 2, 'B', 2}}, Read},
		{"a letter of the name", []doubt{{0, 6, 'J', 1}}, Unreadable},
		{"a letter of the name, hardly", []doubt{{0, 6, 'J', 3}}, Read},
	} {
		o := readAs(t, mrz.KindTD3, lines, c.doubts...)
		if got := o.verdict(); got != c.want {
			t.Errorf("%s: %s, want %s: %q", c.name, got, c.want, o.lines())
		}
		if got := o.lines(); got[0] != lines[0] || got[1] != lines[1] {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// The zeros of a page tell how wide an O is there.
func TestZerosOfThePageAreTheMeasure(t *testing.T) {
	lines := valid(holder)
	wide := func(by float32) (all []doubt) {
		for i, r := range lines[1] {
			if r == '0' && i > 9 {
				all = append(all, doubt{1, i, 'O', by})
			}
		}
		return append(all, doubt{1, 4, 'O', -3.5})
	}
	if o := readAs(t, mrz.KindTD3, lines, wide(-3)...); o.class[1][4] != 0 {
		t.Error("an oval as wide as the zeros became an O")
	}
	if narrow, wide := readAs(t, mrz.KindTD3, lines, wide(4)...), readAs(t, mrz.KindTD3, lines, wide(-3)...); narrow.zero >= wide.zero {
		t.Errorf("narrow zeros ask for %.1f, wide ones for %.1f", narrow.zero, wide.zero)
	}
}

// A wrong check digit is accepted as printed where nothing likely explains it.
func TestForgedDigitIsAcceptedOnlyWhenClear(t *testing.T) {
	lines := valid(holder)
	forged := []string{lines[0], lines[1][:14] + "9" + lines[1][15:]} // 890315 for 870315
	if o := readAs(t, mrz.KindTD3, forged); o.verdict() != Read || o.lines()[1] != forged[1] {
		t.Errorf("%s %q", o.verdict(), o.lines())
	}
	if o := readAs(t, mrz.KindTD3, forged, doubt{1, 14, '7', 4}); o.verdict() == Read {
		t.Error("accepted a digit that a misreading explains")
	}
}

// A small visa is accepted only where the paper around its lines was seen to be empty: it
// may be a large one cut short.
func TestSmallVisaNeedsEmptyPaper(t *testing.T) {
	o := readAs(t, mrz.KindMRVB, valid(visa))
	if o.verdict() != Read {
		t.Errorf("%s", o.verdict())
	}
	if o.alone = false; o.verdict() == Read {
		t.Error("accepted lines that may go on")
	}
}

func TestCodeOfNoCountryNeedsToBeClear(t *testing.T) {
	lines := valid(holder)
	lines[0] = "P<QQQ" + lines[0][5:]
	if o := readAs(t, mrz.KindTD3, lines); o.verdict() != Read || o.lines()[0] != lines[0] {
		t.Errorf("%s %q", o.verdict(), o.lines())
	}
	if o := readAs(t, mrz.KindTD3, lines, doubt{0, 3, 'O', 3}); o.verdict() == Read {
		t.Error("accepted a doubtful code of no country")
	}
}

// Where only one of two twins may stand, what speaks for the other speaks for it: an O among
// the digits of a date is a zero, and no other digit gains from it.
func TestTwinsSpeakForOneAnother(t *testing.T) {
	lines := valid(holder)
	at := 18 // of the birth date, which ends in 5
	printed := []string{lines[0], ""}
	printed[1] = lines[1][:13] + "870310" + string(rune('0'+mrz.CheckDigit("870310"))) + lines[1][20:43]
	printed[1] += string(rune('0' + mrz.CheckDigit(printed[1][:10]+printed[1][13:20]+printed[1][21:43])))
	o := readAs(t, mrz.KindTD3, printed, doubt{1, at, 'O', -6}, doubt{1, at, '6', -1})
	if got := o.lines()[1]; got != printed[1] {
		t.Errorf("read %s, want %s", got, printed[1])
	}
	if o := readAs(t, mrz.KindTD3, lines, doubt{0, 6, '1', 0}); o.verdict() != Read || o.lines()[0] != lines[0] {
		t.Errorf("%s %q", o.verdict(), o.lines())
	}
}

// A letter that looks like a digit is accepted only when it is clear, where no check digit
// protects it and digits are more usual.
func TestLetterLikeADigitNeedsToBeClear(t *testing.T) {
	lines := []string{visa[0] + "<<<<<<<<", valid(visa)[1] + "<<<<<<<<"}
	lines[1] = lines[1][:30] + "32B55" + lines[1][35:]
	for by, want := range map[float32]Verdict{1: Unreadable, 5: Read} {
		if o := readAs(t, mrz.KindMRVA, lines, doubt{1, 32, '8', by}); o.verdict() != want || o.lines()[1] != lines[1] {
			t.Errorf("by %v: %s, want %s: %q", by, o.verdict(), want, o.lines())
		}
	}
}
