// Package duplicateweb is the HTTP side of duplicates: two cases side by side, their
// pictures and the verdict on the pair.
package duplicateweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/check"
	"okno/review/scan"
)

// Handlers answers the requests of the page of a pair.
type Handlers struct {
	Checks *check.Service
	Scan   *scan.Service
}

// Routes lists the routes of the page of a pair.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/desk/cases/:id/beside/:other", Action: review.ActDuplicates, Handler: h.show},
		{Method: "POST", Path: "/desk/cases/:id/beside/:other", Action: review.ActDuplicates, Handler: h.judge, Reads: true},
		{Method: "GET", Path: "/desk/cases/:id/beside/:other/documents/:document/:page/:size", Action: review.ActDuplicates, Handler: h.picture},
	}
}
