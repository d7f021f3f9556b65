package web

import (
	"time"

	"github.com/gofiber/fiber/v2"
)

// csp allows our own files only; there is no inline code anywhere.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; manifest-src 'self'"

// trustedTypes is added on the applicant side, whose scripts write no HTML. The
// staff side loads htmx, which does.
const trustedTypes = "; require-trusted-types-for 'script'; trusted-types 'none'"

// headers go with every answer, errors included; Render loosens nothing.
func (k *Kit) headers(f *fiber.Ctx) {
	f.Set("Content-Security-Policy", csp)
	f.Set("X-Content-Type-Options", "nosniff")
	f.Set("Referrer-Policy", "same-origin")
	f.Set("Cross-Origin-Opener-Policy", "same-origin")
	f.Set("Cross-Origin-Resource-Policy", "same-origin")
	f.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	f.Set("Cache-Control", "no-store")
	if k.HSTS {
		f.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}

// access writes one line per request: never a path with data, a query, a name
// or an address.
func (k *Kit) access(f *fiber.Ctx, id string, started time.Time) {
	k.Log.Info("request", "request", id, "method", f.Method(), "route", f.Route().Path,
		"status", f.Response().StatusCode(), "ms", k.Clock.Now().Sub(started).Milliseconds())
}
