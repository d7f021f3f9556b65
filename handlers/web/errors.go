package web

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"okno/review"
	"okno/views/errorpage"
	"okno/views/i18n"
	"okno/views/link"
)

// status turns the kind of an error into an HTTP status.
func status(err error) int {
	if e, ok := errors.AsType[*fiber.Error](err); ok {
		return e.Code
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, review.ErrBusy) {
		return fiber.StatusServiceUnavailable
	}
	switch review.KindOf(err) {
	case review.Invalid:
		return fiber.StatusUnprocessableEntity
	case review.Unauthenticated:
		return fiber.StatusUnauthorized
	case review.Forbidden:
		return fiber.StatusForbidden
	case review.NotFound:
		return fiber.StatusNotFound
	case review.Conflict:
		return fiber.StatusConflict
	case review.TooLarge:
		return fiber.StatusRequestEntityTooLarge
	default:
		return fiber.StatusInternalServerError
	}
}

// code is the stable name of an error for pages and logs.
func code(err error) string {
	if e, ok := errors.AsType[*review.Error](err); ok {
		return e.Code
	}
	return ""
}

// fail answers a failed handler: somebody not signed in goes to the sign-in
// page of the side, an applicant who has not begun to the task list, everybody
// else gets an error page.
func (c *Ctx) fail(err error) error {
	if errors.Is(err, review.ErrUnauthenticated) {
		c.logFailure(err)
		to := link.SignIn()
		if Staff(c.f.Path()) {
			to = link.StaffSignIn()
		}
		return c.Redirect(to)
	}
	if errors.Is(err, review.ErrNoSubmission) && c.Path() != link.Apply() {
		return c.Redirect(link.Apply())
	}
	return c.kit.fail(c.f, err)
}

func (c *Ctx) logFailure(err error) {
	c.kit.Log.Info("refused", "request", c.f.Locals(requestIDKey), "status", status(err), "code", code(err))
}

// fail renders the error page. It needs no session and no database.
func (k *Kit) fail(f *fiber.Ctx, err error) error {
	s := status(err)
	id, _ := f.Locals(requestIDKey).(string)
	if s >= 500 {
		k.Log.Error("failed", "request", id, "status", s, "code", code(err), "error", safeText(err))
	} else {
		k.Log.Info("refused", "request", id, "status", s, "code", code(err))
	}
	if s == fiber.StatusServiceUnavailable {
		f.Set(fiber.HeaderRetryAfter, "5")
	}
	c, ok := f.Locals("web").(*Ctx)
	if !ok {
		c = &Ctx{f: f, kit: k, session: Session{Actor: review.Anonymous()}}
		c.lang = c.language()
		c.ctx = i18n.With(context.Background(), c.lang)
	}
	c.ctx = context.WithoutCancel(c.ctx) // the request's time may be over; its page is still owed
	m := errorpage.Model{Page: c.Page(""), Status: s, Code: code(err), RequestID: id, Home: link.Start()}
	if Staff(f.Path()) {
		m.Home = link.Desk()
		m.Queue = s != fiber.StatusForbidden && (f.Path() == link.TakeNext() || strings.HasPrefix(f.Path(), link.Case("")))
		if m.Queue {
			m.Home = link.Queue()
		}
	}
	// Only an upload can carry a file that is too large; anywhere else it is text.
	if s == fiber.StatusRequestEntityTooLarge && !strings.HasPrefix(f.Path(), link.Upload("")) {
		m.Code = review.ErrTooLarge.Code
	}
	if e, ok := errors.AsType[*review.Error](err); ok {
		m.Holder = e.Holder
	}
	return c.Render(s, errorpage.Page(m))
}

// safeText is the error's text without what a driver or a person may have put
// in: domain errors by their code, all others by type chain only.
func safeText(err error) string {
	text := ""
	for e := err; e != nil; e = errors.Unwrap(e) {
		if d, ok := e.(*review.Error); ok {
			text += d.Code + ": "
			continue
		}
		if errors.Unwrap(e) == nil {
			text += e.Error()
		}
	}
	return text
}

// ErrorHandler answers errors that no route saw: unknown paths, methods, and
// requests that fasthttp could not read.
func (k *Kit) ErrorHandler(f *fiber.Ctx, err error) error {
	if f.Locals(requestIDKey) == nil {
		f.Locals(requestIDKey, k.IDs.NewID())
		k.headers(f)
	}
	return k.fail(f, err)
}
