// Package queueweb is the HTTP side of the queue: the list with its filters in
// the address, the line that tells of new cases, and taking the next one.
package queueweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/queue"
	"okno/review/verdict"
)

// Handlers answers the requests of the queue. Verdict tells of the decision that
// was made a moment before.
type Handlers struct {
	Queue   *queue.Service
	Verdict *verdict.Service
}

// Routes lists the routes of the queue.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/desk/queue", Action: review.ActQueueList, Handler: h.list},
		{Method: "GET", Path: "/desk/queue/news", Action: review.ActQueueList, Handler: h.news, Background: true},
		{Method: "POST", Path: "/desk/queue/views", Action: review.ActQueueList, Handler: h.saveView},
		{Method: "POST", Path: "/desk/queue/views/drop", Action: review.ActQueueList, Handler: h.dropView},
		{Method: "POST", Path: "/desk/next", Action: review.ActTakeNext, Handler: h.take},
	}
}
