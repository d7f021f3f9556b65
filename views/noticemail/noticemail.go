// Package noticemail writes the bodies of mail and SMS in the recipient's
// language. Mail is plain text: it reads the same everywhere, carries no
// tracking and nothing that a mail program would have to block.
package noticemail

import (
	"strconv"
	"strings"

	"okno/views/i18n"
)

// Model is one message. Params fill the placeholders of its words.
type Model struct {
	Lang   string
	Kind   string // translation keys notice.<kind>.subject, .text and .sms
	Params map[string]string
	Items  []Item // what must be corrected, or why it was refused
	URL    string // page to continue on; empty = none
	NotMe  string // page to say that it was somebody else; empty = none
	Demo   bool
}

// Item is one reason in a message.
type Item struct {
	Target string // what it is about, in words
	Texts  []Part // the applicant's text of the reason, in every language in which the recipient gets it
}

// Part is a paragraph of a message with its language.
type Part struct {
	Lang string
	Text string
	Head bool // the next one stands right below it
}

// Mail returns the subject and the paragraphs of the body.
func Mail(m Model) (subject Part, body []Part) {
	args := m.args()
	part := func(key string, args ...any) Part {
		return Part{Lang: i18n.TextLang(m.Lang, key), Text: i18n.Text(m.Lang, key, args...)}
	}
	body = append(body, part("notice.greeting"), part("notice."+m.Kind+".text", args...))
	for i, item := range m.Items {
		head := part("notice.item", "no", strconv.Itoa(i+1), "target", item.Target)
		head.Head = true
		body = append(append(body, head), item.Texts...)
	}
	if key := "notice." + m.Kind + ".next"; i18n.Has(key) {
		body = append(body, part(key, args...))
	}
	if m.URL != "" {
		body = append(body, Part{Text: m.URL})
	}
	if m.NotMe != "" {
		notMe := part("notice.disavow")
		notMe.Text += "\n" + m.NotMe
		body = append(body, notMe)
	}
	signature := part("notice.signature")
	signature.Text = signatureMark + signature.Text
	if m.Demo {
		signature.Text += "\n" + i18n.Text(m.Lang, "notice.demo")
	}
	return part("notice."+m.Kind+".subject", args...), append(body, signature)
}

// signatureMark is the line by which mail programs know where a signature begins.
const signatureMark = "-- \n"

// Plain is the body of a mail as text.
func Plain(body []Part) string {
	var b strings.Builder
	for i, p := range body {
		b.WriteString(p.Text + "\n")
		if !p.Head && i < len(body)-1 {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// SMS returns the text of a short message.
func SMS(m Model) Part {
	key := "notice." + m.Kind + ".sms"
	text := i18n.Text(m.Lang, key, m.args()...)
	if m.NotMe != "" {
		text += " " + i18n.Text(m.Lang, "notice.disavowSms", "url", m.NotMe)
	}
	return Part{Lang: i18n.TextLang(m.Lang, key), Text: text}
}

func (m Model) args() []any {
	args := make([]any, 0, 2*len(m.Params))
	for name, value := range m.Params {
		args = append(args, name, value)
	}
	return args
}
