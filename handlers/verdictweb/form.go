package verdictweb

import (
	"strconv"
	"strings"

	"okno/handlers/web"
	"okno/review"
)

// typed is the panel's form as it was sent.
type typed struct {
	version int64
	items   []review.Item
	note    string
	act     string // send, next, preview or claim
	held    int
}

// value is the form value of a reason on a target; details its input.
func value(t review.Target, code review.ReasonCode) string { return t.String() + "|" + string(code) }

func detailsName(t review.Target, code review.ReasonCode) string { return "details." + value(t, code) }

// id is the element id of the reason's checkbox (r) or details (d).
func id(kind string, t review.Target, code review.ReasonCode) string {
	return kind + "-" + strings.NewReplacer(":", "-", "|", "-").Replace(value(t, code))
}

func read(c *web.Ctx) (typed, error) {
	f, err := c.Form()
	if err != nil {
		return typed{}, err
	}
	t := typed{note: f.Value("note"), act: f.Value("act"), held: -1}
	t.version = f.Version()
	if n, err := strconv.Atoi(f.Value("held")); err == nil && n > 0 {
		t.held = n
	}
	for _, v := range f.Values("item") {
		name, code, _ := strings.Cut(v, "|")
		target, ok := review.ParseTarget(name)
		if !ok {
			continue
		}
		box, _ := review.ParseBox(f.Value("box-" + v)) // not a box: no place was drawn
		t.items = append(t.items, review.Item{Target: target, Reason: review.ReasonCode(code), Details: f.Value("details." + v), Box: box})
	}
	return t, nil
}

// box is the place drawn for the reason, as the form sent it.
func (t typed) box(target review.Target, code review.ReasonCode) string {
	for _, i := range t.items {
		if i.Target == target && i.Reason == code {
			return i.Box.String()
		}
	}
	return ""
}

// has reports whether the reason was ticked, and returns the details typed for it.
func (t typed) has(target review.Target, code review.ReasonCode) (string, bool) {
	for _, i := range t.items {
		if i.Target == target && i.Reason == code {
			return i.Details, true
		}
	}
	return "", false
}
