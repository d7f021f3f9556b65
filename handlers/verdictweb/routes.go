// Package verdictweb is the HTTP side of deciding: the panel with the reasons
// and the preview, the decision itself, taking it back, and the list of one's
// own decisions. Every page of it works without scripts.
package verdictweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/queue"
	"okno/review/verdict"
)

// Handlers answers the requests about decisions. Queue opens the next case.
type Handlers struct {
	Verdict *verdict.Service
	Queue   *queue.Service
}

// Routes lists the routes of deciding.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/desk/cases/:id/verdict/:outcome", Action: review.ActDecide, Handler: h.panel},
		{Method: "POST", Path: "/desk/cases/:id/verdict/:outcome", Action: review.ActDecide, Handler: h.decide},
		{Method: "POST", Path: "/desk/cases/:id/verdict/:outcome/preview", Action: review.ActDecide, Handler: h.preview},
		{Method: "POST", Path: "/desk/cases/:id/verdict/:outcome/sketch", Action: review.ActDecide, Handler: h.sketch},
		{Method: "POST", Path: "/desk/cases/:id/undo", Action: review.ActDecide, Handler: h.undo},
		{Method: "GET", Path: "/desk/decisions", Action: review.ActDecide, Handler: h.decisions},
	}
}
