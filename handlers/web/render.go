package web

import (
	"bytes"
	"compress/gzip"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
)

var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	gzips   = sync.Pool{New: func() any { w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return w }}
)

// Render answers with a page or fragment. It renders to a buffer first, so a
// failing template never sends half a page.
func (c *Ctx) Render(status int, page templ.Component) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := page.Render(c.ctx, b); err != nil {
		return err
	}
	c.f.Status(status)
	c.f.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.f.Set(fiber.HeaderVary, "HX-Request, Accept-Encoding")
	return c.send(b.Bytes())
}

// OK renders with status 200.
func (c *Ctx) OK(page templ.Component) error { return c.Render(fiber.StatusOK, page) }

// Unprocessable renders a form again with its faults, status 422.
func (c *Ctx) Unprocessable(page templ.Component) error {
	return c.Render(fiber.StatusUnprocessableEntity, page)
}

// send compresses text worth compressing. The CSRF token on a page is masked
// anew each time, so its length tells nothing.
func (c *Ctx) send(body []byte) error {
	if len(body) < 1400 || !strings.Contains(c.f.Get(fiber.HeaderAcceptEncoding), "gzip") {
		return c.f.Send(bytes.Clone(body))
	}
	var out bytes.Buffer
	w := gzips.Get().(*gzip.Writer)
	defer gzips.Put(w)
	w.Reset(&out)
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.f.Set(fiber.HeaderContentEncoding, "gzip")
	return c.f.Send(out.Bytes())
}
