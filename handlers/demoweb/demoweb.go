// Package demoweb is the mailbox of a demonstration desk, as a page for people
// and as JSON for programs that try the desk from outside. Its routes exist only
// where a demonstration mounts them.
package demoweb

import (
	"context"
	"regexp"
	"strings"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/demopage"
	"okno/views/i18n"
	"okno/views/link"
	"okno/views/ui"
)

// Limit is how many messages are shown at most.
const Limit = 200

// Message is what would have been sent.
type Message struct {
	ID      string            `json:"id"`
	To      string            `json:"to"`
	Channel review.Channel    `json:"channel"`
	Kind    review.NoticeKind `json:"kind"`
	Subject string            `json:"subject"`
	Text    string            `json:"text"`
	Time    time.Time         `json:"time"`
}

// Mailbox holds the messages.
type Mailbox interface {
	// Messages returns the newest messages first.
	Messages(ctx context.Context, limit int) ([]Message, error)
}

// Handlers are the routes. PublicURL is the address of this desk: only links to
// it can be followed from a message.
type Handlers struct {
	Mailbox   Mailbox
	PublicURL string
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: link.DemoMailbox(), Action: review.ActDemoMailbox, Background: true, Handler: h.show},
		{Method: "GET", Path: link.DemoMailboxJSON(), Action: review.ActDemoMailbox, Background: true, Handler: h.list},
	}
}

// list answers GET /demo/mailbox.json.
func (h *Handlers) list(c *web.Ctx) error {
	messages, err := h.messages(c)
	if err != nil {
		return err
	}
	return c.JSON(messages)
}

func (h *Handlers) messages(c *web.Ctx) ([]Message, error) {
	all, err := h.Mailbox.Messages(c.Context(), Limit)
	if err != nil {
		return nil, err
	}
	wanted := key(c.Query("to"))
	list := []Message{}
	for _, m := range all {
		m.Time = m.Time.UTC().Truncate(time.Millisecond)
		if wanted == "" || strings.Contains(key(m.To), wanted) {
			list = append(list, m)
		}
	}
	return list, nil
}

// key is the form in which recipients are compared: people type numbers with
// spaces and addresses in any case.
func key(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "\u00a0", "").Replace(strings.ToLower(s))
}

// show answers GET /demo/mailbox.
func (h *Handlers) show(c *web.Ctx) error {
	ctx := c.Context()
	messages, err := h.messages(c)
	if err != nil {
		return err
	}
	to := strings.TrimSpace(c.Query("to"))
	m := demopage.Mailbox{
		Page: c.Page(i18n.T(ctx, "demo.title")), Action: link.DemoMailbox(), All: link.DemoMailbox(), JSON: link.DemoMailboxJSON(),
		To: ui.Field{Name: "to", Label: i18n.T(ctx, "demo.filter"), Value: to, Autocomplete: "off"}, Filtered: to != "",
		Count: i18n.T(ctx, "demo.count", "n", len(messages)),
	}
	for _, x := range messages {
		v := demopage.Message{ID: x.ID, To: x.To, Subject: x.Subject, Time: i18n.DateTimeShort(ctx, x.Time), Machine: i18n.Machine(x.Time), SMS: x.Channel == review.SMS}
		for line := range strings.Lines(x.Text) {
			if line = strings.TrimSpace(line); line != "" {
				v.Lines = append(v.Lines, h.pieces(line))
			}
		}
		m.Messages = append(m.Messages, v)
	}
	return c.OK(demopage.MailboxPage(m))
}

var address = regexp.MustCompile(`https?://[^\s<>"']+`)

// pieces makes addresses of this desk clickable; every other address stays text.
func (h *Handlers) pieces(line string) (pieces []demopage.Piece) {
	rest := line
	for rest != "" {
		at := address.FindStringIndex(rest)
		if at == nil {
			break
		}
		end := at[0] + len(strings.TrimRight(rest[at[0]:at[1]], ".,;:!?)"))
		found := rest[at[0]:end]
		if at[0] > 0 {
			pieces = append(pieces, demopage.Piece{Text: rest[:at[0]]})
		}
		pieces = append(pieces, demopage.Piece{Text: found, URL: h.own(found)})
		rest = rest[end:]
	}
	if rest != "" {
		pieces = append(pieces, demopage.Piece{Text: rest})
	}
	return pieces
}

// own returns the path of an address of this desk, empty for any other.
func (h *Handlers) own(url string) string {
	rest, ok := strings.CutPrefix(url, strings.TrimRight(h.PublicURL, "/"))
	if !ok || h.PublicURL == "" {
		return ""
	}
	if rest == "" {
		return "/"
	}
	if rest[0] != '/' || strings.HasPrefix(rest, "//") { // another host that begins the same
		return ""
	}
	return rest
}
