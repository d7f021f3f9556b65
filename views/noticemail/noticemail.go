// Package noticemail writes the bodies of mail and SMS in the recipient's
// language. Mail is plain text: it reads the same everywhere, carries no
// tracking and nothing that a mail program would have to block.
package noticemail

import (
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
	Text   string // the applicant's text of the reason
}

// Mail returns subject and body.
func Mail(m Model) (subject, body string) {
	args := m.args()
	var b strings.Builder
	line := func(s string) {
		if s != "" {
			b.WriteString(s + "\n\n")
		}
	}
	line(i18n.Text(m.Lang, "notice.greeting"))
	line(i18n.Text(m.Lang, "notice."+m.Kind+".text", args...))
	for i, item := range m.Items {
		head := i18n.Text(m.Lang, "notice.item", "no", string(rune('1'+i)), "target", item.Target)
		line(head + "\n" + item.Text)
	}
	if key := "notice." + m.Kind + ".next"; i18n.Has(key) {
		line(i18n.Text(m.Lang, key, args...))
	}
	line(m.URL)
	if m.NotMe != "" {
		line(i18n.Text(m.Lang, "notice.disavow") + "\n" + m.NotMe)
	}
	b.WriteString("-- \n" + i18n.Text(m.Lang, "notice.signature") + "\n")
	if m.Demo {
		b.WriteString(i18n.Text(m.Lang, "notice.demo") + "\n")
	}
	return i18n.Text(m.Lang, "notice."+m.Kind+".subject", args...), b.String()
}

// SMS returns the text of a short message.
func SMS(m Model) string {
	text := i18n.Text(m.Lang, "notice."+m.Kind+".sms", m.args()...)
	if m.NotMe != "" {
		text += " " + i18n.Text(m.Lang, "notice.disavowSms", "url", m.NotMe)
	}
	return text
}

func (m Model) args() []any {
	args := make([]any, 0, 2*len(m.Params))
	for name, value := range m.Params {
		args = append(args, name, value)
	}
	return args
}
