package tesseract

import (
	"regexp"
	"strings"
	"time"

	"okno/review"
	"okno/review/scan"
)

// The forms of the values. Letters are read loosely, digits exactly.
var (
	fullDate    = regexp.MustCompile(`^\D?(\d{2}\.\d{2}\.\d{4})\D?$`)
	shortDate   = regexp.MustCompile(`^(\d{2}\.\d{2}\.\d{2})$`)
	series      = regexp.MustCompile(`^\d{4}$`)
	cardNumber  = regexp.MustCompile(`^\d{7}$`)
	numberSign  = regexp.MustCompile(`^(№|N[eo°o]|Ne|No)\.?$`)
	policy      = regexp.MustCompile(`^[0-9A-ZА-ЯЁ][0-9A-ZА-ЯЁ/-]{4,23}$`)
	division    = regexp.MustCompile(`^(\d{3})[-–—](\d{3})$`)
	capitals    = regexp.MustCompile(`^[А-ЯЁ][А-ЯЁ -]*$|^[A-Z][A-Z '-]*$`)
	serialWords = regexp.MustCompile(`(?i)сери|serial|cepua|5епа`)
)

// suggest picks the values of a paper from its lines. The first place on the page wins.
func suggest(paper scan.Paper, lines []line) []scan.Text {
	s := suggestions{lines: lines}
	switch paper {
	case scan.MigrationCard:
		s.migrationCard()
	case scan.InsurancePolicy:
		s.insurance()
	case scan.RussianPassport:
		s.russianPassport()
	}
	return s.found
}

type suggestions struct {
	lines []line
	found []scan.Text
}

// migrationCard: series and number are printed, everything else is mostly written by hand.
func (s *suggestions) migrationCard() {
	for _, l := range s.lines {
		numbered := false
		for i, w := range l.words {
			switch {
			case numberSign.MatchString(w.text):
				numbered = true
			case cardNumber.MatchString(w.text) && numbered:
				s.add("number", w.text, w)
			case series.MatchString(w.text) && i > 0 && serialWords.MatchString(l.text()):
				s.add("series", w.text, w)
			case shortDate.MatchString(w.text) && i > 0 && strings.HasPrefix(strings.ToUpper(l.words[i-1].text), "ВЪЕЗД"):
				s.date("entry-date", w, "02.01.06")
			}
		}
	}
	s.below("surname", "фамилия")
	s.below("given-name", "имя")
	s.below("citizenship", "гражданство")
}

func (s *suggestions) insurance() {
	for _, l := range s.lines {
		var dates []word
		for i, w := range l.words {
			if fullDate.MatchString(w.text) {
				dates = append(dates, w)
			}
			if i > 0 && numberSign.MatchString(l.words[i-1].text) && policy.MatchString(w.text) && strings.ContainsAny(w.text, "0123456789") {
				s.add("number", w.text, w)
			}
		}
		if len(dates) == 2 {
			s.date("valid-from", dates[0], "02.01.2006")
			s.date("valid-to", dates[1], "02.01.2006")
		}
	}
	s.beside("insured", "застрахованный", capitals)
	s.beside("birth-date", "рождения", fullDate)
}

func (s *suggestions) russianPassport() {
	s.beside("surname", "фамилия", capitals)
	s.beside("given-name", "имя", capitals)
	s.beside("patronymic", "отчество", capitals)
	s.beside("birth-date", "рождения", fullDate)
	s.beside("issue-date", "выдачи", fullDate)
	for _, l := range s.lines {
		for _, w := range l.words {
			if m := division.FindStringSubmatch(w.text); m != nil {
				s.add("division-code", m[1]+"-"+m[2], w)
			}
		}
	}
}

// add notes a value; its confidence is that of its least certain word.
func (s *suggestions) add(code, value string, words ...word) {
	for _, t := range s.found {
		if t.Code == code {
			return
		}
	}
	t := scan.Text{Code: code, Value: value, Confidence: 1, Box: words[0].box}
	for _, w := range words {
		t.Confidence = min(t.Confidence, w.confidence)
		t.Box = union(t.Box, w.box)
	}
	s.found = append(s.found, t)
}

// date notes a day as YYYY-MM-DD when it is one.
func (s *suggestions) date(code string, w word, layout string) {
	text := w.text
	if m := fullDate.FindStringSubmatch(text); m != nil {
		text = m[1]
	}
	if day, err := time.Parse(layout, text); err == nil {
		s.add(code, day.Format(time.DateOnly), w)
	}
}

// beside takes the words to the right of a label, in its own line or in one at the same height.
func (s *suggestions) beside(code, label string, form *regexp.Regexp) {
	for _, l := range s.lines {
		for i, w := range l.words {
			if !labelled(w.text, label) {
				continue
			}
			s.value(code, l.words[i+1:], form)
			for _, other := range s.lines {
				if len(other.words) > 0 && level(w.box, other.words[0].box) && other.words[0].box.X > w.box.X+w.box.W {
					s.value(code, other.words, form)
				}
			}
		}
	}
}

// below takes the line right under a label.
func (s *suggestions) below(code, label string) {
	for _, l := range s.lines {
		if len(l.words) == 0 || !labelled(l.words[0].text, label) {
			continue
		}
		from := l.words[0].box
		for _, other := range s.lines {
			if len(other.words) == 0 {
				continue
			}
			at := other.words[0].box
			if at.Y > from.Y+from.H/2 && at.Y < from.Y+5*from.H && at.X < from.X+0.15 {
				s.value(code, other.words, capitals)
			}
		}
	}
}

// value notes the leading words that together have a form.
func (s *suggestions) value(code string, words []word, form *regexp.Regexp) {
	if form == fullDate {
		for _, w := range words {
			if fullDate.MatchString(w.text) {
				s.date(code, w, "02.01.2006")
				return
			}
		}
		return
	}
	n, text := 0, ""
	for n < len(words) && form.MatchString(strings.TrimSpace(text+" "+words[n].text)) {
		text = strings.TrimSpace(text + " " + words[n].text)
		n++
	}
	if len([]rune(text)) >= 2 {
		s.add(code, text, words[:n]...)
	}
}

func labelled(text, label string) bool {
	return strings.Trim(strings.ToLower(text), " .:/|_'‘’`") == label
}

// level tells whether two places stand at the same height.
func level(a, b review.Area) bool {
	return a.Y < b.Y+b.H*3/4 && b.Y < a.Y+a.H*3/4
}

func union(a, b review.Area) review.Area {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return review.Area{X: x, Y: y, W: max(a.X+a.W, b.X+b.W) - x, H: max(a.Y+a.H, b.Y+b.H) - y}
}
