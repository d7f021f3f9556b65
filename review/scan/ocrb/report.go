package ocrb

import (
	"math"
	"slices"
	"strings"

	"okno/review/mrz"
	"okno/review/scan/ocrb/glyphnet"
)

// report tells an outcome in the terms of the picture.
func (o *outcome) report(p *plane) Reading {
	r := Reading{Verdict: o.verdict(), Format: o.lay.kind, Lines: o.lines(), Confidence: o.mean(), Repaired: o.repairs, Turn: o.turn()}
	for line := range o.class {
		r.Chars = append(r.Chars, o.chars(line))
	}
	for _, c := range o.lay.checks {
		r.CheckDigits = append(r.CheckDigits, CheckDigit{c.field, o.holds(c)})
	}
	for _, f := range o.fields() {
		f.Confidence = 1
		for _, c := range r.Chars[f.Line][f.From:f.To] {
			f.Confidence = min(f.Confidence, c.P)
		}
		f.Box = o.box(p, f.Line, f.From, f.Line, f.To)
		r.Fields = append(r.Fields, f)
	}
	r.Band = o.box(p, 0, 0, len(o.class)-1, o.lay.length)
	return r
}

// turn is the clockwise turn that brings the band's direction to the right.
func (o *outcome) turn() int {
	if math.Abs(o.band.ux) >= math.Abs(o.band.uy) {
		if o.band.ux > 0 {
			return 0
		}
		return 180
	}
	if o.band.uy > 0 {
		return 270
	}
	return 90
}

func (o *outcome) chars(line int) []Char {
	chars := make([]Char, o.lay.length)
	for i, c := range o.class[line] {
		p := o.logp[line][i*classes : (i+1)*classes]
		free := best(p, anything)
		alt := best(p, anything&^(1<<c))
		chars[i] = Char{
			Rune: rune(glyphnet.Alphabet[c]), P: math.Exp(float64(p[c])),
			Alt: rune(glyphnet.Alphabet[alt]), AltP: math.Exp(float64(p[alt])),
			Free: rune(glyphnet.Alphabet[free]), Unexpected: o.odd[line][i], Repaired: o.repaired[line][i],
		}
	}
	return chars
}

// box surrounds characters from one line and place to another.
func (o *outcome) box(p *plane, fromLine, from, toLine, to int) (corners [4][2]float64) {
	corner := func(line int, at float64, side float64) [2]float64 {
		x := o.place[line].at(at - 0.5)
		y := o.rows[line].at(x) + side*0.7*o.rows[line].height
		b := o.band
		return [2]float64{(b.ox + b.ux*x + b.vx*y) / float64(p.w), (b.oy + b.uy*x + b.vy*y) / float64(p.h)}
	}
	return [4][2]float64{corner(fromLine, float64(from), -1), corner(fromLine, float64(to), -1), corner(toLine, float64(to), 1), corner(toLine, float64(from), 1)}
}

// fields cuts the lines into values. Names are split where they stand.
func (o *outcome) fields() (out []Field) {
	lines := o.lines()
	add := func(code, value string, line, from, to int) {
		if value != "" && from < to {
			out = append(out, Field{Code: code, Value: value, Line: line, From: from, To: to})
		}
	}
	for _, f := range o.lay.fields {
		text := lines[f.line][f.from:f.to]
		switch {
		case f.code == "names" && o.lay.kind == mrz.KindPNRUS:
			o.russianNames(text, f, add)
		case f.code == "names":
			surname, given, cut := strings.Cut(text, "<<")
			add("surname", plain(surname), f.line, f.from, f.from+len(surname))
			if trimmed := strings.TrimRight(given, "<"); cut {
				start := f.from + len(surname) + 2
				add("given-names", plain(trimmed), f.line, start, start+len(trimmed))
			}
		case strings.HasSuffix(f.code, "-date"):
			if strings.Trim(text, "<") != "" {
				add(f.code, text, f.line, f.from, f.to)
			}
		case f.code == "series":
			add(f.code, plain(text+lines[1][28:29]), f.line, f.from, f.to)
		case f.code == "division-code" && len(plain(text)) == 6:
			add(f.code, text[:3]+"-"+text[3:], f.line, f.from, f.to)
		case f.code == "document-number" && o.lay.kind != mrz.KindPNRUS:
			o.number(text, f, add)
		default:
			trimmed := strings.TrimRight(text, "<")
			add(f.code, plain(text), f.line, f.from, f.from+max(1, len(trimmed)))
		}
	}
	return out
}

// number is a document number; one that is too long for its field ends in the optional
// data.
func (o *outcome) number(text string, f place, add func(code, value string, line, from, to int)) {
	i := slices.IndexFunc(o.lay.checks, func(c check) bool { return c.field == "document-number" })
	value, to := plain(text), f.from+len(strings.TrimRight(text, "<"))
	if i >= 0 && o.continues(o.lay.checks[i]) {
		lines := o.lines()
		rest := lines[1][min(28, len(lines[1])):]
		if len(lines) == 3 {
			rest = lines[0][15:]
		}
		more, _, _ := strings.Cut(rest, "<")
		value += more[:max(0, len(more)-1)]
	}
	add(f.code, value, f.line, f.from, to)
}

func (o *outcome) russianNames(text string, f place, add func(code, value string, line, from, to int)) {
	surname, rest, _ := strings.Cut(text, "<<")
	add("surname", mrz.DecodeRussian(surname), f.line, f.from, f.from+len(surname))
	lines := o.lines()
	d, _ := mrz.PNRUS(lines[0], lines[1])
	start := f.from + len(surname) + 2
	given := strings.TrimRight(rest, "<")
	n := strings.Count(d.GivenName, " ") + 1
	end := 0
	for i, r := range given + "<" {
		if r == '<' {
			if n--; n == 0 {
				end = i
				break
			}
		}
	}
	add("given-name", d.GivenName, f.line, start, start+end)
	if d.Patronymic != "" && end+1 < len(given) {
		add("patronymic", d.Patronymic, f.line, start+end+1, start+len(given))
	}
}

// plain is a value without fillers.
func plain(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == '<' }), " ")
}
