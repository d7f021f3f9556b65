// Package infoweb serves the desk's texts and the administrator's system page.
package infoweb

import (
	"context"
	"time"

	"okno/handlers/web"
	"okno/review"
	"okno/views/link"
)

// Facts is what an administrator must know about the running desk. It holds no
// personal data and no paths of the machine.
type Facts struct {
	Version   string // of the program
	Runtime   string // of the language it was built with
	Started   time.Time
	Operator  string // who runs the desk, empty if not set
	PublicURL string

	DatabaseOK    bool // the quick check of the database found nothing
	DatabaseBytes int64
	LogBytes      int64 // of the write-ahead log
	FreeBytes     int64 // left on the disk of the data folder
	TotalBytes    int64
	Migrations    []Migration
	Signed        int64 // the history is signed up to this entry
	SignedAt      time.Time
	Mirror        bool // signed statements are also kept at a second place

	Rasterizer string // name and version of the PDF renderer, empty if there is none
	TextReader string // name of the program that reads print, empty if there is none
	Malware    Scanner
	Mail       bool // a mail relay is set
	SMS        bool // a gateway is set
	Mailbox    bool // messages go to the mailbox of the demonstration instead
	Waiting    int  // messages not sent yet
	Dead       []DeadMessage
}

// Scanner is the state of the malware scanner.
type Scanner struct {
	Set      bool // an address is set
	Answers  bool
	Required bool // nothing is accepted while it does not answer
}

// Migration is a step of the database's schema.
type Migration struct {
	Number int
	Name   string
	At     time.Time
}

// DeadMessage is a message that was given up.
type DeadMessage struct {
	Kind     review.NoticeKind
	Channel  review.Channel
	Code     string
	Attempts int
	At       time.Time
}

// System gathers the facts.
type System interface {
	Facts(ctx context.Context) (Facts, error)
}

// Handlers are the routes. Operator stands in the texts; empty means that the
// texts say "the operator of this desk".
type Handlers struct {
	System   System
	Operator string
}

// Routes lists the routes.
func (h *Handlers) Routes() []web.Route {
	text := func(path, name string) web.Route {
		return web.Route{Method: "GET", Path: path, Action: review.ActPublic, Handler: func(c *web.Ctx) error { return h.text(c, name) }}
	}
	return []web.Route{
		text(link.Help(), "help"),
		text(link.Accessibility(), "accessibility"),
		text(link.Cookies(), "cookies"),
		text(link.Privacy(), "privacy"),
		{Method: "GET", Path: link.System(), Action: review.ActSystem, Handler: h.system},
	}
}
