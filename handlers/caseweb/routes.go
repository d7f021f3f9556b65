// Package caseweb is the HTTP side of the workbench: opening a case, taking it
// and giving it back, keeping the lease, marks, remarks and the timeline.
package caseweb

import (
	"okno/handlers/web"
	"okno/review"
	"okno/review/check"
	"okno/review/queue"
	"okno/review/verdict"
)

// Handlers answers the requests of the workbench.
type Handlers struct {
	Queue   *queue.Service
	Verdict *verdict.Service
	Checks  *check.Service
}

// Routes lists the routes of the workbench.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Method: "GET", Path: "/desk/cases/:id", Action: review.ActCaseOpen, Handler: h.open},
		{Method: "GET", Path: "/desk/cases/:id/scans", Action: review.ActCaseOpen, Handler: h.window},
		{Method: "GET", Path: "/desk/cases/:id/lease", Action: review.ActCaseOpen, Handler: h.lease, Background: true},
		{Method: "GET", Path: "/desk/cases/:id/history", Action: review.ActCaseOpen, Handler: h.history},
		{Method: "POST", Path: "/desk/cases/:id/claim", Action: review.ActCaseOpen, Handler: h.claim},
		{Method: "POST", Path: "/desk/cases/:id/renew", Action: review.ActCaseOpen, Handler: h.renew},
		{Method: "POST", Path: "/desk/cases/:id/release", Action: review.ActRelease, Handler: h.release},
		{Method: "POST", Path: "/desk/cases/:id/release-any", Action: review.ActReleaseAny, Handler: h.releaseAny},
		{Method: "POST", Path: "/desk/cases/:id/mark", Action: review.ActCaseOpen, Handler: h.mark},
		{Method: "POST", Path: "/desk/cases/:id/checks", Action: review.ActCheck, Handler: h.recheck, Reads: true},
		{Method: "POST", Path: "/desk/cases/:id/alarm", Action: review.ActCheck, Handler: h.alarm},
		{Method: "POST", Path: "/desk/cases/:id/park", Action: review.ActRelease, Handler: h.park},
		{Method: "POST", Path: "/desk/cases/:id/recuse", Action: review.ActRelease, Handler: h.recuse},
		{Method: "POST", Path: "/desk/cases/:id/link", Action: review.ActNote, Handler: h.link},
		{Method: "POST", Path: "/desk/cases/:id/unlink", Action: review.ActNote, Handler: h.unlink},
		{Method: "GET", Path: "/desk/mentions", Action: review.ActNote, Handler: h.mentions},
		{Method: "POST", Path: "/desk/cases/:id/note", Action: review.ActNote, Handler: h.note},
	}
}
