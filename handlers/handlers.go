// Package handlers assembles the HTTP side: the Fiber settings that the desk
// relies on, the order of what runs in front of every route, and the areas'
// routes. It is the only place where Fiber is configured.
package handlers

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"okno/handlers/web"
	"okno/review"
	"okno/static"
	"okno/views/link"
)

// Area is one capability's set of routes.
type Area interface{ Routes() []web.Route }

// Config is what the server needs beyond the areas.
type Config struct {
	Kit            *web.Kit
	TrustedProxies []string
	// Spool is the folder for uploads on their way; empty is the system's own.
	Spool string
	// Ready reports whether the desk can serve: nil, or why not.
	Ready func(context.Context) error
}

// App is the assembled server.
type App struct {
	*fiber.App
	routes  []web.Route
	proxies []string
	closing atomic.Bool

	mu       sync.Mutex
	entrance *entrance // while serving
}

// Routes lists every route with its action, for the role matrix.
func (a *App) Actions() []web.Route { return a.routes }

// New assembles the server and reads its settings back: a setting that did not
// take is an error, not a surprise in production.
func New(c Config, areas ...Area) (*App, error) {
	app := fiber.New(settings(c))
	a := &App{App: app, proxies: c.TrustedProxies}
	tune(app.Server())
	s := app.Server()
	b := &bodies{next: s.Handler, fail: s.ErrorHandler, app: app, dir: c.Spool, turns: make(chan struct{}, uploadsAtWork), wait: uploadWait}
	s.Handler = b.serve
	app.Use(a.guard)
	app.Use(c.Kit.Before)
	for _, r := range c.own() {
		a.mount(c.Kit, r)
	}
	for _, area := range areas {
		for _, r := range area.Routes() {
			a.mount(c.Kit, r)
		}
	}
	app.Get("/static/:digest/*", serveStatic)
	a.routes = append(a.routes, web.Route{Method: fiber.MethodGet, Path: "/static/:digest/*", Action: review.ActPublic})
	return a, check(app)
}

// guard refuses headers that a proxy in front may read in another way, and tells
// clients of a desk that stops to come by a new connection.
func (a *App) guard(f *fiber.Ctx) error {
	if bareLineFeed(f.Request().Header.RawHeaders()) {
		f.Response().SetConnectionClose()
		return fiber.ErrBadRequest
	}
	err := f.Next()
	if a.closing.Load() {
		f.Response().SetConnectionClose()
	}
	return err
}

// bareLineFeed reports whether a line ends without a carriage return.
func bareLineFeed(headers []byte) bool {
	for i, b := range headers {
		if b == '\n' && (i == 0 || headers[i-1] != '\r') {
			return true
		}
	}
	return false
}

func (a *App) mount(k *web.Kit, r web.Route) {
	k.Mount(a.App, r)
	a.routes = append(a.routes, r)
}

func settings(c Config) fiber.Config {
	return fiber.Config{
		AppName:                      "okno",
		DisableStartupMessage:        true,
		Immutable:                    true,
		CaseSensitive:                true,
		StrictRouting:                true,
		UnescapePath:                 false,
		BodyLimit:                    web.MaxUpload,
		DisablePreParseMultipartForm: true,
		StreamRequestBody:            true, // see bodies
		EnableTrustedProxyCheck:      true,
		TrustedProxies:               c.TrustedProxies,
		ProxyHeader:                  proxyHeader(c.TrustedProxies),
		EnableIPValidation:           true,
		Concurrency:                  4096,
		ReadBufferSize:               8192,
		ReadTimeout:                  10 * time.Second,
		WriteTimeout:                 60 * time.Second,
		IdleTimeout:                  30 * time.Second,
		ErrorHandler:                 c.Kit.ErrorHandler,
	}
}

// proxyHeader is read only when a proxy is trusted.
func proxyHeader(proxies []string) string {
	if len(proxies) == 0 {
		return ""
	}
	return fiber.HeaderXForwardedFor
}

// uploadTime is how long an honest 5 MiB upload may take on a bad link.
const uploadTime = 600 * time.Second

// tune sets what Fiber has no option for.
func tune(s *fasthttp.Server) {
	s.CloseOnShutdown = true
	s.NoDefaultServerHeader = true
	s.HeaderReceived = limitOf
}

// limitOf is how long a request may take to arrive, and how large its body may be.
func limitOf(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	if h.ContentLength() == -1 {
		// No browser sends a form in chunks. Whoever does, and perhaps names a
		// length beside, gets no second request out of this connection.
		h.SetConnectionClose()
		return fasthttp.RequestConfig{ReadTimeout: 10 * time.Second, MaxRequestBodySize: 1}
	}
	if string(h.Method()) == fiber.MethodPost && uploadPath(string(h.RequestURI())) {
		return fasthttp.RequestConfig{ReadTimeout: uploadTime, MaxRequestBodySize: web.MaxUpload}
	}
	return fasthttp.RequestConfig{ReadTimeout: 10 * time.Second, MaxRequestBodySize: web.MaxForm}
}

// uploadPath reports whether a POST to the address carries a file.
func uploadPath(uri string) bool {
	path, _, _ := strings.Cut(uri, "?")
	return strings.HasPrefix(path, link.Upload("")) && !strings.HasSuffix(path, "/remove")
}

// check reads the settings back from the built server.
func check(app *fiber.App) error {
	c, s := app.Config(), app.Server()
	for name, ok := range map[string]bool{
		"Immutable":                    c.Immutable,
		"CaseSensitive":                c.CaseSensitive,
		"StrictRouting":                c.StrictRouting,
		"UnescapePath":                 !c.UnescapePath,
		"DisablePreParseMultipartForm": c.DisablePreParseMultipartForm && s.DisablePreParseMultipartForm,
		"StreamRequestBody":            c.StreamRequestBody && s.StreamRequestBody,
		"EnableTrustedProxyCheck":      c.EnableTrustedProxyCheck,
		"BodyLimit":                    c.BodyLimit == web.MaxUpload && s.MaxRequestBodySize == web.MaxUpload,
		"ReadTimeout":                  s.ReadTimeout == 10*time.Second,
		"WriteTimeout":                 s.WriteTimeout == 60*time.Second,
		"IdleTimeout":                  s.IdleTimeout == 30*time.Second,
		"CloseOnShutdown":              s.CloseOnShutdown,
		"MaxConnsPerIP":                s.MaxConnsPerIP == 0, // see entrance
		"HeaderReceived":               s.HeaderReceived != nil,
	} {
		if !ok {
			return fmt.Errorf("server setting %s did not take", name)
		}
	}
	return nil
}

// own are the routes that belong to no capability.
func (c Config) own() []web.Route {
	return []web.Route{
		{Method: fiber.MethodGet, Path: "/healthz", Action: review.ActPublic, Background: true, Handler: func(x *web.Ctx) error {
			return x.Text(fiber.StatusOK, "ok\n")
		}},
		{Method: fiber.MethodGet, Path: "/readyz", Action: review.ActPublic, Background: true, Handler: func(x *web.Ctx) error {
			if err := c.Ready(x.Context()); err != nil {
				return x.Text(fiber.StatusServiceUnavailable, "not ready\n")
			}
			return x.Text(fiber.StatusOK, "ready\n")
		}},
		{Method: fiber.MethodGet, Path: link.Session(), Action: review.ActPublic, Handler: alive},
		{Method: fiber.MethodGet, Path: link.StaffSession(), Action: review.ActPublic, Handler: alive},
		{Method: fiber.MethodGet, Path: link.Resume(), Action: review.ActIntake, Handler: c.Kit.Resume},
		{Method: fiber.MethodGet, Path: "/language", Action: review.ActPublic, Handler: func(x *web.Ctx) error {
			x.SetLanguage(x.Query("to"))
			return x.Redirect(x.Query("back"))
		}},
	}
}

// alive answers somebody who is still there; being asked has extended the session.
func alive(x *web.Ctx) error {
	if x.Actor().ID() == "" {
		return review.ErrNotFound
	}
	return x.NoContent()
}

// serveStatic answers an asset under the address that static.URL gave out; any
// other digest is an old page's and gets the present file without caching.
func serveStatic(f *fiber.Ctx) error {
	asset, ok := static.Lookup(f.Path())
	if !ok {
		return fiber.ErrNotFound
	}
	f.Set(fiber.HeaderContentType, asset.ContentType)
	f.Set(fiber.HeaderETag, asset.ETag)
	f.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	f.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	if f.Get(fiber.HeaderIfNoneMatch) == asset.ETag {
		return f.SendStatus(fiber.StatusNotModified)
	}
	if gz := asset.Gzip(); gz != nil && strings.Contains(f.Get(fiber.HeaderAcceptEncoding), "gzip") {
		f.Set(fiber.HeaderContentEncoding, "gzip")
		return f.Send(gz)
	}
	return f.Send(asset.Body)
}
