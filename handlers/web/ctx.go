package web

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okno/review"
)

// Ctx is one request. Everything it hands out is a copy that may be kept.
type Ctx struct {
	f       *fiber.Ctx
	kit     *Kit
	route   Route
	ctx     context.Context
	session Session
	lang    string
	tie     string            // what the CSRF token is tied to
	params  map[string]string // of a kept form's path, in place of the request's
	path    string            // likewise
	form    *Form
	formErr error
}

// Context carries the deadline and the language of the request.
func (c *Ctx) Context() context.Context { return c.ctx }

// Actor is who asks.
func (c *Ctx) Actor() review.Actor { return c.session.Actor }

// Session is the session behind the request's cookie; zero with an anonymous
// actor when there is none.
func (c *Ctx) Session() Session { return c.session }

// Lang is the language of the page: ru or en.
func (c *Ctx) Lang() string { return c.lang }

// Demo reports whether this desk holds invented people.
func (c *Ctx) Demo() bool { return c.kit.Demo }

// Param returns a part of the path.
func (c *Ctx) Param(name string) string {
	if c.params != nil {
		return c.params[name]
	}
	return strings.Clone(c.f.Params(name))
}

// Query returns a value of the query string.
func (c *Ctx) Query(name string) string { return strings.Clone(c.f.Query(name)) }

// Path returns the path of the request.
func (c *Ctx) Path() string {
	if c.path != "" {
		return c.path
	}
	return strings.Clone(c.f.Path())
}

// PathAndQuery returns path and query string, for links back to this page.
func (c *Ctx) PathAndQuery() string {
	if c.path != "" {
		return c.path
	}
	return strings.Clone(c.f.OriginalURL())
}

// Header returns a request header.
func (c *Ctx) Header(name string) string { return strings.Clone(c.f.Get(name)) }

// SetHeader sets an answer header.
func (c *Ctx) SetHeader(name, value string) { c.f.Set(name, value) }

// Address is the network address of the client; behind a trusted proxy the one
// that the proxy names.
func (c *Ctx) Address() string { return strings.Clone(c.f.IP()) }

// HTMX reports whether htmx asks for a fragment.
func (c *Ctx) HTMX() bool { return c.f.Get("HX-Request") == "true" }

// Now is the time of the injected clock.
func (c *Ctx) Now() time.Time { return c.kit.Clock.Now() }

// CSRF returns the token for forms on this page.
func (c *Ctx) CSRF() string { return c.signed(csrfToken(c.kit.Secret, c.tie)) }

// Redirect answers 303 to an own path, for htmx as HX-Redirect.
func (c *Ctx) Redirect(path string) error {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n") {
		path = "/"
	}
	if c.HTMX() {
		c.f.Set("HX-Redirect", path)
		return c.f.SendStatus(fiber.StatusNoContent)
	}
	return c.f.Redirect(path, fiber.StatusSeeOther)
}

// NoContent answers 204: nothing has changed.
func (c *Ctx) NoContent() error { return c.f.SendStatus(fiber.StatusNoContent) }

// JSON answers with v as JSON.
func (c *Ctx) JSON(v any) error { return c.f.JSON(v) }

// Text answers with plain text.
func (c *Ctx) Text(status int, text string) error {
	c.f.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	return c.f.Status(status).SendString(text)
}

// Bytes answers with a body of the given type. Use it for page images that we
// encoded ourselves.
func (c *Ctx) Bytes(contentType string, body []byte) error {
	c.f.Set(fiber.HeaderContentType, contentType)
	return c.f.Send(body)
}

// Attachment answers with a file to be saved, never shown.
func (c *Ctx) Attachment(contentType, name string, body []byte) error {
	c.f.Set(fiber.HeaderContentType, contentType)
	c.f.Set(fiber.HeaderContentDisposition, disposition(name))
	c.f.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	return c.f.Send(body)
}
