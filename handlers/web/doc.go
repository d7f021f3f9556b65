// Package web is the toolkit of the HTTP side. It knows no capability: it turns
// a request into a [Ctx] (actor, language, deadline, typed form), runs the
// checks that every route needs in one fixed order, and turns errors into
// pages, once.
//
// A capability's handlers export their routes as a slice of [Route]; nothing
// else registers a handler, so every route has a method, a path and the action
// that the policy must allow:
//
//	func (h *Handlers) Routes() []web.Route {
//		return []web.Route{
//			{Method: "GET", Path: "/desk/queue", Action: review.ActQueueList, Handler: h.list},
//		}
//	}
//
// Fiber is visible in this package and in package handlers only.
package web
